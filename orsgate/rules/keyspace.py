# SPDX-License-Identifier: Apache-2.0
"""The keyspace that the options of applications name, as the ring has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from orsgate.estate.estate import Estate
from orsgate.estate.judgement import Findings, Judgement
from orsgate.estate.knowledge import Unknown
from orsgate.estate.ring import SYSTEM_KEYSPACES, Keyspace, Ring
from orsgate.estate.wording import listed
from orsgate.rules.members import NO_NODES, at
from orsgate.rules.strategy import PACKAGE, Strategy, keyspace_of, replicas_in, strategy_of
from orsgate.rules.subjects import every_application

COLUMN_FAMILIES = ("Session", "SessionIDServerInfo")
"""Where ORS keeps sessions (Genesys, "Sizing Guidance")."""


@dataclass(frozen=True, slots=True)
class Version:
    """A keyspace as at least one node describes it."""

    keyspace: Keyspace
    where: str

    @property
    def name(self) -> str:
        """Its strategy class, without the package where that is Cassandra's own."""
        return self.keyspace.strategy_class.removeprefix(PACKAGE)

    @property
    def options(self) -> dict[str, int | str]:
        """Its strategy options, numbers as numbers."""
        return {name: _number(value) for name, value in self.keyspace.strategy_options.items()}

    def matches(self, strategy: Strategy) -> bool:
        """Whether it has the class and options of ``strategy``; no replicas in a data center is as good as not naming it."""
        return self.name == strategy.name and _held(self.options) == _held(strategy.options)

    def __str__(self) -> str:
        options = ", ".join(f"{name}: {value}" for name, value in sorted(self.options.items()))
        return f"{self.name} {{{options}}}"


def _held(options: Mapping[str, int | str]) -> dict[str, int | str]:
    return {name: count for name, count in options.items() if count != 0}


def _number(value: str) -> int | str:
    number = replicas_in(value)
    return value if number is None else number


@dataclass(frozen=True, slots=True)
class Keyspaces:
    """The keyspaces of the ring.

    Attributes:
        versions: name -> each way in which a node describes it, once; that nodes agree is ORS-0504.
        unknown: why they are not known; None where at least one node describes them.
        where: where they were read first.
    """

    versions: Mapping[str, tuple[Version, ...]]
    unknown: Unknown | None
    where: str

    @property
    def seen(self) -> str:
        """The keyspaces that are no system ones."""
        return listed([name for name in self.versions if name not in SYSTEM_KEYSPACES]) or "none but system keyspaces"

    def like(self, name: str) -> tuple[str, ...]:
        """Keyspaces whose names differ from ``name`` only in letter case; Cassandra takes them for the same."""
        return tuple(other for other in self.versions if other != name and other.casefold() == name.casefold())


def keyspaces(ring: Ring) -> Keyspaces:
    """What the nodes of the ring say of its keyspaces."""
    versions: dict[str, list[Version]] = {}
    unknown: Unknown | None = None
    where = ""
    for node in ring.nodes:
        if isinstance(node.keyspaces, Unknown):
            unknown = unknown or node.keyspaces
            continue
        where = where or at(node, "describe_keyspaces")
        for keyspace in node.keyspaces:
            ways = versions.setdefault(keyspace.name, [])
            if all(way.keyspace != keyspace for way in ways):
                ways.append(Version(keyspace, at(node, "describe_keyspaces")))
    known = {name: tuple(ways) for name, ways in versions.items()}
    return Keyspaces(known, None if where else unknown or NO_NODES, where)


def agrees_with_options(estate: Estate) -> Judgement:
    """A keyspace that exists has the strategy class and options that the options of each application say."""
    findings = Findings()
    found = keyspaces(estate.ring)
    for application in every_application(estate):
        name = application.name
        keyspace = keyspace_of(estate, application)
        unknown = keyspace.unknown or found.unknown
        if unknown:
            findings.gap(name, unknown)
        if keyspace.value is None or found.unknown:
            continue
        versions = found.versions.get(keyspace.value, ())
        if not versions:
            findings.evidence(name, f"keyspace {keyspace.value} is not in the ring; seen: {found.seen}", found.where)
            if estate.phase == "readiness":  # afterwards ORS-0711 says that it is missing
                findings.note(f"keyspace {keyspace.value} is to be created")
            continue
        strategy = strategy_of(estate, application)
        if strategy.unknown:
            findings.gap(name, strategy.unknown)
        for version in {str(version): version for version in reversed(versions)}.values():
            shown = f"keyspace {keyspace.value} has {version}"
            findings.evidence(name, shown, version.where)
            if strategy.value is not None and not version.matches(strategy.value):
                expected = f"{strategy.value}, as the options of the application say"
                findings.violation(name, shown, expected, version.where)
    return findings.judgement()


def exists(estate: Estate) -> Judgement:
    """Each keyspace that applications name exists in the ring."""
    findings = Findings()
    found = keyspaces(estate.ring)
    for keyspace, users in _named(estate, findings).items():
        if found.unknown:
            findings.gap(keyspace, found.unknown)
        elif keyspace in found.versions:
            findings.evidence(keyspace, f"is in the ring: {found.versions[keyspace][0]}", found.versions[keyspace][0].where)
        else:
            twin = "".join(f"; {other} differs only in letter case" for other in found.like(keyspace))
            text = f"no keyspace {keyspace} in the ring, which {listed(users)} use; seen: {found.seen}{twin}"
            findings.violation(keyspace, text, f"keyspace {keyspace} in the ring", found.where)
    return findings.judgement()


def is_whole(estate: Estate) -> Judgement:
    """An existing keyspace has the column families of ORS, and no second one has nearly its name."""
    findings = Findings()
    found = keyspaces(estate.ring)
    named = _named(estate, findings)
    missing = []
    for keyspace in named:
        if found.unknown:
            findings.gap(keyspace, found.unknown)
            continue
        for other in found.like(keyspace):
            text = f'keyspace "{other}" is in the ring, which differs from "{keyspace}" only in letter case'
            findings.violation(keyspace, text, "no second keyspace of nearly the same name", found.versions[other][0].where)
        versions = found.versions.get(keyspace, ())
        if not versions:
            missing.append(keyspace)
            continue
        for version in versions:
            _has_families(findings, keyspace, version)
    return _unless_missing(findings, missing, found.where)


def _has_families(findings: Findings, keyspace: str, version: Version) -> None:
    families = version.keyspace.column_families
    shown = listed(families, 12) or "none"
    findings.evidence(keyspace, f"column families: {shown}", version.where)
    for family in COLUMN_FAMILIES:
        if family not in families:
            text = f"no column family {family}; it has {shown}"
            findings.violation(keyspace, text, f"column families {' and '.join(COLUMN_FAMILIES)}", version.where)


def _unless_missing(findings: Findings, missing: list[str], where: str) -> Judgement:
    """The judgement; where no keyspace exists yet, the requirement does not apply."""
    judgement = findings.judgement(f"the keyspace {listed(missing)} does not exist yet" if missing else "")
    if judgement.subjects:
        for keyspace in missing:
            findings.evidence(keyspace, "does not exist yet", where)
        return findings.judgement()
    return judgement


def _named(estate: Estate, findings: Findings) -> dict[str, list[str]]:
    """Keyspace -> the applications that use it; an application that names none becomes a gap."""
    named: dict[str, list[str]] = {}
    for application in every_application(estate):
        keyspace = keyspace_of(estate, application)
        if keyspace.unknown:
            findings.gap(application.name, keyspace.unknown)
        if keyspace.value is not None:
            named.setdefault(keyspace.value, []).append(application.name)
    return named
