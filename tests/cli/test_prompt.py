# SPDX-License-Identifier: Apache-2.0
"""A password is asked for on a terminal, unseen, and refused to be guessed where there is none."""

from __future__ import annotations

import os
import pty
import sys

import pytest

from tests.acceptance.conftest import ROOT, environment, orsgate
from tests.faults.workshop import open_workshop

pytestmark = pytest.mark.slow


@pytest.fixture
def estate(tmp_path):
    workshop = open_workshop(tmp_path / "estate")
    closed = '[cassandra]\nusername = "reader"'
    workshop.write("estate.toml", workshop.read("estate.toml").replace("[cassandra]", closed, 1))
    return workshop.path("estate.toml")


def test_it_is_asked_for_on_a_terminal_and_not_shown(estate):
    pid, terminal = pty.fork()
    if pid == 0:  # the child has the terminal as its own
        os.chdir(ROOT)
        os.execve(sys.executable, [sys.executable, "-m", "orsgate", "audit", str(estate)], environment(ROOT))  # noqa: S606
    said = b""
    while b"Password of the Cassandra user reader" not in said:
        said += os.read(terminal, 1024)
    os.write(terminal, b"geheim\n")
    try:
        while more := os.read(terminal, 1024):
            said += more
    except OSError:  # the other end of the terminal is gone
        pass
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) in {1, 3}
    assert b"geheim" not in said
    assert b"ORS-0503" in said


def test_without_a_terminal_it_is_one_sentence(estate):
    ended = orsgate("audit", estate)
    assert ended.code == 2
    assert "password of the Cassandra user reader is not given: set password_env or password_file" in ended.err
