# SPDX-License-Identifier: Apache-2.0
"""results.json (``orsgate/report/1``): the whole run for machines; what every other report shows is in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from orsgate import __version__
from orsgate.estate.estate import Estate, FactUnknownError
from orsgate.estate.evidence_files import ReadinessRecord
from orsgate.estate.judgement import Outcome
from orsgate.estate.knowledge import Basis, Unknown
from orsgate.estate.schema import Change
from orsgate.estate.scope import Scope
from orsgate.estate.snapshot import Part, Snapshot, sha256
from orsgate.reporting.grouping import left_behind, stage_of
from orsgate.reporting.json_text import json_text
from orsgate.reporting.reporter import FileReporter
from orsgate.reporting.text import utc
from orsgate.rules.catalogue import catalogue_sha256
from orsgate.verdict.events import RunFinished, RunStarted
from orsgate.verdict.result import Result
from orsgate.verdict.waiver import WaiverUse

SCHEMA = "orsgate/report/1"
DECLARED = "rests on declared facts"
"""Why a requirement that passed is not proven all the same."""
NO_REASON = "no reason was given"
"""Stands where a result that did not pass gives none; a reason is empty only for a pass."""

_RUN_ID_DIGITS = 12
_OPEN = {Outcome.ERROR, Outcome.BLOCKED, Outcome.SKIPPED, Outcome.MANUAL}


def document(started: RunStarted, finished: RunFinished) -> dict[str, Any]:
    """The report as plain JSON values; see ``results.schema.json``."""
    return {key: _plain(value) for key, value in _entries(started, finished)}


def chunks(started: RunStarted, finished: RunFinished) -> Iterator[str]:
    """The same as JSON text in ASCII, piece by piece: one line for each violation, piece of evidence and the like."""
    return json_text(_entries(started, finished))


class JsonReporter(FileReporter):
    """Writes results.json."""

    def chunks(self, started: RunStarted, finished: RunFinished) -> Iterator[str]:
        """The report piece by piece."""
        return chunks(started, finished)


@cache
def schema() -> dict[str, Any]:
    """The published JSON Schema of the report."""
    text = (files("orsgate.reporting") / "results.schema.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def not_proven(results: Iterable[Result]) -> list[tuple[Result, str]]:
    """What nobody may call met on facts that were read, and why: error, blocked, skipped, manual, or declared only."""
    found = []
    for result in results:
        if result.outcome in _OPEN:
            found.append((result, result.reason or NO_REASON))
        elif result.outcome is Outcome.PASS and result.judgement.basis is Basis.DECLARED:
            found.append((result, DECLARED))
    return found


def reason_of(result: Result) -> str:
    """Why a result is no proof: why it did not pass, or that it rests on declared facts; empty for a pass that is proven."""
    if result.outcome is Outcome.PASS:
        return DECLARED if result.judgement.basis is Basis.DECLARED else ""
    return result.reason or NO_REASON


def scope_of(estate: Estate) -> Scope | None:
    """What is judged; None where the configuration is not known."""
    try:
        return estate.scope
    except FactUnknownError:
        return None


def run_id(sha256: str) -> str:
    """What tells one run from another in few letters: the beginning of the SHA-256 of its results.json, hexadecimal."""
    return sha256[:_RUN_ID_DIGITS]


def counts(results: Iterable[Result]) -> dict[Outcome, int]:
    """How many requirements ended with each outcome, zeros included."""
    found = dict.fromkeys(Outcome, 0)
    for result in results:
        found[result.outcome] += 1
    return found


def collected(snapshot: Snapshot) -> datetime:
    """When the youngest part of the snapshot was collected; without a part, when collecting began."""
    return max((part.collected for part in snapshot.parts), default=snapshot.started)


def _entries(started: RunStarted, finished: RunFinished) -> Iterator[tuple[str, Any]]:
    """The keys of the report in order; lists may come as iterators, so that nothing is in memory twice."""
    snapshot, verdict = started.estate.snapshot, finished.verdict
    results = sorted(finished.results, key=lambda result: result.id)
    file = snapshot.estate
    yield "schema", SCHEMA
    yield "phase", started.phase
    yield "verdict", verdict.name.value
    yield "verdict_sentence", verdict.sentence
    yield "exit_code", int(verdict.exit_code)
    yield "exceptions", verdict.exceptions
    yield "interrupted", finished.interrupted
    yield "strict", started.strict
    yield "selection", list(started.selection)
    yield "estate", {
        "name": file.estate.name, "file": snapshot.estate_path, "from_release": file.estate.from_release,
        "to_release": file.estate.to_release, "path": file.estate.path,
    }  # fmt: skip
    yield "change", _change(file.change)
    yield "policy", file.policy.model_dump(mode="json", exclude_none=True) if file.policy else None
    yield "plan", snapshot.plan or None
    yield "stage", stage_of(snapshot, started.phase) or None
    yield "left_behind", list(left_behind(snapshot))
    yield "scope", _scope(scope_of(started.estate))
    yield "started", utc(started.started)
    yield "finished", utc(finished.finished)
    yield "collected", utc(collected(snapshot))
    yield "snapshot_sha256", sha256(snapshot)
    yield "tool", {
        "name": "orsgate", "version": __version__, "catalogue_sha256": catalogue_sha256(),
        "features_sha256": started.features_sha256, "collected_with": snapshot.tool,
    }  # fmt: skip
    yield "parts", (_part(part) for part in snapshot.parts)
    yield "counts", {outcome.value: number for outcome, number in counts(results).items()}
    yield "results", (dict(_result(result)) for result in results)
    yield "not_proven", (
        {"id": result.id, "outcome": result.outcome.value, "reason": reason} for result, reason in not_proven(results)
    )  # fmt: skip
    yield "waivers", (waiver_entry(use) for use in finished.waivers)
    yield "waiver_files", [{"file": given.path, "sha256": given.sha256} for given in started.waiver_files]
    yield "record", _record(snapshot.record)
    yield "errors", ({"where": problem.where, "message": problem.message} for problem in finished.problems)


def waiver_entry(use: WaiverUse) -> dict[str, Any]:
    """A waiver, its state, what it covered, and why it bends nothing."""
    waiver = use.waiver
    return {
        "requirement": waiver.requirement, "outcome": waiver.outcome.value, "subject": waiver.subject, "reason": waiver.reason,
        "approver": waiver.approver, "risk": waiver.risk, "ticket": waiver.ticket, "from": utc(waiver.begins),
        "until": utc(waiver.until), "where": waiver.where, "state": use.standing.value, "covered": list(use.covered),
        "problem": use.problem,
    }  # fmt: skip


def _record(record: ReadinessRecord | Unknown | None) -> dict[str, str] | None:
    if not isinstance(record, ReadinessRecord) or not record.sha256:
        return None
    return {"file": record.place, "sha256": record.sha256}


def _change(change: Change) -> dict[str, str]:
    given = {key: getattr(change, key) for key in type(change).model_fields}
    return {key: utc(value) if isinstance(value, datetime) else value for key, value in given.items() if value}


def _part(part: Part) -> dict[str, Any]:
    return {
        "part": part.part, "host": part.host, "user": part.user, "collected": utc(part.collected),
        "stand_ins": list(part.stand_ins), "source": part.source,
    }  # fmt: skip


def _scope(scope: Scope | None) -> dict[str, Any]:
    if scope is None:
        return {"applications": [], "excluded": [], "disabled": []}
    return {
        "applications": [application.name for application in scope.applications],
        "excluded": [{"name": excluded.name, "reason": excluded.reason} for excluded in scope.excluded],
        "disabled": list(scope.disabled),
    }


def _result(result: Result) -> Iterator[tuple[str, Any]]:
    planned, judgement = result.planned, result.judgement
    yield "id", result.id
    yield "title", planned.title
    yield "step", planned.step
    yield "phase", list(planned.phases)
    yield "severity", planned.severity
    yield "mode", planned.mode
    yield "origin", planned.origin
    yield "outcome", result.outcome.value
    yield "original_outcome", result.original_outcome.value
    yield "basis", judgement.basis.value
    yield "reason", result.reason or ("" if result.outcome is Outcome.PASS else NO_REASON)
    yield "why", result.why
    yield "fix", result.fix
    yield "source", result.source
    yield "gherkin", list(result.gherkin)
    yield "subjects", list(judgement.subjects)
    yield "violations", (
        {
            "subject": found.subject, "found": found.found, "expected": found.expected, "where": found.where,
            "fix": result.remedy(found),
        }
        for found in result.violations
    )  # fmt: skip
    yield "gaps", (_gap(gap.subject, gap.unknown) for gap in judgement.gaps)
    yield "notes", list(judgement.notes)
    yield "evidence", ({"subject": seen.subject, "text": seen.text, "where": seen.where} for seen in result.evidence)
    yield "root_cause", result.root_cause
    yield "causes", list(result.causes)
    yield "duration_ms", round(result.duration_ms, 1)


def _gap(subject: str, unknown: Unknown) -> dict[str, str]:
    return {"subject": subject, "cause": unknown.cause, "where": unknown.where, "failure": unknown.failure.value}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, Iterator | list):
        return [_plain(entry) for entry in value]
    return value
