# SPDX-License-Identifier: Apache-2.0
"""Exports, live sources and other files: there or not, and a web server is told nothing."""

from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path

import pytest

from orsgate.probes.transport import Target
from orsgate.sandbox.authority import Authority
from tests.doctor.estates import SECRET, Remembering, about, diagnose, serving, silent, write_estate
from tests.probes.tls_servers import server_context

pytestmark = pytest.mark.slow

ROLLBACK = 'rollback = "rollback"\npersistence = "none"'


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"), "house")


@pytest.fixture(scope="module")
def certificate(authority: Authority) -> Path:
    return authority.issue("gax", "localhost", "127.0.0.1")


def write(directory: Path, *, estate: str = ROLLBACK, **tables: str) -> Path:
    return write_estate(directory, estate=estate, **tables)


def live(url: str, more: str = "") -> str:
    return f'source = "gax"\nurl = "{url}"\nusername = "reader"\npassword_env = "ORSGATE_TEST_PASSWORD"\n{more}'


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORSGATE_TEST_PASSWORD", SECRET)


def test_everything_is_there(tmp_path: Path) -> None:
    found = diagnose(write(tmp_path))
    assert found.complete
    assert [(check.how, Path(check.subject).name) for check in found.of("configuration")] == [
        ("current export, read", "ORS_1.cfg"),
        ("current export, read", "ORS_1_B.cfg"),
        ("rollback directory, listed", "rollback"),
        ("rollback export, read", "ORS_1.cfg"),
    ]


def test_a_mistake_in_an_export_is_not_its_business(tmp_path: Path) -> None:
    path = write(tmp_path)
    (tmp_path / "exports/ORS_1.cfg").write_text("nobody understands this\n")
    assert diagnose(path).complete


def test_an_export_that_is_missing(tmp_path: Path) -> None:
    path = write(tmp_path)
    (tmp_path / "exports/ORS_1.cfg").unlink()
    found = diagnose(path)
    check = about(found, "exports/ORS_1.cfg")
    assert (check.state, check.text) == ("missing", f"the current export of ORS_1 is not there: {check.subject}")
    assert check.fix.startswith("put it there, or correct its name in ")
    assert check.fix.endswith("estate.toml:13")
    assert found.collectable("configuration") == "no"
    assert found.collectable("cassandra") == "yes"


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), os.mkfifo, lambda path: path.write_bytes("x".encode("utf-16"))])
@pytest.mark.timeout(5)
def test_an_export_that_cannot_be_read(make, tmp_path: Path) -> None:
    path = write(tmp_path)
    export = tmp_path / "exports/ORS_1.cfg"
    export.unlink()
    make(export)
    assert about(diagnose(path), "exports/ORS_1.cfg").state == "missing"


