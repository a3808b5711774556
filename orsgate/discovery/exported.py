# SPDX-License-Identifier: Apache-2.0
"""Which options of a configuration are written as exports, and how an estate file names what was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from orsgate.discovery.cfg_files import Named, Written
from orsgate.discovery.clusters import clusters_of, whole_annex
from orsgate.discovery.found import orchestration_servers
from orsgate.estate.inventory import Configuration
from orsgate.estate.knowledge import Failure, Unknown


@dataclass(frozen=True, slots=True)
class Exported:
    """An export as an estate file names it.

    Attributes:
        path: relative to the estate file, with ``/``.
        left_out: how many options it does not hold, since the format cannot.
    """

    path: str
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class ExportedFiles:
    """The exports that were written beside an estate file.

    Attributes:
        options: name of an application -> export of its options.
        annexes: name of an application -> export of its Annex.
        clusters: name of a Transaction -> export of its Annex.
        rollback: directory where the exports from before the change are, or come to be; None where nobody says.
        made: when the options were read, UTC; None where nobody said.
        by: who made them.
    """

    options: Mapping[str, Exported] = field(default_factory=dict)
    annexes: Mapping[str, Exported] = field(default_factory=dict)
    clusters: Mapping[str, Exported] = field(default_factory=dict)
    rollback: str | None = None
    made: datetime | None = None
    by: str | None = None


def named(written: Written, prefix: str) -> dict[str, Exported]:
    """Name of the object -> its export, for a directory that an estate file calls ``prefix``."""
    directory = f"{prefix.rstrip('/')}/" if prefix else ""
    return {
        file.application: Exported(directory + file.file, sum(bool(lost.option) for lost in file.left_out))
        for file in written.files
    }  # fmt: skip


def options_to_write(configuration: Configuration) -> tuple[Named, ...]:
    """The options of every Orchestration Server."""
    not_read = Unknown("its options were not read", failure=Failure.NOT_ASKED)
    return tuple(Named(each.name, each.options or not_read) for each in orchestration_servers(configuration))


def annexes_to_write(configuration: Configuration) -> tuple[Named, ...]:
    """The Annex of every Orchestration Server that has one."""
    servers = orchestration_servers(configuration)
    return tuple(Named(each.name, each.annex) for each in servers if each.annex is not None)


def cluster_annexes_to_write(configuration: Configuration) -> tuple[Named, ...]:
    """The Annex of every ORS cluster, its section ``cluster`` included."""
    found = ((cluster.transaction, whole_annex(cluster)) for cluster in clusters_of(configuration))
    return tuple(Named(name, annex) for name, annex in found if annex is not None)
