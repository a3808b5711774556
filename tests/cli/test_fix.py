# SPDX-License-Identifier: Apache-2.0
"""``orsgate fix``: what it writes and says, what it asks for, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from orsgate.cli.fix import fix
from orsgate.estate.mistakes import InputError
from orsgate.remedy.undo_files import undo_files
from orsgate.sandbox.samples import place_sample
from tests.acceptance.conftest import orsgate
from tests.cli.test_prompt import Terminal
from tests.faults.workshop import Workshop, dropped, in_application, open_workshop, put, rewritten
from tests.sources.reading import TWINS, as_estate, live_estate, password, tree

DATA_CENTERS = ("ORS_Cluster:cluster/ORS_A1=DC1", "ORS_Cluster:cluster/ORS_A2=DC1", "ORS_Cluster:cluster/ORS_B1=DC2")
HOSTS = tuple(f"ORS_{node}_B:Server Info/Host=ors-{node.lower()}-b" for node in ("A1", "A2", "B1"))
LIMIT = "*:orchestration/mcr-pull-limit=500"


def run(estate: Path, directory: Path, *arguments: str) -> Result:
    """The command without a ring to ask."""
    given = [str(estate), "--directory", str(directory), "--offline", *arguments]
    return CliRunner().invoke(fix, given, catch_exceptions=False, standalone_mode=False)


def answers(*given: str) -> list[str]:
    return [part for each in given for part in ("--set", each)]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The sample as it was exported from 8.1.2."""
    return place_sample("exported-8.1.2", tmp_path / "old")


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return open_workshop(tmp_path / "estate")


def test_with_every_value_it_ends_0_and_asks_for_none(old: Path, tmp_path: Path) -> None:
    ended = run(old, tmp_path / "new", *answers(LIMIT, *DATA_CENTERS, *HOSTS))
    assert ended.return_value == 0
    assert "VALUE NEEDED" not in ended.output
    assert ended.output.endswith(f"Judge it as a plan: orsgate audit {old} --plan {tmp_path / 'new'}\n")
    assert "ORS_A1 = DC1; ORS_A2 = DC1; ORS_B1 = DC2" in ended.output
    migrated = (tmp_path / "new" / "ORS_B1.cfg").read_text()
    assert "functions-by-urs=false\n" in migrated
    assert "mcr-pull-limit=500\n" in migrated
    assert not any(name in migrated for name in ("mcr-pull-by-msn-only", "get-list-item-by-urs", "[cluster]", "super_node"))
    backup = (tmp_path / "new" / "ORS_B1_B.cfg").read_text()
    assert "all=/var/log/genesys/ORS_B1_B/ors\n" in backup
    assert "external-url" not in backup


def test_without_values_it_names_them_and_ends_3(old: Path, tmp_path: Path) -> None:
    ended = run(old, tmp_path / "new")
    assert ended.return_value == 3
    for key in ("ORS_A1:orchestration/mcr-pull-limit", "ORS_A1_B:Server Info/Host", "ORS_Cluster:cluster/ORS_B1"):
        assert f'--set "{key}=..."' in ended.output
    assert f"run it again with another --directory, or after {tmp_path / 'new'} was deleted" in ended.output
    assert "Judge it as a plan" not in ended.output
    assert "mcr-pull-limit" not in (tmp_path / "new" / "ORS_A1.cfg").read_text()


def test_answers_may_stand_in_a_file(old: Path, tmp_path: Path) -> None:
    path = tmp_path / "answers.toml"
    path.write_text('["*"]\n"orchestration/mcr-pull-limit" = 500\n[ORS_A1]\n"orchestration/mcr-pull-limit" = "70"\n')
    assert run(old, tmp_path / "new", "--answers", str(path)).return_value == 3
    assert "mcr-pull-limit=70\n" in (tmp_path / "new" / "ORS_A1.cfg").read_text()
    assert "mcr-pull-limit=500\n" in (tmp_path / "new" / "ORS_A2.cfg").read_text()


def test_a_ready_estate_needs_nothing(workshop: Workshop, tmp_path: Path) -> None:
    ended = run(workshop.path("estate.toml"), tmp_path / "new")
    assert ended.return_value == 0
    assert ended.output.startswith("nothing to change\n")
    for path in workshop.directory.glob("exports/*.cfg"):
        assert (tmp_path / "new" / path.name).read_bytes() == path.read_bytes()


