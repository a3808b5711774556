# SPDX-License-Identifier: Apache-2.0
"""The Orchestration Servers that were found, as rows, and as a table for a terminal or a pipe."""

from __future__ import annotations

from dataclasses import dataclass

from rich import box
from rich.table import Table
from rich.text import Text

from orsgate.discovery.found import Group, groups
from orsgate.discovery.releases import starting_release
from orsgate.discovery.view import estate_of
from orsgate.estate.decisions import PERSISTENCE_OPTIONS, PULL_OPTIONS, interaction_connections, unresolved_connection
from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Application, Cluster, Configuration
from orsgate.estate.knowledge import Unknown
from orsgate.estate.template import PLACEHOLDER_FROM, PLACEHOLDER_TO
from orsgate.reporting.text import visible

NOT_KNOWN = "not known"
NONE = "-"


@dataclass(frozen=True, slots=True)
class Row:
    """A pair, or a server that is in no pair; every text is complete, and empty where there is nothing to say.

    Attributes:
        primary: name of the Primary; so are the other fields of one side.
        cluster: the Transaction that has it as a member.
        datacenter: as the cluster has it.
        multimedia: ``yes``, ``no`` or ``not known``, as connections and pull options say.
        persistence: ``cassandra``, ``-`` (no option says so) or ``not known``.
        mark: what is remarkable, such as ``no Backup``.
    """

    primary: str
    backup: str
    primary_host: str
    backup_host: str
    primary_version: str
    backup_version: str
    cluster: str
    datacenter: str
    multimedia: str
    persistence: str
    mark: str


def rows(configuration: Configuration, to_release: str | None = None) -> tuple[Row, ...]:
    """Pairs, then Backups without a Primary, then Primaries without a Backup, each in order of names.

    Args:
        configuration: as it was read.
        to_release: the release to install, which decides whether options shared by a cluster count.
    """
    start = starting_release(configuration).release or PLACEHOLDER_FROM
    estate = estate_of(configuration, start, to_release or PLACEHOLDER_TO)
    return tuple(_row(estate, group) for group in groups(configuration))


def _row(estate: Estate, group: Group) -> Row:
    primary, backup = group.primary, group.backup
    first = group.members[0]
    cluster = estate.cluster_of(first)
    return Row(
        primary=primary.name if primary else "",
        backup=backup.name if backup else "",
        primary_host=_text(primary.host) if primary else "",
        backup_host=_text(backup.host) if backup else "",
        primary_version=_text(primary.version) if primary else "",
        backup_version=_text(backup.version) if backup else "",
        cluster=cluster.transaction if cluster else "",
        datacenter=_datacenter(cluster, group) if cluster else "",
        multimedia=_multimedia(estate, first),
        persistence=_persistence(estate, first),
        mark=_mark(group),
    )


def _text(fact: str | Unknown) -> str:
    return NOT_KNOWN if isinstance(fact, Unknown) else fact


def _datacenter(cluster: Cluster, group: Group) -> str:
    names = [member.name for member in group.members]
    found = (member for member in cluster.members or () if member.enabled and member.application in names)
    return next((member.datacenter for member in found), "")


def _multimedia(estate: Estate, application: Application) -> str:
    pulls = next(estate.effective_matching(application, PULL_OPTIONS), None)
    if pulls is not None or interaction_connections(estate, application):
        return "yes"
    unknown = unresolved_connection(estate, application) or estate.matching_certainty(application, PULL_OPTIONS)
    return NOT_KNOWN if unknown else "no"


def _persistence(estate: Estate, application: Application) -> str:
    setting = next(estate.effective_matching(application, PERSISTENCE_OPTIONS), None)
    if setting is not None:
        return "cassandra"
    return NOT_KNOWN if estate.matching_certainty(application, PERSISTENCE_OPTIONS) else NONE


def _mark(group: Group) -> str:
    marks: list[str] = []
    primary, backup = group.primary, group.backup
    if primary is None:
        marks.append("no Primary")
    elif backup is None:
        marks.append(_without_backup(primary))
    if primary is not None and isinstance(primary.primary, Unknown):
        marks.append("role not known")
    marks += [f"{role} disabled" for role, side in (("Primary", primary), ("Backup", backup)) if side and side.enabled is False]
    return ", ".join(marks)


def _without_backup(primary: Application) -> str:
    if isinstance(primary.backup, Unknown):
        return "Backup not known"
    if primary.backup is None:
        return "no Backup"
    return "is its own Backup" if primary.backup == primary.name else f"Backup {primary.backup} not found"


def table(found: tuple[Row, ...]) -> Table:
    """The rows for a console of 80 columns or more: names are broken rather than cut, and nothing is said by colour alone."""
    shown = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False, collapse_padding=True)
    for head in ("Primary\n  Backup", "Host", "Version", "Cluster\nData center", "Multi-\nmedia", "Persistence"):
        shown.add_column(head, overflow="fold")
    for row in found:
        mark = f"({row.mark})" if row.mark else ""
        first = (row.primary or mark, row.primary_host, row.primary_version)
        second = (row.backup or mark, row.backup_host, row.backup_version)
        _add(shown, *first, row.cluster or NONE, row.multimedia, row.persistence)
        _add(shown, *_indented(*second), row.datacenter)
        if mark and row.primary and row.backup:
            _add(shown, *_indented(mark))
    return shown


def _indented(name: str, *others: str) -> tuple[str, ...]:
    return (f"  {name}", *others)


def _add(shown: Table, *texts: str) -> None:
    """A line of texts of any origin: no markup, and nothing in them can move the cursor or turn the direction."""
    shown.add_row(*(Text(_in_one_line(text)) for text in texts))


def _in_one_line(text: str) -> str:
    """What ``visible`` leaves and a table cannot measure, line feeds too, as its number."""
    return "".join(char if char.isprintable() else f"[U+{ord(char):04X}]" for char in visible(text))
