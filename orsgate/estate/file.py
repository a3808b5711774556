# SPDX-License-Identifier: Apache-2.0
"""Loads an estate file: the validated model, and the line of every key for those who report on it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from orsgate.estate.crosschecks import wrong_together
from orsgate.estate.mistakes import EstateFileError, Mistake
from orsgate.estate.schema import EstateFile
from orsgate.estate.sentences import Said, forbidden_passwords, sentences
from orsgate.estate.toml_lines import Lines

LARGEST_FILE = 64 * 2**20
"""Bytes; ten thousand applications take about 5 MB."""

_BOM = b"\xef\xbb\xbf"
_PLACE = re.compile(r"\s*\(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
# The time that tomllib takes grows with the square of the names in one dotted key.
_ENDLESS_KEY = re.compile(r"""(?<![\w-])(?:["']?[\w-]++["']?[ \t]*+\.[ \t]*+){100}""", re.ASCII)


@dataclass(frozen=True, slots=True)
class LoadedEstate:
    """An estate file as it was read.

    Attributes:
        path: the file, as it was named.
        directory: what the paths in it are relative to.
        file: what it says.
        lines: asks the line of a key: ``lines.line(("application", 3, "backup"))``.
    """

    path: Path
    directory: Path
    file: EstateFile
    lines: Lines

    def resolve(self, relative: str) -> Path:
        """The file that a path in the estate file means."""
        return self.directory / relative

    def where(self, *key: str | int) -> str:
        """``path:line`` of a key, for the ``where`` of a fact; of the nearest table where the key was not given."""
        line = self.lines.line(key)
        return str(self.path) if line is None else f"{self.path}:{line}"


def load_estate_file(path: str | Path) -> LoadedEstate:
    """Reads and validates an estate file.

    Raises:
        EstateFileError: with every mistake in it; a syntax error, or a file that cannot be read, comes alone.
    """
    path = Path(path)
    return loaded_from(path, _read(path))


def loaded_from(path: Path, source: bytes) -> LoadedEstate:
    """Validates the text of an estate file, to whose place the paths in it are relative.

    Raises:
        EstateFileError: with every mistake in it; a syntax error comes alone.
    """
    data = _parse(path, source)
    lines = Lines.of(source)
    said = [*forbidden_passwords(data)]
    file = None
    try:
        file = EstateFile.model_validate(data)
    except ValidationError as error:
        said.extend(sentences(error.errors(include_url=False, include_input=False), data))
    said.extend(wrong_together(data))
    if file is None or said:
        raise EstateFileError(_placed(path, lines, said))
    return LoadedEstate(path=path, directory=path.parent, file=file, lines=lines)


def _placed(path: Path, lines: Lines, said: Iterable[Said]) -> Iterator[Mistake]:
    seen: set[tuple[int, str]] = set()
    for key, sentence in said:
        line = lines.line(key) or 1
        if (line, sentence) not in seen:
            seen.add((line, sentence))
            yield Mistake(str(path), line, None, sentence)


def _read(path: Path) -> bytes:
    """The bytes of the file without byte order mark."""

    def alone(sentence: str, line: int | None = None) -> EstateFileError:
        return EstateFileError([Mistake(str(path), line, None, sentence)])

    if path.is_dir():
        raise alone("is a directory; name the estate file in it")
    try:
        with path.open("rb") as stream:
            source = stream.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise alone("there is no such file; make one with: orsgate init") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise alone(f"cannot be read: {reason}") from None
    if len(source) > LARGEST_FILE:
        raise alone(f"is larger than {LARGEST_FILE // 2**20} MB, which no estate file is; was another file meant?")
    source = source.removeprefix(_BOM)
    try:
        source.decode("utf-8")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise alone("is not UTF-8 text from here on; save the file with the encoding UTF-8", line) from None
    return source


def _parse(path: Path, source: bytes) -> Mapping[str, Any]:
    text = source.decode("utf-8")
    if endless := _ENDLESS_KEY.search(text):
        line = text.count("\n", 0, endless.start()) + 1
        raise EstateFileError([Mistake(str(path), line, None, "a key has more than 100 parts; this is no estate file")])
    try:
        return tomllib.loads(text)
    except RecursionError:
        message = "lists or tables are nested too deeply; an estate file needs three levels"
        raise EstateFileError([Mistake(str(path), None, None, message)]) from None
    except ValueError as error:  # TOMLDecodeError, and what int() says of a number with thousands of digits
        raise EstateFileError([_syntax_mistake(path, text, str(error))]) from None


def _syntax_mistake(path: Path, text: str, message: str) -> Mistake:
    place = _PLACE.search(message)
    line = column = None
    if place and place["line"]:
        line, column = int(place["line"]), int(place["column"])
    elif place:
        line, column = text.count("\n") + 1, len(text) - (text.rfind("\n") + 1) + 1
    reason = message[: place.start()] if place else message
    if reason.startswith("Exceeds the limit"):  # int() speaks of Python settings
        reason = "a number has thousands of digits"
    return Mistake(str(path), line, column, f"is not valid TOML: {reason}")
