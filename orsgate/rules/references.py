# SPDX-License-Identifier: Apache-2.0
"""Names by which objects of the configuration refer to applications, and names that are nearly right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from orsgate.estate.decisions import unresolved
from orsgate.estate.estate import Estate
from orsgate.estate.judgement import Findings


def folded(name: str) -> str:
    """What names have in common that differ only in letter case or blanks."""
    return "".join(name.split()).casefold()


class Near:
    """Finds the name that another one differs from only in letter case or blanks."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names: dict[str, str] = {}
        for name in names:
            self._names.setdefault(folded(name), name)

    def to(self, name: str) -> str | None:
        """The name that ``name`` nearly is; None where none is near, or where it is exactly that one."""
        found = self._names.get(folded(name))
        return found if found != name else None


@dataclass(frozen=True, slots=True)
class Reference:
    """A name by which one object refers to an application.

    Attributes:
        kind: what refers to it: ``backup``, ``connection`` or ``cluster member``.
        name: the name.
        owner: the object that holds the reference.
        where: where it was read.
    """

    kind: str
    name: str
    owner: str
    where: str


class References:
    """Reports references to applications that the inventory does not have."""

    def __init__(self, estate: Estate, findings: Findings) -> None:
        self._estate = estate
        self._findings = findings
        self._near = Near(estate.applications)

    def missing(self, subject: str, reference: Reference, fix: str) -> None:
        """Report a name that no application has: known to be wrong in files, not known from a live source.

        A live source shows only what the account may see; a name that is nearly a visible one is wrong all the same.
        """
        kind, name, where = reference.kind, reference.name, reference.where
        meant = self._near.to(name)
        if meant is not None:
            found = f'the {kind} "{name}" names no application, and is "{meant}" but for letter case or blanks'
            self._findings.violation(subject, found, f'"{meant}"', where, f'Write "{meant}" in place of "{name}".')
        elif self._estate.configuration.by_account:
            self._findings.gap(subject, unresolved(self._estate, reference.owner, kind, name, where))
        else:
            found = f'the {kind} "{name}" names no application'
            self._findings.violation(subject, found, "the name of an application that exists", where, fix)
