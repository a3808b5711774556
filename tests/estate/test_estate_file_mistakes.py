# SPDX-License-Identifier: Apache-2.0
"""An estate file that is wrong: every mistake at once, each with its line and what to do."""

from __future__ import annotations

import tomllib
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest

from orsgate.estate.file import load_estate_file
from orsgate.estate.mistakes import EstateFileError, InputError

HEAD = """\
[estate]
name = "Frankfurt"
from_release = "8.1.200.50"
to_release = "8.1.4"
"""
APPLICATION = '[[application]]\nname = "ORS_1"\n'
CASES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("estate_file_mistakes.toml").read_text(encoding="utf-8")
)


def mistakes_of(directory: Path, text: str | bytes) -> list[tuple[int | None, str]]:
    path = directory / "estate.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(EstateFileError) as caught:
        load_estate_file(path)
    assert all(mistake.path == str(path) for mistake in caught.value.mistakes)
    assert str(caught.value).splitlines() == [str(mistake) for mistake in caught.value.mistakes]
    return [(mistake.line, mistake.message) for mistake in caught.value.mistakes]


@pytest.mark.parametrize("case", CASES["estate"], ids=itemgetter("text"))
def test_in_estate(tmp_path: Path, case: dict[str, Any]) -> None:
    assert mistakes_of(tmp_path, f"{HEAD}\n{case['text']}\n{APPLICATION}") == [(6, case["sentence"])]


@pytest.mark.parametrize("case", CASES["application"], ids=itemgetter("text"))
def test_in_application(tmp_path: Path, case: dict[str, Any]) -> None:
    ((line, sentence),) = mistakes_of(tmp_path, f"{HEAD}{APPLICATION}\n{case['text']}\n")
    assert line == 8
    assert sentence.startswith(f'[[application]] "ORS_1" {case["sentence"]}')


@pytest.mark.parametrize("case", CASES["table"], ids=itemgetter("text"))
def test_in_other_tables(tmp_path: Path, case: dict[str, Any]) -> None:
    found = mistakes_of(tmp_path, f"{HEAD}{APPLICATION}{case['text']}\n")
    assert found == [(case["line"], case["sentence"])]


@pytest.mark.parametrize("case", CASES["path"], ids=itemgetter("text"))
def test_in_stages(tmp_path: Path, case: dict[str, Any]) -> None:
    found = mistakes_of(tmp_path, f'{HEAD}path = "zero-loss"\n{APPLICATION}{case["text"]}\n')
    assert found == [(case["line"], sentence) for sentence in case["sentences"]]


def test_all_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    text = '[estate]\nname = " "\nform_release = "x"\nto_release = "8"\n'
    found = mistakes_of(tmp_path, text + '[[application]]\nname = "A"\n' * 2)
    assert [line for line, _ in found] == [1, 2, 3, 4, 8]
    assert found[0][1].startswith("[estate] needs from_release: ")


def test_required_tables(tmp_path: Path) -> None:
    assert [(line, sentence.split(";")[0]) for line, sentence in mistakes_of(tmp_path, "")] == [
        (1, "the file has no [estate]: What is migrated: name, from_release and to_release"),
        (1, "the file has no [[application]]"),
    ]
    assert mistakes_of(tmp_path, f"{HEAD}\n[configuration]\nsource = 'files'\n")[0][0] == 6


def test_the_text_of_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "estate.toml"
    path.write_text(f'{HEAD}form_release = "x"\n{APPLICATION}')
    with pytest.raises(InputError, match=r"estate\.toml:5: \[estate\] has no key \"form_release\"; did you mean"):
        load_estate_file(path)


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        (f"{HEAD}password = 'hunter2'\n{APPLICATION}", 5, "[estate] password"),
        (f"{HEAD}{APPLICATION}[cassandra]\nPassword = 'hunter2'\n", 8, "[cassandra] Password"),
        (f"{HEAD}{APPLICATION}x = {{ y = [{{ password = 'hunter2' }}] }}\n", 7, '[[application]] "ORS_1" password'),
        (f"{HEAD}{APPLICATION}[gax]\npassword = 'hunter2'\n", 8, "[gax] password"),
        (f"password = 'hunter2'\n{HEAD}{APPLICATION}", 1, "the file password"),
    ],
)
def test_passwords_are_refused_and_never_shown(tmp_path: Path, text: str, line: int, key: str) -> None:
    found = mistakes_of(tmp_path, text)
    about = [sentence for at, sentence in found if at == line and sentence.startswith(f"{key}: a password never stands")]
    assert len(about) == 1
    assert "password_env" in about[0]
    assert "password_file" in about[0]
    assert "hunter2" not in str(found)


