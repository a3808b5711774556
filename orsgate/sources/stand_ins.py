# SPDX-License-Identifier: Apache-2.0
"""What stood in for the system itself: as a stand-in says, and as the manifest beside exports says that were made from one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from orsgate.estate.mistakes import InputError
from orsgate.sources.manifests import MANIFEST, document_in

_NOT_SHOWN = re.compile(r"[^\w .,()-]")
_LONGEST = 60


def shown(told: str) -> str:
    """The name of a stand-in as reports give it."""
    return _NOT_SHOWN.sub("", told)[:_LONGEST].strip() or "a stand-in"


def stand_in_of_exports(files: Iterable[Path]) -> str:
    """What stood in where ``files`` were exported from, as the manifests beside them say; empty where none does."""
    told = (_of_manifest(directory / MANIFEST) for directory in dict.fromkeys(path.parent for path in files))
    return ", ".join(dict.fromkeys(filter(None, told)))


def _of_manifest(path: Path) -> str:
    told = None
    if path.is_file():
        with suppress(InputError):  # a file of that name that somebody else made says nothing
            told = document_in(path).get("stand_in")
    return shown(told) if isinstance(told, str) and told else ""
