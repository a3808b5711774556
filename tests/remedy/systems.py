# SPDX-License-Identifier: Apache-2.0
"""Twins of GAX and GWS that may be written to, what is to be changed in them, and writers to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from orsgate.estate.journal import Journal
from orsgate.remedy.apply import apply, never
from orsgate.remedy.changes import ChangeList, OptionChange
from orsgate.remedy.results import Applied, Status
from orsgate.remedy.undo import undo
from orsgate.sandbox.twins.gax import GaxTwin
from orsgate.sandbox.twins.gws import GwsTwin
from orsgate.sandbox.twins.objects import Tree, TreeApplication, TreeTenant, TreeTransaction
from orsgate.sandbox.twins.server import DEFAULT_PASSWORD, DEFAULT_USERNAME, Twin
from orsgate.sources.gax import Gax
from orsgate.sources.gws import Gws
from orsgate.sources.option_edits import ObjectKind, Tab
from orsgate.sources.sessions import Account
from orsgate.sources.writing import Writer
from orsgate.wire.deadline import Limits
from orsgate.wire.http.address import Address

SOURCES = ("gax", "gws")
KINDS: dict[str, type[Twin]] = {"gax": GaxTwin, "gws": GwsTwin}
SECONDS = 0.6
"""One answer may take so long in these tests, and so long is waited for what may still be stored."""
ESTATE = "Writing (made up)"


def ors(dbid: int, name: str) -> TreeApplication:
    """An Orchestration Server of 8.1.2, with fields that nobody but the server knows."""
    return TreeApplication(
        dbid=dbid,
        name=name,
        type=161,
        version="8.1.200.50",
        connections=(900,),
        ports=(("default", 7200), ("http", 7210)),
        options=(
            ("orchestration", (("mcr-pull-by-msn-only", "false"), ("get-list-item-by-urs", "true"), ("keep", " a b "))),
            ("cluster", (("name", "c1"), ("#super_node", "true"))),
            ("persistence", (("password", "s3cret ü"), ("cassandra-keyspace-name", "Orchestration"))),
            ("zz", (("last", "1"),)),
        ),
        annex=(("own", (("note", "1.50"),)),),
        more=(("later", '{"x": [1, null, "\\u00e9"]}'),),
    )


TREE = Tree(
    applications=(ors(101, "ORS_1"), ors(102, "ORS_2"), TreeApplication(900, "SIP_1", 1)),
    tenants=(TreeTenant(1, "Environment"),),
    transactions=(TreeTransaction(101, "ORS_Cluster", 21, tenant=1, annex=(("cluster", (("ORS_1", "DC1"),)),)),),
)


def change(
    name: str, key: str, before: str | None, after: str | None, kind: ObjectKind = "application", tab: Tab = "options"
) -> OptionChange:
    """A change of ``section/option``, or of a section."""
    section, _, option = key.partition("/")
    return OptionChange(name, kind, tab, section, option, before, after, ("ORS-0201",))


def changes_of(name: str) -> tuple[OptionChange, ...]:
    """What the steps ask for of one application: options and a whole section go, one changes, new ones come."""
    return (
        change(name, "orchestration/mcr-pull-by-msn-only", "false", None),
        change(name, "orchestration/get-list-item-by-urs", "true", None),
        change(name, "cluster/name", "c1", None),
        change(name, "cluster/#super_node", "true", None),
        change(name, "cluster", "", None),
        change(name, "persistence/cassandra-keyspace-name", "Orchestration", "ors é"),
        change(name, "orchestration/functions-by-urs", None, "true"),
        change(name, "made/new", None, "1"),
    )


CHANGES = ChangeList(
    (*changes_of("ORS_1"), change("ORS_Cluster", "cluster/ORS_2", None, "DC1", "transaction", "annex"), *changes_of("ORS_2"))
)


@contextmanager
def twin_of(source: str, tree: Tree = TREE) -> Iterator[Twin]:
    """A twin that may be written to."""
    with KINDS[source](tree, writable=True) as twin:
        yield twin


def writer_to(source: str, url: str, seconds: float = SECONDS) -> Writer:
    """A writer to a twin."""
    kind = Gax if source == "gax" else Gws
    return kind(Address.parse(url), Account(DEFAULT_USERNAME, DEFAULT_PASSWORD)).writer(Limits(call=seconds))


def applied(twin: Twin, source: str, journal: Path, changes: ChangeList = CHANGES, stop: Callable[[], bool] = never) -> Applied:
    """Apply changes to a twin."""
    with Journal(journal) as written, writer_to(source, twin.url) as writer:
        return apply(changes, writer, written, estate=ESTATE, stop=stop)


def undone(twin: Twin, source: str, journal: Path) -> Applied:
    """Take back what a journal says."""
    with Journal(journal) as written, writer_to(source, twin.url) as writer:
        return undo(written, writer, estate=ESTATE)


def statuses(found: Applied) -> list[tuple[str, Status]]:
    """What became of each object."""
    return [(result.object, result.status) for result in found.results]


def after_all() -> Tree:
    """The tree after all changes."""
    return replace(
        TREE,
        applications=tuple(_changed(one) if one.name.startswith("ORS") else one for one in TREE.applications),
        transactions=(replace(TREE.transactions[0], annex=(("cluster", (("ORS_1", "DC1"), ("ORS_2", "DC1"))),)),),
    )


def _changed(one: TreeApplication) -> TreeApplication:
    return replace(
        one,
        options=(
            ("orchestration", (("keep", " a b "), ("functions-by-urs", "true"))),
            ("persistence", (("password", "s3cret ü"), ("cassandra-keyspace-name", "ors é"))),
            ("zz", (("last", "1"),)),
            ("made", (("new", "1"),)),
        ),
    )
