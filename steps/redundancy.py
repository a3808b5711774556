# SPDX-License-Identifier: Apache-2.0
"""Steps on Primaries and their Backups: step 3."""

from __future__ import annotations

from pytest_bdd import parsers, then

from orsgate.rules import agreement, connections, pairs, redundancy
from orsgate.rules.subjects import Select
from orsgate.verdict.case import Case


@then("every Primary in scope names a Backup")
def _names_backup(case: Case) -> None:
    case.judge(redundancy.names_backup)


@then(parsers.re(r'the redundancy type of every Primary in scope is "(?P<expected>[^"]*)"'))
def _redundancy_type(case: Case, expected: str) -> None:
    case.judge(redundancy.has_redundancy, expected)


@then("each Backup is an enabled Orchestration Server that backs up exactly one Primary")
def _backup_fits(case: Case) -> None:
    case.judge(redundancy.backup_fits)


@then("Primary and Backup have the same connections and tenants")
def _same_connectivity(case: Case) -> None:
    case.judge(pairs.same_connectivity)


@then("the options of Primary and Backup agree")
def _options_agree(case: Case) -> None:
    case.judge(agreement.options_agree)


@then(parsers.re(r'"(?P<key>[^"]*)" agrees between Primary and Backup'))
def _option_agrees(case: Case, chosen: Select, key: str) -> None:
    case.judge(agreement.option_agrees, key, chosen)


@then("Primary and Backup run on different hosts")
def _different_hosts(case: Case) -> None:
    case.judge(pairs.different_hosts)


@then("Primary and Backup have the same version")
def _same_version(case: Case) -> None:
    case.judge(pairs.same_version)


@then("the Backup has every listening port of its Primary")
def _same_ports(case: Case) -> None:
    case.judge(pairs.same_ports)


@then("every connection of every application in scope names an enabled server")
def _name_enabled_servers(case: Case) -> None:
    case.judge(connections.name_enabled_servers)


@then(parsers.re(r'every application in scope is connected to one of "(?P<types>[^"]*)"'))
def _connected(case: Case, types: str) -> None:
    case.judge(connections.connected_to, _listed(types))


@then(parsers.re(r'every application in scope is connected to one of "(?P<types>[^"]*)" and to one of "(?P<others>[^"]*)"'))
def _connected_to_both(case: Case, types: str, others: str) -> None:
    case.judge(connections.connected_to, _listed(types), _listed(others))


def _listed(types: str) -> list[str]:
    return [kind.strip() for kind in types.split(",")]
