# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from orsgate.estate.mistakes import InputError
from orsgate.evidence.keys import is_signature, load_public_key, load_signing_key, write_key_pair

SAID = "correct horse, in tests only"


def nobody(what: str) -> str:
    raise AssertionError(f"nobody was to be asked for the passphrase of {what}")


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    private, public = tmp_path / "keys" / "private.pem", tmp_path / "keys" / "public.pem"
    write_key_pair(private, public, SAID)
    return private, public


def test_what_the_private_key_signs_the_public_one_confirms(pair: tuple[Path, Path]) -> None:
    asked: list[str] = []

    def said(what: str) -> str:
        asked.append(what)
        return SAID

    key = load_signing_key(pair[0], said)
    public = load_public_key(pair[1])
    assert asked == [f"private key {pair[0]}"]
    assert key.public_key == public
    assert is_signature(public, key.sign(b"content"), b"content")
    assert not is_signature(public, key.sign(b"content"), b"Content")
    assert not is_signature("00" * 32, key.sign(b"content"), b"content")
    assert not is_signature(public, "00" * 64, b"content")
    assert not is_signature(public, "00", b"content")


def test_the_private_key_is_encrypted_and_its_owners_only(pair: tuple[Path, Path]) -> None:
    assert pair[0].read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert pair[1].read_bytes().startswith(b"-----BEGIN PUBLIC KEY-----")
    if os.name == "posix":
        assert stat.S_IMODE(pair[0].stat().st_mode) == 0o600


def test_a_wrong_passphrase_is_one_sentence(pair: tuple[Path, Path]) -> None:
    with pytest.raises(InputError, match=r"private\.pem: cannot be opened with this passphrase"):
        load_signing_key(pair[0], lambda _: "wrong")


def test_a_key_in_the_open_asks_nobody(tmp_path: Path) -> None:
    shown = write_key_pair(tmp_path / "k", tmp_path / "k.pub", None)
    assert load_signing_key(tmp_path / "k", nobody).public_key == shown == load_public_key(tmp_path / "k.pub")


@pytest.mark.skipif(os.name != "posix", reason="modes mean nothing there")
def test_a_key_in_the_open_that_others_can_read_is_refused(tmp_path: Path) -> None:
    write_key_pair(tmp_path / "k", tmp_path / "k.pub", None)
    (tmp_path / "k").chmod(0o640)
    with pytest.raises(InputError, match="no passphrase protects it"):
        load_signing_key(tmp_path / "k", nobody)


def test_nothing_is_replaced_and_nothing_left_half(pair: tuple[Path, Path], tmp_path: Path) -> None:
    kept = pair[0].read_bytes()
    with pytest.raises(InputError, match="never replaced"):
        write_key_pair(pair[0], tmp_path / "new.pub", SAID)
    with pytest.raises(InputError, match="never replaced"):
        write_key_pair(tmp_path / "new", pair[1], SAID)
    with pytest.raises(InputError, match="for both keys"):
        write_key_pair(tmp_path / "new", tmp_path / "new", SAID)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError, match="cannot be written"):
        write_key_pair(tmp_path / "new", tmp_path / "file" / "new.pub", SAID)
    assert pair[0].read_bytes() == kept
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "keys"]


def test_a_dangling_link_is_something_there(tmp_path: Path) -> None:
    (tmp_path / "k").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="never replaced"):
        write_key_pair(tmp_path / "k", tmp_path / "k.pub", None)
    assert not (tmp_path / "elsewhere").exists()


class TestWhatIsNoKey:
    def test_of_another_kind(self, tmp_path: Path) -> None:
        other = ec.generate_private_key(ec.SECP256R1())
        path = tmp_path / "ec"
        path.write_bytes(other.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()))
        path.chmod(0o600)
        with pytest.raises(InputError, match="another kind than Ed25519"):
            load_signing_key(path, nobody)
        path.write_bytes(other.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo))
        with pytest.raises(InputError, match="another kind than Ed25519"):
            load_public_key(path)

    def test_the_wrong_one_of_the_two(self, pair: tuple[Path, Path]) -> None:
        with pytest.raises(InputError, match="is a public key"):
            load_signing_key(pair[1], nobody)
        with pytest.raises(InputError, match="is a private key"):
            load_public_key(pair[0])

    @pytest.mark.parametrize("content", [b"", b"\xff\0", b"-----BEGIN PRIVATE KEY-----\nnothing\n-----END PRIVATE KEY-----\n"])
    def test_damaged(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "k"
        path.write_bytes(content)
        path.chmod(0o600)
        for load in (lambda: load_signing_key(path, nobody), lambda: load_public_key(path)):
            with pytest.raises(InputError, match=r"k: (holds|is)") as caught:
                load()
            assert "\n" not in str(caught.value)

    def test_a_key_of_openssh(self, tmp_path: Path) -> None:
        key = ed25519.Ed25519PrivateKey.generate()
        path = tmp_path / "k"
        path.write_bytes(key.private_bytes(form.Encoding.PEM, form.PrivateFormat.OpenSSH, form.NoEncryption()))
        path.chmod(0o600)
        with pytest.raises(InputError, match="is damaged, or no key that can be read"):
            load_signing_key(path, nobody)

    def test_nothing_there(self, tmp_path: Path) -> None:
        for load in (lambda path: load_signing_key(path, nobody), load_public_key):
            with pytest.raises(InputError, match="cannot be read: No such file"):
                load(tmp_path / "k")
            with pytest.raises(InputError, match="is no file"):
                load(tmp_path)


_PRIME = 2**255 - 19
_ORDER_8 = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"
_SMALL_ORDER = [
    *((y | sign << 255).to_bytes(32, "little").hex() for y in (0, 1, _PRIME - 1, _PRIME, _PRIME + 1) for sign in (0, 1)),
    _ORDER_8,
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
]


@pytest.mark.slow
@pytest.mark.parametrize("public", _SMALL_ORDER)
def test_with_a_key_of_small_order_nothing_is_signed(public: str, tmp_path: Path) -> None:
    neutral = (1).to_bytes(32, "little").hex()
    made_without_a_key = [point + "00" * 32 for point in (neutral, *_SMALL_ORDER)]
    for number in range(16):
        assert not any(is_signature(public, value, b"%d" % number) for value in made_without_a_key)
    key = ed25519.Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
    path = tmp_path / "anybody.pub"
    path.write_bytes(key.public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo))
    with pytest.raises(InputError, match=r"anybody\.pub: proves nothing"):
        load_public_key(path)
