# SPDX-License-Identifier: Apache-2.0
"""Steps on the Cassandra ring: what its nodes say of themselves and of each other (step 5)."""

from __future__ import annotations

from pytest_bdd import then

from orsgate.rules import ownership, ring
from orsgate.verdict.case import Case


@then("every node of the ring runs a Cassandra release that the target ORS build supports")
def _release_supported(case: Case) -> None:
    case.judge(ring.release_supported)


@then("all nodes of the ring run the same release")
def _one_release(case: Case) -> None:
    case.judge(ring.one_release)


@then("every node of the ring answers Thrift")
def _answers_thrift(case: Case) -> None:
    case.judge(ring.answers_thrift)


@then("the ring has one schema version and no unreachable member")
def _one_schema(case: Case) -> None:
    case.judge(ring.one_schema)


@then("all nodes of the ring agree on the cluster name and the partitioner")
def _one_name_and_partitioner(case: Case) -> None:
    case.judge(ring.one_name_and_partitioner)


@then("all nodes of the ring give the same data center and rack for every member")
def _same_places(case: Case) -> None:
    case.judge(ring.same_places)


@then("the release of the ring is still maintained")
def _still_maintained(case: Case) -> None:
    case.judge(ring.still_maintained)


@then("within each data center no node of the ring owns more than twice what another owns")
def _balanced(case: Case) -> None:
    case.judge(ownership.balanced)
