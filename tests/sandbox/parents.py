# SPDX-License-Identifier: Apache-2.0
"""Processes that start a ring and then end in various ways."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_START = """
import importlib, sys, tempfile, time
module, name, shown, directory, then = sys.argv[1:]
tempfile.tempdir = directory
ring = getattr(importlib.import_module(module), name)().start()
print(eval(shown), flush=True)
if then == "wait":
    time.sleep(600)
if then == "raise":
    raise ValueError
"""


def start_parent(made: type, shown: str, directory: Path, then: str) -> subprocess.Popen[str]:
    """A process that starts a ring, prints the expression ``shown`` of ``ring``, and then does ``wait``, ``raise`` or ``end``.

    Args:
        made: the class of the ring.
        shown: a Python expression.
        directory: for temporary files.
        then: what it does once the ring runs.
    """
    command = [sys.executable, "-c", _START, made.__module__, made.__name__, shown, str(directory), then]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
