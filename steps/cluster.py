# SPDX-License-Identifier: Apache-2.0
"""Steps on ORS clusters, their members and shared options: step 4."""

from __future__ import annotations

from pytest_bdd import given, parsers, then

from orsgate.rules import builds, cluster, datacenters, shared_options, shared_storage
from orsgate.rules.subjects import Select
from orsgate.verdict.case import Case


@given(parsers.re(r'the target build is "(?P<build>[^"]*)" or later'))
def _target_from(case: Case, build: str) -> None:
    case.require(builds.target_from(build))


@given(parsers.re(r'the target build is earlier than "(?P<build>[^"]*)"'))
def _target_before(case: Case, build: str) -> None:
    case.require(builds.target_before(build))


@given("a cluster has shared options")
def _has_shared_options(case: Case) -> None:
    case.require(shared_options.has_shared_options)


@then("an ORS cluster is configured")
def _is_configured(case: Case) -> None:
    case.judge(cluster.is_configured)


@then("every Primary in scope is a member exactly once, and every member is an enabled Primary")
def _members_are_primaries(case: Case) -> None:
    case.judge(cluster.members_are_primaries)


@then("no two data center names differ only in letter case or blanks")
def _spelled_alike(case: Case) -> None:
    case.judge(datacenters.spelled_alike)


@then("all members of a cluster name a data center, or none does")
def _all_or_none(case: Case) -> None:
    case.judge(datacenters.all_or_none)


@then("all members of a cluster use the same persistent storage")
def _same_storage(case: Case) -> None:
    case.judge(shared_storage.same_storage)


@then("options that must be the same on all nodes of a cluster are the same")
def _same_on_all_nodes(case: Case) -> None:
    case.judge(shared_options.same_on_all_nodes)


@then(parsers.re(r'"(?P<key>[^"]*)" is the same on all nodes of a cluster'))
def _option_same_on_all_nodes(case: Case, chosen: Select, key: str) -> None:
    case.judge(shared_options.option_same_on_all_nodes, key, chosen)


@then("no application sets an option to another value than the shared options of its cluster")
def _no_conflict(case: Case) -> None:
    case.judge(shared_options.no_conflict)


@then("each cluster Transaction is enabled, and under the tenant Environment or in Resources")
def _is_in_place(case: Case) -> None:
    case.judge(cluster.is_in_place)


@then(parsers.re(r'each cluster Transaction is named "(?P<name>[^"]*)"'))
def _is_named(case: Case, name: str) -> None:
    case.judge(cluster.is_named, name)
