# SPDX-License-Identifier: Apache-2.0
"""``orsgate compare``: every kind of side, what it says of them, and how it ends."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from orsgate.cli.compare import compare
from orsgate.collection.collect import collect
from orsgate.estate.file import load_estate_file
from orsgate.estate.mistakes import InputError
from orsgate.estate.snapshot import dump
from orsgate.verdict.exit_codes import ExitCode
from tests.faults.workshop import Workshop, healthy_ring, in_application, open_workshop, put, replaced
from tests.reporting.pages import Page

HOSTILE = "</script><script>alert(1)</script>\x1b[2J\u202e{{ 7*7 }}"


def run(*arguments: str | Path) -> tuple[Result, int]:
    result = CliRunner().invoke(
        compare, [str(argument) for argument in arguments], catch_exceptions=False, standalone_mode=False
    )  # fmt: skip
    assert isinstance(result.return_value, int)
    return result, result.return_value


def last_line(result: Result) -> str:
    return result.output.rstrip().splitlines()[-1]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The estate as 8.1.2 had it."""
    return open_workshop(tmp_path / "old", sample="exported-8.1.2").path("estate.toml")


@pytest.fixture
def new(tmp_path: Path) -> Workshop:
    """The estate after steps 2 to 8."""
    return open_workshop(tmp_path / "new")


def snapshot_of(estate: Path, target: Path) -> Path:
    """A snapshot of an estate with the healthy ring, as `orsgate collect` writes it."""
    found = collect(load_estate_file(str(estate)), ("configuration",))
    target.write_bytes(dump(replace(found, cassandra=healthy_ring())))
    return target


def said(path: Path) -> Any:
    return json.loads(path.read_bytes())


def test_an_estate_is_as_itself(old):
    result, code = run(old, old)
    assert code == ExitCode.GO
    assert last_line(result) == "no difference: B is as A"


def test_the_migration_was_planned(old, new, tmp_path):
    before, after = snapshot_of(old, tmp_path / "a.json"), snapshot_of(new.path("estate.toml"), tmp_path / "b.json")
    result, code = run(before, after, "--json", tmp_path / "c.json")
    assert code == ExitCode.GO
    found = said(tmp_path / "c.json")
    counts = found["counts"]
    assert counts["planned"] == counts["differences"] == len(found["differences"]) > 100
    assert found["schema"] == "orsgate/comparison/1"
    assert found["unknown"] == []
    [deleted] = [
        each for each in found["differences"]
        if (each["object"], each["item"]) == ("ORS_A1", "orchestration/mcr-pull-by-msn-only")
    ]  # fmt: skip
    assert deleted | {"where": ""} == {
        "object": "ORS_A1", "aspect": "option", "item": "orchestration/mcr-pull-by-msn-only", "before": "false", "after": None,
        "sort": "removed", "planned": True, "class": "planned", "asked_by": "ORS-0201", "why": "", "where": "",
    }  # fmt: skip
    assert re.fullmatch(r".*exports/ORS_A1\.cfg:\d+", deleted["where"])
    assert last_line(result) == f"{counts['differences']} differences: {counts['differences']} planned"
    _, code = run(before, after, "--identical")
    assert code == ExitCode.NO_GO


def test_what_was_not_planned_is_named(new, tmp_path):
    before = snapshot_of(new.path("estate.toml"), tmp_path / "a.json")
    put("exports/ORS_A1.cfg", "log/verbose", "debug")(new)
    result, code = run(before, new.path("estate.toml"))
    assert code == ExitCode.NO_GO
    assert "  UNPLANNED  option log/verbose is debug; it was standard" in result.output
    assert last_line(result) == "1 difference: 1 unplanned"
    quiet, _ = run(before, new.path("estate.toml"), "--quiet")
    assert quiet.output == "1 difference: 1 unplanned\n"


def test_a_rollback_is_proved(old, tmp_path):
    """After a rollback the same command says that everything is as it was, and names what is not."""
    before = snapshot_of(old, tmp_path / "a.json")
    result, code = run(before, old, "--identical")
    assert (code, last_line(result)) == (ExitCode.GO, "no difference: B is as A")
    text = old.read_text(encoding="utf-8")
    old.write_text(text.replace('version = "8.1.200.50"', 'version = "8.1.400.27"', 1), encoding="utf-8")
    result, code = run(before, old, "--identical")
    assert (code, last_line(result)) == (ExitCode.NO_GO, "1 difference: 1 step 9")
    assert run(before, old)[1] == ExitCode.GO


