# SPDX-License-Identifier: Apache-2.0
"""Whether pages of GWS are the whole list: nobody documents how it pages, so its answers must show it."""

from __future__ import annotations

from typing import Any

Page = tuple[list[Any], int | None]
"""Objects, and how many there are in all where GWS says so."""
_CHANGED = "the list changed while it was read; run it again"


class NotWholeError(Exception):
    """The pages are not the whole list; the message says how."""


def again(size: int) -> int:
    """How many objects a page is to have in common with the one before, where pages have ``size`` objects."""
    return 1 if size > 1 else 0


class PagesRead:
    """The pages of one collection as they come.

    Args:
        what: the collection.
        limit: how many objects were asked for at once.

    Attributes:
        is_complete: whether no further page need be asked for.
        remark: what is not proven of the list; empty where all is.
    """

    def __init__(self, what: str, limit: int) -> None:
        self._what = what
        self._limit = limit
        self._seen: set[object] = set()
        self._first: list[object] | None = None
        self._last: object = None
        self._expected: int | None = None
        self._repeats = 0
        self.is_complete = False
        self.remark = ""

    def fresh(self, found: list[Any], total: int | None) -> list[Any]:
        """The objects of the next page that were not read before.

        Raises:
            NotWholeError: the page does not follow on the one before.
        """
        keys = [_key(each) for each in found]
        if total is not None:
            if self._expected not in {None, total}:
                raise NotWholeError(_CHANGED)
            self._expected = total
        if self._first is None:
            self._first = keys
        elif keys == self._first and len(keys) > 1:
            return self._repeated(found)
        elif self._repeats:
            raise NotWholeError("its pages repeat")
        else:
            found, keys = self._following(found, keys)
        known = len(self._seen)
        self._seen.update(keys)
        if len(self._seen) != known + len(keys):
            raise NotWholeError(_CHANGED if known else "an object stands in it twice")
        self._last = keys[-1] if keys else self._last
        self.is_complete = not keys or self._has_all
        return found

    def _following(self, found: list[Any], keys: list[object]) -> tuple[list[Any], list[object]]:
        if again(len(self._first or ())):
            if keys[:1] != [self._last]:
                raise NotWholeError(_CHANGED)
            return found[1:], keys[1:]
        if keys and keys[0] == self._last:  # a list of one, whatever the offset is
            return found[1:], keys[1:]
        return found, keys

    def _repeated(self, found: list[Any]) -> list[Any]:
        """The first page once more: the server gives the same whatever the offset is, if it does so again."""
        if len(found) == self._limit:
            raise NotWholeError(f"{len(found)} objects, whatever the offset is")
        self._repeats += 1
        self.is_complete = self._repeats > 1 or self._has_all
        if self._expected is None:
            self.remark = f"GWS gives the same {len(found)} {self._what} whatever the offset is; that these are all is not proven"
        return []

    @property
    def _has_all(self) -> bool:
        return self._expected is not None and len(self._seen) >= self._expected

    @property
    def why_not_whole(self) -> str:
        """How it is known that the list is not whole; empty where nothing says so."""
        if self._expected is not None and len(self._seen) != self._expected:
            return f"{len(self._seen)} of {self._expected} objects"
        return ""


def _key(found: object) -> object:
    """What tells one object from another: DBID and name, else all of it."""
    if isinstance(found, dict):
        entries = {key.lower(): value for key, value in found.items() if key.lower() in {"dbid", "name"}}
        dbid, name = entries.get("dbid"), entries.get("name")
        if isinstance(dbid, str | int) and str(dbid).strip() not in {"", "0"} and isinstance(name, str):
            return str(dbid), name
    return repr(found)
