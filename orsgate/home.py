# SPDX-License-Identifier: Apache-2.0
"""Where the harness lies: in the wheel, else the repository root."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


class HarnessError(RuntimeError):
    """The harness is not there, or could not be run at all."""


def harness_directory() -> Path:
    """The directory that holds ``conftest.py``, ``features``, ``steps`` and ``fixtures``.

    Raises:
        HarnessError: if they are missing.
    """
    package = Path(__file__).resolve().parent
    for directory in (package / "harness", package.parent):
        if (directory / "conftest.py").is_file() and (directory / "features").is_dir():
            return directory
    raise HarnessError(
        f"the requirements are missing: neither {package / 'harness'} nor {package.parent} holds them; reinstall orsgate"
    )


def features_sha256(directories: Iterable[Path]) -> str:
    """SHA-256 over the names and contents of the feature files in ``directories``, hexadecimal."""
    digest = hashlib.sha256()
    for directory in directories:
        for path in sorted(directory.glob("*.feature")):
            digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
