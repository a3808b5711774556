# SPDX-License-Identifier: Apache-2.0
"""Serves an estate of many applications by a twin, in a process of its own that shares nothing with what is measured.

``python -m benchmarks.serving ESTATE gax|gws SECONDS`` prints the address and serves until its standard input is closed.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measuring import PYTHON
from orsgate.estate.file import load_estate_file
from orsgate.sandbox.twins.gax import GaxTwin
from orsgate.sandbox.twins.gws import GwsTwin
from orsgate.sandbox.twins.tree import tree_of

ACCOUNT = ("reader", "benchmark")


@contextmanager
def served(estate: Path, source: str, delay: float = 0) -> Iterator[str]:
    """The address of a twin that serves ``estate`` meanwhile, taking ``delay`` seconds for each answer."""
    root = Path(__file__).resolve().parent.parent
    arguments = [PYTHON, "-m", "benchmarks.serving", str(estate), source, str(delay)]
    with subprocess.Popen(arguments, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None  # noqa: S101 - for mypy
        assert process.stdout is not None  # noqa: S101
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()
            process.wait()


def main() -> None:
    """Serve until nobody wants it any more."""
    tree = tree_of(load_estate_file(sys.argv[1]))
    twin = {"gax": GaxTwin, "gws": GwsTwin}[sys.argv[2]](tree, username=ACCOUNT[0], password=ACCOUNT[1], delay=float(sys.argv[3]))
    with twin:
        print(twin.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
