# SPDX-License-Identifier: Apache-2.0
"""Steps on multimedia interactions: which applications pull them."""

from __future__ import annotations

from pytest_bdd import parsers, then

from orsgate.rules import multimedia, options
from orsgate.verdict.case import Case


@then(parsers.re(r'each application that works with multimedia sets "(?P<key>[^"]*)" to "(?P<value>[^"]*)"'))
def _sets_to(case: Case, key: str, value: str) -> None:
    case.judge(multimedia.each_sets, key, options.to_value(value))


@then(parsers.re(r'each application that works with multimedia sets "(?P<key>[^"]*)" to a positive integer'))
def _sets_to_positive_integer(case: Case, key: str) -> None:
    case.judge(multimedia.each_sets, key, options.to_positive_integer())


@then("no application pulls multimedia interactions without a connection to an Interaction Server")
def _only_connected_ones_pull(case: Case) -> None:
    case.judge(multimedia.only_connected_ones_pull)


@then("the decision on multimedia agrees with the connections and options of every application")
def _decision_agrees(case: Case) -> None:
    case.judge(multimedia.decision_agrees)


@then("within a cluster all nodes pull multimedia interactions or none does")
def _nodes_of_a_cluster_alike(case: Case) -> None:
    case.judge(multimedia.nodes_of_a_cluster_alike)
