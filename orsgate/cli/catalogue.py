# SPDX-License-Identifier: Apache-2.0
"""The commands ``list`` and ``explain``."""

from __future__ import annotations

import click


@click.command(name="list")
@click.option("--phase", type=click.Choice(["readiness", "deployment", "rehearsal"]), help="Only those of one phase.")
@click.option(
    "--markdown", "as_markdown", is_flag=True, help="Write a page in Markdown, with why, how to meet it, and the source."
)
@click.option("--verbose", is_flag=True, help="Show the details of an internal error.")
def list_requirements(phase: str | None, *, as_markdown: bool, verbose: bool) -> None:
    """List the requirements."""
    from orsgate.cli.features import phases, requirements
    from orsgate.rules.catalogue import STEPS

    del verbose
    asked = [found for found in requirements() if not phase or phase in found.requirement.phases]
    if as_markdown:
        from orsgate.cli.requirements_page import markdown

        click.echo("\n".join(markdown(asked)))
        return
    step = 0
    for found in asked:
        if found.requirement.step != step:
            step = found.requirement.step
            click.echo(f"Step {step}: {STEPS[step]}")
        told = phases(found.requirement)
        click.echo(f"  {found.requirement.id}  {found.requirement.severity:<8} {found.title}  ({told})")


@click.command()
@click.argument("requirement_id", metavar="ID")
@click.option("--verbose", is_flag=True, help="Show the details of an internal error.")
def explain(requirement_id: str, *, verbose: bool) -> None:
    """Tell what a requirement asks for, why, and how to meet it."""
    from difflib import get_close_matches
    from textwrap import fill

    from orsgate.cli.features import extra_explanation, phases, requirements

    del verbose
    known = {found.requirement.id: found for found in requirements()}
    wanted = requirement_id.upper()
    if wanted not in known:
        near = get_close_matches(wanted, known, 1, 0.9)
        raise click.UsageError(
            f'"{requirement_id}" is no requirement' + (f"; did you mean {near[0]}?" if near else "; see orsgate list")
        )
    found = known[wanted]
    click.echo(f"{wanted}  {found.title}")
    click.echo(f"step {found.requirement.step}, {found.requirement.severity}, {phases(found.requirement)}\n")
    for label, text in (
        ("Why", found.description.why),
        ("Fix", found.description.fix),
        ("Source", found.description.source),
    ):
        # A name or a command is copied from here, so that no hyphen may end a line.
        click.echo(fill(f"{label}: {text}", 100, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False))
    click.echo()
    for line in found.steps:
        click.echo(f"  {line}")
    for line in extra_explanation(wanted):
        click.echo(line)
