# SPDX-License-Identifier: Apache-2.0
"""Options as ``.cfg`` text: what is written is read back as it was, and what is not written is named."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from orsgate.discovery.cfg_text import CfgText, LeftOut, cfg_text
from orsgate.estate.export import Export, Option, Section, parse
from orsgate.estate.secret import Redactor, Revealer
from orsgate.sources.key_values import KeyValues, as_export

EMPTY = "the section holds no option that can be written"
Shape = list[tuple[str, bool, list[tuple[str, str, bool]]]]


def export(*sections: Section) -> Export:
    return Export("gax.example:443", sections)


def section(name: str, *options: Option, enabled: bool = True) -> Section:
    return Section(name, 0, enabled, options)


def option(name: str, value: str = "1", **fields: object) -> Option:
    return Option(name, value, 0, **fields)  # type: ignore[arg-type]


def read_back(written: CfgText) -> Export:
    return parse(written.text.encode(), "ORS_1.cfg", Revealer())


def shape(read: Export) -> Shape:
    return [(s.name, s.enabled, [(o.name, str(o.value), o.enabled) for o in s.options]) for s in read.sections]


def kept(whole: Export, left_out: tuple[LeftOut, ...]) -> Shape:
    """The shape of what was not left out."""
    lost = {(each.section, each.option) for each in left_out if each.why != EMPTY}
    found: Shape = []
    for each in whole.sections:
        options = [
            (single.name, str(single.value), single.enabled and each.enabled)
            for single in each.options
            if (each.name, single.name) not in lost
        ]
        if options:
            found.append((each.name, each.enabled, options))
    return found


PIECES = st.sampled_from(
    ["a", "A", "ä", "x", "=", "[x]", "[", "]", "#", "//", ";", " ", "\t", "\n", "\r", "\0", "\x0b", "\x85", "\u2028", "\u200f",
     "\u202e", "\ud800", "\udc81", "\ufeff", "\xa0", "\U0001f600", "cluster", "%(y)s", '"', "\\"]
)  # fmt: skip
TEXT = st.one_of(st.lists(PIECES, max_size=5).map("".join), st.text(max_size=8))
OPTION = st.builds(
    Option, TEXT, TEXT, st.just(0), st.booleans(),
    st.sampled_from(["string", "string", "string", "string", "integer", "binary", "list"]),
)  # fmt: skip
SECTION = st.builds(Section, TEXT, st.just(0), st.booleans(), st.lists(OPTION, max_size=5).map(tuple))


@pytest.mark.slow
@given(st.lists(SECTION, max_size=5))
@example([section("#a", option("b"))])
@example([section("#", option("#", enabled=False), enabled=False)])
@example([section("a", option("//b", enabled=False), enabled=False), section("b")])
@example([section("a", option("b", "1"), option("B", "2"), option("b", "3")), section("A", option("b", ""))])
@example([section("a", option("b")), section("b", option("b")), section("a", option("c"))])
@example([section("", option("", enabled=False), enabled=False)])
def test_what_was_not_left_out_is_read_back_as_it_was(sections: list[Section]) -> None:
    whole = export(*sections)
    written = cfg_text(whole)
    again = read_back(written)
    names = [(each.name, single.name) for each in sections for single in each.options]
    lost = [(each.section, each.option) for each in written.left_out if each.why != EMPTY]
    if not {name for name in names if names.count(name) > 1} & set(lost):  # else only the order tells which one was left out
        assert shape(again) == kept(whole, written.left_out)
    assert again.incomplete is None
    assert written.options == sum(len(each.options) for each in again.sections)
    without_options = sum(not each.options for each in sections)
    assert written.options + len(lost) - without_options <= len(names) <= written.options + len(lost)


FIT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=8).filter(
    lambda text: text == text.strip()
)
NAME = FIT.filter(lambda name: not set("=[]#;/") & set(name))


@pytest.mark.slow
@given(st.dictionaries(NAME, st.dictionaries(NAME, st.one_of(st.just(""), FIT), min_size=1, max_size=4), max_size=4))
def test_ordinary_names_and_any_printable_value_are_never_left_out(content: dict[str, dict[str, str]]) -> None:
    whole = export(*(section(name, *(option(key, value) for key, value in options.items())) for name, options in content.items()))
    written = cfg_text(whole)
    assert written.left_out == ()
    assert read_back(written).content() == {
        (name, key): value for name, options in content.items() for key, value in options.items()
    }


def test_the_text_is_that_of_configuration_manager() -> None:
    whole = export(
        section("orchestration", option("mcr-pull-limit", "500"), option("old", "a=b", enabled=False)),
        section("gone", option("x", "1", enabled=False), enabled=False),
    )
    assert cfg_text(whole) == CfgText("[orchestration]\nmcr-pull-limit=500\n#old=a=b\n\n[#gone]\nx=1\n", 3, ())


def test_nothing_to_write_is_the_empty_text() -> None:
    assert cfg_text(export()) == CfgText("", 0, ())


TOLD_BY_NOBODY = "hunter2 "
REDACTED = Option("password", Redactor().value("log", "password", TOLD_BY_NOBODY), 0)


@pytest.mark.parametrize(
    ("lost", "why"),
    [
        (REDACTED, "its value was not kept when it was read, since it is a secret"),
        (option("a", "7", type="integer"), "its type is integer, and the format holds strings only"),
        (option("a", TOLD_BY_NOBODY), "its value begins or ends with a blank, which is trimmed when it is read"),
        (option("a", f"{TOLD_BY_NOBODY}\n2"), "its value holds a line break or another control character"),
        (option("a", f"{TOLD_BY_NOBODY}\ud800"), "its value holds half a character, which no encoding can write"),
        (option("a\0b"), "its name holds a line break or another control character"),
        (option("a "), "its name begins or ends with a blank, which is trimmed when it is read"),
        (option(""), "its name is empty"),
        (option("a=b"), "its name holds =, where the value would begin"),
        (option("[a"), "its name begins with [, which reads as a section"),
        (option("#a"), "its name begins with #, which reads as disabled"),
        (option(";a"), "its name begins like a comment"),
        (option("//a"), "its name begins like a comment"),
    ],
)  # fmt: skip
def test_an_option_that_the_format_cannot_hold_is_named_without_its_value(lost: Option, why: str) -> None:
    written = cfg_text(export(section("log", lost, option("verbose", "all"))))
    assert written.text == "[log]\nverbose=all\n"
    assert written.left_out == (LeftOut("log", lost.name, why),)
    assert TOLD_BY_NOBODY.strip() not in repr(written)


@pytest.mark.parametrize(
    ("name", "enabled", "why"),
    [
        ("a]b", True, "the name of its section holds a square bracket, which ends it"),
        ("[", False, "the name of its section holds a square bracket, which ends it"),
        (" a", True, "the name of its section begins or ends with a blank, which is trimmed when it is read"),
        ("#a", True, "the name of its section begins with #, which reads as disabled"),
        ("a\rb", True, "the name of its section holds a line break or another control character"),
        ("", True, "the name of its section is empty"),
    ],
)
def test_every_option_of_a_section_that_cannot_be_written_is_named(name: str, enabled: bool, why: str) -> None:  # noqa: FBT001
    written = cfg_text(export(section(name, option("x"), option("y"), enabled=enabled)))
    assert written.text == ""
    assert written.left_out == (LeftOut(name, "x", why), LeftOut(name, "y", why))
    assert cfg_text(export(section(name, enabled=enabled))).left_out == (LeftOut(name, "", why),)


def test_a_section_without_an_option_is_named() -> None:
    assert cfg_text(export(section("log"))).left_out == (LeftOut("log", "", EMPTY),)
    assert cfg_text(export(section("log", option("a", type="list")))).left_out[-1] == LeftOut("log", "", EMPTY)


@pytest.mark.parametrize("value", ["", "#1", ";1", "//1", "[a]", "a=b", "a\tb", "\xa0", "\u200f", "\ufeff", "%(y)s"])
def test_a_value_that_is_read_back_is_written(value: str) -> None:
    written = cfg_text(export(section("log", option("a", value))))
    assert written.left_out == ()
    assert read_back(written).content() == {("log", "a"): value}


def test_what_a_live_source_shows_beside_the_sections_is_named() -> None:
    found = as_export(KeyValues((("log", "verbose", "all", "string"),), ("log",), ("stray",)), "gax", Revealer())
    written = cfg_text(found)
    assert written.text == "[log]\nverbose=all\n"
    assert written.left_out == (LeftOut("", "stray", "it stands beside the sections, where a file has no place for it"),)
