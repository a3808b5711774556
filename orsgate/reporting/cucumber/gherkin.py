# SPDX-License-Identifier: Apache-2.0
"""Gherkin documents that are written from the results of a run, and read by Cucumber's own parser.

Written anew, and not copied from the feature files, they hold every planned requirement exactly once: also one whose scenario is
missing, stands twice, or is a team's. Titles, tags and steps are as they were read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from gherkin.ast_builder import AstBuilder
from gherkin.dialect import Dialect
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler
from gherkin.stream.id_generator import IdGenerator

from orsgate.reporting.text import in_one_line

_ANY = "* "
"""The keyword that every language has."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario to be written.

    Attributes:
        tags: without ``@``.
        steps: at least one, since without any it is none to Cucumber; each with its keyword.
    """

    tags: tuple[str, ...]
    name: str
    steps: tuple[str, ...]


def written(title: str, description: str, scenarios: Sequence[Scenario]) -> str:
    """The text of a document; nothing in a name or a step can begin a line of its own."""
    return "\n".join(_lines(title, description, scenarios))


def parsed(text: str, uri: str, ids: IdGenerator) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The document as a message, and its pickles, one for each scenario, as JSON."""
    document: dict[str, Any] = {**Parser(AstBuilder(ids)).parse(text), "uri": uri}
    return document, [dict(pickle) for pickle in Compiler(ids).compile(cast("Any", document))]


def as_code(name: str) -> str:
    """A name as code in Markdown, which is what formatters take a description for."""
    shown = in_one_line(name).replace("`", "'")
    return f"`{shown}`"


def _lines(title: str, description: str, scenarios: Sequence[Scenario]) -> Iterator[str]:
    yield "# Written by orsgate from the results of a run"
    yield f"Feature: {in_one_line(title)}"
    yield f"  Run: {in_one_line(description)}"
    for scenario in scenarios:
        yield ""
        yield f"  {' '.join(f'@{tag}' for tag in scenario.tags)}"
        yield f"  Scenario: {in_one_line(scenario.name)}"
        yield from (f"    {_step(step)}" for step in scenario.steps)
    yield ""


def _step(line: str) -> str:
    """A step as written; one in another language stands behind the keyword of all."""
    shown = in_one_line(line).strip()
    return shown if _KEYWORD.match(shown) else f"{_ANY}{shown}"


def _keyword() -> re.Pattern[str]:
    english = cast("Dialect", Dialect.for_name("en"))
    kinds = (english.given_keywords, english.when_keywords, english.then_keywords, english.and_keywords, english.but_keywords)
    return re.compile("|".join(re.escape(keyword) for kind in kinds for keyword in kind))


_KEYWORD = _keyword()
