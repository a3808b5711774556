# SPDX-License-Identifier: Apache-2.0
"""Step 6: persistence, yes or no."""

from __future__ import annotations

from typing import Any

import pytest

from orsgate.estate.inventory import Application
from orsgate.estate.judgement import Judgement, Outcome
from orsgate.estate.knowledge import Basis, Unknown
from orsgate.rules import persistence
from tests import make

LOST = Unknown("cannot be read: exports/ORS_1.cfg")
WITHOUT = "[orchestration]\nmcr-pull-limit=500\n"
ANNEX = make.export("[persistence]\ncassandra-nodes=c1\n", "exports/ORS_Cluster.cfg")
SERVERS = make.SERVERS


def healthy() -> tuple[Application, ...]:
    return (*make.pair("ORS_1"), *make.pair("ORS_2"), *SERVERS)


def with_options(text: str, *names: str) -> tuple[Application, ...]:
    applications = healthy()
    for name in names:
        applications = make.changed(applications, name, options=make.export(text, f"exports/{name}.cfg"))
    return applications


EVERY = ("ORS_1", "ORS_1_B", "ORS_2", "ORS_2_B")


class TestOneDecisionWithinACluster:  # ORS-0601
    def judged(self, *args: Any, **keys: Any) -> Judgement:
        return persistence.one_decision_within_a_cluster(make.estate(*args, **keys))

    @pytest.mark.parametrize("names", [(), EVERY])
    def test_all_or_none(self, names: tuple[str, ...]) -> None:
        judgement = self.judged(with_options(WITHOUT, *names))
        assert (judgement.outcome, judgement.basis) == (Outcome.PASS, Basis.DECLARED)
        assert {item.subject for item in judgement.evidence} == set(EVERY)

    @pytest.mark.parametrize(
        ("without", "named"),
        [(("ORS_2_B",), ["ORS_2_B"]), (("ORS_1", "ORS_1_B", "ORS_2"), ["ORS_2_B"]), (("ORS_2", "ORS_2_B"), ["ORS_2", "ORS_2_B"])],
    )
    def test_the_minority_is_named_backups_too(self, without: tuple[str, ...], named: list[str]) -> None:
        judgement = self.judged(with_options(WITHOUT, *without))
        assert [violation.subject for violation in judgement.violations] == named

    def test_a_disabled_option_does_not_count(self) -> None:
        [violation] = self.judged(with_options("[persistence]\n#cassandra-nodes=c1\n[a]\nx=1", "ORS_2")).violations
        assert (violation.subject, violation.where) == ("ORS_2", "exports/ORS_2.cfg")

    def test_a_backup_that_is_out_of_scope_is_not_judged(self) -> None:
        file = {"scope": {"exclude": [{"application": "ORS_2_B", "reason": "lab"}]}}
        assert self.judged(with_options(WITHOUT, "ORS_2_B"), file=file).outcome is Outcome.PASS

    def test_clusters_may_differ_from_each_other(self) -> None:
        clusters = (make.cluster("A", {"ORS_1": ""}), make.cluster("B", {"ORS_2": ""}))
        assert self.judged(with_options(WITHOUT, "ORS_2", "ORS_2_B"), clusters).outcome is Outcome.PASS

    @pytest.mark.parametrize("clusters", [(), (make.cluster(members={"ORS_9": ""}),)])
    def test_without_any_member_all_applications_are_one_group(self, clusters: Any) -> None:
        [violation] = self.judged(with_options(WITHOUT, "ORS_2"), clusters).violations
        assert "in no cluster" in violation.expected

    def test_an_application_outside_every_cluster_is_left_to_step_4(self) -> None:
        cluster = make.cluster(members={"ORS_1": ""})
        assert self.judged(with_options(WITHOUT, "ORS_2", "ORS_2_B"), (cluster,)).outcome is Outcome.PASS

    def test_what_is_not_known_blocks_and_what_is_known_fails_beside_it(self) -> None:
        unknown = make.changed(healthy(), "ORS_1", options=LOST)
        assert self.judged(unknown).causes == (LOST.cause,)
        mixed = make.changed(with_options(WITHOUT, "ORS_2"), "ORS_1", options=LOST)
        assert self.judged(mixed).outcome is Outcome.FAIL

    def test_an_option_that_was_seen_counts_although_a_line_is_not_understood(self) -> None:
        assert self.judged(with_options(make.HEALTHY_OPTIONS + "rubbish", "ORS_1")).outcome is Outcome.PASS

    @pytest.mark.parametrize(
        ("build", "outcome"),
        [("8.1.400.64", Outcome.PASS), ("8.1.400.63", Outcome.FAIL), ("8.1.4", Outcome.BLOCKED)],
    )
    def test_a_shared_option_counts_where_the_build_reads_it(self, build: str, outcome: Outcome) -> None:
        applications = with_options(WITHOUT, "ORS_2", "ORS_2_B")
        judgement = self.judged(applications, (make.cluster(shared=ANNEX),), to_release=build)
        assert judgement.outcome is outcome


