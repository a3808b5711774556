# SPDX-License-Identifier: Apache-2.0
"""Changes options in the bytes of a ``.cfg`` file; every line that does not change stays byte for byte as it is.

Order, comments, blank lines, line ends, byte order mark, encoding, disabled lines and duplicates are kept. A new option
comes last in its section, a new section last in the file. What was taken out is kept beside, so that it can be put back.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from orsgate.estate.export import BLANKS, Export, Option, Section, parse
from orsgate.estate.mistakes import InputError
from orsgate.estate.secret import Revealer
from orsgate.remedy.changes import OptionChange

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")
_LINE_END = re.compile(rb"(?:\r\n|\n|\r)\Z")
DISABLED = "#"
"""Stands before the name of an option that is disabled."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One place of a file that was changed.

    Attributes:
        line: of the original, from 1.
        at: where ``added`` begins in the file afterwards, in bytes.
        removed: what stood there, whole lines.
        added: what stands there now.
    """

    line: int
    at: int
    removed: bytes
    added: bytes


@dataclass(frozen=True, slots=True)
class Edited:
    """A file after its changes, and how it differs from what it was, in file order."""

    data: bytes
    edits: tuple[Edit, ...]


def edited(data: bytes, changes: Iterable[OptionChange], place: str) -> Edited:
    """``data`` with the options changed that ``changes`` name.

    All enabled lines of an option are changed or deleted; ``#`` before its name means the disabled ones. Empty as the option
    means the head of its section, which must not hold an enabled option any more.

    Args:
        data: the bytes of the file.
        changes: of this object only.
        place: the file as sentences name it.

    Raises:
        InputError: the file is not fully understood, or cannot hold a value in its encoding.
    """
    export = parse(data, place, Revealer())
    if problem := export.incomplete:
        told = "this line is not understood, so the file is not changed; correct it first"
        raise InputError(f"{export.where(problem.line)}: {told}")
    file = _File(data, export)
    for change in changes:
        file.apply(change)
    return file.edited()


def taken_back(data: bytes, edits: Iterable[Edit]) -> bytes:
    """What the file was before ``edits``.

    Raises:
        ValueError: the file does not hold what they added.
    """
    parts: list[bytes] = []
    done = 0
    for edit in edits:
        end = edit.at + len(edit.added)
        if edit.at < done or data[edit.at : end] != edit.added:
            raise ValueError(f"line {edit.line} of the original was changed to something else")
        parts += (data[done : edit.at], edit.removed)
        done = end
    parts.append(data[done:])
    return b"".join(parts)


class _File:
    """The lines of a file, each with what takes its place and what is put after it."""

    def __init__(self, data: bytes, export: Export) -> None:
        self._export = export
        self._bom = BOM_UTF8 if data.startswith(BOM_UTF8) else b""
        self._lines = [match[0] for match in _LINE.finditer(data, len(self._bom))] or [b""]
        ends = Counter(found[0] for line in self._lines if (found := _LINE_END.search(line)))
        self._end = ends.most_common(1)[0][0] if ends else b"\n"
        self._text: dict[int, bytes | None] = {}
        self._after: dict[int, list[bytes]] = {}
        self._new: dict[str, list[bytes]] = {}

    def apply(self, change: OptionChange) -> None:
        """Note what one change does to the lines."""
        if not change.option:
            self._section(change)
            return
        found = list(self._found(change))
        for option in found:
            line = option.line - 1
            self._text[line] = None if change.after is None else self._with_value(self._lines[line], change.after)
        if not found and change.after is not None:
            self._add(change.section, f"{change.option}={change.after}")

    def _found(self, change: OptionChange) -> Iterator[Option]:
        disabled = change.option.startswith(DISABLED)
        name = change.option.removeprefix(DISABLED)
        for section in self._blocks(change.section):
            yield from (option for option in section.options if option.name == name and option.enabled is not disabled)

    def _blocks(self, name: str) -> Iterator[Section]:
        return (section for section in self._export.sections if section.name == name and section.enabled)

    def _section(self, change: OptionChange) -> None:
        blocks = list(self._blocks(change.section))
        if change.after is not None:
            if not blocks:
                self._new.setdefault(change.section, [])
            return
        for block in blocks:
            left = [option.name for option in block.options if self._text.get(option.line - 1, b"") is not None]
            if left or self._after.get(_last_line(block)):
                raise ValueError(f"the section {change.section} still holds {', '.join(left) or 'new options'}")
            self._text[block.line - 1] = None

    def _add(self, section: str, text: str) -> None:
        block = next(self._blocks(section), None)
        kept = block is not None and self._text.get(block.line - 1, b"") is not None
        if block is not None and kept:
            self._after.setdefault(_last_line(block), []).append(self._encoded(text))
        else:
            self._new.setdefault(section, []).append(self._encoded(text))

    def _with_value(self, line: bytes, value: str) -> bytes:
        end = _LINE_END.search(line)
        ending = end[0] if end else b""
        text = line.removesuffix(ending).decode(self._export.encoding)
        head, equals, rest = text.partition("=")
        blanks = rest[: len(rest) - len(rest.lstrip(BLANKS))] if rest.strip(BLANKS) else ""
        trailing = rest[len(rest.rstrip(BLANKS)) :] if rest.strip(BLANKS) else ""
        return self._encoded(f"{head}{equals}{blanks}{value}{trailing}") + ending

    def _encoded(self, text: str) -> bytes:
        try:
            return text.encode(self._export.encoding)
        except UnicodeEncodeError as error:
            name = text.partition("=")[0].strip(BLANKS)
            character = text[error.start : error.end]
            told = f"the value for {name} holds {character!r}, which the encoding of the file ({self._export.encoding}) has not"
            raise InputError(f"{self._export.place}: {told}; save the file as UTF-8, or give another value") from None

    def edited(self) -> Edited:
        """The file afterwards."""
        self._new_sections()
        edits: list[Edit] = []
        parts = [self._bom]
        at = len(self._bom)
        last = len(self._lines) - 1
        for number, line in enumerate(self._lines):
            added = self._replacement(number, line, is_last=number == last)
            if added != line:
                edits.append(Edit(number + 1, at, line, added))
            parts.append(added)
            at += len(added)
        return Edited(b"".join(parts), tuple(edits))

    def _replacement(self, number: int, line: bytes, *, is_last: bool) -> bytes:
        own = self._text.get(number, line)
        following = self._after.get(number, [])
        if not following:
            return own or b""
        lines = [*([own] if own else []), *following]
        whole = b"".join(each if _LINE_END.search(each) else each + self._end for each in lines)
        ended = not is_last or not line or _LINE_END.search(line) is not None
        return whole if ended else whole.removesuffix(self._end)

    def _new_sections(self) -> None:
        """Put the new sections after the last line, an empty line before each."""
        if not self._new:
            return
        last = len(self._lines) - 1
        tail = self._after.setdefault(last, [])
        for section, options in self._new.items():
            before = tail[-1] if tail else self._last_shown()
            if before.strip(b" \t\r\n"):
                tail.append(self._end)
            tail += (self._encoded(f"[{section}]"), *options)

    def _last_shown(self) -> bytes:
        """The last line that stays; empty where none does."""
        shown = (self._text.get(number, self._lines[number]) for number in reversed(range(len(self._lines))))
        return next((line for line in shown if line is not None), b"")


def _last_line(section: Section) -> int:
    """The line, from 0, of the last option of a section, or of its head."""
    return max((option.line for option in section.options), default=section.line) - 1
