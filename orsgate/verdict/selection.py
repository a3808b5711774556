# SPDX-License-Identifier: Apache-2.0
"""What of the catalogue a user asked for: ``--only`` and ``--skip``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import get_args

from orsgate.estate.mistakes import InputError
from orsgate.rules.catalogue import STEPS, Severity

_TEAM_ID = re.compile(r"[A-Z][A-Z0-9]*-(\d\d)\d\d")


class SelectionError(InputError):
    """A selector that means nothing, or a selection that leaves nothing; the message is for the user."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The selectors of a run: ids, ``step:N`` and ``severity:NAME``; empty selects everything."""

    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()

    @classmethod
    def parse(cls, only: Iterable[str], skip: Iterable[str], known: Iterable[str], phase_ids: Mapping[str, str]) -> Selection:
        """Read repeated, comma-separated selectors.

        Args:
            only: values of ``--only``.
            skip: values of ``--skip``.
            known: every id there is, of any phase.
            phase_ids: id -> severity of those planned in this run.

        Raises:
            SelectionError: for an unknown selector, or a selection that is empty in this phase.
        """
        valid = {*known, *(f"step:{step}" for step in STEPS), *(f"severity:{name}" for name in get_args(Severity))}
        selection = cls(_split(only, valid), _split(skip, valid))
        if not any(selection.selects(name, severity) for name, severity in phase_ids.items()):
            words = ", ".join(selection.words)
            hint = "orsgate list shows the phases of each requirement"
            raise SelectionError(f"the selection leaves nothing to judge in this phase ({words}); {hint}")
        return selection

    @property
    def words(self) -> tuple[str, ...]:
        """The selection in words; empty where there is none."""
        only = (f"only {', '.join(self.only)}",) if self.only else ()
        return (*only, *((f"without {', '.join(self.skip)}",) if self.skip else ()))

    @property
    def reason(self) -> str:
        """Why a requirement is skipped."""
        return f"not selected ({'; '.join(self.words)})"

    def selects(self, requirement_id: str, severity: str) -> bool:
        """Whether a requirement is to be judged."""
        names = {requirement_id, f"severity:{severity}"}
        if match := _TEAM_ID.fullmatch(requirement_id):
            names.add(f"step:{int(match[1])}")
        return (not self.only or bool(names & set(self.only))) and not names & set(self.skip)


def _split(values: Iterable[str], valid: set[str]) -> tuple[str, ...]:
    names = [name.strip() for value in values for name in value.split(",")]
    for name in names:
        if name not in valid:
            near = get_close_matches(name, sorted(valid), 1)
            hint = f'; did you mean "{near[0]}"?' if near else ""
            raise SelectionError(f'"{name}" is neither an id, step:N (1-10) nor severity:blocker|warning|advice{hint}')
    return tuple(dict.fromkeys(names))
