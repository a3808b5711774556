# SPDX-License-Identifier: Apache-2.0
"""Facts of the part ``http``: what a deployment answers, logs and does when it is tried (step 10)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from orsgate.estate.knowledge import Unknown

Action = Literal["start", "stop", "status"]

SESSION_ID = re.compile(r"(?:~\d+~)?[~\w]{32}", re.ASCII)
"""A session id of ORS. Source: ssydoruk/logbrowser, Parser.java."""


def well_formed(session: str) -> bool:
    """Whether ``session`` has the form of a session id."""
    return SESSION_ID.fullmatch(session) is not None


@dataclass(frozen=True, slots=True)
class Response:
    """A whole, well-formed HTTP answer.

    Attributes:
        call: method and path, such as ``GET /ors/help``.
        where: ``host:port call``.
        status: the HTTP status.
        location: where a redirect leads to; it is never followed.
        session: the session id that the answer holds, as it stands there; empty where it holds none.
        body: the beginning of the body, printable, without secrets.
        seconds: from the request to the end of the answer.
        stand_in: what answered in place of ORS, as it says itself; empty for ORS.
        other_session: another session id that the cookie of the same answer holds; empty where it holds none.
    """

    call: str
    where: str
    status: int
    location: str = ""
    session: str = ""
    body: str = ""
    seconds: float = 0.0
    stand_in: str = ""
    other_session: str = ""

    @property
    def succeeded(self) -> bool:
        """Whether the status says that it was done (2xx)."""
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Served:
    """Whether an application answers HTTP.

    Attributes:
        url: its address, without a path; empty where none is known.
        answer: to ``GET /ors/help``, whatever its status; a refusal is an ``Unknown`` of the kind ``refused``.
    """

    application: str
    url: str
    answer: Response | Unknown


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of a log that tells of a trouble.

    Attributes:
        line: its number, from 1, where the log was read from its beginning; 0 where only its end was read.
        text: short, printable, without secrets.
    """

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class LogSeen:
    """The newest log of an application.

    Attributes:
        place: the file.
        application_name: whose log its head says it is.
        build: the release that its head says runs.
        started: the start time in its head, as it stands there; empty for none.
        troubles: lines that tell of connection or Cassandra errors since the start, the first ones.
        more: how many such lines there are besides.
    """

    application: str
    place: str
    application_name: str | Unknown
    build: str | Unknown
    started: str
    troubles: tuple[LogLine, ...] | Unknown
    more: int = 0


@dataclass(frozen=True, slots=True)
class CommandRun:
    """A command of the estate file that was run.

    Attributes:
        words: program and arguments, secrets hidden.
        code: its exit code, or why there is none.
        said: the beginning of what it printed.
    """

    application: str
    action: Action
    words: str
    code: int | Unknown
    seconds: float
    said: str = ""

    @property
    def succeeded(self) -> bool:
        """Whether it ended with 0."""
        return self.code == 0


@dataclass(frozen=True, slots=True)
class RowSeen:
    """The row of a session, looked for by its exact key.

    Attributes:
        found: the column family that holds it; empty where none does.
        families: the column families that were asked.
        where: ``host:port keyspace``.
        seconds: until it was found, or given up.
    """

    found: str
    families: tuple[str, ...]
    where: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Redirect:
    """What another node of the cluster answers when it is asked for a session that it does not own."""

    application: str
    answer: Response | Unknown


@dataclass(frozen=True, slots=True)
class SessionTrial:
    """One session, from its start on a node to its end.

    A step that was not tried, since one before it gave nothing to try it with, is None.

    Attributes:
        node: the Primary of the node.
        application: the one of the pair that serves.
        url: its address.
        session: the session id; empty where none was given.
        fetched: whether the document was fetched for it; Unknown where orsgate does not serve the document.
        row: of the session in Cassandra.
        redirects: the other nodes of the cluster that serve, asked for it.
        left_behind: how a person ends it, where it could not be ended; empty where nothing was left.
    """

    node: str
    application: str
    url: str
    started: Response | Unknown
    session: str = ""
    fetched: bool | Unknown = False
    queried: Response | Unknown | None = None
    event: Response | Unknown | None = None
    row: RowSeen | Unknown | None = None
    redirects: tuple[Redirect, ...] = ()
    terminated: Response | Unknown | None = None
    queried_after: Response | Unknown | None = None
    left_behind: str = ""


@dataclass(frozen=True, slots=True)
class Failover:
    """A Primary that was stopped, and what its Backup did.

    Attributes:
        allowed: seconds the takeover may take.
        session: the session that was to be kept; empty where none was proved persisted before.
        stop: None where the estate file gives no command, so that a person has to do it.
        serves_after: seconds from the end of the stop command until the Backup answered HTTP; None where nothing was stopped.
        kept: what the Backup answers when it is asked for the session; None where it was not asked.
        start: the last try to start the Primary again; None where nothing was stopped.
        serving: the applications of the pair that answer HTTP at the end.
        left_behind: how a person ends the session, or starts the Primary, where that could not be done.
    """

    primary: str
    backup: str
    allowed: float
    session: str = ""
    stop: CommandRun | None = None
    serves_after: float | Unknown | None = None
    kept: Response | Unknown | None = None
    start: CommandRun | None = None
    serving: tuple[str, ...] | Unknown = ()
    left_behind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deployment:
    """What was seen of a deployment.

    Attributes:
        served: every ORS application in scope.
        logs: those whose log the estate file names.
        statuses: of the status commands that the estate file gives.
        document: address of the SCXML test document; empty where no session was started.
        sessions: None where the active tests were not asked for.
        failovers: None where the disruptive tests were not asked for.
        remarks: what a reader should know besides, such as what an earlier run left behind and this one ended.
    """

    served: tuple[Served, ...] = ()
    logs: tuple[LogSeen, ...] = ()
    statuses: tuple[CommandRun, ...] = ()
    document: str = ""
    sessions: tuple[SessionTrial, ...] | Unknown | None = None
    failovers: tuple[Failover, ...] | Unknown | None = None
    remarks: tuple[str, ...] = ()

    @property
    def left_behind(self) -> tuple[str, ...]:
        """What a person has to end or start, since this run could not."""
        sessions = self.sessions if isinstance(self.sessions, tuple) else ()
        failovers = self.failovers if isinstance(self.failovers, tuple) else ()
        of_sessions = (trial.left_behind for trial in sessions)
        of_failovers = (left for failover in failovers for left in failover.left_behind)
        return tuple(dict.fromkeys(left for left in (*of_sessions, *of_failovers) if left))
