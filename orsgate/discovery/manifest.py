# SPDX-License-Identifier: Apache-2.0
"""``manifest.json`` of a directory of exports: where they come from, what they hold and do not, and their digests."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from orsgate.discovery.cfg_text import LeftOut
from orsgate.sources.manifests import SCHEMA

_HOLDS_SECRETS = "The files hold the real values of all options, passwords included; "
_PROTECTED = "they are readable by their owner only. Keep it so, and delete them when they are not needed any more."
_NOT_PROTECTED = "who can read them is decided by the directory that they lie in. Delete them when they are not needed any more."

Kind = Literal["rollback", "current"]
"""What the exports are for: the way back, from before the change, or the options as they are now."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the options come from.

    Attributes:
        source: ``gax``, ``gws`` or ``mutagen``.
        address: of the source, ``host:port``; empty for files.
        account: with which account it was read.
        read: when, UTC.
        stand_in: what stood in for the proprietary server; empty where it was the server itself.
        tool: name and version of the program that read it.
    """

    source: str
    address: str
    account: str
    read: datetime
    stand_in: str
    tool: str


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file that was written.

    Attributes:
        file: its name in the directory.
        application: the object whose options it holds.
        sha256: of its bytes, hexadecimal.
        options: how many it holds, disabled ones included.
        left_out: what the format could not hold.
    """

    file: str
    application: str
    sha256: str
    bytes: int
    options: int
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class NotExported:
    """An object of which no file was written, and why."""

    application: str
    why: str


def manifest_bytes(kind: Kind, provenance: Provenance, files: Sequence[ExportFile], not_exported: Sequence[NotExported]) -> bytes:
    """The manifest as JSON in UTF-8; ``created`` is the time at which the options were read."""
    document = {
        "schema": SCHEMA,
        "kind": kind,
        "created": provenance.read.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "source": provenance.source,
        "address": provenance.address,
        "account": provenance.account,
        "tool": provenance.tool,
        "stand_in": provenance.stand_in,
        "holds_secrets": True,
        "notice": _HOLDS_SECRETS + (_NOT_PROTECTED if os.name == "nt" else _PROTECTED),
        "files": [
            {
                "file": each.file,
                "application": each.application,
                "sha256": each.sha256,
                "bytes": each.bytes,
                "options": each.options,
                "left_out": [{"section": lost.section, "option": lost.option, "why": lost.why} for lost in each.left_out],
            }
            for each in files
        ],
        "not_exported": [{"application": each.application, "why": each.why} for each in not_exported],
    }
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    return text.encode("utf-8", "backslashreplace")  # half a character becomes \\udXXX, as JSON writes it
