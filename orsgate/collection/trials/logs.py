# SPDX-License-Identifier: Apache-2.0
"""Reads the logs that the estate file names: whose log each is, which build runs, and which lines tell of trouble."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from orsgate.collection.trials.foreign import decoded, harmless
from orsgate.collection.trials.log_head import Head
from orsgate.collection.trials.troubles import PREFILTER, tells_of_trouble
from orsgate.estate.deployment import LogLine, LogSeen
from orsgate.estate.estate import Estate
from orsgate.estate.file import LoadedEstate
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.wire.deadline import Limits
from orsgate.wire.observer import Observer, unobserved
from orsgate.wire.trouble import ProbeError, quote

HEAD = 64 * 1024
"""Bytes at the beginning of a log, or after a new start in it, in which its head is looked for."""
MOST_READ = 256 * 2**20
"""Bytes of a log that are looked through."""
MOST_LINES = 20
"""Lines of trouble that are kept; the others are counted."""
_LONGEST_LINE = 2048
"""Bytes of a line that are looked at: what a message says stands at its beginning."""
_CHUNK = 2**20


def read_logs(estate: Estate, loaded: LoadedEstate, limits: Limits, observer: Observer = unobserved) -> tuple[LogSeen, ...]:
    """The logs of the ORS applications in scope for which the estate file names one, one after the other.

    A log that cannot be read is an ``Unknown`` in its facts; so is what is missing when the run ends.
    """
    logs = {entry.name: entry.log for entry in loaded.file.application if entry.log is not None}
    named = [(each.name, loaded.resolve(logs[each.name])) for each in estate.in_scope if each.name in logs]
    found: list[LogSeen] = []
    for name, path in named:
        observer("reading the logs", len(found), len(named))
        found.append(read_log(name, path, limits))
    if named:
        observer("reading the logs", len(found), len(named))
    return tuple(found)


def read_log(application: str, path: Path, limits: Limits | None = None) -> LogSeen:
    """One log, from its beginning.

    Where a log holds several starts (one file was written on over a restart), head and troubles are those of the last one.

    Args:
        application: whose log the estate file says it is.
        path: exactly the file; it may be written to meanwhile: what is added after its opening is left out.
        limits: of the run, looked at after every MB.
    """
    place = str(path)
    try:
        with _opened(path) as stream:
            size = os.fstat(stream.fileno()).st_size
            return _Reading(application, place, size).read(stream, limits or Limits())
    except FileNotFoundError:
        unknown = Unknown(f"{place} does not exist (name the newest log of {application})", place, Failure.MISSING)
    except ProbeError as error:
        unknown = Unknown(error.unknown.cause, place, error.unknown.failure)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        unknown = Unknown(f"{place} cannot be read ({quote(reason)})", place, Failure.UNREADABLE)
    return LogSeen(application, place, unknown, unknown, "", unknown)


def _opened(path: Path) -> IO[bytes]:
    # Opening a pipe would wait for somebody to write to it, and a device has no end.
    if not stat.S_ISREG(path.stat().st_mode):
        raise ValueError("it is no file")
    return path.open("rb", buffering=_CHUNK)


class _Reading:
    """One log being read."""

    def __init__(self, application: str, place: str, size: int) -> None:
        self._application = application
        self._place = place
        self._size = size
        self._head = Head(place)
        self._troubles: list[LogLine] = []
        self._more = 0

    def read(self, stream: IO[bytes], limits: Limits) -> LogSeen:
        """Everything up to the cap.

        Raises:
            ProbeError: the run is over.
        """
        head_until = HEAD
        for number, at, line in _lines(stream, min(self._size, MOST_READ), limits):
            if at < head_until or self._head.begins_in(line):
                text = decoded(line)
                if self._head.begins_in(line):
                    head_until = at + HEAD
                if self._head.take(text):  # another start: what was before it is over
                    self._troubles, self._more = [], 0
            if PREFILTER.search(line) and tells_of_trouble(text := decoded(line)):
                self._keep(number, text)
        return self._seen()

    def _keep(self, number: int, text: str) -> None:
        if len(self._troubles) < MOST_LINES:
            self._troubles.append(LogLine(number, harmless(text)))
        else:
            self._more += 1

    def _seen(self) -> LogSeen:
        troubles: tuple[LogLine, ...] | Unknown = tuple(self._troubles)
        if self._size > MOST_READ and not troubles:
            cause = (
                f"of {self._place} only the first {MOST_READ // 2**20} MB of {self._size // 2**20} MB were read, and tell of no"
                " connection or Cassandra error (have ORS begin a new log more often: log/segment)"
            )
            troubles = Unknown(cause, self._place, Failure.UNREADABLE)
        name, build, started = self._head.facts()
        return LogSeen(self._application, self._place, name, build, started, troubles, self._more)


def _lines(stream: IO[bytes], most: int, limits: Limits) -> Iterator[tuple[int, int, bytes]]:
    """Number, place and beginning of every line in the first ``most`` bytes.

    Raises:
        ProbeError: the run is over.
    """
    number, at, looked = 0, 0, -_CHUNK
    while at < most:
        if at - looked >= _CHUNK:
            limits.check_run()
            looked = at
        line = stream.readline(min(_LONGEST_LINE, most - at))
        if not line:
            return
        number, begun = number + 1, at
        at += len(line)
        beginning = line
        while not line.endswith(b"\n") and at < most:
            line = stream.readline(min(_CHUNK, most - at))
            if not line:
                break
            at += len(line)
        yield number, begun, beginning
