# SPDX-License-Identifier: Apache-2.0
"""Step 7: the Cassandra options of applications, judged in themselves and within a cluster."""

from __future__ import annotations

import re
from dataclasses import replace

from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Application, Cluster
from orsgate.estate.judgement import Findings, Judgement
from orsgate.estate.ring import SYSTEM_KEYSPACES
from orsgate.estate.wording import listed
from orsgate.rules.options import Expectation, options_place, set_to, shown
from orsgate.rules.parties import Said, parties
from orsgate.rules.strategy import (
    KEYSPACE_NAME,
    NETWORK,
    SCHEMA_VERSION,
    SIMPLE,
    STRATEGY_CLASS,
    STRATEGY_OPTIONS,
    class_of,
    misfit,
    parse_strategy_options,
    strategy_class,
)
from orsgate.rules.subjects import Select

COMPARED = (KEYSPACE_NAME, SCHEMA_VERSION, STRATEGY_CLASS, STRATEGY_OPTIONS)
"""The options of step 7, which all members of a cluster share."""
SEPARATORS = "which separators ORS accepts in cassandra-strategy-options (: or =, ; or ,) is unconfirmed"

_KEYSPACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]{0,47}")
_SCHEMA_VERSION = re.compile(r"ORS8[0-9]{6}")
_SYSTEM = frozenset(name.casefold() for name in SYSTEM_KEYSPACES)
_NOT_SET = "not set"


def to_keyspace_name() -> Expectation:
    """A name that Cassandra accepts for a keyspace; names that differ only in case collide, with system ones too."""
    text = "a keyspace name: letters, digits and _, beginning with a letter or digit, at most 48, no system keyspace"
    return Expectation(text, lambda found: bool(_KEYSPACE.fullmatch(found)) and found.casefold() not in _SYSTEM)


def to_strategy_class() -> Expectation:
    """A replication strategy that ORS can be told to use (ORS Migration Procedure 8.1.2 to 8.1.4, step 7)."""
    return Expectation(f"{SIMPLE} or {NETWORK}", lambda found: strategy_class(found) is not None)


def schema_version_set(estate: Estate, select: Select) -> Judgement:
    """Each application sets the schema version; a form other than ORS8 and six digits is a note, it is unconfirmed."""
    judgement = set_to(estate, select, SCHEMA_VERSION)
    others: dict[str, list[str]] = {}
    for application in select(estate):
        setting = estate.effective(application, SCHEMA_VERSION).setting
        if setting is not None and setting.text and not _SCHEMA_VERSION.fullmatch(setting.text):
            others.setdefault(setting.text, []).append(application.name)
    notes = (
        f'{SCHEMA_VERSION} = "{value}" is not ORS8 and six digits, the form known from elsewhere (unconfirmed): {listed(names)}'
        for value, names in others.items()
    )
    return replace(judgement, notes=(*judgement.notes, *notes))


def strategy_options_fit(estate: Estate, select: Select) -> Judgement:
    """The strategy options of each application can be read and fit its strategy class."""
    findings = Findings()
    expected = f"{STRATEGY_OPTIONS} that fit the strategy class"
    for application in select(estate):
        name = application.name
        reading = estate.effective(application, STRATEGY_OPTIONS)
        if reading.unknown:
            findings.gap(name, reading.unknown)
        if reading.setting is None:
            findings.subject(name)
            if reading.absent:
                where = options_place(application)
                findings.violation(name, f"{STRATEGY_OPTIONS}: it is not set", f"{STRATEGY_OPTIONS} set", where)
            continue
        setting = reading.setting
        findings.evidence(name, shown(setting), setting.where)
        options = parse_strategy_options(setting.text)
        if isinstance(options, str):
            example = "replication_factor:2 or DC1:2;DC2:2"
            findings.violation(name, f"{shown(setting)}: {options}", f"numbers such as {example}", setting.where)
            continue
        findings.note(SEPARATORS)
        strategy = class_of(estate, application)
        if strategy.unknown:
            findings.gap(name, strategy.unknown)
        if strategy.value is not None and (wrong := misfit(strategy.value, options)):
            findings.violation(name, f"{shown(setting)}: {wrong}", f"{expected} {strategy.value}", setting.where)
    return findings.judgement()


def same_in_cluster(estate: Estate) -> Judgement:
    """All members of a cluster have the same keyspace, schema version and replication, however they are written."""
    findings = Findings()
    findings.rests_on(estate.basis)
    for cluster in estate.clusters:
        applications = [application for _, application in estate.members(cluster)]
        if not applications:
            continue
        findings.subject(cluster.transaction)
        if len(applications) == 1:
            findings.evidence(cluster.transaction, "1 member in scope: nothing to compare", cluster.origin.at("members"))
            continue
        for key in COMPARED:
            _compare(estate, findings, cluster, applications, key)
    return findings.judgement("no ORS cluster in scope has a member in scope, so there are no members to compare")


def _compare(
    estate: Estate, findings: Findings, cluster: Cluster, applications: list[Application], key: str
) -> None:  # fmt: skip
    said = []
    text: dict[str, str] = {}
    for application in applications:
        reading = estate.effective(application, key)
        if reading.unknown:
            findings.gap(application.name, reading.unknown)
            continue
        if reading.setting is None:
            said.append(Said(application.name, "", options_place(application)))
            continue
        meant = meaning(key, reading.setting.text)
        text.setdefault(meant, reading.setting.text)
        said.append(Said(application.name, meant, reading.setting.where))
    found = parties(said)
    for party in found[:1]:
        value = text.get(party.value, _NOT_SET)
        findings.evidence(cluster.transaction, f"{key} is {value} on {party.names}", party.said[0].where)
    for party in found[1:]:
        differs = f"{key} is {text.get(party.value, _NOT_SET)} on {party.names}"
        same = f"the same on all members; it is {text.get(found[0].value, _NOT_SET)} on {found[0].names}"
        findings.violation(cluster.transaction, differs, same, party.said[0].where)


def meaning(key: str, value: str) -> str:
    """What a value says, however it is written; never empty, which stands for not set."""
    if key == STRATEGY_CLASS:
        value = strategy_class(value) or value
    elif key == STRATEGY_OPTIONS:
        options = parse_strategy_options(value)
        value = str(sorted(options.items())) if isinstance(options, dict) else value
    return f"={value}"
