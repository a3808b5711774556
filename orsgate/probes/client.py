# SPDX-License-Identifier: Apache-2.0
"""Calls to one Cassandra node: connects and logs in when first needed, and turns every trouble into a ProbeError."""

from __future__ import annotations

from typing import Any

from orsgate.probes.asking import AskingClient
from orsgate.probes.bounds import MalformedError
from orsgate.probes.codec import IDL, AnswerError, decode, encode
from orsgate.probes.transport import Connection, connect
from orsgate.probes.trouble import THRIFT, denied, garbled, rejected, server_timed_out
from orsgate.wire.deadline import Deadline
from orsgate.wire.trouble import ProbeError, quote


class Client(AskingClient):
    """One node, asked one call after the other."""

    _connection: Connection | None = None
    _seqid = 0

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._connection is not None:
            self._connection.close()

    def call(self, name: str, **arguments: Any) -> Any:
        """What the node answers to the call ``name`` of ``cassandra.thrift``.

        Raises:
            ProbeError: it gave no answer. After a fatal one every further call raises the same trouble at once.
        """
        return self._fenced(name, lambda deadline: self._exchange(self._connected(deadline), name, arguments, deadline))

    def _connected(self, deadline: Deadline) -> Connection:
        if self._connection is None:
            if self._gate is not None:
                self._gate.check()
            self._connection = connect(self.target, self._resolver, deadline, THRIFT, self._tls)
            self.address = self._connection.address
            if self._gate is not None:
                account = self._gate.login
                request = IDL.AuthenticationRequest(credentials={"username": account.username, "password": account.password})
                with self._gate.attempt(self._asked, deadline):
                    self._exchange(self._connection, "login", {"auth_request": request}, deadline)
        return self._connection

    def _exchange(self, connection: Connection, name: str, arguments: dict[str, Any], deadline: Deadline) -> Any:
        self._seqid += 1
        frame = connection.exchange(name, encode(name, arguments, self._seqid), deadline)
        try:
            return decode(name, self._seqid, frame)
        except MalformedError as error:
            raise garbled(self._asked, quote(str(error)), THRIFT) from None
        except AnswerError as error:
            raise self._understood(name, error) from None

    def _understood(self, name: str, error: AnswerError) -> ProbeError:
        why = quote(error.why, self._gate.login.password if self._gate else "")
        if name == "login":
            return denied(self._asked, why)
        if error.kind == "TimedOutException":
            return server_timed_out(self._asked, name)
        return rejected(self._asked, name, why if error.kind == "InvalidRequestException" else f"{error.kind}, {why}")
