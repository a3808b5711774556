# SPDX-License-Identifier: Apache-2.0
"""Steps on the migration itself: where it starts, where it leads, and by which path."""

from __future__ import annotations

from pytest_bdd import then

from orsgate.rules import migration
from orsgate.verdict.case import Case


@then("the chosen path fits the release and the persistence it starts from")
def _path_fits(case: Case) -> None:
    case.judge(migration.path_fits)


@then("a named person accepted that active sessions are lost")
def _session_loss_is_accepted(case: Case) -> None:
    case.judge(migration.session_loss_is_accepted)


@then("the procedure applies to the releases of the migration and of every application")
def _procedure_applies(case: Case) -> None:
    case.judge(migration.procedure_applies)
