# SPDX-License-Identifier: Apache-2.0
"""What can go wrong with what GAX or GWS answers: one sentence each, in which no word of the server stands."""

from __future__ import annotations

from http import HTTPStatus

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.wire.http.trouble import Hints, PassingError, StatusError
from orsgate.wire.trouble import ProbeError, probe_error, quote

HINTS = Hints("[configuration] url", "allow more with [configuration] timeout", "[configuration] ca_file")
_CHECK_URL = HINTS.check


def no_json(asked: str, call: str, content_type: str, start: bytes) -> ProbeError:
    """An answer that is no JSON at all."""
    is_page = "html" in content_type.lower() or start.startswith(b"<")
    what = "a web page" if is_page else "something that is no JSON"
    cause = f"{asked} answered {call} with {what} (a login page or a proxy in between? {_CHECK_URL})"
    return probe_error(cause, Failure.GARBLED)


def broken_json(asked: str, call: str, *, ends: bool, size: int) -> ProbeError:
    """JSON with a mistake in it, or that ends in the middle."""
    how = f"that ends in the middle, after {size} bytes" if ends else "that is broken"
    return probe_error(f"{asked} answered {call} with JSON {how} (see its log)", Failure.GARBLED)


def too_deep(asked: str, call: str) -> ProbeError:
    """JSON that is nested deeper than any object of the configuration."""
    return probe_error(f"{asked} answered {call} with JSON that is nested too deeply to be a configuration", Failure.GARBLED)


def too_many_values(asked: str, call: str, most: int) -> ProbeError:
    """JSON with more values than are read."""
    cause = f"{asked} answered {call} with JSON of more than {most:,} values, which is not read"
    return probe_error(cause, Failure.GARBLED)


def other_shape(asked: str, call: str, expected: str) -> ProbeError:
    """JSON that is not what the interface gives."""
    cause = f"{asked} answered {call} with JSON that is not {expected} (is this the interface that source names? {_CHECK_URL})"
    return probe_error(cause, Failure.GARBLED)


def redirected(asked: str, call: str, to: str) -> ProbeError:
    """Sent to another server, which is not followed."""
    whereto = f"to {quote(to)}" if to else "elsewhere"
    hint = "if that is the right server, set [configuration] url to it"
    return probe_error(f"{asked} redirects {call} {whereto}, which is not followed ({hint})", Failure.REJECTED)


def redirected_in_circles(asked: str, call: str, most: int) -> ProbeError:
    """Sent on and on within one server."""
    return probe_error(f"{asked} redirects {call} more than {most} times ({_CHECK_URL})", Failure.REJECTED)


def bad_status(asked: str, call: str, status: int, *, attempts: int = 1, wait: float | None = None) -> StatusError:
    """An answer whose status is not success; what the server says of it is not repeated."""
    code = f"HTTP {status}{_phrase(status)}"
    tried = f", also at attempt {attempts}" if attempts > 1 else ""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        asks = f", and asks to wait {wait:g} s" if wait is not None else ""
        cause = f"{asked} has too many requests to answer {call}: {code}{asks}{tried} (run it again later)"
        return PassingError(Unknown(cause, failure=Failure.REJECTED), status, wait)
    if status in {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}:
        cause = f"{asked} cannot answer {call} now: {code}{tried} (is the server behind it up?)"
        return PassingError(Unknown(cause, failure=Failure.REJECTED), status, wait)
    if status == HTTPStatus.FORBIDDEN:
        cause = f"{asked} does not let the account read {call}: {code} (give it the right to read)"
        return StatusError(Unknown(cause, failure=Failure.DENIED), status)
    if status == HTTPStatus.NOT_FOUND:
        cause = f"{asked} knows no {call}: {code} (is url its root address, and source what it is? {_CHECK_URL})"
        return StatusError(Unknown(cause, failure=Failure.REJECTED), status)
    cause = f"{asked} failed to answer {call}: {code} (see its log)"
    return StatusError(Unknown(cause, failure=Failure.REJECTED), status)


def _phrase(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""


def login_refused(asked: str, account: str, status: int, what: str) -> ProbeError:
    """The account or its password is not accepted, or what answers is not ``what`` was meant."""
    cause = (
        f"{asked} refused the login of {quote(account)}: HTTP {status}; it was tried once"
        f" (check [configuration] username and its password, and that url is the root address of {what})"
    )
    return probe_error(cause, Failure.DENIED)


class SessionEndedError(StatusError):
    """The account is not, or no longer, let in."""


def session_ended(asked: str, account: str, call: str, status: int) -> SessionEndedError:
    """The session was over before everything was read."""
    cause = (
        f"{asked} ended the session of {quote(account)} before {call} was answered: HTTP {status}"
        " (run it again; does the session time limit of the server allow for it?)"
    )
    return SessionEndedError(Unknown(cause, failure=Failure.DENIED), status)


def no_cookie(asked: str, account: str, call: str, status: int) -> SessionEndedError:
    """The login was accepted, and the session that it should have begun cannot be kept."""
    cause = (
        f"{asked} accepted the login of {quote(account)} and then refused {call}: HTTP {status}; it gave no session cookie that"
        " can be sent back to it (write url as users open it: https, and the host by its full name)"
    )
    return SessionEndedError(Unknown(cause, failure=Failure.DENIED), status)


def not_whole(asked: str, call: str, how: str) -> ProbeError:
    """An answer that says itself that it is only a part."""
    return probe_error(f"{asked} gave only a part of {call} ({how}), and how to ask for the rest is not known", Failure.REJECTED)