def test_a_ring_that_does_not_answer_is_no_ring_that_asks_for_nothing(workshop: Workshop, tmp_path: Path) -> None:
    in_table = '[cassandra]\nnodes = ["127.0.0.1:9"]\n'
    workshop.write("estate.toml", workshop.read("estate.toml").partition("[cassandra]")[0] + in_table)
    estate, directory = str(workshop.path("estate.toml")), tmp_path / "new"
    given = [estate, "--directory", str(directory), *answers("*:persistence/cassandra-strategy-options=DC1:2;DC2:2")]
    ended = CliRunner().invoke(fix, given, catch_exceptions=False, standalone_mode=False)
    assert ended.return_value == 3
    assert "not known: 127.0.0.1:9 refused the connection" in ended.output
    assert "not needed, as far as is known: --set" in ended.output
    assert ended.output.endswith("make it readable, then run it again into another directory\n")
    assert (directory / "changes.json").exists()


def test_an_answer_that_is_not_needed_is_named(workshop: Workshop, tmp_path: Path) -> None:
    ended = run(workshop.path("estate.toml"), tmp_path / "new", *answers(LIMIT))
    assert ended.return_value == 0
    assert "not needed, as far as is known: --set *:orchestration/mcr-pull-limit" in ended.output


def test_each_change_has_its_ids_its_reverse_and_whether_it_is_safe(workshop: Workshop, tmp_path: Path) -> None:
    put("exports/ORS_A1.cfg", "orchestration/get-list-item-by-urs", "true")(workshop)
    dropped("exports/ORS_A1_B.cfg", "scxml/system-id")(workshop)
    run(workshop.path("estate.toml"), tmp_path / "new")
    lines = (tmp_path / "new" / "changes.txt").read_text().splitlines()
    assert "is unconfirmed" in lines[1]
    on_primary = (
        "ORS_A1, Options tab, section orchestration: delete get-list-item-by-urs (it is true) [ORS-0203]. "
        "Reverse: add get-list-item-by-urs = true. Safe while the old release runs: no."
    )
    on_backup = (
        "ORS_A1_B, Options tab, section scxml: add system-id = -1 [ORS-0305]. Reverse: delete system-id (it is -1). "
        "Safe while the old release runs: yes."
    )
    assert [line for line in lines if line.startswith("ORS_A1")] == [on_primary, on_backup]
    undocumented = "what it does to a running server of the old release is not documented"
    assert lines[-2:] == [
        f'"Safe while the old release runs: no" is said of 1: {undocumented}.',
        '"Safe while the old release runs: yes" is said of 1: ORS_A1_B is new: no server of the old release runs with it.',
    ]


def test_secrets_stand_in_the_files_alone(workshop: Workshop, tmp_path: Path) -> None:
    put("exports/ORS_A1.cfg", "persistence/password", "geheim")(workshop)
    put("exports/ORS_A1_B.cfg", "persistence/password", "anders")(workshop)
    ended = run(workshop.path("estate.toml"), tmp_path / "new")
    text = (tmp_path / "new" / "changes.txt").read_text()
    for shown in (ended.output, text):
        assert "change password from (secret, not shown) to (secret, not shown)" in shown
        assert "geheim" not in shown
        assert "anders" not in shown
    assert "password=geheim\n" in (tmp_path / "new" / "ORS_A1_B.cfg").read_text()
    document = json.loads((tmp_path / "new" / "changes.json").read_text())
    assert [(each["before"], each["after"]) for each in document["changes"]] == [("anders", "geheim")]


