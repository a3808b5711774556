# SPDX-License-Identifier: Apache-2.0
"""What other runs and persons left for the deployment test: the baseline, the readiness record, attestations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from orsgate.estate.inventory import Configuration
from orsgate.estate.items import Aspect, Items, Key, Value
from orsgate.estate.key_id import key_id
from orsgate.estate.knowledge import Unknown
from orsgate.estate.ring import Ring
from orsgate.estate.secret import Secret


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was there before anything changed.

    Attributes:
        place: its directory.
        created: when it was read, UTC.
        configuration: with secrets as digests under the key of this run.
        stand_ins: what stood in for proprietary software.
    """

    place: str
    created: datetime
    estate_name: str
    configuration: Configuration
    cassandra: Ring | Unknown | None = None
    stand_ins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordedItem:
    """An item of the configuration as a record holds it; the digest of a secret is under the key of the record."""

    object: str
    aspect: Aspect
    name: str
    value: str | Secret


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed a record.

    Attributes:
        public_key: Ed25519, raw, hexadecimal.
        demanded: whether it is the key that this run demands; None where it demands none.
    """

    public_key: str
    demanded: bool | None = None

    @property
    def key_id(self) -> str:
        """How a sentence names the key."""
        return key_id(self.public_key)


@dataclass(frozen=True, slots=True)
class ReadinessRecord:
    """An intact readiness record.

    Attributes:
        place: the file.
        finished: when the audit ended, UTC.
        verdict: ``go``, ``no_go`` or ``inconclusive``.
        fingerprint: of the items; see ``orsgate.estate.items.fingerprint``.
        items: what must stay as it is.
        unknown: ``(object, aspect)`` of what was not fully known.
        signature: None where it is not signed.
        require_signed: whether this run demands a signature.
        sha256: of the bytes of the file, hexadecimal; empty in a snapshot that does not tell it.
    """

    place: str
    finished: datetime
    estate_name: str
    from_release: str
    to_release: str
    verdict: str
    sentence: str
    exceptions: int
    fingerprint: str
    items: tuple[RecordedItem, ...]
    unknown: tuple[tuple[str, Aspect], ...] = ()
    signature: Signature | None = None
    require_signed: bool = False
    stand_ins: tuple[str, ...] = ()
    sha256: str = ""

    @property
    def as_items(self) -> Items:
        """The items, to be compared with those of a configuration."""
        values = {Key(item.object, item.aspect, item.name): Value(item.value, self.place) for item in self.items}
        cause = f"it was not known when the record {self.place} was written"
        return Items(values, dict.fromkeys(self.unknown, Unknown(cause, self.place)))


@dataclass(frozen=True, slots=True)
class Attestation:
    """A person's statement that a requirement is met.

    Attributes:
        requirement: its id.
        by: who says it.
        at: when, UTC.
        until: how long it counts, UTC.
        fingerprint: of the configuration that it was made for.
        evidence: name and SHA-256 of a file that belongs to it; empty for none.
        place: the file that holds it.
        problem: why it does not count, such as a file that was changed; empty where nothing is wrong with the file itself.
    """

    requirement: str
    by: str
    statement: str
    at: datetime
    until: datetime
    estate_name: str
    fingerprint: str
    evidence: str = ""
    place: str = ""
    problem: str = ""
