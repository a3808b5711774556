# SPDX-License-Identifier: Apache-2.0
"""Writes options as the text of a ``.cfg`` file, and names what that format cannot hold.

Source of the format: GAX 8.1 Help, "CFG/CONF File Format" (string options only, one section or option a line). It has no
quoting, so what would be read back otherwise is left out, never changed. What is read back is what ``parse`` reads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from orsgate.estate.export import BLANKS, Export, Option, Problem, ProblemKind, Section
from orsgate.estate.secret import Secret

_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")  # a tab within a value or name is read back as it is
_HALF = re.compile("[\ud800-\udfff]")
_BRACKETS = re.compile(r"[\[\]]")
_COMMENTS = (";", "//")
_BESIDE = "it stands beside the sections, where a file has no place for it"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A section or option that a ``.cfg`` file cannot hold.

    Attributes:
        section: its name; empty for what stands in no section.
        option: its name; empty where the section as a whole is meant.
        why: in words that go on after the name; never a value.
    """

    section: str
    option: str
    why: str


@dataclass(frozen=True, slots=True)
class CfgText:
    """The text of a ``.cfg`` file.

    Attributes:
        text: with LF as line end; it can be encoded in UTF-8.
        options: how many options stand in it, disabled ones included.
        left_out: what does not, in the order of the export.
    """

    text: str
    options: int
    left_out: tuple[LeftOut, ...]


def cfg_text(export: Export) -> CfgText:
    """The options of ``export`` as text that is read back as they are.

    What is disabled is written with ``#``: ``[#section]``, whose options are disabled with it, and ``#name=value``.
    """
    blocks: list[str] = []
    left_out: list[LeftOut] = []
    written = 0
    for section in export.sections:
        lines, lost = _block(section)
        left_out += lost
        if lines:
            blocks.append("\n".join((_head(section), *lines, "")))
            written += len(lines)
    left_out += (LeftOut("", problem.text, _BESIDE) for problem in export.problems if beside_sections(problem))
    return CfgText("\n".join(blocks), written, tuple(left_out))


def beside_sections(problem: Problem) -> bool:
    """Whether a problem is that a live source shows something in no section: it is known, and a file cannot hold it."""
    return problem.kind is ProblemKind.BEFORE_SECTION and problem.line == 0


def _block(section: Section) -> tuple[list[str], list[LeftOut]]:
    """The lines of the options of a section, and what is left out of it."""
    if why := _unfit_section(section):
        names = [option.name for option in section.options] or [""]
        return [], [LeftOut(section.name, name, why) for name in names]
    lines: list[str] = []
    lost: list[LeftOut] = []
    for option in section.options:
        if why := _unfit_option(section, option):
            lost.append(LeftOut(section.name, option.name, why))
        else:
            lines.append(f"{'#' if _marked(section, option) else ''}{option.name}={option.value}")
    if not lines:
        lost.append(LeftOut(section.name, "", "the section holds no option that can be written"))
    return lines, lost


def _head(section: Section) -> str:
    return f"[{section.name}]" if section.enabled else f"[#{section.name}]"


def _marked(section: Section, option: Option) -> bool:
    """Whether ``#`` must stand before an option; within a disabled section only where it would else be no option."""
    return not option.enabled and (section.enabled or option.name.startswith(("#", *_COMMENTS)))


def _unfit_section(section: Section) -> str:
    if why := _unfit_name(section.name):
        return f"the name of its section {why}"
    if _BRACKETS.search(section.name):
        return "the name of its section holds a square bracket, which ends it"
    if section.enabled and section.name.startswith("#"):
        return "the name of its section begins with #, which reads as disabled"
    return ""


def _unfit_option(section: Section, option: Option) -> str:
    if why := _unfit_name(option.name):
        return f"its name {why}"
    if "=" in option.name:
        return "its name holds =, where the value would begin"
    if option.name.startswith("["):
        return "its name begins with [, which reads as a section"
    marked = _marked(section, option)
    if not marked and option.name.startswith("#"):
        return "its name begins with #, which reads as disabled"
    if not marked and option.name.startswith(_COMMENTS):
        return "its name begins like a comment"
    return _unfit_value(option)


@lru_cache(maxsize=4096)  # applications have the same names of sections and options
def _unfit_name(name: str) -> str:
    """Why neither a section nor an option can have this name in a file, in words after "its name"."""
    if not name:
        return "is empty"
    if why := _unfit_text(name):
        return why
    return "begins or ends with a blank, which is trimmed when it is read" if name != name.strip(BLANKS) else ""


def _unfit_value(option: Option) -> str:
    if isinstance(option.value, Secret):
        return "its value was not kept when it was read, since it is a secret"
    if option.type != "string":
        return f"its type is {option.type}, and the format holds strings only"
    if why := _unfit_text(option.value):
        return f"its value {why}"
    if option.value != option.value.strip(BLANKS):
        return "its value begins or ends with a blank, which is trimmed when it is read"
    return ""


def _unfit_text(text: str) -> str:
    if _CONTROL.search(text):
        return "holds a line break or another control character"
    if _HALF.search(text):
        return "holds half a character, which no encoding can write"
    return ""
