# SPDX-License-Identifier: Apache-2.0
"""Options are changed in an object as it was read, in either way to write them, and everything else stays."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orsgate.sources.fields import ShapeError
from orsgate.sources.option_edits import GAX, GWS, Edit, Key, Style, differences, edited, values

STYLES = {"gax": GAX, "gws": GWS}
names = st.text("abC-#é .", min_size=1, max_size=4).filter(
    lambda name: name.strip() == name and name.strip("#").strip() == name.strip("#") != ""
)
texts = st.text("ab ü=", max_size=4)
sections = st.dictionaries(names, st.dictionaries(names, texts, min_size=1, max_size=4), max_size=4)


def written(style: Style, options: dict[str, dict[str, Any]], **more: Any) -> dict[str, Any]:
    """An object with those options."""
    field = style.names["options"]
    if style.nested:
        return {field: options, **more}
    entries = [{"section": s, "key": name, "value": value} for s, held in options.items() for name, value in held.items()]
    return {field: {"property": entries}, **more}


def key(place: str) -> Key:
    section, _, option = place.partition("/")
    return Key("options", section, option)


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
@given(before=sections, after=sections)
def test_any_options_become_any_others_and_come_back_in_their_places(style, before, after):
    found = written(style, before, name="ORS_1", later=[1, None])
    text = json.dumps(found)
    wanted = differences(found, written(style, after, name="ORS_1", later=[1, None])).options
    changed = edited(found, wanted, style)
    assert json.dumps(found) == text
    assert values(changed) == values(written(style, after))
    assert {**changed, "options": None} == {**found, "options": None}
    assert not differences(changed, edited(changed, (), style))
    back = edited(changed, [edit.reverse for edit in wanted], style, like=found)
    assert json.dumps(back, sort_keys=False) == text


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
@pytest.mark.parametrize("empty", [None, "", [], {}])
def test_the_first_option_is_written_as_the_interface_does(style, empty):
    for found in ({"options": empty}, {}):
        assert edited(found, [Edit(key("a/b"), None, "1")], style) == written(style, {"a": {"b": "1"}})
    assert "userProperties" in edited({}, [Edit(Key("annex", "a", "b"), None, "1")], GWS)
    assert "userproperties" in edited({}, [Edit(Key("annex", "a", "b"), None, "1")], GAX)


def test_fields_are_found_in_any_letter_case_and_keep_it():
    assert edited({"Options": {"a": {"b": "1"}}}, [Edit(key("a/b"), "1", "2")], GWS) == {"Options": {"a": {"b": "2"}}}


def test_what_stands_beside_the_value_of_an_option_stays_and_comes_back():
    one = {"section": "a", "key": "b", "value": "1", "readonly": False}
    found = {"options": {"property": [one], "mode": "x"}}
    changed = edited(found, [Edit(key("a/b"), "1", "2")], GAX)
    assert changed == {"options": {"property": [{**one, "value": "2"}], "mode": "x"}}
    gone = edited(found, [Edit(key("a/b"), "1", None)], GAX)
    assert gone == {"options": {"property": [], "mode": "x"}}
    assert edited(gone, [Edit(key("a/b"), None, "1")], GAX, like=found) == found


@pytest.mark.parametrize(
    ("old", "text", "new"), [(5, "7", 7), (5, "07", "07"), (5, "x", "x"), (True, "false", False), (None, "x", "x")]
)
def test_a_number_stays_a_number_where_it_can(old, text, new):
    found = edited({"options": {"a": {"b": old}}}, [Edit(key("a/b"), str(old), text)], GWS)["options"]["a"]["b"]
    assert (found, type(found)) == (new, type(new))


def test_disabled_options_are_spoken_of_without_blanks():
    found = {"options": {"a": {"# b": "1", "b": "2"}, "# c": {"d": "3"}}}
    assert values(found) == {key("a"): "", key("a/#b"): "1", key("a/b"): "2", key("#c"): "", key("#c/d"): "3"}
    assert edited(found, [Edit(key("a/#b"), "1", None)], GWS)["options"] == {"a": {"b": "2"}, "# c": {"d": "3"}}


def test_a_single_option_without_a_list():
    found = {"options": {"property": {"section": "a", "key": "b", "value": "1"}}}
    assert values(found) == {key("a"): "", key("a/b"): "1"}
    assert values(edited(found, [Edit(key("a/c"), None, "2")], GAX)) == {key("a"): "", key("a/b"): "1", key("a/c"): "2"}


@pytest.mark.parametrize(
    ("options", "edit", "said"),
    [
        ({"a": {"b": ["x"]}}, Edit(key("a/b"), "", "1"), "holds a list"),
        ({"a": {"b": "1"}}, Edit(key("a"), "", None), "the section a holds b, which the plan does not delete"),
        ({"a": "1"}, Edit(key("a/b"), None, "1"), "holds a, which is no section"),
        (5, Edit(key("a/b"), None, "1"), "holds no options"),
        ([1], Edit(key("a/b"), None, "1"), "something that is no option"),
        ([{"section": "a", "value": ""}], Edit(key("a/b"), None, "1"), "without section or key"),
        ([{"section": "a", "key": "b"}] * 2, Edit(key("a/b"), "", "1"), "a/b stands there twice"),
        ({"a": {"#b": "1", "# b": "2"}}, Edit(key("a/#b"), "1", None), "a/#b stands there twice"),
    ],
)
def test_what_cannot_be_changed_safely_is_refused(options, edit, said):
    with pytest.raises(ShapeError, match=said):
        edited({"options": options}, [edit], GWS)


def test_other_fields_that_differ_are_named_without_what_they_hold():
    found = differences({"a": 1, "b": 2, "options": {}}, {"b": 3, "c": 4, "options": None})
    assert found == ((), ("a", "b", "c"))
