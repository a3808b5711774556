# SPDX-License-Identifier: Apache-2.0
"""Option exports: what is read, what is named as a problem, and that nothing is lost."""

from __future__ import annotations

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from orsgate.estate.export import BLANKS, Export, ProblemKind, parse
from orsgate.estate.secret import Redactor, Secret
from tests import make


def read(text: str | bytes) -> Export:
    return parse(text.encode() if isinstance(text, str) else text, "a.cfg", make.REDACTOR)


def kinds(export: Export) -> list[tuple[int, ProblemKind]]:
    return [(problem.line, problem.kind) for problem in export.problems]


def values(text: str | bytes) -> dict[tuple[str, str], str]:
    return {key: str(value) for key, value in read(text).content().items()}


NAME = st.text(string.ascii_letters + string.digits + "-_ .äß", min_size=1, max_size=12).map(lambda text: text.strip(BLANKS))
SECTIONS = st.dictionaries(NAME.filter(bool), st.dictionaries(NAME.filter(bool), st.text(max_size=20), max_size=5), max_size=5)


def one_line(value: str) -> str:
    return value.replace("\r", "").replace("\n", "").replace("\0", "").strip(BLANKS)


@pytest.mark.slow
@given(SECTIONS, st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_what_was_written_is_read(sections: dict[str, dict[str, str]], line_end: str, bom: bool) -> None:  # noqa: FBT001
    sections = {section: {name: one_line(value) for name, value in options.items()} for section, options in sections.items()}
    lines = [
        f"[{section}]\n" + "".join(f"{name}={value}\n" for name, value in options.items())
        for section, options in sections.items()
    ]
    export = read("".join(lines).replace("\n", line_end).encode("utf-8-sig" if bom else "utf-8"))
    assert export.problems == ()
    assert export.read_back
    expected = {(section, name): value for section, options in sections.items() for name, value in options.items()}
    found = export.content()
    assert found.keys() == expected.keys()
    assert all(found[key] == value for key, value in expected.items() if not isinstance(found[key], Secret))


LINE = st.one_of(
    st.text(st.sampled_from("[]#;/= \tab"), max_size=12),
    st.sampled_from(
        ["[a]", "[#a]", "#[a]", "#[#a]", "[##a]", "a=1", "#a=1", "##a=1", "# #a = 1", "#;a=1", "#//a=1", "a==", "=", "#="]
    ),
)


@given(st.lists(LINE, max_size=12))
@example(["[#a]", "##b=1"])
@example(["[#a]", "#;b=1"])
@example(["#[#]", "#[ ]"])
def test_whatever_is_read_is_the_same_when_written_and_read_again(lines: list[str]) -> None:
    assert read("\n".join(lines)).read_back


@given(st.binary(max_size=60))
def test_no_bytes_break_the_reader_and_every_line_is_accounted_for(data: bytes) -> None:
    export = read(data)
    assert export.read_back
    lines = {section.line for section in export.sections} | {o.line for s in export.sections for o in s.options}
    named = lines | {problem.line for problem in export.problems}
    text = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    for number, line in enumerate(text.split(b"\n"), 1):
        stripped = line.strip(b" \t")
        assert number in named or not stripped or stripped.startswith((b"#", b";", b"//"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a]\nrubbish", [(2, ProblemKind.NOT_UNDERSTOOD)]),
        ("[]\n[a]\nx=1", [(1, ProblemKind.NOT_UNDERSTOOD)]),
        ("[ ]\n", [(1, ProblemKind.NOT_UNDERSTOOD)]),
        ("[a]\n=1", [(2, ProblemKind.NOT_UNDERSTOOD)]),
        ("[a\nx=1", [(1, ProblemKind.NOT_UNDERSTOOD), (2, ProblemKind.BEFORE_SECTION)]),
        ("[a] ; was = b\nx=1", [(1, ProblemKind.NOT_UNDERSTOOD), (2, ProblemKind.BEFORE_SECTION)]),
        ("x=1\n[a]", [(1, ProblemKind.BEFORE_SECTION)]),
        ("[a]\nx=1\nx=1", [(3, ProblemKind.DUPLICATE)]),
        ("[a]\nx=1\n[b]\n[a]\nx=2", [(4, ProblemKind.DUPLICATE_SECTION), (5, ProblemKind.DUPLICATE)]),
        (b"[a]\nx=\x81\ny=\xe4", [(2, ProblemKind.UNDECODABLE)]),
        (b"\xef\xbb\xbf[a]\nx=\xe4", [(2, ProblemKind.UNDECODABLE)]),
        (b"[a]\nx=1\x002", [(2, ProblemKind.UNDECODABLE)]),
        (b"[a]\r\rrub\x00bish\r\nx=1\n", [(3, ProblemKind.UNDECODABLE)]),
    ],
)  # fmt: skip
def test_every_kind_of_problem_is_named_with_its_line(text: str | bytes, expected: list[tuple[int, ProblemKind]]) -> None:
    assert kinds(read(text)) == expected


@pytest.mark.parametrize(
    ("text", "incomplete"),
    [("[a]\nrubbish", True), ("x=1\n[a]", True), (b"[a]\nx=\x81", True), ("[a]\nx=1\nx=2\n[a]", False), ("[a]\nx=1", False)],
)  # fmt: skip
def test_only_what_was_not_understood_makes_the_options_unknown(text: str | bytes, incomplete: bool) -> None:  # noqa: FBT001
    assert (read(text).incomplete is not None) is incomplete


def test_of_a_duplicate_both_are_kept_and_the_last_one_counts() -> None:
    export = read("[a]\nx=1\nx=2")
    assert [option.value for _, option in export.enabled_options()] == ["1", "2"]
    assert export.content() == {("a", "x"): "2"}


