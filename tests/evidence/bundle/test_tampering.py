# SPDX-License-Identifier: Apache-2.0
"""Whatever is changed in a bundle, it is not intact any more, and what was changed is named."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from orsgate.evidence.bundle import dsse
from orsgate.evidence.bundle.archive import pack
from orsgate.evidence.bundle.making import bundled
from orsgate.evidence.bundle.names import ENVELOPE, RESULTS
from orsgate.evidence.bundle.verifying import Intact, NotIntact, verified
from tests.evidence.bundle.made import Left, archive, entries, entry, findings, stated
from tests.evidence.made import key


def test_what_was_signed_is_intact(run: Left) -> None:
    found = verified(run.data, key().public_key)
    assert isinstance(found, Intact), found
    assert found.files == run.files
    assert list(found.subjects) == sorted(run.files)
    assert {"results.json", "snapshot.json", "report.html", "catalogue.toml", "waivers.toml"} < set(found.subjects)
    assert sum(name.startswith("attestations/") for name in found.subjects) == 2
    assert "features/01_export.feature" in found.subjects


class TestFiles:
    def test_each_file_changed(self, run: Left) -> None:
        for name, data in run.files.items():
            other = bytes([data[0] ^ 1]) + data[1:]
            tampered = [(each, other if each == name else content) for each, content in entries(run.data)]
            assert findings(archive(tampered)) == f'"{name}" was changed'

    def test_each_file_emptied_or_longer(self, run: Left) -> None:
        for name in run.files:
            for change in (lambda _: b"", lambda data: data + b"\n"):
                tampered = [(each, change(content) if each == name else content) for each, content in entries(run.data)]
                assert findings(archive(tampered)) == f'"{name}" was changed'

    def test_each_file_removed(self, run: Left) -> None:
        for name in (*run.files, ENVELOPE):
            assert findings(archive(each for each in entries(run.data) if each[0] != name)) == f'"{name}" was removed'

    @pytest.mark.parametrize("name", ["added.txt", "features/11_more.feature", "attestations/more.json", "zzz", "0"])
    def test_a_file_added(self, run: Left, name: str) -> None:
        files = dict(entries(run.data))
        envelope = files.pop(ENVELOPE)
        assert findings(pack(envelope, files | {name: b"more"})) == f'"{name}" was added'
        assert f'"{name}" was added' in findings(archive([*entries(run.data), (name, b"")]))

    def test_a_file_renamed(self, run: Left) -> None:
        tampered = [("waived.toml" if name == "waivers.toml" else name, data) for name, data in entries(run.data)]
        assert findings(archive(tampered)).splitlines() == ['"waivers.toml" was removed', '"waived.toml" was added']

    def test_contents_exchanged(self, run: Left) -> None:
        swapped = {"features/01_export.feature": "features/04_cluster.feature"}
        swapped |= {value: key for key, value in swapped.items()}
        tampered = [(name, run.files[swapped[name]] if name in swapped else data) for name, data in entries(run.data)]
        assert findings(archive(tampered)).splitlines() == [f'"{name}" was changed' for name in sorted(swapped)]

    def test_the_order(self, run: Left) -> None:
        found = entries(run.data)
        for place in range(len(found) - 1):
            tampered = [*found[:place], found[place + 1], found[place], *found[place + 2 :]]
            assert findings(archive(tampered)) == (
                f'the files were put into another order: "{found[place + 1][0]}" is not in its place'
            )  # fmt: skip

    def test_a_file_twice(self, run: Left) -> None:
        found = entries(run.data)
        for extra in (found[0], found[3]):
            for tampered in ([*found, extra], [extra, *found]):
                with pytest.warns(UserWarning, match="Duplicate name"):
                    data = archive(tampered)
                assert f'"{extra[0]}" stands twice' in findings(data)

    def test_two_statements(self, run: Left) -> None:
        other = dsse.seal(stated(run.files), key(2))
        for tampered in ([(ENVELOPE, other), *entries(run.data)], [*entries(run.data), (ENVELOPE, other)]):
            with pytest.warns(UserWarning, match="Duplicate name"):
                data = archive(tampered)
            for signer in (key(1), key(2)):
                assert f'"{ENVELOPE}" stands twice' in findings(data, signer)


class TestAroundTheFiles:
    AROUND = "the archive was changed around its files"

    @pytest.mark.parametrize(
        "fields",
        [
            {"date_time": (2026, 1, 31, 2, 0, 0)}, {"external_attr": 0o100755 << 16}, {"external_attr": 0}, {"create_system": 0},
            {"compress_type": zipfile.ZIP_DEFLATED}, {"extra": b"\x99\x99\x04\x00more"}, {"comment": b"more"},
            {"internal_attr": 1}, {"create_version": 63},
        ],
        ids=lambda fields: next(iter(fields)),
    )  # fmt: skip
    def test_headers(self, run: Left, fields: dict[str, Any]) -> None:
        tampered = [(entry(name, **(fields if name == RESULTS else {})), data) for name, data in entries(run.data)]
        assert findings(archive(tampered)).startswith(self.AROUND)

    def test_a_comment(self, run: Left) -> None:
        assert "something was added at its end" in findings(archive(entries(run.data), b"signed, really"))

    @pytest.mark.parametrize("more", [b"\0", b"\n", b"PK\x05\x06" + bytes(18)], ids=["zero", "line", "another end"])
    def test_something_at_its_end(self, run: Left, more: bytes) -> None:
        assert "the archive" in findings(run.data + more)

    def test_something_before_it(self, run: Left) -> None:
        assert "its end does not lead to its list of files" in findings(b"#!/bin/sh\n" + run.data)

    def test_cut_off(self, run: Left) -> None:
        for size in (0, 1, 21, 22, 100, len(run.data) // 2, len(run.data) - 1):
            assert "the archive" in findings(run.data[:size])

    def test_a_byte_between(self, run: Left) -> None:
        name = b"catalogue.toml"
        place = run.data.index(b"PK\x03\x04", run.data.index(name))
        assert findings(run.data[:place] + b"\0" + run.data[place:])


def envelope(run: Left) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(dict(entries(run.data))[ENVELOPE])
    return found


def with_envelope(run: Left, document: Any) -> bytes:
    return pack(document if isinstance(document, bytes) else rfc8785.dumps(document), run.files)


def payload_with(run: Left, change: Callable[[dict[str, Any]], None]) -> str:
    statement = json.loads(base64.b64decode(envelope(run)["payload"]))
    change(statement)
    return base64.b64encode(rfc8785.dumps(statement)).decode()


class TestSignature:
    def test_the_type_of_the_payload(self, run: Left) -> None:
        for other in ("application/json", "", dsse.PAYLOAD_TYPE.upper(), f"{dsse.PAYLOAD_TYPE} "):
            found = findings(with_envelope(run, envelope(run) | {"payloadType": other}))
            assert found.startswith(f'"{ENVELOPE}": its field payloadType was changed: it is "{other}"')
            assert len(found.splitlines()) == 1

    def test_the_key_id(self, run: Left) -> None:
        for other in ("0" * 64, "", key().public_key):
            signature = envelope(run)["signatures"][0] | {"keyid": other}
            found = findings(with_envelope(run, envelope(run) | {"signatures": [signature]}))
            assert found.startswith(f'"{ENVELOPE}": its field keyid was changed')

    def test_the_signature(self, run: Left) -> None:
        given = base64.b64decode(envelope(run)["signatures"][0]["sig"])
        for other in (bytes(64), b"", given[:-1], given[::-1], given + b"\0", bytes([given[0] ^ 1]) + given[1:]):
            signature = envelope(run)["signatures"][0] | {"sig": base64.b64encode(other).decode()}
            found = findings(with_envelope(run, envelope(run) | {"signatures": [signature]}))
            assert found == f'"{ENVELOPE}": its field sig was changed: the signature is not that of the statement'

    @pytest.mark.parametrize("field", ["verdict", "sentence", "run", "estate", "finished", "exitCode"])
    def test_the_payload(self, run: Left, field: str) -> None:
        def change(statement: dict[str, Any]) -> None:
            statement["predicate"]["orsgate"][field] = "edited"

        found = findings(with_envelope(run, envelope(run) | {"payload": payload_with(run, change)}))
        assert found == f'"{ENVELOPE}": its field payload was changed: the signature is not that of the statement'

    def test_the_result_in_the_payload(self, run: Left) -> None:
        changed = payload_with(run, lambda statement: statement["predicate"].update(result="FAILED"))
        assert "its field payload was changed" in findings(with_envelope(run, envelope(run) | {"payload": changed}))

    def test_a_subject_in_the_payload(self, run: Left) -> None:
        changed = payload_with(run, lambda statement: statement["subject"].pop())
        found = findings(with_envelope(run, envelope(run) | {"payload": changed})).splitlines()
        assert found == ['"waivers.toml" was added', found[1]]
        assert "its field payload was changed" in found[1]

    def test_a_file_and_its_digest_in_the_payload(self, run: Left) -> None:
        """As somebody would do it who has everything but the key."""
        files = run.files | {RESULTS: run.files[RESULTS].replace(b'"verdict": "go"', b'"verdict": "no_go"')}
        assert files != run.files
        made = envelope(run) | {"payload": base64.b64encode(stated(files)).decode()}
        assert "its field sig was changed" in findings(pack(rfc8785.dumps(made), files))

    def test_a_second_signature(self, run: Left) -> None:
        other = json.loads(dsse.seal(stated(run.files), key(2)))["signatures"]
        for signatures in ([*envelope(run)["signatures"], *other], [*other, *envelope(run)["signatures"]]):
            assert "a signature was added" in findings(with_envelope(run, envelope(run) | {"signatures": signatures}))

    def test_no_signature(self, run: Left) -> None:
        given: tuple[Any, ...] = ([], [{}], None, {})
        for signatures in given:
            assert "holds other fields" in findings(with_envelope(run, envelope(run) | {"signatures": signatures}))

    def test_a_field_more(self, run: Left) -> None:
        assert "holds other fields" in findings(with_envelope(run, envelope(run) | {"more": 1}))
        signature = envelope(run)["signatures"][0] | {"cert": "more"}
        assert "holds other fields" in findings(with_envelope(run, envelope(run) | {"signatures": [signature]}))

    def test_the_same_in_another_form(self, run: Left) -> None:
        document = envelope(run)
        unsorted = json.dumps(dict(reversed(document.items())), separators=(",", ":")).encode()
        doubled = rfc8785.dumps(document)[:-1] + b',"payload":"e30="}'
        for form in (json.dumps(document).encode(), unsorted, doubled, rfc8785.dumps(document) + b"\n"):
            assert json.loads(form)
            assert "is not in the form that orsgate writes" in findings(with_envelope(run, form))
        padded = document | {"payload": document["payload"] + "\n"}
        assert "its field payload is not base64" in findings(with_envelope(run, padded))
        signature = document["signatures"][0]
        loose = document | {"signatures": [signature | {"sig": signature["sig"].rstrip("=")}]}
        assert "its field sig is not base64" in findings(with_envelope(run, loose))

    def test_another_key_that_is_given(self, run: Left) -> None:
        found = findings(run.data, key(2))
        assert found.startswith("it was signed by another key, or its field keyid was changed")

    def test_another_key_that_signed(self, run: Left) -> None:
        assert "it was signed by another key" in findings(bundled(run.files, key(2)))
        claimed = json.loads(dsse.seal(stated(run.files), key(2)))
        claimed["signatures"][0]["keyid"] = envelope(run)["signatures"][0]["keyid"]
        assert "its field sig was changed" in findings(with_envelope(run, claimed))

    def test_a_statement_that_lies_of_the_run(self, run: Left) -> None:
        """Whoever has the key can sign anything; that it says what the files say is checked all the same."""
        for change in (
            lambda made: made["predicate"].update(result="FAILED"),
            lambda made: made["predicate"]["orsgate"].update(estate="another"),
            lambda made: made["predicate"].pop("orsgate"),
        ):
            payload = base64.b64decode(payload_with(run, change))
            found = findings(with_envelope(run, dsse.seal(payload, key())))
            assert found == f'"{ENVELOPE}" was signed, and says other things of the run than "{RESULTS}"'

    def test_what_is_no_stated(self, run: Left) -> None:
        for payload in (b"", b"{}", b"[]", b'{"_type":"x"}', b'{"a": 1}', b"\xff", b"[" * 100_000):
            assert f'"{ENVELOPE}" was changed' in findings(with_envelope(run, dsse.seal(payload, key())))


@pytest.mark.slow
@given(st.data())
@settings(max_examples=1000, deadline=None)
def test_no_edit_of_a_byte_is_accepted(run: Left, data: st.DataObject) -> None:
    spans = _interesting(run.data)
    low, high = data.draw(st.sampled_from(spans), label="where")
    place = data.draw(st.integers(low, high - 1), label="place")
    byte = data.draw(st.integers(1, 255), label="changed by")
    edit = data.draw(st.sampled_from(["change", "insert", "remove"]), label="edit")
    before, after = run.data[:place], run.data[place + 1 :]
    edited = {
        "change": before + bytes([run.data[place] ^ byte]) + after,
        "insert": before + bytes([byte]) + run.data[place:],
        "remove": before + after,
    }[edit]
    assert isinstance(verified(edited, key().public_key), NotIntact)


def _interesting(data: bytes) -> list[tuple[int, int]]:
    """The whole, and the parts that hold little and decide much: envelope, headers, list of files, end."""
    listed = data.index(b"PK\x01\x02")
    last = data.rindex(b"PK\x03\x04")
    return [(0, len(data)), (0, 200), (data.index(b'"signatures"') - 200, data.index(b'"signatures"') + 250),
            (last, last + 60), (listed, len(data)), (len(data) - 22, len(data))]  # fmt: skip


@pytest.mark.slow
def test_no_edit_of_a_header_is_accepted(run: Left) -> None:
    """Every single byte that is not content of a file, with two edits."""
    contents: set[int] = set()
    with zipfile.ZipFile(io.BytesIO(run.data)) as read:
        for each in read.infolist():
            start = each.header_offset + 30 + len(each.filename)
            contents |= set(range(start, start + each.file_size))
    places = sorted(set(range(len(run.data))) - contents)
    assert len(places) > 1000
    for place in places:
        for change in (1, 0x80):
            edited = bytearray(run.data)
            edited[place] ^= change
            assert isinstance(verified(bytes(edited), key().public_key), NotIntact), place
