# SPDX-License-Identifier: Apache-2.0
"""ORS-1008 and 1010, and attestations: what a person tries, and when a statement counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from orsgate.estate.estate import Estate
from orsgate.estate.judgement import Evidence, Gap, Judgement, Outcome, Violation, not_applicable
from orsgate.estate.knowledge import Basis, Unknown
from orsgate.rules.attestations import estate_fingerprint, with_attestations
from orsgate.rules.by_hand import calls_are_routed, multimedia_is_pulled
from tests import make
from tests.deployments import attestation, changed, site

MANUAL = Judgement(("ORS_1", "ORS_2"), evidence=(Evidence("ORS_1", "seen", "x"),), manual="see that it works")
ID = "ORS-1009"


def test_each_node_that_works_with_multimedia_is_named():
    judgement = multimedia_is_pulled(site())
    assert judgement.outcome is Outcome.MANUAL
    assert judgement.subjects == ("ORS_1", "ORS_2")
    assert judgement.reason.endswith("attest interaction id, node and time: ORS_1, ORS_2")


def test_a_node_that_is_said_not_to_pull_is_not_asked_for():
    assert multimedia_is_pulled(site(without_multimedia=["ORS_1"])).subjects == ("ORS_2",)
    assert multimedia_is_pulled(site(without_multimedia=["ORS_1", "ORS_2"])).outcome is Outcome.NOT_APPLICABLE


def test_connections_that_are_not_known_are_a_gap():
    applications = make.changed(site().configuration.applications, "ORS_1", connections=Unknown("not told"))
    estate = site(applications=applications)
    assert multimedia_is_pulled(estate).outcome is Outcome.BLOCKED
    assert calls_are_routed(estate).outcome is Outcome.BLOCKED


def test_each_cluster_is_called_through_each_of_its_servers():
    told = {"version": "8.1.400.27"}
    applications = (
        *make.pair("ORS_1", **told), *make.pair("ORS_2", **told, connections=("SIP_2", "TS_1", "URS_1", "IXN_1")), *make.SERVERS,
        make.server("SIP_2", "SIP Server"), make.server("TS_1", "T-Server"),
    )  # fmt: skip
    clusters = (make.cluster("One", {"ORS_1": ""}), make.cluster("Two", {"ORS_2": ""}))
    judgement = calls_are_routed(site(applications=applications, clusters=clusters))
    assert judgement.subjects == ("One / SIP_1", "Two / SIP_2", "Two / TS_1")
    assert judgement.reason.endswith("session id: One through SIP_1; Two through SIP_2, TS_1")


def test_the_second_object_of_an_interaction_server_takes_no_calls():
    told = {"version": "8.1.400.27"}
    ports = {"host": "ixn", "ports": {"default": 7120}}
    applications = (
        *make.pair("ORS_1", **told, connections=("IXN_T", "URS_1")), *make.SERVERS[:2],
        make.server("IXN_1", "Interaction Server", **ports), make.server("IXN_T", "T-Server", **ports),
    )  # fmt: skip
    judgement = calls_are_routed(site(applications=applications, clusters=(make.cluster(members={"ORS_1": ""}),)))
    assert judgement.outcome is Outcome.NOT_APPLICABLE


def attested(judgement: Judgement = MANUAL, requirement: str = ID, **fields: Any) -> Judgement:
    estate = site()
    made = attestation(estate, ID, **{key: value(estate) if callable(value) else value for key, value in fields.items()})
    return with_attestations(changed(estate, attestations=(made,)), requirement, judgement)


def test_a_valid_attestation_passes_with_its_words_as_evidence():
    judgement = attested(evidence="photo.png SHA-256 ab")
    assert judgement.outcome is Outcome.PASS
    assert judgement.basis is Basis.ATTESTED
    texts = [evidence for evidence in judgement.evidence if "attested by R. Example" in evidence.text]
    assert [evidence.subject for evidence in texts] == ["ORS_1", "ORS_2"]
    assert '"seen by me (made up)" (evidence: photo.png SHA-256 ab)' in texts[0].text
    assert texts[0].where == "attestations/ORS-1009.json"


def began(estate: Estate, **shift: int) -> Any:
    return estate.snapshot.started + timedelta(**shift)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"problem": "its file was changed"}, "its file was changed"),
        ({"estate_name": "Munich"}, 'made for the estate "Munich"'),
        ({"at": lambda estate: began(estate, minutes=6)}, "after this run began"),
        ({"until": lambda estate: began(estate, seconds=-1)}, "it expired at 2026-01-31T00:59:59Z"),
        ({"fingerprint": "0" * 64}, "changed since it was made"),
    ],
)
def test_one_that_does_not_count_says_why_and_changes_nothing(fields, why):
    judgement = attested(**fields)
    assert judgement.outcome is Outcome.MANUAL
    [note] = judgement.notes
    assert note.startswith("the attestation attestations/ORS-1009.json of R. Example does not count: ")
    assert why in note


@pytest.mark.parametrize("fields", [{"at": began(site())}, {"until": began(site())}])
def test_it_counts_from_its_first_to_its_last_moment(fields):
    assert attested(**fields).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "judgement",
    [
        replace(MANUAL, violations=(Violation("ORS_1", "a", "b", "c"),)), replace(MANUAL, gaps=(Gap("ORS_1", Unknown("x")),)),
        not_applicable("no multimedia"), replace(MANUAL, manual="", evidence=()), Judgement(manual="nobody to see it"),
    ],
)  # fmt: skip
def test_nothing_but_manual_is_changed(judgement):
    assert attested(judgement) is judgement


def test_one_for_another_requirement_is_not_looked_at():
    assert attested(requirement="ORS-1010") == MANUAL


def test_a_valid_one_counts_beside_one_that_does_not():
    estate = site()
    both = (attestation(estate, ID, estate_name="Munich"), attestation(estate, ID, by="S. Example"))
    judgement = with_attestations(changed(estate, attestations=both), ID, MANUAL)
    assert judgement.outcome is Outcome.PASS
    assert len(judgement.notes) == 1


def test_without_a_configuration_it_cannot_be_told_what_it_is_for():
    estate = site()
    made = (attestation(estate, ID),)
    lost = changed(estate, attestations=made, configuration=Unknown("GAX does not answer"))
    judgement = with_attestations(lost, ID, MANUAL)
    assert judgement.outcome is Outcome.MANUAL
    assert "GAX does not answer" in judgement.notes[0]


def test_the_fingerprint_is_of_what_is_in_scope():
    healthy, version = site(), make.changed(site().configuration.applications, "ORS_1", version="8.1.4")
    excluded = site(file={"scope": {"exclude": [{"application": "ORS_2*", "reason": "later"}]}})
    other = make.changed(site().configuration.applications, "ORS_1", redundancy="none")
    assert estate_fingerprint(site(applications=version)) == estate_fingerprint(healthy)
    assert estate_fingerprint(site(applications=other)) != estate_fingerprint(healthy)
    assert estate_fingerprint(excluded) != estate_fingerprint(healthy)
