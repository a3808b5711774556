# SPDX-License-Identifier: Apache-2.0
"""Which applications answer HTTP: each is asked for help once, which starts and changes nothing."""

from __future__ import annotations

from functools import partial

from orsgate.estate.deployment import Served
from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Application
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.probes.ors.calls import HELP
from orsgate.probes.ors.client import AT_ONCE, OrsClient
from orsgate.wire.observer import Observer, unobserved
from orsgate.wire.trouble import attempt
from orsgate.wire.waiting import all_done


def ask_all(estate: Estate, client: OrsClient, observer: Observer = unobserved) -> tuple[Served, ...]:
    """Every ORS application in scope, in inventory order, with its answer to ``GET /ors/help`` or why there is none.

    Any whole HTTP answer shows that the application serves, whatever its status: builds before 8.1.400.55 know no such
    path. An application whose address is not known has an ``Unknown`` of the kind ``not_given``.

    Args:
        estate: whose applications are asked.
        client: asks; it is stopped where the user interrupts.
        observer: told how many have answered.
    """
    applications = estate.in_scope
    without = {entry.name for entry in estate.snapshot.estate.application if entry.http is False}
    work = [partial(_served, client, each, has_none=each.name in without) for each in applications]
    return tuple(all_done(work, AT_ONCE, "asking ORS over HTTP", observer, client.stop))


def _served(client: OrsClient, application: Application, *, has_none: bool) -> Served:
    url = address_of(application, has_none=has_none)
    if isinstance(url, Unknown):
        return Served(application.name, "", url)
    return Served(application.name, url, attempt(partial(client.ask, "GET", url, HELP)))


def address_of(application: Application, *, has_none: bool = False) -> str | Unknown:
    """The address of its HTTP interface, without a path: ``http`` of the estate file, else its host and the port ``http``.

    Args:
        application: whose.
        has_none: whether the estate file says ``http = false``.
    """
    where = application.origin.at("http")
    if has_none:
        cause = 'the estate file says http = false; to try it, write http = "http://HOST:PORT" for the application'
        return Unknown(cause, where, Failure.NOT_GIVEN)
    if application.http:
        return application.http.rstrip("/")
    for known in (application.host, application.ports):
        if isinstance(known, Unknown) and known.failure is not Failure.NOT_GIVEN:
            return known
    if isinstance(application.ports, Unknown) or isinstance(application.host, Unknown) or "http" not in application.ports:
        cause = 'its HTTP address is not known; write http = "http://HOST:PORT" for the application into the estate file'
        return Unknown(cause, where, Failure.NOT_GIVEN)
    host = f"[{application.host}]" if ":" in application.host else application.host
    return f"http://{host}:{application.ports['http']}"
