# SPDX-License-Identifier: Apache-2.0
"""The changes that steps 2 to 8 ask for: options that a program can set, and tasks that are left to a person."""

from __future__ import annotations

from dataclasses import dataclass, replace

from orsgate.estate.secret import HIDDEN, is_secret, says_secret
from orsgate.sources.option_edits import ObjectKind, Tab


@dataclass(frozen=True, slots=True)
class OptionChange:
    """One option that is set, changed or deleted.

    Attributes:
        object: name of the Application or Transaction.
        option: empty where the whole section is deleted that holds no option.
        before: its real value; None where it is not set.
        after: its value afterwards; None where it is deleted.
        requirements: the ids that ask for it.
        safe_now: whether it changes nothing for the old release while that still runs; what is not known counts as not.
        why: in one sentence, why it is safe or not.
    """

    object: str
    kind: ObjectKind
    tab: Tab
    section: str
    option: str
    before: str | None
    after: str | None
    requirements: tuple[str, ...]
    safe_now: bool = False
    why: str = ""

    @property
    def reverse(self) -> OptionChange:
        """The change that takes it back."""
        return replace(self, before=self.after, after=self.before)

    @property
    def is_secret(self) -> bool:
        """Whether its values must not be shown."""
        named = says_secret(self.section) or says_secret(self.option)
        return named or any(value is not None and is_secret(value) for value in (self.before, self.after))

    def shown(self, value: str | None) -> str:
        """A value of it as it may be shown."""
        if value is None:
            return "not set"
        return HIDDEN if self.is_secret and value else value


@dataclass(frozen=True, slots=True)
class Task:
    """What only a person can do, or know.

    Attributes:
        object: the object that is to be made or changed.
        steps: what to do, in words of Configuration Manager, one line each, every field spelled out.
        undo: how it is taken back, in the same words.
        needs: what has to be told before it can be done, such as the value of an option; empty where nothing is missing.
    """

    object: str
    steps: tuple[str, ...]
    undo: tuple[str, ...]
    requirements: tuple[str, ...]
    needs: str = ""
    safe_now: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class ChangeList:
    """Everything that is to be done, in order."""

    changes: tuple[OptionChange, ...] = ()
    tasks: tuple[Task, ...] = ()

    @property
    def reverse(self) -> ChangeList:
        """The changes that take it back, last first; the tasks stay what they are, with their ``undo``."""
        return ChangeList(tuple(change.reverse for change in reversed(self.changes)), tuple(reversed(self.tasks)))
