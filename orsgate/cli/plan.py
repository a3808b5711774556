# SPDX-License-Identifier: Apache-2.0
"""The command ``plan``: the runbook of a migration."""

from __future__ import annotations

import click


@click.command()
@click.argument("estate", metavar="ESTATE")
@click.option("--markdown", "as_markdown", is_flag=True, help="Write a Markdown table, for the change record.")
@click.option("--verbose", is_flag=True, help="Show the details of an internal error.")
def plan(estate: str, *, as_markdown: bool, verbose: bool) -> None:
    """Tell who runs which command when, and with which access.

    ESTATE is the estate file. Nothing is read besides it, and nothing is changed.
    """
    from orsgate.cli.say import say
    from orsgate.estate.file import load_estate_file
    from orsgate.runbook.rows import runbook
    from orsgate.runbook.text import lines, markdown

    del verbose
    settings = load_estate_file(estate).file
    rows = runbook(estate, settings)
    if not as_markdown:
        say(f"Runbook of {settings.estate.name}: {settings.estate.from_release} to {settings.estate.to_release}")
    for line in markdown(rows) if as_markdown else lines(rows):
        say(line)
