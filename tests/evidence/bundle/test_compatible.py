# SPDX-License-Identifier: Apache-2.0
"""Others can verify the envelope: securesystemslib, openssl, and whoever reads the specification of DSSE."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest
import rfc8785
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import Key  # type: ignore[attr-defined]  # they do export it

from orsgate.estate.key_id import key_id
from orsgate.evidence.bundle.dsse import PAYLOAD_TYPE, opened, pae, seal
from orsgate.evidence.bundle.names import ENVELOPE
from tests.evidence.bundle.made import Left, entries
from tests.evidence.made import key


def envelope(run: Left) -> bytes:
    return dict(entries(run.data))[ENVELOPE]


def public_pem(number: int = 1) -> bytes:
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key(number).public_key))
    return public.public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)


def _theirs(number: int) -> Key:
    value = {"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": key(number).public_key}}
    return Key.from_dict(key_id(key(number).public_key), value)


def test_another_implementation_accepts_it(run: Left) -> None:
    found = Envelope.from_dict(json.loads(envelope(run)))
    keys = [_theirs(1), _theirs(2)]
    assert list(found.verify(keys[:1], 1)) == [keys[0].keyid]
    with pytest.raises(VerificationError):
        found.verify(keys[1:], 1)
    assert found.payload_type == PAYLOAD_TYPE
    assert found.pae() == pae(PAYLOAD_TYPE, found.payload)
    assert json.loads(found.payload)["_type"] == "https://in-toto.io/Statement/v1"


def test_it_reads_what_another_implementation_signed() -> None:
    made = Envelope(b'{"made":"up"}', PAYLOAD_TYPE, {})
    again = opened(rfc8785.dumps(json.loads(seal(made.payload, key()))))
    assert again.payload == made.payload
    assert key().sign(made.pae()) == again.signature


def test_the_encoding_is_that_of_the_specification() -> None:
    """https://github.com/secure-systems-lab/dsse: protocol.md, and testvectors/vectors.json."""
    assert pae("http://example.com/HelloWorld", b"hello world") == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    assert pae("application/vnd.ex\u00e4mple+json", b"") == b"DSSEv1 29 application/vnd.ex\xc3\xa4mple+json 0 "


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not at hand")
def test_openssl_accepts_it(run: Left, tmp_path: Path) -> None:
    """The commands of docs/bundle.md."""
    document = json.loads(envelope(run))
    payload = base64.b64decode(document["payload"])
    kind = document["payloadType"]
    (tmp_path / "key.pub").write_bytes(public_pem())
    (tmp_path / "sig").write_bytes(base64.b64decode(document["signatures"][0]["sig"]))
    (tmp_path / "signed").write_bytes(f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode() + payload)
    openssl = [
        str(shutil.which("openssl")),
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "key.pub",
        "-rawin",
        "-in",
        "signed",
        "-sigfile",
        "sig",
    ]
    assert subprocess.run(openssl, cwd=tmp_path, check=False).returncode == 0
    (tmp_path / "signed").write_bytes(b"x" + (tmp_path / "signed").read_bytes())
    assert subprocess.run(openssl, cwd=tmp_path, check=False, capture_output=True).returncode != 0
    der = subprocess.run(
        [openssl[0], "pkey", "-pubin", "-in", "key.pub", "-outform", "DER"], cwd=tmp_path, check=True, capture_output=True
    ).stdout  # fmt: skip
    assert hashlib.sha256(der).hexdigest() == document["signatures"][0]["keyid"] == key_id(key().public_key)


def test_an_unzip_program_reads_it(run: Left, tmp_path: Path) -> None:
    shutil.unpack_archive(_written(tmp_path / "b.zip", run.data), tmp_path / "there")
    for name, data in run.files.items():
        assert (tmp_path / "there" / name).read_bytes() == data


def test_the_json_is_canonical(run: Left) -> None:
    """RFC 8785: no blanks, keys sorted, UTF-8."""
    payload = base64.b64decode(json.loads(envelope(run))["payload"])
    for data in (envelope(run), payload):
        text = json.dumps(json.loads(data), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert text.encode() == data


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
