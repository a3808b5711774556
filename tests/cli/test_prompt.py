# SPDX-License-Identifier: Apache-2.0
"""A password is asked for on a terminal and not shown; where there is none, it is said how else to give it."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from orsgate.sandbox.samples import place_sample
from orsgate.sandbox.twins.gax import GaxTwin
from orsgate.sandbox.twins.server import DEFAULT_PASSWORD
from tests.acceptance.conftest import ROOT, environment, orsgate
from tests.faults.workshop import open_workshop
from tests.sources.reading import VARIABLE, live_estate, tree

pytestmark = pytest.mark.slow

_TIMEOUT = 120.0
"""Seconds for the whole run of the program, on however busy a machine; it takes about two alone."""
_ON_THE_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # a password is read from the controlling terminal
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


class Terminal:
    """A program on a terminal of its own, and what it shows there."""

    def __init__(self, *arguments: str) -> None:
        self._ours, theirs = pty.openpty()
        self._deadline = time.monotonic() + _TIMEOUT
        self.shown = b""
        try:
            self.program = subprocess.Popen(
                [sys.executable, "-c", _ON_THE_TERMINAL, *arguments], cwd=ROOT, env=environment(ROOT),
                stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            )  # fmt: skip
        except BaseException:
            os.close(self._ours)
            raise
        finally:
            os.close(theirs)

    def type(self, text: bytes) -> None:
        os.write(self._ours, text)

    def wait_for(self, text: bytes) -> None:
        while text not in self.shown:
            assert self._read(), f"the program ended: {self.shown!r}"

    def exit_code(self) -> int:
        while self._read():
            pass
        return self.program.wait(self._left())

    def close(self) -> None:
        self.program.kill()
        self.program.wait()
        os.close(self._ours)

    def _left(self) -> float:
        return max(0.0, self._deadline - time.monotonic())

    def _read(self) -> bool:
        """Read what there is; whether the program may show more."""
        ready, _, _ = select.select([self._ours], [], [], self._left())
        assert ready, f"nothing more in {_TIMEOUT:.0f} s after {self.shown!r}"
        try:
            more = os.read(self._ours, 1024)
        except OSError:  # the other end of the terminal is gone
            return False
        self.shown += more
        return bool(more)


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    workshop = open_workshop(tmp_path / "estate")
    closed = '[cassandra]\nusername = "reader"'
    workshop.write("estate.toml", workshop.read("estate.toml").replace("[cassandra]", closed, 1))
    return workshop.path("estate.toml")


@pytest.fixture
def terminal(estate: Path) -> Iterator[Terminal]:
    """The audit of the estate on a terminal; in the end it is gone, whatever came of it."""
    audit = Terminal("-m", "orsgate", "audit", str(estate))
    try:
        yield audit
    finally:
        audit.close()


def test_it_is_asked_for_on_a_terminal_and_not_shown(terminal: Terminal) -> None:
    terminal.wait_for(b"Password of the Cassandra user reader")
    terminal.type(b"geheim\n")
    assert terminal.exit_code() in {1, 3}
    assert b"geheim" not in terminal.shown
    assert b"ORS-0503" in terminal.shown


def test_without_a_terminal_it_is_one_sentence(estate: Path) -> None:
    ended = orsgate("audit", estate)
    assert ended.code == 2
    assert "password of the Cassandra user reader is not given: set password_env or password_file" in ended.err


@pytest.mark.parametrize("command", ["discover", "export", "audit"])
def test_nothing_erases_the_line_on_which_it_is_asked_for(command: str, tmp_path: Path) -> None:
    sample = place_sample("healthy", tmp_path / "sample")
    with GaxTwin(tree(sample)) as twin:
        estate = live_estate(sample, "gax", twin.url)
        estate.write_text(estate.read_text().replace(f'password_env = "{VARIABLE}"\n', ""))
        target = [] if command == "audit" else ["--directory", str(tmp_path / "new")]
        program = Terminal("-m", "orsgate", command, str(estate), *target)
        try:
            program.wait_for(b"Password of the account reader of GAX")
            before = program.shown
            program.type(DEFAULT_PASSWORD.encode() + b"\n")
            assert program.exit_code() in {0, 1, 3}
        finally:
            program.close()
    assert b"\x1b[2K" not in before
    assert b"\x1b[?25l" not in before
    assert b"refused the login" not in program.shown
    assert DEFAULT_PASSWORD.encode() not in program.shown
