# SPDX-License-Identifier: Apache-2.0
"""Runs programs and measures them: by turns, so that whatever else the machine does meets all of them alike."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

PYTHON = sys.executable


class UnexpectedEndError(RuntimeError):
    """A program that is measured did not end as it must; its time would mean nothing."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program to measure.

    Attributes:
        directory: where it is run.
        exit_code: how it must end.
    """

    arguments: Sequence[str]
    directory: Path
    exit_code: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sample:
    """One run.

    Attributes:
        seconds: from start to end.
        cpu: seconds of processor time, user and system.
        memory: peak of resident memory, MB (2**20 bytes).
    """

    seconds: float
    cpu: float
    memory: float


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, least and greatest of several values."""

    median: float
    least: float
    greatest: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """The spread of ``values``."""
        return cls(median(values), min(values), max(values))


class Laboratory:
    """Measures programs.

    Args:
        directory: for their output and bytecode; the first run of each, which compiles, does not count.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        # Installed packages have their bytecode; a checkout has it only where Python may write it.
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST"))}
        self._environment["PYTHONPYCACHEPREFIX"] = str(directory / "bytecode")

    def run(self, program: Program) -> Sample:
        """Run a program once.

        Raises:
            UnexpectedEndError: if it does not end as it must.
        """
        output = self._directory / "output.txt"
        with output.open("wb") as stream:
            started = time.perf_counter()
            process = subprocess.Popen(
                program.arguments,
                cwd=program.directory,
                env={**self._environment, **program.environment},
                stdout=stream,
                stderr=subprocess.STDOUT,
            )
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - started
        code = process.returncode = os.waitstatus_to_exitcode(status)
        if code != program.exit_code:
            text = output.read_text(encoding="utf-8", errors="replace")
            raise UnexpectedEndError(f"{' '.join(program.arguments)} ended with {code}, not {program.exit_code}:\n{text}")
        return Sample(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)

    def by_turns(self, programs: Sequence[Program], runs: int) -> list[list[Sample]]:
        """Run the programs one after the other, and that ``runs`` times after a first time that does not count.

        Returns:
            for each program its samples.
        """
        rounds = [[self.run(program) for program in programs] for _ in range(runs + 1)]
        return [list(samples) for samples in zip(*rounds[1:], strict=True)]


def ratio(ours: Sequence[Sample], theirs: Sequence[Sample], what: str = "seconds") -> Spread:
    """How many times as much ours took as theirs, turn by turn."""
    return Spread.of([getattr(one, what) / getattr(other, what) for one, other in zip(ours, theirs, strict=True)])


def difference(ours: Sequence[Sample], theirs: Sequence[Sample], what: str = "seconds") -> Spread:
    """How much more ours took than theirs, turn by turn."""
    return Spread.of([getattr(one, what) - getattr(other, what) for one, other in zip(ours, theirs, strict=True)])
