# SPDX-License-Identifier: Apache-2.0
"""Estate files from a configuration: they load, say what was found, claim nothing else, and are read back as it was."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orsgate.discovery.access import SourceAccess
from orsgate.discovery.estate_text import Reader, discovered_estate
from orsgate.discovery.exported import Exported, ExportedFiles
from orsgate.discovery.found import orchestration_servers, servers_beside
from orsgate.estate.file import load_estate_file
from orsgate.estate.inventory import Application, Configuration
from orsgate.estate.knowledge import Unknown
from orsgate.estate.mistakes import InputError
from orsgate.estate.schema import EstateFile
from orsgate.estate.secret import Revealer
from orsgate.estate.template import Heading
from orsgate.sources.files import read_files
from tests import make
from tests.discovery import configurations as made

HEADING = Heading("Frankfurt", "8.1.200.50", "8.1.400.27")
NOTHING = ExportedFiles()


def text_of(
    found: Configuration, reader: Reader = "live", heading: Heading = HEADING, files: ExportedFiles = NOTHING,
    access: SourceAccess = made.ACCESS,
) -> str:  # fmt: skip
    return discovered_estate(found, heading, access, files, reader)


def loaded(text: str, directory: Path) -> EstateFile:
    path = directory / "estate.toml"
    path.write_bytes(text.encode())
    return load_estate_file(path).file


def read_again(text: str, directory: Path) -> Configuration:
    path = directory / "estate.toml"
    path.write_bytes(text.encode())
    return read_files(load_estate_file(path), Revealer())


def uncommented(text: str, *keys: str) -> str:
    return re.sub(rf"^# (?=({'|'.join(keys)}) = )", "", text, flags=re.MULTILINE)


def said(text: str, beginning: str) -> str:
    """The comment that begins so, its lines joined."""
    joined = text.replace("\n#   ", " ")
    return next(line for line in joined.splitlines() if line.startswith(f"# {beginning}"))


def test_a_live_estate_is_read_live_again(tmp_path: Path) -> None:
    file = loaded(text_of(made.configuration()), tmp_path)
    section = file.configuration
    assert (section.source, section.url, section.username, section.password_env) == (
        "gax", "https://gax.example/", "reader", "GAX_PASSWORD",
    )  # fmt: skip
    assert [entry.model_fields_set for entry in file.application if not entry.new] == [{"name"}] * 2
    assert [entry.name for entry in file.application] == ["ORS_1", "ORS_1_B", "ORS_2", "ORS_2_B"]
    assert file.cluster == ()


def test_what_a_live_estate_leaves_to_a_person_loads_when_it_is_said(tmp_path: Path) -> None:
    found = made.configuration((*make.pair("ORS_1"), make.ors("ORS_9", primary=False)), ())
    text = uncommented(text_of(found), "new", "http", "log", "options", "server", "expected_applications")
    file = loaded(text, tmp_path)
    entry = file.application[0]
    assert (entry.http, entry.log, entry.options) == ("http://host-ors_1:7210", "logs/ORS_1.log", "exports/ORS_1.cfg")
    assert file.application[2].new
    assert (file.configuration.server, file.estate.expected_applications) == ("cfg-1:2020", 3)


def test_files_hold_what_was_found(tmp_path: Path) -> None:
    extra = (make.server("MSG_1", "Message Server"), make.server("URS_9", "Universal Routing Server"))
    found = made.configuration((*make.pair("ORS_1"), *make.pair("ORS_2"), *make.SERVERS, *extra))
    files = made.written(found, tmp_path)
    file = loaded(text_of(found, "files", files=files), tmp_path)
    assert file.configuration.source == "files"
    assert (file.configuration.exported_at, file.configuration.exported_by) == (made.READ, "orsgate, as reader")
    assert [entry.name for entry in file.application] == ["ORS_1", "ORS_1_B", "ORS_2", "ORS_2_B", "IXN_1", "SIP_1", "URS_1"]
    assert file.application[0].options == "exports/ORS_1.cfg"
    assert file.cluster[0].options == "clusters/ORS_Cluster.cfg"
    assert dict(file.cluster[0].members) == {"ORS_1": "DC1", "ORS_2": "DC2"}


def test_an_annex_that_was_exported_whole_has_the_members_of_the_estate_file(tmp_path: Path) -> None:
    annex = make.export("[log]\nverbose=all\n")
    found = made.configuration(clusters=(make.cluster(shared=annex, members={"ORS_1": "", "#ORS_2": "DC"}),))
    cluster = read_again(text_of(found, "files", files=made.written(found, tmp_path)), tmp_path).clusters[0]
    assert cluster.annex_members is not None
    listed = [(member.application, member.datacenter, member.enabled) for member in cluster.annex_members]
    assert listed == [("ORS_1", "", True), ("ORS_2", "DC", False)]
    assert made.content(cluster.shared) == [("log", True, [("verbose", "all", True)])]


def compare(found: Configuration, directory: Path) -> None:
    files = made.written(found, directory)
    again = read_again(text_of(found, "files", files=files), directory)
    shown = (*orchestration_servers(found), *servers_beside(found, found.clusters))
    backups = Counter(each.backup for each in shown if isinstance(each.backup, str) and each.backup != each.name)
    expected = {}
    for application in shown:
        exports = {"options": files.options, "annex": files.annexes}
        lost: dict[str, Any] = {
            key: Unknown("it has no file") if key == "options" else None
            for key, named in exports.items() if getattr(application, key) is not None and application.name not in named
        }  # fmt: skip
        expected[application.name] = made.facts(replace(made.as_file_says(application, backups), **lost))
    assert {application.name: made.facts(application) for application in again.applications} == expected
    clusters = [
        replace(cluster, shared=cluster.shared if cluster.transaction in files.clusters else None) for cluster in found.clusters
    ]
    assert [made.cluster_facts(cluster) for cluster in again.clusters] == [made.cluster_facts(cluster) for cluster in clusters]


SLOW = settings(suppress_health_check=list(HealthCheck), max_examples=40, deadline=None)


@pytest.mark.slow
@SLOW
@given(
    made.configurations(made.PLAIN, made.PLAIN, fit=True).filter(lambda found: any(each.is_ors for each in found.applications))
)
def test_what_a_file_says_is_read_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, found: Configuration) -> None:
    compare(found, tmp_path_factory.mktemp("estate"))


@pytest.mark.slow
@SLOW
@given(made.configurations(made.HOSTILE, made.HOSTILE, fit=False), st.sampled_from(["live", "files"]))
def test_whatever_a_source_gives_the_text_loads(
    tmp_path_factory: pytest.TempPathFactory, found: Configuration, reader: Reader
) -> None:
    directory = tmp_path_factory.mktemp("estate")
    servers = (make.ors("ORS_1"), *found.applications)  # with files an estate needs one application
    found = replace(found, applications=servers, remarks=tuple(each.name for each in servers))
    text = text_of(found, reader, files=made.written(found, directory))
    file = loaded(text, directory)
    assert {entry.name for entry in file.application} <= {each.name for each in servers}
    assert all(line.isprintable() for line in text.splitlines())


def test_the_start_is_the_version_of_the_primaries() -> None:
    assert 'from_release = "8.1.200.50"  # the version of every Primary (2)' in text_of(made.configuration(), heading=Heading())
    assert "CHECK" not in text_of(made.configuration(), heading=HEADING).partition("[estate]")[2].partition("[scope]")[0]


def test_where_versions_differ_the_lowest_is_taken_and_marked(tmp_path: Path) -> None:
    versions = ["8.1.300.25", "8.1.200.50", "8.1.200.9", "8.1.400.27"]
    servers = [make.ors(f"ORS_{number}", version=version) for number, version in enumerate(versions)]
    servers += [make.ors("ORS_8", version=made.HIDDEN), make.ors("ORS_9", version="8.1.1", primary=False)]
    text = text_of(made.configuration(tuple(servers), ()), heading=Heading())
    assert loaded(text, tmp_path).estate.from_release == "8.1.200.9"
    told = said(text, "CHECK: from_release")
    assert "and the releases differ" in told
    assert "8.1.200.9 (1), 8.1.200.50 (1), 8.1.300.25 (1), 8.1.400.27 (1), not known (1)" in told


def test_a_start_that_is_the_end_is_doubted() -> None:
    text = text_of(made.configuration((make.ors("ORS_1", version="8.1.400.27"),), ()), heading=Heading())
    assert "it is not below 8.1.4" in said(text, "CHECK: from_release")
    assert "CHECK: a placeholder" in text


def test_decisions_are_written_where_something_shows_them(tmp_path: Path) -> None:
    file = loaded(text_of(made.configuration()), tmp_path)
    assert (file.estate.persistence, file.estate.multimedia) == ("cassandra", True)
    plain = make.ors("ORS_1", "[log]\nverbose=all\n", connections=())
    text = text_of(made.configuration((plain,), ()))
    file = loaded(text, tmp_path)
    assert (file.estate.persistence, file.estate.multimedia) == (None, None)
    assert "ORS 8.1.2 required it" in said(text, "persistence:")
    assert "no application in scope is connected" in said(text, "multimedia:")
    server = make.ors("ORS_1", made.HIDDEN, connections=("(DBID 7)",))
    hidden = text_of(made.configuration((server,), ()), heading=Heading(None, "8.1.3"))
    assert "CHECK" in said(hidden, "persistence:")
    assert "CHECK" in said(hidden, "multimedia:")


def test_the_number_of_applications_is_left_to_a_person(tmp_path: Path) -> None:
    text = text_of(made.configuration())
    assert loaded(text, tmp_path).estate.expected_applications is None
    assert "4 were found; a person must count them" in text


def test_a_rollback_directory_that_was_written_is_named(tmp_path: Path) -> None:
    assert loaded(text_of(made.configuration(), files=ExportedFiles(rollback="before")), tmp_path).estate.rollback == "before"
    assert loaded(text_of(made.configuration()), tmp_path).estate.rollback is None


FACTS = ("version", "host", "enabled", "primary", "backup", "redundancy", "connections", "tenants", "ports", "options", "annex")


@pytest.mark.parametrize("reader", ["live", "files"])
def test_what_is_not_known_is_said(reader: Reader) -> None:
    server = replace(make.ors("ORS_1"), **dict.fromkeys(FACTS, made.HIDDEN))  # type: ignore[arg-type]
    text = text_of(made.configuration((server,), ()), reader)
    joined = text.replace("\n#   ", " ")
    for key in FACTS:
        assert re.search(rf"^# (CHECK: )?{key} is not known.*: the object with DBID 7", joined, re.MULTILINE), key
    claimed = {"enabled", "primary", "backup", "redundancy", "connections", "tenants"} if reader == "files" else set()
    assert set(re.findall(r"^# CHECK: (\w+) is not known", text, re.MULTILINE)) == claimed


def test_gaps_and_remarks_of_the_source_are_said() -> None:
    found = made.configuration(gaps=(Unknown("a page is missing", "gax.example:443"),), remarks=("GAX 8.5 was not seen before",))
    text = text_of(found, access=replace(made.ACCESS, stand_in="orsgate twin of GAX", url="http://gax.example/"))
    assert "# CHECK: not everything is known: a page is missing (gax.example:443)\n" in text
    assert "# Remark: GAX 8.5 was not seen before\n" in text
    assert "# CHECK: that was no Genesys software but a stand-in: orsgate twin of GAX\n" in text
    assert "# CHECK: it was read over HTTP without TLS" in text


@pytest.mark.parametrize(
    "arguments", ["-app x -password hunter2", "-app x --token=hunter2", "-url http://a:hunter2@b/", "-url (secret, not shown)"]
)
@pytest.mark.parametrize("reader", ["live", "files"])
def test_no_secret_of_a_command_line_is_written(reader: Reader, arguments: str, tmp_path: Path) -> None:
    text = text_of(made.configuration((make.ors("ORS_1", arguments=arguments),), ()), reader)
    assert "hunter2" not in text
    assert loaded(text, tmp_path).application[0].arguments is None
    assert ("hold a secret" in text) is (reader == "files")


@pytest.mark.parametrize("reader", ["live", "files"])
def test_no_option_value_is_written(reader: Reader, tmp_path: Path) -> None:
    options = make.export("[persistence]\npassword=hunter2\ncassandra-nodes=hunter2\n")
    found = made.configuration((make.ors("ORS_1", options, annex=options),), (make.cluster(shared=options),))
    assert "hunter2" not in text_of(found, reader, files=made.written(found, tmp_path))


def test_what_was_not_exported_is_said(tmp_path: Path) -> None:
    servers = (make.ors("../ORS"), make.ors("ORS_1"), replace(make.ors("ORS_2"), options=None))
    found = made.configuration(servers, (make.cluster("a/b", shared=make.export()),))
    files = replace(made.written(found, tmp_path), annexes={"ORS_1": Exported("annex/ORS_1.cfg", 3)})
    text = text_of(found, "files", files=files)
    assert "# CHECK: options: no export of them was written (manifest.json says why)\n" in text
    assert "# annex: the export does not hold 3 of them (manifest.json names them)\n" in text
    assert "# CHECK: its Annex was read, and no export of it was written (manifest.json says why)\n" in text
    assert '# options = "exports/ORS_2.cfg"  # they were not read\n' in text
    file = loaded(text, tmp_path)
    assert [entry.options for entry in file.application] == [None, "exports/ORS_1.cfg", None]


def test_what_is_referred_to_and_was_not_found_is_written_and_said(tmp_path: Path) -> None:
    text = text_of(made.configuration((make.ors("ORS_1", backup="(DBID 123)", connections=("(DBID 4)",)),), ()), "files")
    entry = loaded(text, tmp_path).application[0]
    assert (entry.backup, entry.connections) == ("(DBID 123)", ("(DBID 4)",))
    assert '# the Backup "(DBID 123)" was not found' in text
    assert '# the connection "(DBID 4)" was not found' in text


def needless(found: Configuration) -> set[str]:
    shown = {each.name for each in (*orchestration_servers(found), *servers_beside(found, found.clusters))}
    return {each.name for each in found.applications} - shown


def test_servers_that_the_judgement_needs_are_kept() -> None:
    at: dict[str, object] = {"host": "ixn", "ports": {"default": 4420}}
    servers: tuple[Application, ...] = (
        make.ors("ORS_1", connections=("IXN_T",), backup="URS_B"),
        make.server("IXN_T", "T-Server", **at),
        make.server("IXN_1", "Interaction Server", **at),
        make.server("IXN_2", "Interaction Server", host="ixn", ports={"default": 4421}),
        make.server("URS_B", "Universal Routing Server", backup="URS_C"),
        make.server("URS_C", "Universal Routing Server", backup="URS_B"),
        make.server("MSG_1", "Message Server"),
        make.server("GMS_1", "Message Server"),
    )
    assert needless(made.configuration(servers, (make.cluster(members={"MSG_1": ""}),))) == {"IXN_2", "GMS_1"}


def test_names_that_cannot_stand_there_are_said(tmp_path: Path) -> None:
    servers = (
        make.ors("ORS_1", connections=("bad\nname", "SIP_1"), version="8.1"), make.ors("a\nb"), make.ors("ORS_1", host="other"),
        make.server("TS", "T Server"), make.server("SIP_1", "SIP Server"),
    )  # fmt: skip
    servers = (replace(servers[0], connections=("bad\nname", "SIP_1", "TS")), *servers[1:])
    text = text_of(made.configuration(servers, (make.cluster("x\ny"),)), "files")
    entries = loaded(text, tmp_path).application
    assert [(entry.name, entry.connections) for entry in entries] == [("ORS_1", ("SIP_1", "TS")), ("SIP_1", ())]
    joined = text.replace("\n#   ", " ")
    assert 'connections "bad\\nname" of "ORS_1" cannot stand in an estate file' in joined
    assert 'CHECK: 2 applications have the name "ORS_1"' in joined
    assert 'CHECK: the application "a\\nb" has no table here' in joined
    assert 'CHECK: the application "TS" has no table here: its type is "T Server", and only "T-Server"' in joined
    assert '# version: "8.1" is no release' in joined
    assert '# CHECK: "x\\ny" has no table here' in joined


@pytest.mark.parametrize(
    ("access", "told"),
    [
        (SourceAccess("gax"), '"gax" needs "url" or "username"'),
        (SourceAccess("mutagen"), '"mutagen" needs "files"'),
        (replace(made.ACCESS, password_file="p"), "both given"),  # noqa: S106
        (replace(made.ACCESS, files=("a",)), '"files" means nothing'),
        (SourceAccess("mutagen", files=("a",), url="https://x/"), '"url" means nothing'),
        (replace(made.ACCESS, url="https://a:hunter2@b/"), '"url" cannot stand in an estate file'),
        (replace(made.ACCESS, password_env="not a name"), '"password_env" cannot stand'),  # noqa: S106
    ],
)  # fmt: skip
def test_access_that_an_estate_file_cannot_hold_is_refused(access: SourceAccess, told: str) -> None:
    with pytest.raises(InputError, match=re.escape(told)) as caught:
        text_of(made.configuration(), access=access)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("access", "server", "offered"),
    [
        (made.ACCESS, "cfg-1:2020", '# server = "cfg-1:2020"  # CHECK: what the source says it reads'),
        (made.ACCESS, made.HIDDEN, '# server = "https://gax.example"  # CHECK: the source itself, which does not say'),
        (replace(made.ACCESS, server="cfg-2:2020"), "cfg-1:2020", 'server = "cfg-2:2020"\n'),
    ],
)
def test_the_server_is_offered_and_never_asserted_unasked(access: SourceAccess, server: str | Unknown, offered: str) -> None:
    assert f"\n{offered}" in text_of(made.configuration(server=server), access=access)


def test_an_account_without_a_password_is_asked_for_one() -> None:
    text = text_of(made.configuration(), access=replace(made.ACCESS, password_env=None))
    assert '# password_env = "GAX_PASSWORD"  # or password_file; with neither it is asked for\n' in text


def test_exports_of_mutagen_are_read_again(tmp_path: Path) -> None:
    access = SourceAccess("mutagen", files=("export.json",))
    file = loaded(text_of(made.configuration(source="mutagen", live=False), access=access), tmp_path)
    assert (file.configuration.source, file.configuration.files) == ("mutagen", ("export.json",))


@pytest.mark.parametrize("heading", [Heading(" "), Heading("x", "8.1"), Heading("x", None, "next")])
def test_a_heading_that_cannot_stand_there_is_refused(heading: Heading) -> None:
    with pytest.raises(InputError):
        text_of(made.configuration(), heading=heading)


def test_the_text_depends_on_what_was_found_alone() -> None:
    assert text_of(made.configuration()) == text_of(made.configuration())
    assert text_of(made.configuration(), "files") == text_of(made.configuration(), "files")
