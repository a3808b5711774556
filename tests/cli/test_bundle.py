# SPDX-License-Identifier: Apache-2.0
"""``orsgate bundle`` and ``orsgate bundle verify``: what they say, write, and end with."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Configuration
from orsgate.estate.key_id import key_id
from orsgate.estate.snapshot import dump, load
from orsgate.evidence.bundle.contents import read_contents
from orsgate.evidence.bundle.verifying import Intact, verified
from orsgate.evidence.keys import load_public_key, write_key_pair
from orsgate.sandbox.samples import place_sample
from orsgate.verdict.exit_codes import ExitCode
from tests.cli.commands import Program, files, program
from tests.evidence.bundle.made import Left, archive, entries, given_in, left
from tests.faults.workshop import open_workshop

__all__ = ["program"]

SAID = "correct horse, in tests only"


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run of the harness left, made once."""
    directory = tmp_path_factory.mktemp("judged")
    left(directory / "run", judged=Estate(open_workshop(directory / "estate").collected()))
    return directory / "run"


@pytest.fixture
def run(judged: Path, tmp_path: Path) -> Left:
    write_key_pair(tmp_path / "k", tmp_path / "k.pub", None)
    given = given_in(Path(shutil.copytree(judged, tmp_path / "run")))
    return Left(given, read_contents(given), b"")


def arguments(run: Left, tmp_path: Path, **changed: Path) -> list[object]:
    given = {
        "--output": tmp_path / "b.zip", "--sign": tmp_path / "k", "--snapshot": run.given.snapshot, "--report": run.given.report,
        "--waivers": run.given.waivers[0], "--attestations": run.given.attestations, "--record": run.given.record,
    } | {f"--{name}": path for name, path in changed.items()}  # fmt: skip
    return ["bundle", run.given.results, *(each for pair in given.items() for each in pair)]


@pytest.mark.slow
def test_from_an_audit_to_a_verified_bundle(program: Program, tmp_path: Path) -> None:
    """As an operator does it."""
    estate = place_sample("healthy", tmp_path / "estate")
    write_key_pair(tmp_path / "k", tmp_path / "k.pub", None)
    outputs = {"--json": tmp_path / "r.json", "--snapshot": tmp_path / "s.json", "--html": tmp_path / "r.html"}
    code, _ = program("audit", estate, "--quiet", *(each for pair in outputs.items() for each in pair))
    told = json.loads((tmp_path / "r.json").read_bytes())
    assert code == told["exit_code"]
    named = ["--snapshot", tmp_path / "s.json", "--report", tmp_path / "r.html"]
    code, said = program("bundle", tmp_path / "r.json", "--output", tmp_path / "b.zip", "--sign", tmp_path / "k", *named)
    keyid = key_id(load_public_key(tmp_path / "k.pub"))
    assert (code, keyid in said) == (ExitCode.GO, True), said
    run = re.search(r"of the run ([0-9a-f]+),", said)
    assert run is not None, said
    assert f"run {run[1]}" in (tmp_path / "r.html").read_text("ascii"), "the report names the run as the bundle does"
    code, said = program("bundle", "verify", tmp_path / "b.zip", "--key", tmp_path / "k.pub")
    assert code == 0
    words = (told["verdict_sentence"], told["estate"]["name"], told["finished"], keyid, run[1], "results.json", "Intact means")
    for text in words:
        assert text in said, text
    assert "It does not mean that the verdict is GO" in said
    again = tmp_path / "again.zip"
    program("judge", tmp_path / "s.json", "--quiet", "--json", tmp_path / "r2.json", "--html", tmp_path / "r2.html")
    given = ["--snapshot", tmp_path / "s.json", "--report", tmp_path / "r2.html"]
    code, said = program("bundle", tmp_path / "r2.json", "--output", again, "--sign", tmp_path / "k", *given)
    assert code == 0, f"a snapshot that is judged again is the one that the results tell of: {said}"


