# SPDX-License-Identifier: Apache-2.0
"""Lines for a person at a console, in which names of foreign systems may stand."""

from __future__ import annotations

import click

from orsgate.reporting.text import in_one_line


def say(line: str, *, err: bool = False) -> None:
    """Write a line: nothing in it can move the cursor, turn the direction, begin another line, or be unseen."""
    click.echo(in_one_line(line), err=err)
