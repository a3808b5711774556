# SPDX-License-Identifier: Apache-2.0
"""What was tested and what came of it, and which parts of an estate could be collected on this host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from orsgate.doctor.trouble import Trouble

Part = Literal["configuration", "cassandra"]
Topic = Literal["configuration", "cassandra", "other"]
"""The part that needs something; ``other`` is what no part needs to be collected."""
State = Literal["ok", "missing", "unknown", "later"]
"""``missing``: not there, not usable or not to be reached; ``unknown``: it could not be tested; ``later``: only the run tells."""
Collectable = Literal["yes", "no", "unknown"]

TOPICS: tuple[Topic, ...] = ("configuration", "cassandra", "other")
PARTS: tuple[Part, ...] = ("configuration", "cassandra")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that a run will need.

    Attributes:
        what: the part that needs it.
        subject: the address, account, file or program.
        how: what was tested; checks of one kind have the same.
        state: what came of it.
        text: the same as a sentence, without a secret.
        fix: what to do about it; empty where nothing is to be done.
    """

    what: Topic
    subject: str
    how: str
    state: State
    text: str
    fix: str = ""

    @property
    def is_obstacle(self) -> bool:
        """Whether it is missing, or could not be tested."""
        return self.state in {"missing", "unknown"}


def failed(what: Topic, subject: str, how: str, trouble: Trouble) -> Check:
    """The check that ended with ``trouble``."""
    state: State = "missing" if trouble.tested else "unknown"
    return Check(what, subject, how, state, trouble.text, trouble.fix)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Everything that was tested.

    Attributes:
        checks: in the order of ``TOPICS``.
        not_needed: part -> why there is nothing of it to collect.
    """

    checks: tuple[Check, ...]
    not_needed: dict[Part, str]

    def of(self, topic: Topic) -> tuple[Check, ...]:
        """The checks of one topic."""
        return tuple(check for check in self.checks if check.what == topic)

    def obstacles(self, topic: Topic) -> tuple[Check, ...]:
        """What is missing or could not be tested, what is missing first."""
        found = [check for check in self.of(topic) if check.is_obstacle]
        return tuple(sorted(found, key=lambda check: check.state))

    def collectable(self, part: Part) -> Collectable:
        """Whether a part could be collected on this host, as far as can be told."""
        states = {check.state for check in self.obstacles(part)}
        if "missing" in states:
            return "no"
        return "unknown" if states else "yes"

    @property
    def complete(self) -> bool:
        """Whether every part could be collected, as far as can be told."""
        return all(self.collectable(part) == "yes" for part in PARTS)
