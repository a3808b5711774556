# SPDX-License-Identifier: Apache-2.0
"""Reads a TOML file that a person wrote: a syntax error comes alone, every other mistake at once with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from orsgate.estate.mistakes import Mistake, MistakesError
from orsgate.estate.toml_lines import KeyPath, Lines

LARGEST_FILE = 64 * 2**20
"""Bytes; an estate of ten thousand applications takes about 5 MB."""

_BOM = b"\xef\xbb\xbf"
_CURLY = frozenset("\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b\u00ab\u00bb")
"""Quotation marks that word processors write."""
_HEADER = re.compile(r"\s*\[{1,2}\s*([A-Za-z0-9_-]{1,60})\s*\]")
_PLACE = re.compile(r"\s*\(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
# The time that tomllib takes grows with the square of the names in one dotted key.
_ENDLESS_KEY = re.compile(r"""(?<![\w-])(?:["']?[\w-]++["']?[ \t]*+\.[ \t]*+){100}""", re.ASCII)


def placed(path: Path, lines: Lines, said: Iterable[tuple[KeyPath, str]]) -> Iterator[Mistake]:
    """The mistakes that ``said`` tells by key, each once, with the lines of their keys."""
    seen: set[tuple[int, str]] = set()
    for key, sentence in said:
        line = lines.line(key) or 1
        if (line, sentence) not in seen:
            seen.add((line, sentence))
            yield Mistake(str(path), line, None, sentence)


def read_text(path: Path, what: str, make: str, error_class: type[MistakesError] = MistakesError) -> bytes:
    """The bytes of a file, which are UTF-8, without byte order mark; see ``read_source``."""
    return text_of(path, read_source(path, what, make, error_class), error_class)


def read_source(path: Path, what: str, make: str, error_class: type[MistakesError] = MistakesError) -> bytes:
    """The bytes of a file as it is.

    Args:
        path: the file.
        what: it is meant to be, such as ``estate file``.
        make: the command that makes one.
        error_class: of what is raised.

    Raises:
        MistakesError: it cannot be read.
    """

    def alone(sentence: str) -> MistakesError:
        return error_class([Mistake(str(path), None, None, sentence)])

    if path.is_dir():
        raise alone(f"is a directory; name the {what} in it")
    try:
        with path.open("rb") as stream:
            source = stream.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise alone(f"there is no such file; make one with: {make}") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise alone(f"cannot be read: {reason}") from None
    if len(source) > LARGEST_FILE:
        raise alone(f"is larger than {LARGEST_FILE // 2**20} MB, which no {what} is; was another file meant?")
    return source


def text_of(path: Path, source: bytes, error_class: type[MistakesError] = MistakesError) -> bytes:
    """``source`` without its byte order mark, where it has one.

    Raises:
        MistakesError: it is no UTF-8.
    """
    text = source.removeprefix(_BOM)
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        told = "is not UTF-8 text from here on; save the file with the encoding UTF-8"
        raise error_class([Mistake(str(path), line, None, told)]) from None
    return text


def parsed(
    path: Path, source: bytes, what: str, error_class: type[MistakesError] = MistakesError, *, lists: Collection[str] = ()
) -> Mapping[str, Any]:
    """The document in ``source``.

    Args:
        path: the file, as ``what`` and ``error_class`` are those of ``read_text``.
        source: its text.
        what: it is meant to be.
        error_class: of what is raised.
        lists: tables that stand under a header of two brackets, once for each.

    Raises:
        MistakesError: it is no TOML, with the line and column.
    """
    text = source.decode("utf-8")
    if endless := _ENDLESS_KEY.search(text):
        line = text.count("\n", 0, endless.start()) + 1
        raise error_class([Mistake(str(path), line, None, f"a key has more than 100 parts; this is no {what}")])
    try:
        return tomllib.loads(text)
    except RecursionError:
        message = f"lists or tables are nested too deeply; no {what} needs more than three levels"
        raise error_class([Mistake(str(path), None, None, message)]) from None
    except ValueError as error:  # TOMLDecodeError, and what int() says of a number with thousands of digits
        raise error_class([_syntax_mistake(path, text, str(error), lists)]) from None


def _syntax_mistake(path: Path, text: str, message: str, lists: Collection[str]) -> Mistake:
    place = _PLACE.search(message)
    line = column = None
    if place and place["line"]:
        line, column = int(place["line"]), int(place["column"])
    elif place:
        line, column = text.count("\n") + 1, len(text) - (text.rfind("\n") + 1) + 1
    reason = message[: place.start()] if place else message
    if reason.startswith("Exceeds the limit"):  # int() speaks of Python settings
        reason = "a number has thousands of digits"
    hint = _hint(text.split("\n")[line - 1], column, text, lists) if line and column else ""
    return Mistake(str(path), line, column, f"is not valid TOML: {reason}{hint}")


def _hint(line: str, column: int, text: str, lists: Collection[str]) -> str:
    """What to write in place of a line that the parser stops at, for what people and their editors do most; else nothing."""
    if not _CURLY.isdisjoint((line[column - 1 : column], line.rstrip()[-1:])):
        return '; write straight quotation marks, "like these", not curly ones'
    header = _HEADER.match(line)
    if header and (header[1] in lists or f"[[{header[1]}]]" in text):
        return f"; write [[{header[1]}]], with two brackets, above each of them"
    return ""
