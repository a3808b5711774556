# SPDX-License-Identifier: Apache-2.0
"""What an ORS twin can be told to do otherwise: the one class with every place at which a lie can take effect.

A lie is a frozen value. A twin is told several, and each place folds all of them in their order.
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


class Lies(tuple[Lie, ...]):
    """The lies of one twin, in the order in which they take effect."""

    __slots__ = ()

    @property
    def serves_in_standby(self) -> bool:
        """Whether any of them serves HTTP in Backup mode."""
        return any(lie.serves_in_standby for lie in self)

    @property
    def never_listens(self) -> bool:
        """Whether any of them keeps it from listening."""
        return any(lie.never_listens for lie in self)

    @property
    def serves_every_session(self) -> bool:
        """Whether any of them takes every session for an own one."""
        return any(lie.serves_every_session for lie in self)

    @property
    def absent(self) -> bool:
        """Whether any of them keeps it from being started with the others."""
        return any(lie.absent for lie in self)

    @property
    def fetches(self) -> bool:
        """Whether none of them leaves the document where it is."""
        return all(lie.fetches for lie in self)

    @property
    def loses_sessions(self) -> bool:
        """Whether any of them loses sessions."""
        return any(lie.loses_sessions for lie in self)

    @property
    def forgets_at_once(self) -> bool:
        """Whether any of them forgets what was just started."""
        return any(lie.forgets_at_once for lie in self)

    @property
    def terminates(self) -> bool:
        """Whether none of them lets a terminated session live on."""
        return all(lie.terminates for lie in self)

    @property
    def answers_for_ended(self) -> bool:
        """Whether any of them answers for ended sessions."""
        return any(lie.answers_for_ended for lie in self)

    @property
    def has_log(self) -> bool:
        """Whether none of them keeps it from logging."""
        return all(lie.has_log for lie in self)

    def takeover_after(self, seconds: float) -> float | None:
        """Seconds until it takes over; None for never."""
        after: float | None = seconds
        for lie in self:
            after = lie.takeover_after(after)
        return after

    def session_id(self, session: str) -> str:
        """The id of a new session."""
        for lie in self:
            session = lie.session_id(session)
        return session

    def persisted_key(self, session: str) -> str | None:
        """The row key of a session; None for no row."""
        key: str | None = session
        for lie in self:
            key = None if key is None else lie.persisted_key(key)
        return key

    def persisted_after(self) -> float:
        """Seconds until a row is written."""
        seconds = 0.0
        for lie in self:
            seconds = lie.persisted_after(seconds)
        return seconds

    def persisted_node(self, node: int) -> int:
        """The node that a row names."""
        for lie in self:
            node = lie.persisted_node(node)
        return node

    def command(self, command: Command) -> CommandEnd | None:
        """How a command ends that does nothing; None where it does what it is for."""
        return next((end for lie in self if (end := lie.command(command))), None)

    def instead(self, call: Call) -> Misbehaviour | None:
        """What is done in place of a call."""
        return next((wrongly for lie in self if (wrongly := lie.instead(call))), None)

    def afterwards(self, call: Call) -> Misbehaviour | None:
        """How the answer to a call is sent."""
        return next((wrongly for lie in self if (wrongly := lie.afterwards(call))), None)

    def redirected(self, foreign: Foreign, answer: Answer) -> Answer:
        """What is answered for a session of another node."""
        for lie in self:
            answer = lie.redirected(foreign, answer)
        return answer

    def answered(self, call: Call, answer: Answer) -> Answer:
        """What is answered to a call."""
        for lie in self:
            answer = lie.answered(call, answer)
        return answer

    def started(self, session: str, answer: Answer) -> Answer:
        """What is answered to the successful start of a session."""
        for lie in self:
            answer = lie.started(session, answer)
        return answer


def with_header(answer: Answer, name: str, value: str | None) -> Answer:
    """An answer with another header, or without it."""
    headers = {key: kept for key, kept in answer.headers.items() if key.lower() != name.lower()}
    return replace(answer, headers=headers if value is None else {**headers, name: value})