@pytest.mark.slow
def test_a_verdict_of_stand_ins_is_never_told_without_them(program: Program, tmp_path: Path) -> None:
    estate = place_sample("healthy", tmp_path / "estate")
    write_key_pair(tmp_path / "k", tmp_path / "k.pub", None)
    program("audit", estate, "--quiet", "--snapshot", tmp_path / "s.json")
    snapshot = load((tmp_path / "s.json").read_bytes(), "s.json")
    parts = tuple(replace(part, stand_ins=("a twin of ORS",)) for part in snapshot.parts)
    (tmp_path / "s.json").write_bytes(dump(replace(snapshot, parts=parts)))
    _, said = program("judge", tmp_path / "s.json", "--quiet", "--json", tmp_path / "r.json")
    sentence = json.loads((tmp_path / "r.json").read_bytes())["verdict_sentence"]
    assert said.splitlines() == [sentence, "measured against a stand-in: a twin of ORS"]
    program(
        "bundle", tmp_path / "r.json", "--output", tmp_path / "b.zip", "--sign", tmp_path / "k", "--snapshot", tmp_path / "s.json"
    )
    code, said = program("bundle", "verify", tmp_path / "b.zip", "--key", tmp_path / "k.pub")
    assert code == 0
    assert f"  verdict   {sentence}\n            measured against a stand-in: a twin of ORS\n" in said


def test_a_bundle_that_was_changed_ends_with_5(program: Program, run: Left, tmp_path: Path) -> None:
    assert program(*arguments(run, tmp_path))[0] == 0
    path = tmp_path / "b.zip"
    path.write_bytes(path.read_bytes().replace(b'"verdict": "go"', b'"verdict": "gO"', 1))
    code, said = program("bundle", "verify", path, "--key", tmp_path / "k.pub", "--extract", tmp_path / "there")
    assert (code, code) == (ExitCode.NOT_INTACT, 5)
    assert said.splitlines() == [
        f"NOT INTACT: {path} must not be relied on (1 finding)", '  "results.json" was changed: it is damaged'
    ]  # fmt: skip
    assert not (tmp_path / "there").exists()


