# SPDX-License-Identifier: Apache-2.0
"""Several lies of one ORS twin as one: each place folds all of them in their order."""

from __future__ import annotations

from orsgate.sandbox.twins.exchange import Answer
from orsgate.sandbox.twins.misbehaviour import Misbehaviour
from orsgate.sandbox.twins.ors_calls import Call
from orsgate.sandbox.twins.ors_lie import Command, CommandEnd, Foreign, Lie


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
