# SPDX-License-Identifier: Apache-2.0
"""Loads an estate file: the validated model, and the line of every key for those who report on it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from orsgate.estate.crosschecks import wrong_together
from orsgate.estate.mistakes import EstateFileError
from orsgate.estate.schema import EstateFile
from orsgate.estate.sentences import forbidden_passwords, sentences
from orsgate.estate.toml_file import parsed, placed, read_text
from orsgate.estate.toml_lines import Lines

_WHAT = "estate file"


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
    return loaded_from(path, read_text(path, _WHAT, "orsgate init", EstateFileError))


def loaded_from(path: Path, source: bytes) -> LoadedEstate:
    """Validates the text of an estate file, to whose place the paths in it are relative.

    Raises:
        EstateFileError: with every mistake in it; a syntax error comes alone.
    """
    data = parsed(path, source, _WHAT, EstateFileError)
    lines = Lines.of(source)
    said = [*forbidden_passwords(data)]
    file = None
    try:
        file = EstateFile.model_validate(data)
    except ValidationError as error:
        said.extend(sentences(error.errors(include_url=False, include_input=False), data))
    said.extend(wrong_together(data))
    if file is None or said:
        raise EstateFileError(placed(path, lines, said))
    return LoadedEstate(path=path, directory=path.parent, file=file, lines=lines)
