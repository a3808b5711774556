# SPDX-License-Identifier: Apache-2.0
"""Metrics that the textfile collector of node_exporter takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from orsgate.estate.estate import Estate
from orsgate.verdict.events import RunFinished, RunStarted
from tests import make
from tests.reporting import runs
from tests.reporting.test_conservation import restricted, written


def families(started: RunStarted, finished: RunFinished) -> dict[str, list[Any]]:
    return {family.name: family.samples for family in text_string_to_metric_families(written(started, finished)["prometheus"])}


def test_what_an_alert_asks_for():
    found = families(*runs.every_outcome())
    verdicts = {sample.labels["verdict"]: sample.value for sample in found["orsgate_verdict"]}
    assert verdicts == {"go": 0, "no_go": 1, "inconclusive": 0}
    assert found["orsgate_exit_code"][0].value == 1
    assert found["orsgate_finished_timestamp_seconds"][0].value == 1769821208
    assert found["orsgate_not_proven"][0].value == 10
    violations = {sample.labels["id"]: sample.value for sample in found["orsgate_requirement_violations"]}
    assert (violations["ORS-0101"], violations["ORS-0102"]) == (1, 0)
    assert all(sample.timestamp is None for samples in found.values() for sample in samples)
    assert all(sample.labels["phase"] == "readiness" for samples in found.values() for sample in samples)


@pytest.mark.slow
def test_a_go_of_stand_ins_can_be_told_from_that_of_the_estate():
    assert [sample.value for sample in families(*runs.run({}))["orsgate_notices"]] == [0]
    found = families(*runs.run({}, restricted(make.estate(), "", ["a twin of ORS"])))
    assert [sample.value for sample in found["orsgate_notices"]] == [1]
    assert [sample.labels["told"] for sample in found["orsgate_notice"]] == ["measured against a stand-in: a twin of ORS"]


def test_when_a_waiver_ends_can_be_asked_for():
    [sample] = families(*runs.every_outcome())["orsgate_waiver_until_timestamp_seconds"]
    assert sample.value == runs.waiver("ORS-0201").until.timestamp()
    assert {key: sample.labels[key] for key in ("id", "subject", "approver", "risk", "ticket")} == {
        "id": "ORS-0201", "subject": "ORS_1", "approver": "A. Approver (made up)", "risk": "calls may wait", "ticket": "CHG-1",
    }  # fmt: skip


def test_no_sample_stands_twice_where_waivers_differ_in_their_end_only():
    started, finished = runs.every_outcome()
    first, later = (runs.waiver("ORS-0201", until=runs.STARTED + timedelta(hours=hours)) for hours in (1, 2))
    results = (replace(each, waivers=(later, first)) if each.waivers else each for each in finished.results)
    [sample] = families(started, replace(finished, results=tuple(results)))["orsgate_waiver_until_timestamp_seconds"]
    assert sample.value == first.until.timestamp()


def test_no_sample_stands_twice_where_a_part_was_merged():
    snapshot = make.estate().snapshot
    later = replace(snapshot.parts[0], collected=runs.FINISHED)
    started, finished = runs.run({}, Estate(replace(snapshot, parts=(*snapshot.parts, later))))
    samples = families(started, finished)["orsgate_collected_timestamp_seconds"]
    assert [sample.labels["part"] for sample in samples] == [part.part for part in snapshot.parts]
    assert samples[0].value == snapshot.parts[0].collected.timestamp()


def test_labels_are_escaped():
    name = 'a"b\\c{d}\u202e\u00fc'
    [sample] = families(*runs.run({}, make.estate(name=name)))["orsgate_exit_code"]
    assert sample.labels["estate"] == 'a"b\\c{d}[U+202E]\u00fc'


@pytest.mark.slow
def test_help_is_the_same_in_every_phase_and_the_file_ends_with_a_line_end():
    texts = [written(*runs.run({}, make.estate(phase=phase)))["prometheus"] for phase in ("readiness", "deployment")]
    first, second = ([line for line in text.splitlines() if line.startswith("#")] for text in texts)
    assert first == second
    assert all(text.endswith("\n") for text in texts)
