# SPDX-License-Identifier: Apache-2.0
"""A native client that gives made rows in place of a conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from orsgate.probes.native_client import NativeClient, Row
from orsgate.probes.transport import Target
from orsgate.probes.trouble import rejected
from orsgate.wire.deadline import Limits
from orsgate.wire.resolve import Resolver
from orsgate.wire.trouble import ProbeError


class Made(NativeClient):
    """Answers from ``tables``: rows, or the trouble to raise; a table that is not there is rejected, as a real node does.

    Attributes:
        asked: table and columns of each question.
    """

    def __init__(self, tables: Mapping[str, Any], address: str | None = "127.0.0.1") -> None:
        super().__init__(Target("node", 9042), Resolver(), Limits())
        self.address = address
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self._tables = tables

    def select(self, table: str, columns: Sequence[str]) -> list[Row]:
        self.asked.append((table, tuple(columns)))
        answer = self._tables.get(table, rejected("node:9042", table, f"unconfigured table {table}"))
        if isinstance(answer, ProbeError):
            raise answer
        return [{name: value for name, value in row.items() if name in columns} for row in answer]
