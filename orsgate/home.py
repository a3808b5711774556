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
    return digest_of_features((path.name, path.read_bytes()) for directory in directories for path in feature_files(directory))


def feature_files(directory: Path) -> list[Path]:
    """The feature files in a directory, in the order of their digest."""
    return sorted(directory.glob("*.feature"))


def digest_of_features(files: Iterable[tuple[str, bytes]]) -> str:
    """SHA-256 over names and contents of feature files, hexadecimal; those of the core come first, each directory by name."""
    digest = hashlib.sha256()
    for name, data in files:
        digest.update(name.encode() + b"\0" + hashlib.sha256(data).digest())
    return digest.hexdigest()
