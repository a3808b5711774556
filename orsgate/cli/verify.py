# SPDX-License-Identifier: Apache-2.0
"""The command ``verify``: step 10, the test of the deployment."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orsgate.cli.options import collecting_options, judging_options, offline_option, team_option
from orsgate.cli.say import say

if TYPE_CHECKING:
    from orsgate.collection.deployment import Asked, Confirm
    from orsgate.collection.trials.document import Documents
    from orsgate.estate.evidence_files import Baseline, ReadinessRecord
    from orsgate.estate.file import LoadedEstate
    from orsgate.estate.knowledge import Unknown
    from orsgate.estate.secret import Redactor

_HIGHEST_PORT = 65535


def _serve(_context: click.Context, _option: click.Parameter, value: str | None) -> tuple[str, int] | None:
    if value is None:
        return None
    host, colon, port = value.rpartition(":")
    if not (host and colon and port.isascii() and port.isdigit() and len(port) < 6 and int(port) <= _HIGHEST_PORT):
        raise click.BadParameter(f'"{value}" is no HOST:PORT; write it like 10.0.0.7:8080, as ORS reaches this host')
    return host, int(port)


@click.command()
@click.argument("estate", metavar="ESTATE")
@click.option("--baseline", type=click.Path(path_type=Path), metavar="DIR", help="What `orsgate baseline` stored before.")
@click.option(
    "--record", type=click.Path(path_type=Path), metavar="FILE", help="What `orsgate audit --record` wrote before step 9."
)
@click.option(
    "--require-signed",
    type=click.Path(path_type=Path),
    metavar="PUBLIC_KEY",
    help="The record must be signed by the owner of this key.",
)
@click.option("--active", is_flag=True, help="Start a session on each node, send it an event, and end it.")
@click.option(
    "--serve", callback=_serve, metavar="HOST:PORT", help="Serve the test document there, under an address that ORS reaches."
)
@click.option("--disruptive", is_flag=True, help="Stop the Primary of each pair, and start it again.")
@click.option("--confirm", metavar="NAME", help="The name of the estate, in place of the question before a server is stopped.")
@click.option(
    "--journal",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where the tests keep their journal.  [default: beside ESTATE]",
)
@click.option(
    "--attestations",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where `orsgate attest` wrote.  [default: attestations beside ESTATE]",
)
@click.option("--stage", type=click.IntRange(min=1), metavar="N", help="Judge the state after stage N of the path without loss.")
@collecting_options
@offline_option
@judging_options
@team_option
def verify(
    estate: str,
    baseline: Path | None,
    record: Path | None,
    require_signed: Path | None,
    serve: tuple[str, int] | None,
    confirm: str | None,
    journal: Path | None,
    attestations: Path | None,
    stage: int | None,
    snapshot_path: str | None,
    timeout: float | None,
    *,
    active: bool,
    disruptive: bool,
    allow_http: bool,
    offline: bool,
    **judging: Any,
) -> int:
    """Judge whether the new deployment works, and whether only the planned things changed (deployment).

    ESTATE is the estate file. Without --active and --disruptive nothing is started or stopped, and what only they can show is
    listed as not proven. With --active one session is started on each node and ended again; one that cannot be ended is named
    with the command that ends it. With --disruptive the start and stop commands of the estate file are run, one pair after the
    other.
    """
    from orsgate.cli.judging import files_of
    from orsgate.cli.progress import progress
    from orsgate.cli.prompt import ask
    from orsgate.cli.run import judge_snapshot, prepare
    from orsgate.collection.collect import collect
    from orsgate.collection.deployment import DeploymentTest
    from orsgate.estate.file import load_estate_file
    from orsgate.estate.snapshot import DEPLOYMENT_PARTS
    from orsgate.evidence.attestations import DIRECTORY, load_attestations

    prepared = prepare("deployment", snapshot_path=snapshot_path, **judging)
    loaded = load_estate_file(estate)
    prepared.require_estate(loaded.file.estate.name)
    prepared.outputs.keep_off([*files_of(loaded), *(path for path in (record, require_signed) if path)])
    _require_stage(loaded, stage)
    if offline and (active or disruptive):
        raise click.UsageError("--offline asks nobody, and --active and --disruptive ask ORS; leave one of them out")
    evidence = _evidence(baseline, record, require_signed)
    stated = load_attestations(attestations or loaded.directory / DIRECTORY)
    agreed = _agreed(loaded, confirm) if disruptive else None
    with ExitStack() as stack:
        test = DeploymentTest(_asked(stack, loaded, journal, serve, agreed, active=active))
        with progress(enabled=not judging["quiet"]) as observer:
            snapshot = collect(
                loaded, DEPLOYMENT_PARTS, timeout=timeout, offline=offline, observer=observer, ask=ask, allow_http=allow_http,
                redactor=evidence.redactor, deployment=test,
            )  # fmt: skip
        snapshot = replace(snapshot, baseline=evidence.baseline, record=evidence.record, attestations=stated, stage=stage)
        code = judge_snapshot(snapshot, prepared)
        test.settle()
        return code


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What earlier runs left, and the redactor whose digests are those of the record."""

    baseline: Baseline | Unknown | None
    record: ReadinessRecord | Unknown | None
    redactor: Redactor


