# SPDX-License-Identifier: Apache-2.0
"""Replication strategies as the options of an application hold them: class, options, and how both fit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Application
from orsgate.estate.knowledge import Failure, Unknown

KEYSPACE_NAME = "persistence/cassandra-keyspace-name"
SCHEMA_VERSION = "persistence/cassandra-schema-version"
STRATEGY_CLASS = "persistence/cassandra-strategy-class"
STRATEGY_OPTIONS = "persistence/cassandra-strategy-options"

SIMPLE = "SimpleStrategy"
NETWORK = "NetworkTopologyStrategy"
FACTOR = "replication_factor"
PACKAGE = "org.apache.cassandra.locator."
LARGEST = 2**31 - 1
"""Cassandra reads a number of replicas as a Java ``int``."""

_SEPARATOR = re.compile("[;,]")
_ASSIGNMENT = re.compile("[:=]")

T = TypeVar("T")


def strategy_class(text: str) -> str | None:
    """The short name of a strategy class that ORS can be told to use, else None; a full class name is accepted."""
    name = text.removeprefix(PACKAGE)
    return name if name in {SIMPLE, NETWORK} else None


def parse_strategy_options(text: str) -> dict[str, int] | str:
    """Read e.g. ``DC1:2;DC2:2`` or ``replication_factor=2``.

    Entries stand between ``;`` or ``,``, name and number around ``:`` or ``=``; blanks around them mean nothing, and an
    empty entry at the end is tolerated. Which separators ORS accepts is unconfirmed.

    Returns:
        name -> number of replicas, or what is wrong, in words.
    """
    entries = _SEPARATOR.split(text)
    if len(entries) > 1 and not entries[-1].strip():
        entries.pop()
    if not any(entry.strip() for entry in entries):
        return "it is empty"
    options: dict[str, int] = {}
    wrong: list[str] = []
    for entry in entries:
        name, *rest = (part.strip() for part in _ASSIGNMENT.split(entry, maxsplit=1))
        number = rest[0] if rest else ""
        if not name and not rest:
            wrong.append("an entry is empty")
        elif not rest:
            wrong.append(f'"{name}" has no number (write {name}:2)')
        elif not name:
            wrong.append(f'"{entry.strip()}" has no name before its number')
        elif isinstance(replicas := _number(number), str):
            wrong.append(f'the number of "{name}" is "{number}", which is {replicas}')
        elif name in options:
            wrong.append(f'"{name}" is named twice')
        else:
            options[name] = replicas
    return "; ".join(wrong) or options


def _number(text: str) -> int | str:
    """The number that ``text`` is, or why it is none."""
    digits = text.removeprefix("-")
    if not digits.isascii() or not digits.isdigit():
        return "no whole number"
    if text != digits:
        return "negative"
    significant = digits.lstrip("0") or "0"
    too_large = len(significant) > len(str(LARGEST)) or int(significant) > LARGEST
    return "too large" if too_large else int(significant)


def replicas_in(text: str) -> int | None:
    """The number of replicas that the value of a strategy option means; None where it is no number that Cassandra reads."""
    number = _number(text.strip())
    return number if isinstance(number, int) else None


def misfit(name: str, options: Mapping[str, int]) -> str:
    """Why ``options`` do not fit the strategy class with the short name ``name``; empty where they do.

    Source: what Cassandra 1.1.12 does with them (a measurement: it drops the connection at a ``replication_factor``
    for NetworkTopologyStrategy, and refuses SimpleStrategy without one).
    """
    wrong: list[str] = []
    others = [option for option in options if option != FACTOR]
    if name == SIMPLE:
        if FACTOR not in options:
            wrong.append(f"{SIMPLE} needs {FACTOR}")
        elif options[FACTOR] < 1:
            wrong.append(f"{FACTOR} is {options[FACTOR]}, and must be at least 1")
        if others:
            wrong.append(f"{SIMPLE} has one {FACTOR} and nothing else, not {', '.join(others)}")
    else:
        if FACTOR in options:
            wrong.append(f"{NETWORK} has no {FACTOR}: it names data centers")
        if not any(options[option] for option in others):
            wrong.append("no data center is given a replica")
    return "; ".join(wrong)


@dataclass(frozen=True, slots=True)
class Strategy:
    """A replication strategy that is valid in itself.

    Attributes:
        name: ``SimpleStrategy`` or ``NetworkTopologyStrategy``.
        options: ``replication_factor``, or data centers -> number of replicas.
    """

    name: str
    options: Mapping[str, int]

    def __str__(self) -> str:
        return f"{self.name} {{{', '.join(f'{name}: {number}' for name, number in self.options.items())}}}"

    @property
    def factor(self) -> int:
        """The number of replicas of SimpleStrategy."""
        return self.options[FACTOR]

    @property
    def replicas(self) -> dict[str, int]:
        """Data center -> number of replicas of NetworkTopologyStrategy, of those that hold any."""
        return {name: number for name, number in self.options.items() if number > 0}


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What an application is told about its keyspace.

    Attributes:
        value: None where it is not set, or not to something valid.
        where: where the option stands.
        unknown: why the value is not certain; there is always one where ``value`` is None.
    """

    value: T | None
    where: str = ""
    unknown: Unknown | None = None


def keyspace_of(estate: Estate, application: Application) -> Answer[str]:
    """The name of the keyspace that an application uses."""
    reading = estate.effective(application, KEYSPACE_NAME)
    if reading.setting is None or not reading.setting.text:
        unknown = reading.unknown or _missing(KEYSPACE_NAME, application, "is not set, so its keyspace cannot be judged")
        return Answer(None, unknown=unknown)
    return Answer(reading.setting.text, reading.setting.where, reading.unknown)


def class_of(estate: Estate, application: Application) -> Answer[str]:
    """The short name of the strategy class that an application uses."""
    reading = estate.effective(application, STRATEGY_CLASS)
    name = strategy_class(reading.setting.text) if reading.setting else None
    where = reading.setting.where if reading.setting else ""
    if name is None:
        state = "is not valid" if reading.setting else "is not set"
        cause = f"{state}, so its strategy options cannot be judged"
        return Answer(None, where, reading.unknown or _missing(STRATEGY_CLASS, application, cause, where))
    return Answer(name, where, reading.unknown)


def strategy_of(estate: Estate, application: Application) -> Answer[Strategy]:
    """The replication strategy that an application uses, where class and options are valid and fit each other."""
    name = class_of(estate, application)
    if name.value is None:
        return Answer(None, name.where, name.unknown)
    reading = estate.effective(application, STRATEGY_OPTIONS)
    if reading.setting is None:
        cause = "is not set, so its replication cannot be judged"
        return Answer(None, name.where, reading.unknown or _missing(STRATEGY_OPTIONS, application, cause))
    options = parse_strategy_options(reading.setting.text)
    where = reading.setting.where
    if isinstance(options, str) or misfit(name.value, options):
        cause = "is not valid, so its replication cannot be judged"
        return Answer(None, where, reading.unknown or _missing(STRATEGY_OPTIONS, application, cause, where))
    return Answer(Strategy(name.value, options), where, name.unknown or reading.unknown)


def _missing(key: str, application: Application, cause: str, where: str = "") -> Unknown:
    place = where or application.origin.at("options")
    return Unknown(f"{key} of {application.name} {cause}", place, Failure.UNREADABLE if where else Failure.NOT_GIVEN)
