# SPDX-License-Identifier: Apache-2.0
"""The writes in a journal: what was announced, what became of it, and of which system the journal speaks.

An entry ``run`` says who writes where. An entry ``write`` announces an object with everything that was in it, secrets too;
another with the same step ends it. One without an end was cut short, and the object itself tells whether it was done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from orsgate.estate.journal import Entry, Journal, JournalError
from orsgate.sources.option_edits import Edit, Key, ObjectKind
from orsgate.sources.writing import Writer

RUN, WRITE = "run", "write"
_SCHEMA = "orsgate/apply/1"

Outcome = Literal["", "done", "not stored", "differs"]


@dataclass(frozen=True, slots=True)
class Write:
    """One write to one object.

    Attributes:
        number: of the entry that announced it.
        edits: what changes in the object by it, sections that come and go too.
        raw: the object as it was before.
        undoes: number of the write that it takes back; 0 for none.
        until: until when what was sent may still arrive, in seconds since the epoch.
        outcome: what became of it; empty where it was cut short.
        seen: what did change in the object, as it was read back.
    """

    number: int
    kind: ObjectKind
    object: str
    dbid: int
    edits: tuple[Edit, ...]
    raw: Mapping[str, Any]
    undoes: int = 0
    until: float = 0.0
    outcome: Outcome = ""
    seen: tuple[Edit, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether something was stored by it."""
        return self.outcome in {"done", "differs"}


def begin(journal: Journal, doing: Literal["apply", "undo"], writer: Writer, estate: str) -> None:
    """Note who writes where.

    Raises:
        JournalError: the journal is that of another system or estate, so that what it says would be done to the wrong one.
    """
    told = {"source": writer.source, "address": writer.address, "estate": estate}
    for entry in journal.entries:
        if entry.step == RUN:
            for what, now in told.items():
                if entry.facts.get(what) != now:
                    other = f"the {what} {entry.facts.get(what)!r}, and this is {now!r}"
                    raise JournalError(f"{journal.path}: the journal is that of another system: it names {other}")
            break
    else:
        if journal.entries:
            raise JournalError(f"{journal.path}: the journal is none of changes that were applied")
    at = datetime.now(UTC).isoformat(timespec="seconds")
    facts: dict[str, Any] = {"doing": doing, **told, "account": writer.account, "stand_in": writer.stand_in, "at": at}
    journal.append(RUN, schema=_SCHEMA, **facts)


def announce(journal: Journal, write: Write) -> Write:
    """Put a write on the disk before it is done; gives it with its number."""
    entry = journal.append(
        WRITE, kind=write.kind, object=write.object, dbid=write.dbid, edits=[_listed(edit) for edit in write.edits],
        raw=write.raw, undoes=write.undoes, until=write.until,
    )  # fmt: skip
    return replace(write, number=entry.number)


def end(journal: Journal, write: Write, outcome: Outcome, seen: Iterable[Edit] = ()) -> None:
    """Put on the disk what became of a write."""
    journal.append(WRITE, of=write.number, outcome=outcome, seen=[_listed(edit) for edit in seen])


def writes_in(journal: Journal) -> list[Write]:
    """Every write of a journal, with what became of it.

    Raises:
        JournalError: an entry is not understood.
    """
    found: dict[int, Write] = {}
    for entry in journal.entries:
        if entry.step != WRITE:
            continue
        try:
            if entry.of:
                outcome, seen = entry.facts["outcome"], tuple(_edit(each) for each in entry.facts["seen"])
                found[entry.of] = replace(found[entry.of], outcome=outcome, seen=seen)
            else:
                found[entry.number] = _write(entry)
        except (KeyError, TypeError, ValueError):
            raise JournalError(f"{journal.path}:{entry.number}: this entry is not understood; it was changed") from None
    return list(found.values())


def _write(entry: Entry) -> Write:
    facts = entry.facts
    return Write(
        entry.number, facts["kind"], facts["object"], facts["dbid"], tuple(_edit(each) for each in facts["edits"]),
        dict(facts["raw"]), facts["undoes"], float(facts["until"]),
    )  # fmt: skip


def _listed(edit: Edit) -> list[str | None]:
    return [*edit.key, edit.before, edit.after]


def _edit(listed: Any) -> Edit:
    tab, section, option, before, after = listed
    return Edit(Key(tab, section, option), before, after)
