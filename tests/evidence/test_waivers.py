# SPDX-License-Identifier: Apache-2.0
"""Results that a waiver is written for, of which what is none is refused in a sentence; and adding several at once."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from orsgate.estate import atomic
from orsgate.estate.judgement import Outcome
from orsgate.estate.mistakes import InputError
from orsgate.evidence import waivers
from orsgate.evidence.waivers import add_waivers, results_in, stored_waivers
from orsgate.reporting import results_json
from orsgate.verdict.waiver import Waiver
from tests.reporting import runs

PATH = Path("r.json")


@pytest.mark.parametrize(
    "change",
    [
        lambda result: result["violations"][0].update(subject=5),
        lambda result: result["violations"][0].update(subject=["ORS_1"]),
        lambda result: result["evidence"].append({"subject": {}, "text": "", "where": ""}),
        lambda result: result.update(subjects=[["ORS_1"]]),
        lambda result: result.update(gaps=[{"subject": {}, "cause": "", "where": ""}]),
        lambda result: result.update(severity=["blocker"]),
    ],
)
def test_what_is_no_text_is_no_result(change: Callable[[dict[str, Any]], object]) -> None:
    document = json.loads("".join(results_json.chunks(*runs.every_outcome())))
    assert "ORS-0201" in results_in(PATH, json.dumps(document).encode()).results
    change(next(result for result in document["results"] if result["id"] == "ORS-0201"))
    with pytest.raises(InputError, match=r"^r\.json: is no results\.json"):
        results_in(PATH, json.dumps(document).encode())


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="no directory can be locked on this system")
def test_of_two_that_add_a_waiver_at_once_none_is_lost(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    both_have_read = threading.Barrier(2)

    def write_when_both_have_read(path: Path, data: bytes) -> None:
        with contextlib.suppress(threading.BrokenBarrierError):  # where they go one after the other, there is never a second
            both_have_read.wait(timeout=0.5)
        atomic.write_whole(path, data)

    monkeypatch.setattr(waivers, "write_whole", write_when_both_have_read)
    first = Waiver(
        "ORS-0301", Outcome.FAIL, "ORS_A1", "no host", "A. Approver", "no switchover", "CHG-1",
        datetime(2026, 1, 31, 1, tzinfo=UTC), datetime(2026, 1, 31, 2, tzinfo=UTC),
    )  # fmt: skip
    given = (first, replace(first, subject="ORS_A2"))
    path = tmp_path / "new" / "waivers.toml"
    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(add_waivers, path, (waiver,)) for waiver in given]:
            done.result()
    assert {waiver.subject for waiver in stored_waivers(path)} == {"ORS_A1", "ORS_A2"}
    assert [each.name for each in path.parent.iterdir()] == ["waivers.toml"]
