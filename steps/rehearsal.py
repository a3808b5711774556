# SPDX-License-Identifier: Apache-2.0
"""Steps on what a twin of the ring did with the Cassandra options of the applications (step 7, rehearsed)."""

from __future__ import annotations

from pytest_bdd import then

from orsgate.rules import rehearsal, rehearsed_rows
from orsgate.verdict.case import Case


@then("a twin of the ring creates each keyspace as the options ask for it, and gives it back the same")
def _created(case: Case) -> None:
    case.judge(rehearsal.created_as_asked)


@then("rows of every token range are written to the twin and read back, at QUORUM and in each data center")
def _written_and_read(case: Case) -> None:
    case.judge(rehearsed_rows.with_all_nodes_up)


@then("rows of every token range are written to the twin and read back while one node is down")
def _one_node_down(case: Case) -> None:
    case.judge(rehearsed_rows.with_one_node_down)


@then("each token range of the twin has as many replicas in each data center as the options promise")
def _replicas(case: Case) -> None:
    case.judge(rehearsal.replicas_as_promised)
