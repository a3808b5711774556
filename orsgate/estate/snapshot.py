# SPDX-License-Identifier: Apache-2.0
"""The snapshot: everything that was collected, frozen, as JSON with a schema."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from orsgate.estate.deployment import Deployment
from orsgate.estate.evidence_files import Attestation, Baseline, ReadinessRecord
from orsgate.estate.inventory import Application, Configuration
from orsgate.estate.json_text import json_of
from orsgate.estate.knowledge import Unknown
from orsgate.estate.mistakes import InputError
from orsgate.estate.rehearsal import Rehearsal
from orsgate.estate.ring import Ring
from orsgate.estate.schema import EstateFile

if TYPE_CHECKING:
    from pydantic import TypeAdapter

SCHEMA: Literal["orsgate/snapshot/1"] = "orsgate/snapshot/1"

PartName = Literal["configuration", "cassandra", "http", "rehearsal"]
PARTS: tuple[PartName, ...] = ("configuration", "cassandra")
"""What is collected from an estate before the installation; the rehearsal is made on this machine instead."""
DEPLOYMENT_PARTS: tuple[PartName, ...] = (*PARTS, "http")
"""What is collected after it."""


class SnapshotError(InputError):
    """A snapshot that cannot be read or merged; the message is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class Part:
    """Who collected a part of the snapshot, where and when.

    Attributes:
        collected: when collecting it ended, UTC.
        source: what was read and with which account, where that is not the estate file alone.
        stand_ins: what stood in for proprietary software or for the production ring, if anything did.
    """

    part: PartName
    host: str
    user: str
    collected: datetime
    stand_ins: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class CollectError:
    """Something broke while collecting, beyond a fact that could not be had."""

    where: str
    message: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All facts of one run.

    Attributes:
        estate: the estate file as it was read.
        estate_path: its path as given.
        estate_lines: dotted key -> line, for the keys whose value a report may name.
        started: when collecting began, UTC.
        configuration: None where this part was not collected.
        cassandra: the ring; None where this part was not collected or the estate does not use Cassandra.
        interrupted: collecting was interrupted by the user.
        deadline_passed: the deadline of the whole run passed while collecting.
        rehearsal: what a twin of the ring did; None where nothing was rehearsed.
        deployment: what the part ``http`` tells; None where it was not collected.
        baseline: what was there before anything changed; None where no baseline was named.
        record: of the audit before the installation; None where none was named.
        attestations: of persons, for this estate.
        plan: the directory whose exports were judged in place of the current options; empty where the estate is judged as it is.
        stage: how many stages of the path without loss were done; None where the whole migration is judged.
    """

    schema: Literal["orsgate/snapshot/1"]
    tool: str
    estate: EstateFile
    estate_path: str
    estate_lines: dict[str, int]
    started: datetime
    parts: tuple[Part, ...]
    configuration: Configuration | Unknown | None
    cassandra: Ring | Unknown | None
    errors: tuple[CollectError, ...] = ()
    interrupted: bool = False
    deadline_passed: bool = False
    rehearsal: Rehearsal | Unknown | None = None
    deployment: Deployment | Unknown | None = None
    baseline: Baseline | Unknown | None = None
    record: ReadinessRecord | Unknown | None = None
    attestations: tuple[Attestation, ...] = ()
    plan: str = ""
    stage: int | None = None

    def estate_where(self, key: str) -> str:
        """``path:line`` of a key of the estate file, such as ``estate.persistence``."""
        line = self.estate_lines.get(key)
        return f"{self.estate_path}:{line}" if line else self.estate_path


@cache
def _adapter() -> TypeAdapter[Snapshot]:
    from pydantic import TypeAdapter  # noqa: PLC0415 - only needed where a snapshot is read or written

    return TypeAdapter(Snapshot)


@cache
def _application_adapter() -> TypeAdapter[Application]:
    from pydantic import TypeAdapter  # noqa: PLC0415

    return TypeAdapter(Application)


_CONFIGURATION = b'\n "configuration": {'
"""The configuration that was read; the table of that name in the estate file stands deeper, and a stage has applications too."""
_NO_APPLICATIONS = b'"applications": []'
_APPLICATIONS = b'"applications": [\n'
_END = b"\n]"


def dump(snapshot: Snapshot) -> bytes:
    """The snapshot as JSON, each application on a line of its own."""
    configuration = snapshot.configuration
    if not isinstance(configuration, Configuration) or not configuration.applications:
        return json_of(_adapter(), snapshot, 1)
    bare = replace(snapshot, configuration=replace(configuration, applications=()))
    whole = json_of(_adapter(), bare, 1)
    start = whole.index(_NO_APPLICATIONS, whole.index(_CONFIGURATION))
    adapter = _application_adapter()
    lines = b",\n".join(json_of(adapter, application) for application in configuration.applications)
    return b"".join((whole[:start], _APPLICATIONS, lines, _END, whole[start + len(_NO_APPLICATIONS) :]))


def sha256(snapshot: Snapshot) -> str:
    """SHA-256 of what ``dump`` gives, hexadecimal: that of the file where the snapshot was written."""
    return hashlib.sha256(dump(snapshot)).hexdigest()


def load(data: bytes, place: str) -> Snapshot:
    """Read a snapshot.

    Raises:
        SnapshotError: if it is no snapshot, or one of another schema version.
    """
    from pydantic import ValidationError  # noqa: PLC0415

    try:
        return _by_lines(data) or _adapter().validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        location = ".".join(map(str, first["loc"])) or "the document"
        raise SnapshotError(
            f"{place} is not a snapshot of the form {SCHEMA}: {location}: {first['msg']}; make it with `orsgate collect`"
        ) from None


def _by_lines(data: bytes) -> Snapshot | None:
    """Read a document in the layout of ``dump`` application by application; None where it is not in that layout.

    Read as a whole, one of ten thousand applications takes a gigabyte for a while, fifteen times its size.
    """
    from pydantic import ValidationError  # noqa: PLC0415

    start = data.find(_APPLICATIONS, data.find(_CONFIGURATION))
    end = data.find(_END, start)
    if start < 0 or end < 0:
        return None
    try:
        bare = _adapter().validate_json(b"".join((data[:start], _NO_APPLICATIONS, data[end + len(_END) :])))
        if not isinstance(bare.configuration, Configuration) or bare.configuration.applications:
            return None
        lines = _lines(data, start + len(_APPLICATIONS), end)
        applications = tuple(map(_application_adapter().validate_json, lines))
    except ValidationError:
        return None
    return replace(bare, configuration=replace(bare.configuration, applications=applications))


def _lines(data: bytes, start: int, end: int) -> Iterator[bytes]:
    while start <= end:
        line_end = data.find(b"\n", start, end)
        line_end = end if line_end < 0 else line_end
        # A comma before the end of the list would be no JSON; the parser is to see it.
        yield data[start:line_end].removesuffix(b",") if line_end < end else data[start:line_end]
        start = line_end + 1


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a snapshot."""
    return _adapter().json_schema()
