# SPDX-License-Identifier: Apache-2.0
"""Passwords come from an environment variable, a file only its owner can read, or a question, and never into a sentence."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from orsgate.collection import passwords
from orsgate.collection.passwords import LARGEST_READ, check_password, password
from orsgate.estate.file import LoadedEstate, load_estate_file
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.mistakes import InputError

SECRET = "Geheim-4711"  # noqa: S105 - of nobody
WHAT = "Cassandra user reader"
VARIABLE = "ORSGATE_TEST_PASSWORD"

Write = Callable[..., Path]


@pytest.fixture
def loaded(tmp_path: Path) -> LoadedEstate:
    path = tmp_path / "estate.toml"
    path.write_text(
        '[estate]\nname = "x"\nfrom_release = "8.1.200.50"\nto_release = "8.1.400.27"\n[[application]]\nname = "ORS_1"\n'
    )
    return load_estate_file(path)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(content: bytes, mode: int = 0o600, name: str = "secret") -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        path.chmod(mode)
        return path

    return write


def nobody(what: str) -> str:
    raise AssertionError(what)


def given(loaded: LoadedEstate, variable: str | None = None, file: str | None = "secret") -> str:
    return password(loaded, WHAT, variable, file, nobody)


def refused(loaded: LoadedEstate, variable: str | None = None, file: str | None = "secret") -> Unknown:
    """Why there is no password: the same for who needs it and for who only checks."""
    unknown = check_password(loaded, WHAT, variable, file)
    assert unknown is not None
    with pytest.raises(InputError) as error:
        password(loaded, WHAT, variable, file, nobody)
    assert str(error.value) == unknown.cause
    assert SECRET not in unknown.cause
    assert "\n" not in unknown.cause
    assert unknown.cause.startswith(f"the password of the {WHAT} ")
    return unknown


@pytest.mark.parametrize(
    "content",
    [
        b"%s",
        b"%s\n",
        b"%s\r\n",
        b"%s\nanother line\n",
        b"\xef\xbb\xbf%s\r\n",
        b"%s\r\nsecond\xff\0",
        b"%s\n" + b"x" * LARGEST_READ,
    ],
)
def test_it_is_the_first_line_without_its_end(content: bytes, loaded: LoadedEstate, write: Write) -> None:
    write(content.replace(b"%s", SECRET.encode()))
    assert given(loaded) == SECRET
    assert check_password(loaded, WHAT, None, "secret") is None


def test_blanks_and_other_letters_belong_to_it(loaded: LoadedEstate, write: Write) -> None:
    write(" Gr\u00fc\u00dfe \u2028 \n".encode())
    assert given(loaded) == " Gr\u00fc\u00dfe \u2028 "


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o666, 0o610, 0o601, 0o777])
def test_a_file_that_others_have_access_to_is_refused(mode: int, loaded: LoadedEstate, write: Write) -> None:
    path = write(SECRET.encode(), mode)
    unknown = refused(loaded)
    assert f"others than its owner have access to it (chmod 600 {path})" in unknown.cause
    path.chmod(0o600)
    assert given(loaded) == SECRET


@pytest.mark.parametrize("mode", [0o400, 0o600, 0o700])
def test_a_file_of_its_owner_alone_is_taken(mode: int, loaded: LoadedEstate, write: Write) -> None:
    write(SECRET.encode(), mode)
    assert given(loaded) == SECRET


def test_what_to_do_can_be_pasted_into_a_shell(loaded: LoadedEstate, write: Write) -> None:
    path = write(SECRET.encode(), 0o644, "my secret")
    assert f"(chmod 600 '{path}')" in refused(loaded, file="my secret").cause


def test_it_is_about_the_file_that_a_link_leads_to(loaded: LoadedEstate, write: Write, tmp_path: Path) -> None:
    path = write(SECRET.encode(), 0o600)
    (tmp_path / "link").symlink_to(path)
    assert given(loaded, file="link") == SECRET
    path.chmod(0o644)
    assert "chmod 600" in refused(loaded, file="link").cause


def test_a_file_of_another_user_is_refused_but_not_to_root(
    loaded: LoadedEstate, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = write(SECRET.encode()).stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    assert "it belongs to another user" in refused(loaded).cause
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert given(loaded) == SECRET


def test_modes_mean_nothing_on_windows(loaded: LoadedEstate, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write(SECRET.encode(), 0o644)
    monkeypatch.setattr(passwords, "_MODES_MEAN_SOMETHING", False)
    assert given(loaded) == SECRET


@pytest.mark.timeout(5)
def test_what_is_not_a_file_is_refused_at_once(loaded: LoadedEstate, tmp_path: Path) -> None:
    (tmp_path / "directory").mkdir(mode=0o700)
    os.mkfifo(tmp_path / "pipe", 0o600)
    for name in ("directory", "pipe", "/dev/null"):
        assert "it is not a regular file" in refused(loaded, file=name).cause


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "its first line is empty"),
        (b"\n" + SECRET.encode(), "its first line is empty"),
        (b"\xef\xbb\xbf", "its first line is empty"),
        (SECRET.encode() + b"\0more\n", "its first line holds a NUL character"),
        (SECRET.encode() + b"\xff\n", "its first line is not UTF-8 text"),
        (f"{SECRET}\n".encode("utf-16"), "its first line holds a NUL character"),
        (SECRET.encode() * 10_000, "its first line is longer than 64 KB"),
    ],
)
def test_a_file_without_a_password_is_refused(content: bytes, said: str, loaded: LoadedEstate, write: Write) -> None:
    path = write(content)
    unknown = refused(loaded)
    assert f"cannot be read from {path}: {said}" in unknown.cause
    assert unknown.failure is Failure.UNREADABLE


def test_a_file_that_is_not_there(loaded: LoadedEstate) -> None:
    unknown = refused(loaded)
    assert "No such file or directory" in unknown.cause
    assert unknown.failure is Failure.MISSING


def test_it_comes_from_an_environment_variable(loaded: LoadedEstate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, SECRET)
    assert given(loaded, VARIABLE, None) == SECRET
    assert check_password(loaded, WHAT, VARIABLE, None) is None
    monkeypatch.setenv(VARIABLE, "")
    assert "which is empty" in refused(loaded, VARIABLE, None).cause
    monkeypatch.delenv(VARIABLE)
    assert f"{VARIABLE}, which is not set" in refused(loaded, VARIABLE, None).cause


def test_bytes_that_are_no_text_are_refused(loaded: LoadedEstate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, f"{SECRET}\udcff")
    assert "which holds bytes that are no text" in refused(loaded, VARIABLE, None).cause


def test_otherwise_it_is_asked_for(loaded: LoadedEstate) -> None:
    asked: list[str] = []

    def ask(what: str) -> str:
        asked.append(what)
        return SECRET

    assert password(loaded, WHAT, None, None, ask) == SECRET
    assert asked == [WHAT]
    assert check_password(loaded, WHAT, None, None) is None
    assert asked == [WHAT]
