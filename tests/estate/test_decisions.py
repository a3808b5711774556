# SPDX-License-Identifier: Apache-2.0
"""The decisions on persistence and multimedia, and effective options, on which they rest."""

from __future__ import annotations

from typing import Any

import pytest

from orsgate.estate.decisions import interaction_connections, multimedia, persistence, unresolved_connection
from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Application
from orsgate.estate.knowledge import Basis, Failure, Unknown
from tests import make

PLAIN = "[log]\nverbose=standard\n"
LOST = Unknown("cannot be read: exports/ORS_1.cfg")
SHARED = make.export("[persistence]\ncassandra-nodes=c1\n[orchestration]\nmcr-pull-limit=5\n", "exports/ORS_Cluster.cfg")


def alone(options: Any = PLAIN, *, shared: Any = None, keys: dict[str, Any] | None = None, **fields: Any) -> Estate:
    """One application without any option of interest or connection, in a cluster, nothing declared."""
    application = make.ors("ORS_1", options, **({"connections": (), "rollback": None} | fields))
    undeclared = {"persistence": None, "multimedia": None, "from_release": "8.1.300.40"}
    clusters = (make.cluster(members={"ORS_1": ""}, shared=shared),)
    return make.estate((application, *make.SERVERS), clusters, **(undeclared | (keys or {})))


class TestPersistence:
    @pytest.mark.parametrize("value", ["cassandra", "redis", "none"])
    def test_declared(self, value: str) -> None:
        decision = persistence(alone(LOST, keys={"persistence": value}))
        assert (decision.value, decision.declared, decision.basis) == (value, True, Basis.DECLARED)

    def test_an_option_says_cassandra(self) -> None:
        decision = persistence(alone("[persistence]\ncassandra-nodes=c1\n"))
        assert (decision.value, decision.declared, decision.where) == ("cassandra", False, "exports/ORS_1.cfg:2")

    def test_a_rollback_export_says_cassandra(self) -> None:
        rollback = make.export("[persistence]\ncassandra-nodes=c1\n", "rollback/ORS_1.cfg")
        assert persistence(alone(rollback=rollback)).where == "rollback/ORS_1.cfg:2"

    def test_a_disabled_option_says_nothing(self) -> None:
        assert isinstance(persistence(alone(f"{PLAIN}[persistence]\n#cassandra-nodes=c1\n")).value, Unknown)

    def test_before_813_cassandra_was_required(self) -> None:
        decision = persistence(alone(keys={"from_release": "8.1.200.50"}))
        assert (decision.value, decision.basis) == ("cassandra", Basis.DECLARED)

    def test_nothing_says_anything(self) -> None:
        value = persistence(alone()).value
        assert isinstance(value, Unknown)
        assert value.failure is Failure.NOT_GIVEN

    def test_an_unreadable_export_is_the_cause(self) -> None:
        assert persistence(alone(LOST)).value == LOST

    @pytest.mark.parametrize(("build", "value"), [("8.1.400.64", "cassandra"), ("8.1.400.63", None), ("8.1.4", None)])
    def test_a_shared_option_counts_from_the_build_that_reads_it(self, build: str, value: str | None) -> None:
        decision = persistence(alone(shared=SHARED, keys={"to_release": build}))
        assert (decision.value if isinstance(decision.value, str) else None) == value

    def test_a_missing_build_number_is_the_cause_where_it_decides(self) -> None:
        estate = alone(shared=SHARED, keys={"to_release": "8.1.4"})
        assert persistence(estate).value == estate.build_unknown


class TestMultimedia:
    @pytest.mark.parametrize(("declared", "value"), [(True, "yes"), (False, "no")])
    def test_declared(self, *, declared: bool, value: str) -> None:
        decision = multimedia(alone(LOST, keys={"multimedia": declared}))
        assert (decision.value, decision.declared) == (value, True)

    def test_a_connection_says_yes(self) -> None:
        decision = multimedia(alone(LOST, connections=("SIP_1", "IXN_1")))
        assert (decision.value, decision.basis) == ("yes", Basis.DECLARED)

    def test_an_option_says_yes(self) -> None:
        assert multimedia(alone("[orchestration]\nmcr-pull-limit=5\n")).value == "yes"

    def test_a_shared_option_says_yes(self) -> None:
        assert multimedia(alone(shared=SHARED, keys={"to_release": "8.1.400.64"})).where == "exports/ORS_Cluster.cfg:4"

    def test_a_rollback_export_says_yes(self) -> None:
        rollback = make.export("[orchestration]\nmcr-pull-by-this-node=true\n", "rollback/ORS_1.cfg")
        assert multimedia(alone(rollback=rollback)).value == "yes"

    def test_nothing_says_yes(self) -> None:
        assert multimedia(alone(connections=("SIP_1", "URS_1"))).value == "no"

    @pytest.mark.parametrize(
        "fields",
        [
            {"options": LOST},
            {"connections": LOST},
            {"rollback": LOST},
            {"connections": ("SIP_9",)},
            {"options": "[orchestration]\nrubbish\nx=1\n"},
            {"rollback": make.export("", "rollback/ORS_1.cfg")},
            {"shared": LOST, "keys": {"to_release": "8.1.400.64"}},
            {"shared": SHARED, "keys": {"to_release": "8.1.4"}},
        ],
    )
    def test_what_might_say_yes_and_is_not_known_never_means_no(self, fields: dict[str, Any]) -> None:
        assert isinstance(multimedia(alone(**fields)).value, Unknown)


