# SPDX-License-Identifier: Apache-2.0
"""Asking a person for a password, where there is one to ask."""

from __future__ import annotations

import sys

import click

from orsgate.collection.collect import nobody_to_ask


def ask(what: str) -> str:
    """The password of ``what``, typed on the terminal and not shown.

    Raises:
        InputError: if there is no terminal.
    """
    if not sys.stdin.isatty():
        return nobody_to_ask(what)
    password: str = click.prompt(f"Password of the {what}", hide_input=True, err=True)
    return password
