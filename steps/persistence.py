# SPDX-License-Identifier: Apache-2.0
"""Steps on the decision for or against persistence."""

from __future__ import annotations

from pytest_bdd import then

from orsgate.rules import persistence
from orsgate.verdict.case import Case


@then("all applications of a cluster use Cassandra or none does")
def _one_decision_within_a_cluster(case: Case) -> None:
    case.judge(persistence.one_decision_within_a_cluster)


@then("the decision on persistence agrees with the options of every application")
def _decision_agrees_with_options(case: Case) -> None:
    case.judge(persistence.decision_agrees_with_options)
