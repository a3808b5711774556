# SPDX-License-Identifier: Apache-2.0
"""Steps on what changed since the baseline: step 9."""

from __future__ import annotations

from pytest_bdd import then

from orsgate.rules import unplanned
from orsgate.verdict.case import Case


@then("only planned changes happened since the baseline")
def _only_planned_changes(case: Case) -> None:
    case.judge(unplanned.only_planned_changes)
