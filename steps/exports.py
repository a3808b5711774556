# SPDX-License-Identifier: Apache-2.0
"""Steps on the exports of options that step 1 makes."""

from __future__ import annotations

from pytest_bdd import then

from orsgate.rules import exports
from orsgate.verdict.case import Case


@then("every Primary and every Backup that is not new has a rollback export that can be read")
def _rollback_exports_are_there(case: Case) -> None:
    case.judge(exports.rollback_exports_are_there)


@then("the rollback export and the current export of every application can be read back whole")
def _read_back_whole(case: Case) -> None:
    case.judge(exports.exports_read_back_whole)


@then("the rollback export of every application holds the options from before steps 2 to 8")
def _state_before(case: Case) -> None:
    case.judge(exports.rollback_is_the_state_before)


@then("the options read live agree with the export of every application")
def _no_drift(case: Case) -> None:
    case.judge(exports.no_drift)


@then("no two applications outside one pair have the same export byte for byte")
def _no_file_saved_twice(case: Case) -> None:
    case.judge(exports.no_file_saved_twice)
