# SPDX-License-Identifier: Apache-2.0
"""Reads a list of applications from CSV, as spreadsheets and configuration tools save it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

from orsgate.estate.crosschecks import near_miss_of_type
from orsgate.estate.field_types import is_release, usable_name
from orsgate.estate.inventory import ORCHESTRATION_SERVER
from orsgate.estate.mistakes import Mistake, MistakesError, any_of, did_you_mean, quoted
from orsgate.estate.schema import Redundancy
from orsgate.estate.starting_point import ListedApplication

COLUMNS = ("application", "type", "version", "host", "backup", "redundancy", "connections", "tenants")
LARGEST_LIST = 64 * 2**20
"""Bytes."""

Row = tuple[int, list[str]]
"""Line it begins on, and its cells."""


class InventoryError(MistakesError):
    """The list of applications cannot be read or is wrong."""


def read_inventory(path: Path) -> tuple[ListedApplication, ...]:
    """The applications of a CSV file, in its order.

    The first row names the columns, in any order and letter case; only ``application`` is required. ``;`` or ``,``
    separate cells, ``|`` or ``;`` separate the entries of a list in a cell. UTF-8, else Windows-1252.

    Raises:
        InventoryError: with every mistake in it.
    """
    text = _read(path)
    delimiter = _delimiter(text)
    try:
        (line, header), *rows = _rows(text, delimiter) or [(1, [])]
        columns = [cell.casefold() for cell in header]
        said = [(line, sentence) for sentence in _wrong_columns(columns)]
        listed: list[ListedApplication] = []
        if not said:
            listed, said = _applications(columns, rows, delimiter)
    except _BrokenRowError as error:
        listed, said = [], [(error.line, f"is not CSV: {error}")]
    if not listed and not said:
        said = [(line, "no application follows the header; write one row for each")]
    if said:
        raise InventoryError(Mistake(str(path), line, None, sentence) for line, sentence in said)
    return tuple(listed)


def _applications(
    columns: Sequence[str], rows: Sequence[Row], delimiter: str
) -> tuple[list[ListedApplication], list[tuple[int, str]]]:
    """The applications of the rows, and what is wrong with which line."""
    listed: list[ListedApplication] = []
    said: list[tuple[int, str]] = []
    first_line: dict[str, int] = {}
    for line, cells in rows:
        if len(cells) != len(columns):
            told = f"has {_cells(len(cells))} and the header has {len(columns)}"
            said.append((line, f"{told}; a {delimiter} is missing, or one too many that is not in quotes"))
            continue
        application, wrong = _application(dict(zip(columns, cells, strict=True)))
        said.extend((line, sentence) for sentence in wrong)
        name = application.name
        if name and name in first_line:
            told = f"lists the application {quoted(name)} of line {first_line[name]} again"
            said.append((line, f"{told}; delete one of them"))
        first_line.setdefault(name, line)
        listed.append(application)
    return listed, said


def _cells(number: int) -> str:
    return "1 cell" if number == 1 else f"{number} cells"


def _read(path: Path) -> str:
    def alone(sentence: str) -> InventoryError:
        return InventoryError([Mistake(str(path), None, None, sentence)])

    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST_LIST + 1)
    except FileNotFoundError:
        raise alone("there is no such file") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise alone(f"cannot be read: {reason}") from None
    if len(data) > LARGEST_LIST:
        raise alone(f"is larger than {LARGEST_LIST // 2**20} MB; was another file meant?")
    if b"\0" in data:
        raise alone('is not CSV, or saved as UTF-16; in Excel save it as "CSV UTF-8"')
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        raise alone("is neither UTF-8 nor Windows-1252 text; save it as UTF-8") from None


def _delimiter(text: str) -> str:
    """The one of ``;`` and ``,`` by which the header has more columns that are known."""
    header = next((line for line in text.splitlines() if line.strip()), "")

    def known(delimiter: str) -> int:
        return sum(cell.strip(' "').casefold() in COLUMNS for cell in header.split(delimiter))

    return max(",;", key=lambda delimiter: (known(delimiter), header.count(delimiter)))


class _BrokenRowError(Exception):
    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


def _rows(text: str, delimiter: str) -> list[Row]:
    """The rows that are not empty, with the line each begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line, [cell.strip() for cell in cells]))
            line = reader.line_num + 1
    except csv.Error as error:
        raise _BrokenRowError(line, str(error)) from None
    return rows


def _wrong_columns(columns: Sequence[str]) -> Iterator[str]:
    for position, column in enumerate(columns):
        if not column:
            yield f"column {position + 1} has no name; the columns are {', '.join(COLUMNS)}"
        elif column not in COLUMNS:
            hint = did_you_mean(column, COLUMNS) or f"; the columns are {', '.join(COLUMNS)}"
            yield f"there is no column {quoted(column)}{hint}"
        elif column in columns[:position]:
            yield f"the column {quoted(column)} stands twice; delete one of them"
    if "application" not in columns:
        yield 'the column "application" is missing; the first row names the columns'


def _application(cells: dict[str, str]) -> tuple[ListedApplication, list[str]]:
    """The application of a row, and what is wrong with it."""
    wrong: list[str] = []
    name, kind = cells["application"], cells.get("type") or ORCHESTRATION_SERVER
    if not name:
        wrong.append("the cell application is empty; write the name of the application")
    if meant := near_miss_of_type(kind):
        wrong.append(f"{quoted(kind)} is no type; did you mean {quoted(meant)}?")
    version = cells.get("version") or None
    if version and kind == ORCHESTRATION_SERVER and not is_release(version):
        wrong.append(f'version {quoted(version)} is no release; write 3 or 4 numbers with dots, such as "8.1.200.50"')
    redundancy, valid = (cells.get("redundancy") or "").casefold() or None, get_args(Redundancy)
    if redundancy and redundancy not in valid:
        wrong.append(f"redundancy {quoted(redundancy)} is not {any_of(valid)}{did_you_mean(redundancy, valid)}")
    application = ListedApplication(
        name=name,
        type=kind,
        version=version,
        host=cells.get("host") or None,
        backup=cells.get("backup") or None,
        redundancy=redundancy,
        connections=_entries(cells.get("connections", "")),
        tenants=_entries(cells.get("tenants", "")),
    )
    wrong.extend(f"the cell {column} holds a line break or control character; delete it" for column in _unusable(cells))
    return application, wrong


def _unusable(cells: dict[str, str]) -> Iterator[str]:
    return (column for column, cell in cells.items() if cell and not usable_name(cell))


def _entries(cell: str) -> tuple[str, ...]:
    return tuple(entry.strip() for entry in re.split(r"[|;]", cell) if entry.strip())
