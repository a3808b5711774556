# SPDX-License-Identifier: Apache-2.0
"""One after the other: programs that read a file, add to it, and put it back, so that none undoes what another added."""

from __future__ import annotations

import contextlib
import importlib
import os
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def in_turn(path: Path) -> Iterator[None]:
    """Wait until no other program is within this for a file in the same directory.

    The directory itself is locked, so that nothing is left behind, and a program that is killed holds nothing up. Windows has
    no such lock, nor has every network drive; there it is as without.

    Args:
        path: the file; its directory is made where there is none.

    Raises:
        OSError: the directory cannot be made.
    """
    directory = Path(os.path.realpath(path)).parent
    directory.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(ImportError, OSError):
            posix = importlib.import_module("fcntl")
            descriptor = os.open(directory, os.O_RDONLY)
            stack.callback(os.close, descriptor)
            posix.flock(descriptor, posix.LOCK_EX)
        yield
