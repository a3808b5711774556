# SPDX-License-Identifier: Apache-2.0
"""Foreign text becomes visible, and stays as it is where it is visible."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orsgate.reporting.text import how_long, visible


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
    ],
)
def test_what_cannot_be_seen_is_named(text, shown):
    assert visible(text) == shown


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
