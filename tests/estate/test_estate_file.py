# SPDX-License-Identifier: Apache-2.0
"""An estate file that is right: what it gives, what stays not given, and where its keys stand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
from pydantic import ValidationError

from orsgate.estate.field_types import split_node
from orsgate.estate.file import LoadedEstate, load_estate_file
from orsgate.estate.meanings import meanings
from orsgate.estate.schema import EstateFile, estate_json_schema

SMALLEST = """\
[estate]
name = "Frankfurt"
from_release = "8.1.200.50"
to_release = "8.1.4"
[[application]]
name = "ORS_1"
"""

EVERYTHING = """\
[estate]
name = "Frankfurt"
from_release = "8.1.200.50"
to_release = "8.1.400.27"
path = "zero-loss"
persistence = "cassandra"
multimedia = true
without_multimedia = ["ORS_1"]
rollback = "rollback"
expected_applications = 6
installed_at = 2026-01-31T02:10:00Z
session_loss_accepted_by = "A. Person"
may_differ = ["custom/label", "extra/*", "*"]
[scope]
clusters = ["ORS_Cluster"]
exclude = [{ application = "ORS_LAB*", reason = "laboratory" }]
[configuration]
source = "files"
ca_file = "ca.pem"
server = "confserv"
exported_at = 2026-01-30T20:00:00+01:00
exported_by = "A. Person"
[[application]]
name = "ORS_1"
type = "Orchestration Server"
dbid = 1001
version = "8.1.200.50"
host = "ors-1"
enabled = true
primary = true
new = false
backup = "nobody"
redundancy = "warm standby"
options = "exports/ORS_1.cfg"
connections = ["SIP_1", "URS_1", "IXN_1"]
tenants = ["Environment"]
ports = { default = 7200, http = 65535 }
http = "http://ors-1:7210"
arguments = ""
log = "logs/ORS_1.log"
start = ["ssh", "ors-1", "start"]
stop = ["ssh", "ors-1", "stop"]
status = ["status"]
[[application]]
name = "ORS_LAB1"
http = false
[[application]]
name = "Odd"
type = "Stat Server"
version = "any"
[[cluster]]
transaction = "ORS_Cluster"
type = "list"
tenant = "Environment"
enabled = true
members = { ORS_1 = "DC1", ORS_2 = "", "#ORS_9" = "DC2" }
options = "exports/ORS_Cluster.cfg"
[cassandra]
nodes = ["cass-1", "cass-2:9160", "[::1]:9160", "[::1]"]
timeout = 15
addresses = { "10.0.0.1" = "gw:19160" }
datacenters = { "10.0.0.1" = "DC1" }
topology = "ring.txt"
username = "ors"
password_env = "CASSANDRA_PASSWORD"
ca_file = "ca.pem"
client_cert = "client.pem"
client_key = "client.key"
protocol = "native"
[[planned_change]]
application = "ORS_*"
item = "log/all"
value = ""
[[planned_change]]
application = "ORS_1"
item = "redundancy"
[policy]
cassandra = ["1.1.12-1.1.x", "2.2.5", "3.x", "1.1.12 - 2.0"]
reason = "tested by us"
[change]
ticket = "CHG1"
window_start = 2026-01-31T01:00:00Z
window_end = 2026-01-31T05:00:00Z
engineer = "A"
approver = "B"
[active]
document_url = "https://host/test.scxml"
timeout = 2.5
"""


def load(directory: Path, text: str) -> LoadedEstate:
    path = directory / "estate.toml"
    path.write_text(text, encoding="utf-8")
    return load_estate_file(path)


def test_what_is_not_given_stays_distinguishable(tmp_path: Path) -> None:
    estate = load(tmp_path, SMALLEST).file
    (application,) = estate.application
    assert application.type == "Orchestration Server"
    assert application.enabled
    assert not application.new
    assert application.redundancy == "none"
    not_given = (
        "version",
        "host",
        "dbid",
        "ports",
        "http",
        "arguments",
        "primary",
        "backup",
        "options",
        "log",
        "start",
    )
    assert {getattr(application, name) for name in not_given} == {None}
    assert estate.estate.path == "standard"
    undecided = ("persistence", "multimedia", "expected_applications", "installed_at", "rollback")
    assert {getattr(estate.estate, name) for name in undecided} == {None}
    assert estate.configuration.source == "files"
    assert estate.cassandra.timeout == 15.0
    assert estate.cassandra.nodes is None
    assert estate.policy is None
    assert estate.configuration.exported_at is None
    assert estate.scope.clusters is None


def test_every_key_is_accepted(tmp_path: Path) -> None:
    estate = load(tmp_path, EVERYTHING).file
    assert estate.estate.installed_at == datetime(2026, 1, 31, 2, 10, tzinfo=UTC)
    assert estate.application[0].ports == {"default": 7200, "http": 65535}
    assert estate.application[0].arguments == ""
    assert estate.application[1].http is False
    assert estate.cluster[0].members == {"ORS_1": "DC1", "ORS_2": "", "#ORS_9": "DC2"}
    assert estate.scope.exclude[0].reason == "laboratory"
    assert estate.planned_change[0].value == ""
    assert estate.planned_change[1].value is None
    assert set(meanings(EstateFile)) == set(EstateFile.model_fields)


@pytest.mark.parametrize(
    "section",
    [
        'source = "gax"\nurl = "https://gax:8443/"\nusername = "reader"\npassword_env = "GAX"\n',
        'source = "gws"\nurl = "http://gws/"\nusername = "reader"\npassword_file = "secret.txt"\n',
        'source = "gax"\nurl = "https://[::1]:8443/"\nusername = "asked"\n',
        'source = "mutagen"\nfiles = ["export.json"]\n',
    ],
)
def test_other_sources_need_no_application(tmp_path: Path, section: str) -> None:
    text = SMALLEST[: SMALLEST.index("[[")] + "without_multimedia = ['x']\n[scope]\nclusters = ['y']\n"
    assert load(tmp_path, f"{text}[configuration]\n{section}").file.application == ()


def test_it_is_frozen(tmp_path: Path) -> None:
    estate = load(tmp_path, SMALLEST).file
    with pytest.raises(ValidationError):
        setattr(estate.estate, "name", "other")  # noqa: B010  # mypy knows it cannot be assigned


def test_it_survives_json(tmp_path: Path) -> None:
    estate = load(tmp_path, EVERYTHING).file
    assert EstateFile.model_validate_json(estate.model_dump_json()) == estate


@pytest.mark.slow
def test_json_schema_accepts_what_is_accepted(tmp_path: Path) -> None:
    schema = estate_json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    for text in (SMALLEST, EVERYTHING):
        jsonschema.validate(load(tmp_path, text).file.model_dump(mode="json"), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"estate": {"name": "x", "from_release": "8.1", "to_release": "8.1.4"}}, schema)


def test_an_application_may_be_called_password(tmp_path: Path) -> None:
    text = SMALLEST.replace("ORS_1", "password") + '[[cluster]]\ntransaction = "c"\nmembers = { password = "" }\n'
    assert load(tmp_path, text).file.cluster[0].members == {"password": ""}


def test_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "estate.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALLEST.replace("\n", "\r\n").encode())
    loaded = load_estate_file(path)
    assert loaded.file.estate.name == "Frankfurt"
    assert loaded.lines.line(("application", 0, "name")) == 6


def test_paths_and_places(tmp_path: Path) -> None:
    loaded = load(tmp_path, EVERYTHING)
    assert loaded.directory == tmp_path
    assert loaded.resolve("exports/ORS_1.cfg") == tmp_path / "exports" / "ORS_1.cfg"
    lines = EVERYTHING.splitlines()
    backup, header = lines.index('backup = "nobody"') + 1, lines.index('name = "ORS_LAB1"')
    assert loaded.where("application", 0, "backup") == f"{loaded.path}:{backup}"
    assert loaded.where("application", 1, "backup") == f"{loaded.path}:{header}"
    assert loaded.where("cluster", 0, "members", "#ORS_9") == loaded.where("cluster", 0, "members")
    assert loaded.where("nothing") == str(loaded.path)


@pytest.mark.slow
def test_ten_thousand_applications(tmp_path: Path) -> None:
    tables = (f'[[application]]\nname = "ORS_{number}"\nbackup = "B_{number}"\n' for number in range(10_000))
    loaded = load(tmp_path, SMALLEST[: SMALLEST.index("[[")] + "".join(tables))
    assert len(loaded.file.application) == 10_000
    assert loaded.lines.line(("application", 9_999, "backup")) == 4 + 3 * 10_000


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        ("cass-1", ("cass-1", None)),
        ("cass_1.example:9160", ("cass_1.example", 9160)),
        ("[2001:db8::1]:9160", ("2001:db8::1", 9160)),
        ("[::1]", ("::1", None)),
        ("::1", None),
        ("a:0", None),
        ("a:65536", None),
        ("a:", None),
        (":9160", None),
        ("a b", None),
        ("u@h", None),
        ("a:٣", None),
        ("[::1]x", None),
    ],
)
def test_split_node(node: str, expected: tuple[str, int | None] | None) -> None:
    assert split_node(node) == expected
