# SPDX-License-Identifier: Apache-2.0
"""The commands ``orsgate sandbox gax`` and ``gws``: a twin that serves the configuration of an estate file, until Ctrl-C."""

from __future__ import annotations

import json
import os
import secrets
import shlex
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from orsgate.sandbox.errors import SandboxError, UsageError
from orsgate.sandbox.signals import stopping_on_signals

if TYPE_CHECKING:
    from orsgate.estate.file import LoadedEstate
    from orsgate.estate.inventory import Configuration
    from orsgate.sandbox.twins.objects import Tree
    from orsgate.sandbox.twins.server import Details, Twin

_LOOK_AFTER = 0.5
_HIGHEST_PORT = 65535

C = TypeVar("C", bound=Callable[..., Any])


def _options(command: C) -> C:
    """What both commands are asked for."""
    for decorate in (
        click.option("--writable", is_flag=True, help="Let the account write applications and Transactions too."),
        click.option("--password-env", metavar="VARIABLE", help="The environment variable that holds its password."),
        click.option("--username", default="reader", show_default=True, help="The account that may read."),
        click.option("--port", default=0, type=click.IntRange(0, _HIGHEST_PORT), help="Where it listens.  [default: a free one]"),
        click.argument("estate", metavar="ESTATE"),
    ):
        command = decorate(command)
    return command


@click.command("gax")
@_options
def gax(*, estate: str, port: int, username: str, password_env: str | None, writable: bool) -> None:
    """Serve the configuration of an estate file as GAX would, until Ctrl-C.

    It is a twin: a stand-in on a loopback address that says so in every answer, and is no software of Genesys. The option
    values it gives are the real ones of the exports, secret ones included.
    """
    _serve("gax", estate, port, username, password_env, writable=writable)


@click.command("gws")
@_options
def gws(*, estate: str, port: int, username: str, password_env: str | None, writable: bool) -> None:
    """Serve the configuration of an estate file as GWS would, until Ctrl-C.

    It is a twin: a stand-in on a loopback address that says so in every answer, and is no software of Genesys. The option
    values it gives are the real ones of the exports, secret ones included.
    """
    _serve("gws", estate, port, username, password_env, writable=writable)


def _serve(source: str, estate: str, port: int, username: str, password_env: str | None, *, writable: bool) -> None:
    password = _password(password_env)
    running = False
    try:
        with _twins_at_hand(), stopping_on_signals():
            from orsgate.estate.file import load_estate_file  # noqa: PLC0415  # heavy
            from orsgate.sandbox.twins.gax import GaxTwin  # noqa: PLC0415  # of the optional dependencies
            from orsgate.sandbox.twins.gws import GwsTwin  # noqa: PLC0415
            from orsgate.sandbox.twins.tree import revealed  # noqa: PLC0415

            loaded = load_estate_file(estate)
            if loaded.file.configuration.source != "files":
                told = f"{loaded.path} reads its configuration from {loaded.file.configuration.source}"
                raise UsageError(f'{told}; a twin serves what an estate file with source = "files" describes')
            configuration = revealed(loaded)
            for sentence in _missing(configuration):
                click.echo(f"orsgate: {sentence}", err=True)
            kind: type[Twin] = GaxTwin if source == "gax" else GwsTwin
            made = None if password else secrets.token_urlsafe(18)
            details: Details = {"port": port, "username": username, "password": password or made or "", "writable": writable}
            with kind(_tree(loaded, configuration), **details) as twin:
                running = True
                click.echo(_as_text(twin, loaded, source, password_env, made))
                sys.stdout.flush()  # a script that reads it waits for it
                _look_after(twin)
    except KeyboardInterrupt:
        if not running:  # while it runs, to be stopped is what it waits for
            raise


def _password(variable: str | None) -> str | None:
    """The password in an environment variable; None where none is named.

    Raises:
        click.UsageError: it holds none.
    """
    if variable is None:
        return None
    password = os.environ.get(variable)
    if not password:
        raise click.UsageError(f"the environment variable {variable} holds no password; set it, or name another")
    return password


def _tree(loaded: LoadedEstate, configuration: Configuration) -> Tree:
    """The tree to serve, of the Configuration Server that the estate file expects, if it names one.

    Raises:
        UsageError: the estate file describes no application.
    """
    from orsgate.sandbox.twins.tree import SERVER, tree_from  # noqa: PLC0415  # heavy

    if not configuration.applications:
        raise UsageError(f"{loaded.path} describes no [[application]]; a twin serves those that are typed in an estate file")
    return tree_from(configuration, loaded.file.configuration.server or SERVER)


def _missing(configuration: Configuration) -> Iterator[str]:
    """What the twin cannot give, since it could not be read."""
    from orsgate.estate.knowledge import Unknown  # noqa: PLC0415

    for one in configuration.applications:
        for what, read in (("options", one.options), ("Annex", one.annex)):
            if isinstance(read, Unknown):
                yield f"{one.name} is served without its {what}: {read.cause}"
    for cluster in configuration.clusters:
        if isinstance(cluster.shared, Unknown):
            yield f"{cluster.transaction} is served without its Annex: {cluster.shared.cause}"


def _look_after(twin: Twin) -> None:
    """Returns never: a signal ends it, or a twin that ends by itself.

    Raises:
        SandboxError: the twin ended.
    """
    never = threading.Event()
    while not never.wait(_LOOK_AFTER):
        if not twin.is_running:
            raise SandboxError(f"the {twin.name} ended by itself")


@contextmanager
def _twins_at_hand() -> Iterator[None]:
    """Say what is missing where this installation has no twins; they run on every system.

    Raises:
        UsageError: without the packages of the extra ``sandbox``.
    """
    try:
        yield
    except ImportError as error:
        if (error.name or "").partition(".")[0] != "aiohttp":
            raise
        missing = f"the sandbox needs more packages ({error.name} is missing)"
        raise UsageError(f"{missing}: pip install 'orsgate[sandbox]', or in the checkout pip install '.[sandbox]'") from error


def _as_text(twin: Twin, loaded: LoadedEstate, source: str, password_env: str | None, made: str | None) -> str:
    variable = password_env or f"{source.upper()}_TWIN_PASSWORD"
    name, tree = json.dumps(loaded.file.estate.name, ensure_ascii=False), twin.tree
    counts = f"applications: {len(tree.applications)}, Transactions: {len(tree.transactions)}"
    lines = [
        f"A {twin.name} runs: a stand-in, not Genesys software. It serves the configuration of {name}; Ctrl-C stops it.",
        "",
        f"  {twin.url}  {counts}, Configuration Server: {tree.server}",
    ]
    if made is not None:
        lines += ["", "Its password, for the shell in which orsgate reads it:", "", f"export {variable}={shlex.quote(made)}"]
    lines += [
        "",
        "For the estate file:",
        "",
        "[configuration]",
        f"source = {json.dumps(source)}",
        f"url = {json.dumps(twin.url + '/')}",
        f"username = {json.dumps(twin.username, ensure_ascii=False)}",
        f"password_env = {json.dumps(variable)}",
    ]
    return "\n".join(lines)
