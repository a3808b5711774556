# SPDX-License-Identifier: Apache-2.0
"""The snapshot: everything that was collected, frozen, as JSON with a schema."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from orsgate.estate.inventory import Configuration
from orsgate.estate.knowledge import Unknown
from orsgate.estate.mistakes import InputError
from orsgate.estate.ring import Ring
from orsgate.estate.schema import EstateFile

if TYPE_CHECKING:
    from pydantic import TypeAdapter

SCHEMA: Literal["orsgate/snapshot/1"] = "orsgate/snapshot/1"

PartName = Literal["configuration", "cassandra"]
PARTS: tuple[PartName, ...] = ("configuration", "cassandra")


class SnapshotError(InputError):
    """A snapshot that cannot be read or merged; the message is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class Part:
    """Who collected a part of the snapshot, where and when.

    Attributes:
        collected: when collecting it ended, UTC.
        stand_ins: what stood in for proprietary software, if anything did.
    """

    part: PartName
    host: str
    user: str
    collected: datetime
    stand_ins: tuple[str, ...] = ()


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

    def estate_where(self, key: str) -> str:
        """``path:line`` of a key of the estate file, such as ``estate.persistence``."""
        line = self.estate_lines.get(key)
        return f"{self.estate_path}:{line}" if line else self.estate_path


@cache
def _adapter() -> TypeAdapter[Snapshot]:
    from pydantic import TypeAdapter  # noqa: PLC0415 - only needed where a snapshot is read or written

    return TypeAdapter(Snapshot)


def dump(snapshot: Snapshot) -> bytes:
    """The snapshot as JSON."""
    return _adapter().dump_json(snapshot, indent=1)


def load(data: bytes, place: str) -> Snapshot:
    """Read a snapshot.

    Raises:
        SnapshotError: if it is no snapshot, or one of another schema version.
    """
    from pydantic import ValidationError  # noqa: PLC0415

    try:
        return _adapter().validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        location = ".".join(map(str, first["loc"])) or "the document"
        raise SnapshotError(
            f"{place} is not a snapshot of the form {SCHEMA}: {location}: {first['msg']}; make it with `orsgate collect`"
        ) from None


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a snapshot."""
    return _adapter().json_schema()
