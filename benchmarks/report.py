# SPDX-License-Identifier: Apache-2.0
"""What was measured, as a Markdown table and as JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version

from benchmarks.comparisons import Row

_PAGE = """\
# Benchmarks

Written by `python -m benchmarks --markdown docs/benchmarks.md`; every number below was measured by that run.
Programs that are compared run by turns, after a first time that does not count, and each turn gives one ratio (or difference);
whole processes are measured, with their bytecode there. Goals are judged by the median of wall time. "CPU" is the same of
processor time, which suffers less from what else the machine does. No test rests on these numbers.

"""
_HEAD = "| comparison | goal | median | least | greatest | CPU median | takes | reached |\n|---|---|---|---|---|---|---|---|"


def machine() -> dict[str, str]:
    """Where it was measured."""
    packages = ("orsgate", "pytest", "pytest-bdd", "pydantic")
    return {
        "measured": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "system": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end",
        "python": platform.python_version(),
        "packages": ", ".join(f"{name} {version(name)}" for name in packages),
    }


def markdown(rows: Sequence[Row], where: dict[str, str], runs: dict[str, int]) -> str:
    """The page ``docs/benchmarks.md``."""
    told = [f"- {key}: {value}" for key, value in where.items()]
    told.append(f"- turns: {', '.join(f'{name} {number}' for name, number in runs.items())}")
    return _PAGE + "\n".join([*told, "", table(rows), ""])


def table(rows: Sequence[Row]) -> str:
    """One line for each row."""
    return "\n".join([_HEAD, *map(_line, rows)])


def _line(row: Row) -> str:
    values = (row.measured.median, row.measured.least, row.measured.greatest)
    goal = "none" if row.goal is None else f"≤ {row.goal:g} {row.unit}"
    cells = [row.name, goal, *(_shown(value, row.unit) for value in values)]
    cells.append(_shown(row.cpu.median, row.unit) if row.cpu else "")
    cells.append(f"{row.taken:.2f} s" if row.taken is not None else "")
    cells.append({True: "yes", False: "NO", None: ""}[row.reached])
    return f"| {' | '.join(cells)} |"


def _shown(value: float, unit: str) -> str:
    return f"{value:.0f}" if unit == "MB" else f"{value:.2f}"


def document(rows: Sequence[Row], where: dict[str, str], runs: dict[str, int]) -> str:
    """The same as JSON."""
    found = [{**_rounded(asdict(row)), "reached": row.reached} for row in rows]
    return json.dumps({"schema": "orsgate/benchmarks/1", **where, "turns": runs, "rows": found}, indent=1) + "\n"


def _rounded(values: dict[str, object]) -> dict[str, object]:
    return {
        key: _rounded(value) if isinstance(value, dict) else round(value, 4) if isinstance(value, float) else value
        for key, value in values.items()
    }
