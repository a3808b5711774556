# SPDX-License-Identifier: Apache-2.0
"""File names for applications: in one directory, on Linux and Windows."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orsgate.discovery.file_names import alike, file_name


@pytest.mark.parametrize(
    "name", ["ORS_1", "ORS 1", "Überlauf", ".hidden", "a.b", "-rf", "con_1", "COMA", "lpt10", "x" * 200, "~", "$HOME"]
)
def test_an_ordinary_name_is_the_name_of_its_file(name: str) -> None:
    assert file_name(name) == f"{name}.cfg"
    assert file_name(name, ".log") == f"{name}.log"


@pytest.mark.parametrize(
    "name",
    ["", " ", ".", "..", "...", "../a", "/etc/passwd", "a/b", "a\\b", "..\\a", "C:a", "a\0b", "a\nb", "a\x7f", "a\x85b", "a.",
     "a ", "CON", "con.txt", "NUL", "nul .x", "aux", "PRN", "COM1", "lpt9", "COM¹", "conin$", "a<b", "a>", '"a', "a|b", "a?",
     "a*", "x" * 201, "ä" * 101, "\ud800", "a\udcff", "a\u2028b"],
)  # fmt: skip
def test_a_name_that_means_something_else_as_a_file_has_none(name: str) -> None:
    assert file_name(name) is None


@given(
    st.one_of(
        st.text(max_size=12), st.lists(st.sampled_from([".", "/", "\\", "a", " ", "\0", ":", "con"]), max_size=6).map("".join)
    )
)
def test_no_name_leads_out_of_the_directory(name: str) -> None:
    file = file_name(name)
    if file is not None:
        assert (Path("/exports") / file).resolve().parent == Path("/exports").resolve()
        windows = PureWindowsPath("C:/exports") / file
        assert (windows.parent, windows.name) == (PureWindowsPath("C:/exports"), file)
        assert not PureWindowsPath(file).is_reserved()


def test_names_are_alike_without_letter_case_and_form_of_accents() -> None:
    assert alike("ORS_Ä") == alike("ors_a\u0308")
    assert alike("a") != alike("b")
