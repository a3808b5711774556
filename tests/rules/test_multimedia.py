# SPDX-License-Identifier: Apache-2.0
"""Step 8: multimedia."""

from __future__ import annotations

from typing import Any

import pytest

from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Application
from orsgate.estate.judgement import Judgement, Outcome
from orsgate.estate.knowledge import Basis, Unknown
from orsgate.rules import conditions, multimedia, options
from orsgate.verdict.case import Case
from tests import make

LOST = Unknown("cannot be read: exports/ORS_1.cfg")
HIDDEN = Unknown("its connections are not visible to this account")
PLAIN = "[log]\nverbose=standard\n"
PULLING = "[orchestration]\nmcr-pull-by-this-node=true\nmcr-pull-limit=500\n"
OFF = "[orchestration]\nmcr-pull-by-this-node=False\nmcr-pull-limit=500\n"
PHONE = ("SIP_1", "URS_1")
EVERY = ["ORS_1", "ORS_1_B", "ORS_2", "ORS_2_B"]


def estate_of(
    first: Any = PULLING, connections: Any = (*PHONE, "IXN_1"), *, second: dict[str, Any] | None = None, **keys: Any
) -> Estate:
    """The application ORS_1 as given, and ORS_2 that is connected and pulls unless said otherwise."""
    one = make.ors("ORS_1", first, connections=connections)
    return make.estate((one, make.ors("ORS_2", **({"options": PULLING} | (second or {}))), *make.SERVERS), **keys)


NO_SECOND: dict[str, Any] = {"options": PLAIN, "connections": PHONE}


class TestEachSets:  # ORS-0801, ORS-0802
    def judged(self, estate: Estate) -> Judgement:
        return multimedia.each_sets(estate, "orchestration/mcr-pull-by-this-node", options.to_value("true"))

    def limit(self, estate: Estate) -> Judgement:
        return multimedia.each_sets(estate, "orchestration/mcr-pull-limit", options.to_positive_integer())

    def test_passes_on_what_is_declared_of_connections(self) -> None:
        judgement = self.judged(make.estate())
        assert (judgement.outcome, judgement.basis) == (Outcome.PASS, Basis.DECLARED)
        assert list(judgement.subjects) == EVERY

    @pytest.mark.parametrize("text", [PLAIN, OFF, "[orchestration]\n#mcr-pull-by-this-node=true\n[a]\nx=1"])
    def test_one_that_does_not_pull(self, text: str) -> None:
        [violation] = self.judged(estate_of(text)).violations
        assert violation.subject == "ORS_1"

    def test_the_letter_case_of_a_boolean_does_not_matter(self) -> None:
        assert self.judged(estate_of("[orchestration]\nmcr-pull-by-this-node=TRUE\n")).outcome is Outcome.PASS

    @pytest.mark.parametrize("value", ["", "0", "-1", "many", "1.5", "00"])
    def test_a_limit_that_is_no_positive_integer(self, value: str) -> None:
        [violation] = self.limit(estate_of(f"[orchestration]\nmcr-pull-limit={value}\n")).violations
        assert violation.where == "exports/ORS_1.cfg:2"

    def test_a_limit_of_one_is_positive(self) -> None:
        assert self.limit(estate_of("[orchestration]\nmcr-pull-limit=1\n")).outcome is Outcome.PASS

    def test_one_without_an_interaction_server_or_said_not_to_pull_is_not_judged(self) -> None:
        assert self.judged(estate_of(PLAIN, PHONE)).subjects == ("ORS_2",)
        assert self.judged(estate_of(PLAIN, without_multimedia=["ORS_1"])).subjects == ("ORS_2",)

    def test_where_none_is_connected_it_does_not_apply(self) -> None:
        judgement = self.judged(estate_of(PLAIN, PHONE, second=NO_SECOND))
        assert (judgement.outcome, judgement.reason) == (Outcome.NOT_APPLICABLE, multimedia.NONE_CONNECTED)

    def test_all_connected_ones_are_said_not_to_pull(self):
        judgement = self.judged(estate_of(PLAIN, without_multimedia=["ORS_1", "ORS_2"]))
        assert (judgement.outcome, judgement.reason) == (Outcome.NOT_APPLICABLE, multimedia.ALL_WITHOUT)

    @pytest.mark.parametrize(
        ("first", "connections", "cause"),
        [
            (LOST, (*PHONE, "IXN_1"), LOST.cause),
            (PULLING, HIDDEN, HIDDEN.cause),
            (PULLING, (*PHONE, "X"), 'the connection "X" of ORS_1 names nothing in the estate file'),
        ],
    )
    def test_what_is_not_known_blocks(self, first: Any, connections: Any, cause: str) -> None:
        judgement = self.judged(estate_of(first, connections))
        assert (judgement.outcome, judgement.causes) == (Outcome.BLOCKED, (cause,))

    def test_an_unknown_connection_does_not_matter_where_it_is_connected_or_said_not_to_pull(self) -> None:
        assert self.judged(estate_of(PULLING, ("IXN_1", "X"))).outcome is Outcome.PASS
        assert self.judged(estate_of(PULLING, HIDDEN, without_multimedia=["ORS_1"])).outcome is Outcome.PASS

    def test_the_precondition(self) -> None:
        case = Case(make.estate(multimedia=False))
        case.require(conditions.works_with_multimedia)
        case.judge(multimedia.decision_agrees)
        assert case.judgements[0].outcome is Outcome.NOT_APPLICABLE


