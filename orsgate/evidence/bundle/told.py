# SPDX-License-Identifier: Apache-2.0
"""What results.json tells of its run, as far as a bundle rests on it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from orsgate.estate.judgement import Outcome
from orsgate.estate.mistakes import InputError, quoted
from orsgate.reporting.grouping import of_plan, of_stage, of_stand_in
from orsgate.reporting.results_json import SCHEMA
from orsgate.rules.catalogue import Severity
from orsgate.verdict.verdict import VerdictName


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class FileTold(_Told):
    """A file that the run read, as it was named; the digest is of its bytes, hexadecimal."""

    file: str
    sha256: str


class EstateTold(_Told):
    """The estate that was judged."""

    name: str
    from_release: str
    to_release: str


class ToolTold(_Told):
    """What judged it; the digests are hexadecimal."""

    version: str
    catalogue_sha256: str
    features_sha256: str


@dataclass(frozen=True, slots=True)
class ViolationTold:
    """A subject that did not meet a requirement."""

    subject: str


@dataclass(frozen=True, slots=True)
class ErrorTold:
    """Something that went wrong with the run itself."""

    message: str


@dataclass(frozen=True, slots=True)
class EvidenceTold:
    """Where a piece of evidence was read; no model of its own, since ten thousand applications have a million of them."""

    where: str


class ResultTold(_Told):
    """What came out of one requirement."""

    id: str
    severity: Severity
    outcome: Outcome
    original_outcome: Outcome
    violations: tuple[ViolationTold, ...]
    evidence: tuple[EvidenceTold, ...]


class PartTold(_Told):
    """A part of the facts, and what stood in for the real software or ring in it."""

    part: str
    stand_ins: tuple[str, ...]


class Told(_Told):
    """What the whole of it tells; see ``results.schema.json`` of ``orsgate.reporting``.

    Attributes:
        snapshot_sha256: of the snapshot that was judged; empty where results.json does not tell it.
        plan: the directory whose exports were judged in place of the current options; None where it was no plan.
        stage: after which stage of the path without loss it was judged; None where the whole migration was.
        waivers: every waiver that the run was given, as results.json tells it.
        waiver_files: where they are from; None where results.json does not tell it.
        record: the readiness record that the run read; None where it read none, or results.json does not tell it.
    """

    form: str = Field(alias="schema")
    phase: Literal["readiness", "deployment", "rehearsal"]
    verdict: VerdictName
    verdict_sentence: str
    exit_code: int
    exceptions: int
    strict: bool
    interrupted: bool
    selection: tuple[str, ...]
    errors: tuple[ErrorTold, ...]
    counts: dict[Outcome, int]
    estate: EstateTold
    started: str
    finished: str
    collected: str
    snapshot_sha256: str = ""
    tool: ToolTold
    plan: str | None = None
    stage: str | None = None
    parts: tuple[PartTold, ...]
    results: tuple[ResultTold, ...]
    waivers: tuple[dict[str, Any], ...]
    waiver_files: tuple[FileTold, ...] | None = None
    record: FileTold | None = None

    @property
    def stand_ins(self) -> tuple[str, ...]:
        """What stood in for what the results rest on, each once; only a rehearsal rests on the twin of the ring."""
        found = (part.stand_ins for part in self.parts if part.part != "rehearsal" or self.phase == "rehearsal")
        return tuple(dict.fromkeys(name for names in found for name in names))

    @property
    def notices(self) -> tuple[str, ...]:
        """What restricts the verdict, a sentence each, in the words of the reports."""
        return tuple(filter(None, (of_plan(self.plan), of_stage(self.stage), *map(of_stand_in, self.stand_ins))))


def told(data: bytes, place: str) -> Told:
    """Read results.json.

    Raises:
        InputError: it is none, or of another form.
    """
    try:
        found = Told.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the document"
        raise InputError(f"{place}: is no results.json: {where}: {first['msg']}; name what orsgate wrote with --json") from None
    if found.form != SCHEMA:
        raise InputError(f"{place}: is not of the form {SCHEMA}; name what orsgate wrote with --json")
    if twice := next((one for one, number in Counter(result.id for result in found.results).items() if number > 1), None):
        raise InputError(f"{place}: holds {quoted(twice)} twice, which no run writes; name what orsgate wrote with --json")
    return found