def test_a_secret_that_differs_from_the_annex_is_asked_for_and_not_shown(workshop: Workshop, tmp_path: Path) -> None:
    text = workshop.read("estate.toml").replace("8.1.400.27", "8.1.400.64")
    named = 'transaction = "ORS_Cluster"\n'
    workshop.write("estate.toml", text.replace(named, f'{named}options = "annex.cfg"\n'))
    workshop.write("annex.cfg", "[persistence]\npassword=geheim\n")
    put("exports/ORS_*.cfg", "persistence/password", "anders")(workshop)
    ended = run(workshop.path("estate.toml"), tmp_path / "new")
    assert ended.return_value == 3
    assert "ORS_Cluster:persistence/password" in ended.output
    assert "geheim" not in ended.output
    assert "anders" not in ended.output


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda text: text.replace("system-id=-1", "system-id -1"), "has a line that is not understood"),
        (lambda text: text.encode() + b"[custom]\nlabel=\x81\x8d\n", "has a line that is not understood"),
        (lambda text: text.encode("utf-16"), "is UTF-16 text"),
        (lambda _: "; nothing\n", "holds no option"),
    ],
    ids=["no option", "no text", "UTF-16", "empty"],
)
def test_what_is_not_fully_understood_is_not_touched(workshop: Workshop, tmp_path: Path, damage, told: str) -> None:
    put("exports/ORS_*.cfg", "orchestration/mcr-pull-by-msn-only", "true")(workshop)
    rewritten("exports/ORS_B1.cfg", damage)(workshop)
    ended = run(workshop.path("estate.toml"), tmp_path / "new")
    assert ended.return_value == 3
    assert any(line.startswith("No file for ORS_B1: it is not touched") and told in line for line in ended.output.splitlines())
    assert not (tmp_path / "new" / "ORS_B1.cfg").exists()
    assert "msn-only" not in (tmp_path / "new" / "ORS_A1.cfg").read_text()
    assert told in (tmp_path / "new" / "changes.txt").read_text()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--set", "nonsense"), r'--set "nonsense": is not OBJECT:SECTION/OPTION=VALUE'),
        (("--set", "ORS_A9:a/b=1"), r'"ORS_A9" is no Application or Transaction of this estate; did you mean "ORS_A'),
        (("--set", "*:orchestration/mcr-pull-limit=many"), "will not do: it is no positive whole number"),
        (("--set", "*:orchestration/mcr-pull-limit=5\n6"), "will not do: its value holds a line break"),
        (("--set", "ORS_A1_B:Server Info/Host=ORS-A1"), "will not do: it is the host of its Primary"),
        (("--answers", "missing.toml"), r"missing\.toml: cannot be read"),
    ],
    ids=["no answer", "no object", "no number", "line break", "host", "no file"],
)
def test_a_wrong_answer_is_one_sentence(old: Path, tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    with pytest.raises(InputError, match=told):
        run(old, tmp_path / "new", *arguments)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a = 1\n", "stands in no table"),
        ("[ORS_A1]\nlimit = 5\n", "does not name an option"),
        ('[ORS_A1]\n"a/b" = [1]\n', "is neither text nor a whole number"),
        ("[ORS_A1\n", "is not valid TOML"),
    ],
    ids=["no table", "no option", "a list", "no TOML"],
)
def test_a_wrong_answers_file_is_one_sentence(old: Path, tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "answers.toml").write_text(text)
    with pytest.raises(InputError, match=told):
        run(old, tmp_path / "new", "--answers", str(tmp_path / "answers.toml"))