class TestOnlyConnectedOnesPull:  # ORS-0803
    def judged(self, *args: Any, **keys: Any) -> Judgement:
        return multimedia.only_connected_ones_pull(estate_of(*args, **keys))

    def test_passes(self) -> None:
        judgement = self.judged(OFF, PHONE)
        assert (judgement.outcome, judgement.basis) == (Outcome.PASS, Basis.DECLARED)
        assert [item.subject for item in judgement.evidence] == ["ORS_1", "ORS_2"]
        assert self.judged(OFF, PHONE).outcome is Outcome.PASS
        assert self.judged(PLAIN, PHONE).outcome is Outcome.PASS

    def test_one_that_pulls_without_a_connection(self) -> None:
        [violation] = self.judged(PULLING, PHONE).violations
        assert (violation.subject, violation.where) == ("ORS_1", "exports/ORS_1.cfg:2")

    def test_one_that_pulls_although_it_is_said_not_to(self) -> None:
        judgement = self.judged(without_multimedia=["ORS_1"])
        assert judgement.outcome is Outcome.PASS
        assert any("ORS_1 pulls" in note and "without_multimedia" in note for note in judgement.notes)

    @pytest.mark.parametrize(("first", "connections"), [(LOST, PHONE), (PULLING, HIDDEN), (PULLING, (*PHONE, "X"))])
    def test_what_is_not_known_blocks(self, first: Any, connections: Any) -> None:
        assert self.judged(first, connections).outcome is Outcome.BLOCKED

    def test_what_is_not_known_and_does_not_matter(self) -> None:
        assert self.judged(LOST).outcome is Outcome.PASS
        assert self.judged(OFF, HIDDEN).outcome is Outcome.PASS


class TestDecisionAgrees:  # ORS-0804
    def judged(self, *args: Any, **keys: Any) -> Judgement:
        return multimedia.decision_agrees(estate_of(*args, **keys))

    def no(self, *args: Any, **keys: Any) -> Judgement:
        return self.judged(*args, **({"second": NO_SECOND, "multimedia": False} | keys))

    def test_yes_and_connected(self) -> None:
        judgement = self.judged()
        assert (judgement.outcome, judgement.basis) == (Outcome.PASS, Basis.DECLARED)

    def test_yes_and_not_connected(self) -> None:
        [violation] = self.judged(PULLING, PHONE, second=NO_SECOND).violations
        assert (violation.subject, violation.found) == ("Made up", multimedia.NONE_CONNECTED)

    def test_yes_and_perhaps_connected(self) -> None:
        judgement = self.judged(PULLING, HIDDEN, second=NO_SECOND)
        assert (judgement.outcome, judgement.causes) == (Outcome.BLOCKED, (HIDDEN.cause,))

    def test_yes_and_another_one_is_known_to_be_connected(self) -> None:
        assert self.judged(PULLING, HIDDEN).outcome is Outcome.PASS

    def test_no_and_nothing_says_otherwise(self) -> None:
        judgement = self.no(PLAIN, PHONE)
        assert (judgement.outcome, judgement.notes, judgement.basis) == (Outcome.PASS, (), Basis.DECLARED)
        assert judgement.subjects == ("ORS_1", "ORS_2")

    def test_no_and_connected(self) -> None:
        [violation] = self.no(PLAIN).violations
        assert (violation.subject, violation.found) == ("ORS_1", "connected to IXN_1")
        assert self.no(PLAIN, without_multimedia=["ORS_1"]).outcome is Outcome.PASS

    @pytest.mark.parametrize("option", ["by-this-node=true", "limit=5", "after-error-timeout=9"])
    def test_no_and_an_option_to_pull(self, option: str) -> None:
        [violation] = self.no(f"[orchestration]\nmcr-pull-{option}\n", PHONE).violations
        assert violation.found == f"orchestration/mcr-pull-{option.replace('=', ' = ')}"

    def test_no_and_turned_off_explicitly(self) -> None:
        judgement = self.no(OFF, PHONE)
        assert judgement.outcome is Outcome.PASS
        assert judgement.notes == ("ORS_1: orchestration/mcr-pull-by-this-node = False says the same as multimedia = false",)

    @pytest.mark.parametrize("line", ["mcr-pull-by-msn-only=true", "#mcr-pull-limit=5"])
    def test_no_and_an_option_that_pulls_nothing(self, line: str) -> None:
        assert self.no(f"{PLAIN}[orchestration]\n{line}\n", PHONE).outcome is Outcome.PASS

    def test_no_and_set_twice_to_different_values(self) -> None:
        twice = "[orchestration]\nmcr-pull-by-this-node=false\nmcr-pull-by-this-node=true\n"
        off_at_last = "[orchestration]\nmcr-pull-by-this-node=true\nmcr-pull-by-this-node=false\n"
        assert self.no(twice, PHONE).outcome is Outcome.FAIL
        assert self.no(off_at_last, PHONE).outcome is Outcome.BLOCKED

    def test_no_and_a_line_of_the_annex_that_is_not_understood(self) -> None:
        annex = make.export("[orchestration]\nrubbish\nx=1\n", "exports/ORS_Cluster.cfg")
        applications = (make.ors("ORS_1", PLAIN, connections=PHONE), *make.SERVERS)
        estate = make.estate(applications, (make.cluster(shared=annex),), multimedia=False, to_release="8.1.400.64")
        assert multimedia.decision_agrees(estate).outcome is Outcome.BLOCKED

    def test_no_and_pulling_before_the_migration(self) -> None:
        before = make.export(PULLING, "rollback/ORS_2.cfg")
        judgement = self.no(PLAIN, PHONE, second=NO_SECOND | {"rollback": before})
        assert judgement.outcome is Outcome.PASS
        assert judgement.notes == ("multimedia = false, while the rollback export still has options to pull on ORS_2",)

    @pytest.mark.parametrize(("first", "connections"), [(LOST, PHONE), (PLAIN, HIDDEN), (PLAIN, ("X",))])
    def test_no_and_something_is_not_known(self, first: Any, connections: Any) -> None:
        assert self.no(first, connections).outcome is Outcome.BLOCKED

    @pytest.mark.parametrize(
        ("first", "connections", "value"), [(PULLING, (*PHONE, "IXN_1"), "yes"), (PLAIN, PHONE, "no"), (PULLING, PHONE, "yes")]
    )
    def test_not_declared_a_note_says_how_it_was_taken(self, first: Any, connections: Any, value: str) -> None:
        judgement = self.judged(first, connections, second=NO_SECOND, multimedia=None)
        assert judgement.outcome is Outcome.PASS
        assert judgement.basis is (Basis.OBSERVED if connections == PHONE and value == "yes" else Basis.DECLARED)
        assert judgement.notes[0].startswith(f"multimedia is taken as {value}: not declared; ")

    def test_not_declared_and_not_known_blocks(self) -> None:
        assert self.judged(LOST, PHONE, second=NO_SECOND, multimedia=None).causes == (LOST.cause,)


