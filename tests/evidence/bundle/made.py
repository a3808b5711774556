# SPDX-License-Identifier: Apache-2.0
"""What one run leaves, with everything that a bundle can hold, and archives that somebody tampered with."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from orsgate.estate.estate import Estate
from orsgate.estate.judgement import Evidence, Judgement
from orsgate.estate.knowledge import Basis
from orsgate.estate.snapshot import dump
from orsgate.evidence.attestations import Statement, load_attestations, write_attestation
from orsgate.evidence.bundle.archive import unpack
from orsgate.evidence.bundle.contents import Given, read_contents
from orsgate.evidence.bundle.making import bundled
from orsgate.evidence.bundle.statement import statement
from orsgate.evidence.bundle.told import told
from orsgate.evidence.bundle.verifying import NotIntact, verified
from orsgate.evidence.keys import SigningKey
from orsgate.evidence.record import load_record
from orsgate.home import features_sha256, harness_directory
from orsgate.reporting.html.render import HtmlReporter
from orsgate.reporting.results_json import JsonReporter
from orsgate.verdict.waiver import GivenFile
from orsgate.verdict.waiver_file import load_waivers
from tests import make
from tests.evidence import made
from tests.reporting import runs

ATTESTED = "ORS-0109"
NO_WAIVER = b"# no waiver was needed (made up)\n"
TEAM = Path(__file__).parents[3] / "docs" / "examples" / "team"


@dataclass(frozen=True)
class Left:
    """What a run left, and its bundle."""

    given: Given
    files: dict[str, bytes] = field(repr=False)
    data: bytes = field(repr=False)


def given_in(directory: Path, team: Path | None = None) -> Given:
    """What a person names of a run that ``left`` made."""
    return Given(
        directory / "r.json", directory / "s.json", directory / "r.html", (directory / "w.toml",), directory / "attestations",
        team, directory / "record.json",
    )  # fmt: skip


def left(directory: Path, *, team: Path | None = None, key: SigningKey | None = None, judged: Estate | None = None) -> Left:
    """A run with everything that a bundle can hold.

    Args:
        directory: where it is left.
        team: a team's own features.
        key: signs the bundle.
        judged: an estate that the harness judges; without one the results are made by hand.
    """
    directory.mkdir(parents=True, exist_ok=True)
    given = given_in(directory, team)
    evidence = directory / "seen.json"
    evidence.write_bytes(b'{"made": "up"}')
    estate = judged or make.estate()
    said = Statement(ATTESTED, "A. Person (made up)", "was tried", evidence, timedelta(hours=24))
    at = datetime(2026, 1, 31, 0, 59, tzinfo=UTC)
    path = write_attestation(directory / "attestations", said, estate.name, estate.fingerprint, at)
    attestations = tuple(each for each in load_attestations(directory / "attestations") if not each.problem)
    (directory / "w.toml").write_bytes(NO_WAIVER)
    waiver_file = GivenFile("w.toml", hashlib.sha256(NO_WAIVER).hexdigest())
    waivers = replace(load_waivers([directory / "w.toml"]), files=(waiver_file,))
    record = load_record(made.record(directory / "record.json", signed_by=made.key(2)))
    snapshot = replace(estate.snapshot, attestations=attestations, record=record)
    if judged is None:
        passed = Judgement(("ORS_1",), evidence=(Evidence("ORS_1", "attested", str(path)),), basis=Basis.ATTESTED)
        started, finished = runs.run({ATTESTED: passed}, Estate(snapshot), waivers=waivers)
        directories = [harness_directory() / "features", *([team] if team else [])]
        started = replace(started, features_sha256=features_sha256(directories))
    else:
        started, finished = runs.judged(snapshot, waivers, team)
    for reporter in (JsonReporter(directory / "r.json"), HtmlReporter(directory / "r.html")):
        reporter.handle(started)
        reporter.handle(finished)
    (directory / "s.json").write_bytes(dump(started.estate.snapshot))
    files = read_contents(given)
    return Left(given, files, bundled(files, key or made.key()))


def stated(files: dict[str, bytes]) -> bytes:
    """The statement about files."""
    return statement(files, told(files["results.json"], "results.json"))


def findings(data: bytes, key: SigningKey | None = None) -> str:
    """What is wrong with a bundle, a line each; it must be something."""
    found = verified(data, (key or made.key()).public_key)
    assert isinstance(found, NotIntact)
    assert found.findings
    return "\n".join(found.findings)


def entries(data: bytes) -> list[tuple[str, bytes]]:
    """Name and content of what is in an archive, in its order."""
    return [(entry.name, entry.data) for entry in unpack(data)]


def entry(name: str, **fields: object) -> zipfile.ZipInfo:
    """An entry as a bundle has them, with some fields changed."""
    made = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    made.create_system = 3
    made.external_attr = 0o100644 << 16
    for name_of_field, value in fields.items():
        setattr(made, name_of_field, value)
    return made


def archive(files: Iterable[tuple[str | zipfile.ZipInfo, bytes]], comment: bytes = b"") -> bytes:
    """An archive of these, in this order, as orsgate writes it but for what is asked for."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for each, data in files:
            info = entry(each) if isinstance(each, str) else each
            made.writestr(info, data, info.compress_type)
        made.comment = comment
    return stream.getvalue()


def patched(data: bytes, name: str, *, central: dict[str, int] | None = None, local: dict[str, int] | None = None) -> bytes:
    """An archive whose headers say other numbers of a file than they should."""
    offsets = {
        "flags": (8, 6, "<H"), "method": (10, 8, "<H"), "crc": (16, 14, "<L"), "packed": (20, 18, "<L"), "size": (24, 22, "<L"),
    }  # fmt: skip
    changed = bytearray(data)
    with zipfile.ZipFile(io.BytesIO(data)) as read:
        start = read.getinfo(name).header_offset
    directory = data.index(b"PK\x01\x02", data.rindex(name.encode()) - 46)
    for what, value in (central or {}).items():
        struct.pack_into(offsets[what][2], changed, directory + offsets[what][0], value)
    for what, value in (local or {}).items():
        struct.pack_into(offsets[what][2], changed, start + offsets[what][1], value)
    return bytes(changed)