@pytest.mark.parametrize("with_estate", [False, True])
def test_directories_of_exports(new, with_estate):
    directory = new.directory
    extra = ["--estate", directory / "estate.toml"] if with_estate else []
    for path in (directory / "exports").glob("*_B.cfg"):
        path.unlink()
    result, code = run(directory / "rollback", directory / "exports", *extra)
    assert code == ExitCode.INCONCLUSIVE  # what the strategy should be depends on the ring
    assert "Only options are compared" in result.output
    assert "planned    option orchestration/mcr-pull-by-msn-only is not there any more: it was false [ORS-0201]" in result.output
    step_8 = "planned    option orchestration/mcr-pull-limit is new: 500 [ORS-0802]"
    assert (step_8 in result.output) is with_estate
    assert "not known" in last_line(result) or "depends on the Cassandra ring" in last_line(result)


def test_an_export_that_is_missing_is_not_an_application_that_is_gone(new):
    directory = new.directory
    shutil.copytree(directory / "exports", directory / "later")
    (directory / "later" / "ORS_B1.cfg").unlink()
    result, code = run(directory / "exports", directory / "later")
    assert code == ExitCode.INCONCLUSIVE
    assert last_line(result) == "options: no difference in what could be compared; 1 thing could not be compared"
    assert "holds no export of ORS_B1" in result.output


def test_an_application_that_is_gone(new, tmp_path):
    before = snapshot_of(new.path("estate.toml"), tmp_path / "a.json")
    blocks = new.read("estate.toml").split("\n[[application]]")
    kept = [block for block in blocks if 'name = "ORS_B1_B"' not in block]
    new.path("after.toml").write_text("\n[[application]]".join(kept), encoding="utf-8")
    result, code = run(before, new.path("after.toml"), "--json", tmp_path / "c.json")
    assert code == ExitCode.NO_GO
    assert "UNPLANNED  application is not there any more" in result.output
    assert "items of it (--verbose shows them)" in result.output
    shown, _ = run(before, new.path("after.toml"), "--verbose")
    assert "UNPLANNED  tenant Environment is not there any more" in shown.output


def test_secrets_under_two_keys_are_neither_equal_nor_different(new, tmp_path):
    put("exports/ORS_A1.cfg", "security/password", "geheim")(new)
    estate = new.path("estate.toml")
    one, other = snapshot_of(estate, tmp_path / "a.json"), snapshot_of(estate, tmp_path / "b.json")
    result, code = run(one, other, "--json", tmp_path / "c.json")
    assert code == ExitCode.INCONCLUSIVE
    assert last_line(result) == "no difference in what could be compared; 1 thing could not be compared"
    [unknown] = said(tmp_path / "c.json")["unknown"]
    assert (unknown["object"], unknown["item"], unknown["decides"]) == ("ORS_A1", "security/password", True)
    assert "secret" in unknown["cause"]
    assert "geheim" not in result.output


def test_secrets_that_are_read_now_are_compared(new):
    put("exports/ORS_A1.cfg", "security/password", "geheim")(new)
    shutil.copytree(new.directory / "exports", new.directory / "later")
    assert run(new.directory / "exports", new.directory / "later")[1] == ExitCode.GO
    put("later/ORS_A1.cfg", "security/password", "neues")(new)
    result, code = run(new.directory / "exports", new.directory / "later")
    assert code == ExitCode.NO_GO
    assert "security/password is (secret, not shown), another one; it was (secret, not shown)" in result.output
    assert "geheim" not in result.output
    assert "neues" not in result.output


def test_nothing_hostile_gets_through(new, tmp_path):
    directory = new.directory
    shutil.copytree(directory / "exports", directory / "later")
    put("later/ORS_A1.cfg", "log/verbose", HOSTILE)(new)
    page_path = tmp_path / "c.html"
    result, _ = run(directory / "exports", directory / "later", "--html", page_path)
    assert "\x1b" not in result.output
    assert "\u202e" not in result.output
    page = page_path.read_text(encoding="ascii")
    assert "<script" not in page
    assert "49" not in Page(page).text.split("log/verbose")[1][:80]


