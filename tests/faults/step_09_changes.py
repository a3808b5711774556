# SPDX-License-Identifier: Apache-2.0
"""Step 9: what changed since the baseline, planned and not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from orsgate.estate.estate import Estate
from orsgate.estate.evidence_files import Baseline
from orsgate.estate.export import Export, parse
from orsgate.estate.inventory import Application, Cluster, Configuration, Member
from orsgate.estate.knowledge import Unknown
from orsgate.estate.ring import Keyspace, Ring
from orsgate.estate.secret import Redactor
from orsgate.estate.snapshot import Snapshot
from tests import deployments
from tests.faults import step_05
from tests.faults.baselines import CREATED, of_812
from tests.faults.workshop import (
    Change,
    Fault,
    Workshop,
    appended,
    dropped,
    expect,
    fault,
    harmless,
    healthy_ring,
    in_application,
    put,
    replaced,
    snapshot,
)

Alter = Callable[[Configuration], Configuration]


def before_migration(alter: Alter = lambda found: found, ring: Callable[[], Ring | None] | None = None) -> Change:
    """A baseline of the estate as 8.1.2 had it, taken before the other changes: options of the rollback exports, no Backups.

    Args:
        alter: applied to its configuration.
        ring: the ring as it was then.
    """

    def change(workshop: Workshop) -> None:
        read = workshop.collected().configuration
        assert isinstance(read, Configuration)
        made = Baseline("baseline", CREATED, "Sample, migrated (made up)", alter(of_812(read)), (ring or old_ring)())
        snapshot(lambda found: replace(found, baseline=made))(workshop)

    return change


def old_ring() -> Ring:
    """The healthy ring with the keyspace that 8.1.2 made."""
    keyspaces = (
        Keyspace("system", "LocalStrategy", {}, ("Versions",)),
        Keyspace("Orchestration", "org.apache.cassandra.locator.SimpleStrategy", {"replication_factor": "2"}, ("Session",)),
    )
    ring = healthy_ring()
    return replace(ring, nodes=tuple(replace(node, keyspaces=keyspaces) for node in ring.nodes))


def was(name: str, **fields: Any) -> Alter:
    """A baseline in which an application had other fields."""

    def alter(found: Configuration) -> Configuration:
        assert name in {each.name for each in found.applications}
        changed = tuple(replace(each, **fields) if each.name == name else each for each in found.applications)
        return replace(found, applications=changed)

    return alter


def had(*names: str, **options: str | None) -> Alter:
    """A baseline in which applications had other options, ``section__option``; None for one that was not set.

    In names ``-`` is written ``_``.
    """

    def alter(found: Configuration) -> Configuration:
        assert set(names) <= {each.name for each in found.applications}
        changed = tuple(_with(each, options) if each.name in names else each for each in found.applications)
        return replace(found, applications=changed)

    return alter


def _with(application: Application, options: dict[str, str | None]) -> Application:
    read = application.options
    assert isinstance(read, Export)
    held = {(section.name, option.name): str(option.value) for section, option in read.enabled_options()}
    for key, value in options.items():
        section, _, option = key.partition("__")
        held.pop((section, option.replace("_", "-")), None)
        if value is not None:
            held[section, option.replace("_", "-")] = value
    lines = [f"[{section}]\n{option}={value}" for (section, option), value in held.items()]
    return replace(application, options=parse("\n".join(lines).encode(), read.place, Redactor()))


def all_of(*alters: Alter) -> Alter:
    """Several changes of the baseline, one after the other."""

    def alter(found: Configuration) -> Configuration:
        for each in alters:
            found = each(found)
        return found

    return alter


def with_cluster(**members: str) -> Alter:
    """A baseline that had a cluster Transaction already, as 8.1.3 has."""

    def alter(found: Configuration) -> Configuration:
        origin = found.applications[0].origin
        listed = tuple(Member(name, datacenter, enabled=True) for name, datacenter in members.items())
        return replace(found, clusters=(Cluster("ORS_Cluster", origin, members=listed),))

    return alter


def _without(name: str) -> Alter:
    return lambda found: replace(found, applications=tuple(each for each in found.applications if each.name != name))


def _besides(like: str, name: str) -> Alter:
    """A baseline with one application more, which is like another."""

    def alter(found: Configuration) -> Configuration:
        old = next(each for each in found.applications if each.name == like)
        return replace(found, applications=(*found.applications, replace(old, name=name)))

    return alter


def _backed_up(primary: str, backup: str) -> Alter:
    """A baseline in which a Primary had another Backup already."""
    return all_of(
        _besides(primary, backup), was(backup, primary=False), was(primary, backup=backup, redundancy="warm standby")
    )  # fmt: skip


def of_another_estate(workshop: Workshop) -> None:
    """Let the baseline be that of an estate which happens to be alike."""

    def alter(found: Snapshot) -> Snapshot:
        assert isinstance(found.baseline, Baseline)
        return replace(found, baseline=replace(found.baseline, estate_name="Munich (made up)"))

    snapshot(alter)(workshop)


def no_baseline(found: Unknown | None) -> Change:
    """There is none, or it cannot be read."""
    return snapshot(lambda read: replace(read, baseline=found))


def _created_after_the_installation(workshop: Workshop) -> None:
    """Let the baseline be of an hour after ``installed_at``."""

    def alter(found: Snapshot) -> Snapshot:
        installed_at = found.estate.estate.installed_at
        assert isinstance(found.baseline, Baseline)
        assert installed_at is not None
        return replace(found, baseline=replace(found.baseline, created=installed_at + timedelta(hours=1)))

    snapshot(alter)(workshop)


def _recorded_without(key: str) -> Change:
    """A readiness record of the estate before the option ``section/name`` came to be."""
    section, _, name = key.partition("/")

    def before(application: Application) -> Application:
        options = application.options
        if not isinstance(options, Export):
            return application
        sections = tuple(
            replace(each, options=tuple(option for option in each.options if (each.name, option.name) != (section, name)))
            for each in options.sections
        )
        return replace(application, options=replace(options, sections=sections))

    def hold(found: Snapshot) -> Snapshot:
        assert isinstance(found.configuration, Configuration)
        then = replace(found.configuration, applications=tuple(map(before, found.configuration.applications)))
        return replace(found, record=deployments.record(Estate(replace(found, configuration=then), "deployment")))

    return snapshot(hold)


_E = "estate.toml"
_ALL, _A1, _A1_BOTH, _B1_BOTH = "exports/ORS_*.cfg", "exports/ORS_A1.cfg", "exports/ORS_A1*.cfg", "exports/ORS_B1*.cfg"
_PRIMARIES = ("ORS_A1", "ORS_A2", "ORS_B1")
_PULLS, _LIMIT = "orchestration/mcr-pull-by-this-node", "orchestration/mcr-pull-limit"
_CLASS, _OPTIONS = "persistence/cassandra-strategy-class", "persistence/cassandra-strategy-options"
_BEFORE = before_migration()
_RIGHT = had(
    *_PRIMARIES, persistence__cassandra_strategy_class="NetworkTopologyStrategy",
    persistence__cassandra_strategy_options="DC1:2;DC2:2",
)  # fmt: skip
"""A baseline whose strategy was right before the migration."""
_BUILD_64 = replaced(_E, '"8.1.400.27"', '"8.1.400.64"')


def _planned(item: str, value: str = "", application: str = "ORS_*") -> Change:
    told = f'value = "{value}"\n' if value else ""
    return appended(_E, f'\n[[planned_change]]\napplication = "{application}"\nitem = "{item}"\n{told}')


def _broken(name: str, expected: dict[str, str] | str, *changes: Change) -> Fault:
    return fault(name, expected, *changes, phase="deployment")


def _fine(name: str, *changes: Change, expected: dict[str, str] | None = None) -> Fault:
    return harmless(name, *changes, phase="deployment", expected=expected)


_NO_RING = next(each for each in step_05.FAULTS if each.name == "after the installation the ring cannot be asked")

FAULTS = (
    _broken(
        "whether the ring asks for another replication is not known",
        _NO_RING.expected | expect(blocked="ORS-0904"),
        before_migration(ring=lambda: None),
        *_NO_RING.changes,
    ),
    _broken("a baseline of another estate", "ORS-0904", of_another_estate),
    _broken("no baseline was given", expect(blocked="ORS-0904"), no_baseline(None)),
    _broken(
        "a baseline that was changed",
        expect(blocked="ORS-0904"),
        no_baseline(Unknown("baseline/manifest.json does not fit exports/ORS_A1.cfg: it was changed", "baseline")),
    ),
    _broken(
        "a baseline that was made after the installation",
        expect(blocked="ORS-0904"),
        _BEFORE,
        _created_after_the_installation,
    ),
    _broken("a value changed on a pair", "ORS-0904", _BEFORE, put(_A1_BOTH, "orchestration/call-watching-timeout", "6000")),
    _broken("an option deleted that nobody asked for", "ORS-0904", _BEFORE, dropped(_B1_BOTH, "scxml/max-pending-events")),
    _broken("an option disabled by #", "ORS-0904", _BEFORE, replaced(_B1_BOTH, "max-pending", "#max-pending")),
    _broken("the log of one application goes elsewhere", "ORS-0904", _BEFORE, put(_A1, "log/all", "/var/log/elsewhere/ors")),
    _broken("external-url was changed", "ORS-0904", _BEFORE, put(_A1, "orchestration/external-url", "http://other:7210")),
    _broken(
        "a secret was changed",
        "ORS-0904",
        before_migration(had("ORS_A1", security__api_key="old")),
        put(_A1_BOTH, "security/api-key", "new"),
    ),
    _broken(
        "a right replication was changed",
        "ORS-0708 ORS-0709 ORS-0904",
        before_migration(_RIGHT),
        put(_ALL, _OPTIONS, "DC1:1;DC2:2"),
    ),
    _broken(
        "a right limit was changed",
        "ORS-0904",
        before_migration(had(*_PRIMARIES, orchestration__mcr_pull_limit="300")),
    ),
    _broken("a limit was set to a wrong value", "ORS-0802 ORS-0904", _BEFORE, put(_ALL, _LIMIT, "-5")),
    _broken("pulling was switched off on a pair", "ORS-0801 ORS-0805 ORS-0904", _BEFORE, put(_B1_BOTH, _PULLS, "false")),
    _broken(
        "a schema version of an older release",
        "ORS-0904",
        before_migration(had(*_PRIMARIES, persistence__cassandra_schema_version="ORS8130000")),
        put(_ALL, "persistence/cassandra-schema-version", "ORS8120000"),
    ),
    _broken(
        "an obsolete option came back",
        "ORS-0201 ORS-0904",
        before_migration(had(*_PRIMARIES, orchestration__mcr_pull_by_msn_only=None)),
        put(_ALL, "orchestration/mcr-pull-by-msn-only", "false"),
    ),
    _broken(
        "functions-by-urs is not what get-list-item-by-urs was",
        "ORS-0904",
        _BEFORE,
        put(_B1_BOTH, "orchestration/functions-by-urs", "true"),
    ),
    _broken(
        "a connection more on a pair",
        "ORS-0904",
        _BEFORE,
        replaced(_E, '["SIP_B", "URS_B", "IXN_A"]', '["SIP_B", "URS_B", "IXN_A", "URS_A"]'),
    ),
    _broken(
        "a connection removed from a pair",
        "ORS-0803 ORS-0904",
        _BEFORE,
        replaced(_E, '["SIP_B", "URS_B", "IXN_A"]', '["SIP_B", "URS_B"]'),
    ),
    _broken(
        "another tenant on a pair",
        "ORS-0904",
        _BEFORE,
        in_application("ORS_A1", '"Environment"', '"Environment", "Sales"'),
        in_application("ORS_A1_B", '"Environment"', '"Environment", "Sales"'),
    ),
    _broken("a Backup was exchanged for another", "ORS-0904", before_migration(_backed_up("ORS_A1", "ORS_OLD_B"))),
    _broken(
        "warm standby became cold standby",
        "ORS-0302 ORS-0904",
        before_migration(was("ORS_A1", redundancy="warm standby")),
        in_application("ORS_A1", "warm standby", "cold standby"),
    ),
    _broken(
        "a member moved to another data center",
        "ORS-0904",
        before_migration(with_cluster(ORS_A1="DC1", ORS_A2="DC1", ORS_B1="DC1")),
    ),
    _broken("a pair that nobody planned", "ORS-0904", before_migration(_without("ORS_B1"))),
    _broken("an application is gone", "ORS-0904", before_migration(_besides("ORS_A1", "ORS_OLD"))),
    _broken(
        "a planned change with another value",
        "ORS-0904",
        _BEFORE,
        _planned("log/verbose", "all"),
        put(_ALL, "log/verbose", "debug"),
    ),
    _broken(
        "a planned change of other applications",
        "ORS-0904",
        _BEFORE,
        _planned("log/verbose", "all", "ORS_B*"),
        put(_ALL, "log/verbose", "all"),
    ),
    _broken(
        "an option that was there when the record was written",
        "ORS-0904",
        _BEFORE,
        put(_ALL, "scxml/max-includes", "500"),
    ),
    _broken(
        "between stages an unplanned change is one too",
        "ORS-0904",
        _BEFORE,
        put(_A1_BOTH, "scxml/system-id", "7"),
        snapshot(lambda found: replace(found, stage=1)),
    ),
)
HARMLESS = (
    _fine("steps 2 to 8, and the installation", _BEFORE),
    _fine("the baseline has no ring", before_migration(ring=lambda: None)),
    _fine("obsolete options disabled by # first", _BEFORE, appended(_ALL, "\n[orchestration]\n#mcr-pull-by-msn-only=false\n")),
    _fine(
        "an option that came with the new template",
        _BEFORE,
        put(_ALL, "scxml/max-includes", "500"),
        _recorded_without("scxml/max-includes"),
    ),
    _fine("a planned change", _BEFORE, _planned("log/verbose", "all"), put(_ALL, "log/verbose", "all")),
    _fine("a planned change to any value", _BEFORE, _planned("log/verbose"), put(_A1, "log/verbose", "debug")),
    _fine(
        "a planned change of a secret",
        before_migration(had("ORS_A1", security__api_key="old")),
        _planned("security/api-key", "new"),
        put(_A1_BOTH, "security/api-key", "new"),
    ),
    _fine(
        "a planned connection",
        _BEFORE,
        _planned("connection", "URS_A"),
        replaced(_E, '["SIP_B", "URS_B", "IXN_A"]', '["SIP_B", "URS_B", "IXN_A", "URS_A"]'),
    ),
    _fine(
        "a planned member of a cluster",
        before_migration(with_cluster(ORS_A1="DC1", ORS_A2="DC1", ORS_B1="DC1")),
        _planned("cluster", "DC2", "ORS_B1"),
    ),
    _fine("booleans in another letter case", before_migration(had(*_PRIMARIES, orchestration__mcr_pull_by_this_node="TRUE"))),
    _fine("new hosts", before_migration(was("ORS_A1", host="old-host"))),
    _fine("a cluster with a wrong member before", before_migration(with_cluster(ORS_A1="DC1", ors_a2="DC1", ORS_B1="DC2"))),
    _fine(
        "a data center in another letter case before", before_migration(with_cluster(ORS_A1="DC1", ORS_A2="dc1", ORS_B1="DC2"))
    ),
    _fine("a wrong limit before", before_migration(had(*_PRIMARIES, orchestration__mcr_pull_limit="-5"))),
    _fine("Cassandra nodes of a ring that is gone", before_migration(had(*_PRIMARIES, persistence__cassandra_nodes="10.9.9.9"))),
    _fine(
        "changes of an application outside the scope",
        _BEFORE,
        replaced(_E, "expected_applications = 6", "expected_applications = 4"),
        appended(_E, '\n[scope]\nexclude = [{ application = "ORS_B1*", reason = "migrated later" }]\n'),
        put(_B1_BOTH, "scxml/system-id", "7"),
    ),
    _fine("between stages", _BEFORE, snapshot(lambda found: replace(found, stage=1))),
)
