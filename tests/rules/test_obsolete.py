# SPDX-License-Identifier: Apache-2.0
"""Step 2: options that are not used any more."""

from __future__ import annotations

import pytest

from orsgate.estate.judgement import Outcome
from orsgate.estate.knowledge import Unknown
from orsgate.rules import obsolete, options, subjects
from tests import make


def judged_with(extra: str, name: str = "ORS_1_B"):
    applications = (*make.pair("ORS_1"), *make.pair("ORS_2"), *make.SERVERS)
    return make.estate(make.changed(applications, name, options=make.export(make.HEALTHY_OPTIONS + extra, f"exports/{name}.cfg")))


def test_healthy_passes_with_evidence_for_every_application():
    judgement = options.none_sets(make.estate(), subjects.every_application, "orchestration/mcr-pull-by-msn-only")
    assert judgement.outcome is Outcome.PASS
    assert {evidence.subject for evidence in judgement.evidence} == {"ORS_1", "ORS_1_B", "ORS_2", "ORS_2_B"}


def test_an_obsolete_option_on_a_backup_is_named_with_its_line():
    estate = judged_with("[orchestration]\nmcr-pull-by-msn-only=false\n")
    judgement = options.none_sets(estate, subjects.every_application, "orchestration/mcr-pull-by-msn-only")
    [violation] = judgement.violations
    assert (violation.subject, violation.found) == ("ORS_1_B", "orchestration/mcr-pull-by-msn-only = false")
    assert violation.where == "exports/ORS_1_B.cfg:14"


def test_a_disabled_one_is_a_note():
    judgement = options.none_sets(
        judged_with("[orchestration]\n#mcr-pull-by-msn-only=true\n"),
        subjects.every_application,
        "orchestration/mcr-pull-by-msn-only",
    )
    assert judgement.outcome is Outcome.PASS
    assert judgement.notes == ("ORS_1_B: orchestration/mcr-pull-by-msn-only is disabled by #, not deleted",)


def test_an_unknown_export_blocks_and_never_counts_as_absent():
    applications = (make.ors("ORS_1", Unknown("cannot be read: exports/ORS_1.cfg")), *make.SERVERS)
    judgement = options.none_sets(make.estate(applications), subjects.every_application, "orchestration/mcr-pull-by-msn-only")
    assert judgement.outcome is Outcome.BLOCKED
    assert judgement.causes == ("cannot be read: exports/ORS_1.cfg",)


def test_what_is_known_fails_although_a_line_is_not_understood():
    estate = judged_with("rubbish\n[orchestration]\nmcr-pull-by-msn-only=true\n")
    judgement = options.none_sets(estate, subjects.every_application, "orchestration/mcr-pull-by-msn-only")
    assert judgement.outcome is Outcome.FAIL
    assert "not known" in judgement.reason


@pytest.mark.parametrize(
    ("extra", "held"),
    [
        ("[cluster]\n", "nothing"),
        ("[cluster]\nname=C1\nsuper_node=true\n", "name, super_node"),
        ("[cluster]\nother=1\n", "other"),
    ],
)
def test_a_section_cluster_is_named_with_what_it_holds(extra, held):
    [violation] = obsolete.no_section_cluster(judged_with(extra), subjects.every_application).violations
    assert violation.found == f"a section cluster that holds {held}"


@pytest.mark.parametrize("extra", ["[#cluster]\nname=C1\n", "#[cluster]\nname=C1\n"])
def test_a_disabled_section_cluster_is_a_note(extra):
    judgement = obsolete.no_section_cluster(judged_with(extra), subjects.every_application)
    assert judgement.outcome is Outcome.PASS
    assert len(judgement.notes) == 1


