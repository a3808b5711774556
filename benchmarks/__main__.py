# SPDX-License-Identifier: Apache-2.0
"""``python -m benchmarks``: measures, prints a table, and ends with 0 whether or not the goals are reached."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks import comparisons, discovering, report, reports
from benchmarks.measuring import Laboratory

WHAT = {
    "help": (comparisons.help_text, 15),
    "pytest-bdd": (comparisons.beside_pytest_bdd, 15),
    "growth": (comparisons.growth, 3),
    "ring": (comparisons.live, 11),
    "reports": (reports.reports, 5),
    "discover": (discovering.discover, 5),
}
"""Name -> what is measured, and how many turns it gets."""


def main() -> int:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure what orsgate costs, as ratios.")
    parser.add_argument("--only", action="append", choices=WHAT, help="measure only this; repeatable")
    parser.add_argument("--turns", type=int, metavar="N", help="how often each program runs, instead of the number of its own")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write the result as JSON")
    parser.add_argument("--markdown", type=Path, metavar="PATH", help="write the result as a page, such as docs/benchmarks.md")
    given = parser.parse_args()
    rows: list[comparisons.Row] = []
    turns = {name: given.turns or WHAT[name][1] for name in given.only or WHAT}
    with tempfile.TemporaryDirectory(prefix="orsgate-benchmarks-") as directory:
        laboratory = Laboratory(Path(directory))
        for name, number in turns.items():
            print(f"measuring {name}, {number} turns ...", file=sys.stderr, flush=True)
            rows.extend(WHAT[name][0](laboratory, Path(directory), number))
    where = report.machine()
    print(report.table(rows))
    if given.json:
        given.json.write_text(report.document(rows, where, turns), encoding="utf-8")
    if given.markdown:
        given.markdown.write_text(report.markdown(rows, where, turns), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
