# SPDX-License-Identifier: Apache-2.0
"""What the applications ask Cassandra to create: keyspace name, class and options exactly as their options hold them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Application
from orsgate.estate.knowledge import Unknown
from orsgate.estate.wording import listed
from orsgate.rules.options import options_place
from orsgate.rules.strategy import KEYSPACE_NAME, NETWORK, PACKAGE, STRATEGY_CLASS, STRATEGY_OPTIONS, replicas_in
from orsgate.rules.subjects import every_application

_SEPARATOR = re.compile("[;,]")
_ASSIGNMENT = re.compile("[:=]")
_KEYS = (KEYSPACE_NAME, STRATEGY_CLASS, STRATEGY_OPTIONS)


@dataclass(frozen=True, slots=True)
class KeyspaceRequest:
    """A keyspace as options ask for it; nothing in it was checked, since the server is to do that.

    Attributes:
        keyspace: its name.
        strategy_class: as it stands, short or with its package.
        options: name and value of each strategy option, sorted.
    """

    keyspace: str
    strategy_class: str
    options: tuple[tuple[str, str], ...]

    @property
    def by_datacenter(self) -> bool:
        """Whether its options name data centers."""
        return self.strategy_class.removeprefix(PACKAGE) == NETWORK

    @property
    def meaning(self) -> tuple[str, str, tuple[tuple[str, int | str], ...]]:
        """What it comes to: equal for two requests that Cassandra makes the same keyspace of."""
        numbers = ((name, value if (number := replicas_in(value)) is None else number) for name, value in self.options)
        held = tuple((name, number) for name, number in numbers if number or not self.by_datacenter)
        return self.keyspace, self.strategy_class.removeprefix(PACKAGE), held

    def __str__(self) -> str:
        options = ", ".join(f"{name}: {value}" for name, value in self.options)
        return f"keyspace {self.keyspace}, {self.strategy_class} {{{options}}}"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an application asks for nothing that could be handed to a server.

    Attributes:
        key: the option.
        found: what is wrong with it.
        expected: what it would have to be.
    """

    key: str
    found: str
    expected: str
    where: str


@dataclass(frozen=True, slots=True)
class ApplicationRequest:
    """What one application asks for.

    Attributes:
        request: None where it is not known, or where there is a fault.
        where: where its strategy options stand.
        unknown: why it is not known, or not known for certain.
        fault: what is known to be wrong.
    """

    application: str
    request: KeyspaceRequest | None = None
    where: str = ""
    unknown: Unknown | None = None
    fault: Fault | None = None


def application_requests(estate: Estate) -> Iterator[ApplicationRequest]:
    """What every application in scope asks for."""
    for application in every_application(estate):
        yield _request_of(estate, application)


def keyspace_requests(estate: Estate) -> tuple[KeyspaceRequest, ...]:
    """The distinct keyspaces that are asked for, in the order of the applications."""
    found = (asked.request for asked in application_requests(estate))
    return tuple(dict.fromkeys(request for request in found if request is not None))


def _request_of(estate: Estate, application: Application) -> ApplicationRequest:
    values: dict[str, str] = {}
    where = ""
    unknown: Unknown | None = None
    for key in _KEYS:
        reading = estate.effective(application, key)
        unknown = unknown or reading.unknown
        if reading.setting is not None and reading.setting.text:
            values[key], where = reading.setting.text, reading.setting.where
        elif reading.setting is not None or reading.absent:
            state = "is set to nothing" if reading.setting is not None else "is not set"
            place = reading.setting.where if reading.setting is not None else options_place(application)
            fault = Fault(key, f"{key} {state}", "a value that Cassandra can be given", place)
            return ApplicationRequest(application.name, unknown=unknown, fault=fault)
    if len(values) < len(_KEYS):
        return ApplicationRequest(application.name, unknown=unknown)
    pairs = as_pairs(values[STRATEGY_OPTIONS])
    if isinstance(pairs, str):
        found = f"{STRATEGY_OPTIONS} is {values[STRATEGY_OPTIONS]}: {pairs}"
        fault = Fault(STRATEGY_OPTIONS, found, "a value for each name, such as DC1:2;DC2:2", where)
        return ApplicationRequest(application.name, unknown=unknown, fault=fault)
    request = KeyspaceRequest(values[KEYSPACE_NAME], values[STRATEGY_CLASS], tuple(sorted(pairs.items())))
    return ApplicationRequest(application.name, request, where, unknown)


def as_pairs(text: str) -> dict[str, str] | str:
    """Names and values of strategy options, as they stand; whether they make sense is for the server to say.

    Entries stand between ``;`` or ``,``, name and value around ``:`` or ``=`` (which of them ORS accepts is unconfirmed);
    blanks around them, and an empty entry at the end, mean nothing.

    Returns:
        name -> value, or why there are none, in words.
    """
    entries = [entry.strip() for entry in _SEPARATOR.split(text)]
    if len(entries) > 1 and not entries[-1]:
        entries.pop()
    pairs: dict[str, str] = {}
    wrong: list[str] = []
    for entry in entries:
        name, *value = (part.strip() for part in _ASSIGNMENT.split(entry, maxsplit=1))
        if not value:
            wrong.append(f'"{entry}" is not NAME:VALUE')
        elif name in pairs:
            wrong.append(f'"{name}" is named twice')
        else:
            pairs[name] = value[0]
    return listed(wrong, 3) if wrong else pairs
