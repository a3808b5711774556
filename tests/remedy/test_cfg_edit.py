# SPDX-License-Identifier: Apache-2.0
"""Options change in the bytes of a file, nothing else does, and what was there can be given back byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from orsgate.estate.export import Export, parse
from orsgate.estate.mistakes import InputError
from orsgate.estate.secret import Revealer
from orsgate.remedy.applied import changed
from orsgate.remedy.cfg_edit import Edited, edited, taken_back
from orsgate.remedy.changes import OptionChange

SECTIONS = ("orchestration", "persistence", "cluster", "log")
NAMES = ("a", "b", "mcr-pull-limit", "site")
VALUES = ("", "1", "true", "x=y;[z]#", "K\u00f6ln", "a b")
BLANKS = st.sampled_from(("", " ", "\t", "  "))
ENDS = ("\n", "\r\n", "\r")


@st.composite
def lines(draw: st.DrawFn) -> str:
    before, after = draw(BLANKS), draw(BLANKS)
    kind = draw(st.integers(0, 6))
    if kind == 0:
        text = draw(st.sampled_from([f"[{name}]" for name in SECTIONS] + ["[#log]", "#[cluster]"]))
    elif kind == 1:
        text = draw(st.sampled_from(("; note", "// note", "# note", "#", "")))
    else:
        mark = "#" if kind == 2 else ""
        text = f"{mark}{draw(st.sampled_from(NAMES))}{draw(BLANKS)}={draw(BLANKS)}{draw(st.sampled_from(VALUES))}"
    return before + text + after


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Files that are understood: in each encoding, with each line end, also mixed ones, with and without one at the end."""
    body = ["[orchestration]", *draw(st.lists(lines(), max_size=12))]
    ends = draw(st.lists(st.sampled_from(ENDS), min_size=len(body), max_size=len(body)))
    text = "".join(map("".join, zip(body, ends, strict=True)))
    if draw(st.booleans()):
        text = text.rstrip("\r\n")
    data = text.encode(draw(st.sampled_from(("utf-8", "cp1252"))))
    return b"\xef\xbb\xbf" + text.encode() if draw(st.booleans()) else data


@st.composite
def changes_of(draw: st.DrawFn, export: Export) -> list[OptionChange]:
    """Changes of options that are there, and of such that are not; sections that are deleted with all they hold."""
    found: list[OptionChange] = []
    keys = draw(st.lists(st.tuples(st.sampled_from(SECTIONS), st.sampled_from(NAMES)), unique=True, max_size=5))
    for section, name in keys:
        after = draw(st.one_of(st.none(), st.sampled_from(VALUES)))
        before = export.content().get((section, name))
        found.append(_change(section, name, None if before is None else str(before), after))
    if draw(st.booleans()):
        found = [change for change in found if change.section != "cluster"]
        for block in export.sections:
            if block.name == "cluster" and block.enabled:
                marks = ((option, "" if option.enabled else "#") for option in block.options)
                found += [_change("cluster", f"{mark}{option.name}", str(option.value), None) for option, mark in marks]
        found.append(_change("cluster", "", "", None))
    return found


def _change(section: str, option: str, before: str | None, after: str | None) -> OptionChange:
    return OptionChange("ORS_1", "application", "options", section, option, before, after, ("ORS-0201",))


def _parsed(data: bytes) -> Export:
    return parse(data, "ORS_1.cfg", Revealer())


@pytest.mark.slow
@given(st.data())
def test_what_was_edited_is_given_back_and_holds_what_was_planned(data: st.DataObject) -> None:
    original = data.draw(files())
    export = _parsed(original)
    assume(export.incomplete is None)
    wanted = data.draw(changes_of(export))
    try:
        made = edited(original, wanted, "ORS_1.cfg")
    except InputError:
        return  # the file has an encoding that cannot hold a value
    assert taken_back(made.data, made.edits) == original
    after = _parsed(made.data)
    assume(after.encoding == export.encoding)  # with its last umlaut a file of Windows-1252 may become one of UTF-8
    assert after.incomplete is None
    assert after.content() == changed(export, wanted).content()
    assert _disabled(after) == _disabled(changed(export, wanted))


