# SPDX-License-Identifier: Apache-2.0
"""Steps on the installation of the new release: step 9."""

from __future__ import annotations

from pytest_bdd import parsers, then

from orsgate.rules import installed, record
from orsgate.verdict.case import Case


@then(parsers.re(r"an audit at most (?P<hours>[0-9]{1,4}) hours before the installation said GO, and nothing changed since"))
def _ready_and_unchanged(case: Case, hours: str) -> None:
    case.judge(record.ready_and_unchanged, int(hours))


@then("every application in scope is registered with the target release")
def _versions_are_the_target(case: Case) -> None:
    case.judge(installed.versions_are_the_target)


@then("no application in scope is started with a licence argument")
def _no_licence_argument(case: Case) -> None:
    case.judge(installed.no_licence_argument)


@then("the newest log of every application in scope says that the target release runs")
def _runs_the_target(case: Case) -> None:
    case.judge(installed.runs_the_target)
