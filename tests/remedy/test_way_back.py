# SPDX-License-Identifier: Apache-2.0
"""The way back: its changes make the options what the baseline holds, everything else is a task, and no secret is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings

from orsgate.estate.differences import differences
from orsgate.estate.estate import Estate
from orsgate.estate.evidence_files import Baseline
from orsgate.estate.inventory import Configuration
from orsgate.estate.items import Aspect, Items, Key, Value, items_of
from orsgate.estate.knowledge import Unknown
from orsgate.remedy.way_back import WayBack, way_back
from orsgate.remedy.way_back_text import NOTHING, document_of, lines_of
from tests import make
from tests.rules.configurations import CONFIGURATIONS

CREATED = datetime(2026, 1, 30, tzinfo=UTC)
OLD = """\
[orchestration]
get-list-item-by-urs=true
mcr-pull-by-msn-only=false
[security]
password=geheim
[persistence]
cassandra-keyspace-name=Orchestration
cassandra-strategy-class=SimpleStrategy
"""
OPTIONS = {Aspect.OPTION, Aspect.ANNEX, Aspect.SHARED, Aspect.MEMBER}


def baseline(configuration: Configuration) -> Baseline:
    return Baseline("BASELINE", CREATED, "Made up", configuration, make.ring())


def before() -> Configuration:
    old = tuple(
        make.ors(name, export, backup=None, redundancy="none")
        for name in ("ORS_1", "ORS_2")
        for export in [make.export(OLD, f"{name}.cfg")]
    )  # fmt: skip
    made = make.estate((*old, *make.SERVERS), ()).configuration
    return revealed(made)


def revealed(configuration: Configuration) -> Configuration:
    """The test exports are parsed with a redactor; here real values are wanted."""
    from orsgate.estate.export import Export
    from orsgate.estate.secret import Secret

    def real(read: object) -> object:
        if not isinstance(read, Export):
            return read
        sections = tuple(
            replace(
                section,
                options=tuple(
                    replace(option, value="geheim") if isinstance(option.value, Secret) else option for option in section.options
                ),
            )
            for section in read.sections
        )
        return replace(read, sections=sections)

    applications = tuple(replace(each, options=real(each.options)) for each in configuration.applications)  # type: ignore[arg-type]
    return replace(configuration, applications=applications)


def back_from(estate: Estate) -> WayBack:
    return way_back(baseline(before()), estate)


def shown(way: WayBack) -> str:
    return "\n".join(lines_of(way, ("8.1.2", "8.1.4"), "orsgate compare BASELINE estate.toml --identical"))


def now() -> Estate:
    return make.estate((*make.pair("ORS_1", version="8.1.400.27"), *make.pair("ORS_2", version="8.1.400.27"), *make.SERVERS))


def test_in_the_order_of_a_way_back():
    text = shown(back_from(now()))
    position = 0
    for part in (
        "1. Stop Orchestration Server 8.1.4, Backups first", "Stop ORS_1_B.", "Stop ORS_1.",
        "2. Take back the configuration", "Server Info tab of ORS_1: set Redundancy Type back to none.",
        "section orchestration: set get-list-item-by-urs = true [ORS-0203]",
        "delete mcr-pull-by-this-node (it is true) [ORS-0801]",
        "Delete the application ORS_1_B", "Delete the Transaction ORS_Cluster",
        "3. Install 8.1.2 again", "Install Orchestration Server 8.1.200.50 for ORS_1",
        "4. Cassandra", "Keyspace Orchestration", "5. Start Orchestration Server 8.1.2", "Start ORS_1.", "Start ORS_2.",
        "6. Prove that everything is as it was", "orsgate compare BASELINE estate.toml --identical",
    ):  # fmt: skip
        found = text.find(part, position)
        assert found >= 0, f"{part!r} is not in {text[position:]}"
        position = found


def test_secrets_are_set_again_and_not_shown():
    way = back_from(now())
    [change] = [each for each in way.change_list.changes if (each.object, each.option) == ("ORS_1", "password")]
    assert (change.before, change.after) == (None, "geheim")
    assert "geheim" not in shown(way)
    assert "section security: set password = (secret, not shown)" in shown(way)
    document = document_of(way)
    assert document["holds_secrets"] is True
    assert "geheim" in str(document["changes"])


def test_nothing_to_take_back():
    estate = make.estate((*make.pair("ORS_1"), *make.SERVERS))
    way = way_back(baseline(estate.configuration), estate)
    assert way.is_empty
    assert shown(way) == NOTHING
    assert way.change_list.changes == ()
    assert way.change_list.tasks == ()


def test_what_is_not_known_may_have_to_be_taken_back():
    unknown = make.changed(now().configuration.applications, "ORS_1", options=Unknown("it cannot be read", "ORS_1.cfg"))
    way = back_from(make.estate(unknown))
    assert [each.object for each in way.not_known] == ["ORS_1"]
    assert "perhaps to be taken back too: ORS_1, option: it cannot be read" in shown(way)


def test_what_is_outside_the_scope_is_left():
    file = {"scope": {"exclude": [{"application": "ORS_2*", "reason": "later"}]}}
    estate = make.estate(now().configuration.applications, file=file)
    way = back_from(estate)
    assert "ORS_2" not in {each.name for each in way.objects}
    assert way.left_out > 0


@pytest.mark.parametrize("gone", ["ORS_1", "ORS_2"])
def test_an_application_that_is_gone_is_made_again(gone):
    left = tuple(each for each in now().configuration.applications if each.name != gone)
    way = back_from(make.estate(left))
    [back] = [each for each in way.objects if each.name == gone]
    assert back.task is not None
    assert back.task.steps[0] == f"Make the application {gone} again with everything that the baseline holds of it."
    assert {change.option for change in back.changes} >= {"get-list-item-by-urs", "password"}


@pytest.mark.slow
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(CONFIGURATIONS, CONFIGURATIONS)
def test_the_changes_make_every_option_what_it_was(old, new):
    estate = make.estate(new.applications, new.clusters)
    estate = Estate(replace(estate.snapshot, configuration=new), "deployment")
    way = way_back(baseline(old), estate)
    items = items_of(new)
    values = dict(items.values)
    for change in way.change_list.changes:
        aspect = {
            ("application", "options"): Aspect.OPTION, ("application", "annex"): Aspect.ANNEX,
            ("transaction", "annex"): Aspect.SHARED,
        }[change.kind, change.tab]  # fmt: skip
        disabled = change.option.startswith("#")
        key = Key(change.object, aspect, f"{'#' if disabled else ''}{change.section}/{change.option.removeprefix('#')}")
        member = Key(change.object, Aspect.MEMBER, change.option)
        if aspect is Aspect.SHARED and key not in values and (member in values or key not in items_of(old).values):
            key = member
        assert (change.before is None) is (key not in values)
        if change.after is None:
            del values[key]
        else:
            values[key] = Value(change.after)
    handled = {each.name for each in way.objects if not (each.task and each.task.steps[0].startswith("Delete"))}
    reached = {key: Value(str(value.value)) for key, value in values.items() if key.aspect in OPTIONS and key.object in handled}
    wanted = {
        key: Value(str(value.value))
        for key, value in items_of(old).values.items()
        if key.aspect in OPTIONS and key.object in handled
    }  # fmt: skip
    unknown = {**items.unknown, **items_of(old).unknown}
    left = differences(Items(reached, unknown), Items(wanted, unknown)).found
    open_ = {(each.object, each.aspect) for each in way.not_known} | set(unknown)
    assert [each for each in left if (each.key.object, each.key.aspect) not in open_] == []
