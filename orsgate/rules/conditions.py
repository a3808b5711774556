# SPDX-License-Identifier: Apache-2.0
"""Preconditions of requirements: the decisions of the estate that say whether a step of the procedure applies."""

from __future__ import annotations

from orsgate.estate.decisions import Decision, multimedia, persistence
from orsgate.estate.estate import Estate
from orsgate.estate.judgement import Condition
from orsgate.estate.knowledge import Unknown


def persistence_is_cassandra(estate: Estate) -> Condition:
    """Whether sessions are kept in Cassandra (ORS Migration Procedure 8.1.2 to 8.1.4, step 6)."""
    return _decided(persistence(estate), "cassandra")


def sessions_are_persisted(estate: Estate) -> Condition:
    """Whether sessions are kept at all, in Cassandra or in Redis.

    Without persistence there are no redirects (Genesys, "Cassandra Installation/Configuration Guide", ORS 8.1.3, welcome page).
    """
    decision = persistence(estate)
    if isinstance(decision.value, Unknown):
        return Condition(decision.value)
    return Condition(decision.value != "none", _why(decision), decision.basis)


def works_with_multimedia(estate: Estate) -> Condition:
    """Whether ORS works with multimedia interactions (ORS Migration Procedure 8.1.2 to 8.1.4, step 8)."""
    return _decided(multimedia(estate), "yes")


def _decided(decision: Decision, wanted: str) -> Condition:
    if isinstance(decision.value, Unknown):
        return Condition(decision.value)
    return Condition(decision.value == wanted, _why(decision), decision.basis)


def _why(decision: Decision) -> str:
    place = f" ({decision.where})" if decision.declared and decision.where else ""
    return f"{decision.why}{place}"
