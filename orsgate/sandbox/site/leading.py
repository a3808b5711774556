# SPDX-License-Identifier: Apache-2.0
"""What an estate file says so that it leads to a site: where the configuration is read, and how each application is reached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orsgate.sandbox.site.estate_text import Tables

Reached = Mapping[str, Mapping[str, Any]]
"""Name of each Orchestration Server -> the keys of ``[[application]]`` that tell how it is reached."""

_ADDED = {"name", "new", "http", "log", "start", "stop", "status"}
"""What an ``[[application]]`` adds to a live source."""
_TOLD_BY_GAX = {"application", "cluster", "configuration"}


def led_by_gax(tables: Tables, access: Mapping[str, Any], reached: Reached) -> Tables:
    """The tables of an estate file that reads a GAX twin.

    Args:
        tables: as they are now; what they say besides stays.
        access: the table ``[configuration]``.
        reached: in the order of the tables to write.
    """
    was_live = tables.get("configuration", {}).get("source") == access["source"]
    given = {table["name"]: table for table in tables.get("application", ())}
    if not was_live:
        given = {name: {key: value for key, value in table.items() if key in _ADDED} for name, table in given.items()}
    kept = {name: table for name, table in tables.items() if name not in _TOLD_BY_GAX}
    rows = [{**given.get(name, {}), **keys} for name, keys in reached.items()]
    return {"estate": kept.pop("estate"), "configuration": access, **kept, "application": rows}


def led_by_files(tables: Tables, reached: Reached) -> Tables:
    """The tables of an estate file that reads its exports; see ``led_by_gax``."""
    rows = [{**table, **reached.get(table["name"], {})} for table in tables["application"]]
    return {**tables, "application": rows}
