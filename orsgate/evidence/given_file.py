# SPDX-License-Identifier: Apache-2.0
"""Reads a file that a person names, whatever it turns out to be: never more than is wanted, and no pipe that nobody fills."""

from __future__ import annotations

from pathlib import Path

from orsgate.estate.mistakes import InputError


def read_given(path: Path, most: int, what: str = "it") -> bytes:
    """The bytes of a file; one more than ``most`` of one that is larger, so that the caller can tell.

    Args:
        path: the file.
        most: bytes that are wanted at the most.
        what: how a sentence calls it, such as ``the key``.

    Raises:
        InputError: it is no file, or cannot be read.
    """
    try:
        is_other = path.exists() and not path.is_file()
        if not is_other:
            with path.open("rb") as stream:
                return stream.read(most + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise InputError(f"{path}: {what} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    raise InputError(f"{path}: {what} is no file; name one")
