# SPDX-License-Identifier: Apache-2.0
"""What can go wrong on the way to GAX or GWS: one sentence each, in which no word of the server stands."""

from __future__ import annotations

import ssl
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.wire.certificates import certificate_sentence
from orsgate.wire.trouble import NO_WAY_THERE, ProbeError, probe_error, quote

_CHECK_URL = "check [configuration] url"


class StatusError(ProbeError):
    """An answer that is none, since its status says so.

    Attributes:
        status: of HTTP.
    """

    def __init__(self, unknown: Unknown, status: int) -> None:
        super().__init__(unknown)
        self.status = status

    def at(self, where: str) -> StatusError:
        """The same trouble, met at ``where``."""
        return StatusError(replace(self.unknown, where=where), self.status)


class PassingError(StatusError):
    """A trouble that may be over at another attempt.

    Attributes:
        wait: seconds that the server asks to wait first; None where it does not say.
    """

    def __init__(self, unknown: Unknown, status: int = 0, wait: float | None = None) -> None:
        super().__init__(unknown, status)
        self.wait = wait

    def at(self, where: str) -> PassingError:
        """The same trouble, met at ``where``."""
        return PassingError(replace(self.unknown, where=where), self.status, self.wait)


def connect_failed(asked: str, error: OSError, seconds: float) -> ProbeError:
    """Connecting ended with ``error``."""
    if isinstance(error, ConnectionRefusedError):
        cause = f"{asked} refused the connection (does the server run, and is this its port? {_CHECK_URL})"
        return PassingError(Unknown(cause, failure=Failure.REFUSED))
    if isinstance(error, TimeoutError):
        cause = f"{asked} accepted no connection within {seconds:g} s (a firewall between this host and the server?)"
        return probe_error(cause, Failure.TIMEOUT)
    if isinstance(error, ConnectionError):
        return closed(asked, "connecting")
    reason = quote(error.strerror or type(error).__name__)
    what = "reached" if error.errno in NO_WAY_THERE else "connected to"
    return probe_error(f"{asked} cannot be {what} from this host ({reason})", Failure.UNREACHABLE)


def silent(asked: str, call: str, seconds: float) -> ProbeError:
    """No complete answer before the deadline of the call."""
    cause = f"{asked} did not answer {call} completely within {seconds:g} s (allow more with [configuration] timeout)"
    return probe_error(cause, Failure.TIMEOUT)


def over(asked: str, call: str) -> ProbeError:
    """The run ended while an answer was waited for."""
    cause = f"the run's deadline passed before {asked} answered {call} (allow more with --timeout)"
    return probe_error(cause, Failure.NOT_ASKED)


def closed(asked: str, call: str) -> ProbeError:
    """Closed or reset before the answer was complete."""
    cause = f"{asked} closed the connection before its answer to {call} was complete (see its log; is a proxy in between?)"
    return PassingError(Unknown(cause, failure=Failure.CLOSED))


def no_http(asked: str, call: str) -> ProbeError:
    """What answers does not speak HTTP."""
    return probe_error(f"{asked} does not answer {call} in HTTP (is this its port? {_CHECK_URL})", Failure.GARBLED)


def too_large(asked: str, call: str, most: int) -> ProbeError:
    """More than may be read."""
    cause = f"{asked} answered {call} with more than {most // 2**20} MB, which is not read"
    return probe_error(cause, Failure.GARBLED)


def compressed(asked: str, call: str) -> ProbeError:
    """An encoding that nobody asked for and that is not known, or is broken."""
    return probe_error(
        f"{asked} compressed its answer to {call}, which was not asked for, and it cannot be read", Failure.GARBLED
    )


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


def tls_failed(asked: str, error: OSError, ca_file: Path | None) -> ProbeError:
    """No TLS connection."""
    return probe_error(_tls_sentence(asked, error, ca_file), Failure.UNTRUSTED)


def _tls_sentence(asked: str, error: OSError, ca_file: Path | None) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        if ca_file is None:
            authority = "this host does not trust (set [configuration] ca_file)"
        else:
            authority = f"is not in {ca_file.name} (check [configuration] ca_file)"
        hint = "write the host in [configuration] url as its certificate does"
        return certificate_sentence(asked, error, other_name=hint, other_authority=authority)
    if isinstance(error, TimeoutError):
        return f"{asked} did not finish the TLS handshake in time (does it serve https at this port? {_CHECK_URL})"
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
        return f"{asked} does not answer in TLS 1.2 or later (does it serve https at this port? {_CHECK_URL})"
    return f"{asked} closed the connection during the TLS handshake (does it serve https at this port? {_CHECK_URL})"
