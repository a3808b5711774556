# SPDX-License-Identifier: Apache-2.0
"""A secret that stands wherever one can stand is found in no output but the ``.cfg`` files of export and discover."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from orsgate.cli.reports import REPORTS
from orsgate.sandbox.samples import place_sample
from orsgate.sandbox.twins import misbehaviour as wrong
from orsgate.sandbox.twins.mutagen_raw_shapes import mutagen_raw
from orsgate.sandbox.twins.mutagen_shapes import mutagen_json
from tests.acceptance.conftest import orsgate
from tests.sources.reading import TWINS, VARIABLE, live_estate, mutagen_estate, tree

pytestmark = pytest.mark.slow

MARK = "TopSecret"
IN_OPTIONS = f"""
[custom]
password={MARK}-option
db-passwd={MARK}-passwd
api_token={MARK}-token
endpoint=http://svc:{MARK}-url@host/path
pem=-----BEGIN PRIVATE KEY-----{MARK}-pem

[tls-secret]
anything={MARK}-section
"""
ARGUMENTS = f"-app ORS_A1 -password {MARK}-argument -token={MARK}-inline"


@pytest.fixture
def estate(tmp_path) -> Path:
    """The healthy sample with a secret in every option, Annex, command and argument that can hold one."""
    sample = place_sample("healthy", tmp_path / "estate")
    for path in sorted((sample.parent / "exports").iterdir()):
        path.write_text(path.read_text(encoding="utf-8") + IN_OPTIONS, encoding="utf-8")
    annex = sample.parent / "annex"
    annex.mkdir()
    (annex / "ORS_A1.cfg").write_text(f"[own]\nsecret={MARK}-annex\n", encoding="utf-8")
    (annex / "cluster.cfg").write_text(
        f"[cluster]\nORS_A1=DC1\nORS_A2=DC1\nORS_B1=DC2\n[shared]\npassword={MARK}-shared\n", encoding="utf-8"
    )
    text = sample.read_text(encoding="utf-8")
    text = text.replace(
        'name = "ORS_A1"\n',
        f'name = "ORS_A1"\nannex = "annex/ORS_A1.cfg"\narguments = "{ARGUMENTS}"\n'
        f'start = ["sshpass", "--password", "{MARK}-command", "ors-a1"]\n',
        1,
    )
    text = text.replace('transaction = "ORS_Cluster"\n', 'transaction = "ORS_Cluster"\noptions = "annex/cluster.cfg"\n', 1)
    for item, value in (("custom/password", f"{MARK}-planned"), ("custom/endpoint", f"http://svc:{MARK}-planned-url@h/")):
        text += f'\n[[planned_change]]\napplication = "ORS_*"\nitem = "{item}"\nvalue = "{value}"\n'
    sample.write_text(text, encoding="utf-8")
    return sample


def written(directory: Path) -> Iterator[Path]:
    """Every file that a command wrote, but for the ``.cfg`` files that must hold real values."""
    return (path for path in directory.rglob("*") if path.is_file() and path.suffix != ".cfg")


def run_all(estate: Path, out: Path, env: dict[str, str]) -> list[str]:
    """Run every command on an estate, and give what they said."""
    out.mkdir()
    reports = [f"--{kind}={out / f'report.{kind}'}" for kind in (*(report.name for report in REPORTS), "snapshot")]
    runs = [
        ("doctor", estate, "--verbose", "--json", out / "doctor.json"),
        ("audit", estate, "--verbose", *reports, "--timeout", "20"),
        ("collect", estate, "--part", "configuration", "--snapshot", out / "collected.json", "--verbose"),
        ("export", estate, "--directory", out / "rollback", "--verbose"),
        ("discover", estate, "--directory", out / "live", "--verbose"),
        ("discover", estate, "--directory", out / "files", "--reader", "files", "--verbose"),
    ]
    said = []
    for arguments in runs:
        ended = orsgate(*arguments, env=env)
        assert ended.code in {0, 1, 2, 3}, ended.said
        said.append(ended.said)
    if (out / "collected.json").exists():
        said.append(orsgate("judge", out / "collected.json", "--verbose").said)
    return said


def must_be_clean(said: list[str], out: Path) -> None:
    """No secret stands in what was said or written."""
    for text in said:
        assert MARK not in text, text[max(0, text.index(MARK) - 300) : text.index(MARK) + 60]
    for path in written(out):
        data = path.read_bytes()
        assert MARK.encode() not in data, (path, data[max(0, data.index(MARK.encode()) - 300) :][:360])


@pytest.mark.parametrize("by", ["environment", "file"])
@pytest.mark.parametrize("source", TWINS)
def test_live_sources(source, by, estate, tmp_path):
    account = f"{MARK}-account"
    with TWINS[source](tree(estate), password=account) as twin:
        path = live_estate(estate, source, twin.url)
        if by == "file":
            secret = path.parent / "account"
            secret.write_text(account + "\n", encoding="utf-8")
            secret.chmod(0o600)
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace(f'password_env = "{VARIABLE}"', 'password_file = "account"'), encoding="utf-8")
        said = run_all(path, tmp_path / "out", {VARIABLE: account})
    must_be_clean(said, tmp_path / "out")
    exported = (tmp_path / "out" / "rollback" / "ORS_A1.cfg").read_text(encoding="utf-8")
    for place in ("option", "passwd", "token", "url", "pem", "section"):
        assert f"{MARK}-{place}" in exported
    assert f"{MARK}-annex" in (tmp_path / "out" / "live" / "annex" / "ORS_A1.cfg").read_text(encoding="utf-8")
    assert f"{MARK}-shared" in (tmp_path / "out" / "live" / "cluster" / "ORS_Cluster.cfg").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["raw", "json"])
def test_exports_of_mutagen(kind, estate, tmp_path):
    must_be_clean(run_all(mutagen_estate(estate, tree(estate), kind), tmp_path / "out", {}), tmp_path / "out")
    assert MARK in json.dumps((mutagen_raw if kind == "raw" else mutagen_json)(tree(estate)))


def test_files(estate, tmp_path):
    must_be_clean(run_all(estate, tmp_path / "out", {}), tmp_path / "out")


@pytest.mark.parametrize(
    "answer",
    [
        wrong.Status(401, {"WWW-Authenticate": f"Basic realm={MARK}-realm"}, f"{MARK}-body".encode()),
        wrong.Status(500, {"X-Error": f"{MARK}-header"}, f"<html>{MARK}-page</html>".encode(), "text/html"),
        wrong.Status(200, {}, f'{{"error": "{MARK}-json"'.encode(), "application/json"),
        wrong.Status(200, {}, f'{{"statusCode": 9, "statusMessage": "{MARK}-message"}}'.encode(), "application/json"),
        wrong.Status(302, {"Location": f"http://u:{MARK}-redirect@elsewhere.example/{MARK}-path"}),
        wrong.Status(200, {"Content-Type": f"text/{MARK}-type"}, b"x"),
        wrong.Status(200, {"X-Orsgate-Twin": f"{'x' * 60}{MARK}-twin", "Retry-After": f"{MARK}"}, b"[]", "application/json"),
    ],
    ids=["401", "500", "broken JSON", "a message in JSON", "a redirect", "a content type", "headers"],
)
@pytest.mark.parametrize("source", TWINS)
def test_what_a_server_says_in_an_error(source, answer, tmp_path):
    sample = place_sample("healthy", tmp_path / "estate")
    with TWINS[source](tree(sample), misbehave_always=answer, misbehave={1: answer}) as twin:
        path = live_estate(sample, source, twin.url)
        said = run_all(path, tmp_path / "out", {VARIABLE: f"{MARK}-account"})
    must_be_clean(said, tmp_path / "out")


@pytest.mark.parametrize("module", ["sources/key_values.py", "sources/assembling.py", "sources/reading.py"])
def test_tracebacks(module, estate, program):
    copy = program()
    broken = {"key_values": "def as_export(", "assembling": "def _differences(", "reading": "def application("}
    path = copy / "orsgate" / module
    text = path.read_text(encoding="utf-8")
    start = broken[path.stem]
    assert start in text
    head, _, tail = text.partition(start)
    signature, _, body = tail.partition(':\n    """')
    path.write_text(f'{head}{start}{signature}:\n    raise ZeroDivisionError\n    """{body}', encoding="utf-8")
    with TWINS["gax"](tree(estate), password=f"{MARK}-account") as twin:
        live = live_estate(estate, "gax", twin.url)
        with live.open("a", encoding="utf-8") as stream:
            stream.write('\n[[application]]\nname = "ORS_A1"\nhost = "elsewhere"\n')
        ended = orsgate("audit", live, "--verbose", env={VARIABLE: f"{MARK}-account"}, program=copy)
    assert ended.code == 4, ended.said
    assert "Traceback" in ended.err
    assert MARK not in ended.said


def test_an_address_with_a_password_is_not_repeated(tmp_path):
    sample = place_sample("healthy", tmp_path)
    path = live_estate(sample, "gax", f"https://reader:{MARK}-url@gax.example")
    ended = orsgate("audit", path, "--verbose", env={VARIABLE: "x"})
    assert ended.code == 2
    assert MARK not in ended.said
