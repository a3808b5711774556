# SPDX-License-Identifier: Apache-2.0
"""Mistakes that show only when several keys of an estate file are seen together."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import chain
from typing import Any

from orsgate.estate.field_types import is_release
from orsgate.estate.inventory import ORCHESTRATION_SERVER
from orsgate.estate.mistakes import did_you_mean, quoted
from orsgate.estate.schema import KNOWN_TYPES
from orsgate.estate.sentences import Said, subject, table_name
from orsgate.estate.toml_lines import KeyPath

LIVE_SOURCES = ("gax", "gws")
MOST_NAMES_SEARCHED = 50
"""Names that get a near name among all applications; each search takes a while in an estate of ten thousand."""

Tables = Sequence[tuple[KeyPath, Mapping[str, Any]]]


def wrong_together(data: Mapping[str, Any]) -> Iterator[Said]:
    """Every mistake across the keys of ``data``, a parsed estate file whose single values may be wrong as well.

    It works on the raw data, not on the models, so that these mistakes come together with pydantic's.
    """
    applications = _tables(data, "application")
    given = _table(data, "configuration").get("source", "files")
    source = given if isinstance(given, str) else ""
    yield from chain(
        _duplicates(applications, "application", "name"),
        _duplicates(_tables(data, "cluster"), "cluster", "transaction"),
        *(_application(path, entry, data) for path, entry in applications),
        _credentials(data, "configuration"),
        _credentials(data, "cassandra"),
        _source(data, source),
        _stages(data, applications, source),
    )
    if source == "files":
        yield from _names_of_files(data, applications)
    cassandra = _table(data, "cassandra")
    if "client_key" in cassandra and "client_cert" not in cassandra:
        yield ("cassandra", "client_key"), "[cassandra] client_key: needs client_cert, the certificate it belongs to"
    if "check_hostname" in cassandra and not {"ca_file", "client_cert"} & cassandra.keys():
        yield (
            ("cassandra", "check_hostname"),
            "[cassandra] check_hostname: needs ca_file or client_cert; without them TLS is not spoken",
        )


def _stages(data: Mapping[str, Any], applications: Tables, source: str) -> Iterator[Said]:
    """The stages belong to the path without loss, and each name in them means an application."""
    stages = _tables(data, "stage")
    if stages and _table(data, "estate").get("path") != "zero-loss":
        yield stages[0][0], '[[stage]] means nothing without path = "zero-loss" in [estate]; add that, or remove the stages'
    if source != "files":
        return
    names = [name for _, entry in applications if isinstance(name := entry.get("name"), str)]
    for path, entry in stages:
        for pattern in _list(entry.get("applications")):
            if isinstance(pattern, str) and not any(fnmatchcase(name, pattern) for name in names):
                told = f"[[stage]] number {int(path[1]) + 1} names {quoted(pattern)}, which is no application"
                yield (*path, "applications"), f"{told}{did_you_mean(pattern, names)}"


def _table(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = data.get(key)
    return found if isinstance(found, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _tables(data: Mapping[str, Any], key: str) -> Tables:
    return [((key, index), entry) for index, entry in enumerate(_list(data.get(key))) if isinstance(entry, dict)]


def _duplicates(tables: Tables, table: str, key: str) -> Iterator[Said]:
    first: dict[str, int] = {}
    for path, entry in tables:
        name = entry.get(key)
        if not isinstance(name, str):
            continue
        number = int(path[1]) + 1
        if name in first:
            told = f"[[{table}]] number {number} has the {key} {quoted(name)} of [[{table}]] number {first[name]}"
            yield (*path, key), f"{told}; delete one of them, or correct the {key}"
        first.setdefault(name, number)


def near_miss_of_type(given: str) -> str | None:
    """The application type that ``given`` looks like without being it, or None.

    An Orchestration Server whose type is misspelt would leave the scope without anybody noticing.
    """
    if given in KNOWN_TYPES:
        return None
    reduced = _reduced(given)
    for known in KNOWN_TYPES:
        if reduced == _reduced(known):
            return known
    alike = difflib.SequenceMatcher(None, reduced[:80], _reduced(ORCHESTRATION_SERVER)).ratio()
    return ORCHESTRATION_SERVER if alike >= 0.9 else None


def _reduced(name: str) -> str:
    return re.sub(r"[\W_]", "", name).casefold().removeprefix("cfg")


def _application(path: KeyPath, entry: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[Said]:
    given, version = entry.get("type", ORCHESTRATION_SERVER), entry.get("version")
    if given == ORCHESTRATION_SERVER:
        if isinstance(version, str) and version.strip() and not is_release(version):
            told = f'{quoted(version)} is no release; write 3 or 4 numbers with dots, such as "8.1.400.27"'
            yield (*path, "version"), f"{subject((*path, 'version'), data)}: {told}"
    elif isinstance(given, str) and (meant := near_miss_of_type(given)):
        told = f"{quoted(given)} is no type; did you mean {quoted(meant)}?"
        yield (*path, "type"), f"{subject((*path, 'type'), data)}: {told}"


def _credentials(data: Mapping[str, Any], table: str) -> Iterator[Said]:
    section = _table(data, table)
    given = [key for key in ("password_env", "password_file") if key in section]
    if len(given) > 1:
        yield (table, given[1]), f"[{table}] has password_env and password_file; delete one of them"
    if given and "username" not in section:
        yield (table, given[0]), f"[{table}] {given[0]}: needs username, the account that the password belongs to"


def _source(data: Mapping[str, Any], source: str) -> Iterator[Said]:
    section = _table(data, "configuration")
    at: KeyPath = ("configuration", "source")
    if source in LIVE_SOURCES:
        for key, example in (("url", "https://gax.example/"), ("username", "reader")):
            if key not in section and not (key == "username" and {"password_env", "password_file"} & section.keys()):
                yield at, f'[configuration] source = "{source}" needs {key}, such as {key} = "{example}"'
    elif source in {"files", "mutagen"}:
        for key in ("url", "username", "password_env", "password_file"):
            if key in section:
                told = f'[configuration] {key}: means nothing with source = "{source}"'
                yield ("configuration", key), f'{told}; write source = "gax" or "gws", or delete the key'
    if source == "mutagen" and "files" not in section:
        yield at, '[configuration] source = "mutagen" needs files, such as files = ["export.json"]'
    if source in {"files", *LIVE_SOURCES} and "files" in section:
        told = f'[configuration] files: means nothing with source = "{source}"'
        yield ("configuration", "files"), f'{told}; write source = "mutagen", or delete the key'


def _names_of_files(data: Mapping[str, Any], applications: Tables) -> Iterator[Said]:
    """What must name something where the estate file alone says what exists."""
    if "application" not in data or data["application"] == []:
        told = 'the file has no [[application]]; with source = "files" it needs one for every ORS application'
        yield ("configuration",), f"{told}, orsgate init writes them for a directory of exports"
        return
    servers = [entry["name"] for _, entry in applications if _is_ors(entry)]
    searched = 0
    for index, exclusion in enumerate(_list(_table(data, "scope").get("exclude"))):
        pattern = exclusion.get("application") if isinstance(exclusion, dict) else None
        if isinstance(pattern, str) and pattern.strip() and not _matches_any(pattern, servers):
            path: KeyPath = ("scope", "exclude", index, "application")
            told = f"{subject(path, data)}: {quoted(pattern)} matches no Orchestration Server of the file"
            searched += 1
            meant = did_you_mean(pattern, servers) if searched <= MOST_NAMES_SEARCHED else ""
            yield path, told + (meant or "; correct the pattern, or delete the exclusion")
    transactions = (entry.get("transaction") for _, entry in _tables(data, "cluster"))
    clusters = [transaction for transaction in transactions if isinstance(transaction, str)]
    yield from _unresolved(data, ("scope", "clusters"), clusters, "the transaction of no [[cluster]]")
    yield from _unresolved(data, ("estate", "without_multimedia"), servers, "no Orchestration Server of the file")


def _is_ors(entry: Mapping[str, Any]) -> bool:
    return isinstance(entry.get("name"), str) and entry.get("type", ORCHESTRATION_SERVER) == ORCHESTRATION_SERVER


def _matches_any(pattern: str, names: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for name in names)


def _unresolved(data: Mapping[str, Any], list_path: tuple[str, str], names: list[str], is_what: str) -> Iterator[Said]:
    table, key = list_path
    known, searched = set(names), 0
    for index, name in enumerate(_list(_table(data, table).get(key))):
        if not isinstance(name, str) or not name.strip() or name in known:
            continue
        searched += 1
        meant = did_you_mean(name, names) if searched <= MOST_NAMES_SEARCHED else ""
        told = f"{table_name((table,), data)} {key}: {quoted(name)} is {is_what}"
        yield (table, key, index), told + (meant or "; correct the name, or delete it")
