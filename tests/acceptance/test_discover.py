# SPDX-License-Identifier: Apache-2.0
"""From a running GAX, GWS or an export of mutagen to an estate file, exports, and a verdict, by the program itself."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from orsgate.estate.file import load_estate_file
from orsgate.estate.secret import Redactor
from orsgate.sandbox.samples import place_sample
from orsgate.sandbox.twins.mutagen_raw_shapes import mutagen_raw
from tests.acceptance.conftest import Ended, orsgate
from tests.faults.workshop import judged
from tests.sources.generated import facts
from tests.sources.reading import TWINS, VARIABLE, collected, configuration, live_estate, password, tree
from tests.sources.test_same_estate import with_ring

pytestmark = pytest.mark.slow

PASSWORD = {VARIABLE: "reader password"}
BACKUPS = 3
"""Of the healthy sample; they are new, and a live source cannot tell that."""


def discovered(source: str, url: str, directory: Path, *more: str) -> Ended:
    return orsgate(
        "discover", "--source", source, "--url", url, "--username", "reader", "--password-env", VARIABLE,
        "--directory", directory, *more, env=PASSWORD,
    )  # fmt: skip


@pytest.mark.parametrize("reader", ["live", "files"])
@pytest.mark.parametrize("source", TWINS)
def test_what_is_discovered_is_ready_for_audit(source, reader, tmp_path):
    sample = place_sample("healthy", tmp_path / "sample")
    found = tmp_path / "found"
    with TWINS[source](tree(sample)) as twin, password():
        ended = discovered(source, twin.url, found, "--to-release", "8.1.400.27", "--name", "Found", "--reader", reader)
        assert ended.code == 0, ended.said
        for name in ("ORS_A1", "ORS_A1_B", "ORS_Cluster", "DC1", "8.1.200.50", "cassandra", "audit"):
            assert name in ended.out
        assert "stand-in" in ended.out
        assert ended.out.endswith(f"in order: orsgate plan {found / 'estate.toml'}\n")
        exports = sorted((found / "exports").glob("*.cfg"))
        assert [path.stem for path in exports] == ["ORS_A1", "ORS_A1_B", "ORS_A2", "ORS_A2_B", "ORS_B1", "ORS_B1_B"]
        estate = found / "estate.toml"
        text = estate.read_text(encoding="utf-8")
        text = text.replace("# new = true", "new = true") if reader == "live" else text
        (found / "rollback").mkdir()
        for path in (sample.parent / "rollback").iterdir():
            (found / "rollback" / path.name).write_bytes(path.read_bytes())
        lines = [
            "" if reader == "live" else 'rollback = "rollback"',
            'session_loss_accepted_by = "somebody (made up)"',
            "expected_applications = 6",
        ]
        estate.write_text(text.replace("[estate]\n", "[estate]\n" + "\n".join(lines) + "\n", 1), encoding="utf-8")
        redactor = Redactor(b"one key for all readings of a test")
        assert facts(configuration(estate, redactor)) == facts(configuration(sample, redactor))
        snapshot = collected(estate)
        assert snapshot.parts[0].stand_ins == (f"{source.upper()} twin",)
        judgement = judged(with_ring(snapshot), "readiness")
        assert judgement.verdict == "go", {k: v for k, v in judgement.outcomes.items() if v not in {"pass", "not_applicable"}}
        assert snapshot.estate.configuration.source == (source if reader == "live" else "files")


def test_what_is_written_is_for_its_owner_only(tmp_path):
    sample = place_sample("healthy", tmp_path / "sample")
    with TWINS["gax"](tree(sample)) as twin:
        assert discovered("gax", twin.url, tmp_path / "found").code == 0
    for path in (tmp_path / "found").rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        if path.name != "estate.toml":
            assert not mode & 0o077, path
    manifest = json.loads((tmp_path / "found" / "exports" / "manifest.json").read_text())
    assert manifest["kind"] == "current"
    assert manifest["stand_in"] == "GAX twin"
    assert manifest["holds_secrets"] is True


def test_from_an_estate_file_and_mutagen(tmp_path):
    sample = place_sample("healthy", tmp_path / "sample")
    export = tmp_path / "sample" / "export.json"
    export.write_text(json.dumps(mutagen_raw(tree(sample))), encoding="utf-8")
    estate = tmp_path / "sample" / "mutagen.toml"
    estate.write_text(
        '[estate]\nname = "M"\nfrom_release = "8.1.200.50"\nto_release = "8.1.400.27"\n'
        '[configuration]\nsource = "mutagen"\nfiles = ["export.json"]\n',
        encoding="utf-8",
    )
    ended = orsgate("discover", estate, "--directory", tmp_path / "found")
    assert ended.code == 0, ended.said
    loaded = load_estate_file(tmp_path / "found" / "estate.toml")
    assert [os.path.normpath(loaded.resolve(name)) for name in loaded.file.configuration.files or ()] == [str(export)]
    assert loaded.file.estate.name == "M"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "say where to read"),
        (("estate.toml", "--source", "gax"), "not both"),
        (("--source", "gax"), '--source "gax" needs --url'),
        (("--source", "gax", "--url", "http://user:hunter2@gax"), "holds a user name or password"),
        (("--source", "gax", "--url", "http://gax.example", "--username", "r", "--password-env", "X_Y"), "add --allow-http"),
        (("--source", "mutagen", "--file", "nothing.json", "--directory", "."), "is no name for a new directory"),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_2(arguments, said, tmp_path):
    (tmp_path / "estate.toml").write_text("", encoding="utf-8")
    ended = orsgate("discover", *arguments, cwd=tmp_path, env={"X_Y": "z"})
    assert ended.code == 2, ended.said
    assert said in ended.err
    assert "hunter2" not in ended.said
    assert not (tmp_path / "discovered").exists()


def test_what_cannot_be_read_is_exit_3_and_leaves_nothing(tmp_path):
    ended = discovered("gax", "http://127.0.0.1:1", tmp_path / "found")
    assert ended.code == 3
    assert "127.0.0.1:1 refused the connection" in ended.err
    assert "Traceback" not in ended.err
    assert not (tmp_path / "found").exists()
    ended = orsgate("discover", "--source", "mutagen", "--file", "nothing.json", "--directory", tmp_path / "found")
    assert ended.code == 3
    assert "the export of mutagen is not there" in ended.err


def test_what_an_account_may_not_see_is_said(tmp_path):
    sample = place_sample("healthy", tmp_path / "sample")
    served = tree(sample)
    with TWINS["gws"](served, hidden=[("application", served.dbid("application", "IXN_A")), ("tenant", 1)]) as twin:
        ended = discovered("gws", twin.url, tmp_path / "found")
    assert ended.code == 3, ended.said
    number = served.dbid("application", "IXN_A")
    assert f'not known: the connection "(DBID {number})" is not visible to this account, or deleted' in ended.out
    assert "not known: the tenant with DBID 1 is not visible to this account, or deleted" in ended.out
    assert (tmp_path / "found" / "estate.toml").exists()


@pytest.mark.parametrize("source", TWINS)
def test_the_rollback_exports_are_accepted(source, tmp_path):
    sample = place_sample("exported-8.1.2", tmp_path / "sample")
    with TWINS[source](tree(sample)) as twin, password():
        estate = live_estate(sample, source, twin.url)
        text = estate.read_text(encoding="utf-8")
        estate.write_text(text.replace('rollback = "exports"', 'rollback = "rollback"'), encoding="utf-8")
        ended = orsgate("export", estate, env=PASSWORD)
        assert ended.code == 0, ended.said
        assert "rollback" in ended.out
        assert sorted(path.name for path in (tmp_path / "sample" / "rollback").iterdir()) == [
            "ORS_A1.cfg", "ORS_A2.cfg", "ORS_B1.cfg", "manifest.json",
        ]  # fmt: skip
        again = orsgate("export", estate, env=PASSWORD)
        assert again.code == 2
        assert "is no empty directory" in again.err
        assert "step 1 is done" in again.err
        outcomes = judged(with_ring(collected(estate)), "readiness").outcomes
    assert outcomes["ORS-0101"] == "pass"
    assert outcomes["ORS-0102"] == "pass"


def test_an_application_that_no_file_can_be_named_after_is_said(tmp_path):
    sample = place_sample("exported-8.1.2", tmp_path / "sample")
    text = sample.read_text(encoding="utf-8").replace('"ORS_A1"', '"../ORS/A1"')
    sample.write_text(text, encoding="utf-8")
    with TWINS["gax"](tree(sample)) as twin:
        estate = live_estate(sample, "gax", twin.url)
        ended = orsgate("export", estate, "--directory", tmp_path / "out", env=PASSWORD)
    assert ended.code == 3
    assert "not exported: ../ORS/A1" in ended.out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "sample"]


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        (lambda text: text, "pass"),
        (lambda text: text.replace("mcr-pull-limit=500", "mcr-pull-limit=501"), "fail"),
        (lambda text: text.replace("mcr-pull-limit=500\n", ""), "fail"),
        (lambda text: text + "\n[custom]\nonly-in-the-file=1\n", "fail"),
    ],
    ids=["the same", "another value", "only live", "only in the file"],
)
def test_drift_is_found_in_both_directions(change, outcome, tmp_path):
    sample = place_sample("healthy", tmp_path)
    (tmp_path / "reviewed.cfg").write_text(change((tmp_path / "exports" / "ORS_A1.cfg").read_text()), encoding="utf-8")
    with TWINS["gax"](tree(sample)) as twin, password():
        estate = live_estate(sample, "gax", twin.url)
        with estate.open("a", encoding="utf-8") as stream:
            stream.write('\n[[application]]\nname = "ORS_A1"\noptions = "reviewed.cfg"\n')
        found = judged(with_ring(collected(estate)), "readiness")
    assert found.outcomes["ORS-0104"] == outcome


def test_plain_http_to_another_host_is_refused_and_shown(tmp_path):
    sample = place_sample("healthy", tmp_path)
    estate = live_estate(sample, "gax", "http://gax.invalid:8080", "timeout = 2.0")
    ended = orsgate("audit", estate, env=PASSWORD)
    assert ended.code == 2
    assert "add --allow-http" in ended.err
    ended = orsgate("audit", estate, "--allow-http", "--only", "step:1", "--json", tmp_path / "r.json", env=PASSWORD)
    assert ended.code == 3
    assert "over http without TLS" in ended.out
    assert "gax.invalid does not resolve" in ended.out
    report = ended.report(tmp_path / "r.json")
    assert report["parts"][0]["source"] == "GAX gax.invalid:8080 with the account reader, over http without TLS"


def test_nothing_of_another_environment_is_written(tmp_path):
    sample = place_sample("healthy", tmp_path / "sample")
    with TWINS["gax"](tree(sample)) as twin:
        ended = discovered("gax", twin.url, tmp_path / "found", "--server", "cfg-prod:2020")
        estate = live_estate(sample, "gax", twin.url, 'server = "cfg-prod:2020"')
        exported = orsgate("export", estate, "--directory", tmp_path / "rollback", env=PASSWORD)
    for each in (ended, exported):
        assert each.code == 2, each.said
        assert "cfg-1:2020, not cfg-prod:2020" in each.err
        assert "nothing was written" in each.err
    assert not (tmp_path / "found").exists()
    assert not (tmp_path / "rollback").exists()
