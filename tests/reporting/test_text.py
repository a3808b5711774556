# SPDX-License-Identifier: Apache-2.0
"""Foreign text becomes visible, and stays as it is where it is visible."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orsgate.reporting.text import how_long, no_command, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zürich 東京 ✓", "Zürich 東京 ✓"),
        ("a\tb\nc", "a\tb\nc"),
        ("a\rb\x00\x7f", "a␍b␀␡"),
        ("a\u202eb", "a[U+202E]b"),
        ("a\u200bb\ufeff", "a[U+200B]b[U+FEFF]"),
        ("a\x85b", "a[U+0085]b"),
        ("a\udc80", "a[U+DC80]"),
        ("A\u3164\u2800\xa0B", "A[U+3164][U+2800][U+00A0]B"),
        ("A\U000e0041\ufe0f\u200d\u034fB", "A[U+E0041][U+FE0F][U+200D][U+034F]B"),
    ],
)
def test_what_cannot_be_seen_is_named(text, shown):
    assert visible(text) == shown


def test_no_two_names_that_differ_by_what_is_not_drawn_look_alike():
    """Default_Ignorable_Code_Point and White_Space of the Unicode Character Database, as far as Python's module tells them."""
    for number in range(0x110000):
        character = chr(number)
        if (
            unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
            and character not in "\t\n"
            and not _is_drawn(number)
        ):
            assert visible(character) != character, hex(number)


def _is_drawn(number: int) -> bool:
    """Characters of category Cf with a shape: signs before numbers in Arabic, Syriac and Kaithi, controls of hieroglyphs."""
    return number in {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD, *range(0x13430, 0x13440)}


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("::error::x", ": :error::x"),
        ("   ::stop-commands::x", "   : :stop-commands::x"),
        (
            "a ##[stop-commands]b ##vso[task.complete result=Succeeded;]",
            "a # #[stop-commands]b # #vso[task.complete result=Succeeded;]",
        ),
        ("##teamcity[testFinished]", "# #teamcity[testFinished]"),
        ("ORS::A1: a :: b, #[cluster] ## c", "ORS::A1: a :: b, #[cluster] ## c"),
    ],
)
def test_no_line_is_a_command_to_a_build_server(line, shown):
    assert no_command(line) == shown


@given(st.text(st.characters(exclude_categories=())))
def test_xml_takes_whatever_is_visible(text):
    element = ET.Element("a", b=visible(text))
    element.text = visible(text)
    read = ET.fromstring(ET.tostring(element, encoding="us-ascii"))  # noqa: S314 - written here
    assert (read.text or "") == read.get("b") == visible(text)


def test_spans_of_time_are_told_in_at_most_two_units():
    told = {0: "0 s", -5: "0 s", 59: "59 s", 60: "1 min", 3599: "59 min", 3600: "1 h", 5400: "1 h 30 min"}
    told |= {86400: "1 day", 86400 * 3 + 3600 * 4 + 59: "3 days 4 h", 86400 * 10 + 3600 * 4: "10 days"}
    assert {seconds: how_long(timedelta(seconds=seconds)) for seconds in told} == told
