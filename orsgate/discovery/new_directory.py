# SPDX-License-Identifier: Apache-2.0
"""A new directory for its owner only, that comes to be whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from orsgate.estate.atomic import sync_directory
from orsgate.estate.mistakes import InputError, quoted

OWNER_ONLY_DIRECTORY = 0o700
OWNER_ONLY_FILE = 0o600
_SYNCING_AT_ONCE = 8
"""File systems join the syncs that wait at one time into one; more than these gain nothing."""
_TAKEN = frozenset({errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR})


class NewDirectory:
    """Takes the files of a directory that is still to be put in place."""

    def __init__(self, staging: Path) -> None:
        self._staging = staging
        self._files: list[Path] = []
        self._inside: dict[str, NewDirectory] = {}

    def inside(self, name: str) -> NewDirectory:
        """A directory in this one, for its owner only; the same one when it is asked for again.

        Raises:
            ValueError: if ``name`` is not the name of a directory in this one.
            OSError: if it cannot be made.
        """
        if name not in self._inside:
            path = self._path(name)
            path.mkdir(OWNER_ONLY_DIRECTORY)
            self._inside[name] = NewDirectory(path)
        return self._inside[name]

    def write(self, name: str, data: bytes) -> None:
        """Writes a file; nobody but its owner can read it from the moment it exists.

        Raises:
            ValueError: if ``name`` is not the name of a file in this directory.
            OSError: if it cannot be written, or is there already.
        """
        path = self._path(name)
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, flags, OWNER_ONLY_FILE), "wb") as stream:
            stream.write(data)
        self._files.append(path)

    def _path(self, name: str) -> Path:
        if name in {"", ".", ".."} or "/" in name or "\\" in name or "\0" in name:
            raise ValueError(f"{quoted(name)} is no file name")
        return self._staging / name

    def sync(self) -> None:
        """Makes every file last through a power cut."""
        for directory in self._inside.values():
            directory.sync()
        with ThreadPoolExecutor(_SYNCING_AT_ONCE) as pool:
            for _ in pool.map(_sync_file, self._files):
                pass
        sync_directory(self._staging)


@contextmanager
def new_directory(target: Path) -> Iterator[NewDirectory]:
    """Gives a directory to write to, and puts it in the place of ``target`` when the block ends well.

    Whatever breaks, an interruption too, leaves nothing behind. Directories above ``target`` are made.

    Raises:
        InputError: if ``target`` exists and is not an empty directory, or cannot be written; nothing is ever replaced.
    """
    try:
        refuse_what_is_there(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        staging = target.with_name(f".orsgate.{secrets.token_hex(8)}.part")
        staging.mkdir(OWNER_ONLY_DIRECTORY)
        try:
            directory = NewDirectory(staging)
            yield directory
            directory.sync()
            _put_in_place(staging, target)
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise
        sync_directory(target.parent)
    except OSError as error:
        if error.errno in _TAKEN:
            raise _taken(target) from None
        raise InputError(f"{target}: cannot be written: {error.strerror or error}") from None


def refuse_what_is_there(target: Path) -> None:
    """Make sure that a directory can come to be at ``target``.

    Raises:
        InputError: there is something that would be replaced.
    """
    if not target.name or target.name == "..":
        raise InputError(f"{target}: is no name for a new directory; name one that is not there yet")
    if target.is_symlink():
        raise InputError(f"{target}: is a symbolic link; name the directory itself")
    if target.exists() and (not target.is_dir() or next(target.iterdir(), None) is not None):
        raise _taken(target)


def _taken(target: Path) -> InputError:
    return InputError(f"{target}: exists already and is no empty directory; nothing is replaced, name another directory")


def _put_in_place(staging: Path, target: Path) -> None:
    if os.name == "nt" and target.is_dir():
        target.rmdir()
    staging.rename(target)  # fails where anything but an empty directory has come to be there meanwhile


def _sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
