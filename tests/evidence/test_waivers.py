# SPDX-License-Identifier: Apache-2.0
"""Results that a waiver is written for: what is none is refused in a sentence, never a traceback."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orsgate.estate.mistakes import InputError
from orsgate.evidence.waivers import results_in
from orsgate.reporting import results_json
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
    assert "ORS-0201" in results_in(PATH, json.dumps(document).encode())
    change(next(result for result in document["results"] if result["id"] == "ORS-0201"))
    with pytest.raises(InputError, match=r"^r\.json: is no results\.json"):
        results_in(PATH, json.dumps(document).encode())
