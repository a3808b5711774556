# SPDX-License-Identifier: Apache-2.0
"""Calls to one Cassandra node: connects and logs in when first needed, and turns every trouble into a ProbeError."""

from __future__ import annotations

from typing import Any

from orsgate.probes.bounds import MalformedError
from orsgate.probes.codec import IDL, AnswerError, decode, encode
from orsgate.probes.deadline import Deadline, Limits
from orsgate.probes.login import LoginGate
from orsgate.probes.resolve import Resolver
from orsgate.probes.tls import Tls
from orsgate.probes.transport import Connection, Target, connect
from orsgate.probes.trouble import ProbeError, denied, garbled, quote, rejected, server_timed_out


class Client:
    """One node, asked one call after the other.

    Attributes:
        target: where it is asked.
        address: the IP address that was connected to, None before the first call.
    """

    def __init__(
        self, target: Target, resolver: Resolver, limits: Limits, gate: LoginGate | None = None, tls: Tls | None = None
    ) -> None:
        self.target = target
        self.address: str | None = None
        self._asked = str(target)
        self._resolver = resolver
        self._limits = limits
        self._gate = gate
        self._tls = tls
        self._connection: Connection | None = None
        self._dead: ProbeError | None = None
        self._seqid = 0

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._connection is not None:
            self._connection.close()

    def call(self, name: str, **arguments: Any) -> Any:
        """What the node answers to the call ``name`` of ``cassandra.thrift``.

        Raises:
            ProbeError: it gave no answer. After a fatal one every further call raises the same trouble at once,
                since an answer that is late or torn leaves a connection on which nothing can be trusted.
        """
        where = f"{self._asked} {name}"
        try:
            if self._dead is not None:
                raise self._dead
            deadline = self._limits.deadline()
            connection = self._connected(deadline)
            return self._exchange(connection, name, arguments, deadline)
        except ProbeError as error:
            if error.fatal:
                self._dead = error
                self.close()
            raise error.at(where) from None

    def _connected(self, deadline: Deadline) -> Connection:
        if self._connection is None:
            if self._gate is not None:
                self._gate.check()
            self._connection = connect(self.target, self._resolver, deadline, self._tls)
            self.address = self._connection.address
            if self._gate is not None:
                account = self._gate.login
                request = IDL.AuthenticationRequest(credentials={"username": account.username, "password": account.password})
                with self._gate.attempt(deadline):
                    self._exchange(self._connection, "login", {"auth_request": request}, deadline)
        return self._connection

    def _exchange(self, connection: Connection, name: str, arguments: dict[str, Any], deadline: Deadline) -> Any:
        self._seqid += 1
        frame = connection.exchange(name, encode(name, arguments, self._seqid), deadline)
        try:
            return decode(name, self._seqid, frame)
        except MalformedError as error:
            raise garbled(self._asked, quote(str(error))) from None
        except AnswerError as error:
            raise self._understood(name, error) from None

    def _understood(self, name: str, error: AnswerError) -> ProbeError:
        why = quote(error.why, self._gate.login.password if self._gate else "")
        if name == "login":
            return denied(self._asked, why)
        if error.kind == "TimedOutException":
            return server_timed_out(self._asked, name)
        return rejected(self._asked, name, why if error.kind == "InvalidRequestException" else f"{error.kind}, {why}")
