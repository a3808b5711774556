# SPDX-License-Identifier: Apache-2.0
"""``orsgate attest`` writes what a later run can trust, and nothing else."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from orsgate.cli.attest import attest
from orsgate.estate.estate import Estate
from orsgate.estate.file import load_estate_file
from orsgate.estate.mistakes import InputError
from orsgate.evidence.attestations import load_attestations
from orsgate.evidence.canonical import canonical, sealed
from tests.faults.workshop import Workshop, open_workshop

BY = ("--by", "A. Person (made up)", "--statement", "an e-mail was pulled and routed")


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return open_workshop(tmp_path / "estate", "deployment")


def run(workshop: Workshop, *arguments: str, requirement: str = "ORS-1008") -> Result:
    words = [requirement, str(workshop.path("estate.toml")), *BY, *arguments]
    return CliRunner().invoke(attest, words, catch_exceptions=False, standalone_mode=False)


def test_a_statement_is_bound_to_the_estate(workshop: Workshop) -> None:
    found = run(workshop, "--valid", "90m")
    assert found.return_value == 0
    (made,) = load_attestations(workshop.path("attestations"))
    loaded = load_estate_file(workshop.path("estate.toml"))
    assert (made.requirement, made.by, made.statement) == ("ORS-1008", BY[1], BY[3])
    assert (made.estate_name, made.problem) == (loaded.file.estate.name, "")
    assert made.until - made.at == timedelta(minutes=90)
    from orsgate.collection.collect import collect

    assert made.fingerprint == Estate(collect(loaded, ("configuration",))).fingerprint


def test_evidence_is_kept_and_its_change_noticed(workshop: Workshop, tmp_path: Path) -> None:
    picture = tmp_path / "a picture.png"
    picture.write_bytes(b"\x89PNG")
    run(workshop, "--evidence", str(picture))
    directory = workshop.path("attestations")
    (made,) = load_attestations(directory)
    assert (made.problem, "a_picture.png" in made.evidence) == ("", True)
    (copy,) = directory.glob("*.png")
    copy.write_bytes(b"other")
    assert "was changed since it was attested" in load_attestations(directory)[0].problem
    copy.unlink()
    assert "is not there" in load_attestations(directory)[0].problem


@pytest.mark.skipif(os.name == "nt", reason="has other permissions")
@pytest.mark.parametrize(("mode", "kept"), [(0o600, 0o600), (0o640, 0o640), (0o777, 0o644), (0o400, 0o600)])
def test_a_copy_of_evidence_is_for_nobody_more_than_the_original(
    workshop: Workshop, tmp_path: Path, mode: int, kept: int
) -> None:
    log = tmp_path / "ors.log"
    log.write_text("a password, perhaps")
    log.chmod(mode)
    run(workshop, "--evidence", str(log))
    (copy,) = workshop.path("attestations").glob("*.log")
    assert copy.stat().st_mode & 0o777 == kept


def test_a_changed_statement_does_not_count(workshop: Workshop) -> None:
    run(workshop)
    (path,) = workshop.path("attestations").glob("*.json")
    path.write_bytes(path.read_bytes().replace(b"was pulled", b"was routed"))
    (made,) = load_attestations(workshop.path("attestations"))
    assert (made.requirement, made.fingerprint) == ("ORS-1008", "")
    assert "was changed after it was written" in made.problem


@pytest.mark.parametrize("requirement", ["ORS-0201", "ORS-0901", "ORS-9999", "nonsense"])
def test_what_facts_decide_cannot_be_attested(workshop: Workshop, requirement: str) -> None:
    with pytest.raises(InputError, match="a person can attest ORS-0109"):
        run(workshop, requirement=requirement)
    assert not workshop.path("attestations").exists()


@pytest.mark.parametrize("valid", ["0h", "1y", "forever", "40d", ""])
def test_a_time_that_is_none_is_refused(workshop: Workshop, valid: str) -> None:
    found = CliRunner().invoke(attest, ["ORS-1008", str(workshop.path("estate.toml")), *BY, "--valid", valid])
    assert found.exit_code == 2
    assert "write it like 90m, 24h or 7d" in found.output or "longer than 31 days" in found.output


def test_evidence_that_is_not_there_is_refused(workshop: Workshop, tmp_path: Path) -> None:
    for path, why in ((tmp_path / "none", "cannot be read: No such file"), (tmp_path, "is no file; name one")):
        with pytest.raises(InputError, match=f"the evidence {why}"):
            run(workshop, "--evidence", str(path))
    assert not workshop.path("attestations").exists()


def test_without_a_directory_nobody_attested(tmp_path: Path) -> None:
    assert load_attestations(tmp_path / "none") == ()


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("by", " ", "is no attestation"), ("by", None, "is no attestation"), ("statement", 5, "is no attestation"),
        ("fingerprint", ["a"], "is no attestation"), ("more", "x", "is no attestation"),
        ("evidence", {"file": 5}, "is no attestation"),
        ("until", "2026-01-31", "is no attestation"), ("until", "2026-01-31T02:10:00", "is no attestation"),
        ("at", "0001-01-01T00:00:00+14:00", "is no attestation"), ("until", "9999-12-31T23:59:59Z", "more than 31 days"),
    ],
)  # fmt: skip
def test_an_edited_attestation_with_a_digest_of_its_own(workshop: Workshop, key: str, value: object, problem: str) -> None:
    run(workshop)
    (path,) = workshop.path("attestations").glob("*.json")
    document = {**json.loads(path.read_bytes()), key: value}
    path.write_text(canonical(sealed(document), 1))
    (made,) = load_attestations(path.parent)
    assert problem in made.problem


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no named pipes")
def test_evidence_that_is_a_pipe_is_not_waited_for(workshop: Workshop, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("seen")
    run(workshop, "--evidence", str(tmp_path / "a.txt"))
    directory = workshop.path("attestations")
    (copy,) = directory.glob("*.txt")
    copy.unlink()
    os.mkfifo(copy)
    assert "is no file" in load_attestations(directory)[0].problem
