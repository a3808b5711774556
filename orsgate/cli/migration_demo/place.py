# SPDX-License-Identifier: Apache-2.0
"""The directory of the demo: made, or emptied of what an earlier demo left, and of nothing else."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orsgate.estate.mistakes import InputError

MARK = "ORSGATE-DEMO.txt"
"""Says whose the directory is; locked while a demo runs in it."""
SITE, LOGS, REPORTS, BASELINE, FIXED = "site", "logs", "reports", "baseline", "fixed"
ANSWERS, RECORD, KEY, PUBLIC_KEY = "answers.toml", "record.json", "record-key.pem", "record-key.pub"
BUNDLE = "deployment.zip"
OWN = frozenset({MARK, SITE, LOGS, REPORTS, BASELINE, FIXED, ANSWERS, RECORD, KEY, PUBLIC_KEY, BUNDLE})
"""Everything that the demo makes."""
_REMARK = (
    "Made by `orsgate demo --migrate`, and replaced by the next one that is told this directory.\n"
    "The estate is made up, everything in it was measured against stand-ins, and no part of it is Genesys software.\n"
)


@contextmanager
def demo_directory(directory: Path) -> Iterator[Path]:
    """A directory for one demo, without anything in it but the mark.

    Raises:
        InputError: there is something in it that no demo made, a demo runs in it, or it cannot be written.
    """
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        _require_own(directory)
        with os.fdopen(os.open(directory / MARK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "r+b") as mark:
            try:
                fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InputError(f"{directory}: a demo runs in it; wait for it, or name another directory") from None
            _empty(directory)
            mark.truncate()
            mark.write(_REMARK.encode())
            mark.flush()
            for name in (LOGS, REPORTS):
                (directory / name).mkdir(mode=0o700)
            yield directory.resolve()
    except OSError as error:
        raise InputError(f"{directory}: cannot be written: {error.strerror or error}; name another directory") from None


def _require_own(directory: Path) -> None:
    names = {path.name for path in directory.iterdir()}
    others = sorted(names - OWN)
    if others or (names and MARK not in names):
        what = others[0] if others else min(names)
        raise InputError(f"{directory}: holds {what}, which no demo made; nothing is replaced, name another directory")


def _empty(directory: Path) -> None:
    for path in directory.iterdir():
        if path.name == MARK:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