def test_the_page_says_what_the_console_says(old, new, tmp_path):
    before = snapshot_of(old, tmp_path / "a.json")
    replaced("estate.toml", '["SIP_B", "URS_B", "IXN_A"]', '["SIP_B", "URS_B", "IXN_A", "URS_A"]')(new)
    after = snapshot_of(new.path("estate.toml"), tmp_path / "b.json")
    result, code = run(before, after, "--html", tmp_path / "c.html")
    assert code == ExitCode.NO_GO
    text = (tmp_path / "c.html").read_text(encoding="ascii")
    page = Page(text)
    assert last_line(result) in page.text
    for words in ("Not as planned", "connection URS_A is new", "unplanned", "ORS-0303", "ORS_B1"):
        assert words in page.text
    assert not re.search(r"(src|href)=[\"']?[^\"'#]|url\(|@import", text)  # nothing is fetched
    assert "default-src 'none'" in text


def test_a_planned_change_of_the_estate_file(new, tmp_path):
    before = snapshot_of(new.path("estate.toml"), tmp_path / "a.json")
    entry = '\n[[planned_change]]\napplication = "ORS_*"\nitem = "{}"\n'
    estate = new.read("estate.toml")
    new.write("estate.toml", estate + entry.format("log/verbose") + entry.format("log/all"))
    put("exports/ORS_A1.cfg", "log/verbose", "debug")(new)
    result, code = run(before, new.path("estate.toml"))
    assert code == ExitCode.GO
    named = "planned    option log/verbose is debug; it was standard, as [[planned_change]] 1 (log/verbose of ORS_*) says"
    assert named in result.output
    assert "[[planned_change]] 2 (log/all of ORS_*) names no difference" in result.output


def test_what_is_outside_the_scope_is_listed(new, tmp_path):
    before = snapshot_of(new.path("estate.toml"), tmp_path / "a.json")
    new.write("estate.toml", new.read("estate.toml") + '\n[scope]\nexclude = [{ application = "ORS_A1*", reason = "later" }]\n')
    in_application("ORS_A1", '"IXN_A"]', '"IXN_A", "URS_B"]')(new)
    result, code = run(before, new.path("estate.toml"))
    assert code == ExitCode.GO
    assert "outside    connection URS_B is new (excluded: later)" in result.output


def _mistakes(tmp_path: Path) -> Iterable[tuple[str, str]]:
    (tmp_path / "empty").mkdir()
    (tmp_path / "twice").mkdir()
    for suffix in ("cfg", "conf"):
        (tmp_path / "twice" / f"ORS_1.{suffix}").write_text("[a]\nb=1\n")
    (tmp_path / "no.json").write_text('{"schema": "orsgate/report/1"}')
    yield "nowhere", "there is nothing of that name"
    yield "a\0b", "there is nothing of that name"
    yield str(tmp_path / "empty"), "is no baseline, and holds no export"
    yield str(tmp_path / "twice"), "are both exports of ORS_1; keep one"
    yield str(tmp_path / "no.json"), "is not a snapshot"


def test_a_side_that_is_none_gets_one_sentence(old, tmp_path):
    for side, sentence in _mistakes(tmp_path):
        with pytest.raises(InputError, match=re.escape(sentence)):
            run(old, side)


def test_a_result_never_replaces_a_side(old, tmp_path):
    before = snapshot_of(old, tmp_path / "a.json")
    with pytest.raises(InputError, match="would replace"):
        run(before, old, "--json", before)
    with pytest.raises(InputError, match="would replace"):
        run(old.parent / "exports", old, "--html", old.parent / "exports" / "ORS_A1.cfg")


def test_json_on_standard_output(old):
    result = CliRunner().invoke(compare, [str(old), str(old), "--json", "-"], standalone_mode=False, catch_exceptions=False)
    assert json.loads(result.stdout)["sentence"] == "no difference: B is as A"
    assert "no difference" in result.stderr
