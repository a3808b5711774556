# SPDX-License-Identifier: Apache-2.0
"""The commands ``list`` and ``explain``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from orsgate.rules.catalogue import Requirement


@click.command(name="list")
@click.option("--phase", type=click.Choice(["readiness", "deployment", "rehearsal"]), help="Only those of one phase.")
@click.option("--verbose", is_flag=True, help="Show the details of an internal error.")
def list_requirements(phase: str | None, *, verbose: bool) -> None:
    """List the requirements."""
    from orsgate.cli.features import requirements
    from orsgate.rules.catalogue import STEPS

    del verbose
    step = 0
    for found in requirements():
        if phase and phase not in found.requirement.phases:
            continue
        if found.requirement.step != step:
            step = found.requirement.step
            click.echo(f"Step {step}: {STEPS[step]}")
        told = _phases(found.requirement)
        click.echo(f"  {found.requirement.id}  {found.requirement.severity:<8} {found.title}  ({told})")


@click.command()
@click.argument("requirement_id", metavar="ID")
@click.option("--verbose", is_flag=True, help="Show the details of an internal error.")
def explain(requirement_id: str, *, verbose: bool) -> None:
    """Tell what a requirement asks for, why, and how to meet it."""
    from difflib import get_close_matches

    from orsgate.cli.features import extra_explanation, requirements

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
    click.echo(f"step {found.requirement.step}, {found.requirement.severity}, {_phases(found.requirement)}\n")
    for label, text in (
        ("Why", found.description.why),
        ("Fix", found.description.fix),
        ("Source", found.description.source),
    ):
        click.echo(click.wrap_text(f"{label}: {text}", 100, "", "  "))
    click.echo()
    for line in found.steps:
        click.echo(f"  {line}")
    for line in extra_explanation(wanted):
        click.echo(line)


def _phases(requirement: Requirement) -> str:
    """Its phases, and how it is tried where that is more than reading."""
    mode = "" if requirement.mode == "passive" else f"; {requirement.mode}"
    return " and ".join(requirement.phases) + mode
