# SPDX-License-Identifier: Apache-2.0
"""Names what earlier runs left behind, for a run that starts and stops nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from orsgate.collection.trials.ending import UNANSWERED, how_to_end, may_be_left
from orsgate.collection.trials.stopped import left_stopped
from orsgate.collection.trials.trail import left_by
from orsgate.estate.journal import Entry
from orsgate.probes.ors.reading import shown


def named_by(entries: Iterable[Entry]) -> tuple[str, ...]:
    """One sentence for each application that may be stopped and each session that may be open, as a journal says."""
    known = tuple(entries)
    return (*_stopped(known), *_sessions(known))


def _stopped(entries: tuple[Entry, ...]) -> Iterator[str]:
    for left in left_stopped(entries):
        yield (
            f"an earlier run stopped {left.application} at {left.at}, and it is not known that it runs again; "
            f"verify --disruptive starts it, or do it with: {left.start}"
        )


def _sessions(entries: tuple[Entry, ...]) -> Iterator[str]:
    for left in left_by(entries):
        if not left.session:
            yield may_be_left(left, UNANSWERED)
            continue
        yield (
            f"an earlier run started session {shown(left.session)} of {left.application} at {left.at} and did not end it; "
            f"verify --active ends it, or do it with: {how_to_end(left.url, left.session)}"
        )
