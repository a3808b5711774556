# SPDX-License-Identifier: Apache-2.0
"""What the console report says is not met, and what is not known: with its remedy, its cause, and who accepted it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orsgate.estate.judgement import Outcome
from orsgate.estate.wording import listed
from orsgate.reporting.console.line import Line, Near, heading, named
from orsgate.reporting.grouping import Alike, alike, causes
from orsgate.reporting.html.marks import MARKS
from orsgate.reporting.waivers import accepted_first, elsewhere, problem, without_effect
from orsgate.verdict.events import RunFinished
from orsgate.verdict.result import Result

MOST_PLACES = 6
"""Subjects shown of violations that say the same; the other reports hold all."""
MOST_GROUPS = 12
"""Kinds of violation shown of one requirement."""


def failed(results: Sequence[Result], near: Near, *, everything: bool) -> Iterator[Line]:
    """The requirements that failed, blockers first.

    Args:
        results: of the run.
        near: makes places short.
        everything: show every kind of violation.
    """
    for severity, title in (("blocker", "Blockers that failed"), ("warning", "Warnings"), ("advice", "Advice")):
        found = [result for result in results if result.outcome is Outcome.FAIL and result.planned.severity == severity]
        if found:
            yield from heading(title)
        for result in found:
            yield Line(f"{result.id}  {result.planned.title}", "red" if severity == "blocker" else "yellow", 2)
            yield from _violations(result, near, everything=everything)
            if result.causes:
                yield Line(f"besides, not known: {'; '.join(result.causes)}", "yellow", 4)


def unknown(finished: RunFinished, near: Near) -> Iterator[Line]:
    """What went wrong with the run itself, and each cause with the requirements that it keeps from being judged."""
    found = causes(finished.results)
    if found or finished.problems:
        yield from heading("Not known")
    for trouble in finished.problems:
        yield Line(trouble.message, "magenta", 2)
    for cause, blocked in found.items():
        yield Line(near(cause), "yellow", 2)
        yield Line(f"keeps from being judged: {', '.join(map(named, blocked))}", "dim", 4)


def waived(finished: RunFinished, near: Near, *, everything: bool) -> Iterator[Line]:
    """What was accepted by name, with what is the matter; and the waivers that bend nothing."""
    found = [result for result in finished.results if result.outcome is Outcome.WAIVED]
    if found:
        yield from heading("Waived: not met or not proven, and accepted by name")
    for result in found:
        before = MARKS[result.original_outcome].word
        yield Line(f"{named(result)}  {result.planned.title}: {before}, waived", "cyan", 2)
        yield from _violations(result, near, everything=everything)
        if not result.violations or result.causes:
            yield Line(f"not proven: {near('; '.join(result.causes) or result.reason)}", "", 4)
        for sentence in accepted_first(result.waivers):
            yield Line(sentence, "cyan", 4)
    useless, foreign = without_effect(finished.waivers), elsewhere(finished.waivers)
    if useless or foreign:
        yield from heading("Waivers that do not apply")
    for use in useless:
        yield Line(f"{use.waiver.requirement}  {near(problem(use))}", "yellow", 2)
    if foreign:
        ids = ", ".join(dict.fromkeys(use.waiver.requirement for use in foreign))
        yield Line(f"for requirements that this run does not judge: {ids}", "dim", 2)


def _violations(result: Result, near: Near, *, everything: bool) -> Iterator[Line]:
    groups = alike(result)
    fixes = {group.fix for group in groups}
    shown = groups if everything else groups[:MOST_GROUPS]
    for group in shown:
        yield from _group(group, near, with_fix=len(fixes) > 1)
    if len(groups) > len(shown):
        yield Line(f"and {len(groups) - len(shown)} more kinds of violation: --verbose or a report shows them", "dim", 4)
    if len(fixes) == 1:
        yield Line(f"Fix: {groups[0].fix}", "cyan", 4)


def _group(group: Alike, near: Near, *, with_fix: bool) -> Iterator[Line]:
    subjects = listed([_subject(subject, where, near) for subject, where in group.places], MOST_PLACES)
    yield Line(f"{subjects}: {near(group.found)}; expected: {near(group.expected)}", "", 4)
    if with_fix:
        yield Line(f"Fix: {group.fix}", "cyan", 6)


def _subject(subject: str, where: str, near: Near) -> str:
    """A subject with its place, unless that is the subject itself in a live source."""
    return f"{subject} ({near(where)})" if where and not where.endswith(f" {subject}") else subject