@pytest.mark.parametrize(
    "extra",
    [
        "[orchestration]\nMCR-pull-by-msn-only=true\n",
        "[orchestration]\nmcr_pull_by_msn_only=true\n",
        "[Orchestration]\nget-list-item-by-urs=true\n",
        "[scxml]\nsuper_node=true\n",
        "[log]\nmcr-pull-by-msn-only=true\n",
        "[Cluster]\nname=C1\n",
        "[Cluster]\nlabel=x\n",
        "[CLUSTER]\n",
    ],
)
def test_a_near_miss_is_found(extra):
    assert len(obsolete.no_near_miss(judged_with(extra), subjects.every_application).violations) == 1


@pytest.mark.parametrize(
    "extra",
    [
        "[scxml]\nname=x\n",
        "[orchestration]\nmcr-pull-by-msn-only=true\n",
        "[cluster]\nsuper_node=1\n",
        "[#Cluster]\nname=x\n",
        "[cluster-map]\nsite=x\n",
    ],
)
def test_what_is_no_near_miss(extra):
    assert obsolete.no_near_miss(judged_with(extra), subjects.every_application).outcome is Outcome.PASS


def test_the_value_that_was_not_carried_over_is_found():
    applications = (*make.pair("ORS_1"), *make.pair("ORS_2"), *make.SERVERS)
    before = make.export("[orchestration]\nget-list-item-by-urs=false\n", "rollback/ORS_1.cfg")
    estate = make.estate(make.changed(applications, "ORS_1", rollback=before))
    [violation] = obsolete.carried_over(estate).violations
    assert violation.subject == "ORS_1"
    assert violation.expected == "orchestration/functions-by-urs = false, as get-list-item-by-urs was before"


def test_a_value_before_that_is_no_boolean_is_said_to_be_none():
    applications = (*make.pair("ORS_1"), *make.SERVERS)
    before = make.export("[orchestration]\nget-list-item-by-urs=yes\n", "rollback/ORS_1.cfg")
    now = make.export("[orchestration]\nfunctions-by-urs=yes\n", "exports/ORS_1.cfg")
    estate = make.estate(make.changed(applications, "ORS_1", rollback=before, options=now))
    [violation] = obsolete.carried_over(estate).violations
    assert violation.expected.endswith("get-list-item-by-urs was yes before, which is no boolean")
    assert obsolete.carried_over(estate, subjects.named("ORS_1_B")).outcome is Outcome.PASS


def test_evidence_beside_a_near_miss_does_not_deny_it():
    judgement = obsolete.no_near_miss(judged_with("[Cluster]\nname=C1\n"), subjects.every_application)
    assert all(evidence.text.startswith("looked at the names of ") for evidence in judgement.evidence)


def test_only_the_annex_of_a_chosen_cluster_is_judged():
    shared = (
        make.cluster(members={"ORS_1": ""}, shared=make.export("[a]\nb=1\n", "annex_1.cfg")),
        make.cluster("ORS_Cluster_2", {"ORS_2": ""}, shared=make.export("[a]\nb=1\n", "annex_2.cfg")),
        make.cluster("ORS_Cluster_3", {}, shared=make.export("[a]\nb=1\n", "annex_3.cfg")),
    )
    estate = make.estate(clusters=shared)

    def found(select: subjects.Select) -> list[str]:
        return [violation.subject for violation in options.none_sets(estate, select, "a/b").violations]

    assert found(subjects.named("ORS_2_B")) == ["ORS_Cluster_2"]
    assert found(subjects.every_application) == ["ORS_Cluster", "ORS_Cluster_2", "ORS_Cluster_3"]
    assert options.none_sets(estate, subjects.named("NOBODY*"), "a/b").outcome is Outcome.ERROR


def test_a_secret_cannot_be_judged_but_is_known_to_be_set():
    estate = make.estate((make.ors("ORS_1", "[x]\npassword=abc\n"),), ())
    assert options.set_to(estate, subjects.every_application, "x/password").outcome is Outcome.PASS
    judgement = options.set_to(estate, subjects.every_application, "x/password", options.to_match(".{8,}"))
    assert judgement.causes == ("the value of x/password is a secret and cannot be judged",)