class TestNodesAlike:  # ORS-0805
    def judged(self, *texts: Any, **keys: Any) -> Judgement:
        ors = [make.ors(f"ORS_{number}", text) for number, text in enumerate(texts, 1)]
        cluster = make.cluster(members={application.name: "" for application in ors})
        backup = make.ors("ORS_1_B", PLAIN, primary=False)
        return multimedia.nodes_of_a_cluster_alike(make.estate((*ors, backup, *make.SERVERS), (cluster,), **keys))

    def named(self, judgement: Judgement) -> list[str]:
        return [violation.subject for violation in judgement.violations]

    def test_all_or_none(self) -> None:
        judgement = self.judged(PULLING, PULLING)
        assert (judgement.outcome, judgement.basis) == (Outcome.PASS, Basis.DECLARED)
        assert self.judged(PLAIN, OFF).outcome is Outcome.PASS

    def test_the_minority_is_named(self) -> None:
        assert self.named(self.judged(PULLING, PULLING, OFF)) == ["ORS_3"]
        assert self.named(self.judged(PULLING, PLAIN, OFF)) == ["ORS_1"]
        [violation] = self.judged(PULLING, PLAIN).violations
        assert (violation.subject, "-node true, as on ORS_1" in violation.expected) == ("ORS_2", True)

    def test_those_that_the_estate_file_names_are_left_out(self) -> None:
        assert self.judged(PULLING, PLAIN, without_multimedia=["ORS_2"]).outcome is Outcome.PASS

    def test_a_member_that_is_a_backup_is_left_to_step_4(self) -> None:
        applications: tuple[Application, ...] = (make.ors("ORS_1"), make.ors("ORS_2", PLAIN, primary=False), *make.SERVERS)
        assert multimedia.nodes_of_a_cluster_alike(make.estate(applications)).outcome is Outcome.PASS

    def test_what_is_not_known_blocks_and_what_is_known_fails_beside_it(self) -> None:
        assert self.judged(PULLING, LOST).causes == (LOST.cause,)
        assert self.judged(PULLING, LOST, OFF).outcome is Outcome.FAIL

    def test_without_a_cluster_it_does_not_apply(self) -> None:
        assert multimedia.nodes_of_a_cluster_alike(make.estate(None, ())).outcome is Outcome.NOT_APPLICABLE
