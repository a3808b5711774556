# SPDX-License-Identifier: Apache-2.0
"""The verdict in one sentence: its beginning is fixed, and what follows hides neither what is open nor what was accepted."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from orsgate.estate.judgement import Judgement
from orsgate.verdict.waiver import Waivers
from tests.reporting import runs


def sentence(judged: Mapping[str, Judgement | str], *waived: str, strict: bool = False) -> str:
    waivers = Waivers(tuple(runs.waiver(name) for name in waived))
    return runs.run(judged, waivers=waivers, strict=strict)[1].verdict.sentence


def test_a_no_go_where_all_else_is_met_says_what_failed_and_no_more():
    assert sentence({"ORS-0201": runs.FAIL}) == "NO-GO: 1 blocker failed (ORS-0201)"


def test_a_no_go_counts_the_blockers_that_are_not_proven_and_those_that_were_accepted():
    judged: dict[str, Judgement | str] = {
        "ORS-0201": runs.FAIL, "ORS-0202": runs.BLOCKED, "ORS-0301": runs.MANUAL, "ORS-0302": runs.BROKE, "ORS-0203": runs.FAIL,
        "ORS-0107": runs.BLOCKED,
    }  # fmt: skip
    assert sentence(judged, "ORS-0203") == "NO-GO: 1 blocker failed (ORS-0201); 3 more not proven; 1 waived"


def test_where_warnings_gate_a_no_go_counts_them_too():
    judged = {"ORS-0201": runs.FAIL, "ORS-0107": runs.BLOCKED}
    assert sentence(judged) == "NO-GO: 1 blocker failed (ORS-0201)"
    assert sentence(judged, strict=True) == "NO-GO: 1 requirement failed (ORS-0201); 1 more not proven"


@pytest.mark.parametrize(
    ("judged", "told"),
    [
        ({}, ""),
        ({"ORS-0107": runs.MANUAL, "ORS-0109": runs.MANUAL}, "; 2 warnings to attest"),
        ({"ORS-0204": runs.FAIL, "ORS-0107": runs.MANUAL}, "; 1 warning to look at; 1 warning to attest"),
        ({"ORS-0107": runs.BLOCKED}, "; 1 warning not known"),
        ({"ORS-0507": runs.FAIL}, ""),
    ],
)
def test_a_go_names_the_warnings_that_are_not_met_after_its_blockers(judged, told):
    assert sentence(judged | {"ORS-0301": runs.NOT_APPLICABLE, "ORS-0302": runs.NOT_APPLICABLE}) == (
        f"GO: 35 of 37 blockers passed, 2 do not apply{told}"
    )
