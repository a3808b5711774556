# SPDX-License-Identifier: Apache-2.0
"""A configuration for which there is no estate file yet, as the rules and decisions see an estate."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from orsgate.discovery.clusters import clusters_of
from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Configuration
from orsgate.estate.schema import EstateFile
from orsgate.estate.snapshot import SCHEMA, Snapshot


def estate_of(configuration: Configuration, from_release: str, to_release: str) -> Estate:
    """The estate that ``configuration`` is, nothing declared; of Transactions with one name the first counts."""
    document = {"estate": {"name": "found", "from_release": from_release, "to_release": to_release}}
    snapshot = Snapshot(
        schema=SCHEMA,
        tool="",
        estate=EstateFile.model_validate(document),
        estate_path="",
        estate_lines={},
        started=datetime.fromtimestamp(0, UTC),
        parts=(),
        configuration=replace(configuration, clusters=clusters_of(configuration)),
        cassandra=None,
    )
    return Estate(snapshot)
