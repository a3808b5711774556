# SPDX-License-Identifier: Apache-2.0
"""``orsgate audit`` with a baseline, a record, a signature, a plan; and ``orsgate keygen``."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orsgate.collection.collect import collect
from orsgate.estate.estate import Estate
from orsgate.estate.evidence_files import ReadinessRecord, Signature
from orsgate.estate.file import load_estate_file
from orsgate.estate.items import fingerprint
from orsgate.estate.key_id import key_id
from orsgate.evidence.keys import load_public_key
from orsgate.evidence.record import load_record, recorded_items, redactor_of
from orsgate.sandbox.samples import place_sample
from tests.cli.commands import Program, files, program

__all__ = ["program"]


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """The healthy sample, whose exports were just made."""
    placed = place_sample("healthy", tmp_path / "estate")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    placed.write_text(placed.read_text().replace('source = "files"\n', f'source = "files"\nexported_at = {now}\n'))
    return placed


def loaded(path: Path, require_signed: str | None = None) -> ReadinessRecord:
    found = load_record(path, require_signed=require_signed)
    assert isinstance(found, ReadinessRecord), found
    return found


class TestBaseline:
    @pytest.mark.slow
    def test_with_it_the_healthy_estate_is_go_when_warnings_count(self, program: Program, estate: Path, tmp_path: Path) -> None:
        assert program("baseline", estate, "--directory", tmp_path / "baseline")[0] == 0
        code, said = program("audit", estate, "--strict")
        assert (code, "ORS-0109" in said) == (3, True)
        code, said = program("audit", estate, "--strict", "--baseline", tmp_path / "baseline", "--json", tmp_path / "r.json")
        assert code == 0, said
        results = {each["id"]: each for each in json.loads((tmp_path / "r.json").read_bytes())["results"]}
        assert results["ORS-0109"]["outcome"] == "pass"

    @pytest.mark.slow
    def test_it_is_judged_when_a_file_of_it_was_changed(self, program: Program, estate: Path, tmp_path: Path) -> None:
        program("baseline", estate, "--directory", tmp_path / "baseline")
        (tmp_path / "baseline" / "exports" / "ORS_A1.cfg").write_bytes(b"")
        code, said = program("audit", estate, "--strict", "--baseline", tmp_path / "baseline")
        assert code == 3
        assert '"exports/ORS_A1.cfg" was changed' in said

    @pytest.mark.slow
    def test_a_stored_snapshot_that_holds_it_is_judged_the_same(self, program: Program, estate: Path, tmp_path: Path) -> None:
        program("baseline", estate, "--directory", tmp_path / "baseline")
        given = ("--baseline", tmp_path / "baseline", "--snapshot", tmp_path / "s.json", "--json", tmp_path / "one")
        assert program("audit", estate, *given)[0] == 0
        assert program("judge", tmp_path / "s.json", "--json", tmp_path / "two")[0] == 0
        one, two = (json.loads((tmp_path / name).read_bytes())["results"] for name in ("one", "two"))
        assert [(each["id"], each["outcome"], each["notes"]) for each in one] == [
            (each["id"], each["outcome"], each["notes"]) for each in two
        ]
        assert "pass" in {each["outcome"] for each in two if each["id"] == "ORS-0109"}

    def test_where_there_is_none_nothing_is_collected(self, program: Program, estate: Path, tmp_path: Path) -> None:
        code, said = program("audit", estate, "--baseline", tmp_path / "nowhere")
        assert (code, "there is no such directory" in said) == (2, True)

    def test_no_report_goes_into_it(self, program: Program, estate: Path, tmp_path: Path) -> None:
        program("baseline", estate, "--directory", tmp_path / "baseline")
        before = files(tmp_path / "baseline")
        code, said = program("audit", estate, "--baseline", tmp_path / "baseline", "--json", tmp_path / "baseline" / "r.json")
        assert (code, "would change the baseline" in said) == (2, True)
        assert files(tmp_path / "baseline") == before

    @pytest.mark.parametrize("option", ["--json", "--journal"])
    def test_nothing_of_a_deployment_test_goes_into_it(self, program: Program, estate: Path, tmp_path: Path, option: str) -> None:
        program("baseline", estate, "--directory", tmp_path / "baseline")
        before = files(tmp_path / "baseline")
        into = (option, tmp_path / "baseline" / "file")
        code, said = program("verify", estate, "--offline", "--baseline", tmp_path / "baseline", *into)
        assert (code, "would change the baseline" in said) == (2, True)
        assert files(tmp_path / "baseline") == before


@pytest.mark.parametrize("option", ["--attestations", "--baseline"])
@pytest.mark.parametrize("name", ["nowhere", "a file"])
def test_a_directory_that_is_named_has_to_be_there(
    program: Program, estate: Path, tmp_path: Path, option: str, name: str
) -> None:
    (tmp_path / "a file").write_text("{}")
    code, said = program("verify", estate, "--offline", option, tmp_path / name)
    assert (code, f"{tmp_path / name}: there is no such directory" in said) == (2, True)
    assert "cannot be read" not in said


def test_no_report_replaces_what_a_deployment_test_reads(program: Program, estate: Path) -> None:
    attestation = estate.parent / "attestations" / "ORS-1008.json"
    attestation.parent.mkdir()
    for path in (attestation, estate.with_suffix(".journal")):
        path.write_text("{}\n")
        code, said = program("verify", estate, "--offline", "--json", path)
        assert (code, f"would replace {path}, which this run reads" in said) == (2, True)
        assert path.read_text() == "{}\n"


class TestRecord:
    @pytest.mark.slow
    def test_a_later_run_compares_with_it(self, program: Program, estate: Path, tmp_path: Path) -> None:
        export = estate.parent / "exports" / "ORS_A1.cfg"
        for path in (export, export.with_name("ORS_A1_B.cfg")):
            path.write_bytes(path.read_bytes() + b"\n[custom]\npassword=Geheim-4711\n")
        code, said = program("audit", estate, "--record", tmp_path / "deep" / "record.json")
        assert code == 0, said
        assert f"record: {tmp_path / 'deep' / 'record.json'}" in said
        record = loaded(tmp_path / "deep" / "record.json")
        assert (record.verdict, record.estate_name, record.signature) == ("go", "Sample, migrated (made up)", None)
        assert record.sentence in said
        redactor = redactor_of(tmp_path / "deep" / "record.json")
        again = collect(load_estate_file(estate), ("configuration",), redactor=redactor)  # type: ignore[arg-type]
        now = recorded_items(Estate(again))
        assert fingerprint(now) == record.fingerprint
        then = record.as_items.values
        assert {key: value.value for key, value in then.items()} == {key: value.value for key, value in now.values.items()}

    def test_whatever_the_verdict(self, program: Program, estate: Path, tmp_path: Path) -> None:
        assert program("audit", estate, "--offline", "--record", tmp_path / "r", "--only", "step:2")[0] == 3
        assert loaded(tmp_path / "r").verdict == "inconclusive"

    def test_none_where_the_estate_file_is_wrong(self, program: Program, estate: Path, tmp_path: Path) -> None:
        (tmp_path / "r").write_bytes(b"an older one")
        estate.write_text("[estate]\n")
        assert program("audit", estate, "--record", tmp_path / "r")[0] == 2
        assert (tmp_path / "r").read_bytes() == b"an older one"

    def test_not_to_a_stream(self, program: Program, estate: Path) -> None:
        code, said = program("audit", estate, "--record", "-")
        assert (code, "--record needs a file" in said) == (2, True)

    def test_it_never_replaces_what_the_run_reads(self, program: Program, estate: Path) -> None:
        code, said = program("audit", estate, "--record", estate.parent / "exports" / "ORS_A1.cfg")
        assert (code, "would replace" in said) == (2, True)


class TestSigned:
    @pytest.fixture
    def keys(self, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
        monkeypatch.setenv("MADE_UP_PASSPHRASE", "in tests only")
        private, public = tmp_path / "private.pem", tmp_path / "public.pem"
        code, said = program("keygen", "--private", private, "--public", public, "--passphrase-env", "MADE_UP_PASSPHRASE")
        assert code == 0
        assert key_id(load_public_key(public)) in said
        assert "in tests only" not in said
        return private, public

    def test_by_the_key_that_is_demanded(self, program: Program, estate: Path, tmp_path: Path, keys: tuple[Path, Path]) -> None:
        given = ("--sign", keys[0], "--passphrase-env", "MADE_UP_PASSPHRASE")
        assert program("audit", estate, "--record", tmp_path / "r", *given)[0] == 0
        demanded = load_public_key(keys[1])
        assert loaded(tmp_path / "r", demanded).signature == Signature(demanded, demanded=True)

    def test_what_is_wrong_with_a_key_is_said_before_anything_is_collected(
        self, program: Program, estate: Path, tmp_path: Path, keys: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("orsgate.collection.collect.collect", None)
        record = ("audit", estate, "--record", tmp_path / "r")
        monkeypatch.setenv("WRONG", "wrong")
        for arguments, sentence in (
            (("--sign", keys[0], "--passphrase-env", "WRONG"), "cannot be opened with this passphrase"),
            (("--sign", keys[0], "--passphrase-env", "NOT_SET"), "NOT_SET, which is not set"),
            (("--sign", keys[0]), "there is no terminal to ask on"),
            (("--sign", keys[1]), "is a public key"),
            (("--sign", tmp_path / "nowhere"), "cannot be read: No such file"),
        ):
            code, said = program(*record, *arguments)
            assert (code, sentence in said) == (2, True), said
            assert len(said.splitlines()) == 1
        assert not (tmp_path / "r").exists()

    def test_the_key_is_not_replaced(self, program: Program, estate: Path, keys: tuple[Path, Path]) -> None:
        given = ("--sign", keys[0], "--passphrase-env", "MADE_UP_PASSPHRASE")
        code, said = program("audit", estate, "--record", keys[0], *given)
        assert (code, "would replace" in said) == (2, True)

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (("--sign", "key"), "say where it goes with --record"),
            (("--passphrase-env", "X"), "name it with --sign"),
            (("--record", "r", "--plan", "p"), "never writes a record"),
        ],
    )
    def test_options_that_mean_nothing_together(
        self, program: Program, estate: Path, arguments: tuple[str, ...], sentence: str
    ) -> None:
        code, said = program("audit", estate, *arguments)
        assert (code, sentence in said) == (2, True)


class TestKeygen:
    def test_a_key_is_never_replaced(self, program: Program, tmp_path: Path) -> None:
        arguments = ("keygen", "--private", tmp_path / "k", "--public", tmp_path / "k.pub", "--unprotected")
        assert program(*arguments)[0] == 0
        kept = (tmp_path / "k").read_bytes()
        code, said = program(*arguments)
        assert (code, "never replaced" in said) == (2, True)
        assert (tmp_path / "k").read_bytes() == kept

    def test_in_the_open_only_when_asked(self, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        arguments = ("keygen", "--private", tmp_path / "k", "--public", tmp_path / "k.pub")
        assert program(*arguments)[0] == 2  # no terminal
        monkeypatch.setenv("MADE_UP_PASSPHRASE", "")
        assert program(*arguments, "--passphrase-env", "MADE_UP_PASSPHRASE")[0] == 2
        assert program(*arguments, "--passphrase-env", "MADE_UP_PASSPHRASE", "--unprotected")[0] == 2
        assert files(tmp_path) == set()
        code, said = program(*arguments, "--unprotected")
        assert (code, "in the open" in said) == (0, True)


class TestPlan:
    @pytest.mark.slow
    def test_every_report_says_that_it_is_one(self, program: Program, estate: Path, tmp_path: Path) -> None:
        (estate.parent / "exports").rename(tmp_path / "plan")
        outputs = [argument for kind in ("json", "html", "junit") for argument in (f"--{kind}", tmp_path / kind)]
        code, said = program("audit", estate, "--plan", tmp_path / "plan", *outputs)
        assert code == 0, said
        notice = f"this is a plan: the options in {tmp_path / 'plan'} were judged in place of the current ones"
        assert said.count(notice) == 2  # in the head, and below the verdict
        assert json.loads((tmp_path / "json").read_bytes())["plan"] == str(tmp_path / "plan")
        assert "This is a plan: " in (tmp_path / "html").read_text()
        assert notice in (tmp_path / "junit").read_text()
        assert program("audit", estate, "--plan", tmp_path / "plan", "--quiet")[1].count(notice) == 1

    @pytest.mark.slow
    def test_an_estate_as_it_is_does_not(self, program: Program, estate: Path, tmp_path: Path) -> None:
        code, said = program("audit", estate, "--json", tmp_path / "json", "--html", tmp_path / "html")
        assert (code, "a plan" in said) == (0, False)
        assert json.loads((tmp_path / "json").read_bytes())["plan"] is None
        assert "This is a plan: " not in (tmp_path / "html").read_text()

    @pytest.mark.slow
    def test_it_stays_a_plan_when_it_is_judged_again(self, program: Program, estate: Path, tmp_path: Path) -> None:
        plan = estate.parent / "exports"
        assert program("audit", estate, "--plan", plan, "--snapshot", tmp_path / "s.json")[0] == 0
        code, said = program("judge", tmp_path / "s.json")
        assert (code, f"this is a plan: the options in {plan}" in said) == (0, True)

    def test_a_report_does_not_replace_a_file_of_it(self, program: Program, estate: Path, tmp_path: Path) -> None:
        (tmp_path / "plan").mkdir()
        (tmp_path / "plan" / "ORS_A1.cfg").write_bytes(b"[x]\na=1\n")
        code, said = program("audit", estate, "--plan", tmp_path / "plan", "--json", tmp_path / "plan" / "ORS_A1.cfg")
        assert (code, "would replace" in said) == (2, True)

    def test_no_plan_in_the_directory(self, program: Program, estate: Path, tmp_path: Path) -> None:
        code, said = program("audit", estate, "--plan", tmp_path / "nowhere")
        assert (code, "cannot be read" in said) == (2, True)
