# SPDX-License-Identifier: Apache-2.0
"""The two decisions a migration takes, persistence and multimedia: declared, or read from the options."""

from __future__ import annotations

from dataclasses import dataclass

from orsgate.estate.estate import Estate
from orsgate.estate.inventory import INTERACTION_SERVER, TELEPHONY_SERVERS, Application
from orsgate.estate.knowledge import Basis, Failure, Unknown, not_visible
from orsgate.estate.options import matching

PERSISTENCE_OPTIONS = "persistence/cassandra-*"
PULL_OPTIONS = "orchestration/mcr-pull-*"
CASSANDRA_OPTIONAL_FROM = "8.1.300.00"
"""Up to 8.1.2 Cassandra was required (Genesys, "Persistence", ORS 8.1.3)."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, and how that is known.

    Attributes:
        value: ``cassandra``, ``redis`` or ``none`` for persistence, ``yes`` or ``no`` for multimedia.
        declared: whether the estate file says so.
        why: in words.
        where: where that was read.
        basis: declared, or observed where it was read from options.
    """

    value: str | Unknown
    declared: bool
    why: str
    where: str
    basis: Basis


def starts_before_813(estate: Estate) -> bool:
    """Whether the migration starts before 8.1.3, when ORS had no high availability and required Cassandra."""
    return estate.origin.family < (8, 1, 3)


def is_new(estate: Estate, application: Application) -> bool:
    """Whether an application, if it is a Backup, can have had no options before this migration."""
    return application.new or starts_before_813(estate)


def needs_rollback_export(estate: Estate, application: Application) -> bool:
    """Whether an application must have a rollback export: every Primary, and every Backup that was there before.

    Before 8.1.3 ORS had no high availability, so all Backups of such a migration are new.
    """
    return application.primary is not False or not is_new(estate, application)


def persistence(estate: Estate) -> Decision:
    """Where sessions are kept: declared; else Cassandra where an option says so or 8.1.2 required it; else unknown."""
    where = estate.snapshot.estate_where("estate.persistence")
    declared = estate.snapshot.estate.estate.persistence
    if declared is not None:
        return Decision(declared, True, f'persistence = "{declared}" in the estate file', where, Basis.DECLARED)
    uncertain: Unknown | None = None
    for application in estate.in_scope:
        setting = next(estate.effective_matching(application, PERSISTENCE_OPTIONS), None) or next(
            matching(application.rollback, PERSISTENCE_OPTIONS), None
        )
        if setting is not None:
            why = f"not declared; taken as cassandra because {application.name} sets {setting.key}"
            return Decision("cassandra", False, why, setting.where, Basis.OBSERVED)
        uncertain = uncertain or estate.matching_certainty(application, PERSISTENCE_OPTIONS)
    if starts_before_813(estate):
        why = f"not declared; taken as cassandra because ORS {estate.origin.family_text} required it"
        return Decision("cassandra", False, why, where, Basis.DECLARED)
    unknown = uncertain or Unknown(
        'whether sessions are kept in Cassandra is not decided: set persistence = "cassandra", "redis" or "none" in [estate]',
        where,
        Failure.NOT_GIVEN,
    )
    return Decision(unknown, False, unknown.cause, where, Basis.OBSERVED)


def interaction_connections(estate: Estate, application: Application) -> tuple[str, ...]:
    """The names of the Interaction Servers an application is connected to, each server once.

    The legacy second Application object of T-Server type, with the host and the default port of an Interaction Server,
    counts as that server (Genesys, "eServices", ORS 8.1.4).
    """
    if isinstance(application.connections, Unknown):
        return ()
    found: dict[str, None] = {}
    for name in application.connections:
        target = estate.applications.get(name)
        if target is None:
            continue
        if target.type == INTERACTION_SERVER:
            found[target.name] = None
        elif server := _legacy_second_object(estate, target):
            found[server.name] = None
    return tuple(found)


def _legacy_second_object(estate: Estate, target: Application) -> Application | None:
    if target.type not in TELEPHONY_SERVERS or target.address is None:
        return None
    return estate.interaction_server_at.get(target.address)


def multimedia(estate: Estate) -> Decision:
    """Whether ORS works with multimedia: declared; else where a connection or a pull option says so; else no."""
    where = estate.snapshot.estate_where("estate.multimedia")
    declared = estate.snapshot.estate.estate.multimedia
    if declared is not None:
        value = "yes" if declared else "no"
        return Decision(value, True, f"multimedia = {str(declared).lower()} in the estate file", where, Basis.DECLARED)
    uncertain: Unknown | None = None
    for application in estate.in_scope:
        if servers := interaction_connections(estate, application):
            why = f"not declared; {application.name} is connected to {servers[0]}"
            return Decision("yes", False, why, application.origin.at("connections"), estate.basis)
        setting = next(estate.effective_matching(application, PULL_OPTIONS), None) or next(
            matching(application.rollback, PULL_OPTIONS), None
        )
        if setting is not None:
            why = f"not declared; {application.name} sets {setting.key}"
            return Decision("yes", False, why, setting.where, Basis.OBSERVED)
        uncertain = (
            uncertain
            or unresolved_connection(estate, application)
            or estate.matching_certainty(application, PULL_OPTIONS)
            or (estate.rollback_certainty(application) if application.rollback is not None else None)
        )
    if uncertain:
        return Decision(uncertain, False, uncertain.cause, where, Basis.OBSERVED)
    why = "not declared; no application in scope is connected to an Interaction Server or sets an mcr-pull option"
    return Decision("no", False, why, where, estate.basis)


def said_not_to_pull(estate: Estate) -> frozenset[str]:
    """The applications of ``without_multimedia``, and the Backups of the Primaries among them.

    A Backup has the options of its Primary (step 3), so what is said of one side holds for both.
    """
    named = set(estate.snapshot.estate.estate.without_multimedia)
    return frozenset(named | {pair.backup.name for pair in estate.pairs if pair.primary.name in named})


def unresolved_connection(estate: Estate, application: Application) -> Unknown | None:
    """Why the types of all servers an application is connected to are not known; None where they are."""
    if isinstance(application.connections, Unknown):
        return application.connections
    for name in application.connections:
        if name not in estate.applications:
            return unresolved(estate, application, "connection", name, application.origin.at("connections"))
    return None


def unresolved(estate: Estate, referrer: Application | str, kind: str, name: str, where: str) -> Unknown:
    """The failure to know that a reference to an object means that the source does not show.

    An object that a live source hides is one trouble, whoever refers to it: the sentence is the same for all.
    """
    if estate.configuration.by_account:
        return not_visible(kind, f'"{name}"', where)
    whose = referrer if isinstance(referrer, str) else referrer.name
    return Unknown(f'the {kind} "{name}" of {whose} names nothing in the estate file', where, Failure.MISSING)
