# SPDX-License-Identifier: Apache-2.0
"""Asking a person for a password or passphrase, where there is one to ask."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import click

from orsgate.collection.collect import nobody_to_ask
from orsgate.collection.passwords import Ask
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


def passphrase_of(variable: str | None) -> Callable[[str], str]:
    """What gives the passphrase of a key that is there: an environment variable, else a person at the terminal.

    Args:
        variable: name of the environment variable; None asks.
    """

    def given(what: str) -> str:
        return _from_environment(what, variable) if variable is not None else _typed(what)

    return given


def new_passphrase(variable: str | None, what: str) -> str:
    """A passphrase for a key that is to be made: from an environment variable, else typed twice on the terminal.

    Raises:
        InputError: it cannot be had, is empty, or the second is another than the first.
    """
    if variable is not None:
        return _from_environment(what, variable)
    first = _typed(what)
    if not first:
        raise InputError(f"the passphrase of the {what} is empty; type one, or write the key in the open with --unprotected")
    if _typed(what, "Once more, the passphrase") != first:
        raise InputError(f"the two passphrases of the {what} differ, and no key was made; run it again")
    return first


def _typed(what: str, told: str = "Passphrase") -> str:
    if not sys.stdin.isatty():
        raise InputError(f"the passphrase of the {what} is not given, and there is no terminal to ask on: use --passphrase-env")
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
