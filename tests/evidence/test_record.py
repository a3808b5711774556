# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orsgate.estate.differences import differences
from orsgate.estate.estate import Estate
from orsgate.estate.evidence_files import ReadinessRecord, Signature
from orsgate.estate.items import FINGERPRINTED, Aspect, Key, fingerprint
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.secret import LastingRedactor, Secret
from orsgate.evidence import canonical, record
from orsgate.evidence.record import load_record, record_salt, recorded_items, redactor_of
from orsgate.evidence.record_reading import protection
from tests import make
from tests.evidence import made
from tests.reporting import runs


def loaded(path: Path, require_signed: str | None = None) -> ReadinessRecord:
    found = load_record(path, require_signed=require_signed)
    assert isinstance(found, ReadinessRecord), found
    return found


def refused(path: Path) -> str:
    found = load_record(path)
    assert isinstance(found, Unknown)
    assert found.failure is Failure.UNREADABLE
    assert isinstance(record_salt(path), Unknown)
    return found.cause


class TestWhatItHolds:
    def test_a_run_is_read_back(self, tmp_path: Path) -> None:
        found = loaded(made.record(tmp_path / "record.json"))
        assert (found.estate_name, found.from_release, found.to_release) == ("Made up", "8.1.200.50", "8.1.400.27")
        assert (found.verdict, found.exceptions, found.finished) == ("go", 0, runs.FINISHED.replace(microsecond=0))
        assert found.sentence.startswith("GO: ")
        assert found.place == str(tmp_path / "record.json")
        assert (found.signature, found.require_signed, found.unknown) == (None, False, ())
        assert record_salt(tmp_path / "record.json") == made.SALT

    def test_it_has_what_must_stay_as_it_is_and_nothing_else(self, tmp_path: Path) -> None:
        judged = made.estate()
        items = loaded(made.record(tmp_path / "r", judged)).as_items
        now = recorded_items(judged)
        assert {key: value.value for key, value in items.values.items()} == {
            key: value.value for key, value in now.values.items()
        }
        assert {key.aspect for key in items.values} <= FINGERPRINTED
        assert items.values[Key("ORS_1", Aspect.CONNECTION, "SIP_1")].value == ""
        assert items.values[Key("ORS_Cluster", Aspect.MEMBER, "ORS_2")].value == "DC2"
        assert not any(key.object == "SIP_1" for key in items.values)
        assert loaded(tmp_path / "r").fingerprint == fingerprint(now)

    def test_a_secret_is_a_digest_that_another_run_can_compare(self, tmp_path: Path) -> None:
        first, *rest = (*make.pair("ORS_1"), *make.pair("ORS_2"), *make.SERVERS)

        def with_password(text: str) -> Estate:
            options = make.export(f"{make.HEALTHY_OPTIONS}\n[custom]\npassword={text}\n")
            revealed = replace(
                options,
                sections=tuple(
                    replace(s, options=tuple(replace(o, value=text) if o.name == "password" else o for o in s.options))
                    for s in options.sections
                ),
            )
            return made.estate(replace(first, options=revealed), *rest)

        path = made.record(tmp_path / "r", with_password("Geheim-4711"))
        assert b"Geheim-4711" not in path.read_bytes()
        redactor = redactor_of(path)
        assert isinstance(redactor, LastingRedactor)
        assert isinstance(redactor.value("custom", "password", "Geheim-4711"), Secret)
        then = loaded(path).as_items
        assert differences(then, recorded_items(with_password("Geheim-4711"))).found == ()
        (changed,) = differences(then, recorded_items(with_password("Geheim-4712"))).found
        assert changed.key == Key("ORS_1", Aspect.OPTION, "custom/password")

    def test_what_is_not_known_stays_not_known(self, tmp_path: Path) -> None:
        first, *rest = (*make.pair("ORS_1"), *make.pair("ORS_2"), *make.SERVERS)
        found = loaded(made.record(tmp_path / "r", made.estate(replace(first, options=Unknown("not there")), *rest)))
        assert found.unknown == (("ORS_1", Aspect.OPTION),)
        assert ("ORS_1", Aspect.OPTION) in found.as_items.unknown

    def test_a_run_without_a_configuration_is_recorded_too(self, tmp_path: Path) -> None:
        snapshot = replace(make.estate().snapshot, configuration=Unknown("no way there"))
        found = loaded(made.record(tmp_path / "r", Estate(snapshot)))
        assert found.items == ()

    def test_names_of_any_kind(self, tmp_path: Path) -> None:
        strange = replace(make.ors("ORS_1", options="[\u2028]\nx=1\n"), name='Ä\u202e\ud800\n"\\')
        assert loaded(made.record(tmp_path / "r", made.estate(strange))).items


