# SPDX-License-Identifier: Apache-2.0
"""What an ORS twin can be told to do otherwise: the one class with every place at which a lie can take effect.

A lie is a frozen value; ``ors_lies_together`` joins several.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from orsgate.sandbox.twins.exchange import Answer
from orsgate.sandbox.twins.misbehaviour import Misbehaviour
from orsgate.sandbox.twins.ors_calls import Call

Command = Literal["start", "stop", "status"]
CommandEnd = Literal["done", "failed", "hangs"]
"""How a command ends whose work is not done."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A session of another node that is asked for.

    Attributes:
        session: its id.
        location: where the right answer leads to, the call included.
        base: the part of it that stands before the call.
        own: the address of the twin that is asked.
        target: path and query of the call.
    """

    session: str
    location: str
    base: str
    own: str
    target: str


@dataclass(frozen=True, slots=True)
class Lie:
    """Changes nothing; every place leaves what it is given."""

    @property
    def serves_in_standby(self) -> bool:
        """Whether HTTP is served in Backup mode too."""
        return False

    @property
    def never_listens(self) -> bool:
        """Whether HTTP is not served in Primary mode either."""
        return False

    @property
    def serves_every_session(self) -> bool:
        """Whether a session of any node is served as an own one."""
        return False

    @property
    def absent(self) -> bool:
        """Whether it is not started with the others."""
        return False

    @property
    def fetches(self) -> bool:
        """Whether a document is fetched."""
        return True

    @property
    def loses_sessions(self) -> bool:
        """Whether sessions are not recovered after a takeover."""
        return False

    @property
    def forgets_at_once(self) -> bool:
        """Whether a session is forgotten as soon as it was started."""
        return False

    @property
    def terminates(self) -> bool:
        """Whether a session that is terminated ends."""
        return True

    @property
    def answers_for_ended(self) -> bool:
        """Whether a session that ended is answered for as if it lived."""
        return False

    @property
    def has_log(self) -> bool:
        """Whether a log file is written."""
        return True

    def takeover_after(self, seconds: float | None) -> float | None:
        """Seconds until it takes over; None for never."""
        return seconds

    def session_id(self, session: str) -> str:
        """The id of a new session."""
        return session

    def persisted_key(self, session: str) -> str | None:
        """The row key of a session; None for no row."""
        return session

    def persisted_after(self, seconds: float) -> float:
        """Seconds from the start of a session until its row is written."""
        return seconds

    def persisted_node(self, node: int) -> int:
        """The node that the row of a session names."""
        return node

    def logged_build(self, build: str) -> str:
        """The build in the head of the log; empty for none."""
        return build

    def logged_name(self, application: str) -> str:
        """The application in the head of the log."""
        return application

    def logged_start(self, started: datetime) -> datetime:
        """The start time in the head of the log."""
        return started

    def logged_lines(self) -> Sequence[str]:
        """Lines that stand in the log besides."""
        return ()

    def command(self, command: Command) -> CommandEnd | None:
        """How a command ends that does nothing; None where it does what it is for."""
        del command
        return None

    def instead(self, call: Call) -> Misbehaviour | None:
        """What is done in place of a call."""
        del call
        return None

    def afterwards(self, call: Call) -> Misbehaviour | None:
        """How the right answer to a call that was done is sent; None for as it should be."""
        del call
        return None

    def redirected(self, foreign: Foreign, answer: Answer) -> Answer:
        """What is answered for a session of another node."""
        del foreign
        return answer

    def answered(self, call: Call, answer: Answer) -> Answer:
        """What is answered to a call."""
        del call
        return answer

    def started(self, session: str, answer: Answer) -> Answer:
        """What is answered to the successful start of a session."""
        del session
        return answer


def with_header(answer: Answer, name: str, value: str | None) -> Answer:
    """An answer with another header, or without it."""
    headers = {key: kept for key, kept in answer.headers.items() if key.lower() != name.lower()}
    return replace(answer, headers=headers if value is None else {**headers, name: value})
