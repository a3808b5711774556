# SPDX-License-Identifier: Apache-2.0
"""Servers of the native protocol in the test process that answer exactly what a test says."""

from __future__ import annotations

import ipaddress
import re
import socket
import struct
import threading
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.probes.scripted import CLOSE, SILENCE, Script, _exactly

ERROR, STARTUP, READY, AUTHENTICATE, CREDENTIALS, OPTIONS, SUPPORTED, QUERY, RESULT = range(9)
EVENT, AUTH_CHALLENGE, AUTH_RESPONSE, AUTH_SUCCESS = 0x0C, 0x0E, 0x0F, 0x10
"""Opcodes of frames."""
_REQUESTS = {STARTUP: "STARTUP", CREDENTIALS: "LOGIN", OPTIONS: "OPTIONS", AUTH_RESPONSE: "LOGIN"}
VOID, ROWS, SET_KEYSPACE, PREPARED, SCHEMA_CHANGE = range(1, 6)
"""Kinds of a result."""
ASCII, INT, UUID, TEXT, INET, LIST, MAP, SET = 0x01, 0x09, 0x0C, 0x0D, 0x10, 0x20, 0x21, 0x22
"""Codes of types."""
TYPES: Mapping[str, tuple[int, ...]] = {
    **dict.fromkeys(("peer", "rpc_address", "broadcast_address", "listen_address"), (INET,)),
    "schema_version": (UUID,),
    "tokens": (SET, TEXT),
    "replication": (MAP, TEXT, TEXT),
}
"""Type of the columns of system tables that hold something else than text."""


@dataclass(frozen=True)
class Answer:
    """A frame that answers a request, on its stream unless ``stream`` names another one.

    ``length`` is announced in place of the length of the body.
    """

    opcode: int
    body: bytes = b""
    stream: int | None = None
    flags: int = 0
    length: int | None = None

    def frame(self, version: int, stream: int) -> bytes:
        """The bytes of the frame in protocol ``version``."""
        layout = "!BBhBi" if version >= 3 else "!BBbBi"
        number = stream if self.stream is None else self.stream
        length = len(self.body) if self.length is None else self.length
        return struct.pack(layout, 0x80 | version, self.flags, number, self.opcode, length) + self.body


def string(text: str) -> bytes:
    """A ``[string]``."""
    return struct.pack("!H", len(text.encode())) + text.encode()


def supported() -> Answer:
    """What a node can do, in the fewest bytes."""
    return Answer(
        SUPPORTED, b"\x00\x02" + string("COMPRESSION") + b"\x00\x00" + string("CQL_VERSION") + b"\x00\x01" + string("3")
    )


def error(code: int, message: str = "no", more: bytes = b"") -> Answer:
    """An ERROR frame."""
    return Answer(ERROR, struct.pack("!i", code) + string(message) + more)


def columns(named: Iterable[tuple[str, tuple[int, ...]]], count: int | None = None, flags: int = 1) -> bytes:
    """The metadata of rows; ``count`` is announced in place of the number of columns."""
    told = [string(name) + b"".join(struct.pack("!H", code) for code in codes) for name, codes in named]
    number = len(told) if count is None else count
    return struct.pack("!ii", flags, number) + string("system") + string("local") + b"".join(told)


def cell(value: bytes | None) -> bytes:
    """A ``[bytes]``; None is null."""
    return struct.pack("!i", -1) if value is None else struct.pack("!i", len(value)) + value


def rows(found: Sequence[Mapping[str, Any]], version: int = 4, types: Mapping[str, tuple[int, ...]] = TYPES) -> Answer:
    """A RESULT with rows whose columns have the type in ``types``, else text; a column that a row lacks is null."""
    names = list(dict.fromkeys(name for row in found for name in row)) or ["key"]
    named = [(name, types.get(name, (TEXT,))) for name in names]
    cells = b"".join(cell(encoded(row[name], codes, version) if name in row else None) for row in found for name, codes in named)
    return Answer(RESULT, struct.pack("!i", ROWS) + columns(named) + struct.pack("!i", len(found)) + cells)


