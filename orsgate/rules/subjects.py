# SPDX-License-Identifier: Apache-2.0
"""Choosing the applications that a rule judges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase

from orsgate.estate.decisions import interaction_connections, said_not_to_pull
from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Application

Select = Callable[[Estate], Sequence[Application]]
"""Chooses applications of an estate; called by the rule, so that a missing part of the snapshot blocks it."""


def every_application(estate: Estate) -> Sequence[Application]:
    """Every ORS application in scope, Primary and Backup."""
    return estate.in_scope


def every_primary(estate: Estate) -> Sequence[Application]:
    """Every Primary in scope."""
    return estate.primaries


def named(pattern: str) -> Select:
    """Every ORS application in scope whose name matches ``pattern`` (``*`` and ``?``)."""
    return lambda estate: [application for application in estate.in_scope if fnmatchcase(application.name, pattern)]


def works_with_multimedia(estate: Estate) -> Sequence[Application]:
    """Those connected to an Interaction Server, less those that the estate file says not to pull."""
    without = said_not_to_pull(estate)
    return [
        application
        for application in estate.in_scope
        if application.name not in without and interaction_connections(estate, application)
    ]


def none_sets_it(estate: Estate, select: Select, key: str) -> str:
    """Why a requirement on one option does not apply where nobody sets it, as after a typing mistake in ``key``."""
    everyone = len(select(estate)) == len(estate.in_scope)
    return f"no application in scope sets {key}" if everyone else f"none of the chosen applications sets {key}"
