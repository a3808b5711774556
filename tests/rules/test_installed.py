# SPDX-License-Identifier: Apache-2.0
"""ORS-0902, 0905, 0906 and 1011: versions, start arguments, running builds and logs, also between stages."""

from __future__ import annotations

from typing import Any

import pytest

from orsgate.estate.deployment import LogLine
from orsgate.estate.estate import Estate
from orsgate.estate.judgement import Judgement, Outcome
from orsgate.estate.knowledge import Basis, Unknown
from orsgate.rules import installed, logs, pairs
from tests import make
from tests.deployments import changed, logged, site

STAGES = {"stage": [{"name": "Backups", "applications": ["*_B"]}, {"name": "the rest", "applications": ["ORS_?"]}]}


def with_version(*versions: str, **fields: Any) -> Estate:
    names = ("ORS_1", "ORS_1_B", "ORS_2", "ORS_2_B")
    applications = site().configuration.applications
    for name, version in zip(names, versions, strict=True):
        applications = make.changed(applications, name, version=version)
    return site(applications=applications, **fields)


@pytest.mark.parametrize(
    ("version", "target", "outcome"),
    [
        ("8.1.400.27", "8.1.400.27", Outcome.PASS), ("8.1.4", "8.1.400.27", Outcome.PASS), ("8.1.400.27", "8.1.4", Outcome.PASS),
        ("8.1.401.10", "8.1.4", Outcome.PASS), ("8.1.400.30", "8.1.400.27", Outcome.FAIL), ("8.1.300.39", "8.1.4", Outcome.FAIL),
        ("8.1", "8.1.4", Outcome.FAIL), ("", "8.1.4", Outcome.FAIL),
    ],
)  # fmt: skip
def test_the_build_is_compared_where_both_give_one(version, target, outcome):
    estate = with_version(version, version, version, version, to_release=target, live=True)
    judgement = installed.versions_are_the_target(estate)
    assert judgement.outcome is outcome
    assert judgement.basis is Basis.OBSERVED


def test_a_typed_version_never_passes_and_a_wrong_one_fails():
    assert installed.versions_are_the_target(site()).outcome is Outcome.MANUAL
    wrong = with_version("8.1.200.50", "8.1.400.27", "8.1.400.27", "8.1.400.27")
    [violation] = installed.versions_are_the_target(wrong).violations
    assert violation.subject == "ORS_1"


def at_stage(done: int, *versions: str, **fields: Any) -> Estate:
    estate = with_version(*versions, file=STAGES, from_release="8.1.300.39", live=True, **fields)
    return changed(estate, stage=done)


NEW, OLD = "8.1.400.27", "8.1.300.30"


@pytest.mark.parametrize(
    ("done", "versions", "wrong"),
    [
        (0, (OLD, OLD, OLD, OLD), []), (1, (OLD, NEW, OLD, NEW), []), (1, (NEW, NEW, OLD, NEW), ["ORS_1"]),
        (1, (OLD, OLD, OLD, NEW), ["ORS_1_B"]), (2, (NEW, NEW, NEW, NEW), []), (2, (NEW, NEW, NEW, OLD), ["ORS_2_B"]),
    ],
)  # fmt: skip
def test_between_stages_each_has_the_release_of_its_stage(done, versions, wrong):
    judgement = installed.versions_are_the_target(at_stage(done, *versions))
    assert [violation.subject for violation in judgement.violations] == wrong


@pytest.mark.parametrize(
    ("version", "todo"), [(NEW, "It was upgraded before its stage"), ("8.1.200.50", "Do not install the new release on it yet")]
)
def test_nobody_is_told_to_install_before_the_stage(version, todo):
    (registered,) = installed.versions_are_the_target(at_stage(1, version, NEW, OLD, NEW)).violations
    assert registered.subject == "ORS_1"
    assert registered.fix.startswith(todo)
    estate = changed(at_stage(1, OLD, NEW, OLD, NEW), logged("ORS_2", build=OLD))
    estate = changed(estate, logged("ORS_1", build=version), stage=1)
    (running,) = installed.runs_the_target(estate).violations
    assert (running.subject, running.fix) == ("ORS_1", registered.fix)


def test_a_stage_is_named_and_half_a_pair_is_not_judged():
    judgement = pairs.same_version(at_stage(1, OLD, NEW, OLD, NEW))
    assert judgement.outcome is Outcome.NOT_APPLICABLE
    assert judgement.reason == 'after stage 1 of 2 ("Backups") only one side of every pair is upgraded'
    assert "ORS_1 / ORS_1_B, ORS_2 / ORS_2_B" in judgement.notes[0]
    assert pairs.same_version(at_stage(2, NEW, NEW, NEW, OLD)).outcome is Outcome.FAIL


def test_upgraded_is_told_by_patterns_of_the_stages_that_were_done():
    estate = at_stage(1, OLD, NEW, OLD, NEW)
    assert [estate.upgraded(each) for each in estate.in_scope] == [False, True, False, True]
    for whole in (at_stage(2, NEW, NEW, NEW, NEW), site()):
        assert {whole.upgraded(each) for each in whole.in_scope} == {None}
        assert whole.stage == ""
    assert at_stage(0, OLD, OLD, OLD, OLD).stage == "after stage 0 of 2"


