# SPDX-License-Identifier: Apache-2.0
"""What can go wrong on the way to a Cassandra node: one kind of failure and one sentence for each trouble."""

from __future__ import annotations

import re
from dataclasses import dataclass

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.wire.trouble import NO_WAY_THERE, ProbeError, probe_error, quote

_LOGIN_NEEDED = re.compile(r"not logged in|login required|requires authentication", re.IGNORECASE)
_NOT_ALLOWED = re.compile(r"logged in|not authorized|unauthorized|permission", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Service:
    """What is asked of a node, as sentences name it.

    Attributes:
        name: of the protocol.
        port: its key for the port in ``cassandra.yaml``.
        switch: the entry there that turns it on.
    """

    name: str
    port: str
    switch: str


THRIFT = Service("Thrift", "rpc_port", "start_rpc: true")
NATIVE = Service("native protocol", "native_transport_port", "start_native_transport: true")


def connect_failed(asked: str, error: OSError, seconds: float, service: Service) -> ProbeError:
    """Connecting ended with ``error``."""
    if isinstance(error, ConnectionRefusedError):
        cause = f"{asked} refused the connection (is Cassandra running, is this its {service.port}, and {service.switch}?)"
        return probe_error(cause, Failure.REFUSED)
    if isinstance(error, TimeoutError):
        cause = f"{asked} accepted no connection within {seconds:g} s (a firewall between this host and the node?)"
        return probe_error(cause, Failure.TIMEOUT)
    if isinstance(error, ConnectionError):
        return closed(asked, "connecting", service)
    if error.errno in NO_WAY_THERE:
        cause = f"{asked} cannot be reached from this host ({quote(error.strerror or str(error))})"
        return probe_error(cause, Failure.UNREACHABLE)
    cause = f"{asked} could not be connected to from this host ({quote(error.strerror or str(error))})"
    return probe_error(cause, Failure.UNREACHABLE)


def silent(asked: str, call: str, seconds: float) -> ProbeError:
    """No complete answer before the deadline of the call."""
    cause = (
        f"{asked} did not answer {call} completely within {seconds:g} s"
        " (allow more with [cassandra] timeout; a ring can take 10 s to notice a dead node)"
    )
    return probe_error(cause, Failure.TIMEOUT)


def closed(asked: str, call: str, service: Service) -> ProbeError:
    """Closed or reset before the answer was complete."""
    cause = f"{asked} closed the connection during {call} (see its system.log; is this its {service.port}?)"
    return probe_error(cause, Failure.CLOSED)


def garbled(asked: str, reason: str, service: Service) -> ProbeError:
    """What came back is not a proper answer."""
    cause = f"{asked} gave no proper {service.name} answer: {reason} (is this {service.port} of a Cassandra node?)"
    return probe_error(cause, Failure.GARBLED)


class SpeaksNativeError(ProbeError):
    """What was asked in Thrift answers in the native protocol."""


def speaks_native(asked: str) -> ProbeError:
    """The port is that of the native protocol."""
    cause = f"{asked} answers in the native protocol and not in Thrift, which ORS needs (is rpc_port another one?)"
    return SpeaksNativeError(Unknown(cause, failure=Failure.GARBLED))


def thrift_not_found(asked: str) -> ProbeError:
    """Only the way to the native protocol is known."""
    cause = f"{asked} speaks the native protocol, and where its Thrift is reached is not known (name the Thrift port instead)"
    return probe_error(cause, Failure.NOT_ASKED)


def other_node(thrift: str, native: str) -> ProbeError:
    """Thrift and the native protocol on one host are those of two nodes."""
    cause = f"{thrift} answers Thrift as another node than {native} (set thrift_port in [cassandra], or name the Thrift ports)"
    return probe_error(cause, Failure.NOT_ASKED)


def expects_tls(asked: str) -> ProbeError:
    """It answers a plain call in TLS."""
    cause = f"{asked} expects TLS (set ca_file in [cassandra] to the authority of its certificate)"
    return probe_error(cause, Failure.UNTRUSTED)


def login_held_up(asked: str) -> ProbeError:
    """Others have not been answered yet, and whether the account is good is not known."""
    cause = (
        f"{asked} was not logged in to, since other nodes have not answered the login yet:"
        " a wrong password is not tried on every node (see what they are said to do)"
    )
    return probe_error(cause, Failure.NOT_ASKED)


def denied(asked: str, why: str) -> ProbeError:
    """The login was refused, or there was none."""
    if _LOGIN_NEEDED.search(why):
        return login_needed(asked)
    cause = f"{asked} refused the login: {why} (check [cassandra] username and its password)"
    return probe_error(cause, Failure.DENIED)


def login_needed(asked: str) -> ProbeError:
    """It wants to know who asks, and there is no account to say."""
    cause = f"{asked} asks for a login (set username, and password_env or password_file, in [cassandra])"
    return probe_error(cause, Failure.DENIED, fatal=False)


def rejected(asked: str, call: str, why: str) -> ProbeError:
    """The server understood ``call`` and does not answer it; the connection stays of use."""
    if _LOGIN_NEEDED.search(why):
        return login_needed(asked)
    if _NOT_ALLOWED.search(why):
        return not_allowed(asked, call, why)
    return probe_error(f"{asked} rejected {call}: {why}", Failure.REJECTED, fatal=False)


def not_allowed(asked: str, call: str, why: str) -> ProbeError:
    """The account may not ask ``call``; the connection stays of use."""
    cause = f"{asked} does not allow {call}: {why} (check [cassandra] username and the rights of that account)"
    return probe_error(cause, Failure.DENIED, fatal=False)


def server_timed_out(asked: str, call: str) -> ProbeError:
    """The server gave up on reading its own data."""
    cause = f"{asked} timed out itself while it read its own data for {call} (is the node overloaded?)"
    return probe_error(cause, Failure.TIMEOUT, fatal=False)


def unplaced(asked: str) -> ProbeError:
    """Nothing the node says tells which member of the ring it is."""
    cause = (
        f"{asked} does not say which member of the ring it is"
        " (name it by its address in the ring, or map that address to it in [cassandra] addresses)"
    )
    return probe_error(cause, Failure.REJECTED, fatal=False)


def another_member(asked: str, member: str, told: str) -> ProbeError:
    """Where one member of the ring should be reached, another one answered."""
    cause = f"{asked} leads to the member {told} instead of {member} (correct [cassandra] addresses)"
    return probe_error(cause, Failure.UNREACHABLE)


def not_understood(asked: str, error: Exception) -> ProbeError:
    """The probe itself could not cope with an answer."""
    reason = quote(f"{type(error).__name__}: {error}")
    return probe_error(f"an answer of {asked} could not be understood by orsgate ({reason}; please report it)", Failure.GARBLED)
