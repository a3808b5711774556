# SPDX-License-Identifier: Apache-2.0
"""Option exports (``.cfg``/``.conf``): the facts they hold, reading and writing them.

Source of the format: GAX 8.1 Help, "CFG/CONF File Format"; what it leaves open is decided in the design.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from sys import intern
from typing import Literal

from orsgate.estate.secret import Redactor, Secret, says_secret

BLANKS = " \t"
_LINE_END = re.compile(r"\r\n|\n|\r")
_SECTION = re.compile(r"\[([^\[\]]+)\]")
_ESCAPED = re.compile("[\udc80-\udcff]")  # what decoding leaves of a byte that is no text
_LOST = re.compile("[\0\udc80-\udcff]")


class ProblemKind(StrEnum):
    """What is wrong with a line of an export."""

    NOT_UNDERSTOOD = "neither a section, an option, a comment nor blank"
    BEFORE_SECTION = "an option before the first section"
    UNDECODABLE = "bytes that are neither UTF-8 nor Windows-1252 text"
    DUPLICATE = "set a second time"
    DUPLICATE_SECTION = "a section that began before"

    @property
    def loses_content(self) -> bool:
        """Whether the options can no longer be said to be known; a duplicate is understood, the others are not."""
        return self not in {ProblemKind.DUPLICATE, ProblemKind.DUPLICATE_SECTION}


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that cannot be read back whole.

    Attributes:
        line: its number, from 1.
        text: what is to be shown of it; never a value, which could be a secret.
    """

    line: int
    kind: ProblemKind
    text: str


OptionType = Literal["string", "integer", "binary", "list"]
"""The types of a value in a list of Configuration Server; an export file holds strings only."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option.

    Attributes:
        line: of the file; 0 where it was read from a live source.
        enabled: false where ``#`` stands before it or before its section.
        type: of its value; a value that is no string stands here as text.
    """

    name: str
    value: str | Secret
    line: int
    enabled: bool = True
    type: OptionType = "string"


@dataclass(frozen=True, slots=True)
class Section:
    """One section with its options, in file order."""

    name: str
    line: int
    enabled: bool
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Export:
    """The options of one object, read from an export file or from a live source.

    Attributes:
        place: the file or the endpoint they were read from.
        sections: in the order read; a section that began twice stands here twice.
        problems: lines that could not be understood, or that stand twice.
        digest: keyed digest of the bytes, to tell byte-identical files; empty for a live source.
        modified: time of last modification as the file system has it; shown, never judged.
    """

    place: str
    sections: tuple[Section, ...]
    problems: tuple[Problem, ...] = ()
    encoding: str = "utf-8"
    digest: str = ""
    modified: str = ""
    read_back: bool = field(default=True)
    """Whether parse, write, parse gave the same sections and options."""

    def where(self, line: int) -> str:
        """``path:line`` of a line of the file; the endpoint alone for a live source, which has no lines."""
        return f"{self.place}:{line}" if line else self.place

    def enabled_options(self) -> Iterator[tuple[Section, Option]]:
        """Every enabled option with its section."""
        for section in self.sections:
            for option in section.options:
                if option.enabled:
                    yield section, option

    @property
    def has_options(self) -> bool:
        """Whether at least one option is enabled."""
        return next(self.enabled_options(), None) is not None

    @property
    def incomplete(self) -> Problem | None:
        """The first line that was not understood, if any: then the options are not fully known."""
        return next((problem for problem in self.problems if problem.kind.loses_content), None)

    def content(self) -> dict[tuple[str, str], str | Secret]:
        """Enabled options as ``(section, name) -> value``; of a duplicate the last one."""
        return {(section.name, option.name): option.value for section, option in self.enabled_options()}


def decode(data: bytes) -> tuple[str, str, list[Problem]]:
    """Decode the bytes of an export: UTF-8 with or without BOM, else Windows-1252.

    A file that begins with a BOM says itself that it is UTF-8, and is never taken for Windows-1252.

    Returns:
        text, encoding, and a problem for each line that the encoding cannot read (or that holds NUL bytes).
    """
    try:
        text, encoding = data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        encoding = "utf-8" if data.startswith(BOM_UTF8) else "cp1252"
        text = data.removeprefix(BOM_UTF8).decode(encoding, errors="surrogateescape")
    if not _LOST.search(text):
        return text, encoding, []
    lines = enumerate(_LINE_END.split(text), 1)
    problems = [Problem(number, ProblemKind.UNDECODABLE, _shown(line)) for number, line in lines if _LOST.search(line)]
    return _ESCAPED.sub("\ufffd", text), encoding, problems


