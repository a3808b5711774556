# SPDX-License-Identifier: Apache-2.0
"""From results to what the HTML report shows of each requirement: in short, in full, and by root cause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from orsgate.estate.estate import Estate
from orsgate.estate.judgement import MET, Outcome
from orsgate.reporting import grouping
from orsgate.reporting.html import full, marks, model
from orsgate.reporting.html.marks import mark_of
from orsgate.reporting.html.seen import Everyone, seen
from orsgate.reporting.results_json import NO_REASON, not_proven
from orsgate.verdict.result import Result

MOST_VIOLATIONS = 500
"""Violations, or missing facts, shown for one requirement."""
MOST_NOTES = 50
MOST_ROWS = 20
"""Rows for one remedy in the summary."""
MOST_PLACES = 8
"""Subjects for one row, or one root cause, in the summary."""

_ORDER = (Outcome.ERROR, Outcome.BLOCKED, Outcome.MANUAL, Outcome.SKIPPED, Outcome.PASS)
_ATTEST = "a person has to attest them, and no attestation counts"
_DECLARED = "they pass, but on facts that somebody typed in the estate file and that were read from no system"


def reference(result: Result) -> model.Reference:
    """A result as a link."""
    return model.Reference(result.id, result.planned.title, result.planned.severity)


def reason(result: Result) -> str:
    """Why it did not pass; empty for a pass."""
    return result.reason or ("" if result.outcome is Outcome.PASS else NO_REASON)


def failure(result: Result) -> model.Failure:
    """A requirement that failed, its violations grouped by what mends them."""
    remedies: dict[str, list[model.Alike]] = {}
    for alike in grouping.alike(result):
        places, more = shown_places(alike.places)
        remedies.setdefault(alike.fix, []).append(model.Alike(alike.found, alike.expected, places, more))
    grouped = tuple(model.Remedy(fix, tuple(rows[:MOST_ROWS]), max(0, len(rows) - MOST_ROWS)) for fix, rows in remedies.items())
    return model.Failure(reference(result), mark_of(result), reason(result), result.why, grouped)


def causes(results: Sequence[Result]) -> tuple[model.Cause, ...]:
    """What is not proven, by root cause: what broke first, then what keeps most from being proven."""
    groups: dict[tuple[Outcome, str], list[Result]] = {}
    for result, why in not_proven(results):
        texts = {Outcome.MANUAL: (_ATTEST,), Outcome.PASS: (_DECLARED,)}.get(result.outcome) or result.causes or (why,)
        for text in texts:
            groups.setdefault((result.outcome, text), []).append(result)
    ordered = sorted(groups.items(), key=lambda item: (_ORDER.index(item[0][0]), -len(item[1])))
    return tuple(_cause(outcome, text, found) for (outcome, text), found in ordered)


def _cause(outcome: Outcome, text: str, results: Sequence[Result]) -> model.Cause:
    found = {
        (gap.subject, gap.unknown.where): None for result in results for gap in result.judgement.gaps if gap.unknown.cause == text
    }
    places, more = shown_places(found)
    shown = marks.DECLARED if outcome is Outcome.PASS else marks.MARKS[outcome]
    return model.Cause(shown, text, tuple(reference(result) for result in results), places, more)


def shown_places(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[model.Place, ...], int]:
    """The first subjects, each with where something of it was read, and how many more there are."""
    found = tuple(pairs)
    return tuple(model.Place(*pair) for pair in found[:MOST_PLACES]), max(0, len(found) - MOST_PLACES)


def sections(estate: Estate, results: Sequence[Result]) -> Iterator[full.Section]:
    """Every requirement in full, those that ended alike together, the worst first."""
    everyone = Everyone.of(estate)
    for state, meaning in marks.COUNTED.items():
        found = tuple(requirement(result, everyone) for result in results if mark_of(result) is state)
        if found:
            yield full.Section(state, anchor(state), meaning, found)


def anchor(state: marks.Mark) -> str:
    """Where the requirements with a state stand."""
    return f"all-{state.word.replace(' ', '-')}"


def requirement(result: Result, everyone: Everyone) -> full.Requirement:
    """A requirement in full; why it matters, its remedy and its source only where it did not pass."""
    judgement = result.judgement
    settled = result.outcome in MET
    evidence, shown, more = seen(result, everyone)
    return full.Requirement(
        reference=reference(result),
        mark=mark_of(result),
        was=marks.MARKS[result.original_outcome].word if result.original_outcome is not result.outcome else "",
        reason=reason(result),
        rests=", ".join(_rests(result)),
        why="" if settled else result.why,
        fix="" if settled else result.fix,
        source="" if settled else result.source,
        gherkin="\n".join(result.gherkin),
        violations=tuple(
            full.ViolationRow(found.subject, found.found, found.expected, found.where, found.fix)
            for found in result.violations[:MOST_VIOLATIONS]
        ),
        violations_more=max(0, len(result.violations) - MOST_VIOLATIONS),
        remedies=any(found.fix for found in result.violations[:MOST_VIOLATIONS]),
        gaps=tuple(full.GapRow(gap.subject, gap.unknown.cause, gap.unknown.where) for gap in judgement.gaps[:MOST_VIOLATIONS]),
        gaps_more=max(0, len(judgement.gaps) - MOST_VIOLATIONS),
        notes=model.Shown.first(judgement.notes, MOST_NOTES),
        evidence=evidence,
        evidence_shown=shown,
        evidence_more=more,
    )


def _rests(result: Result) -> Iterator[str]:
    """Severity, basis and the like, in words."""
    yield result.planned.severity
    yield result.judgement.basis.value
    if result.planned.mode != "passive":
        yield result.planned.mode
    if result.planned.origin != "core":
        yield "requirement of the team"


def waived(result: Result) -> model.Failure:
    """A waived requirement, with what it was before."""
    before = marks.MARKS[result.original_outcome].word
    return replace(failure(result), reason=f"{before}, and waived: {reason(result)}")
