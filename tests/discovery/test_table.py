# SPDX-License-Identifier: Apache-2.0
"""The table of what was found: who belongs together, what is remarkable, readable in 80 columns and in a pipe."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from rich.console import Console

from orsgate.discovery.found import unique
from orsgate.discovery.table import Row, rows, table
from orsgate.estate.inventory import Application, Configuration
from tests import make
from tests.discovery import configurations as made

PLAIN = "[log]\nverbose=all\n"


def shown(found: tuple[Row, ...], width: int = 80, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    Console(file=stream, width=width).print(table(found))
    stream.flush()
    return raw.getvalue().decode(encoding)


def of(*applications: Application, clusters: bool = True) -> tuple[Row, ...]:
    return rows(made.configuration((*applications, *make.SERVERS), None if clusters else ()))


def test_a_pair_is_a_row() -> None:
    assert of(*make.pair("ORS_1")) == (
        Row(
            primary="ORS_1", backup="ORS_1_B", primary_host="host-ors_1", backup_host="host-ors_1_b",
            primary_version="8.1.200.50", backup_version="8.1.200.50", cluster="ORS_Cluster", datacenter="DC1", multimedia="yes",
            persistence="cassandra", mark="",
        ),
    )  # fmt: skip


def test_pairs_come_first_and_what_is_alone_is_marked() -> None:
    found = of(
        make.ors("ORS_9"),
        make.ors("ORS_7", primary=False),
        *make.pair("ORS_2"),
        *make.pair("ORS_1"),
        make.ors("ORS_0", backup="gone"),
        make.ors("ORS_8", backup="ORS_8"),
        make.ors("ORS_6", backup=made.HIDDEN, primary=made.HIDDEN),
    )
    assert [(row.primary, row.backup, row.mark) for row in found] == [
        ("ORS_1", "ORS_1_B", ""),
        ("ORS_2", "ORS_2_B", ""),
        ("", "ORS_7", "no Primary"),
        ("ORS_0", "", "Backup gone not found"),
        ("ORS_6", "", "Backup not known, role not known"),
        ("ORS_8", "", "is its own Backup"),
        ("ORS_9", "", "no Backup"),
    ]


def test_disabled_servers_are_marked() -> None:
    primary, backup = make.pair("ORS_1", enabled=False)
    assert of(primary, backup)[0].mark == "Primary disabled, Backup disabled"


def test_a_backup_of_two_primaries_is_in_both_rows() -> None:
    found = of(make.ors("ORS_1", backup="B"), make.ors("ORS_2", backup="B"), make.ors("B", primary=False))
    assert [(row.primary, row.backup) for row in found] == [("ORS_1", "B"), ("ORS_2", "B")]


@pytest.mark.parametrize(
    ("application", "multimedia", "persistence"),
    [
        (make.ors("ORS_1"), "yes", "cassandra"),
        (make.ors("ORS_1", PLAIN, connections=()), "no", "-"),
        (make.ors("ORS_1", PLAIN + "[orchestration]\nmcr-pull-limit=1\n", connections=()), "yes", "-"),
        (make.ors("ORS_1", PLAIN, connections=("(DBID 7)",)), "not known", "-"),
        (make.ors("ORS_1", made.HIDDEN, connections=()), "not known", "not known"),
    ],
)
def test_what_options_and_connections_say(application: Application, multimedia: str, persistence: str) -> None:
    (row,) = of(application)
    assert (row.multimedia, row.persistence) == (multimedia, persistence)


def test_what_a_cluster_shares_counts_from_the_build_that_reads_it() -> None:
    found = made.configuration((make.ors("ORS_1", PLAIN, connections=()),), (make.cluster(shared=make.export()),))
    assert [rows(found, build)[0].persistence for build in ("8.1.400.64", "8.1.400.27", None)] == ["cassandra", "-", "not known"]


def test_nothing_is_cut_in_80_columns() -> None:
    name = "ORS_with_a_name_that_is_longer_than_any_column_of_a_terminal"
    text = shown(of(*make.pair(name), make.ors("ORS_9", host=made.HIDDEN)))
    lines = text.splitlines()
    assert max(map(len, lines)) <= 80
    first_column = "".join(line[1:17].strip() for line in lines)
    assert f"{name}_B" in first_column
    assert "(no Backup)" in text
    assert "not known" in text
    assert "…" not in text


def test_a_pipe_gets_no_colours_and_an_old_one_no_line_characters() -> None:
    found = of(*make.pair("ORS_1"))
    assert "\x1b" not in shown(found)
    assert shown(found, encoding="ascii").isascii()
    assert [line.split()[0] for line in shown(found).splitlines() if "ORS_1" in line] == ["ORS_1", "ORS_1_B"]


def test_what_a_name_holds_cannot_act_on_the_terminal() -> None:
    text = shown(of(make.ors("[red]x[/red]\x1b[2J\u202e")), width=200)
    assert "[red]x[/red]\u241b[2J[U+202E]" in text


def test_no_server_is_an_empty_table() -> None:
    assert rows(made.configuration((), ())) == ()
    assert "Primary" in shown(())


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(made.configurations(made.HOSTILE, made.HOSTILE, fit=False))
def test_every_orchestration_server_is_in_the_table(found: Configuration) -> None:
    listed = rows(found)
    names = {name for row in listed for name in (row.primary, row.backup)} - {""}
    assert names == {application.name for application in unique(found) if application.is_ors} - {""}
    assert max(map(len, shown(listed).splitlines())) <= 80
