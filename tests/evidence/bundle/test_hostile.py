# SPDX-License-Identifier: Apache-2.0
"""Archives that somebody made to harm whoever verifies them: refused in a sentence, with little memory, and nothing written."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from orsgate.evidence.bundle import archive as archives
from orsgate.evidence.bundle.archive import LARGEST, MOST_FILES, pack
from orsgate.evidence.bundle.dsse import LARGEST_ENVELOPE, seal
from orsgate.evidence.bundle.names import ENVELOPE
from orsgate.evidence.bundle.verifying import NotIntact, verified
from tests.evidence.bundle.made import Left, archive, entries, entry, findings, patched, stated
from tests.evidence.made import key

BAD_NAMES = [
    "/etc/passwd", "../up.txt", "features/../../up.txt", "..", ".", "C:/boot.ini", "C:\\boot.ini", "\\\\host\\share", "a\\b",
    "a//b", "a/", "con", "features/aux.feature", "nul.txt", "a\nb", "a\x1b[2Jb", "a\u202eb/..", "dot.", "blank ", " ", "a/b/c/d",
    "x" * 300, "a:stream", "a?", "*",
]  # fmt: skip

FIELDS = st.sampled_from(
    ["_type", "subject", "predicateType", "predicate", "name", "digest", "sha256", "payload", "payloadType", "signatures", "sig"]
)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=4),
)


def peak(verify: Callable[[], str]) -> tuple[str, int]:
    """What was found, and how many bytes of memory finding it took at most."""
    tracemalloc.start()
    try:
        return verify(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", BAD_NAMES, ids=ascii)
def test_names_that_lead_elsewhere(run: Left, name: str) -> None:
    found = findings(archive([*entries(run.data), (name, b"gotcha")]))
    assert "was added" in found
    assert found.isprintable() or "\n" in found
    assert "\x1b" not in found


def test_a_signed_name_that_leads_elsewhere(run: Left) -> None:
    """The holder of the key is not trusted with where files go either."""
    files = run.files | {"../up.txt": b"gotcha"}
    found = findings(pack(seal(stated(files), key()), files))
    assert '"../up.txt" was added: no bundle holds it' in found


def test_names_that_are_one_file_elsewhere(run: Left) -> None:
    for name in ("RESULTS.json", "Features/01_export.feature", "results.JSON"):
        found = findings(archive([*entries(run.data), (name, b"gotcha")]))
        assert "are one file where letter case does not count" in found
    accents = [("attestations/e\u0301.txt", b""), ("attestations/\u00e9.txt", b"")]
    assert "are one file where" in findings(archive([*entries(run.data), *accents]))


@pytest.mark.parametrize(
    ("mode", "said"),
    [(0o120777, "is a symbolic link"), (0o040755, "is no file"), (0o010644, "is no file"), (0o060644, "is no file")],
    ids=["link", "directory", "pipe", "device"],
)
def test_what_is_no_file(run: Left, mode: int, said: str) -> None:
    odd = entry("waivers.toml", external_attr=mode << 16)
    tampered = [(odd, b"/etc/passwd") if name == "waivers.toml" else (name, data) for name, data in entries(run.data)]
    assert f'"waivers.toml" was changed: it {said}' in findings(archive(tampered))
    assert f'"link" was changed: it {said}' in findings(
        archive([*entries(run.data), (entry("link", external_attr=mode << 16), b"x")])
    )


class TestBombs:
    def test_one_that_says_its_size(self, run: Left) -> None:
        bomb = _deflated(run, bytes(20 * 2**20))
        data = patched(bomb, "waivers.toml", central={"size": LARGEST + 1})
        found, used = peak(lambda: findings(data))
        assert found == f"the archive unpacks to more than {LARGEST // 2**20} MB, which no bundle does"
        assert used < 8 * 2**20

    def test_many_that_say_it_together(self, run: Left, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(archives, "LARGEST", 3 * 2**20)
        extra = [(entry(f"x{number}", compress_type=zipfile.ZIP_DEFLATED), bytes(2**20)) for number in range(9)]
        found, used = peak(lambda: findings(archive([*entries(run.data), *extra])))
        assert "unpacks to more than 3 MB" in found
        assert used < 16 * 2**20

    def test_one_that_lies_about_its_size(self, run: Left) -> None:
        bomb = _deflated(run, bytes(64 * 2**20))
        data = patched(bomb, "waivers.toml", central={"size": 10}, local={"size": 10})
        found, used = peak(lambda: findings(data))
        assert '"waivers.toml" was changed' in found
        assert used < 8 * 2**20

    @pytest.mark.parametrize("packed", [0, 5, 10_000, 2**31, 2**32 - 1])
    @pytest.mark.parametrize("size", [0, 5, 10_000])
    def test_sizes_that_lie(self, run: Left, packed: int, size: int) -> None:
        for data in (run.data, _deflated(run, b"x" * 1000)):
            for headers in ({"central": {"packed": packed, "size": size}}, {"local": {"packed": packed, "size": size}}):
                assert findings(patched(data, "waivers.toml", **headers))

    @pytest.mark.parametrize("method", [1, 6, 9, 12, 14, 93, 99])
    def test_other_ways_to_compress(self, run: Left, method: int) -> None:
        data = patched(run.data, "waivers.toml", central={"method": method}, local={"method": method})
        assert '"waivers.toml" was changed: it is compressed in a way' in findings(data)

    def test_encrypted(self, run: Left) -> None:
        data = patched(run.data, "waivers.toml", central={"flags": 1}, local={"flags": 1})
        assert '"waivers.toml" was changed: it is encrypted' in findings(data)

    def test_entries_over_each_other(self, run: Left) -> None:
        """Many entries that share the bytes of one."""
        listed = run.data.index(b"PK\x01\x02")
        one = run.data[listed : run.data.index(b"PK\x01\x02", listed + 4)]
        directory = one * 5000
        end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 5000, 5000, len(directory), listed, 0)
        assert "stands twice" in findings(run.data[:listed] + directory + end)

    @pytest.mark.slow
    def test_as_many_files_as_a_bundle_can_have(self, run: Left) -> None:
        """No work for each pair of files; the limit of time is that of every test, and pairs would take minutes."""
        more = [(f"attestations/{number:05}", b"") for number in range(MOST_FILES - len(run.files) - 1)]
        found = findings(archive([*entries(run.data), *more]))
        assert len(found.splitlines()) >= len(more)

    def test_more_files_than_any_bundle(self, run: Left) -> None:
        for number in (MOST_FILES + 1, 0xFFFF):
            end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, number, number, 0, len(run.data), 0)
            assert f"holds more than {MOST_FILES:,} files" in findings(run.data + end)

    def test_more_files_than_it_says(self, run: Left) -> None:
        listed = run.data.index(b"PK\x01\x02")
        size = len(run.data) - 22 - listed
        end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, size, listed, 0)
        assert "another number of files than it says" in findings(run.data[:-22] + end)

    def test_a_long_end_elsewhere(self, run: Left) -> None:
        """What looks like the end of an archive with larger numbers leads nowhere."""
        more = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 2**40, 2**40, 2**40, 0)
        locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(run.data), 1)
        assert "the archive" in findings(run.data[:-22] + more + locator + run.data[-22:])
        listed = len(run.data) + len(more)
        end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(locator), listed, 0)
        assert "the archive" in findings(run.data + more + locator + end)

    def test_a_large_envelope(self, run: Left) -> None:
        found, used = peak(lambda: findings(pack(b"[" + b"0," * (LARGEST_ENVELOPE // 2) + b"0]", run.files)))
        assert f'"{ENVELOPE}" is larger than 8 MB' in found
        assert used < 64 * 2**20

    @pytest.mark.parametrize(
        "form", [b"[" * 1_000_000, b'{"a":' * 200_000, b"9" * 1_000_000, b"1e999", b"NaN", b'"\\ud800"', b"\xff\xfe", b""],
        ids=["lists", "objects", "number", "infinite", "none", "half", "no text", "nothing"],
    )  # fmt: skip
    def test_an_envelope_that_is_hard_to_read(self, run: Left, form: bytes) -> None:
        assert f'"{ENVELOPE}" was changed' in findings(pack(form, run.files))


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_refused_in_a_sentence(data: bytes) -> None:
    for each in (data, b"PK\x03\x04" + data, data + b"PK\x05\x06" + bytes(18)):
        assert isinstance(verified(each, key().public_key), NotIntact)


@pytest.mark.slow
@given(st.data())
@settings(max_examples=500, deadline=None)
def test_a_list_of_files_that_was_scrambled_breaks_nothing(run: Left, data: st.DataObject) -> None:
    """No exception leaves it, whatever its headers say."""
    small = _small(run)
    listed = small.index(b"PK\x01\x02")
    edited = bytearray(small)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(listed, len(small) - 1) | st.integers(0, 60))
        edited[place] = data.draw(st.sampled_from([0, 1, 0x7F, 0x80, 0xFF]) | st.integers(0, 255))
    if bytes(edited) != small:
        assert isinstance(verified(bytes(edited), key().public_key), NotIntact)


@pytest.mark.slow
@given(DOCUMENTS)
@settings(max_examples=300, deadline=None)
def test_any_document_in_place_of_the_envelope_or_the_statement(run: Left, document: object) -> None:
    form = rfc8785.dumps(document)  # type: ignore[arg-type]
    for data in (pack(form, run.files), pack(seal(form, key()), run.files)):
        assert isinstance(verified(data, key().public_key), NotIntact)


def _deflated(run: Left, content: bytes) -> bytes:
    large = entry("waivers.toml", compress_type=zipfile.ZIP_DEFLATED)
    return archive((large, content) if name == "waivers.toml" else (name, data) for name, data in entries(run.data))


def _small(run: Left) -> bytes:
    """The bundle with short files only, so that many edits are quick; its files are not those of its statement."""
    stream = io.BytesIO()
    stream.write(archive((name, data if name == ENVELOPE else data[:20]) for name, data in entries(run.data)))
    return stream.getvalue()
