# SPDX-License-Identifier: Apache-2.0
"""The command ``orsgate sandbox cassandra``: a ring for trying things out, until Ctrl-C."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orsgate.sandbox.certificates import Tls
from orsgate.sandbox.errors import sandbox_at_hand
from orsgate.sandbox.lines import line_of
from orsgate.sandbox.signals import stopping_on_signals

if TYPE_CHECKING:
    from orsgate.sandbox.cassandra import CassandraRing
    from orsgate.sandbox.jars import Progress
    from orsgate.sandbox.layout import Details

_LOOK_AFTER = 0.5


def _names(_context: click.Context, _option: click.Parameter, value: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in value.split(",") if name.strip())


def _options(_context: click.Context, _option: click.Parameter, value: str | None) -> dict[str, str] | None:
    if value is None:
        return None
    pairs = [part.partition(":") for part in value.split(";") if part.strip()]
    if wrong := [name for name, colon, number in pairs if not (name.strip() and colon and number.strip())]:
        raise click.BadParameter(f"{wrong[0]!r} has no value; write it like DC1:2;DC2:2")
    return {name.strip(): number.strip() for name, _, number in pairs}


@click.command("cassandra")
@click.option("--release", default="1.1.12", show_default=True, help="Cassandra release of the nodes.")
@click.option("--nodes", default=1, show_default=True, type=click.IntRange(1, 64), help="How many nodes.")
@click.option("--datacenters", default="", callback=_names, metavar="DC1,DC2", help="The nodes alternate between these.")
@click.option("--keyspace", help="Make this keyspace.")
@click.option("--strategy-class", help="Its strategy.  [default: SimpleStrategy]")
@click.option("--strategy-options", callback=_options, metavar='"DC1:2;DC2:2"', help="The options of its strategy.")
@click.option("--column-families", default="", callback=_names, metavar="NAME,NAME", help="Make these in the keyspace.")
@click.option("--login", metavar="USER", help="Ask clients for a password, and make this superuser (from 1.2 on).")
@click.option("--password-env", metavar="VARIABLE", help="The environment variable that holds the password of --login.")
@click.option("--tls", is_flag=True, help="Speak TLS with clients (from 1.2 on); says where the certificates lie.")
@click.option("--without-rpc", is_flag=True, help="Serve no Thrift: all nodes have start_rpc: false.")
@click.option("--jmx", is_flag=True, help="Serve JMX, for nodetool. It has no password: any local user may use it.")
@click.option("--keep", is_flag=True, help="Leave data and logs behind.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON instead of text.")
def cassandra(  # one for each option
    *,
    release: str,
    nodes: int,
    datacenters: tuple[str, ...],
    keyspace: str | None,
    strategy_class: str | None,
    strategy_options: dict[str, str] | None,
    column_families: tuple[str, ...],
    login: str | None,
    password_env: str | None,
    tls: bool,
    without_rpc: bool,
    jmx: bool,
    keep: bool,
    as_json: bool,
) -> None:
    """Start a real Cassandra ring on this machine, say how to reach it, and stop it on Ctrl-C.

    Its addresses are loopback addresses, which only this machine can reach. Nothing of it is left afterwards.
    """
    if keyspace is None and (strategy_class or strategy_options or column_families):
        raise click.UsageError("--strategy-class, --strategy-options and --column-families belong to --keyspace")
    if strategy_class and strategy_options is None:
        raise click.UsageError("--strategy-class needs --strategy-options")
    if without_rpc and not line_of(release).native:
        raise click.UsageError(f"Cassandra {release} speaks nothing but Thrift; --without-rpc is for 1.2 and later")
    details = _details(login, password_env, tls=tls, without_rpc=range(nodes) if without_rpc else (), jmx=jmx)
    running = False
    try:
        with sandbox_at_hand(), stopping_on_signals(), ExitStack() as stack:
            from orsgate.sandbox.cassandra import CassandraRing  # noqa: PLC0415  # heavy, and Linux only

            with download_bar() as progress:
                ring = stack.enter_context(
                    CassandraRing(release, nodes=nodes, datacenters=datacenters, progress=progress, keep=keep, **details),
                )
            if keyspace is not None:
                ring.create_keyspace(
                    keyspace, strategy_class or "SimpleStrategy", strategy_options, column_families=column_families
                )
            running = True
            click.echo(json.dumps(_as_json(ring)) if as_json else _as_text(ring, password_env))
            sys.stdout.flush()  # a script that reads it waits for it
            _look_after(ring)
    except KeyboardInterrupt:
        if not running:  # while it runs, to be stopped is what it waits for
            raise


def _details(login: str | None, password_env: str | None, *, tls: bool, without_rpc: Collection[int], jmx: bool) -> Details:
    """What the ring is asked for besides nodes and data centers.

    Raises:
        click.UsageError: there is no password for the login, or the reverse.
    """
    details: Details = {"without_rpc": without_rpc, "jmx": jmx}
    if (login is None) != (password_env is None):
        raise click.UsageError("--login and --password-env belong together")
    if login is not None and password_env is not None:
        password = os.environ.get(password_env)
        if not password:
            raise click.UsageError(f"the environment variable {password_env} holds no password; set it, or name another")
        details["login"] = (login, password)
    if tls:
        details["tls"] = Tls()
    return details


def _look_after(ring: CassandraRing) -> None:
    """Returns never: a signal ends it, or a node that ends by itself."""
    never = threading.Event()
    while not never.wait(_LOOK_AFTER):
        for node in ring.nodes:
            node.require_running()


@contextmanager
def download_bar() -> Iterator[Progress]:
    """A progress bar on standard error while jars are fetched; nothing where that is no terminal."""
    from rich.console import Console  # noqa: PLC0415  # heavy
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn  # noqa: PLC0415

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Fetching Cassandra", total=None, visible=False)
        yield lambda done, total: bar.update(task, completed=done, total=total, visible=True)


def _as_json(ring: CassandraRing) -> dict[str, Any]:
    return {
        "release": ring.release,
        "directory": str(ring.directory),
        "seeds": ring.seeds,
        "login": _login(ring),
        "tls": {name: str(path) for name, path in _certificates(ring).items()} or None,
        "nodes": [
            {
                "address": node.address,
                "rpc_port": node.rpc_port,
                "native_port": node.native_port,
                "jmx_port": node.jmx_port,
                "release": node.release,
                "datacenter": node.datacenter,
                "rack": node.rack,
                "token": str(node.token),
                "pid": node.pid,
                "log": str(node.log),
            }
            for node in ring.nodes
        ],
    }


def _login(ring: CassandraRing) -> str | None:
    """The name that clients log in with; None where anybody may come."""
    return next((node.plan.login[0] for node in ring.nodes if node.plan.login), None)


def _certificates(ring: CassandraRing) -> dict[str, Path]:
    """What clients need to speak TLS; nothing where the ring does not."""
    for node in ring.nodes:
        if files := node.certificates:
            return {"ca": files.ca, "client": files.client, "client_key": files.client_key, "other_ca": files.other_ca}
    return {}


def _as_text(ring: CassandraRing, password_env: str | None) -> str:
    lines = [f"Cassandra {ring.release} runs and agrees; Ctrl-C stops it.", ""]
    for node in ring.nodes:
        jmx = f"  JMX {node.address}:{node.jmx_port}" if node.jmx_port else ""
        lines.append(f"  {node.seed:<22} {node.datacenter} {node.rack}{jmx}  {node.log}")
    lines += ["", "For the estate file:", "", "[cassandra]", f"nodes = {json.dumps(ring.seeds)}"]
    if not any(node.rpc_port for node in ring.nodes):
        lines.append('protocol = "native"')
    if login := _login(ring):
        lines += [f"username = {json.dumps(login)}", f"password_env = {json.dumps(password_env)}"]
    if files := _certificates(ring):
        lines.append(f"ca_file = {json.dumps(str(files['ca']))}")
    if not any(node.native_port for node in ring.nodes):
        told = ", ".join(f"{json.dumps(node.address)} = {json.dumps(node.datacenter)}" for node in ring.nodes)
        lines += [
            "# while there is no keyspace, a ring of 1.0 or 1.1 does not tell its data centers:",
            f"datacenters = {{ {told} }}",
        ]
    return "\n".join(lines)