@pytest.mark.parametrize("text", ["[a]\nx=1\n#x=2", "[a]\nx=1\n[#a]\nx=2", "[a]\nx=1\n#[a]\nx=2", "[a]\n[b]\nx=1"])
def test_what_is_disabled_is_no_duplicate(text: str) -> None:
    assert read(text).problems == ()


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("x=a;b:c,d#e=f[g]", "a;b:c,d#e=f[g]"),
        (" \tx\t = \t a b \t", "a b"),
        ("x=", ""),
        ("x=#1", "#1"),
        ("x=;1", ";1"),
        ("x=//host/share", "//host/share"),
        ("x=%(y)s", "%(y)s"),
        ("x=[a]", "[a]"),
        ("x==", "="),
    ],
)
def test_a_value_is_kept_as_it_is_but_for_blanks_around_it(line: str, value: str) -> None:
    assert values(f"[a]\n{line}\n") == {("a", "x"): value}


def test_an_empty_value_is_set() -> None:
    assert read("[a]\nx=").has_options


@pytest.mark.parametrize("text", ["", "[a]\n", "[a]\n#x=1", "[#a]\nx=1", "; nothing\n"])
def test_an_export_without_an_enabled_option_has_none(text: str) -> None:
    assert not read(text).has_options


@pytest.mark.parametrize(
    "line", ["", "  \t", "; x=2", ";", "// x=2", "# a comment", "#", "##", "#[]", "#[ ]", "#[broken", " # x "]
)
def test_blank_lines_and_comments_are_nothing(line: str) -> None:
    export = read(f"{line}\n[a]\n{line}\nx=1\n{line}")
    assert export.problems == ()
    assert [option.name for _, option in export.enabled_options()] == ["x"]
    assert len(export.sections) == 1


@pytest.mark.parametrize(
    ("text", "section", "name"),
    [
        ("[a]\n#x=1", "a", "x"),
        ("[a]\n # x = 1", "a", "x"),
        ("[#a]\nx=1", "a", "x"),
        ("#[a]\nx=1", "a", "x"),
        ("[# a ]\n#x=1", "a", "x"),
        ("[a]\n##x=1", "a", "#x"),
        ("[##a]\nx=1", "#a", "x"),
    ],
)
def test_disabled_forms(text: str, section: str, name: str) -> None:
    export = read(text)
    [block] = export.sections
    [option] = block.options
    assert (block.name, option.name, option.enabled) == (section, name, False)
    assert export.content() == {}


def test_an_option_after_a_disabled_section_does_not_fall_into_the_one_before() -> None:
    assert values("[a]\nx=1\n#[b]\ny=2\n[c]\nz=3") == {("a", "x"): "1", ("c", "z"): "3"}


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_line_end_counts_the_same_lines(line_end: str) -> None:
    export = read(line_end.join(["[a]", "x=1", "", "y=2", "rubbish"]))
    assert [option.line for _, option in export.enabled_options()] == [2, 4]
    assert [problem.line for problem in export.problems] == [5]


def test_other_separators_of_lines_and_blanks_stand_in_a_value() -> None:
    assert values("[a]\nx=1\x0b2\x0c3\x85\u20284\u00a0") == {("a", "x"): "1\x0b2\x0c3\x85\u20284\u00a0"}


@pytest.mark.parametrize(
    ("data", "encoding"),
    [("[ä]\nx=€".encode(), "utf-8"), ("[ä]\nx=€".encode("utf-8-sig"), "utf-8"), ("[ä]\nx=€".encode("cp1252"), "cp1252")],
)  # fmt: skip
def test_encodings(data: bytes, encoding: str) -> None:
    assert values(data) == {("ä", "x"): "€"}
    assert read(data).encoding == encoding


def test_a_replacement_character_of_the_file_itself_is_text() -> None:
    assert read("[a]\nx=\ufffd").problems == ()


def test_names_keep_their_case() -> None:
    assert values("[A]\nX=1\nx=2") == {("A", "X"): "1", ("A", "x"): "2"}


def test_a_secret_is_a_digest_and_equal_ones_are_equal() -> None:
    export = read("[a]\npassword=hunter2\n[b]\npassword=hunter2\n[c]\npassword=other")
    first, second, third = export.content().values()
    assert first == second != third
    assert "hunter2" not in repr(export)
    assert str(first) == "(secret, not shown)"


@pytest.mark.parametrize(
    "text", ["[a]\npassword hunter2", "[a]\npassword: hunter2", "password=hunter2", b"[a]\npassword=hunter2\x00"]
)
def test_a_problem_shows_no_secret(text: str | bytes) -> None:
    export = read(text)
    assert export.problems
    assert "hunter2" not in repr(export.problems)


def test_a_problem_shows_no_value_and_nothing_that_cannot_be_printed() -> None:
    [problem] = read("[a]\nrub\x1b[31mbish\x07").problems
    assert problem.text.isprintable()
    [problem] = read("value of x=42").problems
    assert "42" not in problem.text
    assert len(read("[a]\n" + "x" * 500).problems[0].text) < 70


def test_digests_tell_equal_bytes_and_depend_on_the_key() -> None:
    other = parse(b"[a]", "b.cfg", Redactor(b"another key" * 3))
    assert read("[a]").digest == read("[a]").digest != read("[a] ").digest
    assert read("[a]").digest != other.digest


def test_where_names_the_line_of_a_file_and_the_endpoint_alone() -> None:
    assert read("[a]").where(3) == "a.cfg:3"
    assert read("[a]").where(0) == "a.cfg"
