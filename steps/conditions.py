# SPDX-License-Identifier: Apache-2.0
"""Steps that say where a requirement applies."""

from __future__ import annotations

from pytest_bdd import given

from orsgate.rules import conditions
from orsgate.verdict.case import Case


@given("persistence is Cassandra")
def _persistence_is_cassandra(case: Case) -> None:
    case.require(conditions.persistence_is_cassandra)


@given("sessions are persisted")
def _sessions_are_persisted(case: Case) -> None:
    case.require(conditions.sessions_are_persisted)


@given("ORS works with multimedia")
def _works_with_multimedia(case: Case) -> None:
    case.require(conditions.works_with_multimedia)
