# SPDX-License-Identifier: Apache-2.0
"""Lines for a person at a console, in which names of foreign systems may stand."""

from __future__ import annotations

import click

from orsgate.reporting.text import visible


def say(line: str, *, err: bool = False) -> None:
    """Write a line: nothing in it can move the cursor, turn the direction, or be invisible."""
    click.echo(visible(line), err=err)