def test_nothing_is_replaced(old: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing is replaced"):
        run(old, tmp_path)


def test_a_backup_gets_its_own_host_in_each_form(workshop: Workshop, tmp_path: Path) -> None:
    for name, host in (("ORS_A1", "ors-a1.example.com"), ("ORS_A1_B", "ors-a1-b.example.com")):
        short = host.partition(".")[0]
        in_application(name, f'host = "{short}"', f'host = "{host}"')(workshop)
    value = "http://ors-a1.example.com:80/ORS_A1 ors-a1 ORS_A1x"
    put("exports/ORS_A1.cfg", "custom/mixed", value)(workshop)
    assert run(workshop.path("estate.toml"), tmp_path / "new").return_value == 0
    text = (tmp_path / "new" / "ORS_A1_B.cfg").read_text()
    assert "mixed=http://ors-a1-b.example.com:80/ORS_A1_B ors-a1-b ORS_A1x\n" in text


def test_a_value_with_a_host_that_is_not_known_is_asked_for(workshop: Workshop, tmp_path: Path) -> None:
    in_application("ORS_A1_B", 'host = "ors-a1-b"\n', "")(workshop)
    put("exports/ORS_A1.cfg", "custom/url", "http://ors-a1:80")(workshop)
    ended = run(workshop.path("estate.toml"), tmp_path / "new")
    assert ended.return_value == 3
    assert '--set "ORS_A1_B:custom/url=..."' in ended.output
    assert run(workshop.path("estate.toml"), tmp_path / "2", "--set", "ORS_A1_B:custom/url=http://b:80").return_value == 0
    assert "url=http://b:80\n" in (tmp_path / "2" / "ORS_A1_B.cfg").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("source", ["gax", "gws", "raw", "json"])
def test_a_live_source_gives_the_same_changes(source: str, workshop: Workshop, tmp_path: Path) -> None:
    put("exports/ORS_A1*.cfg", "orchestration/mcr-pull-by-msn-only", "true")(workshop)
    put("exports/ORS_B1.cfg", "persistence/password", "geheim")(workshop)
    text = workshop.read("estate.toml")
    workshop.write("estate.toml", text.replace("ORS_B1 = ", "ors_b1 = "))
    with as_estate(workshop.path("estate.toml"), source) as estate:
        how = ("--timeout", "30") if source in TWINS else ("--offline",)
        ended = orsgate("fix", estate, "--directory", tmp_path / "new", *how)
    assert ended.code in {0, 3}, ended.said
    document = json.loads((tmp_path / "new" / "changes.json").read_text())
    found = {(each["object"], each["section"], each["option"], each["before"], each["after"]) for each in document["changes"]}
    assert found == {
        ("ORS_A1", "orchestration", "mcr-pull-by-msn-only", "true", None),
        ("ORS_A1_B", "orchestration", "mcr-pull-by-msn-only", "true", None),
        ("ORS_B1_B", "persistence", "password", None, "geheim"),
        ("ORS_Cluster", "cluster", "ors_b1", "DC2", None),
        ("ORS_Cluster", "cluster", "ORS_B1", None, "DC2"),
    }
    assert "geheim" not in ended.said
    annex = (tmp_path / "new" / "clusters" / "ORS_Cluster.cfg").read_text()
    assert "ORS_B1=DC2\n" in annex
    assert "ors_b1" not in annex
    restored = undo_files(tmp_path / "new", tmp_path / "back")
    assert "clusters/ORS_Cluster.cfg" in restored.files
    assert "mcr-pull-by-msn-only=true\n" in (tmp_path / "back" / "ORS_A1.cfg").read_text()
    if source in TWINS:
        assert document["stand_in"] == f"{source.upper()} twin"
        assert f"stand-in, not from the system itself: {source.upper()} twin" in ended.out


@pytest.mark.slow
def test_a_live_source_is_not_read_offline(tmp_path: Path) -> None:
    sample = place_sample("healthy", tmp_path / "sample")
    estate = live_estate(sample, "gax", "http://127.0.0.1:9")
    with password():
        ended = orsgate("fix", estate, "--directory", tmp_path / "new", "--offline")
    assert ended.code == 2
    assert "--offline leaves nothing to read" in ended.err


@pytest.mark.slow
def test_nothing_is_written_for_another_environment(tmp_path: Path) -> None:
    sample = place_sample("healthy", tmp_path / "sample")
    with TWINS["gax"](tree(sample)) as twin, password():
        estate = live_estate(sample, "gax", twin.url, 'server = "cfg-other:2020"')
        ended = orsgate("fix", estate, "--directory", tmp_path / "new")
    assert ended.code == 2
    assert "this is another environment, and nothing was written" in ended.err
    assert not (tmp_path / "new").exists()


@pytest.fixture
def terminal(old: Path, tmp_path: Path) -> Iterator[Terminal]:
    given = answers(*DATA_CENTERS, *HOSTS, "ORS_B1:orchestration/mcr-pull-limit=7")
    program = Terminal("-m", "orsgate", "fix", str(old), "--directory", str(tmp_path / "new"), "--offline", *given)
    try:
        yield program
    finally:
        program.close()


@pytest.mark.slow
def test_on_a_terminal_it_asks_until_an_answer_will_do(terminal: Terminal, tmp_path: Path) -> None:
    terminal.wait_for(b"ORS_A1:orchestration/mcr-pull-limit (empty: leave it open)")
    terminal.type(b"many\n")
    terminal.wait_for(b"That will not do: it is no positive whole number")
    terminal.type(b"50\n")
    terminal.wait_for(b"ORS_A2:orchestration/mcr-pull-limit (empty: leave it open)")
    terminal.type(b"\n")
    assert terminal.exit_code() == 3
    assert b"ORS_B1:orchestration/mcr-pull-limit (empty" not in terminal.shown
    assert "mcr-pull-limit=50\n" in (tmp_path / "new" / "ORS_A1.cfg").read_text()
    assert "mcr-pull-limit" not in (tmp_path / "new" / "ORS_A2.cfg").read_text()
    assert "mcr-pull-limit=7\n" in (tmp_path / "new" / "ORS_B1.cfg").read_text()
