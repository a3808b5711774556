# SPDX-License-Identifier: Apache-2.0
"""Step 7: the options of Cassandra that the nodes of a cluster have alike, and the Cassandra nodes that each of them lists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from orsgate.estate.inventory import Application
from orsgate.estate.options import find, split_key
from orsgate.remedy.answers import Question
from orsgate.remedy.changes import Task
from orsgate.remedy.draft import Draft
from orsgate.rules.node_lists import NODES, parse_node_list
from orsgate.rules.persistence_options import meaning, to_keyspace_name
from orsgate.rules.references import Near
from orsgate.rules.strategy import (
    FACTOR,
    KEYSPACE_NAME,
    NETWORK,
    SCHEMA_VERSION,
    SIMPLE,
    STRATEGY_CLASS,
    STRATEGY_OPTIONS,
    misfit,
    parse_strategy_options,
    strategy_class,
)
from orsgate.rules.topology import Topology

IDS: Mapping[str, tuple[str, ...]] = {
    KEYSPACE_NAME: ("ORS-0701", "ORS-0705"),
    SCHEMA_VERSION: ("ORS-0702", "ORS-0705"),
    STRATEGY_CLASS: ("ORS-0703", "ORS-0705", "ORS-0706"),
    STRATEGY_OPTIONS: ("ORS-0704", "ORS-0705", "ORS-0707"),
}
_ASKED = {
    KEYSPACE_NAME: "the name of the Cassandra keyspace",
    SCHEMA_VERSION: "the Cassandra schema version, as the documentation of the new ORS build gives it",
    STRATEGY_CLASS: f"the replication strategy, {SIMPLE} or {NETWORK}",
    STRATEGY_OPTIONS: "the number of replicas, such as replication_factor:2 or DC1:2;DC2:2",
}


@dataclass
class Alike:
    """The nodes of one cluster, which have the four options alike; or one node that is in none.

    What most have, and no other contradicts, is determined, since ORS-0705 allows nothing else; where they differ, or half of
    them or more have no valid value, a person is asked.
    """

    draft: Draft
    name: str
    applications: Sequence[Application]
    places: Topology | None

    def settle(self) -> None:
        """Give every node the same valid values."""
        self._option(KEYSPACE_NAME, _keyspace)
        self._confirm_old(self._option(SCHEMA_VERSION, _some_value))
        strategy = self._option(STRATEGY_CLASS, self._class)
        name = strategy_class(strategy) if strategy else None
        self._option(STRATEGY_OPTIONS, lambda text: self._options(name, text))
        self._nodes()

    def _confirm_old(self, version: str | None) -> None:
        """Ask a person to look at a schema version that is still that of the old release; which is right is not known here."""
        section, option = split_key(SCHEMA_VERSION)
        was = {setting.text for each in self.applications if (setting := find(each.rollback, section, option).setting)}
        if version is None or was != {version}:
            return
        names = ", ".join(application.name for application in self.applications)
        step = (
            f"Options tab of {names}, section {section}: {option} = {version}, as before the migration. Confirm that the "
            "documentation of the new build asks for it; else change it on all of them and on their Backups."
        )
        undo = f"Options tab of {names}, section {section}: {option} = {version}."
        self.draft.tasks.append(Task(self.name, (step,), (undo,), ("ORS-0702",)))

    def _nodes(self) -> None:
        """Where others list Cassandra nodes, a person says those of a node that lists none: each usually has its local ones."""
        section, option = split_key(NODES)
        readings = {each.name: self.draft.estate.effective(each, NODES) for each in self.applications}
        listing = [
            reading.setting.text for reading in readings.values() if reading.setting and parse_node_list(reading.setting.text)
        ]
        for application in self.applications if listing else ():
            reading = readings[application.name]
            if reading.unknown or (reading.setting and parse_node_list(reading.setting.text)):
                continue
            before = find(application.rollback, section, option).setting
            suggestion = before.text if before else Counter(listing).most_common(1)[0][0]
            text = f"the Cassandra nodes near {application.name}, of the ring that the others of {self.name} use"
            ids = ("ORS-0404", "ORS-0710")
            asked = Question(application.name, section, option, text, ids, (self.name,), suggestion, _node_list)
            if (answer := self.draft.ask(asked)) is not None:
                self.draft.put(application, NODES, answer, ids)

    def _option(self, key: str, wrong: Callable[[str], str]) -> str | None:
        """The value that every node has afterwards; None where it stays open."""
        told: dict[str, str] = {}
        for application in self.applications:
            reading = self.draft.estate.effective(application, key)
            if reading.unknown:
                return None
            told[application.name] = reading.setting.text if reading.setting else ""
        good = [text for text in told.values() if text and not wrong(text)]
        meanings = {meaning(key, text) for text in good}
        if len(good) == len(told) and len(meanings) == 1:
            return good[0]
        agreed = len(meanings) == 1 and 2 * len(good) > len(told)
        value = good[0] if agreed else self._determined(key, list(told.values()), wrong)
        if value is None:
            value = self.draft.ask(self._question(key, good, wrong))
        if value is None:
            return None
        for application in self.applications:
            held = told[application.name]
            if not held or wrong(held) or meaning(key, held) != meaning(key, value):
                self.draft.put(application, key, value, IDS[key])
        return value

    def _determined(self, key: str, told: list[str], wrong: Callable[[str], str]) -> str | None:
        """What the ring leaves no choice about."""
        if self.places is None:
            return None
        if key == STRATEGY_CLASS and len(self.places.datacenters) > 1:
            return NETWORK
        if key == STRATEGY_OPTIONS:
            respelled = {meaning(key, text): text for each in told if (text := self._as_in_ring(each)) and not wrong(text)}
            return next(iter(respelled.values())) if len(respelled) == 1 and all(told) else None
        return None

    def _as_in_ring(self, text: str) -> str:
        """Strategy options with the data centers spelled as the ring spells them."""
        options = parse_strategy_options(text)
        if isinstance(options, str) or self.places is None:
            return ""
        near = Near(self.places.datacenters)
        for name in options:
            if name != FACTOR and name not in self.places.datacenters and (meant := near.to(name)):
                text = _renamed(text, name, meant)
        return text

    def _question(self, key: str, good: list[str], wrong: Callable[[str], str]) -> Question:
        section, option = split_key(key)
        names = tuple(application.name for application in self.applications)
        usual = Counter(good).most_common(1)
        suggestion = usual[0][0] if usual else None
        members = f", the same for all members of {self.name}" if names != (self.name,) else f", for {self.name}"
        return Question(self.name, section, option, _ASKED[key] + members, IDS[key], names, suggestion, wrong)

    def _class(self, text: str) -> str:
        name = strategy_class(text)
        if name is None:
            return f"it is neither {SIMPLE} nor {NETWORK}"
        if name == SIMPLE and self.places is not None and len(self.places.datacenters) > 1:
            return f"the ring has more than one data center ({self.places.shown}), which needs {NETWORK}"
        return ""

    def _options(self, strategy: str | None, text: str) -> str:
        options = parse_strategy_options(text)
        if isinstance(options, str):
            return options
        if strategy is None:
            return ""
        if why := misfit(strategy, options):
            return why
        if self.places is None:
            return ""
        for name, replicas in options.items():
            nodes = self.places.members if name == FACTOR else self.places.datacenters.get(name, ())
            if len(nodes) < replicas:
                return f"{name}: {replicas}, and the ring has {len(nodes)} nodes there ({self.places.shown})"
        return ""


def _renamed(text: str, name: str, meant: str) -> str:
    """Strategy options with one data center spelled otherwise."""
    return re.sub(rf"(?<![^;,\s]){re.escape(name)}(?=\s*[:=])", lambda _: meant, text)


_NAME = to_keyspace_name()


def _keyspace(text: str) -> str:
    return "" if _NAME.met(text) else f"it is not {_NAME.text}"


def _node_list(text: str) -> str:
    return "" if parse_node_list(text) else "it names no host"


def _some_value(text: str) -> str:
    return "" if text else "it is empty"
