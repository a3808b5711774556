# SPDX-License-Identifier: Apache-2.0
"""Mistakes in what a person gave: where each one is, in a sentence that says what to do."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_ECHO = 60
"""Characters of a name that a sentence repeats; more would bury the sentence."""


class InputError(ValueError):
    """What the user gave cannot be worked with; the message is meant for the user (exit code 2)."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a file.

    Attributes:
        path: the file, as the user named it.
        line: line of the key or table, from 1; None where no line can be named (the file is missing).
        column: column from 1, for syntax errors only.
        message: what is wrong and what to do, one sentence without a full stop.
    """

    path: str
    line: int | None
    column: int | None
    message: str

    def __str__(self) -> str:
        place = [self.path, *(str(number) for number in (self.line, self.column) if number is not None)]
        return f"{':'.join(place)}: {self.message}"


class MistakesError(InputError):
    """Every mistake found in one file, at once; as text, one line for each."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        """Keeps ``mistakes`` in the order of their lines."""
        self.mistakes = tuple(sorted(mistakes, key=lambda mistake: (mistake.line or 0, mistake.column or 0)))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


class EstateFileError(MistakesError):
    """The estate file is missing, unreadable or wrong."""


def quoted(text: str) -> str:
    """``text`` in double quotes for a sentence: control characters escaped, cut after ``LONGEST_ECHO`` characters."""
    shown = text if len(text) <= LONGEST_ECHO else text[: LONGEST_ECHO - 1] + "…"
    escaped = json.dumps(shown, ensure_ascii=False)
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in escaped)


def nearest(name: str, valid: Iterable[str]) -> str | None:
    """The one of ``valid`` that ``name`` was most likely meant to be, or None if none is near."""
    if len(name) > 2 * LONGEST_ECHO:
        return None
    by_folded = {candidate.casefold(): candidate for candidate in valid}
    close = difflib.get_close_matches(name.strip().casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else None


def did_you_mean(name: str, valid: Iterable[str]) -> str:
    """``; did you mean "..."?``, or the empty text where nothing valid is near."""
    meant = nearest(name, valid)
    return f"; did you mean {quoted(meant)}?" if meant is not None else ""


def any_of(names: Iterable[str]) -> str:
    """``"a", "b" or "c"``, for a sentence."""
    *most, last = [quoted(name) for name in names]
    return f"{', '.join(most)} or {last}" if most else last
