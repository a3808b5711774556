# SPDX-License-Identifier: Apache-2.0
"""Step 3: the options of Primary and Backup."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orsgate.estate.estate import Estate
from orsgate.estate.export import Export
from orsgate.estate.inventory import Cluster
from orsgate.estate.judgement import Judgement, Outcome, Violation
from orsgate.estate.knowledge import Basis, Unknown
from orsgate.rules.agreement import option_agrees, options_agree
from orsgate.rules.own_names import HOST_TOKEN, NAME_TOKEN, OwnNames, name_is_host
from orsgate.rules.subjects import named
from orsgate.rules.values import Sameness, compare, only_paths_differ
from tests import make

SHARING = "8.1.400.64"


def pair_with(
    of_primary: str,
    of_backup: str,
    fields: dict[str, Any] | None = None,
    clusters: tuple[Cluster, ...] | None = None,
    **keys: Any,
) -> Estate:
    """An estate of one pair whose sides have further options in section ``x``; ``fields`` are those of the Primary."""
    primary, backup = make.pair("ORS_1")
    given = fields or {"host": "ors-1.example.com"}
    applications = make.changed(
        (primary, backup, *make.SERVERS), "ORS_1", options=_options(of_primary, "ORS_1"), **given
    )  # fmt: skip
    backup_host = "ors-2.example.com" if "." in str(given.get("host", ".")) else "ors-2"
    applications = make.changed(applications, "ORS_1_B", options=_options(of_backup, "ORS_1_B"), host=backup_host)
    return make.estate(applications, clusters, **keys)


def _options(extra: str, name: str) -> Export:
    return make.export(make.HEALTHY_OPTIONS + (f"[x]\n{extra}\n" if extra else ""), f"exports/{name}.cfg")


def only(judgement: Judgement) -> Violation:
    assert judgement.outcome is Outcome.FAIL
    [violation] = judgement.violations
    return violation


def test_healthy_passes_on_declared_pairs():
    judgement = options_agree(make.estate())
    assert (judgement.outcome, judgement.basis, judgement.notes) == (Outcome.PASS, Basis.DECLARED, ())


def test_a_difference_is_named_with_both_values_and_the_line_of_the_backup():
    violation = only(options_agree(pair_with("a=5", "a=6")))
    assert (violation.subject, violation.found) == ("ORS_1 / ORS_1_B", "x/a = 6 on the Backup ORS_1_B")
    assert violation.expected == "x/a = 5, as on the Primary ORS_1"
    assert violation.where == "exports/ORS_1_B.cfg:14"


@pytest.mark.parametrize(("one", "other", "where"), [("a=5", "", "ORS_1.cfg"), ("", "a=5", "ORS_1_B.cfg")])
def test_an_option_on_one_side_only_names_the_side(one, other, where):
    violation = only(options_agree(pair_with(one, other)))
    assert f"on the {'Primary ORS_1' if one else 'Backup ORS_1_B'} only" in violation.found
    assert violation.where == f"exports/{where}:14"


def test_a_disabled_option_does_not_count():
    assert only(options_agree(pair_with("a=5", "#a=5"))).found == (
        "x/a = 5 on the Primary ORS_1 only; on the Backup ORS_1_B it is disabled by #"
    )
    assert options_agree(pair_with("#a=5", "")).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a=True", "a=true"),
        ("a=ORS_1", "a=ORS_1_B"),
        ("a=-app ORS_1 -v", "a=-app ORS_1_B -v"),
        ("a=http://ORS-1.example.com:7210/x", "a=http://ors-2.example.com:7210/x"),
        ("a=ors-1;ORS_1", "a=ors-2;ORS_1_B"),
        ("a=[ors-1]", "a=[ors-2.example.com]"),
    ],
)
def test_own_names_are_no_difference(one, other):
    assert options_agree(pair_with(one, other)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a=ORS_11", "a=ORS_1_B1"),
        ("a=myORS_1", "a=myORS_1_B"),
        ("a=ors-1.elsewhere.com", "a=ors-2.elsewhere.com"),
        ("a=ors-10", "a=ors-20"),
        ("a=ORS_1", "a=ors-2"),
        ("a=ors_1", "a=ors_1_b"),
        ("a=text", "a=Text"),
        ("a=ORS_2", "a=ORS_1_B"),
    ],
)
def test_what_only_resembles_an_own_name_is_a_difference(one, other):
    only(options_agree(pair_with(one, other)))


def test_short_hosts_and_addresses():
    estate = pair_with("a=ors-1.example.com", "a=ors-2.example.com", {"host": "ors-1"})
    assert options_agree(estate).outcome is Outcome.PASS
    names = OwnNames(make.ors("ORS_1", host="10.0.0.1"))
    assert names.replaced("10.0.0.1:7210 10.0.0.12 210.0.0.1 10.0.0.1.5", name_is_host=False) == (
        f"{HOST_TOKEN}:7210 10.0.0.12 210.0.0.1 10.0.0.1.5"
    )
    served = OwnNames(make.ors("ORS_1", host=Unknown("not given"), http="http://10.0.0.7:7210"))
    assert served.replaced("10.0.0.7", name_is_host=False) == HOST_TOKEN


def test_an_application_that_is_called_like_its_host():
    one, other = OwnNames(make.ors("ors-1", host="ors-1")), OwnNames(make.ors("ors-1-b", host="ors-2"))
    same = name_is_host(one, other)
    assert same
    assert one.replaced("ors-1", name_is_host=same) == other.replaced("ors-1-b", name_is_host=same) == HOST_TOKEN


WITHIN_NAMES = st.text("abXYZ019_-", max_size=6)


@given(WITHIN_NAMES, WITHIN_NAMES)
def test_a_name_is_replaced_only_where_it_stands_alone(before, after):
    replaced = OwnNames(make.ors("ORS_1", host="ors-1")).replaced(f"{before}ORS_1{after}", name_is_host=False)
    assert replaced == (f"{before}ORS_1{after}" if before or after else NAME_TOKEN)


@given(st.text("aB;, ./~:C\\", max_size=12), st.text("aB;, ./~:C\\", max_size=12))
def test_only_paths_differ_is_the_same_from_both_sides_and_never_true_of_equals(one, other):
    assert only_paths_differ(one, other) == only_paths_differ(other, one)
    assert not only_paths_differ(one, one)


@pytest.mark.parametrize(
    ("key", "one", "other"),
    [
        ("persistence/cassandra-strategy-class", "SimpleStrategy", "org.apache.cassandra.locator.SimpleStrategy"),
        ("persistence/cassandra-strategy-options", "DC1:2;DC2:3", " DC2 = 3 , DC1 : 2"),
        ("persistence/cassandra-nodes", "10.0.0.1;Cass-2:9160", "cass-2:9160, 10.0.0.1"),
    ],
)
def test_the_same_meaning(key, one, other):
    assert compare(key, one, other) is Sameness.SAME_MEANING
    assert compare("x/y", one, other) is Sameness.DIFFERENT


@pytest.mark.parametrize(
    ("key", "one", "other"),
    [
        ("persistence/cassandra-strategy-options", "DC1:2", "DC1:3"),
        ("persistence/cassandra-strategy-options", "rubbish", "other"),
        ("persistence/cassandra-nodes", "a;b", "a"),
        ("persistence/cassandra-nodes", "", ";"),
        ("persistence/cassandra-strategy-class", "simplestrategy", "SimpleStrategy"),
    ],
)
def test_another_meaning(key, one, other):
    assert compare(key, one, other) is Sameness.DIFFERENT


def test_the_same_meaning_is_a_note():
    changed = make.HEALTHY_OPTIONS.replace("DC1:2;DC2:2", "DC2=2,DC1=2")
    applications = make.changed((*make.pair("ORS_1"), *make.SERVERS), "ORS_1_B", options=make.export(changed))
    judgement = options_agree(make.estate(applications))
    assert judgement.outcome is Outcome.PASS
    assert len(judgement.notes) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a=/opt/a", "a=/opt/b"),
        ("a=stdout, /opt/a;x", "a=stdout, ./b;x"),
        ("a=C:\\a", "a=\\\\server\\b"),
        ("a=~/a ../b", "a=~me ..\\c"),
        ("debug-port=7000", "debug-port=7001"),
    ],
)
def test_paths_and_ports_are_notes(one, other):
    judgement = options_agree(pair_with(one, other))
    assert judgement.outcome is Outcome.PASS
    assert len(judgement.notes) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("/a,/b", "/a;/b"), ("/a x", "/b y"), ("/a", "b"), ("/a", "/a /b"), ("http://a", "http://b"), ("", "/a")]
)  # fmt: skip
def test_more_than_paths_differ(one, other):
    assert not only_paths_differ(one, other)


def test_a_port_on_one_side_only_is_a_violation():
    only(options_agree(pair_with("debug-port=7000", "")))


def test_what_is_left_out():
    estate = pair_with("a=1\n[log]\nall=/x\n[orchestration]\nexternal-url=http://a", "a=2", may_differ=["x/?"])
    assert options_agree(estate).outcome is Outcome.PASS
    only(options_agree(pair_with("[Log]\nall=x", "", may_differ=["x/?"])))


def test_a_secret_is_compared_and_not_shown():
    assert options_agree(pair_with("password=s3cret", "password=s3cret")).outcome is Outcome.PASS
    violation = only(options_agree(pair_with("password=s3cret", "password=other")))
    assert "s3cret" not in str(violation)
    assert "other" not in violation.found


def test_an_unknown_export_blocks():
    primary, backup = make.pair("ORS_1")
    applications = make.changed((primary, backup), "ORS_1_B", options=Unknown("cannot be read"))
    assert options_agree(make.estate(applications)).causes == ("cannot be read",)


def test_an_incomplete_export_lacks_nothing_and_differs_all_the_same():
    judgement = options_agree(pair_with("a=1\nb=1\nc=1", "a=2\nrubbish\nd=1"))
    assert [violation.found.split(" ")[0] for violation in judgement.violations] == ["x/a", "x/d"]
    assert len(judgement.gaps) == 1


def test_set_twice_to_different_values_is_not_known():
    judgement = options_agree(pair_with("a=1", "a=1\na=2"))
    assert judgement.outcome is Outcome.BLOCKED
    assert "set twice to different values" in judgement.causes[0]


def shared(text: str = "[x]\na=5\n") -> tuple[Cluster, ...]:
    return (make.cluster(members={"ORS_1": ""}, shared=make.export(text, "exports/ORS_Cluster.cfg")),)


def test_shared_options_stand_in_for_an_absent_one():
    judgement = options_agree(pair_with("a=5", "", clusters=shared(), to_release=SHARING))
    assert judgement.outcome is Outcome.PASS
    assert len(judgement.notes) == 1


def test_shared_options_with_another_value_or_before_their_time_do_not():
    violation = only(options_agree(pair_with("a=6", "", clusters=shared(), to_release=SHARING)))
    assert "the shared option of the cluster is 5" in violation.found
    only(options_agree(pair_with("a=5", "", clusters=shared())))
    assert options_agree(pair_with("a=5", "", clusters=shared(), to_release="8.1.4")).outcome is Outcome.BLOCKED


def test_one_option_of_a_team():
    estate = pair_with("a=5\nb=1", "a=5\nb=2")
    assert option_agrees(estate, "x/a").outcome is Outcome.PASS
    assert only(option_agrees(estate, "x/b")).found == "x/b = 2 on the Backup ORS_1_B"
    nobody = option_agrees(estate, "x/none")
    assert (nobody.outcome, nobody.reason) == (Outcome.NOT_APPLICABLE, "no application in scope sets x/none")


def test_one_option_of_a_team_on_chosen_applications_alone():
    estate = pair_with("a=5\nb=1", "a=5\nb=2")
    assert option_agrees(estate, "x/b", named("NOBODY*")).outcome is Outcome.ERROR
    assert option_agrees(estate, "x/b", named("ORS_1_B")).outcome is Outcome.FAIL
    wider = make.estate((*estate.in_scope, *make.pair("ORS_2"), *make.SERVERS))
    assert option_agrees(wider, "x/b", named("ORS_1*")).outcome is Outcome.FAIL
    assert option_agrees(wider, "x/b", named("ORS_2*")).reason == "none of the chosen applications sets x/b"


def test_an_option_that_nobody_is_known_to_set_blocks_where_an_export_is_missing():
    estate = make.estate(make.changed((*make.pair("ORS_1"), *make.SERVERS), "ORS_1", options=Unknown("not seen")))
    assert option_agrees(estate, "x/none").outcome is Outcome.BLOCKED


def test_one_secret_option_of_a_team_is_compared_by_its_digest():
    assert option_agrees(pair_with("password=1", "password=1"), "x/password").outcome is Outcome.PASS
    assert option_agrees(pair_with("password=1", "password=2"), "x/password").outcome is Outcome.FAIL


def test_notes_are_grouped_by_option():
    applications = [
        application
        for name in ("ORS_1", "ORS_2", "ORS_3")
        for side, path in zip(make.pair(name), "ab", strict=True)
        for application in make.changed((side,), side.name, options=_options(f"dir=/{path}", side.name))
    ]
    [note] = options_agree(make.estate((*applications, *make.SERVERS))).notes
    assert note.endswith("and in 2 more pairs")
