# SPDX-License-Identifier: Apache-2.0
"""Metrics for the textfile collector of node_exporter, which reads files whose names end in ``.prom``.

All are gauges without timestamps, as that collector wants them; a file for each phase may lie in the same directory. Alert on
``orsgate_verdict{verdict="go"} != 1``, on ``orsgate_notices > 0``, since a GO of a plan or of stand-ins is none of the estate
itself, and on the age of ``orsgate_finished_timestamp_seconds``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import product
from typing import get_args

from orsgate import __version__
from orsgate.estate.judgement import Outcome
from orsgate.reporting.grouping import notices
from orsgate.reporting.reporter import FileReporter
from orsgate.reporting.results_json import not_proven
from orsgate.reporting.text import in_one_line
from orsgate.rules.catalogue import Severity
from orsgate.verdict.events import RunFinished, RunStarted
from orsgate.verdict.result import Result
from orsgate.verdict.verdict import VerdictName

Sample = tuple[Mapping[str, str], float]


class PrometheusReporter(FileReporter):
    """Writes metrics in the text format of Prometheus."""

    def chunks(self, started: RunStarted, finished: RunFinished) -> Iterator[str]:
        """The metrics, one after the other."""
        run = {"estate": in_one_line(started.estate.name), "phase": started.phase}
        for name, told, samples in _metrics(started, finished):
            yield f"# HELP orsgate_{name} {told}\n# TYPE orsgate_{name} gauge\n"
            for labels, value in samples:
                shown = ",".join(f'{key}="{_escaped(text)}"' for key, text in {**run, **labels}.items())
                yield f"orsgate_{name}{{{shown}}} {value:.15g}\n"


def _metrics(started: RunStarted, finished: RunFinished) -> Iterator[tuple[str, str, Iterable[Sample]]]:
    """Name, help and samples of each metric; the help texts never change, or two files in one directory would clash."""
    verdict, results = finished.verdict, finished.results
    yield "verdict", "1 for the verdict of the last run, 0 for the other two.", [
        ({"verdict": name.value}, name is verdict.name) for name in VerdictName
    ]  # fmt: skip
    told = notices(started.estate.snapshot, started.phase)
    yield "notices", "What restricts the verdict: a plan, a stage, a twin, or what stood in for the real software.", [
        ({}, len(told))
    ]  # fmt: skip
    yield "notice", "1 for each sentence that restricts the verdict.", (({"told": sentence}, 1) for sentence in told)
    yield "exit_code", "Exit code of the last run: 0 GO, 1 NO-GO, 3 inconclusive, 130 interrupted.", [({}, verdict.exit_code)]
    yield "exceptions", "Blockers that are waived.", [({}, verdict.exceptions)]
    yield "waiver_until_timestamp_seconds", "When a waiver ends that covers a requirement, Unix time.", _waivers(results)
    yield "requirements", "Planned requirements by severity and outcome.", [
        ({"severity": severity, "outcome": outcome.value},
         sum(result.outcome is outcome and result.planned.severity == severity for result in results))
        for severity, outcome in product(get_args(Severity), Outcome)
    ]  # fmt: skip
    yield "requirement", "1 for the outcome that each planned requirement ended with.", (
        ({"id": result.id, "step": str(result.planned.step), "severity": result.planned.severity,
          "outcome": result.outcome.value}, 1)
        for result in results
    )  # fmt: skip
    yield "requirement_violations", "Subjects that do not meet a requirement.", (
        ({"id": result.id}, len(result.violations)) for result in results
    )  # fmt: skip
    yield "not_proven", "Requirements that nobody may call met on facts that were read.", [({}, len(not_proven(results)))]
    yield "run_errors", "Errors in the run itself.", [({}, len(finished.problems))]
    yield "interrupted", "1 where the run was interrupted.", [({}, finished.interrupted)]
    yield "started_timestamp_seconds", "When judging began, Unix time.", [({}, _unix(started.started))]
    yield "finished_timestamp_seconds", "When the run ended, Unix time.", [({}, _unix(finished.finished))]
    oldest: dict[str, float] = {}
    for part in started.estate.snapshot.parts:
        oldest[part.part] = min(_unix(part.collected), oldest.get(part.part, math.inf))
    yield "collected_timestamp_seconds", "When the facts of a part were collected, Unix time.", [
        ({"part": part}, time) for part, time in oldest.items()
    ]  # fmt: skip
    yield "build_info", "1; the version of orsgate.", [({"version": __version__}, 1)]


def _waivers(results: Iterable[Result]) -> Iterator[Sample]:
    """The end of each waiver that covers something; of those that differ in nothing else the first, as a sample stands once."""
    ends: dict[tuple[tuple[str, str], ...], float] = {}
    for result in results:
        for waiver in result.waivers:
            told = {
                "id": result.id, "outcome": waiver.outcome.value, "subject": waiver.subject, "approver": waiver.approver,
                "risk": waiver.risk, "ticket": waiver.ticket, "where": waiver.where,
            }  # fmt: skip
            labels = tuple((key, in_one_line(text)) for key, text in told.items())
            ends[labels] = min(_unix(waiver.until), ends.get(labels, math.inf))
    return ((dict(labels), end) for labels, end in ends.items())


def _unix(time: datetime) -> float:
    return round(time.timestamp(), 3)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