def parse(data: bytes, place: str, redactor: Redactor, modified: str = "") -> Export:
    """Read an export; nothing is dropped silently: what is not understood becomes a problem with its line.

    Args:
        data: the bytes of the file.
        place: the path as reports show it.
        redactor: replaces secret values where they enter.
        modified: time of last modification, for display.
    """
    text, encoding, undecodable = decode(data)
    sections, problems = _parse_text(text)
    reread, _ = _parse_text(_write(sections))
    broken = {problem.line for problem in undecodable}
    problems = undecodable + [problem for problem in problems if problem.line not in broken]
    return Export(
        place=place,
        sections=tuple(_redacted(section, redactor) for section in sections),
        problems=tuple(sorted(problems, key=lambda problem: problem.line)),
        encoding=encoding,
        digest=redactor.digest(data),
        modified=modified,
        read_back=_shape(sections) == _shape(reread),
    )


def _redacted(section: Section, redactor: Redactor) -> Section:
    def redacted(option: Option) -> Option:
        value = redactor.value(section.name, option.name, str(option.value))
        return option if value == option.value else replace(option, value=value)

    return replace(section, options=tuple(map(redacted, section.options)))


def _parse_text(text: str) -> tuple[list[Section], list[Problem]]:
    reader = _Reader()
    for number, line in enumerate(_LINE_END.split(text), 1):
        reader.read(number, line.strip(BLANKS))
    sections = [Section(name, line, enabled, tuple(options)) for name, line, enabled, options in reader.blocks]
    return sections, reader.problems


class _Reader:
    """Takes the lines of an export one by one."""

    def __init__(self) -> None:
        self.blocks: list[tuple[str, int, bool, list[Option]]] = []
        self.problems: list[Problem] = []
        self._sections: set[str] = set()
        self._options: set[tuple[str, str]] = set()

    def read(self, number: int, line: str) -> None:
        """Take a line, its blanks trimmed."""
        if not line or line.startswith((";", "//")):
            return
        disabled = line.startswith("#")
        body = line[1:].strip(BLANKS) if disabled else line
        section = _SECTION.fullmatch(body)
        name = (section[1] if section else body.partition("=")[0]).strip(BLANKS)
        if section and name.removeprefix("#").strip(BLANKS):
            self._section(number, name, disabled=disabled)
        elif section or not name or body.startswith("[") or "=" not in body:
            # What begins like a section is no option: else those that follow would stand in a wrong section.
            if not disabled:
                self.problems.append(Problem(number, ProblemKind.NOT_UNDERSTOOD, _shown(line)))
        elif self.blocks:
            self._option(number, name, body.partition("=")[2].strip(BLANKS), disabled=disabled)
        elif not disabled:
            self.problems.append(Problem(number, ProblemKind.BEFORE_SECTION, _shown(name)))

    def _section(self, number: int, name: str, *, disabled: bool) -> None:
        enabled = not disabled and not name.startswith("#")
        if not enabled and not disabled:
            name = name.removeprefix("#").strip(BLANKS)
        if enabled and name in self._sections:
            self.problems.append(Problem(number, ProblemKind.DUPLICATE_SECTION, f"[{name}]"))
        if enabled:
            self._sections.add(name)
        self.blocks.append((intern(name), number, enabled, []))

    def _option(self, number: int, name: str, value: str, *, disabled: bool) -> None:
        section, _, section_enabled, options = self.blocks[-1]
        enabled = section_enabled and not disabled
        if enabled and (section, name) in self._options:
            self.problems.append(Problem(number, ProblemKind.DUPLICATE, f"{section}/{name}"))
        if enabled:
            self._options.add((section, name))
        options.append(Option(intern(name), intern(value), number, enabled))


def _write(sections: list[Section]) -> str:
    lines: list[str] = []
    for section in sections:
        lines.append(f"[{section.name}]" if section.enabled else f"[#{section.name}]")
        lines.extend(f"{'' if option.enabled else '#'}{option.name}={option.value}" for option in section.options)
    return "\n".join(lines)


def _shape(sections: list[Section]) -> list[tuple[str, bool, list[tuple[str, str | Secret, bool]]]]:
    return [(s.name, s.enabled, [(o.name, o.value, o.enabled) for o in s.options]) for s in sections]


def _shown(line: str) -> str:
    """A line as a report may show it: short, printable, without what stands behind ``=``, and no secret."""
    head, equals, _ = line.partition("=")
    if not equals and says_secret(head):
        return "(a line about a secret, not shown)"
    text = "".join(character if character.isprintable() else "\ufffd" for character in head[:60])
    return text + ("..." if len(head) > 60 else "")
