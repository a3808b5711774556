# SPDX-License-Identifier: Apache-2.0
"""What an audit reads and leaves besides reports: a baseline, a readiness record and its signature, a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from orsgate.cli.outputs import STDOUT, Outputs
from orsgate.cli.prompt import passphrase_of
from orsgate.collection.plan import PlanFiles, plan_files
from orsgate.estate.evidence_files import Baseline
from orsgate.estate.knowledge import Unknown
from orsgate.estate.secret import LastingRedactor, Redactor
from orsgate.verdict.events import Reporter


@dataclass(frozen=True, slots=True)
class Asked:
    """What the options of an audit say."""

    baseline: Path | None
    record: str | None
    sign: Path | None
    passphrase_env: str | None
    passphrase_file: Path | None
    plan: Path | None

    def require_consistent(self) -> None:
        """Make sure that the options mean something together.

        Raises:
            UsageError: they do not.
        """
        if self.plan is not None and self.record is not None:
            raise click.UsageError("--plan judges what is not there yet, so it never writes a record: leave out one of the two")
        if self.sign is not None and self.record is None:
            raise click.UsageError("--sign signs a record: say where it goes with --record FILE")
        for option, value in (("--passphrase-env", self.passphrase_env), ("--passphrase-file", self.passphrase_file)):
            if value is not None and self.sign is None:
                raise click.UsageError(f"{option} is for the key: name it with --sign KEY")
        if self.record == STDOUT:
            raise click.UsageError("--record needs a file: what a stream does to a record on its way could change it")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the audit works with.

    Attributes:
        redactor: of the whole run.
        baseline: None where none was named.
        plan: None where the estate is judged as it is.
        recorder: makes what writes the record; None where none was asked for.
    """

    redactor: Redactor
    baseline: Baseline | Unknown | None
    plan: PlanFiles | None
    recorder: Callable[[Path], Reporter] | None


def evidence_for(asked: Asked, outputs: Outputs) -> Evidence:
    """Read everything that can be wrong, before anything is collected.

    Raises:
        InputError: a key, a plan or a baseline is not there or cannot be used, or an output would replace one of them.
    """
    from orsgate.evidence.baseline import baseline_or_unknown

    plan = plan_files(asked.plan) if asked.plan is not None else None
    outputs.keep_off(_read_by(asked, plan))
    recorder: Callable[[Path], Reporter] | None = None
    redactor = Redactor()
    if asked.record is not None:
        from orsgate.evidence.keys import load_signing_key
        from orsgate.evidence.record import RecordReporter, new_salt

        key = (
            None
            if asked.sign is None
            else load_signing_key(asked.sign, passphrase_of(asked.passphrase_env, asked.passphrase_file))
        )
        salt = new_salt()
        redactor, recorder = LastingRedactor(salt), partial(RecordReporter, salt=salt, key=key)
    baseline = None
    if asked.baseline is not None:
        outputs.keep_out_of(asked.baseline)
        baseline = baseline_or_unknown(asked.baseline, redactor)
    return Evidence(redactor, baseline, plan, recorder)


def _read_by(asked: Asked, plan: PlanFiles | None) -> Iterator[Path]:
    if asked.sign is not None:
        yield asked.sign
    if asked.passphrase_file is not None:
        yield asked.passphrase_file
    if plan is not None:
        yield from plan.paths
