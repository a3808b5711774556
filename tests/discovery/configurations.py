# SPDX-License-Identifier: Apache-2.0
"""Configurations as a live source gives them, ordinary and hostile ones, and what of them an estate file can hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from orsgate.discovery.access import SourceAccess
from orsgate.discovery.cfg_files import write_exports
from orsgate.discovery.exported import ExportedFiles, annexes_to_write, cluster_annexes_to_write, named, options_to_write
from orsgate.discovery.manifest import Provenance
from orsgate.estate.export import Export, Option, Section
from orsgate.estate.inventory import Application, Cluster, Configuration, Member, Origin
from orsgate.estate.knowledge import Basis, Unknown
from tests import make

READ = datetime(2026, 1, 30, 20, 0, tzinfo=UTC)
ACCESS = SourceAccess("gax", url="https://gax.example/", username="reader", password_env="GAX_PASSWORD")  # noqa: S106
HIDDEN = Unknown("the object with DBID 7 is not visible to this account, or deleted", "gax.example:443 CfgApplication")
LIVE = {"address": "https://gax.example", "account": "reader", "server": "cfg-1:2020"}


def configuration(
    applications: tuple[Application, ...] | None = None, clusters: tuple[Cluster, ...] | None = None, **fields: Any
) -> Configuration:
    """Two healthy pairs in one cluster, read live, or what is given in their place."""
    return make.estate(applications, clusters, live=True, configuration=LIVE | fields).configuration


def written(found: Configuration, directory: Path) -> ExportedFiles:
    """Every export of a configuration, written below ``directory``, as an estate file in it names them."""
    origin = Provenance("gax", "gax.example:443", "reader", READ, "", "orsgate test")
    options = write_exports(directory / "exports", options_to_write(found), origin, "current")
    annexes = write_exports(directory / "annex", annexes_to_write(found), origin, "current")
    clusters = write_exports(directory / "clusters", cluster_annexes_to_write(found), origin, "current")
    return ExportedFiles(
        named(options, "exports"), named(annexes, "annex"), named(clusters, "clusters"), None, READ, "orsgate, as reader"
    )


def content(export: Export | Unknown | None) -> object:
    """What two exports have in common that hold the same; one that holds nothing is as good as none."""
    if isinstance(export, Export):
        shape = [(s.name, s.enabled, [(o.name, str(o.value), o.enabled) for o in s.options]) for s in export.sections]
        return shape or None
    return export and "not known"


def facts(application: Application) -> dict[str, object]:
    """What is compared of an application."""
    told = {
        key: "not known" if isinstance(value := getattr(application, key), Unknown) else value
        for key in (
            "type", "enabled", "primary", "new", "version", "host", "backup", "redundancy", "connections", "tenants", "ports",
            "http", "arguments", "dbid",
        )
    }  # fmt: skip
    return told | {"options": content(application.options), "annex": content(application.annex)}


def as_file_says(application: Application, backups: Counter[str]) -> Application:
    """An application as an estate file tells it, in which some facts cannot be left open."""
    defaults: dict[str, object] = {
        "enabled": True, "primary": not backups[application.name], "backup": None, "redundancy": "none", "connections": (),
        "tenants": (),
    }  # fmt: skip
    unknown = {key: value for key, value in defaults.items() if isinstance(getattr(application, key), Unknown)}
    return replace(application, **unknown)  # type: ignore[arg-type]


def cluster_facts(cluster: Cluster) -> tuple[object, ...]:
    """What is compared of a cluster."""
    members = cluster.members and [(member.application, member.datacenter, member.enabled) for member in cluster.members]
    tenant = "not known" if isinstance(cluster.tenant, Unknown) else cluster.tenant
    kind = "list" if isinstance(cluster.type, Unknown) else cluster.type
    return cluster.transaction, kind, cluster.enabled is not False, tenant, members, content(cluster.shared)


def unique(items: st.SearchStrategy[Any], **limits: Any) -> st.SearchStrategy[Any]:
    return st.lists(items, unique=True, **limits).map(tuple)


PLAIN = st.sampled_from(
    ["ORS_1", "ORS_2", "ORS_1_B", "ORS 3", "Überlauf", 'a"b', "a\\b", "#x", "x = 1", "[[x]]", "a.b.c", "'", "\u200f\u05d0"]
)
PIECE = st.sampled_from(
    ["a", '"', "'", "\\", "#", "[[application]]", "\n", "\r", "\0", "\x1f", "\x7f", "\x85", "\u2028", "\u202e", "\ud800", ".",
     "a.", "=", " ", "\t", "../", "\ufeff", "CHECK", '"""', "\U000e0001"]
)  # fmt: skip
HOSTILE = st.one_of(st.lists(PIECE, max_size=6).map("".join), st.text(max_size=6), st.just("a." * 120), st.just("x" * 400))


