# SPDX-License-Identifier: Apache-2.0
"""Steps on the inventory as a whole: complete, of the right environment, recent, with a way back."""

from __future__ import annotations

from pytest_bdd import parsers, then

from orsgate.rules import inventory, way_back
from orsgate.verdict.case import Case


@then("every object that the inventory refers to is found")
def _complete(case: Case) -> None:
    case.judge(inventory.inventory_is_complete)


@then("the configuration was read from the server that the estate file names")
def _right_environment(case: Case) -> None:
    case.judge(inventory.right_environment)


@then(parsers.re(r"the current exports were made at most (?P<hours>[0-9]{1,4}) hours before the run"))
def _recent(case: Case, hours: str) -> None:
    case.judge(inventory.exports_are_recent, int(hours))


@then("what an option export cannot hold was saved as well")
def _way_back_is_covered(case: Case) -> None:
    case.judge(way_back.way_back_is_covered)
