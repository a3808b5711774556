# SPDX-License-Identifier: Apache-2.0
"""A run of the active test that kills itself at one step of its journal: ``victim JOURNAL STEP before|after URL URL``."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from orsgate.collection.trials.serving import DocumentServer
from orsgate.collection.trials.sessions import SessionTrials
from orsgate.estate.deployment import Response, Served
from orsgate.estate.journal import Entry, Journal
from orsgate.probes.ors.client import OrsClient
from tests.collection.trials.trying import LIMITS, in_the_ring
from tests.make import estate


class DeadlyJournal(Journal):
    """Ends the process just before, or just after, an entry is on the disk."""

    step = 0
    when = ""

    def append(self, step: str, of: int = 0, **facts: Any) -> Entry:
        last = len(self.entries) + 1 == self.step
        if last and self.when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        entry = super().append(step, of, **facts)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return entry


def main(journal: str, step: str, when: str, *urls: str) -> None:
    DeadlyJournal.step, DeadlyJournal.when = int(step), when
    answer = Response("GET /ors/help", "made up", 404)
    served = tuple(Served(f"ORS_{number}", url, answer) for number, url in enumerate(urls, 1))
    with DocumentServer("127.0.0.1", 0) as documents, DeadlyJournal(Path(journal)) as written:
        tests = SessionTrials(estate(), served, OrsClient(LIMITS), documents, written, in_the_ring, LIMITS)
        with tests:
            tests.begin()
        tests.settle()


if __name__ == "__main__":
    main(*sys.argv[1:])
