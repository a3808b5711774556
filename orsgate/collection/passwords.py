# SPDX-License-Identifier: Apache-2.0
"""Where passwords come from: an environment variable, a file, or a question; never an argument."""

from __future__ import annotations

import os
from collections.abc import Callable

from orsgate.estate.file import LoadedEstate
from orsgate.estate.mistakes import InputError

Ask = Callable[[str], str]
"""Asks a person for the password of what is named; raises InputError where nobody can be asked."""


def password(loaded: LoadedEstate, what: str, variable: str | None, file: str | None, ask: Ask) -> str:
    """The password of an account.

    Args:
        loaded: the estate file, to which ``file`` is relative.
        what: whose it is, for sentences.
        variable: name of the environment variable that holds it.
        file: the file whose first line it is.
        ask: asks for it where neither is given.

    Raises:
        InputError: if it cannot be had.
    """
    if variable is not None:
        value = os.environ.get(variable)
        if not value:
            raise InputError(f"the password of the {what} is to come from the environment variable {variable}, which is not set")
        return value
    if file is None:
        return ask(what)
    path = loaded.resolve(file)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise InputError(f"the password of the {what} cannot be read from {path}: {reason}") from None
    if not lines or not lines[0]:
        raise InputError(f"the password of the {what} cannot be read from {path}: its first line is empty")
    return lines[0]