def _evidence(baseline: Path | None, record: Path | None, require_signed: Path | None) -> _Evidence:
    """What earlier runs left.

    Raises:
        InputError: the public key cannot be used.
    """
    from orsgate.estate.knowledge import Unknown
    from orsgate.estate.secret import Redactor
    from orsgate.evidence.baseline import baseline_or_unknown
    from orsgate.evidence.keys import load_public_key
    from orsgate.evidence.record import load_record, redactor_of

    if require_signed is not None and record is None:
        raise click.UsageError("--require-signed says who must have signed the record; name it with --record")
    key = load_public_key(require_signed) if require_signed else None
    found = load_record(record, require_signed=key) if record else None
    kept = redactor_of(record) if record else None
    redactor = Redactor() if kept is None or isinstance(kept, Unknown) else kept
    return _Evidence(baseline_or_unknown(baseline, redactor) if baseline else None, found, redactor)


def _require_stage(loaded: LoadedEstate, stage: int | None) -> None:
    number = len(loaded.file.stage)
    if stage is not None and stage > number:
        told = f"{loaded.path} describes {number} stages" if number else f"{loaded.path} describes no [[stage]]"
        raise click.UsageError(f"--stage {stage}: {told}")


def _asked(
    stack: ExitStack,
    loaded: LoadedEstate,
    journal: Path | None,
    serve: tuple[str, int] | None,
    agreed: Confirm | None,
    *,
    active: bool,
) -> Asked:
    """What is tried, with everything opened that it needs."""
    from orsgate.collection.deployment import Asked
    from orsgate.collection.trials.left import named_by
    from orsgate.estate.journal import Journal, read_journal

    named = loaded.file.active.ca_file
    ca_file = loaded.resolve(named) if named else None
    path = journal or loaded.path.with_suffix(".journal")
    if not active and agreed is None:
        return Asked(ca_file=ca_file, earlier=named_by(read_journal(path)) if path.exists() else ())
    opened = stack.enter_context(Journal(path))
    return Asked(_documents(stack, loaded, serve) if active else None, opened, agreed, ca_file=ca_file)


def _documents(stack: ExitStack, loaded: LoadedEstate, serve: tuple[str, int] | None) -> Documents:
    from orsgate.collection.trials.document import ForeignDocument
    from orsgate.collection.trials.serving import DocumentServer

    if serve is not None:
        return stack.enter_context(DocumentServer(*serve))
    if loaded.file.active.document_url is not None:
        return ForeignDocument(loaded.file.active.document_url)
    told = "--active needs a test document that ORS can fetch"
    raise click.UsageError(f"{told}: --serve HOST:PORT serves one from here, or [active] document_url names one")


def _agreed(loaded: LoadedEstate, given: str | None) -> Confirm:
    """Make sure that somebody means it, before anything is collected; each pair is asked for once more on a terminal.

    Raises:
        UsageError: nobody does.
    """
    name = loaded.file.estate.name
    terminal = sys.stdin.isatty() and sys.stderr.isatty()
    if given is None and terminal:
        say(
            f"--disruptive stops the Primary of each pair of {name}, and starts it again; calls and sessions can be lost.",
            err=True,
        )
        given = click.prompt("Type the name of the estate to go on", err=True, default="", show_default=False)
    if given != name:
        told = "nothing was stopped" if given else "nobody can be asked here"
        raise click.UsageError(f"--disruptive: {told}; --confirm takes the name of the estate, as the estate file has it")

    def confirm(text: str) -> bool:
        return not terminal or click.confirm(text, err=True)

    return confirm
