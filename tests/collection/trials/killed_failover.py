# SPDX-License-Identifier: Apache-2.0
"""A failover test in a process that kills itself at a step of its journal: python -m ... DIRECTORY before|after STEP."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from orsgate.collection.trials.failover import try_failovers
from orsgate.estate.journal import Entry, Journal
from orsgate.wire.deadline import Limits
from tests.collection.trials.pair import PRIMARY, SESSION, Client, Pair


class Killed(Journal):
    """Kills the process before or after it writes its entry of a number."""

    when, number = "", 0

    def append(self, step: str, of: int = 0, **facts: Any) -> Entry:
        at = len(self.entries) + 1 == self.number
        if at and self.when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        entry = super().append(step, of, **facts)
        if at and self.when == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return entry


if __name__ == "__main__":
    those = Pair.there(Path(sys.argv[1]))
    with Killed(those.journal_path) as journal:
        journal.when, journal.number = sys.argv[2], int(sys.argv[3])
        try_failovers(those.estate, those.loaded, Client(), {PRIMARY: SESSION}, journal, Limits(), lambda _: True)
