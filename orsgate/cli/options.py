# SPDX-License-Identifier: Apache-2.0
"""The options that several commands share."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def judging_options(command: F) -> F:
    """The options of every command that judges."""
    for option in reversed(
        [
            click.option("--json", "json_path", metavar="PATH", help="Write results.json; - is standard output."),
            click.option("--junit", "junit_path", metavar="PATH", help="Write JUnit XML; - is standard output."),
            click.option("--html", "html_path", metavar="PATH", help="Write the HTML report; - is standard output."),
            click.option(
                "--previous",
                metavar="RESULTS",
                help="The results.json of an earlier run: say what changed since, here and in the HTML report.",
            ),
            click.option(
                "--only",
                multiple=True,
                metavar="WHAT",
                help="Judge only these: an id, step:N or severity:NAME; comma-separated, repeatable.",
            ),
            click.option("--skip", multiple=True, metavar="WHAT", help="Leave these out; as --only."),
            click.option(
                "--waivers",
                "waiver_files",
                multiple=True,
                metavar="FILE",
                help="Accept the exceptions in this file, as orsgate waive writes it; repeatable.",
            ),
            click.option(
                "--allow-wide-waivers", is_flag=True, help='Let subjects such as "*" waive what decides the verdict as well.'
            ),
            click.option("--strict", is_flag=True, help="Let warnings decide the verdict as blockers do."),
            click.option("--verbose", is_flag=True, help="Show notes and evidence, and the details of an internal error."),
            click.option("--quiet", is_flag=True, help="Show the verdict only."),
        ]
    ):
        command = option(command)
    return command


def evidence_options(command: F) -> F:
    """The options of an audit that reads or leaves evidence, or that judges a plan."""
    path = click.Path(path_type=Path)
    for option in reversed(
        [
            click.option("--baseline", type=path, metavar="DIR", help="The baseline that orsgate baseline stored (ORS-0109)."),
            click.option("--record", "record_path", metavar="FILE", help="Write the readiness record that step 10 reads."),
            click.option("--sign", type=path, metavar="KEY", help="Sign the record with this private key of orsgate keygen."),
            passphrase_option,
            click.option(
                "--plan",
                type=path,
                metavar="DIR",
                help="Judge the exports in DIR, as orsgate fix writes them, in place of the current options.",
            ),
        ]
    ):
        command = option(command)
    return command


def passphrase_option(command: F) -> F:
    """The option for the passphrase of a key."""
    told = "Environment variable that holds the passphrase of the key.  [default: ask for it]"
    return click.option("--passphrase-env", metavar="VARIABLE", help=told)(command)


def team_option(command: F) -> F:
    """The option for a team's own requirements, which are of the phases that judge the estate itself."""
    return click.option("--features", "team", metavar="DIR", help="Judge a team's own requirements as well.")(command)


def _finite(_context: click.Context, _option: click.Parameter, value: float | None) -> float | None:
    if value is not None and not math.isfinite(value):
        raise click.BadParameter(f"{value} is no number of seconds")
    return value


def offline_option(command: F) -> F:
    """The option that keeps servers from being asked."""
    return click.option("--offline", is_flag=True, help="Open no socket; what only a server could tell stays unknown.")(command)


def http_option(command: F) -> F:
    """The option for sources that speak no TLS."""
    told = "Let the account of GAX or GWS be sent to another host over http, without TLS; reports say so."
    return click.option("--allow-http", is_flag=True, help=told)(command)


def timeout_option(command: F) -> F:
    """The option that bounds the whole run."""
    return click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        callback=_finite,
        metavar="SECONDS",
        help="Deadline of the whole run.",
    )(command)


def collecting_options(command: F) -> F:
    """The options of every command that reads an estate."""
    snapshot = click.option("--snapshot", "snapshot_path", metavar="PATH", help="Write the snapshot; - is standard output.")
    return snapshot(timeout_option(http_option(command)))
