# SPDX-License-Identifier: Apache-2.0
"""Which requirements a state of the estate breaks, asked one by one: a change that mends one is a change that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from orsgate.estate.estate import Estate, FactUnknownError
from orsgate.estate.inventory import INTERACTION_SERVER, ROUTING_SERVER, TELEPHONY_SERVERS
from orsgate.estate.judgement import Condition, Gap, Judgement, Violation
from orsgate.estate.knowledge import Unknown
from orsgate.rules import (
    audited_ring,
    builds,
    cluster,
    conditions,
    connections,
    datacenters,
    keyspace,
    multimedia,
    pairs,
    persistence_options,
    redundancy,
    replication,
    ring,
    shared_options,
    shared_storage,
)
from orsgate.rules.node_lists import NODES, PORT
from orsgate.rules.options import set_to, to_positive_integer, to_value
from orsgate.rules.strategy import KEYSPACE_NAME, SCHEMA_VERSION, STRATEGY_CLASS, STRATEGY_OPTIONS
from orsgate.rules.subjects import every_application

LIMIT = "orchestration/mcr-pull-limit"
_CASSANDRA = conditions.persistence_is_cassandra
_MULTIMEDIA = conditions.works_with_multimedia


@dataclass(frozen=True, slots=True)
class Asking:
    """A requirement that may ask for a change.

    Attributes:
        rule: judges it.
        options: ``section/option`` of what it speaks of; empty where it speaks of other things.
        when: where it applies; None where it always does.
        names_option: whether each of its violations names the option that it is about, so that others are not meant.
    """

    rule: Callable[[Estate], Judgement]
    options: frozenset[str] = frozenset()
    when: Callable[[Estate], Condition] | None = None
    names_option: bool = False


def _option(*keys: str) -> frozenset[str]:
    return frozenset(keys)


_STRATEGY = _option(STRATEGY_CLASS, STRATEGY_OPTIONS)
ASKING: dict[str, Asking] = {
    "ORS-0301": Asking(redundancy.names_backup),
    "ORS-0302": Asking(lambda estate: redundancy.has_redundancy(estate, "warm standby")),
    "ORS-0303": Asking(redundancy.backup_fits),
    "ORS-0304": Asking(pairs.same_connectivity),
    "ORS-0306": Asking(pairs.different_hosts),
    "ORS-0308": Asking(pairs.same_ports),
    "ORS-0309": Asking(connections.name_enabled_servers),
    "ORS-0310": Asking(
        lambda estate: connections.connected_to(estate, (*TELEPHONY_SERVERS, INTERACTION_SERVER), (ROUTING_SERVER,))
    ),
    "ORS-0401": Asking(cluster.is_configured),
    "ORS-0402": Asking(cluster.members_are_primaries),
    "ORS-0403": Asking(datacenters.spelled_alike),
    "ORS-0404": Asking(shared_storage.same_storage, _option(KEYSPACE_NAME, NODES), _CASSANDRA),
    "ORS-0405": Asking(shared_options.same_on_all_nodes, _option(*shared_options.SAME_ON_ALL_NODES), names_option=True),
    "ORS-0407": Asking(cluster.is_in_place),
    "ORS-0408": Asking(datacenters.all_or_none),
    "ORS-0409": Asking(lambda estate: cluster.is_named(estate, "ORS_Cluster"), when=builds.target_before("8.1.400.64")),
    "ORS-0501": Asking(ring.release_supported, _option(NODES, PORT), _CASSANDRA),
    "ORS-0701": Asking(
        lambda estate: set_to(estate, every_application, KEYSPACE_NAME, persistence_options.to_keyspace_name()),
        _option(KEYSPACE_NAME), _CASSANDRA,
    ),
    "ORS-0702": Asking(
        lambda estate: persistence_options.schema_version_set(estate, every_application), _option(SCHEMA_VERSION), _CASSANDRA
    ),
    "ORS-0703": Asking(
        lambda estate: set_to(estate, every_application, STRATEGY_CLASS, persistence_options.to_strategy_class()),
        _option(STRATEGY_CLASS), _CASSANDRA,
    ),
    "ORS-0704": Asking(lambda estate: persistence_options.strategy_options_fit(estate, every_application), _STRATEGY, _CASSANDRA),
    "ORS-0705": Asking(
        persistence_options.same_in_cluster, _option(*persistence_options.COMPARED), _CASSANDRA, names_option=True
    ),
    "ORS-0706": Asking(replication.fits_data_centers, _STRATEGY, _CASSANDRA),
    "ORS-0707": Asking(replication.can_be_met, _STRATEGY, _CASSANDRA),
    "ORS-0708": Asking(keyspace.agrees_with_options, _STRATEGY, _CASSANDRA),
    "ORS-0710": Asking(audited_ring.contacts_lead_to_ring, _option(NODES, PORT), _CASSANDRA),
    "ORS-0713": Asking(replication.labels_exist, when=_CASSANDRA),
    "ORS-0801": Asking(
        lambda estate: multimedia.each_sets(estate, multimedia.PULLS, to_value("true")), _option(multimedia.PULLS), _MULTIMEDIA
    ),
    "ORS-0802": Asking(lambda estate: multimedia.each_sets(estate, LIMIT, to_positive_integer()), _option(LIMIT), _MULTIMEDIA),
    "ORS-0803": Asking(multimedia.only_connected_ones_pull, _option(multimedia.PULLS), _MULTIMEDIA),
    "ORS-0804": Asking(multimedia.decision_agrees),
}  # fmt: skip
"""What may ask for a change, in the order of the steps."""


class Broken:
    """What an estate breaks, each requirement judged once and only when it is asked for."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self._found: dict[str, dict[str, list[Violation]]] = {}
        self._unknown: dict[str, dict[str, Unknown]] = {}

    def by(self, requirement: str, subjects: Iterable[str], option: str = "") -> bool:
        """Whether one of ``subjects`` breaks a requirement, in ``option`` where its violations name options."""
        found = self.all_of(requirement)
        asking = ASKING[requirement]
        for subject in subjects:
            for violation in found.get(subject, ()):
                if not (option and asking.names_option) or violation.found.startswith(f"{option} "):
                    return True
        return False

    def at_all(self, requirement: str) -> bool:
        """Whether anything breaks it."""
        return bool(self.all_of(requirement))

    def unknown(self, requirement: str, subjects: Iterable[str]) -> Unknown | None:
        """Why it is not known whether ``subjects`` break a requirement; None where it is."""
        self.all_of(requirement)
        unknown = self._unknown[requirement]
        return next((found for name in (*subjects, "") if (found := unknown.get(name))), None)

    def all_of(self, requirement: str) -> dict[str, list[Violation]]:
        """Subject -> its violations; none where the requirement does not apply, or cannot be judged."""
        if requirement not in self._found:
            violations: dict[str, list[Violation]] = {}
            judged = self._judged(ASKING[requirement])
            for violation in judged.violations:
                violations.setdefault(violation.subject, []).append(violation)
            self._unknown[requirement] = {gap.subject: gap.unknown for gap in judged.gaps}
            self._found[requirement] = violations
        return self._found[requirement]

    def _judged(self, asking: Asking) -> Judgement:
        """The judgement; a gap without a subject where nothing of it can be judged."""
        try:
            applies = asking.when(self._estate).holds if asking.when is not None else True
            if isinstance(applies, Unknown):
                return Judgement(gaps=(Gap("", applies),))
            return asking.rule(self._estate) if applies else Judgement()
        except FactUnknownError as error:
            return Judgement(gaps=(Gap("", error.unknown),))
