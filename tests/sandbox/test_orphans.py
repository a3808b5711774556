# SPDX-License-Identifier: Apache-2.0
"""No node outlives the process that started it, whatever happens to that."""

import subprocess
from pathlib import Path

import pytest

from orsgate.sandbox.cassandra import CassandraRing
from orsgate.sandbox.rundir import sweep
from tests.sandbox.parents import start_parent
from tests.sandbox.waiting import is_gone, until

pytestmark = pytest.mark.ring


def start(directory: Path, then: str) -> subprocess.Popen[str]:
    return start_parent(CassandraRing, "ring.nodes[0].pid", directory, then)


def test_the_parent_is_killed(tmp_path: Path) -> None:
    with start(tmp_path, "wait") as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        assert not is_gone(pid)
        parent.kill()
    until(lambda: is_gone(pid), "the end of the node")
    assert len(sweep(tmp_path)) == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("then", ["end", "raise"])
def test_the_parent_ends_without_closing_the_ring(tmp_path: Path, then: str) -> None:
    with start(tmp_path, then) as parent:
        output, _ = parent.communicate(timeout=30)
    assert is_gone(int(output))
    assert not list(tmp_path.iterdir())
