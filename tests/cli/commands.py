# SPDX-License-Identifier: Apache-2.0
"""The program within the test's own process, with a healthy ring wherever it asks one."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from orsgate.cli.main import run
from orsgate.collection import cassandra
from orsgate.estate.ring import Ring
from tests.faults.workshop import healthy_ring


@dataclass
class Program:
    """Runs commands."""

    capture: pytest.CaptureFixture[str]

    def __call__(self, *arguments: object) -> tuple[int, str]:
        """Exit code, and everything that was said."""
        code = run([str(argument) for argument in arguments])
        said = self.capture.readouterr()
        return code, said.out + said.err


@pytest.fixture
def program(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    """The program; it takes signals for itself, which are given back."""

    def found(*_: object, **__: object) -> Ring:
        return healthy_ring()

    monkeypatch.setattr(cassandra, "read_from", found)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield Program(capsys)
    for number, handler in handlers.items():
        signal.signal(number, handler)


def files(directory: Path) -> set[str]:
    """The names of everything below a directory."""
    return {str(path.relative_to(directory)) for path in directory.rglob("*")}
