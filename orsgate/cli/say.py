# SPDX-License-Identifier: Apache-2.0
"""Lines for a person at a console, in which names of foreign systems may stand."""

from __future__ import annotations

import sys

import click

from orsgate.reporting.text import in_one_line, no_command


def say(line: str, *, err: bool = False) -> None:
    """Write a line: nothing in it can move the cursor, turn the direction, begin another line, or be unseen.

    Where a build server may read it, nothing in it is a command either.
    """
    text = in_one_line(line)
    click.echo(text if (sys.stderr if err else sys.stdout).isatty() else no_command(text), err=err)
