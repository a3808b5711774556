# SPDX-License-Identifier: Apache-2.0
"""The command ``orsgate sandbox estate``: a ring, a GAX twin and ORS twins as one, until Ctrl-C."""

from __future__ import annotations

import json
import shlex
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orsgate.sandbox.command import download_bar
from orsgate.sandbox.errors import SandboxError, sandbox_at_hand
from orsgate.sandbox.signals import stopping_on_signals

if TYPE_CHECKING:
    from orsgate.sandbox.ring import Ring
    from orsgate.sandbox.site.site import Site

_LOOK_AFTER = 0.5


def _names(_context: click.Context, _option: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    return None if value is None else tuple(name.strip() for name in value.split(",") if name.strip())


@click.command("estate")
@click.argument("estate", metavar="SAMPLE_OR_ESTATE")
@click.option("--directory", metavar="DIR", help="A new directory for estate file and logs.  [default: one that goes at the end]")
@click.option("--source", default="gax", show_default=True, type=click.Choice(["gax", "files"]), help="Of the estate file.")
@click.option("--release", default="1.1.12", show_default=True, help="Cassandra release of the ring.")
@click.option("--nodes", type=click.IntRange(1, 64), help="Nodes of the ring.  [default: two for each data center]")
@click.option("--datacenters", callback=_names, metavar="DC1,DC2", help="Of the ring.  [default: those of the estate]")
@click.option("--without-cassandra", is_flag=True, help="No ring: the ORS twins keep persisted sessions in memory.")
@click.option(
    "--takeover-after", default=0.5, show_default=True, type=click.FloatRange(0, 3600), metavar="SECONDS",
    help="Until a Backup serves after its Primary stopped.",
)  # fmt: skip
@click.option("--https", is_flag=True, help="The ORS twins speak HTTPS.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON instead of text.")
def estate(
    *,
    estate: str,
    directory: str | None,
    source: str,
    release: str,
    nodes: int | None,
    datacenters: tuple[str, ...] | None,
    without_cassandra: bool,
    takeover_after: float,
    https: bool,
    as_json: bool,
) -> None:
    """Bring up a whole estate on this machine, say how to use it, and stop it on Ctrl-C.

    SAMPLE_OR_ESTATE is the name of a made-up sample, such as healthy, or an estate file whose exports are files. A real Cassandra
    ring runs, a GAX twin, and an ORS twin for each Orchestration Server: stand-ins on loopback addresses that say so in every
    answer, and no software of Genesys. The estate file that is written leads to all of them.
    """
    details: dict[str, Any] = {"source": source, "takeover_after": takeover_after, "https": https}
    running = False
    try:
        with sandbox_at_hand(), stopping_on_signals(), ExitStack() as stack:
            place = Path(directory) if directory else _passing(stack)
            site: Site
            if without_cassandra:
                site = stack.enter_context(_in_memory(estate, place, details))
            else:
                from orsgate.sandbox.site.whole import whole_site  # noqa: PLC0415  # heavy

                details |= {"release": release, "nodes": nodes, "datacenters": datacenters}
                with download_bar() as progress:
                    site = stack.enter_context(whole_site(estate, place, progress=progress, **details))
            running = True
            click.echo(json.dumps(_as_json(site)) if as_json else _as_text(site))
            sys.stdout.flush()  # a script that reads it waits for it
            _look_after(site)
    except KeyboardInterrupt:
        if not running:  # while it runs, to be stopped is what it waits for
            raise


def _passing(stack: ExitStack) -> Path:
    from orsgate.sandbox.rundir import RunDirectory  # noqa: PLC0415  # Linux only

    run = RunDirectory()
    stack.callback(run.close)
    return run.path / "site"


@contextmanager
def _in_memory(estate: str, directory: Path, details: dict[str, Any]) -> Iterator[Site]:
    from orsgate.sandbox.site.site import Site  # noqa: PLC0415  # heavy
    from orsgate.sandbox.twins.ors_stores import MemoryStore  # noqa: PLC0415

    with Site(estate, directory, store=MemoryStore().of, **details) as site:
        yield site


def _look_after(site: Site) -> None:
    """Returns never: a signal ends it, or something of the site that ends by itself.

    Raises:
        SandboxError: something ended.
    """
    never = threading.Event()
    while not never.wait(_LOOK_AFTER):
        for node in site.ring.nodes if site.ring else ():
            node.require_running()
        if site.configured_by_gax and not site.gax.is_running:
            raise SandboxError(f"the {site.gax.name} ended by itself")


def _as_json(site: Site) -> dict[str, Any]:
    return {
        "estate": str(site.estate_file),
        "control": site.control.url,
        "gax": site.gax.url if site.configured_by_gax else None,
        "seeds": site.ring.seeds if site.ring else [],
        "ca_file": str(site.ca_file) if site.ca_file else None,
        "applications": {name: {"url": twin.url, "mode": twin.mode, "log": twin.log_file} for name, twin in site.twins.items()},
    }


def _as_text(site: Site) -> str:
    ring: Ring[Any] | None = site.ring
    kept = f"Cassandra {ring.release} at {', '.join(ring.seeds)}" if ring else "none; persisted sessions are in memory"
    lines = [
        "A whole estate runs on this machine: twins, which are stand-ins and not Genesys software. Ctrl-C stops it.",
        "",
        f"  {'Cassandra':<16} {kept}",
    ]
    if site.configured_by_gax:
        lines.append(f"  {'GAX twin':<16} {site.gax.url}/gax")
    lines += [f"  {name:<16} {twin.url}  {twin.mode}, log {twin.log_file}" for name, twin in site.twins.items()]
    if site.ca_file:
        lines += ["", f"Their certificates are issued by {site.ca_file}"]
    file = shlex.quote(str(site.estate_file))
    lines += ["", "The estate file that leads to all of it:", "", f"  {site.estate_file}", "", f"orsgate audit {file}"]
    if first := next(iter(site.twins), None):
        for action in ("stop", "start", "status"):
            lines.append(f"python -m orsgate.sandbox.site.control {site.control.url} {action} {shlex.quote(first)}")
    return "\n".join(lines)