class TestInteractionConnections:
    def connected(self, *servers: Application, connections: tuple[str, ...]) -> tuple[str, ...]:
        application = make.ors("ORS_1", connections=connections)
        return interaction_connections(make.estate((application, *servers)), application)

    def test_the_legacy_second_object_is_the_same_server(self) -> None:
        first = make.server("IXN", "Interaction Server", host="ixn", ports={"default": 7000})
        second = make.server("IXN_T", "T-Server", host="IXN", ports={"default": 7000})
        assert self.connected(first, second, connections=("IXN", "IXN_T")) == ("IXN",)
        assert self.connected(first, second, connections=("IXN_T",)) == ("IXN",)

    @pytest.mark.parametrize(
        "fields",
        [
            {"host": "ixn", "ports": {"default": 7001}},
            {"host": "other", "ports": {"default": 7000}},
            {"host": "ixn", "ports": {"http": 7000}},
            {},
        ],
    )
    def test_another_host_or_port_is_another_server(self, fields: dict[str, Any]) -> None:
        first = make.server("IXN", "Interaction Server", host="ixn", ports={"default": 7000})
        assert self.connected(first, make.server("T", "T-Server", **fields), connections=("T",)) == ()

    def test_two_servers_are_two(self) -> None:
        servers = (make.server("IXN_1", "Interaction Server"), make.server("IXN_2", "Interaction Server"))
        assert self.connected(*servers, connections=("IXN_2", "IXN_1")) == ("IXN_2", "IXN_1")


@pytest.mark.parametrize(("live", "failure"), [(True, Failure.DENIED), (False, Failure.MISSING)])
def test_a_connection_that_names_nothing(*, live: bool, failure: Failure) -> None:
    first, second = make.ors("ORS_1", connections=("SIP_9",)), make.ors("ORS_2", connections=("SIP_9",))
    estate = make.estate((first, second), live=live)
    one, other = unresolved_connection(estate, first), unresolved_connection(estate, second)
    assert one
    assert other
    assert one.failure is failure
    assert (one.cause == other.cause) is live


class TestEffective:
    KEY = "orchestration/mcr-pull-limit"

    def test_the_own_option_counts_before_the_shared_one(self) -> None:
        estate = alone("[orchestration]\nmcr-pull-limit=7\n", shared=SHARED, keys={"to_release": "8.1.400.64"})
        reading = estate.effective(estate.applications["ORS_1"], self.KEY)
        assert reading.setting
        assert (reading.setting.text, reading.setting.shared, reading.unknown) == ("7", False, None)

    def test_a_shared_option_is_not_known_to_count_while_the_own_options_are_not_known(self) -> None:
        estate = alone(LOST, shared=SHARED, keys={"to_release": "8.1.400.64"})
        reading = estate.effective(estate.applications["ORS_1"], self.KEY)
        assert (reading.setting, reading.unknown) == (None, LOST)

    @pytest.mark.parametrize("build", ["8.1.4", "8.1.400.64"])
    def test_a_line_of_the_annex_that_is_not_understood_may_be_the_option(self, build: str) -> None:
        annex = make.export("[orchestration]\nrubbish\nx=1\n", "exports/ORS_Cluster.cfg")
        estate = alone(shared=annex, keys={"to_release": build})
        unknown = estate.effective(estate.applications["ORS_1"], self.KEY).unknown
        assert unknown
        assert unknown.where == "exports/ORS_Cluster.cfg:2"

    def test_before_shared_options_the_annex_does_not_matter(self) -> None:
        estate = alone(shared=LOST, keys={"to_release": "8.1.400.63"})
        assert estate.effective(estate.applications["ORS_1"], self.KEY).absent
        assert estate.matching_certainty(estate.applications["ORS_1"], "*") is None
