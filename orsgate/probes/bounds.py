# SPDX-License-Identifier: Apache-2.0
"""Checks a Thrift binary message against the bytes it has, the types its IDL says and the memory it may take.

The codec allocates as the message tells it to: ten bytes can announce ten million structs. So each message is walked
first, without keeping anything, and is decoded only if the walk comes out exactly at its end.
"""

from __future__ import annotations

import struct
from typing import Any

from thriftpy2.thrift import TType

DEEPEST = 16
"""How deep structs and containers may nest; the deepest real answer has 6."""
COSTLIEST = 30_000_000
"""Bytes of Python objects, estimated from above, that one answer may take."""

_I8, _I16, _I32 = struct.Struct("!b"), struct.Struct("!h"), struct.Struct("!i")
_VERSION_1 = 0x80010000
_FIXED = {TType.BOOL: 1, TType.BYTE: 1, TType.I16: 2, TType.I32: 4, TType.I64: 8, TType.DOUBLE: 8}
_LEAST_WIRE = {**_FIXED, TType.STRING: 4, TType.STRUCT: 1, TType.LIST: 5, TType.SET: 5, TType.MAP: 6}
_COST = {
    **dict.fromkeys(_FIXED, 40),
    TType.STRING: 72,
    TType.STRUCT: 400,
    TType.LIST: 96,
    TType.SET: 96,
    TType.MAP: 240,
}
_SLOT = 8
_MAP_SLOT = 100
_SHORT = 4096


class MalformedError(ValueError):
    """The message is not what it should be; the text says in what respect."""


class Walk:
    """One pass over a message.

    Attributes:
        frame: the message.
        at: how far the pass has come.
        cost: bytes of memory, estimated from above, that the values so far take once they are decoded.
    """

    def __init__(self, frame: bytearray) -> None:
        self.frame = frame
        self.at = 0
        self.cost = 0

    def header(self) -> tuple[str, int, int]:
        """Name, type and sequence id of the message."""
        (version,) = _I32.unpack_from(self.frame, self._take(4))
        if (version & 0xFFFF0000) != _VERSION_1:
            raise MalformedError("it does not begin like a Thrift message")
        length = self._i32()
        start = self._take(length)
        name = self.frame[start : start + min(length, 64)].decode("ascii", "replace")
        return name, version & 0xFF, self._i32()

    def whole(self, payload: type) -> None:
        """The rest of the message is one struct of the type ``payload``."""
        self._value(TType.STRUCT, payload, DEEPEST)
        if self.at != len(self.frame):
            raise MalformedError(f"{len(self.frame) - self.at} bytes are left over")

    def _take(self, count: int) -> int:
        start = self.at
        if count < 0 or count > len(self.frame) - start:
            raise MalformedError(f"it announces {count} bytes where {len(self.frame) - start} are left")
        self.at = start + count
        return start

    def _i32(self) -> int:
        return int(_I32.unpack_from(self.frame, self._take(4))[0])

    def _byte(self) -> int:
        return self.frame[self._take(1)]

    def _pay(self, cost: int) -> None:
        self.cost += cost
        if self.cost > COSTLIEST:
            raise MalformedError("it is larger than an answer may be")

    def _value(self, ttype: int, spec: Any, depth: int) -> None:
        if depth <= 0:
            raise MalformedError(f"it nests deeper than {DEEPEST} levels")
        if ttype not in _COST:
            raise MalformedError(f"it has a value of the unknown type {ttype}")
        self._pay(_COST[ttype])
        if ttype in _FIXED:
            self._take(_FIXED[ttype])
        elif ttype == TType.STRING:
            self._string()
        elif ttype == TType.STRUCT:
            self._struct(spec, depth - 1)
        elif ttype == TType.MAP:
            self._map(spec, depth - 1)
        else:
            self._list(spec, depth - 1)

    def _string(self) -> None:
        length = self._i32()
        start = self._take(length)
        # One character beyond the basic plane makes Python keep every character of the string in four bytes.
        plain = length <= _SHORT and self.frame[start : start + length].isascii()
        self._pay(length if plain else 4 * length)

    def _struct(self, payload: Any, depth: int) -> None:
        known = payload.thrift_spec if payload is not None else {}
        seen = set()
        while (ttype := self._byte()) != TType.STOP:
            (field,) = _I16.unpack_from(self.frame, self._take(2))
            spec = known.get(field)
            if spec is not None:
                seen.add(field)
                self._expect(ttype, spec[0], spec[1])
            self._value(ttype, spec[2] if spec is not None and len(spec) == 4 else None, depth)
        for field, spec in known.items():
            if spec[-1] and field not in seen:
                raise MalformedError(f"it lacks the field {spec[1]!r}")

    def _list(self, spec: Any, depth: int) -> None:
        ttype, count = self._byte(), self._i32()
        self._announced(count, _LEAST_WIRE.get(ttype, 1), _COST.get(ttype, 0) + _SLOT)
        expected, inner = _split(spec)
        if expected is not None and count:
            self._expect(ttype, expected, "list")
        self._pay(count * _SLOT)
        for _ in range(count):
            self._value(ttype, inner, depth)

    def _map(self, spec: Any, depth: int) -> None:
        types = self._byte(), self._byte()
        count = self._i32()
        least = sum(_LEAST_WIRE.get(ttype, 1) for ttype in types)
        self._announced(count, least, sum(_COST.get(ttype, 0) for ttype in types) + _MAP_SLOT)
        parts = [_split(part) for part in (spec or (None, None))]
        for ttype, (expected, _) in zip(types, parts, strict=True):
            if expected is not None and count:
                self._expect(ttype, expected, "map")
        self._pay(count * _MAP_SLOT)
        for _ in range(count):
            for ttype, (_, inner) in zip(types, parts, strict=True):
                self._value(ttype, inner, depth)

    def _announced(self, count: int, least: int, cost: int) -> None:
        left = len(self.frame) - self.at
        if count < 0 or count * least > left:
            raise MalformedError(f"it announces {count} elements where {left} bytes are left")
        if self.cost + count * cost > COSTLIEST:
            raise MalformedError("it is larger than an answer may be")

    @staticmethod
    def _expect(ttype: int, expected: int, name: str) -> None:
        if ttype != (TType.STRING if expected == TType.BINARY else expected):
            raise MalformedError(f"{name!r} has the type {ttype} instead of {expected}")


def _split(spec: Any) -> tuple[int | None, Any]:
    """Type and inner specification of a container's elements; thriftpy2 writes simple ones as a bare type."""
    if spec is None:
        return None, None
    return (spec[0], spec[1]) if isinstance(spec, tuple) else (int(spec), None)
