# SPDX-License-Identifier: Apache-2.0
"""results.json inside the report: compressed, so that the page stays small, and with its digest, which names the run."""

from __future__ import annotations

import base64
import hashlib
import zlib

from orsgate.reporting import results_json
from orsgate.reporting.html.model import Embedded
from orsgate.verdict.events import RunFinished, RunStarted

MOST_EMBEDDED = 384 * 1024
"""Bytes of compressed results that a report holds at most; beyond that it only names their digest."""

_GZIP = 16 + zlib.MAX_WBITS


def embedded(started: RunStarted, finished: RunFinished) -> Embedded:
    """The same bytes as ``--json`` writes, compressed; read piece by piece, so that they are never whole in memory."""
    digest = hashlib.sha256()
    packer = zlib.compressobj(9, wbits=_GZIP)
    packed = bytearray()
    size = 0
    for chunk in results_json.chunks(started, finished):
        piece = chunk.encode("ascii")
        digest.update(piece)
        size += len(piece)
        if len(packed) <= MOST_EMBEDDED:
            packed += packer.compress(piece)
    packed += packer.flush()
    encoded = base64.b64encode(packed).decode("ascii") if len(packed) <= MOST_EMBEDDED else ""
    return Embedded(results_json.run_id(digest.hexdigest()), digest.hexdigest(), size, encoded)
