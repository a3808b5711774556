# SPDX-License-Identifier: Apache-2.0
"""Writes a new file that nobody but its owner can read from the moment it exists."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from orsgate.discovery.new_directory import OWNER_ONLY_FILE
from orsgate.estate.atomic import sync_directory
from orsgate.estate.mistakes import InputError

_NEW = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def refuse_to_replace(path: Path) -> None:
    """Make sure that nothing is there yet.

    Raises:
        InputError: something is, or the name is none.
    """
    if "\0" in str(path):
        raise InputError(f"{str(path)!r} is no path: it holds a null character")
    if path.exists() or path.is_symlink():
        raise InputError(f"{path} is there already, and is not replaced, since it may hold real values; name another file")


def write_private(path: Path, data: bytes) -> None:
    """Write ``path`` whole or not at all; it must not be there yet.

    Raises:
        InputError: it is there, or cannot be written.
    """
    refuse_to_replace(path)
    staged = path.with_name(f".orsgate.{secrets.token_hex(8)}.part")
    try:
        with os.fdopen(os.open(staged, _NEW, OWNER_ONLY_FILE), "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        refuse_to_replace(path)  # another process may have made it meanwhile
        staged.replace(path)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from None
    finally:
        with suppress(OSError):
            staged.unlink()
    sync_directory(path.parent)