@pytest.mark.parametrize(
    "text",
    [
        "secret = 'hunter2'",
        "http = 'https://u:hunter2@h/'",
        "http = 'hunter2'",
        "log = ['hunter2']",
        "[configuration]\nsource = 'gax'\nusername = 'u'\nurl = 'https://u:hunter2@h/'",
        "[cassandra]\nusername = 'u'\npassword_env = 'hunter2!'",
        "[cassandra]\nnodes = ['u:hunter2@h']",
    ],
)
def test_values_that_may_be_secret_are_never_shown(tmp_path: Path, text: str) -> None:
    assert "hunter2" not in str(mistakes_of(tmp_path, f"{HEAD}{APPLICATION}{text}\n"))


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        (f"{HEAD}x = \n{APPLICATION}", 5, 5, "is not valid TOML: Invalid value"),
        ("form = 1\nx = [1,\n", 3, 1, "is not valid TOML: "),
        ('[estate]\nname = "a"\nname = "b"\n', 3, 11, "is not valid TOML: Cannot overwrite a value"),
        ("a = 1\n\0", 2, 1, "is not valid TOML: "),
        (f"a = {'9' * 5000}", None, None, "is not valid TOML: a number has thousands of digits"),
        (f"a = {'[' * 100_000}", None, None, "lists or tables are nested too deeply"),
        (f"a = {'{a=' * 100_000}", None, None, "lists or tables are nested too deeply"),
        (f"\n{'a.' * 50_000}a = 1", 2, None, "a key has more than 100 parts"),
        (b"# fine\n# \xff\n", 2, None, "is not UTF-8 text from here on; save the file with the encoding UTF-8"),
        ("a = 1\n".encode("utf-16"), 1, None, "is not UTF-8 text"),
    ],
)
def test_what_cannot_be_read_is_reported_alone(
    tmp_path: Path, text: str | bytes, line: int | None, column: int | None, message: str
) -> None:
    path = tmp_path / "estate.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(EstateFileError) as caught:
        load_estate_file(path)
    (mistake,) = caught.value.mistakes
    assert (mistake.line, mistake.column) == (line, column)
    assert mistake.message.startswith(message)


def test_deep_nesting_below_the_limit(tmp_path: Path) -> None:
    deep = f"a = {'[' * 200}{']' * 200}\nb = {'{x=' * 100}1{'}' * 100}\n{'c.' * 90}c = 1\n"
    assert [line for line, _ in mistakes_of(tmp_path, f"{deep}{HEAD}{APPLICATION}")] == [1, 2, 3]


def test_a_missing_file_a_directory_and_a_path_that_is_none(tmp_path: Path) -> None:
    for path, message in (
        (tmp_path / "no.toml", "there is no such file; make one with: orsgate init"),
        (tmp_path, "is a directory; name the estate file in it"),
        (tmp_path / "a\0b", "cannot be read: "),
        (tmp_path / "no.toml" / "estate.toml", "there is no such file; make one with: orsgate init"),
    ):
        with pytest.raises(EstateFileError) as caught:
            load_estate_file(path)
        (mistake,) = caught.value.mistakes
        assert (mistake.path, mistake.line) == (str(path), None)
        assert mistake.message.startswith(message)


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orsgate.estate.toml_file.LARGEST_FILE", 2**20)
    assert "is larger than 1 MB" in mistakes_of(tmp_path, "#" * (2**20 + 1))[0][1]
