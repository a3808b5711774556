# SPDX-License-Identifier: Apache-2.0
"""Step 1: the inventory as a whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from orsgate.estate.inventory import Application
from orsgate.estate.judgement import Judgement, Outcome
from orsgate.estate.knowledge import Basis, Unknown
from orsgate.rules import exports, inventory, migration, multimedia, options, persistence, way_back
from tests import make

HIDDEN = Unknown("not visible to this account")


def healthy(name: str = "ORS_1", **fields: Any) -> tuple[Application, ...]:
    return make.changed((*make.pair("ORS_1"), *make.pair("ORS_2"), *make.SERVERS), name, **fields)


class TestComplete:  # ORS-0105
    def judged(self, *args: Any, **keys: Any) -> Judgement:
        return inventory.inventory_is_complete(make.estate(*args, **keys))

    def test_passes_with_evidence_for_applications_clusters_and_their_number(self) -> None:
        judgement = self.judged(expected_applications=4)
        assert (judgement.outcome, judgement.basis, judgement.notes) == (Outcome.PASS, Basis.DECLARED, ())
        subjects = {item.subject for item in judgement.evidence}
        assert subjects == {"ORS_1", "ORS_1_B", "ORS_2", "ORS_2_B", "ORS_Cluster", "inventory"}

    def test_without_an_expected_number_a_note_says_so(self) -> None:
        assert "expected_applications is not given" in self.judged().notes[0]

    @pytest.mark.parametrize(
        ("fields", "kind", "name"),
        [
            ({"backup": "ORS_1_b"}, "backup", "ORS_1_b"),
            ({"connections": ("SIP_1", "IXN_9")}, "connection", "IXN_9"),
        ],
    )
    def test_a_name_that_names_nothing(self, fields: dict[str, Any], kind: str, name: str) -> None:
        judgement = self.judged(healthy(**fields))
        [violation] = judgement.violations
        assert violation.subject == "ORS_1"
        assert violation.found.startswith(f'the {kind} "{name}" of ORS_1 names nothing in the estate file; did you mean')
        live = self.judged(healthy(**fields), live=True)
        assert (live.outcome, live.violations) == (Outcome.BLOCKED, ())
        assert live.causes == (f'the {kind} "{name}" is not visible to this account, or deleted',)

    def test_a_member_that_names_nothing_and_a_disabled_one_that_may(self) -> None:
        cluster = make.cluster(members={"ORS_1": "", "ORS_3": "", "#ORS_4": ""})
        [violation] = self.judged(None, (cluster,)).violations
        assert (violation.subject, violation.where) == ("ORS_Cluster", "estate.toml:81")

    def test_a_reference_is_judged_only_where_its_owner_is_in_scope(self) -> None:
        applications = (*healthy(), make.ors("ORS_9", enabled=False, backup="ORS_10"))
        assert self.judged(applications).outcome is Outcome.PASS

    @pytest.mark.parametrize("field", ["backup", "connections"])
    def test_references_that_could_not_be_read_block(self, field: str) -> None:
        assert self.judged(healthy("ORS_1", **{field: HIDDEN})).causes == (HIDDEN.cause,)

    @pytest.mark.parametrize("field", ["host", "tenants"])
    def test_host_and_tenants_are_objects_in_a_live_source_only(self, field: str) -> None:
        assert self.judged(healthy("ORS_1", **{field: HIDDEN}), live=True).causes == (HIDDEN.cause,)
        assert self.judged(healthy("ORS_1", **{field: HIDDEN})).outcome is Outcome.PASS

    def test_another_number_than_expected_names_what_was_left_out(self) -> None:
        applications = healthy("ORS_2_B", enabled=False)
        scope = {"scope": {"exclude": [{"application": "ORS_2", "reason": "lab"}]}}
        [violation] = self.judged(applications, file=scope, expected_applications=4).violations
        assert violation.found == "2 ORS applications in scope; excluded: ORS_2; disabled: ORS_2_B"
        assert violation.expected == "4, as expected_applications says"

    def test_nothing_in_scope_is_no_complete_inventory(self) -> None:
        assert self.judged(make.SERVERS, ()).outcome is Outcome.FAIL
        assert self.judged(make.SERVERS, (), live=True).outcome is Outcome.BLOCKED

    def test_an_exclusion_that_matches_nothing_is_wrong_in_a_live_source_too(self) -> None:
        scope = {"scope": {"exclude": [{"application": "LAB*", "reason": "lab"}]}}
        [violation] = self.judged(live=True, file=scope).violations
        assert violation.found == '[scope] exclude "LAB*" matches no ORS application'

    def test_names_of_the_estate_file_that_a_live_source_does_not_show(self) -> None:
        scope = {"scope": {"clusters": ["ORS_Cluster", "Other"]}}
        judgement = self.judged(live=True, file=scope, without_multimedia=["ORS_8"])
        assert [(gap.subject, gap.unknown.cause.split('"')[1]) for gap in judgement.gaps] == [
            ("[scope] clusters", "Other"),
            ("[estate] without_multimedia", "ORS_8"),
        ]


class TestRightEnvironment:  # ORS-0106
    def judged(self, server: str | Unknown | None, expected: str | None = "cfg-1:2020", *, live: bool = True) -> Judgement:
        file = {"configuration": {"server": expected} if expected else {}}
        return inventory.right_environment(make.estate(live=live, file=file, configuration={"server": server}))

    def test_the_same_server(self) -> None:
        assert self.judged("cfg-1:2020").outcome is Outcome.PASS

    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            ("cfg-1", "cfg-1:2020"),
            ("CFG-1:2020", "cfg-1"),
            ("a:1, cfg-1:2020", "cfg-1:2020"),
            ("[::1]:2020", "[::1]"),
            ("::1", "[::1]:2020"),
        ],
    )
    def test_where_one_has_no_port_the_hosts_are_compared(self, said: str, expected: str) -> None:
        assert self.judged(said, expected).outcome is Outcome.PASS

    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            ("cfg-1:2021", "cfg-1:2020"),
            ("cfg-2", "cfg-1:2020"),
            ("[::2]:2020", "[::1]"),
            ("cfg-1", "cfg"),
            ("cfg-1.x:1", "cfg-1:2"),
        ],
    )
    def test_another_host_or_port(self, said: str, expected: str) -> None:
        assert self.judged(said, expected).outcome is Outcome.FAIL

    @pytest.mark.parametrize(
        ("said", "expected"),
        [("cfg-1.x:2020", "cfg-1:2020"), ("cfg-1", "cfg-1.x"), ("a, cfg-1.x", "cfg-1:2020")],
    )
    def test_a_name_with_a_domain_and_one_without_may_be_one_server(self, said: str, expected: str) -> None:
        assert self.judged(said, expected).outcome is Outcome.BLOCKED

    def test_another_server(self) -> None:
        [violation] = self.judged("cfg-test:2020").violations
        assert (violation.found, violation.expected) == ("cfg-test:2020", "cfg-1:2020, as [configuration] server says")

    @pytest.mark.parametrize("server", [None, HIDDEN])
    def test_a_source_that_does_not_say(self, server: Unknown | None) -> None:
        assert self.judged(server).outcome is Outcome.BLOCKED

    def test_not_asked_for_or_files(self) -> None:
        assert self.judged("cfg-1:2020", None).outcome is Outcome.NOT_APPLICABLE
        assert self.judged(None, live=False).outcome is Outcome.NOT_APPLICABLE


class TestRecent:  # ORS-0107
    def judged(self, age: timedelta | None, hours: int = 24, *, live: bool = False) -> Judgement:
        file = {"configuration": {} if age is None else {"exported_at": make.NOW - age}}
        applications = healthy(options=replace(make.export(), modified="2025-01-01T00:00:00Z"))
        return inventory.exports_are_recent(make.estate(applications, file=file, live=live), hours)

    @pytest.mark.parametrize("age", [timedelta(hours=24), timedelta(), timedelta(minutes=-5)])
    def test_recent_enough(self, age: timedelta) -> None:
        judgement = self.judged(age)
        assert (judgement.outcome, judgement.basis) == (Outcome.PASS, Basis.DECLARED)

    @pytest.mark.parametrize("age", [timedelta(hours=24, seconds=1), timedelta(minutes=-5, seconds=-1)])
    def test_too_old_or_in_the_future(self, age: timedelta) -> None:
        assert self.judged(age).outcome is Outcome.FAIL

    def test_the_limit_can_be_another(self) -> None:
        assert self.judged(timedelta(hours=24), hours=12).outcome is Outcome.FAIL

    def test_not_given_is_for_a_person_to_say(self) -> None:
        assert self.judged(None).outcome is Outcome.MANUAL

    def test_file_times_are_shown_and_never_judged(self) -> None:
        judgement = self.judged(timedelta())
        assert judgement.evidence[0].text == "file time 2025-01-01T00:00:00Z (shown, not judged)"

    def test_a_live_source_is_read_now(self) -> None:
        assert self.judged(None, live=True).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.slow
def test_ten_thousand_applications_are_judged() -> None:
    pairs = [application for number in range(5000) for application in make.pair(f"ORS_{number}")]
    broken = [replace(application, connections=(f"NO_{application.name}",)) for application in pairs[:200]]
    members = {f"ORS_{number}": "" for number in range(5000)}
    names = [f"ORS_{number}" for number in range(0, 5000, 2)]
    estate = make.estate((*broken, *pairs[200:], *make.SERVERS), (make.cluster(members=members),), without_multimedia=names)
    for rule in (
        exports.rollback_exports_are_there, exports.exports_read_back_whole, exports.rollback_is_the_state_before,
        exports.no_file_saved_twice, inventory.inventory_is_complete, persistence.one_decision_within_a_cluster,
        persistence.decision_agrees_with_options, multimedia.only_connected_ones_pull, multimedia.decision_agrees,
        multimedia.nodes_of_a_cluster_alike, migration.procedure_applies, way_back.way_back_is_covered,
    ):  # fmt: skip
        assert rule(estate).subjects
    assert multimedia.each_sets(estate, "orchestration/mcr-pull-limit", options.to_positive_integer()).subjects
