# SPDX-License-Identifier: Apache-2.0
"""The directory of a run: removed at its end, or by a later run where this one was killed."""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import tempfile
from pathlib import Path
from typing import IO

_log = logging.getLogger(__name__)
_PREFIX = "orsgate-sandbox-"
_MARKER = "sandbox.lock"
_TEXT = "A sandbox of orsgate; may be removed by the next one when no process holds a lock on this file.\n"


class RunDirectory:
    """A new directory that this process owns.

    Args:
        keep: leave it behind; it then carries no marker, so that no later run removes it.
        parent: where to make it; by default where temporary files go.
    """

    def __init__(self, *, keep: bool = False, parent: Path | None = None) -> None:
        parent = parent or Path(tempfile.gettempdir())
        sweep(parent)
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
        self._marker: IO[str] | None = None
        if not keep:
            new = self.path / f"{_MARKER}.new"
            self._marker = new.open("w", encoding="utf-8")
            fcntl.flock(self._marker, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._marker.write(_TEXT)
            self._marker.flush()
            new.rename(self.path / _MARKER)  # nobody sees it before it is locked

    def close(self) -> None:
        """Removes it, unless it is to be kept."""
        if self._marker:
            marker, self._marker = self._marker, None
            with marker:
                _remove(self.path)


def sweep(parent: Path) -> list[Path]:
    """Removes the directories of this user's runs that were killed; gives those it removed."""
    removed = []
    for marker in parent.glob(f"{_PREFIX}*/{_MARKER}"):
        try:
            if marker.stat().st_uid != os.getuid() or marker.read_text("utf-8") != _TEXT:
                continue
            with marker.open("r+", encoding="utf-8") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(marker.parent)
                removed.append(marker.parent)
        except OSError as error:  # in use, somebody else's, or just removed by another sweep
            _log.debug("%s stays: %s", marker.parent, error)
    return removed


def _remove(directory: Path) -> None:
    # The marker goes last: were we killed half-way, the next sweep finishes the work.
    for entry in directory.iterdir():
        if entry.name == _MARKER:
            continue
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    (directory / _MARKER).unlink(missing_ok=True)
    directory.rmdir()
