# SPDX-License-Identifier: Apache-2.0
"""What the active test writes into the journal, and what a journal says was left behind.

``start session`` is announced with the node, its address, the document and the time, and ended with what came of it.
``end session`` is announced with the number of the start, and ended with whether the session is over. A start that no
answer came for stays open until a report named it (``named``). The entry ``sessions accounted for`` closes a run.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from orsgate.estate.journal import Entry, Journal, JournalError

START = "start session"
END = "end session"
NAMED = "session named"
CLOSED = "sessions accounted for"

_TEXTS = ("node", "application", "url", "partner_url", "document", "at")

Outcome = Literal["started", "not started", "not known"]


@dataclass(frozen=True, slots=True)
class Left:
    """A session that was started, or may have been, and is not known to be over.

    Attributes:
        node: the Primary of the node.
        application: the one of the pair that serves.
        url: its address.
        partner_url: that of the other one of the pair; empty where there is none.
        document: the address of the document that it was started with.
        lives_for: seconds after which the document ends it; 0 where that is not known.
        at: when it was started, UTC.
        number: of the journal's entry that announced the start.
        session: its id; empty where no answer gave one.
    """

    node: str
    application: str
    url: str
    partner_url: str
    document: str
    lives_for: int = 0
    at: str = ""
    number: int = 0
    session: str = ""


class Trail:
    """Writes the journal of the active test; may be used by several threads.

    Args:
        journal: is appended to; other tests may use it too.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lock = threading.Lock()

    def start(self, session: Left) -> Left:
        """Announce a start; gives it back with its time and number.

        Raises:
            JournalError: it cannot be written, and the session must not be started.
        """
        left = replace(session, at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        facts = {name: getattr(left, name) for name in (*_TEXTS, "lives_for")}
        return replace(left, number=self._append(START, 0, **facts).number)

    def started(self, left: Left, outcome: Outcome) -> None:
        """Note what came of a start.

        Raises:
            JournalError: it cannot be written.
        """
        self._append(START, left.number, outcome=outcome, session=left.session)

    def end(self, left: Left, url: str) -> Entry | None:
        """Announce that a session is ended; None where that cannot be written, which keeps nobody from ending it."""
        try:
            return self._append(END, 0, start=left.number, session=left.session, url=url)
        except JournalError:
            return None

    def ended(self, entry: Entry | None, left: Left, *, over: bool) -> None:
        """Note whether it is over; what cannot be written is done again by the next run."""
        if entry is None:
            return
        try:
            self._append(END, entry.number, start=left.number, over=over)
        except JournalError:
            return

    def settle(self) -> bool:
        """Note that everything that is left was named to the user; whether nothing is left that could still be ended.

        Raises:
            JournalError: it cannot be written.
        """
        for left in self.left():
            if not left.session:
                self._append(NAMED, left.number)
        if self.left():
            return False
        if any(entry.step in {START, END} for entry in _of_this_run(self._journal.entries)):
            self._append(CLOSED, 0)
        return True

    def left(self) -> tuple[Left, ...]:
        """What was left behind as far as the journal says."""
        with self._lock:
            return left_by(self._journal.entries)

    def _append(self, step: str, of: int, **facts: Any) -> Entry:
        with self._lock:
            return self._journal.append(step, of, **facts)


def left_by(entries: Iterable[Entry]) -> tuple[Left, ...]:
    """The sessions that a journal does not account for, in the order in which they were started."""
    found: dict[int, Left] = {}
    for entry in _of_this_run(entries):
        match entry.step, entry.of:
            case "start session", 0:
                said = {name: str(entry.facts.get(name, "")) for name in _TEXTS}
                lives_for = entry.facts.get("lives_for")
                found[entry.number] = Left(**said, lives_for=lives_for if isinstance(lives_for, int) else 0, number=entry.number)
            case "start session", number if number in found:
                if entry.facts.get("outcome") == "not started":
                    del found[number]
                else:
                    found[number] = replace(found[number], session=str(entry.facts.get("session", "")))
            case "session named", number:
                found.pop(number, None)
            case "end session", number if number and entry.facts.get("over") is True:
                found.pop(entry.facts.get("start", 0), None)
    return tuple(found.values())


def _of_this_run(entries: Iterable[Entry]) -> list[Entry]:
    """What was written since everything was accounted for the last time."""
    found: list[Entry] = []
    for entry in entries:
        if entry.step == CLOSED:
            found.clear()
        else:
            found.append(entry)
    return found
