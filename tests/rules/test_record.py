# SPDX-License-Identifier: Apache-2.0
"""ORS-0901: the record of the audit is for this estate, came in time, and still holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from orsgate.estate.estate import Estate, FactUnknownError
from orsgate.estate.evidence_files import ReadinessRecord, RecordedItem, Signature
from orsgate.estate.items import Aspect
from orsgate.estate.judgement import Judgement, Outcome
from orsgate.estate.knowledge import Basis, Failure, Unknown
from orsgate.estate.secret import Secret
from orsgate.rules.catalogue import NEVER_WAIVABLE, catalogue
from orsgate.rules.record import ready_and_unchanged
from tests import make
from tests.deployments import changed, record, site


def judged(estate: Estate, **fields: Any) -> Judgement:
    found = estate.snapshot.record
    assert isinstance(found, ReadinessRecord)
    return ready_and_unchanged(changed(estate, record=replace(found, **fields)))


def items(estate: Estate, *added: RecordedItem, without: tuple[str, str] = ("", "")) -> tuple[RecordedItem, ...]:
    found = estate.snapshot.record
    assert isinstance(found, ReadinessRecord)
    return (*(each for each in found.items if (each.object, each.name) != without), *added)


def test_a_record_that_holds_says_what_it_does_not_prove():
    judgement = ready_and_unchanged(site())
    assert judgement.outcome is Outcome.PASS
    assert judgement.basis is Basis.DECLARED
    assert judgement.notes == ("the record is not signed: that it is intact rules out accidents, not tampering",)
    assert {evidence.subject for evidence in judgement.evidence} == {
        "Made up", "ORS_1", "ORS_1_B", "ORS_2", "ORS_2_B", "ORS_Cluster",
    }  # fmt: skip


def test_no_record_names_the_command_that_writes_one():
    with pytest.raises(FactUnknownError, match="orsgate audit --record FILE"):
        ready_and_unchanged(changed(site(), record=None))


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (Failure.MISSING, Outcome.FAIL), (Failure.UNREADABLE, Outcome.FAIL), (Failure.DENIED, None), (Failure.NOT_GIVEN, None),
    ],
)  # fmt: skip
def test_a_record_that_is_not_there_or_not_intact_is_no_record(failure, outcome):
    estate = changed(site(), record=Unknown("record.json was changed", "record.json", failure))
    if outcome is None:
        with pytest.raises(FactUnknownError):
            ready_and_unchanged(estate)
    else:
        judgement = ready_and_unchanged(estate)
        assert judgement.outcome is outcome
        assert judgement.violations[0].found == "record.json was changed"


@pytest.mark.parametrize(
    ("minutes", "outcome"), [(0, Outcome.PASS), (24 * 60, Outcome.PASS), (24 * 60 + 1, Outcome.FAIL), (-1, Outcome.FAIL)]
)
def test_the_audit_comes_at_most_a_day_before_the_installation(minutes, outcome):
    estate = site()
    installed = estate.snapshot.estate.estate.installed_at
    assert installed is not None
    assert judged(estate, finished=installed - timedelta(minutes=minutes)).outcome is outcome


def test_the_limit_is_a_parameter():
    estate = site()
    assert ready_and_unchanged(estate, hours=0).outcome is Outcome.FAIL
    assert ready_and_unchanged(estate, hours=1).outcome is Outcome.PASS


def test_without_the_time_of_the_installation_its_key_is_named():
    judgement = ready_and_unchanged(site(installed_at=None))
    assert judgement.outcome is Outcome.BLOCKED
    assert "installed_at" in judgement.reason


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"verdict": "no_go"}, '"no_go"'), ({"verdict": "inconclusive"}, '"inconclusive"'), ({"estate_name": "B"}, 'estate "B"'),
        ({"from_release": "8.1.3"}, 'from_release "8.1.3"'), ({"to_release": "8.1.4"}, 'to_release "8.1.4"'),
    ],
)  # fmt: skip
def test_another_verdict_or_another_migration_is_a_violation(fields, found):
    [violation] = judged(site(), **fields).violations
    assert found in violation.found


@pytest.mark.parametrize(
    ("signature", "required", "outcome"),
    [
        (None, False, Outcome.PASS), (None, True, Outcome.FAIL), (True, True, Outcome.PASS), (False, True, Outcome.FAIL),
        ("undemanded", True, Outcome.FAIL), ("undemanded", False, Outcome.PASS), (False, False, Outcome.FAIL),
    ],
)  # fmt: skip
def test_a_demanded_signature_must_be_there(signature, required, outcome):
    made = None if signature is None else Signature("ab" * 32, None if signature == "undemanded" else signature)
    assert judged(site(), signature=made, require_signed=required).outcome is outcome


def test_the_key_is_named_by_its_id():
    signature = Signature("ab" * 32, demanded=False)
    judgement = judged(site(), signature=signature)
    told = [*(each.text for each in judgement.evidence), *(each.found for each in judgement.violations)]
    assert sum(signature.key_id in text for text in told) == 2
    assert not any(signature.public_key in text for text in told)


def test_what_changed_is_named_with_what_it_was():
    estate = site()
    limit = "orchestration/mcr-pull-limit"
    before = items(estate, RecordedItem("ORS_1", Aspect.OPTION, limit, "400"), without=("ORS_1", limit))
    [violation] = judged(estate, items=before).violations
    assert (violation.subject, violation.found) == ("ORS_1", f"the option {limit} is 500")
    assert violation.expected == "as at the audit: 400"
    assert violation.where.startswith("exports/ORS_1.cfg:")


def test_another_secret_is_told_without_it():
    told = {"version": "8.1.400.27"}
    options = make.HEALTHY_OPTIONS + "password=new\n"
    estate = site(applications=(*make.pair("ORS_1", options, **told), *make.SERVERS), clusters=())
    old = RecordedItem("ORS_1", Aspect.OPTION, "persistence/password", Secret("of another value"))
    judgement = judged(estate, items=items(estate, old, without=("ORS_1", "persistence/password")))
    assert [each.found for each in judgement.violations] == ["the option persistence/password is another secret"]


def test_only_options_may_be_new_and_each_is_noted_once():
    estate = site()
    fewer = tuple(each for each in items(estate) if each.name != "persistence/cassandra-listenport")
    judgement = judged(estate, items=fewer)
    assert judgement.outcome is Outcome.PASS
    [note] = [note for note in judgement.notes if "new since the audit" in note]
    assert note.endswith("on ORS_1, ORS_1_B, ORS_2, ORS_2_B")
    without_tenant = tuple(each for each in items(estate) if (each.object, each.aspect) != ("ORS_2", Aspect.TENANT))
    assert judged(estate, items=without_tenant).outcome is Outcome.FAIL


def test_an_object_that_is_gone_or_new_is_one_violation():
    estate = site()
    found = estate.snapshot.record
    assert isinstance(found, ReadinessRecord)
    more = (*found.items, *(replace(each, object="ORS_9") for each in found.items if each.object == "ORS_1"))
    [violation] = judged(estate, items=more).violations
    assert (violation.subject, "there any more" in violation.found) == ("ORS_9", True)
    fewer = tuple(each for each in found.items if each.object != "ORS_1")
    [violation] = judged(estate, items=fewer).violations
    assert (violation.subject, "did not judge it" in violation.found) == ("ORS_1", True)


def test_what_was_excluded_since_the_audit_is_a_violation():
    excluded = site(file={"scope": {"exclude": [{"application": "ORS_2*", "reason": "later"}]}})
    judgement = ready_and_unchanged(changed(excluded, record=record(site())))
    assert {(each.subject, "not in scope any more" in each.found) for each in judgement.violations} == {
        ("ORS_2", True), ("ORS_2_B", True),
    }  # fmt: skip


def test_what_was_not_known_on_either_side_is_a_gap():
    estate = site()
    judgement = judged(estate, unknown=(("ORS_1", Aspect.CONNECTION),))
    assert judgement.outcome is Outcome.BLOCKED
    assert "when the record record.json was written" in judgement.reason


def test_it_can_never_be_waived():
    assert {"ORS-0901"} == NEVER_WAIVABLE
    assert catalogue().keys() >= NEVER_WAIVABLE
