# SPDX-License-Identifier: Apache-2.0
"""Where passwords come from: an environment variable, a file only its owner can read, or a question; never an argument."""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Callable
from pathlib import Path

from orsgate.estate.file import LoadedEstate
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.mistakes import InputError

Ask = Callable[[str], str]
"""Asks a person for the password of what is named; raises InputError where nobody can be asked."""

LARGEST_READ = 64 * 2**10
"""Bytes of a password file that are read at most."""

_MODES_MEAN_SOMETHING = os.name == "posix"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_BOM = b"\xef\xbb\xbf"
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
"""Not blocking: what became a pipe since it was looked at must not hang the run."""


class _UnfitError(Exception):
    """A password file that cannot be used; the message says why and, in brackets, what to do."""


def password(loaded: LoadedEstate, what: str, variable: str | None, file: str | None, ask: Ask) -> str:
    """The password of an account.

    Args:
        loaded: the estate file, to which ``file`` is relative.
        what: whose it is, for sentences.
        variable: name of the environment variable that holds it.
        file: the file whose first line it is; on POSIX nobody but its owner may have access to it.
        ask: asks for it where neither is given.

    Raises:
        InputError: if it cannot be had.
    """
    found = _given(loaded, what, variable, file)
    if isinstance(found, Unknown):
        raise InputError(found.cause)
    return ask(what) if found is None else found


def check_password(loaded: LoadedEstate, what: str, variable: str | None, file: str | None) -> Unknown | None:
    """Why the password of an account cannot be had; None where it can, or where a person is to be asked for it.

    Args:
        loaded: the estate file, to which ``file`` is relative.
        what: whose it is, for the sentence.
        variable: name of the environment variable that holds it.
        file: the file whose first line it is.
    """
    found = _given(loaded, what, variable, file)
    return found if isinstance(found, Unknown) else None


def first_line_of(what: str, path: Path) -> str:
    """The first line of a file that, on POSIX, nobody but its owner has access to.

    Args:
        what: what it holds, for sentences, such as ``passphrase of the private key k``.
        path: the file.

    Raises:
        InputError: if it cannot be had.
    """
    found = _from_file(what, path)
    if isinstance(found, Unknown):
        raise InputError(found.cause)
    return found


def _given(loaded: LoadedEstate, what: str, variable: str | None, file: str | None) -> str | Unknown | None:
    """The password, why it cannot be had, or None where neither a variable nor a file is named."""
    if variable is not None:
        return _from_environment(what, variable)
    return None if file is None else _from_file(f"password of the {what}", loaded.resolve(file))


def _from_environment(what: str, variable: str) -> str | Unknown:
    source = f"the password of the {what} is to come from the environment variable {variable}"
    value = os.environ.get(variable)
    if not value:
        state = "not set" if value is None else "empty"
        return Unknown(f"{source}, which is {state} (set it where this runs)", variable, Failure.MISSING)
    try:
        value.encode()
    except UnicodeEncodeError:
        return Unknown(f"{source}, which holds bytes that are no text (set it in the encoding of the system)", variable)
    return value


def _from_file(what: str, path: Path) -> str | Unknown:
    try:
        return _first_line(_private_bytes(path))
    except OSError as error:
        failure = Failure.MISSING if isinstance(error, FileNotFoundError) else Failure.UNREADABLE
        why = f"{error.strerror} (name the file whose first line it is)"
    except _UnfitError as error:
        why, failure = str(error), Failure.UNREADABLE
    return Unknown(f"the {what} cannot be read from {path}: {why}", str(path), failure)


def _private_bytes(path: Path) -> bytes:
    """The beginning of a regular file that nobody but its owner has access to.

    Raises:
        _UnfitError: it is no such file.
        OSError: it cannot be read.
    """
    _require_private(path, path.stat())  # before it is opened: opening a device or a pipe can do something
    with os.fdopen(os.open(path, _FLAGS), "rb") as stream:
        _require_private(path, os.fstat(stream.fileno()))
        return stream.read(LARGEST_READ)


def _require_private(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise _UnfitError("it is not a regular file (name the file whose first line it is)")
    if not _MODES_MEAN_SOMETHING:
        return
    user = os.geteuid()
    if user not in {status.st_uid, 0}:
        raise _UnfitError("it belongs to another user (make it yours with chown, or name a file of your own)")
    if status.st_mode & _OTHERS:
        raise _UnfitError(f"others than its owner have access to it (chmod 600 {shlex.quote(str(path))})")


def _first_line(data: bytes) -> str:
    first = next(iter(data.removeprefix(_BOM).splitlines()), b"")
    if len(data) == LARGEST_READ and len(data.removeprefix(_BOM)) == len(first):
        raise _UnfitError(f"its first line is longer than {LARGEST_READ // 2**10} KB (write nothing but the password there)")
    if not first:
        raise _UnfitError("its first line is empty (write the password there)")
    if b"\0" in first:
        raise _UnfitError("its first line holds a NUL character (save it as UTF-8 text)")
    try:
        return first.decode("utf-8")
    except UnicodeDecodeError:
        raise _UnfitError("its first line is not UTF-8 text (save it as UTF-8)") from None
