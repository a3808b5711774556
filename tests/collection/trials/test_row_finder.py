# SPDX-License-Identifier: Apache-2.0
"""Which nodes and keyspaces are asked for a session."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from orsgate.collection.cassandra import reached
from orsgate.collection.trials.rows import LookUp, row_finder
from orsgate.estate.deployment import RowSeen
from orsgate.estate.estate import Estate
from orsgate.estate.file import load_estate_file
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.probes.rows import FAMILIES
from orsgate.wire.deadline import Limits
from tests import make
from tests.probes.scripted import Server, answers
from tests.probes.test_rows import SESSION, keyspace, node


def finder(directory: Path, estate: Estate, cassandra: str = "") -> LookUp | Unknown:
    path = directory / "estate.toml"
    head = '[estate]\nname = "Made up"\nfrom_release = "8.1.3"\nto_release = "8.1.4"'
    path.write_text(f'{head}\n[cassandra]\n{cassandra}\n[[application]]\nname = "ORS_1"\n')
    return row_finder(estate, reached(load_estate_file(path), estate, None, None, Limits()))


def found(directory: Path, estate: Estate, seconds: float = 20, **other: Any) -> RowSeen | Unknown:
    with Server(answers(node(**other))) as server:
        find = finder(directory, estate, f'nodes = ["{server.target}"]')
        assert not isinstance(find, Unknown)
        return find(SESSION, time.monotonic() + seconds)


def estate_of(*keyspaces: str) -> Estate:
    options = make.HEALTHY_OPTIONS
    named = [options.replace("keyspace-name=Orchestration", f"keyspace-name={name}") for name in keyspaces]
    return make.estate(tuple(make.ors(f"ORS_{number}", text) for number, text in enumerate(named)), clusters=())


def test_the_keyspace_that_the_options_name(tmp_path: Path) -> None:
    seen = found(tmp_path, make.estate(), get_count=1)
    assert isinstance(seen, RowSeen)
    assert seen.where.endswith(" Orchestration")


def test_every_keyspace_is_asked(tmp_path: Path) -> None:
    there = [keyspace(*FAMILIES, name="Second")]
    seen = found(tmp_path, estate_of("First", "Second"), get_count=1, describe_keyspaces=there)
    assert isinstance(seen, RowSeen)
    assert (seen.found, seen.where.endswith(" Second")) == ("Session", True)


def test_absence_in_one_of_them_is_not_absence(tmp_path: Path) -> None:
    there = [keyspace(*FAMILIES, name="Second")]
    seen = found(tmp_path, estate_of("First", "Second"), 0.5, describe_keyspaces=there)
    assert isinstance(seen, Unknown)
    assert "the keyspace First does not exist" in seen.cause


def test_without_nodes_or_a_keyspace(tmp_path: Path) -> None:
    plain = make.estate((make.ors("ORS_1", "[log]\nall=stdout\n"),), clusters=())
    assert isinstance(finder(tmp_path, plain), Unknown)
    nothing = finder(tmp_path, plain, 'nodes = ["127.0.0.1"]')
    assert isinstance(nothing, Unknown)
    assert nothing.failure is Failure.NOT_GIVEN
    assert "persistence/cassandra-keyspace-name" in nothing.cause
    unread = Unknown("its export cannot be read", "exports/ORS_1.cfg")
    blocked = finder(tmp_path, make.estate((make.ors("ORS_1", unread),), clusters=()), 'nodes = ["127.0.0.1"]')
    assert isinstance(blocked, Unknown)
    assert "cannot be read" in blocked.cause