def test_an_export_that_nobody_named(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_text(path.read_text().replace('options = "exports/ORS_1.cfg"\n', ""))
    check = about(diagnose(path), "export of ORS_1")
    assert (check.state, check.text) == ("missing", "the current export of ORS_1 is not given")


def test_what_is_out_of_scope_is_not_needed(tmp_path: Path) -> None:
    path = write(tmp_path)
    (tmp_path / "exports/ORS_1_B.cfg").unlink()
    assert not diagnose(path).complete
    path.write_text(path.read_text() + '[scope]\nexclude = [{ application = "*_B", reason = "laboratory" }]\n')
    assert diagnose(path).complete


def test_rollback_exports(tmp_path: Path) -> None:
    path = write(tmp_path)
    (tmp_path / "rollback/ORS_1.cfg").unlink()
    assert about(diagnose(path), "rollback/ORS_1.cfg").state == "missing"
    (tmp_path / "rollback").rmdir()
    found = diagnose(path)
    assert found.complete
    assert [check.text for check in found.obstacles("other")] == [
        f"the directory of the rollback exports is not there: {tmp_path / 'rollback'}"
    ]
    path = write(tmp_path, estate='persistence = "none"')
    assert about(diagnose(path), "[estate] rollback").state == "missing"


def test_rollback_exports_that_are_not_those_that_were_written(tmp_path: Path) -> None:
    path = write(tmp_path)
    content = (tmp_path / "rollback/ORS_1.cfg").read_bytes()
    listed = {"file": "ORS_1.cfg", "sha256": hashlib.sha256(content).hexdigest()}
    (tmp_path / "rollback/manifest.json").write_text(json.dumps({"schema": "orsgate/exports/1", "files": [listed]}))
    assert about(diagnose(path), "manifest.json").state == "ok"
    (tmp_path / "rollback/ORS_1.cfg").write_bytes(content + b"more=x\n")
    found = about(diagnose(path), "manifest.json")
    assert (found.state, '"ORS_1.cfg" was changed' in found.text) == ("missing", True)
    assert diagnose(path).complete
    (tmp_path / "rollback/manifest.json").write_text("{}")
    assert "is no manifest of exports" in about(diagnose(path), "manifest.json").text


def test_the_annexes(tmp_path: Path) -> None:
    path = write(tmp_path, application='annex = "annex.cfg"')
    path.write_text(path.read_text() + '[[cluster]]\ntransaction = "Cluster"\noptions = "cluster.cfg"\n')
    found = diagnose(path)
    assert about(found, "annex.cfg").text.startswith("the Annex of ORS_1 is not there")
    assert about(found, "cluster.cfg").text.startswith("the Annex of Cluster is not there")
    for name in ("annex.cfg", "cluster.cfg"):
        (tmp_path / name).write_text("[x]\na=1\n")
    assert diagnose(path).complete


def test_exports_of_mutagen(tmp_path: Path) -> None:
    path = write(tmp_path, configuration='source = "mutagen"\nfiles = ["one.json", "two.json"]')
    (tmp_path / "one.json").write_text("{")
    found = diagnose(path)
    assert about(found, "one.json").state == "ok"
    check = about(found, "two.json")
    assert (check.state, check.text) == ("missing", f"the mutagen export is not there: {tmp_path / 'two.json'}")


def test_with_a_live_source_nodes_are_known_later(tmp_path: Path) -> None:
    with serving(Remembering()) as target:
        path = write_estate(tmp_path, configuration=live(f"http://{target}/"))
        found = diagnose(path)
    check = about(found, "Cassandra nodes")
    assert (check.state, "known only after the configuration was read" in check.text) == ("later", True)
    assert about(found, "rollback").state == "later"
    assert found.complete


def test_nodes_stay_unknown_where_the_live_source_cannot_be_read(tmp_path: Path, nowhere: Target) -> None:
    found = diagnose(write_estate(tmp_path, configuration=live(f"http://{nowhere}/")))
    check = about(found, "Cassandra nodes")
    assert (check.state, "the configuration cannot be read here" in check.text) == ("unknown", True)
    assert (found.collectable("configuration"), found.collectable("cassandra")) == ("no", "unknown")


def test_an_authority_is_not_needed_without_tls(tmp_path: Path) -> None:
    with serving(Remembering()) as target:
        found = diagnose(write(tmp_path, configuration=live(f"http://{target}/", 'ca_file = "no.pem"')))
    assert found.complete


def test_a_web_server_that_is_told_nothing(tmp_path: Path, authority: Authority, certificate: Path) -> None:
    plain, secured = Remembering(), Remembering(server_context(certificate))
    with serving(plain) as target:
        found = diagnose(write(tmp_path, configuration=live(f"http://{target}/gax?key={SECRET}")))
        assert about(found, str(target)).text == f"http://{target} accepts connections"
        assert plain.heard() == b""
    with serving(secured) as target:
        path = write(tmp_path, configuration=live(f"https://{target}/", f'ca_file = "{authority.ca_file}"'))
        found = diagnose(path)
        assert about(found, str(target)).text == f"https://{target} accepts connections with TLS"
        assert secured.heard() == b""
    assert secured.handshakes == 1
    assert found.complete
    assert {check.subject for check in found.of("configuration")} >= {"reader", "ORSGATE_TEST_PASSWORD"}


def test_a_web_server_that_is_not_trusted(tmp_path: Path, certificate: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    stranger = Authority(tmp_path_factory.mktemp("stranger"), "stranger")
    with serving(Remembering(server_context(certificate))) as target:
        url = f"https://{target}/"
        check = about(diagnose(write(tmp_path, configuration=live(url))), str(target))
        assert "an authority that this host does not trust" in check.text
        assert (check.state, check.fix) == ("missing", "set [configuration] ca_file")
        check = about(diagnose(write(tmp_path, configuration=live(url, f'ca_file = "{stranger.ca_file}"'))), str(target))
        assert check.text == f"the certificate of {target} comes from an authority that is not in stranger.pem"
        (tmp_path / "ca.pem").write_text("nothing")
        found = diagnose(write(tmp_path, configuration=live(url, 'ca_file = "ca.pem"')))
    assert about(found, "ca.pem").state == "missing"
    assert about(found, str(target)).state == "unknown"


def test_a_web_server_that_is_not_there(tmp_path: Path, nowhere: Target) -> None:
    check = about(diagnose(write(tmp_path, configuration=live(f"https://{nowhere}/"))), str(nowhere))
    assert (check.state, check.text) == ("missing", f"{nowhere} refused the connection")
    assert "Cassandra" not in check.fix
    check = about(diagnose(write(tmp_path, configuration=live("https://gax.invalid/"))), "gax.invalid:443")
    assert check.text == "gax.invalid does not resolve on this host"


def test_a_web_server_that_is_silent_in_tls(tmp_path: Path) -> None:
    started = time.monotonic()
    with serving(silent) as target:
        path = write(tmp_path, configuration=live(f"https://{target}/", "timeout = 0.4"))
        check = about(diagnose(path), str(target))
    assert time.monotonic() - started < 3
    assert check.text == f"{target} did not finish the TLS handshake in time"


def test_plain_http_to_another_host_needs_a_flag(tmp_path: Path) -> None:
    found = diagnose(write(tmp_path, configuration=live("http://gax.invalid:8080/")))
    (check,) = [check for check in found.checks if check.how == "encryption"]
    assert check.state == "later"
    assert "--allow-http" in check.text


def test_logs_and_programs_are_not_needed_to_collect(tmp_path: Path) -> None:
    commands = f'log = "ors.log"\nstart = ["true", "{SECRET}"]\nstop = ["true"]\nstatus = ["no-such-program-at-all"]'
    path = write(tmp_path, application=commands)
    found = diagnose(path)
    assert found.complete
    assert [check.subject for check in found.obstacles("other")] == [str(tmp_path / "ors.log"), "no-such-program-at-all"]
    assert about(found, "true").text.startswith("true, which is to do start of ORS_1 and 1 more, is /")
    (tmp_path / "ors.log").write_text("")
    assert about(diagnose(path), "ors.log").state == "ok"


def test_a_program_is_never_run(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/was-run\n")
    program.chmod(0o755)
    assert about(diagnose(write(tmp_path, application=f'start = ["{program}"]')), str(program)).state == "ok"
    assert not (tmp_path / "was-run").exists()
