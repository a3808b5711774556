# SPDX-License-Identifier: Apache-2.0
"""Applying and undoing on the command line: what is asked before, what is said after, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from orsgate.cli.applying import JOURNAL, apply_changes
from orsgate.cli.main import run
from orsgate.estate.file import load_estate_file
from orsgate.estate.journal import Journal, JournalError
from orsgate.estate.mistakes import InputError
from orsgate.remedy.changes import ChangeList, Task
from orsgate.sandbox.twins import misbehaving_writes as wrong
from orsgate.sandbox.twins.misbehaviour import Hang, Status
from orsgate.sandbox.twins.server import DEFAULT_PASSWORD, Twin
from orsgate.wire.trouble import ProbeError
from tests.remedy.systems import CHANGES, SOURCES, TREE, after_all, twin_of
from tests.remedy.test_apply import with_option
from tests.sandbox.waiting import until

pytestmark = pytest.mark.slow

NAME = "Frankfurt (made up)"
VARIABLE = "ORSGATE_TEST_PASSWORD"
CHANGED = replace(CHANGES, tasks=(Task("ORS_1_B", ("make it",), ("delete it",), ("ORS-0301",)),))


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, DEFAULT_PASSWORD)


def estate(directory: Path, source: str, url: str, *more: str) -> Path:
    path = directory / "estate.toml"
    lines = (
        f'source = "{source}"',
        f'url = "{url}"',
        'username = "reader"',
        f'password_env = "{VARIABLE}"',
        "timeout = 0.6",
        *more,
    )
    head = f'[estate]\nname = "{NAME}"\nfrom_release = "8.1.200.50"\nto_release = "8.1.400.27"\n'
    path.write_text(f"{head}\n[configuration]\n" + "\n".join(lines) + "\n", "utf-8")
    return path


def apply_to(twin: Twin, source: str, directory: Path, *more: str, confirm: str | None = NAME, accept: bool = True) -> int:
    loaded = load_estate_file(str(estate(directory, source, twin.url, *more)))
    return apply_changes(loaded, CHANGED, directory, accept_undocumented_api=accept, confirm=confirm)


@pytest.mark.parametrize("source", SOURCES)
def test_applied_and_taken_back(source, tmp_path, capsys):
    with twin_of(source) as twin:
        assert apply_to(twin, source, tmp_path) == 0
        assert twin.tree == after_all()
        out = capsys.readouterr().out
        assert "To be written: 15 options and 2 sections of 3 objects" in out
        assert "ORS-0201: 15 options and 2 sections of 3 objects" in out
        assert "Not known to be safe while the old release runs: 15 options and 2 sections of 3 objects" in out
        assert "Left to a person: 1 task" in out
        assert "done: ORS_1 (7 options and 2 sections)" in out
        assert "3 done" in out
        assert "s3cret" not in out
        journal = tmp_path / JOURNAL
        assert "s3cret" in json.loads(f"[{journal.read_text().splitlines()[1]}]")[0]["facts"]["raw"].__repr__()
        undo = ["undo", str(journal), str(tmp_path / "estate.toml"), "--accept-undocumented-api", "--confirm", NAME]
        assert run(undo) == 0
        assert twin.tree == TREE
        out = capsys.readouterr().out
        assert "a journal of 3 objects" in out
        assert "s3cret" not in out
        assert run(undo) == 0
        out = capsys.readouterr().out
        assert "there was nothing to do" in out
        assert "what was taken back" not in out


@pytest.mark.parametrize("source", SOURCES)
def test_exit_codes(source, tmp_path, capsys):
    with twin_of(source) as twin:
        twin.misbehave_writes = Status(403)
        assert apply_to(twin, source, tmp_path) == 1
        assert "refused: ORS_1" in capsys.readouterr().out
        twin.misbehave_writes = Hang()
        assert apply_to(twin, source, tmp_path) == 3
        assert "not known: ORS_1" in capsys.readouterr().out
        twin.misbehave_writes = None
        twin.tree = with_option(TREE, "ORS_1", "zz", "last", "2")
        assert apply_to(twin, source, tmp_path) == 0


@pytest.mark.parametrize("source", SOURCES)
def test_nothing_is_asked_of_a_system_before_a_person_agreed(source, tmp_path):
    with twin_of(source) as twin:
        with pytest.raises(InputError, match=r"documented.*--accept-undocumented-api"):
            apply_to(twin, source, tmp_path, accept=False)
        with pytest.raises(InputError, match='the name of the estate is "Frankfurt'):
            apply_to(twin, source, tmp_path, confirm="Berlin")
        with pytest.raises(InputError, match=r"no terminal.*--confirm"):
            apply_to(twin, source, tmp_path, confirm=None)
        assert not twin.requests
        assert not (tmp_path / JOURNAL).exists()


def test_another_environment_is_not_written_to(tmp_path):
    with twin_of("gax") as twin:
        with pytest.raises(InputError, match="this is another environment"):
            apply_to(twin, "gax", tmp_path, 'server = "cfg-9:2020"')
        assert apply_to(twin, "gax", tmp_path, 'server = "cfg-1:2020"') == 0
    with twin_of("gws") as twin:
        with pytest.raises(InputError, match="nothing was written, since it is not known to be the right environment"):
            apply_to(twin, "gws", tmp_path, 'server = "cfg-1:2020"')
        assert twin.tree == TREE


def test_a_source_that_cannot_be_written_to(tmp_path):
    path = tmp_path / "estate.toml"
    head = f'[estate]\nname = "{NAME}"\nfrom_release = "8.1.2"\nto_release = "8.1.4"\n'
    path.write_text(f'{head}[[application]]\nname = "ORS_1"\n', "utf-8")
    with pytest.raises(InputError, match='source = "files" cannot be written to'):
        apply_changes(load_estate_file(str(path)), CHANGED, tmp_path, accept_undocumented_api=True, confirm=NAME)


def test_no_changes_need_no_system(tmp_path):
    loaded = load_estate_file(str(estate(tmp_path, "gax", "http://127.0.0.1:1")))
    assert apply_changes(loaded, ChangeList(), tmp_path, accept_undocumented_api=True) == 0
    with pytest.raises(ProbeError):
        apply_changes(loaded, CHANGED, tmp_path, accept_undocumented_api=True, confirm=NAME)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing.journal"], "nothing.journal: the journal cannot be read: it is not there; name the journal of fix --apply"),
        (["."], "there is no changes.json in it"),
        (["fixed"], "name with --directory where to write the original files"),
        (["fixed", "estate.toml"], "name the journal: orsgate undo fixed"),
        (["journal"], "name the estate file too"),
        (["journal", "estate.toml"], "add --accept-undocumented-api"),
        (["journal", "estate.toml", "--accept-undocumented-api"], "there is no terminal"),
        (["journal", "estate.toml", "--directory", "out"], "--directory is for a directory"),
        (["estate.toml", "estate.toml"], "this is no line of a journal"),
    ],
)
def test_undo_says_what_is_missing(arguments, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    estate(tmp_path, "gax", "http://127.0.0.1:1")
    (tmp_path / "fixed").mkdir()
    (tmp_path / "fixed" / "changes.json").write_text("{}")
    (tmp_path / "fixed" / JOURNAL).write_text("")
    with Journal(tmp_path / "journal") as journal:
        journal.append("run")
    assert run(["undo", *arguments]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "nothing.journal").exists()


@pytest.mark.skipif(os.name == "nt", reason="sends signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_finishes_the_object_under_way(number, tmp_path):
    with twin_of("gax") as twin:
        assert apply_to(twin, "gax", tmp_path) == 0
        twin.misbehave_writes = wrong.StoredLate(0.3)
        agreed = ["--accept-undocumented-api", "--confirm", NAME]
        command = [sys.executable, "-m", "orsgate", "undo", JOURNAL, "estate.toml", *agreed]
        path, pipe = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}, subprocess.PIPE
        with subprocess.Popen(command, cwd=tmp_path, env=path, stdout=pipe, stderr=pipe, text=True) as process:
            writes = sum(each.method == "PUT" for each in twin.requests)
            until(lambda: sum(each.method == "PUT" for each in twin.requests) > writes, "the first write")
            process.send_signal(number)
            out, err = process.communicate(timeout=20)
        assert process.returncode == 130, out + err
        assert "the object under way is finished first" in err
        assert "done: ORS_2" in out
        assert "not tried: ORS_1" in out
        assert twin.tree.applications[1] == TREE.applications[1]
        assert twin.tree.applications[0] != TREE.applications[0]
        twin.misbehave_writes = None
        assert run(["undo", str(tmp_path / JOURNAL), str(tmp_path / "estate.toml"), *agreed]) == 0
        assert twin.tree == TREE


def test_a_journal_of_another_estate_is_refused(tmp_path):
    with twin_of("gax") as twin:
        apply_to(twin, "gax", tmp_path)
        other = load_estate_file(str(estate(tmp_path, "gax", twin.url)))
        text = Path(other.path).read_text("utf-8").replace(NAME, "Berlin (made up)")
        Path(other.path).write_text(text, "utf-8")
        loaded = load_estate_file(str(other.path))
        with pytest.raises(JournalError, match="it names the estate"):
            apply_changes(loaded, CHANGED, tmp_path, accept_undocumented_api=True, confirm="Berlin (made up)")
