# SPDX-License-Identifier: Apache-2.0
"""Writes a file whole: who looks at it sees the old content or the new, never a part."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path

STAGED = ".orsgate."
"""How the name of a file begins that is not in its place yet; one that stays was left by a program that was killed."""


def write_whole(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Writes ``data`` to ``path`` by temporary file, fsync and rename; makes the directories above it.

    A symbolic link is followed, and the permissions of a file that was there are kept. Data in pieces are written as they
    come, so that a large report is never in memory as a whole.

    Raises:
        OSError: if it cannot be written; what was there is then as it was.
    """
    target = Path(os.path.realpath(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f"{STAGED}{secrets.token_hex(8)}.part")
    try:
        with temporary.open("xb") as stream:
            stream.writelines((data,) if isinstance(data, bytes) else data)
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            shutil.copymode(target, temporary)
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    sync_directory(target.parent)


def sync_directory(directory: Path) -> None:
    """Makes the names in a directory last through a power cut, where the system lets a directory be opened (not on Windows)."""
    with contextlib.suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
