# SPDX-License-Identifier: Apache-2.0
"""Lies about servers: what runs, what listens, what the logs and the commands say, and what a Backup does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from orsgate.sandbox.twins.ors_lie import Command, CommandEnd, Lie


@dataclass(frozen=True, slots=True)
class WrongBuildInLog(Lie):
    """Breaks the proof of the running build: the log says that another one runs than is registered."""

    build: str = "8.1.200.50"

    def logged_build(self, build: str) -> str:
        """That other build."""
        del build
        return self.build


@dataclass(frozen=True, slots=True)
class NoBuildInLog(Lie):
    """Breaks the proof of the running build: the head of the log holds no version."""

    def logged_build(self, build: str) -> str:
        """None."""
        del build
        return ""


@dataclass(frozen=True, slots=True)
class LogOfAnother(Lie):
    """Breaks the proof of the running build: the log is another application's."""

    application: str = "ORS_OTHER"

    def logged_name(self, application: str) -> str:
        """The other one."""
        del application
        return self.application


@dataclass(frozen=True, slots=True)
class OldLog(Lie):
    """Breaks the proof of the running build: the log began before the installation, so it is not the newest."""

    days: float = 400.0

    def logged_start(self, started: datetime) -> datetime:
        """That many days before."""
        return started - timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class NoLog(Lie):
    """Breaks the proof of the running build: there is no log file."""

    @property
    def has_log(self) -> bool:
        """It has none."""
        return False


@dataclass(frozen=True, slots=True)
class CassandraErrorsInLog(Lie):
    """Breaks the clean log: it tells of Cassandra nodes that cannot be reached."""

    def logged_lines(self) -> Sequence[str]:
        """Lines of such errors."""
        return ("2026-01-01T00:00:00.000 Std 09901 ORS Persistence error: Cassandra node 192.0.2.1:9160 does not answer",)


@dataclass(frozen=True, slots=True)
class ConnectionErrorsInLog(Lie):
    """Breaks the clean log: it tells of a server whose connection was lost."""

    def logged_lines(self) -> Sequence[str]:
        """A line of such an error."""
        return ("2026-01-01T00:00:00.000 Std 04504 ORS Connection to server 'URS_A' at host 'urs-a' port 5555 lost",)


@dataclass(frozen=True, slots=True)
class HttpInStandby(Lie):
    """Breaks warm standby: HTTP is served in Backup mode too."""

    @property
    def serves_in_standby(self) -> bool:
        """It does."""
        return True


@dataclass(frozen=True, slots=True)
class SecondPrimary(Lie):
    """Breaks warm standby: two Primaries that both serve HTTP and own every session (told to the Backup)."""

    @property
    def serves_in_standby(self) -> bool:
        """It does."""
        return True

    @property
    def serves_every_session(self) -> bool:
        """It does."""
        return True


@dataclass(frozen=True, slots=True)
class OwnsEverySession(Lie):
    """Breaks ownership: sessions of other nodes are served as own ones, without a redirect."""

    @property
    def serves_every_session(self) -> bool:
        """It does."""
        return True


@dataclass(frozen=True, slots=True)
class NeverStarted(Lie):
    """Breaks high availability: the Backup was never started, and refuses HTTP as a running one would."""

    @property
    def absent(self) -> bool:
        """It is."""
        return True


@dataclass(frozen=True, slots=True)
class Deaf(Lie):
    """Breaks the HTTP interface: it runs as Primary, and its port is closed."""

    @property
    def never_listens(self) -> bool:
        """It does not."""
        return True


@dataclass(frozen=True, slots=True)
class TakeoverTooSlow(Lie):
    """Breaks the time allowed for a takeover: the Backup needs longer."""

    seconds: float = 120.0

    def takeover_after(self, seconds: float | None) -> float | None:
        """That long."""
        del seconds
        return self.seconds


@dataclass(frozen=True, slots=True)
class TakeoverNever(Lie):
    """Breaks the takeover: the Backup stays in Backup mode."""

    def takeover_after(self, seconds: float | None) -> float | None:
        """Never."""
        del seconds
        return None


@dataclass(frozen=True, slots=True)
class TakeoverLosesSessions(Lie):
    """Breaks recovery: after a takeover persisted sessions are not known any more (told to the Backup)."""

    @property
    def loses_sessions(self) -> bool:
        """It does."""
        return True


@dataclass(frozen=True, slots=True)
class _Command(Lie):
    """A command that does not do what it is for."""

    def command(self, command: Command) -> CommandEnd | None:
        """See the subclasses, whose names say it."""
        about, end = _ENDS[type(self)]
        return end if command == about else None


@dataclass(frozen=True, slots=True)
class StartFails(_Command):
    """Breaks the start command: it fails, and nothing runs."""


@dataclass(frozen=True, slots=True)
class StartDoesNothing(_Command):
    """Breaks the start command: it says that it is done, and nothing runs."""


@dataclass(frozen=True, slots=True)
class StartHangs(_Command):
    """Breaks the start command: it never ends, and nothing runs."""


@dataclass(frozen=True, slots=True)
class StopFails(_Command):
    """Breaks the stop command: it fails, and the server runs on."""


@dataclass(frozen=True, slots=True)
class StopDoesNothing(_Command):
    """Breaks the stop command: it says that it is done, and the server runs on."""


@dataclass(frozen=True, slots=True)
class StopHangs(_Command):
    """Breaks the stop command: it never ends, and the server runs on."""


@dataclass(frozen=True, slots=True)
class StatusFails(_Command):
    """Breaks the status command: it says that a running server does not run."""


@dataclass(frozen=True, slots=True)
class StatusAlwaysRunning(_Command):
    """Breaks the status command: it says that a stopped server runs."""


@dataclass(frozen=True, slots=True)
class StatusHangs(_Command):
    """Breaks the status command: it never ends."""


_ENDS: dict[type[Lie], tuple[Command, CommandEnd]] = {
    StartFails: ("start", "failed"),
    StartDoesNothing: ("start", "done"),
    StartHangs: ("start", "hangs"),
    StopFails: ("stop", "failed"),
    StopDoesNothing: ("stop", "done"),
    StopHangs: ("stop", "hangs"),
    StatusFails: ("status", "failed"),
    StatusAlwaysRunning: ("status", "done"),
    StatusHangs: ("status", "hangs"),
}
