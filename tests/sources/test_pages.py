# SPDX-License-Identifier: Apache-2.0
"""Whether the pages of GWS are the whole list, however the server pages."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orsgate.sources.gws_pages import NotWholeError, PagesRead, again

LIMIT = 10


def objects(count: int) -> list[Any]:
    return [{"DBID": str(100 + number), "name": f"ORS_{number}"} for number in range(count)]


def read(serve: Any, total: int | None = None) -> tuple[list[Any], PagesRead]:
    """Everything that a server gives, asked for as the source does."""
    pages = PagesRead("applications", LIMIT)
    page = serve(0)
    found = pages.fresh(page, total)
    overlap, size = again(len(page)), len(page)
    offset = size - overlap
    while not pages.is_complete:
        page = serve(offset)
        found = found + pages.fresh(page, total)
        offset += max(len(page) - overlap, 0)
    if why := pages.why_not_whole:
        raise NotWholeError(why)
    return found, pages


@given(count=st.integers(0, 60), most=st.integers(1, 25), total=st.booleans())
def test_a_server_that_knows_offset_is_read_whole(count, most, total):
    there = objects(count)
    found, pages = read(lambda offset: there[offset : offset + most], count if total else None)
    assert found == there
    assert not pages.remark


@given(count=st.integers(2, 60), most=st.integers(2, 25), total=st.booleans())
def test_a_server_that_ignores_offset_is_never_taken_for_whole_without_a_word(count, most, total):
    there = objects(count)[:most]
    whole = len(there) == count
    try:
        found, pages = read(lambda _: there, count if total else None)
    except NotWholeError:
        assert len(there) == LIMIT or (total and not whole)
    else:
        assert found == there
        assert bool(pages.remark) is not total
        assert whole or not total


@given(count=st.integers(12, 40), gone=st.integers(0, 9))
def test_an_object_that_goes_between_two_pages_is_noticed(count, gone):
    there = objects(count)

    def serve(offset: int) -> list[Any]:
        page = there[offset : offset + LIMIT]
        if offset == 0:
            del there[gone]
        return page

    with pytest.raises(NotWholeError, match="changed while it was read"):
        read(serve)


def test_a_total_that_changes_is_noticed():
    pages = PagesRead("applications", LIMIT)
    pages.fresh(objects(4), 8)
    with pytest.raises(NotWholeError, match="changed"):
        pages.fresh(objects(8)[3:7], 7)


def test_pages_that_repeat_and_go_on_are_not_whole():
    there = objects(12)
    answers = iter([there[:4], there[:4], there[4:8]])
    with pytest.raises(NotWholeError, match="repeat"):
        read(lambda _: next(answers))


@pytest.mark.parametrize("dbid", ["", "0", 0, "7"])
def test_two_objects_with_one_dbid_are_two(dbid):
    there = [{"DBID": dbid, "name": name} for name in ("ORS_1", "ORS_2", "ORS_3")]
    found, _ = read(lambda offset: there[offset : offset + LIMIT])
    assert found == there
