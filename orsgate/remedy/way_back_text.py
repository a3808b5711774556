# SPDX-License-Identifier: Apache-2.0
"""The way back as lines for a person, in the order in which it is gone, grouped by object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from orsgate.estate.wording import several
from orsgate.remedy.changes import OptionChange, Task
from orsgate.remedy.way_back import WayBack

NOTHING = "Nothing to take back: the configuration is as the baseline has it."


def lines_of(way: WayBack, releases: tuple[str, str], proof: str) -> Iterator[str]:
    """The way back line by line; no line holds a secret.

    Args:
        way: what is to be done.
        releases: the one that the migration started from, and the one that it leads to.
        proof: the command that proves that everything is as it was.
    """
    old, new = releases
    if way.is_empty:
        yield NOTHING
    else:
        steps = [
            (f"Stop Orchestration Server {new}, Backups first", _simple(way.stop)),
            ("Take back the configuration, object by object", _configuration(way)),
            (f"Install {old} again", _simple(way.install)),
            ("Cassandra", _simple(way.keyspaces)),
            (f"Start Orchestration Server {old}", _simple(way.start)),
            ("Prove that everything is as it was", iter([f"  {proof}"])),
        ]
        number = 0
        for title, lines in steps:
            held = list(lines)
            if held:
                number += 1
                yield f"{number}. {title}"
                yield from held
                yield ""
    for each in way.not_known:
        item = f" {each.item}" if each.item else ""
        yield f"Not known, and perhaps to be taken back too: {each.object}, {each.aspect}{item}: {each.unknown.cause}"
    if way.left_out:
        yield f"{several(way.left_out, 'difference')} outside the scope are left as they are."


def _simple(tasks: Iterable[Task]) -> Iterator[str]:
    return (f"  {step}" for task in tasks for step in task.steps)


def _configuration(way: WayBack) -> Iterator[str]:
    for each in way.objects:
        yield f"  {each.name}"
        if each.task:
            yield from (f"    {step}" for step in each.task.steps)
        yield from (f"    {line_of(change)}" for change in each.changes)


def line_of(change: OptionChange) -> str:
    """One change: where, what, and which requirement had asked for what is taken back."""
    where = f"{'Annex' if change.tab == 'annex' else 'Options'} tab, section {change.section}"
    before, after = (change.shown(value) or "empty" for value in (change.before, change.after))
    if change.after is None:
        done = f"delete {change.option} (it is {before})"
    elif change.before is None:
        done = f"set {change.option} = {change.shown(change.after)}"
    else:
        done = f"set {change.option} back to {after} (it is {before})"
    by = f" [{', '.join(change.requirements)}]" if change.requirements else ""
    return f"{where}: {done}{by}"


def document_of(way: WayBack) -> dict[str, Any]:
    """Changes and tasks for machines, with real option values."""
    changes = way.change_list
    return {
        "holds_secrets": any(change.is_secret for change in changes.changes),
        "changes": [asdict(change) for change in changes.changes],
        "tasks": [asdict(task) for task in changes.tasks],
        "not_known": [
            {"object": each.object, "aspect": each.aspect.value, "item": each.item, "cause": each.unknown.cause}
            for each in way.not_known
        ],
        "outside_the_scope": way.left_out,
    }