def exports(
    names: st.SearchStrategy[str], sections: st.SearchStrategy[str], values: st.SearchStrategy[str]
) -> st.SearchStrategy[Export]:
    """Exports; no option or section stands twice, and none is empty."""
    option = st.builds(Option, names, values, st.just(0), st.booleans())
    options = st.lists(option, min_size=1, max_size=3, unique_by=lambda each: each.name)

    def section(name: str, found: list[Option], enabled: bool) -> Section:  # noqa: FBT001
        return Section(name, 0, enabled, tuple(replace(each, enabled=each.enabled and enabled) for each in found))

    blocks = st.lists(st.builds(section, sections, options, st.booleans()), max_size=3, unique_by=lambda each: each.name)
    return st.builds(Export, st.just("gax"), blocks.map(tuple))


def configurations(name: st.SearchStrategy[str], text: st.SearchStrategy[str], *, fit: bool) -> st.SearchStrategy[Configuration]:
    """Configurations whose names and texts are drawn; with ``fit`` an estate file can hold all of it."""
    unknown = st.just(HIDDEN)
    option_name = st.sampled_from(["verbose", "mcr-pull-limit", "cassandra-nodes", "Verbose"]) if fit else text
    section_name = st.sampled_from(["log", "orchestration", "persistence"]) if fit else text
    port = st.integers(1, 65535) if fit else st.integers(-1, 70000)
    value = text.filter(lambda each: each == each.strip()) if fit else text
    named_export = exports(option_name, section_name, value)
    redundancies = ["none", "warm standby", "hot standby"] if fit else ["none", "unheard-of"]
    strange = () if fit else (text,)
    reference = st.one_of(name, st.just("(DBID 123)"))
    fields: dict[str, Any] = {
        "name": name,
        "origin": st.just(Origin("gax.example:443 CfgApplication")),
        "type": st.sampled_from(["Orchestration Server"] * 3 + ["SIP Server", "T-Server", "Interaction Server", "Message Server"])
        if fit else st.one_of(st.just("Orchestration Server"), st.just("TServer"), text),
        "enabled": st.one_of(st.booleans(), unknown),
        "primary": st.one_of(st.booleans(), unknown),
        "new": st.booleans(),
        "version": st.one_of(st.sampled_from(["8.1.200.50", "8.1.4", "8.1.300.25"]) if fit else text, unknown),
        "host": st.one_of(name, unknown),
        "backup": st.one_of(st.none(), reference, unknown),
        "redundancy": st.one_of(st.sampled_from(redundancies), unknown),
        "connections": st.one_of(unique(reference, max_size=3), unknown),
        "tenants": st.one_of(unique(name, max_size=2), unknown),
        "ports": st.one_of(st.dictionaries(name, port, max_size=2), unknown),
        "http": st.one_of(st.none(), st.just("http://ors-1:7210"), *strange),
        "arguments": st.one_of(st.none(), st.just('-host cfg -app ORS_1\n-x "é"'), *strange),
        "dbid": st.one_of(st.none(), st.integers(1, 2**31 - 1) if fit else st.integers()),
        "options": st.one_of(named_export, unknown),
        "annex": st.one_of(st.none(), named_export, unknown),
    }  # fmt: skip

    def plausible(application: Application) -> Application:
        return application if application.is_ors else replace(application, options=None, annex=None)

    by_name = (lambda each: each.name) if fit else None
    applications = st.lists(st.builds(Application, **fields).map(plausible), max_size=6, unique_by=by_name)
    member = st.builds(Member, name.filter(lambda each: not each.startswith("#")) if fit else name, text, st.booleans())
    members = st.lists(member, max_size=3, unique_by=(lambda each: (each.application, each.enabled)) if fit else None)
    cluster = st.builds(
        Cluster,
        transaction=name,
        origin=st.just(Origin("gax.example:443 CfgTransaction")),
        type=st.one_of(st.sampled_from(["list", "statistic"]), unknown),
        enabled=st.one_of(st.booleans(), unknown),
        tenant=st.one_of(name, unknown),
        members=st.one_of(st.none(), members.map(tuple)),
        shared=st.one_of(st.none(), named_export, unknown),
    )
    clusters = st.lists(cluster, max_size=3, unique_by=(lambda each: each.transaction) if fit else None)
    told = {
        "account": text,
        "address": text,
        "server": text,
        "gaps": st.lists(st.builds(Unknown, text, text), max_size=2).map(tuple),
    }
    return st.builds(
        Configuration,
        source=st.just("gax"),
        live=st.just(True),
        basis=st.just(Basis.OBSERVED),
        applications=applications.map(tuple),
        clusters=clusters.map(tuple),
        **({} if fit else told),
    )
