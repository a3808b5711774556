# SPDX-License-Identifier: Apache-2.0
"""Stored runs by hand and by hypothesis, and results.json files of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from orsgate.estate.judgement import Outcome
from orsgate.estate.knowledge import Basis
from orsgate.reporting.history.stored import (
    StoredEstate,
    StoredEvidence,
    StoredExclusion,
    StoredGap,
    StoredPart,
    StoredResult,
    StoredRun,
    StoredScope,
    StoredTool,
    StoredViolation,
)
from orsgate.reporting.results_json import chunks
from orsgate.reporting.text import utc
from tests.reporting import runs

START = datetime(2026, 1, 3, 22, tzinfo=UTC)
APPLICATIONS = ("ORS_1", "ORS_1_B", "ORS_2")


def violation(subject: str = "ORS_1", found: str = "log/all = network", expected: str = "log/all = stdout") -> StoredViolation:
    return StoredViolation(subject, found, expected, f"exports/{subject}.cfg:4", "set it")


def result(
    outcome: Outcome,
    name: str = "ORS-0201",
    *,
    violations: Sequence[StoredViolation] | None = None,
    gaps: Sequence[StoredGap] = (),
    subjects: Sequence[str] = APPLICATIONS,
    evidence: Sequence[str] = ("as it should be",),
    **others: Any,
) -> StoredResult:
    """A result whose parts fit its outcome."""
    was = others.pop("original_outcome", Outcome.FAIL if outcome is Outcome.WAIVED else outcome)
    found = tuple(violations) if violations is not None else (violation(),) if was is Outcome.FAIL else ()
    if outcome is Outcome.BLOCKED and not gaps:
        gaps = (StoredGap("ORS_1", "exports/ORS_1.cfg cannot be read"),)
    made = StoredResult(
        name, f"Title of {name}", int(name[4:6]), "blocker", "passive", "core", outcome, was, Basis.OBSERVED,
        "" if outcome is Outcome.PASS else f"why it is {outcome.value}", "mend it", tuple(subjects), found,
        tuple(StoredEvidence(subject, text, f"exports/{subject}.cfg:3") for subject in subjects for text in evidence),
        tuple(gaps),
    )  # fmt: skip
    return replace(made, **others)


def run(*results: StoredResult, days: float = 0, applications: Sequence[str] = APPLICATIONS, **others: Any) -> StoredRun:
    """A run with facts of so many days after the start."""
    time = START + timedelta(days=days)
    counts = Counter(each.outcome for each in results)
    made = StoredRun(
        "orsgate/report/1", "readiness", "inconclusive", StoredEstate("Sample", "8.1.200.50", "8.1.400.27", "standard"),
        StoredScope(tuple(applications), (), ()), time, time + timedelta(seconds=2), time,
        StoredTool("orsgate", "1.0", "c" * 64, "f" * 64), (StoredPart("configuration", ()),),
        {outcome: counts[outcome] for outcome in Outcome}, tuple(sorted(results, key=lambda each: each.id)), 0,
    )  # fmt: skip
    return replace(made, **others)


def excluding(name: str, reason: str, made: StoredRun) -> StoredRun:
    """The same run with an application left out."""
    names = tuple(each for each in made.scope.applications if each != name)
    return replace(made, scope=StoredScope(names, (StoredExclusion(name, reason),), ()))


def saved(made: StoredRun, path: Path) -> Path:
    """The run as a results.json, as far as it is read back."""
    document = asdict(made)
    for key in ("started", "finished", "collected"):
        document[key] = utc(getattr(made, key))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document), "ascii")
    return path


def written(path: Path, *arguments: Any, **keywords: Any) -> Path:
    """The results.json of a run of the engine."""
    path.write_text("".join(chunks(*runs.run(*arguments, **keywords))), "ascii")
    return path


_words = st.sampled_from(("a", "b", "ORS_1", "ORS_1_B", "ORS_1, ORS_2", "<script>", "\u202e"))
_violations = st.lists(st.builds(violation, _words, _words, _words), min_size=1, max_size=6)


@st.composite
def results(draw: st.DrawFn, name: str) -> StoredResult:
    """A result of any outcome, with violations that may be alike."""
    outcome = draw(st.sampled_from(tuple(Outcome)))
    was = outcome
    if outcome is Outcome.WAIVED:
        was = draw(st.sampled_from((Outcome.FAIL, Outcome.BLOCKED, Outcome.MANUAL, Outcome.SKIPPED)))
    return result(
        outcome, name, original_outcome=was, violations=draw(_violations) if was is Outcome.FAIL else (),
        gaps=tuple(StoredGap(subject, "cause") for subject in draw(st.lists(_words, max_size=2))),
        evidence=draw(st.lists(_words, min_size=1, max_size=3)), basis=draw(st.sampled_from(tuple(Basis))),
        severity=draw(st.sampled_from(("blocker", "warning", "advice"))),
        reason=draw(_words) if outcome is not Outcome.PASS else "",
    )  # fmt: skip


IDS = ("ORS-0101", "ORS-0201", "ORS-0202", "ORS-0501")


@st.composite
def any_run(draw: st.DrawFn) -> StoredRun:
    """A run of any outcomes, over any part of the ids and applications."""
    chosen = draw(st.sets(st.sampled_from(IDS)))
    applications = draw(st.sets(st.sampled_from(APPLICATIONS)))
    return run(*(draw(results(name)) for name in chosen), applications=sorted(applications), days=draw(st.integers(0, 9)))
