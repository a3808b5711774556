# SPDX-License-Identifier: Apache-2.0
"""The readiness record: what an audit found and what must stay as it is until the installation (ORS-0901)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from orsgate import __version__
from orsgate.estate.estate import Estate, FactUnknownError
from orsgate.estate.evidence_files import ReadinessRecord, RecordedItem, Signature
from orsgate.estate.items import FINGERPRINTED, Aspect, Items, fingerprint
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.secret import LastingRedactor, Secret
from orsgate.evidence.canonical import SIGNATURE, NotIntactError, canonical, content, sealed
from orsgate.evidence.keys import ALGORITHM, SigningKey
from orsgate.evidence.record_reading import SCHEMA, document_in, protection
from orsgate.reporting.files import Target
from orsgate.reporting.grouping import stand_ins
from orsgate.reporting.reporter import FileReporter
from orsgate.reporting.results_json import collected
from orsgate.reporting.text import utc
from orsgate.rules.catalogue import catalogue_sha256
from orsgate.verdict.events import RunFinished, RunStarted

_SALT_BYTES = 32


def new_salt() -> bytes:
    """A key for a ``LastingRedactor``: the estate is collected with it, and the record keeps it beside the digests."""
    return secrets.token_bytes(_SALT_BYTES)


def recorded_items(estate: Estate) -> Items:
    """What must stay as it is between record and installation: of the applications and clusters that are judged.

    Raises:
        FactUnknownError: the configuration is not known.
    """
    of_scope = estate.items
    values = {key: value for key, value in of_scope.values.items() if key.aspect in FINGERPRINTED}
    return Items(values, {key: unknown for key, unknown in of_scope.unknown.items() if key[1] in FINGERPRINTED})


class RecordReporter(FileReporter):
    """Writes the readiness record of a run, whatever its verdict.

    Args:
        target: where it goes.
        salt: the key that the secrets of the run were digested with.
        key: signs it; None leaves it unsigned.
    """

    def __init__(self, target: Target, salt: bytes, key: SigningKey | None = None) -> None:
        super().__init__(target)
        self._salt = salt
        self._key = key

    def chunks(self, started: RunStarted, finished: RunFinished) -> Iterator[str]:
        """The record."""
        document = _content(started, finished, self._salt, self._key)
        signature = None
        if self._key is not None:
            signature = {
                "algorithm": ALGORITHM, "public_key": self._key.public_key, "value": self._key.sign(content(document)),
            }  # fmt: skip
        yield canonical({**sealed(document), SIGNATURE: signature})


def _content(started: RunStarted, finished: RunFinished, salt: bytes, key: SigningKey | None) -> dict[str, Any]:
    estate = started.estate
    settings = estate.snapshot.estate.estate
    try:
        items = recorded_items(estate)
    except FactUnknownError:
        items = Items()
    return {
        "schema": SCHEMA,
        "estate": {"name": estate.name, "from_release": settings.from_release, "to_release": settings.to_release},
        "phase": started.phase,
        "verdict": finished.verdict.name.value,
        "sentence": finished.verdict.sentence,
        "exceptions": finished.verdict.exceptions,
        "started": utc(started.started),
        "finished": utc(finished.finished),
        "collected": utc(collected(estate.snapshot)),
        "tool": {
            "name": "orsgate", "version": __version__, "catalogue_sha256": catalogue_sha256(),
            "features_sha256": started.features_sha256,
        },
        "stand_ins": list(stand_ins(estate.snapshot, started.phase)),
        "outcomes": {result.id: result.outcome.value for result in finished.results},
        "fingerprint": fingerprint(items),
        "salt": salt.hex(),
        "items": [
            [*key, {"secret": value.value.digest} if isinstance(value.value, Secret) else value.value]
            for key, value in items.values.items()
        ],
        "unknown": [list(key) for key in items.unknown],
        "protection": protection(key.key_id if key else None),
    }  # fmt: skip


def load_record(path: Path, *, require_signed: str | None = None) -> ReadinessRecord | Unknown:
    """An intact readiness record, or why there is none.

    A record that is not signed by the key that is demanded is given all the same, and says so.

    Args:
        path: the file.
        require_signed: the public key (see ``load_public_key``) that the record must be signed by; None demands none.
    """
    document = _read(path)
    if isinstance(document, Unknown):
        return document
    estate, signed = document["estate"], document[SIGNATURE]
    signature = None
    if signed is not None:
        demanded = None if require_signed is None else signed["public_key"] == require_signed
        signature = Signature(signed["public_key"], demanded)
    return ReadinessRecord(
        place=str(path),
        finished=datetime.fromisoformat(document["finished"]),
        estate_name=estate["name"],
        from_release=estate["from_release"],
        to_release=estate["to_release"],
        verdict=document["verdict"],
        sentence=document["sentence"],
        exceptions=document["exceptions"],
        fingerprint=document["fingerprint"],
        items=tuple(_item(*each) for each in document["items"]),
        unknown=tuple((name, Aspect(aspect)) for name, aspect in document["unknown"]),
        signature=signature,
        require_signed=require_signed is not None,
        stand_ins=tuple(document["stand_ins"]),
        sha256=hashlib.sha256(canonical(document).encode("ascii")).hexdigest(),  # a record is in one form only
    )


def record_salt(path: Path) -> bytes | Unknown:
    """The key of an intact record: an estate that is collected with ``LastingRedactor(salt)`` can be compared with it."""
    document = _read(path)
    return document if isinstance(document, Unknown) else bytes.fromhex(document["salt"])


def redactor_of(path: Path) -> LastingRedactor | Unknown:
    """What an estate is collected with that is to be compared with a record, or why there is none."""
    salt = record_salt(path)
    return salt if isinstance(salt, Unknown) else LastingRedactor(salt)


def _item(name: str, aspect: str, item: str, value: str | dict[str, str]) -> RecordedItem:
    return RecordedItem(name, Aspect(aspect), item, value if isinstance(value, str) else Secret(value["secret"]))


def _read(path: Path) -> dict[str, Any] | Unknown:
    try:
        return document_in(path)
    except FileNotFoundError:
        cause = f"the readiness record {path} is not there: `orsgate audit --record FILE` writes one before step 9"
        return Unknown(cause, str(path), Failure.MISSING)
    except NotIntactError as error:
        return Unknown(f"the readiness record {path} {error}", str(path), Failure.UNREADABLE)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return Unknown(f"the readiness record {path} cannot be read: {reason}", str(path), Failure.UNREADABLE)
