# SPDX-License-Identifier: Apache-2.0
"""Lists the option exports in a directory: the name of a file is the name of its application."""

from __future__ import annotations

import os
from pathlib import Path

from orsgate.estate.field_types import usable_name
from orsgate.estate.mistakes import InputError, Mistake, MistakesError
from orsgate.sources.export_files import SUFFIXES


def exports_in(directory: Path) -> dict[str, Path]:
    """Application name -> its export, for every ``*.cfg`` and ``*.conf`` directly in ``directory``, in order of names.

    Raises:
        InputError: if the directory cannot be read, holds no export, or holds one that names no single application.
    """
    try:
        files = sorted(file for file in directory.iterdir() if file.suffix.lower() in SUFFIXES and file.is_file())
    except FileNotFoundError:
        raise InputError(f"{directory}: there is no such directory") from None
    except NotADirectoryError:
        raise InputError(f"{directory}: is no directory; name the one that holds the exports") from None
    except OSError as error:
        raise InputError(f"{directory}: cannot be read: {error.strerror}") from None
    if not files:
        raise InputError(f"{directory}: holds no export; their names end in {' or '.join(SUFFIXES)}")
    exports: dict[str, Path] = {}
    mistakes: list[Mistake] = []
    for file in files:
        name = file.stem
        if not usable_name(name):
            readable = os.fsencode(file).decode("utf-8", "backslashreplace")
            mistakes.append(Mistake(readable, None, None, "is not named like an application; rename the file"))
        elif name in exports:
            told = f"is a second export of the application that {exports[name].name} belongs to; move one of them away"
            mistakes.append(Mistake(str(file), None, None, told))
        exports.setdefault(name, file)
    if mistakes:
        raise MistakesError(mistakes)
    return exports


def relative_to(file: Path, directory: Path) -> str:
    """``file`` as an estate file in ``directory`` names it: relative where that is possible, with ``/`` everywhere."""
    try:
        return Path(os.path.relpath(file, directory)).as_posix()
    except ValueError:  # another drive, on Windows
        return file.absolute().as_posix()
