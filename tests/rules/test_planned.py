# SPDX-License-Identifier: Apache-2.0
"""Which differences from the baseline are planned, by the requirement that asks for them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Application, Cluster, Configuration
from orsgate.estate.items import Aspect
from orsgate.estate.judgement import Outcome
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.rules.classify import classify
from orsgate.rules.compared import compare_configurations
from orsgate.rules.planned import Class, Sort
from orsgate.rules.unplanned import only_planned_changes
from tests import make
from tests.faults.baselines import as_it_is

WITHOUT_CASSANDRA = "\n".join(line for line in make.HEALTHY_OPTIONS.splitlines() if not line.startswith("cassandra-"))
PULLS, LIMIT = "orchestration/mcr-pull-by-this-node", "orchestration/mcr-pull-limit"


def classes(before: Configuration, after: Estate) -> dict[tuple[str, str, str], Class]:
    found = compare_configurations(before, after.configuration).found
    return {
        (each.key.object, each.key.aspect.value, each.key.name): each.of
        for each in classify(before, make.ring(), after, found).classified
    }


def asked(before: Configuration, after: Estate) -> dict[str, str]:
    """``object item`` -> the requirement, or the sort where nothing asks for it."""
    return {
        f"{name} {item or aspect}": of.asked_by or of.sort.value for (name, aspect, item), of in classes(before, after).items()
    }


def of(*applications: Application, clusters: tuple[Cluster, ...] | None = None) -> Configuration:
    return make.estate((*applications, *make.SERVERS), clusters).configuration


def estate(*applications: Application, clusters: tuple[Cluster, ...] | None = None, **keys: Any) -> Estate:
    return make.estate((*applications, *make.SERVERS), clusters, phase="deployment", **keys)


def options(**changed: str | None) -> str:
    """The healthy options with others; ``section__option``, None for one that is left out."""
    text = make.HEALTHY_OPTIONS
    for key, value in changed.items():
        section, _, option = key.partition("__")
        name = option.replace("_", "-")
        lines = [line for line in text.splitlines() if line.partition("=")[0] != name]
        text = "\n".join(lines) + ("" if value is None else f"\n[{section}]\n{name}={value}\n")
    return text


def pair(primary: str, backup: str, **fields: Any) -> tuple[Application, Application]:
    one, other = make.pair("ORS_1", **fields)
    return (
        replace(one, options=make.export(primary, "exports/ORS_1.cfg")),
        replace(other, options=make.export(backup, "exports/ORS_1_B.cfg")),
    )  # fmt: skip


HEALTHY = make.HEALTHY_OPTIONS
TIMEOUT = options(orchestration__call_watching_timeout="6000")
LAYOUTS: dict[str, tuple[Configuration, Estate, dict[str, str]]] = {
    "a Backup becomes as its Primary is": (
        of(*pair(TIMEOUT, HEALTHY)), estate(*pair(TIMEOUT, TIMEOUT)),
        {"ORS_1_B orchestration/call-watching-timeout": "ORS-0305"},
    ),
    "a Backup follows a change that nobody planned": (
        of(*pair(TIMEOUT, TIMEOUT)), estate(*pair(HEALTHY, HEALTHY)),
        {f"{name} orchestration/call-watching-timeout": "unplanned" for name in ("ORS_1", "ORS_1_B")},
    ),
    "the Backup alone changes": (
        of(*pair(TIMEOUT, TIMEOUT)), estate(*pair(TIMEOUT, HEALTHY)),
        {"ORS_1_B orchestration/call-watching-timeout": "unplanned"},
    ),
    "own names in the options of a Backup": (
        of(*pair(options(scxml__home="ORS_1/x"), options(scxml__home="other"))),
        estate(*pair(options(scxml__home="ORS_1/x"), options(scxml__home="ORS_1_B/x"))),
        {"ORS_1_B scxml/home": "ORS-0305"},
    ),
    "the limit of both changes, since it was wrong": (
        of(*pair(*[options(orchestration__mcr_pull_limit="-5")] * 2)), estate(*pair(HEALTHY, HEALTHY)),
        {f"ORS_1 {LIMIT}": "ORS-0802", f"ORS_1_B {LIMIT}": "ORS-0802"},
    ),
    "persistence is switched off": (
        of(*make.pair("ORS_1")), estate(*make.pair("ORS_1", WITHOUT_CASSANDRA), persistence="none"),
        dict.fromkeys(
            [
                f"{name} persistence/cassandra-{option}"
                for name in ("ORS_1", "ORS_1_B")
                for option in ("keyspace-name", "schema-version", "strategy-class", "strategy-options", "nodes", "listenport")
            ],
            "ORS-0602",
        ),
    ),
    "a node list appears although persistence is off": (
        of(*make.pair("ORS_1", WITHOUT_CASSANDRA)),
        estate(*make.pair("ORS_1", f"{WITHOUT_CASSANDRA}\ncassandra-nodes=10.0.0.1\n"), persistence="none"),
        {f"{name} persistence/cassandra-nodes": "unplanned" for name in ("ORS_1", "ORS_1_B")},
    ),
    "no multimedia": (
        of(*make.pair("ORS_1")),
        estate(
            *make.pair(
                "ORS_1", options(orchestration__mcr_pull_by_this_node="false", orchestration__mcr_pull_limit=None),
                connections=("SIP_1", "URS_1"),
            ),
            multimedia=False,
        ),
        {
            f"ORS_1 {PULLS}": "ORS-0804", f"ORS_1 {LIMIT}": "ORS-0804", "ORS_1 IXN_1": "ORS-0804",
            f"ORS_1_B {PULLS}": "ORS-0804", f"ORS_1_B {LIMIT}": "ORS-0804", "ORS_1_B IXN_1": "ORS-0304",
        },
    ),
    "one pair is said not to pull": (
        of(*make.pair("ORS_1")),
        estate(*make.pair("ORS_1", options(orchestration__mcr_pull_by_this_node="false")), without_multimedia=["ORS_1"]),
        {f"ORS_1 {PULLS}": "ORS-0803", f"ORS_1_B {PULLS}": "ORS-0803"},
    ),
    "the first Interaction Server": (
        of(*make.pair("ORS_1", connections=("SIP_1", "URS_1"))), estate(*make.pair("ORS_1")),
        {"ORS_1 IXN_1": "ORS-0804", "ORS_1_B IXN_1": "ORS-0304"},
    ),
    "a connection that was missing": (
        of(*make.pair("ORS_1", connections=("SIP_1", "IXN_1"))), estate(*make.pair("ORS_1")),
        {"ORS_1 URS_1": "ORS-0310", "ORS_1_B URS_1": "ORS-0304"},
    ),
    "a connection that named nothing": (
        of(*make.pair("ORS_1", connections=("SIP_1", "URS_1", "IXN_1", "GONE"))), estate(*make.pair("ORS_1")),
        {"ORS_1 GONE": "ORS-0309", "ORS_1_B GONE": "ORS-0304"},
    ),
    "a Transaction gets the name that ORS looks for": (
        of(*make.pair("ORS_1"), clusters=(make.cluster("Cluster_1", {"ORS_1": "DC1"}),)),
        estate(*make.pair("ORS_1"), clusters=(make.cluster("ORS_Cluster", {"ORS_1": "DC1"}),)),
        dict.fromkeys(
            ["Cluster_1 transaction", "Cluster_1 ORS_1", "ORS_Cluster transaction", "ORS_Cluster ORS_1"], "ORS-0409"
        ),
    ),
    "a member in two clusters": (
        of(
            *make.pair("ORS_1"),
            clusters=(make.cluster(members={"ORS_1": "DC1"}), make.cluster("ORS_Cluster_2", {"ORS_1": "DC1"})),
        ),
        estate(
            *make.pair("ORS_1"), clusters=(make.cluster(members={"ORS_1": "DC1"}), make.cluster("ORS_Cluster_2", {})),
            to_release="8.1.400.64",
        ),
        {"ORS_Cluster_2 ORS_1": "ORS-0402"},
    ),
    "an option moves to the shared options": (
        of(*pair(TIMEOUT, TIMEOUT), clusters=(make.cluster(members={"ORS_1": "DC1"}),)),
        estate(
            *pair(HEALTHY, HEALTHY), to_release="8.1.400.64",
            clusters=(
                make.cluster(members={"ORS_1": "DC1"}, shared=make.export("[orchestration]\ncall-watching-timeout=6000\n")),
            ),
        ),
        {
            "ORS_1 orchestration/call-watching-timeout": "ORS-0406", "ORS_1_B orchestration/call-watching-timeout": "ORS-0305",
            "ORS_Cluster orchestration/call-watching-timeout": "ORS-0406",
        },
    ),
    "the type and state of a Transaction": (
        of(*make.pair("ORS_1"), clusters=(make.cluster(members={"ORS_1": "DC1"}, enabled=False),)),
        estate(*make.pair("ORS_1"), clusters=(make.cluster(members={"ORS_1": "DC1"}),)),
        {"ORS_Cluster transaction": "ORS-0407"},
    ),
    "a disabled Backup is enabled": (
        of(*make.changed(make.pair("ORS_1"), "ORS_1_B", enabled=False)), estate(*make.pair("ORS_1")),
        {"ORS_1_B state": "ORS-0303"},
    ),
    "a Primary is disabled": (
        of(*make.pair("ORS_1")), estate(*make.changed(make.pair("ORS_1"), "ORS_1", enabled=False)), {"ORS_1 state": "unplanned"},
    ),
    "a pair moves to different hosts": (
        of(*make.pair("ORS_1", host="host-1")), estate(*make.changed(make.pair("ORS_1", host="host-1"), "ORS_1_B", host="h-2")),
        {"ORS_1_B host": "ORS-0306"},
    ),
    "another host without need": (
        of(*make.pair("ORS_1")), estate(*make.changed(make.pair("ORS_1"), "ORS_1", host="h-2")), {"ORS_1 host": "note"},
    ),
    "the installation": (
        of(*make.pair("ORS_1", arguments="-l lic")), estate(*make.pair("ORS_1", version="8.1.400.27", arguments="-app ORS_1")),
        {f"{name} {what}": "step 9" for name in ("ORS_1", "ORS_1_B") for what in ("version", "arguments")},
    ),
    "the Annex of an application": (
        of(*make.pair("ORS_1")), estate(*make.changed(make.pair("ORS_1"), "ORS_1", annex=make.export("[a]\nb=1\n"))),
        {"ORS_1 a/b": "unplanned"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LAYOUTS)
def test_planned_by(name):
    before, after, expected = LAYOUTS[name]
    assert asked(before, after) == expected


def test_a_value_that_the_entry_does_not_plan_says_so():
    entry = {"planned_change": [{"application": "ORS_1", "item": "log/verbose", "value": "all"}]}
    after = estate(*make.pair("ORS_1", f"{HEALTHY}[log]\nverbose=debug\n"), file=entry)
    found = classes(of(*make.pair("ORS_1", f"{HEALTHY}[log]\nverbose=standard\n")), after)
    assert found["ORS_1", "option", "log/verbose"].why == "[[planned_change]] 1 (log/verbose of ORS_1) plans the value all"


def held(before: Configuration, after: Estate) -> Estate:
    snapshot = as_it_is(after.snapshot)
    assert snapshot.baseline is not None
    return Estate(replace(snapshot, baseline=replace(snapshot.baseline, configuration=before)), "deployment")  # type: ignore[arg-type]


def test_a_violation_names_everything():
    before, after, _ = LAYOUTS["the Backup alone changes"]
    [violation] = only_planned_changes(held(before, after)).violations
    assert violation.subject == "ORS_1_B"
    assert violation.found == "option orchestration/call-watching-timeout is not there any more: it was 6000"
    assert violation.expected == "as in the baseline: 6000"
    assert violation.where.startswith("exports/ORS_1_B.cfg:")
    assert violation.fix.startswith("Options tab of ORS_1_B, section orchestration: set call-watching-timeout to 6000. Or, if")


def test_every_application_gets_evidence():
    judged = only_planned_changes(held(of(*make.pair("ORS_1")), estate(*make.pair("ORS_1"), *make.pair("ORS_2"))))
    assert {each.subject for each in judged.evidence} >= {"ORS_1", "ORS_1_B", "ORS_2", "ORS_2_B", "ORS_Cluster"}


def test_a_live_source_that_does_not_show_an_application_does_not_say_that_it_is_gone():
    before = of(*make.pair("ORS_1"), *make.pair("ORS_2"), clusters=(make.cluster(members={"ORS_1": "DC1"}),))
    shown = estate(*make.pair("ORS_1"), live=True, clusters=(make.cluster(members={"ORS_1": "DC1"}),))
    judged = only_planned_changes(held(before, shown))
    assert judged.outcome is Outcome.BLOCKED
    assert any("not visible to this account, or deleted" in cause for cause in judged.causes)


def test_what_is_unknown_on_one_side_blocks():
    unknown = Unknown("it cannot be read", "ORS_1.cfg")
    after = estate(*make.changed(make.pair("ORS_1"), "ORS_1", options=unknown))
    judged = only_planned_changes(held(of(*make.pair("ORS_1")), after))
    assert judged.outcome is Outcome.BLOCKED
    assert judged.causes == ("it cannot be read",)


def test_what_nobody_said_on_either_side_does_not_block():
    unsaid = Unknown("it is not given", failure=Failure.NOT_GIVEN)
    fields: dict[str, Any] = {"ports": unsaid, "version": unsaid, "host": unsaid}
    compared = compare_configurations(of(*make.pair("ORS_1", **fields)), of(*make.pair("ORS_1", **fields)))
    assert compared.found == ()
    assert compared.not_compared == ()


def test_an_annex_that_files_do_not_name_is_not_empty():
    live = replace(
        of(*make.changed(make.pair("ORS_1"), "ORS_1", annex=make.export("[a]\nb=1\n"))), source="gax", live=True
    )  # fmt: skip
    compared = compare_configurations(live, of(*make.pair("ORS_1")))
    assert compared.found == ()
    assert [(each.object, each.aspect) for each in compared.undecided] == [("ORS_1", Aspect.ANNEX)]


def test_secrets_under_two_keys_are_not_compared():
    one = of(*pair("[security]\npassword=a\n", "[x]\ny=1\n"))
    other = of(*pair("[security]\npassword=b\n", "[x]\ny=1\n"))
    assert len(compare_configurations(one, other).found) == 1
    compared = compare_configurations(one, other, same_key=False)
    assert compared.found == ()
    assert [each.item for each in compared.not_compared] == ["security/password"]


@pytest.mark.parametrize("sort", list(Sort))
def test_each_sort_occurs_somewhere(sort):
    """So that none of them is a word without a meaning."""
    in_layouts = {found.sort for before, after, _ in LAYOUTS.values() for found in classes(before, after).values()}
    others = {Sort.OUTSIDE, Sort.OPEN}  # by tests/cli/test_compare.py and tests/faults/step_09_changes.py
    assert sort in in_layouts | others


@pytest.mark.parametrize("hidden", ["no connection is known", "one leads to what the account does not see"])
def test_pulling_is_not_given_up_where_connections_are_not_known(hidden: str) -> None:
    text = options(orchestration__mcr_pull_by_this_node="true", orchestration__mcr_pull_limit="500")
    less = options(orchestration__mcr_pull_by_this_node=None, orchestration__mcr_pull_limit=None)
    untold = Unknown("an export does not tell it", "exports", Failure.NOT_GIVEN)
    after = [
        replace(each, connections=untold if hidden.startswith("no") else ("a server that is not shown",))
        for each in pair(less, less)
    ]
    found = classes(of(*pair(text, text)), estate(*after, multimedia=True))
    pulling = {(name, item): each.sort for (name, _, item), each in found.items() if item in {PULLS, LIMIT}}
    assert pulling == {(name, item): Sort.UNPLANNED for name in ("ORS_1", "ORS_1_B") for item in (PULLS, LIMIT)}
