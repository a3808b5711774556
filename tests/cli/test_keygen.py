# SPDX-License-Identifier: Apache-2.0
"""A passphrase is typed twice on a terminal, and not shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from orsgate.cli.keygen import keygen
from orsgate.estate.key_id import key_id
from orsgate.evidence.keys import load_public_key, load_signing_key
from orsgate.sandbox.samples import place_sample
from tests.cli.commands import files
from tests.cli.test_prompt import Terminal

pytestmark = pytest.mark.slow


@contextmanager
def terminal(*arguments: object) -> Iterator[Terminal]:
    program = Terminal("-m", "orsgate", *map(str, arguments))
    try:
        yield program
    finally:
        program.close()


def test_typed_twice_it_protects_the_key_which_then_signs(tmp_path: Path) -> None:
    private, public = tmp_path / "k.pem", tmp_path / "k.pub"
    with terminal("keygen", "--private", private, "--public", public) as program:
        program.wait_for(b"Passphrase of the private key")
        program.type(b"geheim\n")
        program.wait_for(b"Once more, the passphrase of the private key")
        program.type(b"geheim\n")
        assert program.exit_code() == 0, program.shown
    assert b"geheim" not in program.shown
    assert load_signing_key(private, lambda _: "geheim").public_key == load_public_key(public)
    estate = place_sample("healthy", tmp_path / "estate")
    with terminal("audit", estate, "--offline", "--record", tmp_path / "r", "--sign", private) as program:
        program.wait_for(b"Passphrase of the private key")
        program.type(b"geheim\n")
        assert program.exit_code() == 3, program.shown
    assert b"geheim" not in program.shown
    assert load_public_key(public).encode() in (tmp_path / "r").read_bytes()


def test_typed_differently_no_key_is_made(tmp_path: Path) -> None:
    with terminal("keygen", "--private", tmp_path / "k", "--public", tmp_path / "k.pub") as program:
        program.wait_for(b"Passphrase of the private key")
        program.type(b"geheim\n")
        program.wait_for(b"Once more, the passphrase of the private key")
        program.type(b"Geheim\n")
        assert program.exit_code() == 2
    assert b"differ" in program.shown
    assert files(tmp_path) == set()


def test_the_id_that_bundles_show_is_told(tmp_path: Path) -> None:
    words = ["--private", str(tmp_path / "k.pem"), "--public", str(tmp_path / "k.pub"), "--unprotected"]
    result = CliRunner().invoke(keygen, words, standalone_mode=False)
    assert result.exit_code == 0, result.exception
    public = load_public_key(tmp_path / "k.pub")
    assert f"its id\n  {key_id(public)}\n" in result.output
    assert public not in result.output, "a key has one name"
