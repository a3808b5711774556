# SPDX-License-Identifier: Apache-2.0
"""Where a report goes: a file that is written whole, or a stream that somebody else has opened."""

from __future__ import annotations

import errno
import stat
from collections.abc import Iterable, Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import IO

from orsgate.estate import atomic

Target = Path | IO[str]
"""A path, or a text stream such as standard output."""

_PIECE = 1 << 16
_SENTENCES = {
    errno.EACCES: "no permission to write there, or another program has it open",
    errno.EPERM: "no permission to write there",
    errno.EISDIR: "it is a directory; name a file",
    errno.ENOTDIR: "a part of the path is a file, not a directory",
    errno.EEXIST: "a part of the path is a file, not a directory",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the file system is read-only",
    errno.ENAMETOOLONG: "the name is too long",
    errno.EPIPE: "nobody reads the stream any more",
}


class ReportError(OSError):
    """A report that cannot be written; the message is one sentence for the user."""


def write(target: Target, chunks: Iterable[str]) -> None:
    """Write a report piece by piece.

    Args:
        target: where to; a stream that can takes it as UTF-8, whatever the code page and the line ends of the console.
        chunks: the text.

    Raises:
        ReportError: if it cannot be written; a file that was there is then as it was.
    """
    if isinstance(target, Path):
        write_whole(target, chunks)
        return
    try:
        target.flush()
        if isinstance(target, TextIOWrapper):
            target.buffer.writelines(piece.encode() for piece in _pieces(chunks))
        else:
            target.writelines(_pieces(chunks))
        target.flush()
    except OSError as error:
        raise report_error(getattr(target, "name", "the stream"), error) from error


def write_whole(path: Path, chunks: Iterable[str]) -> None:
    """Write a file so that who looks at it sees the old content or the new, never a part; directories are made.

    A device or a pipe (``/dev/null``, ``/dev/stdout``) is written to, not replaced.

    Raises:
        ReportError: if it cannot be written; what was there is then as it was.
    """
    if "\0" in str(path):
        raise ReportError(f"cannot write the report {str(path)!r}: a path holds no null character")
    pieces = (piece.encode() for piece in _pieces(chunks))
    try:
        if is_device(path):
            with path.open("wb") as stream:
                stream.writelines(pieces)
        elif path.is_dir():  # Windows would call it a lack of permission
            raise IsADirectoryError(errno.EISDIR, "is a directory", str(path))
        else:
            atomic.write_whole(path, pieces)
    except OSError as error:
        raise report_error(str(path), error) from error


def is_device(path: Path) -> bool:
    """Whether ``path`` is there and is something that is written to, never replaced: a device or a pipe."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _pieces(chunks: Iterable[str]) -> Iterator[str]:
    """The same text in fewer, larger pieces."""
    held: list[str] = []
    size = 0
    for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        if size >= _PIECE:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)


def report_error(place: object, error: OSError) -> ReportError:
    """The error that says in one sentence why ``place`` cannot be written."""
    why = _SENTENCES.get(error.errno or 0) or (error.strerror or str(error)).rstrip(".").lower()
    return ReportError(f"cannot write the report {place}: {why}")
