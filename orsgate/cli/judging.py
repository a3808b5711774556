# SPDX-License-Identifier: Apache-2.0
"""The commands ``audit``, ``collect`` and ``judge``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orsgate.cli.options import collecting_options, evidence_options, judging_options, offline_option, team_option
from orsgate.cli.say import say
from orsgate.verdict.exit_codes import ExitCode

if TYPE_CHECKING:
    from orsgate.cli.outputs import Outputs
    from orsgate.collection.plan import PlanFiles
    from orsgate.estate.estate import Phase
    from orsgate.estate.file import LoadedEstate
    from orsgate.estate.secret import Redactor
    from orsgate.estate.snapshot import Snapshot

_PARTS = ("configuration", "cassandra")
"""``orsgate.estate.snapshot.PARTS``, which is too slow to import for ``--help``."""
_EXPORTS = (".cfg", ".conf")


@click.command()
@click.argument("estate", metavar="ESTATE")
@collecting_options
@offline_option
@evidence_options
@judging_options
@team_option
def audit(
    estate: str,
    snapshot_path: str | None,
    timeout: float | None,
    baseline: Path | None,
    record_path: str | None,
    sign: Path | None,
    passphrase_env: str | None,
    plan: Path | None,
    *,
    allow_http: bool,
    offline: bool,
    **judging: Any,
) -> int:
    """Judge whether 8.1.4 may be installed now (readiness).

    ESTATE is the estate file. Nothing is written to the audited systems.
    """
    from orsgate.cli.evidence import Asked, evidence_for
    from orsgate.cli.run import judge_snapshot, prepare

    asked = Asked(baseline, record_path, sign, passphrase_env, plan)
    asked.require_consistent()
    prepared = prepare("readiness", snapshot_path=snapshot_path, record_path=record_path, **judging)
    evidence = evidence_for(asked, prepared.outputs)
    limits = Collecting(timeout, allow_http=allow_http, offline=offline, redactor=evidence.redactor, plan=evidence.plan)
    snapshot = collected(estate, _PARTS, limits, quiet=judging["quiet"], outputs=prepared.outputs, agree=prepared.require_estate)
    return judge_snapshot(replace(snapshot, baseline=evidence.baseline), replace(prepared, recorder=evidence.recorder))


@click.command()
@click.argument("estate", metavar="ESTATE")
@collecting_options
@offline_option
@click.option("--part", "parts", multiple=True, type=click.Choice((*_PARTS, "http")), help="Collect only this part; repeatable.")
@click.option("--verbose", is_flag=True, help="Show the details of an internal error.")
@click.option("--quiet", is_flag=True, help="Show nothing but errors.")
def collect(
    estate: str,
    snapshot_path: str | None,
    timeout: float | None,
    parts: tuple[str, ...],
    *,
    allow_http: bool,
    offline: bool,
    verbose: bool,
    quiet: bool,
) -> int:
    """Read an estate into a snapshot, judging nothing.

    Ends with 3 when a fact could not be had.
    """
    from orsgate.cli.outputs import Outputs
    from orsgate.collection.unknowns import unknowns_of
    from orsgate.estate.snapshot import dump

    del verbose
    if snapshot_path is None:
        raise click.UsageError("say where the snapshot goes: --snapshot PATH, or --snapshot - for standard output")
    outputs = Outputs({"snapshot": snapshot_path})
    limits = Collecting(timeout, allow_http=allow_http, offline=offline)
    snapshot = collected(estate, parts or _PARTS, limits, quiet=quiet, outputs=outputs)
    unknown = unknowns_of(snapshot)
    with outputs.together():
        outputs.write("snapshot", dump(snapshot))
        if not quiet:
            say(
                f"collected {', '.join(part.part for part in snapshot.parts)} of {snapshot.estate.estate.name}",
                err=outputs.to_stdout,
            )
            for cause in unknown:
                say(f"not known: {cause}", err=outputs.to_stdout)
    if snapshot.interrupted:
        return ExitCode.INTERRUPTED
    return ExitCode.INCONCLUSIVE if unknown or snapshot.errors else ExitCode.GO


@click.command()
@click.argument("snapshots", metavar="SNAPSHOT...", nargs=-1, required=True)
@click.option(
    "--phase",
    type=click.Choice(["readiness", "deployment", "rehearsal"]),
    default="readiness",
    show_default=True,
    help="What to judge.",
)
@click.option("--snapshot", "snapshot_path", metavar="PATH", help="Write the merged snapshot; - is standard output.")
@judging_options
@team_option
def judge(snapshots: tuple[str, ...], phase: Phase, snapshot_path: str | None, **judging: Any) -> int:
    """Judge stored snapshots, without reading anything again.

    Parts that were collected on different hosts are merged.
    """
    from orsgate.cli.run import judge_snapshot, prepare
    from orsgate.estate.merge import merge
    from orsgate.estate.snapshot import load

    prepared = prepare(phase, snapshot_path=snapshot_path, **judging)
    prepared.outputs.keep_off(map(Path, snapshots))
    loaded = [load(_read(path), path) for path in snapshots]
    return judge_snapshot(merge(list(zip(snapshots, loaded, strict=True))), prepared)


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise click.UsageError(f"the snapshot {path} cannot be read: {error.strerror}") from None


@dataclass(frozen=True, slots=True)
class Collecting:
    """How an estate is read.

    Attributes:
        timeout: seconds the run may take; None for no end.
        allow_http: whether an account may be sent without TLS to another host.
        offline: open no socket.
        redactor: replaces secrets; None for one whose key lives for this run only.
        plan: exports to be judged in place of the current options.
    """

    timeout: float | None = None
    allow_http: bool = False
    offline: bool = False
    redactor: Redactor | None = None
    plan: PlanFiles | None = None


def collected(
    estate: str, parts: tuple[str, ...], how: Collecting, *, quiet: bool, outputs: Outputs,
    agree: Callable[[str], None] | None = None,
) -> Snapshot:  # fmt: skip
    """Load an estate file and read the parts of it that were asked for, with a progress bar on a terminal.

    Args:
        estate: the path of the estate file.
        parts: what is read.
        how: how it is read.
        quiet: show no progress.
        outputs: what the run writes.
        agree: is given the name of the estate before anything is read, and may refuse it.

    Raises:
        InputError: if the estate file is wrong, or an output would replace what it leads to.
    """
    from orsgate.cli.progress import progress
    from orsgate.cli.prompt import ask
    from orsgate.collection.collect import collect as collect_facts
    from orsgate.estate.file import load_estate_file

    loaded = load_estate_file(estate)
    outputs.keep_off(files_of(loaded))
    if agree is not None:
        agree(loaded.file.estate.name)
    with progress(enabled=not quiet) as observer:
        return collect_facts(
            loaded, parts, timeout=how.timeout, offline=how.offline, observer=observer, ask=ask, allow_http=how.allow_http,
            redactor=how.redactor, plan=how.plan,
        )  # fmt: skip


def files_of(loaded: LoadedEstate) -> Iterator[Path]:
    """The estate file and the files that it names."""
    file = loaded.file
    yield loaded.path
    named = [
        file.cassandra.topology, file.cassandra.password_file, file.configuration.password_file, file.configuration.ca_file,
        *(file.configuration.files or ()), file.cassandra.ca_file, file.cassandra.client_cert, file.cassandra.client_key,
        *(name for entry in file.application for name in (entry.options, entry.annex, entry.log)),
        *(entry.options for entry in file.cluster),
    ]  # fmt: skip
    for name in named:
        if name is not None:
            yield loaded.resolve(name)
    if file.estate.rollback is not None:
        with suppress(OSError):
            yield from (path for path in loaded.resolve(file.estate.rollback).iterdir() if path.suffix.lower() in _EXPORTS)
