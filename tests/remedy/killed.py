# SPDX-License-Identifier: Apache-2.0
"""Runs of ``apply`` and ``undo`` that are killed at a chosen moment, each in a process of its own.

``python -m tests.remedy.killed`` imports everything once, and forks for every line of JSON that it reads: what to do, and when
the child is to kill itself. It answers with how the child ended.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from orsgate.estate.journal import Entry, Journal
from orsgate.home import harness_directory
from orsgate.remedy.apply import apply
from orsgate.remedy.changes import ChangeList
from orsgate.remedy.undo import undo
from orsgate.sources.option_edits import ObjectKind
from orsgate.sources.writing import Writer
from tests.remedy.systems import CHANGES, ESTATE, writer_to

KILLED = -signal.SIGKILL
CHANGED = ChangeList(tuple(each for each in CHANGES.changes if each.object != "ORS_2"))
"""Two objects of two kinds."""


class Moments:
    """Counts the moments of a run, and kills the process at the one that is wanted."""

    def __init__(self, wanted: int) -> None:
        self._wanted = wanted
        self._now = 0

    def next(self) -> bool:
        """Whether the next moment is the one."""
        self._now += 1
        return self._now == self._wanted

    def pass_by(self) -> None:
        """The next moment, at which nothing else happens."""
        if self.next():
            kill()


def kill() -> None:
    """As a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def arm(moments: Moments, during: float | None) -> None:
    """Let the moments be: before, in the middle of and after each line of the journal; before and after each write.

    Args:
        moments: counted.
        during: kill the process so many seconds after a write began, in place of all moments.
    """
    append, write = Journal.append, Writer.write

    def appended(journal: Journal, step: str, of: int = 0, **facts: Any) -> Entry:
        moments.pass_by()
        if moments.next():
            journal._file.write(json.dumps({"number": len(journal.entries) + 1, "step": step})[:-5].encode())
            os.fsync(journal._file.fileno())
            kill()
        entry = append(journal, step, of, **facts)
        moments.pass_by()
        return entry

    def written(writer: Writer, kind: ObjectKind, dbid: int, whole: Mapping[str, Any]) -> None:
        moments.pass_by()
        if during is not None:
            threading.Timer(during, kill).start()
        write(writer, kind, dbid, whole)
        moments.pass_by()

    mock.patch.object(Journal, "append", appended).start()
    mock.patch.object(Writer, "write", written).start()


def run(job: Mapping[str, Any]) -> None:
    """Do it, here."""
    arm(Moments(job["moment"]), job["during"])
    with Journal(Path(job["journal"])) as journal, writer_to(job["source"], job["url"]) as writer:
        if job["doing"] == "apply":
            apply(CHANGED, writer, journal, estate=ESTATE)
        else:
            undo(journal, writer, estate=ESTATE)


class Runner:
    """Asks the process that forks."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def __call__(self, doing: str, source: str, url: str, journal: Path, moment: int, during: float | None = None) -> int:
        """How the run ended: 0 by itself, ``KILLED``, or otherwise."""
        job = {"doing": doing, "source": source, "url": url, "journal": str(journal), "moment": moment, "during": during}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def runner() -> Iterator[Runner]:
    """The process that forks, running."""
    pipe, command = subprocess.PIPE, [sys.executable, "-m", "tests.remedy.killed"]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=harness_directory()) as process:
        yield Runner(process)


def main() -> None:
    """Fork for each line."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            code = 9
            try:
                run(json.loads(line))
                code = 0
            finally:
                if code:
                    traceback.print_exc()
                os._exit(code)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
