# SPDX-License-Identifier: Apache-2.0
"""``orsgate init``: what it writes loads, says what was given, guesses nothing, and replaces nothing unasked."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orsgate.cli.init import init
from orsgate.estate.file import load_estate_file
from orsgate.estate.mistakes import InputError
from orsgate.estate.schema import EstateFile
from orsgate.estate.schema_objects import Table
from orsgate.estate.starting_point import ListedApplication, looks_like_backup_of
from orsgate.estate.template import Heading, estate_text
from orsgate.estate.template_texts import APPLICATION_KEYS
from orsgate.sources.inventory_csv import InventoryError, read_inventory
from tests.estate.test_estate_file import load

CSV = """\
Application;TYPE;version;host;backup;redundancy;connections;tenants
ORS_1;;8.1.300.25;ors-1;ORS_1_B;Warm Standby;SIP_1|URS_1 | IXN_1;Environment
ORS_1_B;Orchestration Server;8.1.300.25;ors-2;;;"SIP_1; URS_1";
ORS_2;;8.1.300.25;;;;;
;;;;;;;
SIP_1;SIP Server;8.1.1;;;;;
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(init, [str(argument) for argument in arguments], catch_exceptions=False)


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    directory = tmp_path / "exports"
    directory.mkdir()
    for name in ("ORS_1.cfg", "ORS_1_B.CONF", "ORS_3.conf", "ORS_3_b.conf", "notes.txt"):
        (directory / name).write_text("[orchestration]\n")
    (directory / "directory.cfg").mkdir()
    return directory


@pytest.fixture
def listing(tmp_path: Path) -> Callable[[str | bytes], Path]:
    def write(content: str | bytes) -> Path:
        path = tmp_path / "list.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_template_loads_and_explains_every_key(tmp_path: Path) -> None:
    output = tmp_path / "estate.toml"
    result = run("--output", output)
    assert result.exit_code == 0
    assert "a template" in result.output
    assert result.output.endswith(f"in order: orsgate plan {output}\n")
    text = output.read_text(encoding="utf-8")
    assert load_estate_file(output).file.estate.name == "My estate"
    for table in EstateFile.model_fields:
        assert re.search(rf"^(# )?\[+{table}\]", text, re.MULTILINE), table
    for model in Table.__subclasses__():
        if not model.__module__.startswith("orsgate.estate."):
            continue  # of another file
        for key in model.model_fields:
            assert re.search(rf"\b{key}\b", text), (model, key)


def test_what_the_template_comments_out_loads_too(tmp_path: Path) -> None:
    text = estate_text(Heading("x", "8.1.2", "8.1.4"))
    uncommented = re.sub(r"^# (?=\[|[a-z_]+ = )", "", text, flags=re.MULTILINE)
    only_live = "url|username|password_env|files"
    start, end = uncommented.index("[configuration]"), uncommented.index(APPLICATION_KEYS[:30])
    files = re.sub(rf"^({only_live}) = .*\n", "", uncommented[start:end], flags=re.MULTILINE)
    loaded = load(
        tmp_path,
        (uncommented[:start] + files + uncommented[end:])
        .replace("ORS_LAB*", "ORS_1_B")
        .replace('path = "standard"', 'path = "zero-loss"'),
    )
    assert loaded.file.stage[0].applications == ("ORS_1_B",)
    assert loaded.file.cassandra.protocol == "thrift"
    assert loaded.file.active.timeout == 30.0


def test_exports_and_list(exports: Path, listing: Callable[[str | bytes], Path], tmp_path: Path) -> None:
    output = tmp_path / "new" / "estate.toml"
    result = run(exports, "--csv", listing(CSV), "--output", output, "--name", 'The "one"', "--to-release", "8.1.400.27")
    assert result.exit_code == 0
    estate = load_estate_file(output).file
    assert (estate.estate.name, estate.estate.from_release, estate.estate.to_release) == (
        'The "one"',
        "8.1.300.25",
        "8.1.400.27",
    )
    assert estate.estate.expected_applications is None
    assert [application.name for application in estate.application] == [
        "ORS_1", "ORS_1_B", "ORS_2", "SIP_1", "ORS_3", "ORS_3_b",
    ]  # fmt: skip
    first, second, third, sip, *_ = estate.application
    assert (first.backup, first.redundancy, first.host) == ("ORS_1_B", "warm standby", "ors-1")
    assert first.connections == ("SIP_1", "URS_1", "IXN_1")
    assert second.connections == ("SIP_1", "URS_1")
    assert (first.options, second.options, third.options) == ("../exports/ORS_1.cfg", "../exports/ORS_1_B.CONF", None)
    assert (sip.type, sip.version, sip.options) == ("SIP Server", "8.1.1", None)
    assert estate.cluster == ()  # a cluster that nobody has seen is proposed, never stated
    text = output.read_text(encoding="utf-8")
    assert '# [cluster.members]\n# ORS_1 = ""\n# ORS_2 = ""\n# ORS_3 = ""\n' in text
    assert '# backup = "ORS_3_b"  # name looks like its Backup\n' in text
    assert '# ORS_3_b = ""  # looks like the Backup of ORS_3' in text
    assert "# ORS_3: has an export, and is not in the list\n" in text
    assert '# name = "IXN_1"\n' in text
    assert '# options = "exports/ORS_2.cfg"  # no export was found\n' in text


