# SPDX-License-Identifier: Apache-2.0
"""Rows of the native protocol as the bytes that the server sent, as Thrift gives them too."""

from __future__ import annotations

from typing import Any

from cassandra.protocol import ProtocolHandler, ResultMessage, read_int


class _RawResult(ResultMessage):  # type: ignore[misc]  # the driver has no types
    """A result whose values nobody decodes."""

    def recv_results_rows(self, f: Any, _protocol: int, user_type_map: Any, result_metadata: Any, _encryption: Any) -> None:
        """Reads the rows, as the driver calls for it."""
        self.recv_results_metadata(f, user_type_map)
        columns = self.column_metadata or result_metadata
        self.column_names = [name for _, _, name, _ in columns]
        self.column_types = [kind for _, _, _, kind in columns]
        self.parsed_rows = [tuple(self.recv_row(f, len(columns))) for _ in range(read_int(f))]


class RawRows(ProtocolHandler):  # type: ignore[misc]  # the driver has no types
    """For ``Session.client_protocol_handler``."""

    message_types_by_opcode = {**ProtocolHandler.message_types_by_opcode, _RawResult.opcode: _RawResult}  # noqa: RUF012  # foreign
