# SPDX-License-Identifier: Apache-2.0
"""Baselines of the workshop's estate: as it is, and as it was before the migration."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from orsgate.estate.evidence_files import Baseline
from orsgate.estate.inventory import Application, Configuration
from orsgate.estate.snapshot import Snapshot

CREATED = datetime(2026, 1, 30, 20, 0, tzinfo=UTC)


def as_it_is(found: Snapshot) -> Snapshot:
    """A baseline of what is there: nothing changed since, whatever a fault of another step does to the estate."""
    if not isinstance(found.configuration, Configuration):
        return found
    made = Baseline("baseline", CREATED, found.estate.estate.name, found.configuration, found.cassandra)
    return replace(found, baseline=made)


def of_812(migrated: Configuration) -> Configuration:
    """The configuration of the healthy sample as it was before step 2."""

    def before(application: Application) -> Application:
        if not application.is_ors:
            return application
        return replace(application, options=application.rollback, backup=None, redundancy="none", version="8.1.200.50")

    applications = tuple(before(each) for each in migrated.applications if not each.new)
    return replace(migrated, applications=applications, clusters=())