class TestWhoSigned:
    def test_unsigned_says_what_it_detects(self, tmp_path: Path) -> None:
        text = json.loads(made.record(tmp_path / "r").read_bytes())
        assert text["protection"].startswith("not signed: its SHA-256 detects accidents, not tampering")
        assert text["signature"] is None

    def test_the_key_that_signed_is_told(self, tmp_path: Path) -> None:
        path = made.record(tmp_path / "r", signed_by=made.key())
        assert loaded(path).signature == Signature(made.key().public_key, None)
        assert f"by the key {made.key().key_id}: " in json.loads(path.read_bytes())["protection"]

    def test_a_record_that_names_the_key_itself_is_read_too(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """As the first versions wrote it."""
        monkeypatch.setattr(record, "protection", lambda _: protection(made.key().public_key))
        path = made.record(tmp_path / "r", signed_by=made.key())
        assert f"by the key {made.key().public_key}: " in json.loads(path.read_bytes())["protection"]
        assert loaded(path).signature == Signature(made.key().public_key, None)

    def test_a_key_that_is_demanded(self, tmp_path: Path) -> None:
        path = made.record(tmp_path / "r", signed_by=made.key())
        found = loaded(path, made.key().public_key)
        assert (found.require_signed, found.signature) == (True, Signature(made.key().public_key, demanded=True))
        found = loaded(path, made.key(2).public_key)
        assert (found.require_signed, found.signature) == (True, Signature(made.key().public_key, demanded=False))
        found = loaded(made.record(tmp_path / "unsigned"), made.key().public_key)
        assert (found.require_signed, found.signature) == (True, None)


Edit = Callable[[dict[str, Any]], None]


def resealed(path: Path, edit: Edit) -> None:
    """Edit a record as somebody would who knows how its SHA-256 is made, and has no key."""
    document = json.loads(path.read_bytes())
    edit(document)
    document["sha256"] = hashlib.sha256(canonical.content(document)).hexdigest()
    path.write_bytes(canonical.canonical(document).encode())


def _another_signature(document: dict[str, Any]) -> None:
    document["signature"]["value"] = made.key(2).sign(canonical.content(document))


class TestTampering:
    """What only a signature finds: everything is made to fit but the signature."""

    @pytest.mark.parametrize(
        "edit",
        [
            lambda document: document.update(verdict="no_go"),
            lambda document: document.update(finished="2027-01-01T00:00:00Z"),
            lambda document: document["outcomes"].update({"ORS-0101": "waived"}),
            lambda document: document.update(signature=None),
            lambda document: document["signature"].update(public_key=made.key(2).public_key),
            lambda document: document["signature"].update(value="0" * 128),
            _another_signature,
            lambda document: document.update(protection="signed by the one whom you trust"),
        ],
        ids=["verdict", "time", "outcome", "signature removed", "another key", "no signature", "signed by another", "protection"],
    )
    def test_a_signed_record_is_refused(self, tmp_path: Path, edit: Edit) -> None:
        path = made.record(tmp_path / "r", signed_by=made.key())
        resealed(path, edit)
        assert "was changed after it was" in refused(path)

    def test_an_unsigned_one_is_not_protected_against_it_and_says_so(self, tmp_path: Path) -> None:
        path = made.record(tmp_path / "r")
        resealed(path, lambda document: document.update(sentence="GO: edited by somebody who made the SHA-256 anew"))
        assert loaded(path).signature is None

    def test_items_that_do_not_fit_the_fingerprint(self, tmp_path: Path) -> None:
        path = made.record(tmp_path / "r")
        resealed(path, lambda document: document["items"].pop())
        assert "contradicts itself" in refused(path)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A small record, signed."""
    small = made.estate(make.ors("ORS_1", options="[orchestration]\nmcr-pull-limit=1\n"))
    return made.record(tmp_path_factory.mktemp("whole") / "r", small, made.key()).read_bytes()


class TestAnyChange:
    def test_it_is_in_one_form_only(self, whole: bytes) -> None:
        assert whole.isascii()
        assert whole.count(b"\n") == 1
        assert whole == canonical.canonical(json.loads(whole)).encode()

    @pytest.mark.slow
    def test_every_byte_counts(self, whole: bytes, tmp_path: Path) -> None:
        path = tmp_path / "r"
        for place in range(len(whole)):
            for bits in (1, 0x20, 0x80):  # the next character, the other letter case, no ASCII
                data = bytearray(whole)
                data[place] ^= bits
                path.write_bytes(bytes(data))
                assert isinstance(load_record(path), Unknown), (place, bits)

    @pytest.mark.slow
    def test_every_byte_that_is_missing_counts(self, whole: bytes, tmp_path: Path) -> None:
        path = tmp_path / "r"
        for place in range(len(whole)):
            path.write_bytes(whole[:place] + whole[place + 1 :])
            assert isinstance(load_record(path), Unknown), place

    @pytest.mark.slow
    def test_truncated_at_every_place(self, whole: bytes, tmp_path: Path) -> None:
        path = tmp_path / "r"
        for size in range(len(whole)):
            path.write_bytes(whole[:size])
            assert isinstance(load_record(path), Unknown), size

    @pytest.mark.parametrize("more", [b"\n", b" ", b"\0", b"{}", b"\x1a", b"\r\n"])
    def test_appended_and_prepended(self, whole: bytes, tmp_path: Path, more: bytes) -> None:
        (tmp_path / "r").write_bytes(whole + more)
        assert "was changed" in refused(tmp_path / "r") or "not whole" in refused(tmp_path / "r")
        (tmp_path / "r").write_bytes(more + whole)
        refused(tmp_path / "r")

    def test_another_line_end_a_mark_and_a_key_twice(self, whole: bytes, tmp_path: Path) -> None:
        for data in (
            whole.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + whole,
            whole.replace(b'"verdict":"go"', b'"verdict":"go","verdict":"go"'),
            whole.replace(b'"verdict":"go"', b'"verdict":"no_go","verdict":"go"'),
            json.dumps(json.loads(whole)).encode() + b"\n",
            whole.replace(b'"exceptions":0', b'"exceptions":0.0'), whole.replace(b'"exceptions":0', b'"exceptions":NaN'),
            whole.replace(b'"exceptions":0', b'"exceptions":' + b"9" * 5000),
        ):  # fmt: skip
            assert data != whole
            (tmp_path / "r").write_bytes(data)
            refused(tmp_path / "r")

    @settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.data())
    def test_any_bytes_in_any_place(self, whole: bytes, tmp_path: Path, data: st.DataObject) -> None:
        start = data.draw(st.integers(0, len(whole)))
        end = data.draw(st.integers(start, min(len(whole), start + 20)))
        other = whole[:start] + data.draw(st.binary(max_size=20)) + whole[end:]
        (tmp_path / "r").write_bytes(other)
        assert isinstance(load_record(tmp_path / "r"), ReadinessRecord) is (other == whole)


class TestWhatIsNoRecord:
    def test_nothing_there(self, tmp_path: Path) -> None:
        found = load_record(tmp_path / "r")
        assert isinstance(found, Unknown)
        assert found.failure is Failure.MISSING
        assert "orsgate audit --record" in found.cause

    @pytest.mark.parametrize(
        "content", [b"", b"{}", b"[]\n", b"null\n", b"\xff\xfe", b"[" * 200_000, b'{"schema":"orsgate/report/1"}\n']
    )
    def test_other_files(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "r").write_bytes(content)
        refused(tmp_path / "r")

    def test_a_directory(self, tmp_path: Path) -> None:
        assert "is no file" in refused(tmp_path)

    @pytest.mark.parametrize(
        "edit",
        [
            lambda document: document.pop("salt"),
            lambda document: document.update(salt="x"),
            lambda document: document.update(more=1),
            lambda document: document.update(verdict="perhaps"),
            lambda document: document.update(exceptions=True),
            lambda document: document.update(finished="2026-02-31T00:00:00Z"),
            lambda document: document.update(items=[["ORS_1", "option", "a/b", {"secret": 1}]]),
            lambda document: document.update(items=[["ORS_1", "option", "a/b"]]),
            lambda document: document.update(items=[["ORS_1", "colour", "a/b", ""]]),
            lambda document: document.update(items=[["ORS_1", ["option"], "a/b", ""]]),
            lambda document: document.update(unknown=[["ORS_1", {}]]),
            lambda document: document.update(estate={"name": "Made up"}),
            lambda document: document.update(signature={"algorithm": "none"}),
        ],
    )
    def test_a_form_that_orsgate_never_writes(self, tmp_path: Path, edit: Edit) -> None:
        path = made.record(tmp_path / "r")
        resealed(path, edit)
        assert "is not of the form orsgate/record/1" in refused(path)
