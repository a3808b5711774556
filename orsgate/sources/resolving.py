# SPDX-License-Identifier: Apache-2.0
"""References to objects, resolved to names among what the account was shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from orsgate.estate.knowledge import Failure, Unknown, not_visible
from orsgate.sources.objects import Named, RawApplication, Reference


def nameless(dbid: int) -> str:
    """How an object is called whose name the account cannot see; both of a pair call it the same."""
    return f"(DBID {dbid})"


class Names:
    """The names of the objects of one kind.

    Args:
        kind: e.g. ``host``.
        found: the objects; an Unknown where they could not be read, None where the source does not list them.
    """

    def __init__(self, kind: str, found: Iterable[Named | RawApplication] | Unknown | None) -> None:
        self._kind = kind
        self._unknown = found if isinstance(found, Unknown) else None
        self._listed = found is not None
        objects = [] if isinstance(found, Unknown) or found is None else list(found)
        self._by_dbid: Mapping[int, str] = {each.dbid: each.name for each in objects if each.dbid is not None}
        self._names = frozenset(each.name for each in objects)
        self.missing: dict[str, Unknown] = {}
        """Names that are referred to and were not shown; what refers to them is known all the same."""

    def one(self, reference: Reference | Unknown | None, what: str, where: str) -> str | Unknown:
        """The name of the object that ``reference`` means.

        Args:
            reference: DBID or name; None means none.
            what: e.g. ``the host of ORS_1``.
            where: where the reference was read.
        """
        if isinstance(reference, Unknown):
            return reference
        if reference is None:
            return Unknown(f"{what} is not given", where, Failure.NOT_GIVEN)
        if isinstance(reference, str):
            if self._listed and self._unknown is None and reference not in self._names:
                self.missing.setdefault(reference, not_visible(self._kind, f'"{reference}"', where))
            return reference
        if name := self._by_dbid.get(reference):
            return name
        if not self._listed:
            return Unknown(f"{what} has the DBID {reference}, and no {self._kind}s were exported", where, Failure.MISSING)
        return self._unknown or not_visible(self._kind, f"with DBID {reference}", where)

    def several(self, references: tuple[Reference, ...] | Unknown, where: str) -> tuple[str, ...] | Unknown:
        """The names of the objects that ``references`` mean; an Unknown where one of them is not known."""
        if isinstance(references, Unknown):
            return references
        found = [self.one(reference, f"the {self._kind}", where) for reference in references]
        unknown = next((each for each in found if isinstance(each, Unknown)), None)
        return unknown or tuple(each for each in found if isinstance(each, str))

    def called(self, reference: Reference) -> str:
        """The name of the object that ``reference`` means, or how one is called whose name was not shown."""
        return reference if isinstance(reference, str) else self._by_dbid.get(reference) or nameless(reference)