def test_verifying_opens_no_socket(program: Program, run: Left, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(*arguments(run, tmp_path))

    def opened(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", opened)
    monkeypatch.setattr(socket, "getaddrinfo", opened)
    assert program("bundle", "verify", tmp_path / "b.zip", "--key", tmp_path / "k.pub")[0] == 0


def test_many_findings_are_cut_short(program: Program, run: Left, tmp_path: Path) -> None:
    program(*arguments(run, tmp_path))
    path = tmp_path / "b.zip"
    path.write_bytes(archive([*entries(path.read_bytes()), *((f"x{number:04}", b"") for number in range(300))]))
    code, said = program("bundle", "verify", path, "--key", tmp_path / "k.pub")
    assert (code, len(said.splitlines())) == (5, 102)
    assert "and 200 more" in said


def test_another_key_ends_with_5(program: Program, run: Left, tmp_path: Path) -> None:
    program(*arguments(run, tmp_path))
    write_key_pair(tmp_path / "other", tmp_path / "other.pub", None)
    code, said = program("bundle", "verify", tmp_path / "b.zip", "--key", tmp_path / "other.pub")
    assert (code, "it was signed by another key" in said) == (5, True)


def test_what_is_no_bundle_ends_with_5(program: Program, tmp_path: Path) -> None:
    write_key_pair(tmp_path / "k", tmp_path / "k.pub", None)
    for data in (b"", b"no archive", b"PK\x03\x04"):
        (tmp_path / "b.zip").write_bytes(data)
        code, said = program("bundle", "verify", tmp_path / "b.zip", "--key", tmp_path / "k.pub")
        assert (code, "the archive is no bundle" in said) == (5, True)


def test_what_cannot_be_verified_ends_with_2(program: Program, run: Left, tmp_path: Path) -> None:
    program(*arguments(run, tmp_path))
    for file, key, why in (
        ("none.zip", "k.pub", "cannot be read: No such file"), ("run", "k.pub", "is no file"),
        ("b.zip", "none.pub", "the key cannot be read"), ("b.zip", "k", "is a private key"), ("b.zip", "b.zip", "KB"),
    ):  # fmt: skip
        code, said = program("bundle", "verify", tmp_path / file, "--key", tmp_path / key)
        assert (code, why in said) == (2, True), said


class TestExtracting:
    def test_what_was_signed(self, program: Program, run: Left, tmp_path: Path) -> None:
        program(*arguments(run, tmp_path))
        code, _ = program("bundle", "verify", tmp_path / "b.zip", "--key", tmp_path / "k.pub", "--extract", tmp_path / "there")
        assert code == 0
        for name, data in run.files.items():
            assert (tmp_path / "there" / name).read_bytes() == data
        named = {name for name in files(tmp_path / "there") if (tmp_path / "there" / name).is_file()}
        assert {name.replace("\\", "/") for name in named} == {*run.files, "statement.dsse.json"}

    def test_nothing_is_replaced(self, program: Program, run: Left, tmp_path: Path) -> None:
        program(*arguments(run, tmp_path))
        before = files(tmp_path / "run")
        code, said = program("bundle", "verify", tmp_path / "b.zip", "--key", tmp_path / "k.pub", "--extract", tmp_path / "run")
        assert (code, "nothing is replaced" in said) == (2, True)
        assert files(tmp_path / "run") == before


class TestMaking:
    def test_results_that_say_better_than_their_snapshot_are_not_signed(
        self, program: Program, run: Left, tmp_path: Path
    ) -> None:
        """Edited so that nothing in them contradicts itself."""
        snapshot = load(run.files["snapshot.json"], "s.json")
        assert isinstance(snapshot.configuration, Configuration)
        [first, *others] = snapshot.configuration.applications
        broken = replace(snapshot.configuration, applications=(replace(first, redundancy="hot standby"), *others))
        data = dump(replace(snapshot, configuration=broken))
        before, after = (hashlib.sha256(each).hexdigest().encode() for each in (run.files["snapshot.json"], data))
        (tmp_path / "run" / "s.json").write_bytes(data)
        (tmp_path / "run" / "r.json").write_bytes(run.files["results.json"].replace(before, after))
        words = [str(word) for word in arguments(run, tmp_path)]
        at = words.index("--report")
        code, said = program(*words[:at], *words[at + 2 :])
        assert code == ExitCode.USAGE
        assert "nothing was packed" in said
        assert "ORS-0302 is pass there and fail when it is judged anew" in said
        assert not (tmp_path / "b.zip").exists()

    def test_it_is_intact(self, program: Program, run: Left, tmp_path: Path) -> None:
        assert program(*arguments(run, tmp_path))[0] == 0
        found = verified((tmp_path / "b.zip").read_bytes(), load_public_key(tmp_path / "k.pub"))
        assert isinstance(found, Intact)
        assert found.files == run.files

    def test_make_may_be_named(self, program: Program, run: Left, tmp_path: Path) -> None:
        words = arguments(run, tmp_path)
        assert program(words[0], "make", *words[1:])[0] == 0

    def test_options_may_come_first(self, program: Program, run: Left, tmp_path: Path) -> None:
        words = arguments(run, tmp_path)
        assert program(words[0], *words[2:], words[1])[0] == 0

    def test_a_key_with_a_passphrase(
        self, program: Program, run: Left, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:  # fmt: skip
        write_key_pair(tmp_path / "kept", tmp_path / "kept.pub", SAID)
        monkeypatch.setenv("MADE_UP_PASSPHRASE", SAID)
        words = arguments(run, tmp_path, sign=tmp_path / "kept")
        code, said = program(*words, "--passphrase-env", "MADE_UP_PASSPHRASE")
        assert (code, SAID in said) == (0, False)
        assert program("bundle", "verify", tmp_path / "b.zip", "--key", tmp_path / "kept.pub")[0] == 0
        monkeypatch.setenv("MADE_UP_PASSPHRASE", "another")
        code, said = program(*words, "--passphrase-env", "MADE_UP_PASSPHRASE")
        assert (code, "cannot be opened with this passphrase" in said) == (2, True)

    @pytest.mark.skipif(os.name != "posix", reason="modes mean nothing there")
    def test_a_passphrase_in_a_file(self, program: Program, run: Left, tmp_path: Path) -> None:
        secret = tmp_path / "passphrase"
        secret.write_text(f"{SAID}\n")
        made = ["keygen", "--private", tmp_path / "kept", "--public", tmp_path / "kept.pub", "--passphrase-file", secret]
        secret.chmod(0o644)
        code, said = program(*made)
        assert (code, "the passphrase of the private key" in said, "chmod 600" in said) == (2, True, True)
        secret.chmod(0o600)
        assert program(*made)[0] == 0
        words = arguments(run, tmp_path, sign=tmp_path / "kept")
        assert program(*words, "--passphrase-file", secret)[0] == 0
        code, said = program(*words, "--passphrase-file", secret, "--passphrase-env", "MADE_UP")
        assert (code, "leave out one of them" in said) == (2, True)
        code, said = program(*arguments(run, tmp_path, sign=tmp_path / "kept", output=secret), "--passphrase-file", secret)
        assert (code, secret.read_text()) == (2, f"{SAID}\n")

    def test_files_of_two_runs_leave_nothing(self, program: Program, run: Left, tmp_path: Path) -> None:
        (tmp_path / "w").write_bytes(b"[")
        code, said = program(*arguments(run, tmp_path, waivers=tmp_path / "w"))
        assert code == 2
        assert said.startswith("orsgate: nothing was packed: the waiver file w.toml is not as the run was given it")
        assert not (tmp_path / "b.zip").exists()

    @pytest.mark.parametrize("name", ["r.json", "s.json", "r.html", "w.toml"])
    def test_no_input_is_replaced(self, program: Program, run: Left, tmp_path: Path, name: str) -> None:
        before = (tmp_path / "run" / name).read_bytes()
        code, said = program(*arguments(run, tmp_path, output=tmp_path / "run" / name))
        assert (code, "--output" in said) == (2, True)
        assert (tmp_path / "run" / name).read_bytes() == before

    def test_the_key_is_not_replaced(self, program: Program, run: Left, tmp_path: Path) -> None:
        before = (tmp_path / "k").read_bytes()
        assert program(*arguments(run, tmp_path, output=tmp_path / "k"))[0] == 2
        assert (tmp_path / "k").read_bytes() == before

    def test_another_bundle_is_not_replaced_unless_it_is_asked_for(self, program: Program, run: Left, tmp_path: Path) -> None:
        path = tmp_path / "b.zip"
        path.write_bytes(b"the bundle of another run")
        code, said = program(*arguments(run, tmp_path))
        assert (code, path.read_bytes()) == (2, b"the bundle of another run")
        assert said == (
            f"orsgate: {path}: is there already, and is not this bundle; name another file, or replace it with --force\n"
        )
        assert program(*arguments(run, tmp_path), "--force")[0] == 0
        assert isinstance(verified(path.read_bytes(), load_public_key(tmp_path / "k.pub")), Intact)
        before = path.read_bytes()
        assert program(*arguments(run, tmp_path))[0] == 0, "the same once more changes nothing"
        assert path.read_bytes() == before

    def test_without_the_record_that_is_said(self, program: Program, run: Left, tmp_path: Path) -> None:
        words = [str(word) for word in arguments(run, tmp_path)]
        at = words.index("--record")
        code, said = program(*words[:at], *words[at + 2 :])
        assert (code, "without the readiness record " in said, "--record packs it" in said) == (0, True, True)
        code, said = program("bundle", "verify", tmp_path / "b.zip", "--key", tmp_path / "k.pub")
        digest = json.loads(run.files["results.json"])["record"]["sha256"]
        assert (code, "not in it" in said, digest in said) == (0, True, True)
        program(*words, "--force")
        code, said = program("bundle", "verify", tmp_path / "b.zip", "--key", tmp_path / "k.pub")
        assert (code, "not in it" in said, f"{digest}  record.json" in said) == (0, False, True)

    def test_never_into_a_stream(self, program: Program, run: Left, tmp_path: Path) -> None:
        code, said = program(*arguments(run, tmp_path, output=Path("-")))
        assert (code, "--output needs a file" in said) == (2, True)

    def test_without_a_key(self, program: Program, run: Left, tmp_path: Path) -> None:
        code, said = program("bundle", run.given.results, "--output", tmp_path / "b.zip")
        assert (code, "--sign" in said) == (2, True)


def test_every_way_to_end_is_named(program: Program) -> None:
    _, said = program("--help")
    for code in ExitCode:
        assert f"{int(code)} " in said, code
