# SPDX-License-Identifier: Apache-2.0
"""Judgements: which outcome follows from what was found, and in which words."""

from __future__ import annotations

import itertools

import pytest

from orsgate.estate.judgement import NO_EVIDENCE, NO_SUBJECT, Evidence, Findings, Judgement, Outcome, not_applicable
from orsgate.estate.knowledge import Basis, Unknown, weakest

CAUSE = Unknown("the export of ORS_1 cannot be read")


def found(*what: str) -> Findings:
    findings = Findings()
    for item in what:
        match item:
            case "violation":
                findings.violation("ORS_1", "a", "b", "a.cfg:1")
            case "gap":
                findings.gap("ORS_1", CAUSE)
            case "manual":
                findings.subject("ORS_1")
                findings.manual("say so")
            case "evidence":
                findings.evidence("ORS_1", "seen", "a.cfg")
            case "note":
                findings.note("by the way")
    return findings


ORDER = {"violation": Outcome.FAIL, "gap": Outcome.BLOCKED, "manual": Outcome.MANUAL, "evidence": Outcome.PASS}


@pytest.mark.parametrize("what", [c for n in range(1, 5) for c in itertools.combinations(ORDER, n)])
def test_the_worst_decides_in_whatever_order_it_was_found(what: tuple[str, ...]) -> None:
    expected = next(outcome for name, outcome in ORDER.items() if name in what)
    assert found(*what).judgement().outcome is expected
    assert found(*reversed(what)).judgement().outcome is expected


def test_nothing_to_judge_is_an_error_and_never_a_pass() -> None:
    assert (Judgement().outcome, Judgement().reason) == (Outcome.ERROR, NO_SUBJECT)
    assert found("note").judgement().outcome is Outcome.ERROR


def test_a_subject_without_evidence_is_an_error() -> None:
    findings = Findings()
    findings.subject("ORS_1")
    judgement = findings.judgement("nothing applies")
    assert (judgement.outcome, judgement.reason) == (Outcome.ERROR, NO_EVIDENCE)


def test_no_subject_is_not_applicable_only_where_the_rule_says_so() -> None:
    judgement = Findings().judgement("no application is connected")
    assert (judgement.outcome, judgement.reason) == (Outcome.NOT_APPLICABLE, "no application is connected")
    assert found("evidence").judgement("no application is connected").outcome is Outcome.PASS


def test_a_missing_fact_weighs_more_than_not_applicable() -> None:
    judgement = Judgement(gaps=found("gap").judgement().gaps, not_applicable="no subject")
    assert judgement.outcome is Outcome.BLOCKED


def test_not_applicable_carries_the_basis_of_what_says_so() -> None:
    judgement = not_applicable("multimedia = false", Basis.DECLARED)
    assert (judgement.outcome, judgement.basis) == (Outcome.NOT_APPLICABLE, Basis.DECLARED)


def test_what_was_not_known_is_named_beside_violations_each_cause_once() -> None:
    findings = found("violation", "gap")
    findings.gap("ORS_2", CAUSE)
    judgement = findings.judgement()
    assert judgement.causes == (CAUSE.cause,)
    assert judgement.reason == f"1 violation; besides, not known: {CAUSE.cause}"


def test_many_causes_are_cut_short() -> None:
    findings = Findings()
    for number in range(5):
        findings.gap("ORS_1", Unknown(f"cause {number}"))
    assert findings.judgement().reason == "cause 0; cause 1; cause 2; and 2 more"


def test_a_pass_has_no_reason_and_a_manual_one_says_what_to_attest() -> None:
    assert not found("evidence", "note").judgement().reason
    assert found("manual").judgement().reason == "say so"


def test_the_same_finding_is_kept_once_and_every_subject_is_named() -> None:
    findings = found("violation", "violation", "gap", "note", "note")
    findings.evidence("ORS_2", "seen", "b.cfg")
    judgement = findings.judgement()
    assert (len(judgement.violations), len(judgement.gaps), len(judgement.notes)) == (1, 1, 1)
    assert judgement.subjects == ("ORS_1", "ORS_2")


@pytest.mark.parametrize(
    ("bases", "expected"),
    [
        (set(), Basis.OBSERVED),
        ({Basis.OBSERVED}, Basis.OBSERVED),
        ({Basis.OBSERVED, Basis.DECLARED}, Basis.DECLARED),
        ({Basis.OBSERVED, Basis.DECLARED, Basis.ATTESTED}, Basis.ATTESTED),
    ],
)
def test_a_judgement_carries_the_weakest_basis(bases: set[Basis], expected: Basis) -> None:
    findings = found("evidence")
    findings.rests_on(*bases)
    assert findings.judgement().basis is expected is weakest(bases)


def test_a_subject_without_a_name_needs_evidence_too():
    assert Judgement(subjects=("",)).outcome is Outcome.ERROR
    assert Judgement(subjects=("A", ""), evidence=(Evidence("A", "seen", "there"),)).outcome is Outcome.ERROR