def encoded(value: Any, codes: tuple[int, ...], version: int = 4) -> bytes:
    """``value`` as a cell of a type holds it."""
    if codes == (INET,):
        return ipaddress.ip_address(value).packed
    if codes == (UUID,):
        return uuid.UUID(value).bytes
    if codes == (INT,):
        return struct.pack("!i", value)
    if codes[0] not in {LIST, SET, MAP}:
        return str(value).encode()
    parts = [part for item in value.items() for part in item] if codes[0] == MAP else list(value)
    size = "!i" if version >= 3 else "!H"
    return struct.pack(size, len(value)) + b"".join(struct.pack(size, len(part.encode())) + part.encode() for part in parts)


Reaction = Answer | Sequence[Mapping[str, Any]] | bytes | object
"""A frame, rows, raw bytes, SILENCE, CLOSE, or a callable without arguments that gives one of them."""


@dataclass(frozen=True)
class Request:
    """What a client asked: ``name`` is OPTIONS, STARTUP, LOGIN or the table of a query."""

    version: int
    stream: int
    name: str
    body: bytes
    is_query: bool = False


def read_request(connection: socket.socket) -> Request | None:
    """The next request, None when the client has closed."""
    first = _exactly(connection, 1)
    if first is None:
        return None
    version = first[0]
    layout = struct.Struct("!BhBi" if version >= 3 else "!BbBi")
    header = _exactly(connection, layout.size)
    if header is None:
        return None
    _, stream, opcode, length = layout.unpack(header)
    body = _exactly(connection, length)
    if body is None:
        return None
    name = _REQUESTS.get(opcode, f"opcode {opcode}")
    if opcode == QUERY:
        text = bytes(body[4 : 4 + int.from_bytes(body[:4], "big")]).decode()
        found = re.fullmatch(r"SELECT \* FROM ([\w.]+)", text)
        name = found[1] if found else text
    return Request(version, stream, name, bytes(body), opcode == QUERY)


def answers(
    table: Mapping[str, Reaction],
    versions: Iterable[int] = range(1, 5),
    send: Callable[[socket.socket, bytes, threading.Event], None] = lambda connection, data, _: connection.sendall(data),
    asked: list[Request] | None = None,
) -> Script:
    """A node that answers requests from ``table``: by default it can do all, asks for no login and has no such table.

    Args:
        table: name of a request (see ``Request``) -> what to do.
        versions: those of the protocol that it speaks.
        send: sends an answer.
        asked: takes the requests.
    """
    spoken = tuple(versions)

    def serve(connection: socket.socket, over: threading.Event) -> None:
        while not over.is_set() and (request := read_request(connection)) is not None:
            if asked is not None:
                asked.append(request)
            if request.version not in spoken:
                refusal = error(0x0A, f"Invalid or unsupported protocol version: {request.version}")
                send(connection, refusal.frame(max(spoken), request.stream if max(spoken) >= 3 else 0), over)
                return
            default = {"OPTIONS": supported(), "STARTUP": Answer(READY)}
            answer = table.get(request.name, default.get(request.name, error(0x2200, f"unconfigured table {request.name}")))
            if callable(answer):
                answer = answer()
            if answer is SILENCE:
                over.wait()
                return
            if answer is CLOSE:
                return
            if isinstance(answer, Sequence) and not isinstance(answer, bytes):
                answer = rows(answer, request.version)
            data = answer.frame(request.version, request.stream) if isinstance(answer, Answer) else answer
            assert isinstance(data, bytes)
            send(connection, data, over)

    return serve


def with_login(username: str, password: str, table: Mapping[str, Reaction], asked: list[Request]) -> Script:
    """A node that lets nobody in but this account."""
    token = f"\0{username}\0{password}".encode()

    def log_in() -> Answer:
        if asked[-1].body == cell(token):
            return Answer(AUTH_SUCCESS, cell(None))
        return error(0x0100, "Provided username and/or password are incorrect")

    demand = Answer(AUTHENTICATE, string("org.apache.cassandra.auth.PasswordAuthenticator"))
    return answers({"STARTUP": demand, "LOGIN": log_in, **table}, asked=asked)


def on_another_stream(answer: Answer) -> Answer:
    """The same answer, to nobody's question."""
    return replace(answer, stream=99)
