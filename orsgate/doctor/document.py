# SPDX-License-Identifier: Apache-2.0
"""What the doctor found as JSON (``orsgate/doctor/1``)."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict
from typing import Any

from orsgate.doctor.checks import PARTS, Collectable, Diagnosis
from orsgate.estate.file import LoadedEstate

SCHEMA = "orsgate/doctor/1"

_VALUES: dict[Collectable, bool | None] = {"yes": True, "no": False, "unknown": None}


def document(diagnosis: Diagnosis, loaded: LoadedEstate) -> dict[str, Any]:
    """The diagnosis as plain JSON values; a part is null where it is not known whether it could be collected."""
    return {
        "schema": SCHEMA,
        "estate": {"name": loaded.file.estate.name, "file": str(loaded.path)},
        "host": platform.node(),
        "checks": [asdict(check) for check in diagnosis.checks],
        "parts": {part: _VALUES[diagnosis.collectable(part)] for part in PARTS},
    }


def dump(diagnosis: Diagnosis, loaded: LoadedEstate) -> bytes:
    """The same as JSON text in ASCII."""
    return (json.dumps(document(diagnosis, loaded), indent=1) + "\n").encode("ascii")
