# SPDX-License-Identifier: Apache-2.0
"""Steps on the Cassandra options of applications, and on the keyspace and replication they ask for (step 7)."""

from __future__ import annotations

from pytest_bdd import parsers, then

from orsgate.rules import audited_ring, keyspace, options, persistence_options, replication
from orsgate.rules.subjects import Select
from orsgate.verdict.case import Case


@then(parsers.re(r'each of them sets "(?P<key>[^"]*)" to a keyspace name that Cassandra accepts'))
def _keyspace_name(case: Case, chosen: Select, key: str) -> None:
    case.judge(options.set_to, chosen, key, persistence_options.to_keyspace_name())


@then("each of them sets the Cassandra schema version")
def _schema_version(case: Case, chosen: Select) -> None:
    case.judge(persistence_options.schema_version_set, chosen)


@then(parsers.re(r'each of them sets "(?P<key>[^"]*)" to a replication strategy'))
def _strategy_class(case: Case, chosen: Select, key: str) -> None:
    case.judge(options.set_to, chosen, key, persistence_options.to_strategy_class())


@then("the strategy options of each of them can be read and fit its strategy class")
def _strategy_options(case: Case, chosen: Select) -> None:
    case.judge(persistence_options.strategy_options_fit, chosen)


@then("all members of a cluster have the same keyspace, schema version and replication")
def _same_in_cluster(case: Case) -> None:
    case.judge(persistence_options.same_in_cluster)


@then("SimpleStrategy is used only on a ring with a single data center")
def _fits_data_centers(case: Case) -> None:
    case.judge(replication.fits_data_centers)


@then("the ring has the nodes and data centers that the strategy options give replicas to")
def _can_be_met(case: Case) -> None:
    case.judge(replication.can_be_met)


@then("a keyspace that already exists has the strategy class and options of the application options")
def _agrees_with_options(case: Case) -> None:
    case.judge(keyspace.agrees_with_options)


@then("there are two replicas, three nodes, and replicas in each data center of the ring")
def _recommended(case: Case) -> None:
    case.judge(replication.recommended)


@then("the Cassandra nodes and the port that ORS is given lead to the ring that was audited")
def _contacts_lead_to_ring(case: Case) -> None:
    case.judge(audited_ring.contacts_lead_to_ring)


@then("the keyspace exists in the ring")
def _exists(case: Case) -> None:
    case.judge(keyspace.exists)


@then("an existing keyspace has the column families of ORS, and no second one has nearly its name")
def _is_whole(case: Case) -> None:
    case.judge(keyspace.is_whole)


@then("the data centers that cluster members are labelled with are data centers of the ring")
def _labels_exist(case: Case) -> None:
    case.judge(replication.labels_exist)
