# SPDX-License-Identifier: Apache-2.0
"""Reads the saved output of ``nodetool ring`` (1.0 to 4.x) or ``nodetool status``: where each member of the ring is."""

from __future__ import annotations

import codecs
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.ring import Place, SavedTopology
from orsgate.wire.resolve import literal_address
from orsgate.wire.trouble import quote

_LARGEST_FILE = 16 * 1024 * 1024
_REMEDY = "save the output of 'nodetool ring' again, or declare [cassandra] datacenters"
_DATACENTER = re.compile(r"Datacenter:\s*(?P<name>\S.*?)\s*$")
_RING_HEADER = re.compile(r"Address\s+(?P<dc>DC\s+)?Rack\s+Status\s+State\s+Load\b")
_STATUS_HEADER = re.compile(r"--\s+Address\s+Load\b.*\bHost ID\s+(?P<token>Token\s+)?Rack\s*$")
_RING_ROW = re.compile(
    r"(?P<address>\S+)\s.*?(?P<status>Up|Down|\?)\s+(?:Normal|Joining|Leaving|Moving|\?)\s+\S.*\s(?P<token>\S+)\s*$"
)
_STATUS_ROW = re.compile(r"[UD?][NLJM?]\s+(?P<address>\S+)\s.*\s(?:[0-9a-fA-F-]{36}|null)\s+(?P<rest>\S.*?)\s*$")
_LEGEND = re.compile(r"=+\s*$|Replicas:|Status=|\|/ State=|Note: |\s*$|\s+\D|\s+\S+\s*$")
_NAME_WIDTH = 12
"""Width of the columns for data center and rack in 1.0/1.1; a longer name runs into the next column."""


class _LineError(ValueError):
    """A line of the file that cannot be understood; the text says why."""


class _Table:
    """The places read so far, and the table that the current line is in."""

    def __init__(self) -> None:
        self.places: dict[str, Place] = {}
        self._datacenter: str | None = None
        self._ring: str | None = None
        self._status: re.Match[str] | None = None

    def line(self, line: str) -> None:
        """Take in one line."""
        block = _DATACENTER.match(line)
        if block:
            self._datacenter, self._ring, self._status = block["name"], None, None
        elif _RING_HEADER.match(line):
            self._ring, self._status = line, None
        elif header := _STATUS_HEADER.match(line):
            self._ring, self._status = None, header
        elif self._status is not None:
            self._status_row(line, has_token=self._status["token"] is not None)
        elif self._ring is not None:
            self._ring_row(line, self._ring)

    def _status_row(self, line: str, *, has_token: bool) -> None:
        row = _STATUS_ROW.match(line)
        if row is None:
            self._no_row(line)
            return
        rack = row["rest"].partition(" ")[2].strip() if has_token else row["rest"]
        self._add(row["address"], self._datacenter, rack)

    def _ring_row(self, line: str, header: str) -> None:
        row = _RING_ROW.match(line)
        if row is None:
            self._no_row(line)
            return
        datacenter, cells = self._datacenter, line[row.end("address") : row.start("status")].strip()
        if " DC " not in header:
            rack = cells
        elif "  " not in line.strip():  # copied in a way that squeezed the blanks
            datacenter, rack = cells.partition(" ")[::2]
            if " " in rack:
                raise _LineError("its columns cannot be told apart")
        else:
            datacenter, rack = _two_names(line, header, row)
        self._add(row["address"], datacenter, rack)

    def _no_row(self, line: str) -> None:
        if literal_address(line.split(" ", 1)[0]) or not _LEGEND.match(line):
            raise _LineError("it is no row of the table")

    def _add(self, address: str, datacenter: str | None, rack: str) -> None:
        member = literal_address(address)
        if member is None:
            raise _LineError(f"{quote(address)!r} is no IP address; nodetool was run with a flag to resolve them")
        if not datacenter or not rack:
            raise _LineError("it has no data center or no rack")
        place = Place(datacenter, rack)
        if self.places.setdefault(member, place) != place:
            raise _LineError(f"{member} has another data center or rack than in a line before")


def _two_names(line: str, header: str, row: re.Match[str]) -> tuple[str, str]:
    """Data center and rack of a row of 1.0/1.1, where a name that is too long pushes what follows to the right."""
    start, status = header.index("DC"), row.start("status")
    shift = status - header.index("Status")
    rack = start + _NAME_WIDTH
    if shift < 0 or row.end("address") > start:
        raise _LineError("its columns are not those of the header")
    if shift and line[status - 1] == " ":
        rack = status - _NAME_WIDTH  # the rack has room to spare, so it is the data center that is too long
    elif shift and not re.fullmatch(r"\S+ +", line[start:rack]):
        raise _LineError("data center and rack are so long that they run into each other")
    return line[start:rack].strip(), line[rack:status].strip()


def read_topology(path: Path, shown: str | None = None) -> SavedTopology | Unknown:
    """What the file at ``path`` says of data centers and racks.

    Args:
        path: the saved output of ``nodetool ring`` or ``nodetool status``.
        shown: how reports name the file; default: the path itself.

    Returns:
        The places of all members, or one sentence that says why the file tells nothing. A file of which one line is not
        understood tells nothing: a member could be missing.
    """
    name = shown or str(path)
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE + 1)
        modified = datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except FileNotFoundError:
        return Unknown(f"{name} does not exist (save the output of 'nodetool ring' there)", name, Failure.MISSING)
    except OSError as error:
        return Unknown(f"{name} cannot be read ({quote(error.strerror or str(error))})", name, Failure.UNREADABLE)
    if len(data) > _LARGEST_FILE:
        return Unknown(f"{name} is too large for an output of nodetool ({_REMEDY})", name, Failure.UNREADABLE)
    found = parse_topology(_decode(data), name)
    return found if isinstance(found, Unknown) else replace(found, modified=modified)


def parse_topology(text: str, where: str) -> SavedTopology | Unknown:
    """What ``text`` says of data centers and racks; ``where`` names it in reports."""
    table = _Table()
    for number, line in enumerate(text.expandtabs().splitlines(), start=1):
        try:
            table.line(line.rstrip())
        except _LineError as error:
            cause = f"{where} is not understood in line {number}: {error} ({_REMEDY})"
            return Unknown(cause, f"{where}:{number}", Failure.UNREADABLE)
    if not table.places:
        cause = f"{where} is no output of 'nodetool ring' or 'nodetool status' with a member in it ({_REMEDY})"
        return Unknown(cause, where, Failure.UNREADABLE)
    return SavedTopology(places=dict(sorted(table.places.items())), where=where)


def _decode(data: bytes) -> str:
    """PowerShell redirects in UTF-16, Windows editors put a mark in front of UTF-8."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
