# SPDX-License-Identifier: Apache-2.0
"""Asking a person for a password or passphrase, where there is one to ask."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import click

from orsgate.collection.collect import nobody_to_ask
from orsgate.collection.passwords import Ask, first_line_of
from orsgate.estate.mistakes import InputError


def ask(what: str) -> str:
    """The password of ``what``, typed on the terminal and not shown.

    Raises:
        InputError: if there is no terminal.
    """
    if not sys.stdin.isatty():
        return nobody_to_ask(what)
    password: str = click.prompt(f"Password of the {what}", hide_input=True, err=True)
    return password


def asking_once() -> Ask:
    """What asks for each password once, where a command needs it several times."""
    typed: dict[str, str] = {}

    def ask_once(what: str) -> str:
        if what not in typed:
            typed[what] = ask(what)
        return typed[what]

    return ask_once


def passphrase_of(variable: str | None, file: Path | None = None) -> Callable[[str], str]:
    """What gives the passphrase of a key that is there: an environment variable, a file, else a person at the terminal.

    Args:
        variable: name of the environment variable.
        file: whose first line it is. None of both asks.

    Raises:
        UsageError: both are given.
    """
    require_one_source(variable, file)

    def given(what: str) -> str:
        found = _given(variable, file, what)
        return _typed(what) if found is None else found

    return given


def require_one_source(variable: str | None, file: Path | None) -> None:
    """Make sure that a passphrase comes from one place.

    Raises:
        UsageError: it comes from two.
    """
    if variable is not None and file is not None:
        raise click.UsageError("--passphrase-env and --passphrase-file both give the passphrase: leave out one of them")


def new_passphrase(variable: str | None, file: Path | None, what: str) -> str:
    """A passphrase for a key that is to be made: from an environment variable, a file, else typed twice on the terminal.

    Raises:
        InputError: it cannot be had, is empty, or the second is another than the first.
        UsageError: it comes from two places.
    """
    require_one_source(variable, file)
    if (found := _given(variable, file, what)) is not None:
        return found
    first = _typed(what)
    if not first:
        raise InputError(f"the passphrase of the {what} is empty; type one, or write the key in the open with --unprotected")
    if _typed(what, "Once more, the passphrase") != first:
        raise InputError(f"the two passphrases of the {what} differ, and no key was made; run it again")
    return first


def _given(variable: str | None, file: Path | None, what: str) -> str | None:
    if variable is not None:
        return _from_environment(what, variable)
    return None if file is None else first_line_of(f"passphrase of the {what}", file)


def _typed(what: str, told: str = "Passphrase") -> str:
    if not sys.stdin.isatty():
        raise InputError(f"the passphrase of the {what} is not given, and there is no terminal to ask on: use --passphrase-file")
    typed: str = click.prompt(f"{told} of the {what}", hide_input=True, err=True, default="", show_default=False)
    return typed


def _from_environment(what: str, variable: str) -> str:
    value = os.environ.get(variable)
    if not value:
        state = "not set" if value is None else "empty"
        raise InputError(f"the passphrase of the {what} is to come from the environment variable {variable}, which is {state}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InputError(f"the environment variable {variable} holds bytes that are no text; set it again") from None
    return value
