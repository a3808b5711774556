# SPDX-License-Identifier: Apache-2.0
"""ORS-0109: what the way back covers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from orsgate.estate.estate import Estate
from orsgate.estate.evidence_files import Baseline
from orsgate.estate.inventory import Application
from orsgate.estate.judgement import Judgement, Outcome
from orsgate.estate.knowledge import Basis, Unknown
from orsgate.estate.secret import HIDDEN
from orsgate.rules.way_back import way_back_is_covered
from tests import make


def judged(applications: tuple[Application, ...] | None = None, *, live: bool = True, **fields: Any) -> Judgement:
    """The healthy estate, with a baseline that held ``applications``."""
    now = make.estate(live=live)
    before = make.estate(applications, live=live)
    given: dict[str, Any] = {
        "place": "baseline", "created": make.NOW - timedelta(days=1), "estate_name": now.name,
        "configuration": before.configuration, "cassandra": before.snapshot.cassandra,
    }  # fmt: skip
    return way_back_is_covered(Estate(replace(now.snapshot, baseline=Baseline(**(given | fields)))))


def test_without_a_baseline_it_is_for_a_person_to_attest() -> None:
    judgement = way_back_is_covered(make.estate())
    assert judgement.outcome is Outcome.MANUAL
    for word in ("connections", "redundancy", "Annex", "cluster", "arguments", "binaries", "orsgate baseline"):
        assert word in judgement.reason


def test_a_baseline_passes_with_what_it_covers_as_evidence() -> None:
    first, *rest = (*make.pair("ORS_1"), *make.pair("ORS_2"), *make.SERVERS)
    judgement = judged((replace(first, arguments="-app ORS_1", annex=make.export("[x]\na=1\n")), *rest))
    assert judgement.outcome is Outcome.PASS
    assert judgement.basis is Basis.OBSERVED
    seen = {evidence.subject: evidence for evidence in judgement.evidence}
    assert seen["ORS_1"].where == "estate.toml:10"
    for words in ("9 options", "Annex (1 options)", "SIP_1, URS_1, IXN_1", "Backup: ORS_1_B, warm standby", "start arguments"):
        assert words in seen["ORS_1"].text
    assert seen["ORS_Cluster"].text == "2 members, 0 shared options"


def test_what_no_baseline_holds_is_noted() -> None:
    notes = judged().notes
    assert any("old binaries" in note for note in notes)
    assert any("rows of Orchestration" in note and "nodetool snapshot" in note for note in notes)
    without = make.ring(*(make.node(address, keyspaces=()) for address in make.NODE_PLACES))
    now = make.estate(cassandra=without)
    baseline = Baseline("baseline", make.NOW, now.name, now.configuration, without)
    assert not any("nodetool" in note for note in way_back_is_covered(Estate(replace(now.snapshot, baseline=baseline))).notes)
    unknown = Unknown("the Cassandra ring was not asked: --offline")
    now = make.estate(cassandra=unknown)
    baseline = Baseline("baseline", make.NOW, now.name, now.configuration, unknown)
    assert any("not known" in note for note in way_back_is_covered(Estate(replace(now.snapshot, baseline=baseline))).notes)


def test_what_the_estate_file_did_not_give_is_noted() -> None:
    notes = judged(live=False).notes
    assert any("no start arguments of ORS_1" in note for note in notes)
    assert any("no Annex of ORS_1" in note for note in notes)
    assert not any("no start arguments" in note for note in judged(live=True).notes)


def test_a_secret_in_the_arguments_is_noted() -> None:
    first, *rest = (*make.pair("ORS_1"), *make.pair("ORS_2"), *make.SERVERS)
    assert any("secret" in note for note in judged((replace(first, arguments=f"-password {HIDDEN}"), *rest)).notes)


def test_a_baseline_of_the_state_as_it_is_is_noted_and_no_violation() -> None:
    assert any("as in the baseline" in note for note in judged().notes)
    first, *rest = (*make.pair("ORS_1"), *make.pair("ORS_2"), *make.SERVERS)
    assert not any("as in the baseline" in note for note in judged((replace(first, redundancy="none"), *rest)).notes)


def test_another_estate_is_a_violation() -> None:
    judgement = judged(estate_name="Another")
    assert judgement.outcome is Outcome.FAIL
    assert judgement.violations[0].found == 'it is of the estate "Another"'


def test_stand_ins_are_said() -> None:
    assert any("stand-in: twin of GAX" in note for note in judged(stand_ins=("twin of GAX",)).notes)
