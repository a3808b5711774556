# SPDX-License-Identifier: Apache-2.0
"""A change list in the words of Configuration Manager: one line for each object and option, deletions too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from orsgate.estate.wording import several
from orsgate.remedy.cfg_edit import DISABLED
from orsgate.remedy.changes import ChangeList, OptionChange, Task
from orsgate.reporting.text import in_one_line

REMARK = (
    "Whether importing a file removes options that the file does not hold is unconfirmed: delete them one by one as listed, "
    "and after the import export again and audit again."
)
NOTHING = "nothing to change"


def lines_of(changes: ChangeList) -> Iterator[str]:
    """The change list line by line; no line holds a secret value, or a character that a terminal would obey."""
    if not changes.changes and not changes.tasks:
        yield NOTHING
        return
    if changes.changes:
        yield REMARK
        yield several(len(changes.changes), "change") + " of options:"
        yield from (in_one_line(line_of(change)) for change in changes.changes)
    if changes.tasks:
        yield several(len(changes.tasks), "task") + " for a person:"
        for number, task in enumerate(changes.tasks, 1):
            yield from map(in_one_line, _task(number, task))
    yield from map(in_one_line, _reasons(changes))


def line_of(change: OptionChange) -> str:
    """One change as a line: what, for which requirements, how it is taken back, and whether it may be done at once."""
    place = f"{change.object}, {'Annex' if change.tab == 'annex' else 'Options'} tab, section {change.section}"
    done, reverse = _done(change), _done(change.reverse)
    return f"{place}: {done} [{', '.join(change.requirements)}]. Reverse: {reverse}. {_safe(change)}"


def _done(change: OptionChange) -> str:
    if not change.option:
        return "delete the section itself" if change.after is None else "create the section"
    name = change.option
    if name.startswith(DISABLED):
        name = f"{name} (disabled)"
    if change.after is None:
        return f"delete {name} (it is {_quoted(change, change.before)})"
    if change.before is None:
        return f"add {name} = {_quoted(change, change.after)}"
    return f"change {name} from {_quoted(change, change.before)} to {_quoted(change, change.after)}"


def _quoted(change: OptionChange, value: str | None) -> str:
    shown = change.shown(value)
    return shown or "empty"


def _safe(change: OptionChange | Task) -> str:
    return f"Safe while the old release runs: {_answer(change)}."


def _answer(change: OptionChange | Task) -> str:
    return "yes" if change.safe_now else "no"


def _reasons(changes: ChangeList) -> Iterator[str]:
    """Why something is safe while the old release runs, or not: each reason once, however many changes it is of."""
    listed: tuple[OptionChange | Task, ...] = (*changes.changes, *changes.tasks)
    reasons = Counter((_answer(each), each.why) for each in listed if each.why)
    for (answer, why), number in reasons.items():
        yield f'"Safe while the old release runs: {answer}" is said of {number}: {why}.'


def _task(number: int, task: Task) -> Iterator[str]:
    needs = f" VALUE NEEDED: {task.needs}." if task.needs else ""
    yield f"Task {number}: {task.object} [{', '.join(task.requirements)}].{needs} {_safe(task)}"
    yield from (f"  {step}" for step in task.steps)
    yield from (f"  Reverse: {step}" for step in task.undo)


def needs_of(changes: ChangeList) -> Sequence[str]:
    """What has to be told before everything can be done."""
    return tuple(task.needs for task in changes.tasks if task.needs)
