# SPDX-License-Identifier: Apache-2.0
"""From the exports of 8.1.2 to an estate that is ready: fix, and what its tasks tell a person to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from orsgate.remedy.answers import Answers, parsed
from orsgate.remedy.change_text import line_of, lines_of
from orsgate.remedy.changes import ChangeList
from tests.faults.workshop import open_workshop
from tests.remedy.mending import ANSWERS, fix, write

HOSTS = tuple(parsed(f"ORS_{node}_B:Server Info/Host=ors-{node.lower()}-b") for node in ("A1", "A2", "B1"))
MEMBERS = tuple(
    parsed(f"ORS_Cluster:cluster/{name}={place}") for name, place in (("ORS_A1", "DC1"), ("ORS_A2", "DC1"), ("ORS_B1", "DC2"))
)
OF_NEW_OBJECTS = (*HOSTS, *MEMBERS)


@pytest.mark.slow
def test_the_exports_of_8_1_2_become_an_estate_that_is_go(tmp_path: Path) -> None:
    old = open_workshop(tmp_path / "old", sample="exported-8.1.2")
    known = Answers((*(each for each in ANSWERS.given if not each.object.startswith("ORS_Cluster")),))
    planned = fix(old, known)
    asked = {question.object for question in planned.planned.questions}
    assert {answer.object for answer in OF_NEW_OBJECTS} <= asked
    directory = write(old, planned, tmp_path / "fixed")
    names = {path.name for path in directory.glob("*.cfg")}
    # The healthy sample is the same estate after a person has made the Backups and the cluster, as the tasks say.
    new = open_workshop(tmp_path / "new")
    assert names == {path.name for path in new.directory.glob("exports/*.cfg")}
    for name in names:
        new.write(f"exports/{name}", (directory / name).read_bytes())
    judged = new.judge()
    assert judged.verdict == "go", {name: outcome for name, outcome in judged.outcomes.items() if outcome != "pass"}
    assert fix(new).changes.changes == ()


def test_the_tasks_spell_every_field_out(tmp_path: Path) -> None:
    old = open_workshop(tmp_path / "old", sample="exported-8.1.2")
    planned = fix(old, Answers((*ANSWERS.given, *OF_NEW_OBJECTS)), also=OF_NEW_OBJECTS)
    assert not [task for task in planned.changes.tasks if task.needs]
    text = "\n".join(lines_of(planned.changes))
    for told in (
        "Name = ORS_A1_B (a suggestion",
        "Type = Orchestration Server, Version = 8.1.400.27, State = Enabled",
        "Tenants tab of ORS_A1_B: Environment.",
        "Host = ors-a1-b, Listening Ports: default = 7200, http = 7210; Backup Server = [None]",
        "with -app ORS_A1_B",
        "Connections tab of ORS_A1_B: SIP_A, URS_A, IXN_A",
        "import ORS_A1_B.cfg",
        "Server Info tab of ORS_A1: Backup Server = ORS_A1_B, Redundancy Type = Warm Standby.",
        "Name = ORS_Cluster, Alias = ORS_Cluster, Transaction Type = List, State = Enabled",
        "ORS_A1 = DC1; ORS_A2 = DC1; ORS_B1 = DC2",
        "cassandra-schema-version = ORS8120000, as before the migration",
    ):
        assert told in text, told


def test_the_reverse_of_the_list_takes_everything_back_last_first(tmp_path: Path) -> None:
    old = open_workshop(tmp_path / "old", sample="exported-8.1.2")
    changes = fix(old, Answers((*ANSWERS.given, *OF_NEW_OBJECTS)), also=OF_NEW_OBJECTS).changes
    first, last = changes.changes[0], changes.reverse.changes[-1]
    assert (first.before, first.after) == (last.after, last.before)
    assert "delete functions-by-urs" in line_of(last)
    assert list(lines_of(ChangeList())) == ["nothing to change"]