class TestDecisionAgrees:  # ORS-0602
    def judged(self, *args: Any, **keys: Any) -> Judgement:
        return persistence.decision_agrees_with_options(make.estate(*args, **keys))

    def test_declared_cassandra_with_options_everywhere(self) -> None:
        judgement = self.judged()
        assert (judgement.outcome, judgement.basis, judgement.notes) == (Outcome.PASS, Basis.OBSERVED, ())
        assert {item.subject for item in judgement.evidence} == set(EVERY)

    def test_declared_cassandra_without_any_option_is_named_for_each(self) -> None:
        judgement = self.judged(with_options(WITHOUT, "ORS_1", "ORS_2_B"))
        assert [violation.subject for violation in judgement.violations] == ["ORS_1", "ORS_2_B"]

    def test_declared_none_with_options(self) -> None:
        judgement = self.judged(persistence="none")
        assert [violation.subject for violation in judgement.violations] == list(EVERY)
        assert judgement.violations[0].found == "persistence/cassandra-keyspace-name = Orchestration"

    def test_declared_none_without_options(self) -> None:
        judgement = self.judged(with_options(WITHOUT, *EVERY), persistence="none")
        assert (judgement.outcome, judgement.notes) == (Outcome.PASS, ())

    def test_turning_off_what_was_on_is_a_note_with_its_consequence(self) -> None:
        applications = make.changed(with_options(WITHOUT, *EVERY), "ORS_2", rollback=make.export())
        judgement = self.judged(applications, persistence="none")
        assert judgement.outcome is Outcome.PASS
        [note] = judgement.notes
        assert "for ORS_2: " in note
        assert "no session recovery" in note
        assert "no HTTP redirects" in note

    @pytest.mark.parametrize(
        ("build", "outcome"),
        [("8.1.401.10", Outcome.PASS), ("8.1.401.09", Outcome.FAIL), ("8.1.4", Outcome.BLOCKED)],
    )
    def test_redis_needs_a_late_build(self, build: str, outcome: Outcome) -> None:
        judgement = self.judged(with_options(WITHOUT, *EVERY), persistence="redis", to_release=build)
        assert judgement.outcome is outcome

    def test_redis_beside_options_of_cassandra(self) -> None:
        judgement = self.judged(persistence="redis", to_release="8.1.401.10")
        assert len(judgement.violations) == len(EVERY)

    def test_not_declared_it_is_taken_from_an_option_and_judged_the_same_way(self) -> None:
        judgement = self.judged(persistence=None)
        assert judgement.outcome is Outcome.PASS
        assert "taken as cassandra because ORS_1 sets" in judgement.notes[0]
        judgement = self.judged(with_options(WITHOUT, "ORS_2"), persistence=None)
        assert [violation.subject for violation in judgement.violations] == ["ORS_2"]

    def test_not_declared_before_813_it_was_required(self) -> None:
        judgement = self.judged(with_options(WITHOUT, *EVERY), persistence=None)
        assert len(judgement.violations) == len(EVERY)
        assert "required it" in judgement.notes[0]

    def test_undecided_blocks(self) -> None:
        judgement = self.judged(with_options(WITHOUT, *EVERY), persistence=None, from_release="8.1.300.40")
        assert (judgement.outcome, judgement.subjects) == (Outcome.BLOCKED, ("persistence",))

    @pytest.mark.parametrize("decided", ["cassandra", "none"])
    def test_an_unknown_export_blocks(self, decided: str) -> None:
        applications = with_options(WITHOUT, *EVERY) if decided == "none" else healthy()
        judgement = self.judged(make.changed(applications, "ORS_1", options=LOST), persistence=decided)
        assert (judgement.outcome, judgement.causes) == (Outcome.BLOCKED, (LOST.cause,))
