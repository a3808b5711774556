# SPDX-License-Identifier: Apache-2.0
"""What can go wrong on the way to a server that is asked over HTTP: one sentence each, in which no word of the server stands."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, replace
from pathlib import Path

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.wire.certificates import certificate_sentence
from orsgate.wire.trouble import NO_WAY_THERE, ProbeError, probe_error, quote


@dataclass(frozen=True, slots=True)
class Hints:
    """What a person changes where a server cannot be asked.

    Attributes:
        address: where its address stands, such as ``[configuration] url``.
        timeout: what gives an answer more time.
        ca_file: what names the authorities to trust.
    """

    address: str
    timeout: str
    ca_file: str

    @property
    def check(self) -> str:
        """To look at the address."""
        return f"check {self.address}"


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


def connect_failed(asked: str, error: OSError, seconds: float, hints: Hints) -> ProbeError:
    """Connecting ended with ``error``."""
    if isinstance(error, ConnectionRefusedError):
        cause = f"{asked} refused the connection (does the server run, and is this its port? {hints.check})"
        return PassingError(Unknown(cause, failure=Failure.REFUSED))
    if isinstance(error, TimeoutError):
        cause = f"{asked} accepted no connection within {seconds:g} s (a firewall between this host and the server?)"
        return probe_error(cause, Failure.TIMEOUT)
    if isinstance(error, ConnectionError):
        return closed(asked, "connecting")
    reason = quote(error.strerror or type(error).__name__)
    what = "reached" if error.errno in NO_WAY_THERE else "connected to"
    return probe_error(f"{asked} cannot be {what} from this host ({reason})", Failure.UNREACHABLE)


def silent(asked: str, call: str, seconds: float, hints: Hints) -> ProbeError:
    """No complete answer before the deadline of the call."""
    cause = f"{asked} did not answer {call} completely within {seconds:g} s ({hints.timeout})"
    return probe_error(cause, Failure.TIMEOUT)


def over(asked: str, call: str) -> ProbeError:
    """The run ended while an answer was waited for."""
    cause = f"the run's deadline passed before {asked} answered {call} (allow more with --timeout)"
    return probe_error(cause, Failure.NOT_ASKED)


def closed(asked: str, call: str) -> ProbeError:
    """Closed or reset before the answer was complete."""
    cause = f"{asked} closed the connection before its answer to {call} was complete (see its log; is a proxy in between?)"
    return PassingError(Unknown(cause, failure=Failure.CLOSED))


def no_http(asked: str, call: str, hints: Hints) -> ProbeError:
    """What answers does not speak HTTP."""
    return probe_error(f"{asked} does not answer {call} in HTTP (is this its port? {hints.check})", Failure.GARBLED)


def too_large(asked: str, call: str, most: int) -> ProbeError:
    """More than may be read."""
    cause = f"{asked} answered {call} with more than {most // 2**20} MB, which is not read"
    return probe_error(cause, Failure.GARBLED)


def compressed(asked: str, call: str) -> ProbeError:
    """An encoding that nobody asked for and that is not known, or is broken."""
    return probe_error(
        f"{asked} compressed its answer to {call}, which was not asked for, and it cannot be read", Failure.GARBLED
    )


def tls_failed(asked: str, error: OSError, ca_file: Path | None, hints: Hints) -> ProbeError:
    """No TLS connection."""
    return probe_error(_tls_sentence(asked, error, ca_file, hints), Failure.UNTRUSTED)


def _tls_sentence(asked: str, error: OSError, ca_file: Path | None, hints: Hints) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        if ca_file is None:
            authority = f"this host does not trust (set {hints.ca_file})"
        else:
            authority = f"is not in {ca_file.name} (check {hints.ca_file})"
        hint = f"write the host in {hints.address} as its certificate does"
        return certificate_sentence(asked, error, other_name=hint, other_authority=authority)
    if isinstance(error, TimeoutError):
        return f"{asked} did not finish the TLS handshake in time (does it serve https at this port? {hints.check})"
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
        return f"{asked} does not answer in TLS 1.2 or later (does it serve https at this port? {hints.check})"
    return f"{asked} closed the connection during the TLS handshake (does it serve https at this port? {hints.check})"