def test_exports_alone_make_no_pairs(exports: Path, tmp_path: Path) -> None:
    output = tmp_path / "estate.toml"
    run(exports, "--output", output)
    estate = load_estate_file(output).file
    assert [application.backup for application in estate.application] == [None] * 4
    assert '# ORS_1 = ""\n' in output.read_text(encoding="utf-8")
    assert estate.application[0].options == "exports/ORS_1.cfg"


def test_a_list_without_any_orchestration_server_has_no_cluster(listing: Callable[[str | bytes], Path]) -> None:
    result = run("--csv", listing("application,type\nSIP_1,SIP Server\n"), "--output", "-")
    assert "\n[[cluster]]" not in result.output


def test_the_same_input_gives_the_same_file(exports: Path, listing: Callable[[str | bytes], Path]) -> None:
    arguments = (exports, "--csv", listing(CSV), "--output", "-")
    assert run(*arguments).stdout_bytes == run(*arguments).stdout_bytes


def test_standard_output_is_the_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "estate.toml"
    path.write_bytes(run("--output", "-", "--name", "Köln").stdout_bytes)
    assert load_estate_file(path).file.estate.name == "Köln"


def test_nothing_is_replaced_without_force(tmp_path: Path) -> None:
    output = tmp_path / "estate.toml"
    output.write_text("mine")
    with pytest.raises(InputError, match="exists already; name another file with --output, or replace it with --force"):
        run("--output", output)
    assert output.read_text() == "mine"
    output.chmod(0o600)
    assert run("--output", output, "--force").exit_code == 0
    assert load_estate_file(output).file.application
    assert output.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["estate.toml"]


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a directory"):
        run("--output", tmp_path, "--force")
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be written: "):
        run("--output", tmp_path / "file" / "estate.toml")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--from-release", "8.1"], 'the from-release "8.1" is not 3 or 4 numbers'),
        (["--to-release", "latest"], 'the to-release "latest" is not 3 or 4 numbers'),
        (["--name", " "], "is blank"),
    ],
)
def test_wrong_options(arguments: list[str], message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        run("--output", "-", *arguments)


def test_directories_that_hold_nothing_of_use(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such directory"):
        run(tmp_path / "no", "--output", "-")
    with pytest.raises(InputError, match=r"holds no export; their names end in \.cfg or \.conf"):
        run(tmp_path, "--output", "-")
    (tmp_path / "ORS_1.cfg").touch()
    with pytest.raises(InputError, match="is no directory"):
        run(tmp_path / "ORS_1.cfg", "--output", "-")
    (tmp_path / "ORS_1.conf").touch()
    with pytest.raises(InputError, match=r"ORS_1\.conf: is a second export of the application that ORS_1\.cfg belongs to"):
        run(tmp_path, "--output", "-")


@pytest.mark.skipif(os.name == "nt", reason="such names cannot be made there")
def test_a_file_name_that_is_no_name(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xffb.cfg")).touch()
    with pytest.raises(InputError, match="is not named like an application; rename the file"):
        run(tmp_path, "--output", "-")


@pytest.mark.parametrize(
    ("content", "mistakes"),
    [
        ("name,host\nORS_1,a\n", ['1: there is no column "name"', '1: the column "application" is missing']),
        ("application,hosts\nORS_1,a\n", ['1: there is no column "hosts"; did you mean "host"?']),
        ("application,host,HOST\nORS_1,a,b\n", ['1: the column "host" stands twice']),
        ("application,,host\nORS_1,a,b\n", ["1: column 2 has no name"]),
        ("application,host\nORS_1,a\n\nORS_1,b\n", ['4: lists the application "ORS_1" of line 2 again']),
        (
            "application,host\nORS_1\nORS_2,a,b\n",
            ["2: has 1 cell and the header has 2", "3: has 3 cells and the header has 2"],
        ),
        ("application,host\n,a\n", ["2: the cell application is empty"]),
        ('application,host\n"a\nb",a\nORS_1\n', ["2: the cell application holds a line break", "4: has 1 cell"]),
        ('application,host\nORS_1,"a\n', ["2: is not CSV: "]),
        (
            "application,redundancy\nORS_1,warm\n",
            ['2: redundancy "warm" is not "none", "cold standby", "warm standby"'],
        ),
        ("application,version\nORS_1,8.1\n", ['2: version "8.1" is no release']),
        ("application,type\nORS_1,Orchestration server\n", ['2: "Orchestration server" is no type; did you mean']),
        ("application\n", ["1: no application follows the header"]),
        ("", ['1: the column "application" is missing']),
        ("a".encode("utf-16"), [" is not CSV, or saved as UTF-16"]),
        (b"application\n\x81\n", [" is neither UTF-8 nor Windows-1252"]),
    ],
)
def test_mistakes_in_the_list(content: str | bytes, mistakes: list[str], listing: Callable[[str | bytes], Path]) -> None:
    path = listing(content)
    with pytest.raises(InventoryError) as caught:
        run("--csv", path, "--output", "-")
    lines = str(caught.value).splitlines()
    assert len(lines) == len(mistakes)
    for line, start in zip(lines, mistakes, strict=True):
        assert line.startswith(f"{path}:{start}")


def test_a_list_that_is_not_there(tmp_path: Path) -> None:
    for path, message in ((tmp_path / "no.csv", "there is no such file"), (tmp_path, "cannot be read: ")):
        with pytest.raises(InventoryError, match=message):
            read_inventory(path)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfapplication;host\r\nORS_K\xc3\xb6ln;a,b\r\n",
        b'host,Application\n"a,b",ORS_K\xf6ln\n',
        b"\n\nAPPLICATION ; HOST\n ORS_K\xf6ln ; a,b \n",
    ],
)  # fmt: skip
def test_encodings_and_delimiters(content: bytes, listing: Callable[[str | bytes], Path]) -> None:
    assert read_inventory(listing(content)) == (ListedApplication("ORS_Köln", host="a,b"),)


def test_names_that_look_like_a_backup() -> None:
    names = ["A", "A_B", "b", "b-Backup", "C", "CB", "D", "D_B", "D_BKP", "SIP", "SIP_B"]
    applications = [ListedApplication(name, type="SIP Server") if "SIP" in name else ListedApplication(name) for name in names]
    assert looks_like_backup_of(applications) == {"A": "A_B", "b": "b-Backup", "D": "D_B"}
    assert looks_like_backup_of([ListedApplication("A", backup="X"), ListedApplication("A_B")]) == {}


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8).filter(str.strip)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(NAMES, NAMES, st.lists(NAMES, max_size=2)), min_size=1, unique_by=lambda entry: entry[0]), NAMES)
def test_any_names_load_as_they_were(tmp_path: Path, entries: list[tuple[str, str, list[str]]], estate_name: str) -> None:
    applications = [
        ListedApplication(name, host=host, connections=tuple(connections), export=f"{host}/{name}.cfg", remark=host)
        for name, host, connections in entries
    ]
    estate = load(tmp_path, estate_text(Heading(estate_name), applications)).file
    assert estate.estate.name == estate_name
    assert [(entry.name, entry.host, list(entry.connections)) for entry in estate.application] == entries
    assert estate.cluster == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text('application,;"\n\rtype|hostORS_1 \t\x0b\u2028') | st.text())
def test_any_list_is_read_or_explained(tmp_path: Path, text: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(f"application,host\n{text}".encode("utf-8", "replace"))
    try:
        listed = read_inventory(path)
    except InventoryError:
        return
    loaded = load(tmp_path, estate_text(Heading(), listed)).file
    assert [entry.name for entry in loaded.application] == [application.name for application in listed]


def test_it_is_a_click_command_that_says_what_it_does() -> None:
    assert isinstance(init, click.Command)
    assert "one [[application]] for each" in run("--help").output
