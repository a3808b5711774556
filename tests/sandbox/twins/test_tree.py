# SPDX-License-Identifier: Apache-2.0
"""The tree holds what the estate file says, with DBIDs that resolve where the names do."""

from pathlib import Path

import pytest

from orsgate.estate.file import load_estate_file
from orsgate.home import harness_directory
from orsgate.sandbox.errors import UsageError
from orsgate.sandbox.twins.objects import KINDS
from orsgate.sandbox.twins.tree import Tree, TreeApplication, tree_of
from tests.sandbox.twins.made import TREE, estate

ORS = '[[application]]\nname = "ORS_1"\n'


def application(tree: Tree, name: str) -> TreeApplication:
    return next(one for one in tree.applications if one.name == name)


def test_the_healthy_sample_becomes_a_tree_whose_references_resolve() -> None:
    tree = tree_of(load_estate_file(harness_directory() / "fixtures" / "estates" / "healthy" / "estate.toml"))
    first = application(tree, "ORS_A1")
    assert (first.dbid, first.type, first.version, first.redundancy, first.primary) == (1001, 161, "8.1.200.50", 2, True)
    assert first.backup == tree.dbid("application", "ORS_A1_B") == 1002
    assert not application(tree, "ORS_A1_B").primary
    assert first.connections == tuple(tree.dbid("application", name) for name in ("SIP_A", "URS_A", "IXN_A"))
    assert [application(tree, name).type for name in ("SIP_A", "URS_A", "IXN_A")] == [1, 15, 111]
    assert first.host == tree.dbid("host", "ors-a1")
    assert first.tenants == (tree.dbid("tenant", "Environment"),) == (1,)
    assert (first.ports, first.default_port) == ((("default", 7200), ("http", 7210)), 7200)
    assert dict(dict(first.options)["persistence"])["cassandra-keyspace-name"] == "Orchestration"
    (cluster,) = tree.transactions
    assert (cluster.name, cluster.type, cluster.tenant) == ("ORS_Cluster", 21, 1)
    assert dict(cluster.annex)["cluster"] == (("ORS_A1", "DC1"), ("ORS_A2", "DC1"), ("ORS_B1", "DC2"))
    for kind in KINDS:
        dbids = [one.dbid for one in tree.objects(kind)]
        assert len(set(dbids)) == len(dbids)


def test_the_tree_names_its_configuration_server(tmp_path: Path) -> None:
    tree = tree_of(estate(tmp_path, '[[application]]\nname = "confserv"\ntype = "Other"\n'), "cfg.example:2021")
    assert tree.server == "cfg.example:2021"
    own = application(tree, "confserv_2")
    assert (own.type, own.ports) == (21, (("default", 2021),))
    assert own.host == tree.dbid("host", "cfg.example")
    assert application(tree, "confserv").type == 107
    with pytest.raises(UsageError, match="no Configuration Server"):
        tree_of(estate(tmp_path, ORS), "cfg:port")


def test_options_are_the_real_ones_and_disabled_ones_keep_their_mark(tmp_path: Path) -> None:
    text = "[a]\npassword=s3cret\n#off=1\ntwice=1\n[#gone]\nx=2\n[b]\n[a]\ntwice=3\n"
    loaded = estate(
        tmp_path, f'{ORS}options = "o.cfg"\nannex = "a.cfg"\narguments = "-app ORS_1 -password s3cret"\n', o=text, a="[n]\ny=1\n"
    )
    one = application(tree_of(loaded), "ORS_1")
    assert one.options == (
        ("a", (("password", "s3cret"), ("#off", "1"), ("twice", "3"))),
        ("#gone", (("x", "2"),)),
        ("b", ()),
    )
    assert one.annex == (("n", (("y", "1"),)),)
    assert one.arguments == "-app ORS_1 -password s3cret"


def test_dbids_are_the_given_ones_and_else_free_ones(tmp_path: Path) -> None:
    text = "".join(f'[[application]]\nname = "{name}"\n{more}' for name, more in (("A", ""), ("B", "dbid = 100\n"), ("C", "")))
    tree = tree_of(estate(tmp_path, text))
    assert [tree.dbid("application", name) for name in ("A", "B", "C", "confserv")] == [101, 100, 102, 103]


def test_a_name_that_is_no_application_gets_a_dbid_that_no_object_has(tmp_path: Path) -> None:
    tree = tree_of(estate(tmp_path, f'{ORS}backup = "GONE"\nconnections = ["GONE", "LOST"]\n'))
    one = application(tree, "ORS_1")
    assert one.backup == one.connections[0] != one.connections[1]
    assert not {one.backup, *one.connections} & {other.dbid for kind in KINDS for other in tree.objects(kind)}


def test_clusters_become_transactions(tmp_path: Path) -> None:
    text = (
        '[[cluster]]\ntransaction = "C1"\ntenant = "Sales"\nmembers = { ORS_1 = "", "#ORS_2" = "DC2" }\noptions = "c.cfg"\n'
        '[[cluster]]\ntransaction = "C2"\ntype = "stat type"\nenabled = false\n[[cluster]]\ntransaction = "C3"\ntype = "what"\n'
    )
    first, second, third = tree_of(estate(tmp_path, ORS + text, c="[log]\nverbose=all\n")).transactions
    assert first.annex == (("cluster", (("ORS_1", ""), ("#ORS_2", "DC2"))), ("log", (("verbose", "all"),)))
    assert (first.tenant, first.enabled) == (100, True)
    assert (second.type, second.enabled, second.annex, second.tenant) == (19, False, (), 0)
    assert third.type == 0


def test_what_is_not_said_is_left_out(tmp_path: Path) -> None:
    one = application(tree_of(estate(tmp_path, f'{ORS}options = "missing.cfg"\n')), "ORS_1")
    assert (one.version, one.host, one.ports, one.options, one.default_port) == (None, 0, (), (), None)


def test_hiding_an_object_leaves_the_references_to_it() -> None:
    tree = TREE.without_all([("application", 102), ("host", 100), ("tenant", 1), ("transaction", 101)])
    assert [one.name for kind in KINDS for one in tree.objects(kind)] == ["ORS_1", "SIP_1", "Sales"]
    assert (tree.applications[0].backup, tree.applications[0].host) == (102, 100)
    with pytest.raises(UsageError, match="no host with the DBID 5"):
        tree.without("host", 5)
    with pytest.raises(UsageError, match="no tenant Nobody"):
        tree.dbid("tenant", "Nobody")
