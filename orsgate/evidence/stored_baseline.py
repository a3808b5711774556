# SPDX-License-Identifier: Apache-2.0
"""Finding and reading a stored baseline."""

from __future__ import annotations

import json
from pathlib import Path

from orsgate.estate.evidence_files import Baseline
from orsgate.estate.mistakes import InputError
from orsgate.estate.secret import Redactor
from orsgate.evidence.baseline import load_baseline

MANIFEST, CONFIGURATION = "manifest.json", "configuration.json"
_SCHEMA = "orsgate/baseline/"


def is_baseline(directory: Path) -> bool:
    """Whether a directory is, or was once, a baseline; what was changed in it is said when it is read."""
    if (directory / CONFIGURATION).exists():
        return True
    try:
        said = json.loads((directory / MANIFEST).read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(said, dict) and str(said.get("schema", "")).startswith(_SCHEMA)


def stored_baseline(directory: Path, redactor: Redactor) -> Baseline:
    """Read a baseline.

    Args:
        directory: of the baseline.
        redactor: of this run, so that secrets can be compared; a ``Revealer`` gives real values.

    Raises:
        InputError: there is none, or it was changed.
    """
    if not is_baseline(directory):
        raise InputError(f"{directory} is no baseline: `orsgate baseline` stores one before anything changes")
    return load_baseline(directory, redactor)