def test_a_stage_that_means_no_application_never_passes():
    """Where a live source is read, the estate file alone does not tell that a name is mistyped."""
    stages = {"stage": [{"name": "Backups", "applications": ["*_BK", "ORS_?_B"]}, {"name": "the rest", "applications": ["ORS"]}]}
    estate = changed(with_version(OLD, NEW, OLD, NEW, file=stages, from_release="8.1.300.39", live=True), stage=1)
    judgement = installed.versions_are_the_target(estate)
    assert judgement.outcome is Outcome.BLOCKED
    assert judgement.causes == (
        'the stage "Backups" names "*_BK", which is no application, so what it upgrades is not known',
    )  # fmt: skip
    assert installed.versions_are_the_target(changed(estate, stage=0)).outcome is Outcome.PASS


def test_a_new_backup_may_have_the_target_release_before_its_stage():
    stages = {"stage": [{"name": "Primaries", "applications": ["ORS_?"]}, {"name": "Backups", "applications": ["*_B"]}]}
    estate = changed(with_version(NEW, NEW, NEW, OLD, file=stages, from_release="8.1.300.39", live=True), stage=1)
    assert installed.versions_are_the_target(estate).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("arguments", "outcome"),
    [
        ("-host cfg-1 -port 2020 -app ORS_1", Outcome.PASS), ("", Outcome.PASS), ("-lca 4999 -log x-l x -l-x", Outcome.PASS),
        ('-app "ORS -l 1"', Outcome.PASS), ("-l /opt/license.dat", Outcome.FAIL), ('-app ORS_1 -l "C:\\a b.dat"', Outcome.FAIL),
        ("-app ORS_1 -l", Outcome.FAIL), (None, Outcome.BLOCKED),
    ],
)  # fmt: skip
def test_the_licence_argument_is_found_as_a_word(arguments, outcome):
    applications = make.changed(site().configuration.applications, "ORS_1", arguments=arguments)
    judgement = installed.no_licence_argument(site(applications=applications))
    assert judgement.outcome is outcome
    assert {violation.subject for violation in judgement.violations} <= {"ORS_1"}


def test_a_live_source_that_tells_arguments_of_others_says_that_one_has_none():
    applications = make.changed(site().configuration.applications, "ORS_1", arguments=None)
    assert installed.no_licence_argument(site(applications=applications, live=True)).outcome is Outcome.PASS
    nobody = tuple(map(_without_arguments, applications))
    assert installed.no_licence_argument(site(applications=nobody, live=True)).outcome is Outcome.BLOCKED


def _without_arguments(application: Any) -> Any:
    return make.changed((application,), application.name, arguments=None)[0]


def test_a_licence_argument_of_what_is_not_upgraded_is_not_judged():
    with_licence = {"arguments": "-l x"}
    applications = make.changed(site().configuration.applications, "ORS_1", **with_licence)
    estate = changed(site(applications=applications, file=STAGES), stage=1)
    judgement = installed.no_licence_argument(estate)
    assert judgement.outcome is Outcome.PASS
    assert "not upgraded yet, so not judged: ORS_1, ORS_2" in judgement.notes[0]


def runs(**fields: Any) -> Judgement:
    return installed.runs_the_target(changed(site(), logged("ORS_1", **fields)))


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({}, Outcome.PASS), ({"build": "8.1.4"}, Outcome.PASS), ({"build": "8.1.400.30"}, Outcome.FAIL),
        ({"build": "8.1.200.50"}, Outcome.FAIL), ({"build": Unknown("no head")}, Outcome.BLOCKED),
        ({"application_name": "ORS_2"}, Outcome.FAIL), ({"application_name": Unknown("no name")}, Outcome.BLOCKED),
        ({"started": "2026-01-30 22:00:00"}, Outcome.BLOCKED), ({"started": "2026-01-30T23:30:00+00:00"}, Outcome.PASS),
        ({"started": "2026-01-30 22:00:00", "build": "8.1.200.50"}, Outcome.FAIL), ({"started": "yesterday"}, Outcome.PASS),
    ],
)  # fmt: skip
def test_the_head_of_the_log_tells_what_runs(fields, outcome):
    assert runs(**fields).outcome is outcome


def test_who_has_no_log_is_named():
    def no_logs_of_one(found: Any) -> Any:
        return type(found)(logs=tuple(log for log in found.logs if log.application != "ORS_2_B"))

    for rule in (installed.runs_the_target, logs.no_trouble_since_start):
        judgement = rule(changed(site(), no_logs_of_one))
        assert judgement.outcome is Outcome.MANUAL
        assert "ORS_2_B;" in judgement.reason
        assert "ORS_1" not in judgement.reason


def test_the_first_trouble_of_a_log_is_told_with_its_line_and_how_many_there_are():
    troubles = (LogLine(12, "cannot connect to SIP_1"), LogLine(40, "Cassandra: no host"))
    judgement = logs.no_trouble_since_start(changed(site(), logged("ORS_1", troubles=troubles, more=5)))
    [violation] = judgement.violations
    assert violation.found == "cannot connect to SIP_1, and 6 more such lines"
    assert violation.where == "logs/ORS_1.log:12"
    [evidence] = [each for each in judgement.evidence if "no host" in each.text]
    assert evidence.where == "logs/ORS_1.log:40"


def test_an_old_log_tells_nothing_of_the_troubles_since_the_start():
    estate = changed(site(), logged("ORS_1", started="2025-01-31T02:00:00"))
    judgement = logs.no_trouble_since_start(estate)
    assert judgement.outcome is Outcome.BLOCKED
    assert "may be an old one: it was started 2025-01-31T02:00:00Z" in judgement.reason
