# SPDX-License-Identifier: Apache-2.0
"""The runbook names commands that exist with options that they have, and fits the estate."""

from __future__ import annotations

import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from orsgate.cli.main import COMMANDS, orsgate
from orsgate.cli.plan import plan
from orsgate.estate.file import load_estate_file
from orsgate.runbook.rows import Row, runbook

HEAD = """\
[estate]
name = "Made up"
from_release = "8.1.300.50"
to_release = "8.1.400.64"
"""
GAX = """\
[configuration]
source = "gax"
url = "https://gax.example:8443"
username = "reader"
"""
FILES = '[[application]]\nname = "ORS_1"\noptions = "ORS_1.cfg"\n'
ZERO_LOSS = (
    f'{HEAD}path = "zero-loss"\n{GAX}[[stage]]\nname = "the Backups"\napplications = ["*_B"]\n'
    '[[stage]]\nname = "the Primaries"\napplications = ["*"]\n'
)
ESTATES = {"live": HEAD + GAX, "files": HEAD + FILES, "without loss": ZERO_LOSS}


def rows_of(directory: Path, text: str, name: str = "an estate.toml") -> tuple[Row, ...]:
    path = directory / name
    path.write_text(text, encoding="utf-8")
    return runbook(str(path), load_estate_file(path).file)


@pytest.mark.parametrize("kind", ESTATES)
def test_every_command_is_one_that_orsgate_has(tmp_path: Path, kind: str) -> None:
    commands = [row.command for row in rows_of(tmp_path, ESTATES[kind]) if row.command]
    assert commands
    for line in commands:
        program, name, *words = shlex.split(line)
        assert (program, name in COMMANDS) == ("orsgate", True), line
        command = orsgate.get_command(click.Context(orsgate), name)
        assert command is not None
        command.make_context(name, [word.replace("HOST:PORT", "jump:8080") for word in words]).close()


def test_a_live_estate_is_changed_through_its_source(tmp_path: Path) -> None:
    commands = [row.command for row in rows_of(tmp_path, ESTATES["live"])]
    assert any(line.startswith("orsgate fix") and "--apply" in line for line in commands)
    assert not any("--apply" in row.command for row in rows_of(tmp_path, ESTATES["files"]))


def test_the_order_is_that_of_the_night(tmp_path: Path) -> None:
    lines = [row.command or row.what for row in rows_of(tmp_path, ESTATES["live"])]
    order = ["orsgate baseline", "sessions are drained", "--apply", "--record record.json --sign", "Step 9", "orsgate verify"]
    places = [next(number for number, line in enumerate(lines) if part in line) for part in order]
    assert places == sorted(places)


def test_each_stage_has_a_gate_of_its_own(tmp_path: Path) -> None:
    commands = [row.command for row in rows_of(tmp_path, ZERO_LOSS)]
    assert [line.rpartition("--stage ")[2] for line in commands if "--stage" in line] == ["1", "2"]


def test_the_file_says_when_the_installation_began_before_the_first_stage(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, ZERO_LOSS)
    began = next(number for number, row in enumerate(rows) if "installed_at" in row.what)
    assert rows[began + 1].what.startswith("Stage 1")
    staged = [row.command for row in rows if "--stage" in row.command]
    assert all("--require-signed record-key.pub" in command for command in staged)


def test_who_alters_the_keyspace_and_who_takes_back_is_named(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, ESTATES["live"])
    (altered,) = [row for row in rows if "alter the keyspace" in row.what]
    assert (altered.who, altered.when) == ("Cassandra administrator", "in the window")
    (undone,) = [row for row in rows if row.command.startswith("orsgate undo fixed/apply.journal")]
    assert undone.when == "way back"
    assert not any(row.command.startswith("orsgate undo") for row in rows_of(tmp_path, ESTATES["files"]))


def test_fix_reaches_for_the_ring_too(tmp_path: Path) -> None:
    planned = next(row for row in rows_of(tmp_path, ESTATES["live"]) if "orsgate fix" in row.command)
    assert "every Cassandra node" in planned.access


def test_without_persistence_nobody_asks_a_ring(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, f'{HEAD}persistence = "none"\n{GAX}')
    assert not [row for row in rows if "Cassandra" in row.access or "rehearse" in row.command]
    assert not [row for row in rows if "keyspace" in row.what or "Cassandra administrator" in row.who]


def test_it_is_printed_with_commands_that_can_be_copied(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, ESTATES["live"])
    path = str(tmp_path / "an estate.toml")
    found = CliRunner().invoke(plan, [path], catch_exceptions=False)
    assert [line.strip() for line in found.output.splitlines() if line.strip().startswith("$ ")] == [
        f"$ {row.command}" for row in rows if row.command
    ]
    markdown = CliRunner().invoke(plan, [path, "--markdown"], catch_exceptions=False).output.splitlines()
    assert len(markdown) == len(rows) + 2
    assert all(line.count(" | ") >= 4 for line in markdown[2:])