def _disabled(export: Export) -> list[tuple[str, str, str]]:
    return sorted(
        (section.name, option.name, str(option.value))
        for section in export.sections
        for option in section.options
        if not option.enabled
    )


@pytest.mark.slow
@given(files())
def test_without_a_change_every_byte_stays(original: bytes) -> None:
    assume(_parsed(original).incomplete is None)
    assert edited(original, [], "ORS_1.cfg") == Edited(original, ())


@pytest.mark.slow
@given(st.data())
def test_lines_that_do_not_change_stay_in_order(data: st.DataObject) -> None:
    original = data.draw(files())
    export = _parsed(original)
    assume(export.incomplete is None)
    name = data.draw(st.sampled_from(NAMES))
    made = edited(original, [_change("orchestration", name, None, None)], "ORS_1.cfg")
    gone = {option.line for section in export.sections if section.name == "orchestration" and section.enabled
            for option in section.options if option.enabled and option.name == name}  # fmt: skip
    assert {edit.line for edit in made.edits} == gone
    assert all(edit.added == b"" for edit in made.edits)


def _edit(text: str, *wanted: OptionChange) -> str:
    return edited(text.encode(), wanted, "ORS_1.cfg").data.decode()


def test_a_value_changes_within_its_line() -> None:
    text = "; head\r\n[log]\r\n  all =  /var/log \t\r\n#all=old\r\n"
    assert _edit(text, _change("log", "all", "/var/log", "/srv")) == text.replace("/var/log", "/srv")


def test_a_new_option_comes_last_in_its_section_and_a_new_section_last_in_the_file() -> None:
    text = "[log]\nall=x\n\n[scxml]\nid=1"
    after = _edit(text, _change("log", "expire", None, "20"), _change("custom", "site", None, "A"))
    assert after == "[log]\nall=x\nexpire=20\n\n[scxml]\nid=1\n\n[custom]\nsite=A"


def test_every_line_of_a_duplicate_changes() -> None:
    assert _edit("[log]\nall=x\nall=y\n", _change("log", "all", "x", "z")) == "[log]\nall=z\nall=z\n"


def test_comments_of_a_deleted_section_stay() -> None:
    text = "[log]\nall=x\n\n[cluster]\n; why\nname=A\n"
    gone = (_change("cluster", "name", "A", None), _change("cluster", "", "", None))
    assert _edit(text, *gone) == "[log]\nall=x\n\n; why\n"


def test_a_section_that_still_holds_something_is_not_deleted() -> None:
    with pytest.raises(ValueError, match="still holds name"):
        _edit("[cluster]\nname=A\n", _change("cluster", "", "", None))


def test_an_empty_file_gets_its_first_section() -> None:
    assert _edit("", _change("log", "all", None, "x")) == "[log]\nall=x\n"


def test_the_byte_order_mark_stays_when_the_first_line_goes() -> None:
    data = b"\xef\xbb\xbf[cluster]\n[log]\nall=x\n"
    assert edited(data, [_change("cluster", "", "", None)], "f").data == b"\xef\xbb\xbf[log]\nall=x\n"


def test_what_is_not_understood_is_not_touched() -> None:
    with pytest.raises(InputError, match=r"ORS_1\.cfg:2: this line is not understood"):
        _edit("[log]\nall\n", _change("log", "all", None, "x"))


def test_a_value_that_the_encoding_has_not_is_refused() -> None:
    data = "[log]\nsite=K\u00f6ln\n".encode("cp1252")
    with pytest.raises(InputError, match="has not; save the file as UTF-8"):
        edited(data, [_change("log", "site", "", "\u6f22")], "ORS_1.cfg")


def test_a_file_that_was_changed_is_not_taken_back() -> None:
    made = edited(b"[log]\nall=x\n", [_change("log", "all", "x", "y")], "f")
    with pytest.raises(ValueError, match="line 2"):
        taken_back(made.data.replace(b"y", b"z"), made.edits)
