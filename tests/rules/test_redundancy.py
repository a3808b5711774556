# SPDX-License-Identifier: Apache-2.0
"""Step 3: pairs, what both have in common, and what they are connected to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Application
from orsgate.estate.judgement import Judgement, Outcome, Violation
from orsgate.estate.knowledge import Basis, Unknown
from orsgate.rules import connections, pairs, redundancy
from tests import make

NEEDED = (("T-Server", "SIP Server", "Interaction Server"), ("Universal Routing Server",))
RULES: dict[str, Callable[[Estate], Judgement]] = {
    "0301": redundancy.names_backup,
    "0302": lambda estate: redundancy.has_redundancy(estate, "warm standby"),
    "0303": redundancy.backup_fits,
    "0304": pairs.same_connectivity,
    "0306": pairs.different_hosts,
    "0307": pairs.same_version,
    "0308": pairs.same_ports,
    "0309": connections.name_enabled_servers,
    "0310": lambda estate: connections.connected_to(estate, *NEEDED),
}
PAIRWISE = ("0304", "0306", "0307", "0308")
NOT_SEEN = Unknown("not seen")


def healthy() -> tuple[Application, ...]:
    return (*make.pair("ORS_1"), *make.pair("ORS_2"), *make.SERVERS)


def changed(name: str, **fields: Any) -> Estate:
    return make.estate(make.changed(healthy(), name, **fields))


def live(name: str, **fields: Any) -> Estate:
    return make.estate(make.changed(healthy(), name, **fields), live=True)


def only(judgement: Judgement) -> Violation:
    assert judgement.outcome is Outcome.FAIL
    [violation] = judgement.violations
    return violation


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_healthy_passes_on_declared_facts(rule):
    judgement = rule(make.estate())
    assert (judgement.outcome, judgement.basis) == (Outcome.PASS, Basis.DECLARED)
    assert judgement.notes == ()
    assert rule(make.estate(live=True)).basis is Basis.OBSERVED


def test_a_primary_without_backup():
    violation = only(redundancy.names_backup(changed("ORS_1", backup=None)))
    assert (violation.subject, violation.found, violation.where) == ("ORS_1", "names no Backup", "estate.toml:10")


@pytest.mark.parametrize(("rule", "field"), [("0301", "backup"), ("0302", "redundancy"), ("0303", "backup")])
def test_an_unknown_pairing_blocks(rule, field):
    judgement = RULES[rule](changed("ORS_1", **{field: NOT_SEEN}))
    assert judgement.outcome is Outcome.BLOCKED
    assert judgement.causes == ("not seen",)


def test_an_application_of_unknown_role_may_be_a_backup():
    estate = changed("ORS_1_B", primary=NOT_SEEN)
    for rule in ("0301", "0302", "0303"):
        assert RULES[rule](estate).outcome is Outcome.BLOCKED


@pytest.mark.parametrize("kind", ["none", "cold standby", "hot standby"])
def test_another_redundancy_type(kind):
    assert only(redundancy.has_redundancy(changed("ORS_2", redundancy=kind), "warm standby")).found == f"redundancy type {kind}"


@pytest.mark.parametrize(
    ("name", "fields", "found"),
    [
        ("ORS_1", {"backup": "ORS_1"}, "names itself as its Backup"),
        ("ORS_1", {"backup": "SIP_1"}, "its Backup SIP_1 is of type SIP Server"),
        ("ORS_1", {"backup": "ORS_1_X"}, 'the backup "ORS_1_X" names no application'),
        (
            "ORS_1", {"backup": "ors_1_b "},
            'the backup "ors_1_b " names no application, and is "ORS_1_B" but for letter case or blanks',
        ),
        ("ORS_1_B", {"enabled": False}, "its Backup ORS_1_B is disabled"),
        ("ORS_1_B", {"primary": True}, "its Backup ORS_1_B is configured as a Primary"),
        ("ORS_1_B", {"backup": "ORS_9"}, "its Backup ORS_1_B is a Primary: it names the Backup ORS_9 itself"),
    ],
)  # fmt: skip
def test_a_backup_that_cannot_take_over(name, fields, found):
    judgement = redundancy.backup_fits(changed(name, **fields))
    assert found in {violation.found for violation in judgement.violations if violation.subject == "ORS_1"}


def test_a_backup_that_no_primary_names():
    violation = only(redundancy.backup_fits(changed("ORS_1", backup=None)))
    assert (violation.subject, violation.found) == ("ORS_1_B", "is configured as a Backup, but no Primary names it")


def test_a_backup_may_be_named_by_what_is_not_known():
    applications = make.changed(make.changed(healthy(), "ORS_1", backup=None), "ORS_2", backup=NOT_SEEN)
    assert redundancy.backup_fits(make.estate(applications)).outcome is Outcome.BLOCKED


@pytest.mark.parametrize(
    "fields", [{}, {"enabled": False}], ids=["in scope", "disabled"]
)  # fmt: skip
def test_a_backup_of_two_counts_every_application(fields):
    estate = changed("ORS_2", backup="ORS_1_B", **fields)
    found = [violation for violation in redundancy.backup_fits(estate).violations if violation.subject == "ORS_1"]
    assert [violation.found for violation in found] == ["its Backup ORS_1_B also backs up ORS_2"]


def test_an_excluded_backup_is_judged_as_a_target():
    scope = {"scope": {"exclude": [{"application": "ORS_1_B", "reason": "a laboratory"}]}}
    estate = make.estate(make.changed(healthy(), "ORS_1_B", enabled=False), file=scope)
    assert only(redundancy.backup_fits(estate)).subject == "ORS_1"


def test_a_backup_that_a_live_source_does_not_show_blocks_all_that_needs_it():
    estate = live("ORS_1", backup="HIDDEN")
    for rule in ("0303", *PAIRWISE):
        [cause] = RULES[rule](estate).causes
        assert '"HIDDEN"' in cause


@pytest.mark.parametrize("rule", PAIRWISE)
def test_without_any_pair_nothing_applies(rule):
    judgement = RULES[rule](make.estate((make.ors("ORS_1"), *make.SERVERS)))
    assert judgement.outcome is Outcome.NOT_APPLICABLE
    assert judgement.not_applicable == pairs.NO_PAIR


def test_connections_and_tenants_may_stand_in_any_order():
    assert pairs.same_connectivity(changed("ORS_1_B", connections=("IXN_1", "SIP_1", "URS_1"))).outcome is Outcome.PASS


def test_what_is_missing_is_named_with_its_side():
    estate = changed("ORS_1_B", connections=("SIP_1", "URS_1", "STAT_1"), tenants=())
    found = [violation.found for violation in pairs.same_connectivity(estate).violations]
    assert found == [
        "the Backup ORS_1_B lacks the connections IXN_1",
        "the Primary ORS_1 lacks the connections STAT_1",
        "the Backup ORS_1_B lacks the tenants Environment",
    ]


def test_a_known_difference_fails_beside_what_is_not_known():
    judgement = pairs.same_connectivity(changed("ORS_1_B", connections=NOT_SEEN, tenants=()))
    assert judgement.outcome is Outcome.FAIL
    assert judgement.causes == ("not seen",)


@pytest.mark.parametrize("host", ["host-ors_1", "HOST-ORS_1", "host-ors_1.example.com", "host-ors_1."])
def test_the_same_host(host):
    assert only(pairs.different_hosts(changed("ORS_1_B", host=host))).subject == "ORS_1 / ORS_1_B"


@pytest.mark.parametrize(("one", "other"), [("ors-1", "ors-10"), ("ors-1.a.com", "ors-1.b.com"), ("10.0.0.1", "10")])
def test_different_hosts(one, other):
    assert not pairs.same_host(one, other)


@pytest.mark.parametrize(("rule", "field"), [("0304", "tenants"), ("0306", "host"), ("0307", "version"), ("0308", "ports")])
def test_what_is_not_known_of_the_backup_blocks(rule, field):
    judgement = RULES[rule](changed("ORS_1_B", **{field: NOT_SEEN}))
    assert judgement.outcome is Outcome.BLOCKED


def test_another_version():
    violation = only(pairs.same_version(changed("ORS_1_B", version="8.1.400.27")))
    assert violation.expected == "version 8.1.200.50, as the Primary ORS_1 has"


def test_ports_that_the_backup_lacks_http_first():
    estate = changed("ORS_1", ports={"a": 1, "default": 7200, "http": 7210})
    estate = make.estate(make.changed(estate.configuration.applications, "ORS_1_B", ports={"default": 7200}))
    assert only(pairs.same_ports(estate)).found == "the Backup ORS_1_B has no listening port http, a"


def test_a_port_more_on_the_backup_is_fine():
    assert pairs.same_ports(changed("ORS_1_B", ports={"default": 1, "http": 2, "x": 3})).outcome is Outcome.PASS


def test_ports_known_of_some_are_compared_and_the_others_noted():
    judgement = pairs.same_ports(changed("ORS_1", ports=NOT_SEEN))
    assert judgement.outcome is Outcome.PASS
    assert judgement.notes == ("the listening ports of ORS_1 are not known, so they were not compared with the Backup's",)


def test_no_ports_are_known():
    applications = make.changed(make.changed(healthy(), "ORS_1", ports=NOT_SEEN), "ORS_2", ports=NOT_SEEN)
    assert pairs.same_ports(make.estate(applications)).not_applicable == "no listening ports are known"


def test_a_connection_to_a_disabled_server_and_to_none():
    applications = make.changed(healthy(), "URS_1", enabled=False)
    assert len(connections.name_enabled_servers(make.estate(applications)).violations) == 4
    violation = only(connections.name_enabled_servers(changed("ORS_1", connections=("SIP_1", "URS_1", "IXN_9"))))
    assert violation.found == 'the connection "IXN_9" names no application'


def test_an_unknown_connection_of_a_live_source_blocks_only_where_it_is_needed():
    estate = live("ORS_1", connections=("SIP_1", "URS_1", "HIDDEN"))
    assert connections.name_enabled_servers(estate).outcome is Outcome.BLOCKED
    assert RULES["0310"](estate).outcome is Outcome.PASS
    estate = live("ORS_1", connections=("SIP_1", "HIDDEN"))
    assert RULES["0310"](estate).outcome is Outcome.BLOCKED


@pytest.mark.parametrize(("names", "lacking"), [((), 2), (("SIP_1",), 1), (("URS_1",), 1), (("IXN_1", "URS_1"), 0)])
def test_what_an_ors_needs_to_be_connected_to(names, lacking):
    assert len(RULES["0310"](changed("ORS_1", connections=names)).violations) == lacking


@pytest.mark.parametrize("rule", ["0309", "0310"])
def test_unknown_connections_block(rule):
    assert RULES[rule](changed("ORS_1", connections=NOT_SEEN)).outcome is Outcome.BLOCKED


@pytest.mark.parametrize(
    ("primary", "backup", "same"),
    [("8.1.4", "8.1.400.27", True), ("8.1.400.27", "8.1.400.40", False), ("8.1.200.50", "8.1.400.27", False), ("x", "x", True)],
)
def test_versions_are_compared_as_releases(primary, backup, same):
    applications = (*make.pair("ORS_1", version=primary), *make.SERVERS)
    altered = make.changed(applications, "ORS_1_B", version=backup)
    judgement = pairs.same_version(make.estate(altered, (make.cluster(members={"ORS_1": ""}),)))
    assert (judgement.outcome is Outcome.PASS) == same
