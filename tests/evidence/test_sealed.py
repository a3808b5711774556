# SPDX-License-Identifier: Apache-2.0
"""A sealed document is refused when a single byte of it was changed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orsgate.evidence.sealed import SealError, opened, sealed

SCHEMA = "orsgate/record/1"
DOCUMENT = {"schema": SCHEMA, "text": "gr\u00fc\u00df \u2028", "list": [1, {"a": None}], "signature": None}


def test_what_was_written_is_read() -> None:
    found = opened(sealed(DOCUMENT), "record.json", SCHEMA)
    assert {**found, "sha256": None} == {**DOCUMENT, "sha256": None}


@given(st.data())
def test_any_other_byte_is_refused(data: st.DataObject) -> None:
    whole = sealed(DOCUMENT)
    at = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[at]))
    with pytest.raises(SealError):
        opened(whole[:at] + bytes([byte]) + whole[at + 1 :], "record.json", SCHEMA)


@given(st.data())
def test_what_is_cut_off_or_added_is_refused(data: st.DataObject) -> None:
    whole = sealed(DOCUMENT)
    changed = data.draw(st.sampled_from([whole[: data.draw(st.integers(0, len(whole) - 1))], whole + b" ", b" " + whole]))
    with pytest.raises(SealError):
        opened(changed, "record.json", SCHEMA)


@pytest.mark.parametrize(
    "text", ['{"schema": "orsgate/record/1", "schema": "orsgate/record/1"}', "[" * 100_000, "NaN", "[]", '"a"']
)
def test_what_is_no_such_document_is_refused(text: str) -> None:
    with pytest.raises(SealError):
        opened(text.encode(), "record.json", SCHEMA)


def test_another_kind_is_named() -> None:
    other = sealed({**DOCUMENT, "schema": "orsgate/attestation/1"})
    with pytest.raises(
        SealError, match=r"record\.json is no record of the form orsgate/record/1, but says orsgate/attestation/1"
    ):
        opened(other, "record.json", SCHEMA)


def test_a_key_outside_the_checksum_is_still_in_the_canonical_form() -> None:
    whole = sealed(DOCUMENT, ("signature",))
    signed = json.loads(whole) | {"signature": "x"}
    loose = json.dumps(signed).encode()
    with pytest.raises(SealError):
        opened(loose, "record.json", SCHEMA, ("signature",))
    assert opened(sealed(signed, ("signature",)), "record.json", SCHEMA, ("signature",))["signature"] == "x"
