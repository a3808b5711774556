# SPDX-License-Identifier: Apache-2.0
"""Writes the text of a commented estate file from a configuration that was read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from orsgate.discovery.access import SourceAccess, from_files, read_again
from orsgate.discovery.application_tables import FileTables, LiveTables, duplicates
from orsgate.discovery.cluster_tables import cluster_tables, found_clusters
from orsgate.discovery.clusters import clusters_of, other_remarks
from orsgate.discovery.exported import ExportedFiles
from orsgate.discovery.found import orchestration_servers, servers_beside
from orsgate.discovery.releases import StartingRelease, starting_release
from orsgate.discovery.texts import LIVE_APPLICATIONS
from orsgate.discovery.toml_table import assigned, comment, commented, text_of
from orsgate.discovery.view import estate_of
from orsgate.estate.decisions import Decision, multimedia, persistence
from orsgate.estate.field_types import is_release, usable_name
from orsgate.estate.inventory import Configuration
from orsgate.estate.knowledge import Basis, Unknown
from orsgate.estate.mistakes import InputError, quoted
from orsgate.estate.release import parse_release
from orsgate.estate.template import PLACEHOLDER_FROM, PLACEHOLDER_NAME, PLACEHOLDER_TO, Heading
from orsgate.estate.template_texts import APPLICATION_KEYS, ESTATE_CHOICES, HEAD, REST, SCOPE

Reader = Literal["live", "files"]
_CHOICE = re.compile(r"# ([a-z_]+) = ")


def discovered_estate(
    configuration: Configuration, heading: Heading, access: SourceAccess, files: ExportedFiles, reader: Reader = "live"
) -> str:
    """An estate file for what was found, every uncertainty marked in it.

    Args:
        configuration: as it was read; secrets do not matter, since no option value is written.
        heading: what a person said; the rest is derived or a placeholder.
        access: how the source is reached, for ``live``.
        files: the exports that were written beside it.
        reader: ``live`` lets the gate read the source again, so that facts stay observed; ``files`` lets it read the exports,
            and holds every fact of every application.

    Raises:
        InputError: if the name is blank, a release is not 3 or 4 numbers, or ``access`` cannot stand in an estate file.
    """
    parts = [HEAD, text_of(_banner(configuration, access.stand_in)), text_of(_estate(configuration, heading, files)), SCOPE]
    if reader == "live":
        live = LiveTables(files)
        parts += [text_of(read_again(access, configuration)), text_of(_warnings(configuration)), LIVE_APPLICATIONS]
        parts += (text_of(live.lines(application)) for application in orchestration_servers(configuration))
        parts.append(found_clusters(configuration))
    else:
        shown = (*orchestration_servers(configuration), *servers_beside(configuration, clusters_of(configuration)))
        tables = FileTables(shown, configuration, files)
        parts += [text_of(from_files(configuration, files)), text_of(_warnings(configuration)), APPLICATION_KEYS]
        parts += (text_of(tables.lines(application)) for application in shown)
        parts.append(cluster_tables(configuration, files))
    return "\n".join(part for part in (*parts, REST) if part)


def _banner(configuration: Configuration, stand_in: str) -> Iterator[str]:
    """Where the facts come from."""
    at = f" at {configuration.address}" if configuration.address else ""
    account = f" with the account {quoted(configuration.account)}" if configuration.account else ""
    yield from comment(f"Written from what {configuration.source}{at} showed{account}.")
    if stand_in:
        yield from comment(f"CHECK: that was no Genesys software but a stand-in: {stand_in}")
    if isinstance(configuration.server, Unknown):
        yield from comment(f"Which Configuration Server that reads is not known: {configuration.server.cause}")


def _warnings(configuration: Configuration) -> Iterator[str]:
    """What keeps the configuration from being known as a whole, and what was seen of its source."""
    for gap in configuration.gaps:
        yield from comment(f"CHECK: not everything is known: {gap.cause}{f' ({gap.where})' if gap.where else ''}")
    yield from (line for remark in other_remarks(configuration) for line in comment(f"Remark: {remark}"))
    yield from duplicates(configuration)


def _estate(configuration: Configuration, heading: Heading, files: ExportedFiles) -> Iterator[str]:
    start = starting_release(configuration)
    from_release = heading.from_release or start.release or PLACEHOLDER_FROM
    to_release = heading.to_release or PLACEHOLDER_TO
    _refuse(heading)
    count = len(orchestration_servers(configuration))
    yield "[estate]"
    yield assigned("name", heading.name or PLACEHOLDER_NAME, "" if heading.name else "CHECK: a placeholder")
    if heading.from_release:
        yield assigned("from_release", from_release)
    else:
        yield from _derived(start, from_release, to_release)
    placeholder = 'CHECK: a placeholder; write the build to install, such as "8.1.400.27"'
    yield assigned("to_release", to_release, "" if heading.to_release else placeholder)
    remark = f"{count} were found; a person must count them in Configuration Manager, since a source can hide some"
    yield commented("expected_applications", max(count, 1), remark)
    yield from _choices(configuration, from_release, to_release, files)


def _refuse(heading: Heading) -> None:
    if heading.name is not None and not usable_name(heading.name):
        raise InputError(f"the name {quoted(heading.name)} is blank or holds control characters; give another")
    for what, release in (("from", heading.from_release), ("to", heading.to_release)):
        if release is not None and not is_release(release):
            raise InputError(f"the {what}-release {quoted(release)} is not 3 or 4 numbers with dots, such as 8.1.400.27")


def _derived(start: StartingRelease, from_release: str, to_release: str) -> Iterator[str]:
    """The release that the versions tell, with what is doubtful of it."""
    doubts = [] if start.agreed else [start.remark]
    if start.release is None:
        doubts = [f"a placeholder, since {start.remark}; write the release that runs now"]
    elif parse_release(from_release).family >= parse_release(to_release).family:
        doubts.append(f"it is not below {to_release}; is the version in the Application objects that of what runs?")
    for doubt in doubts:
        yield from comment(f"CHECK: from_release is {doubt}")
    yield assigned("from_release", from_release, start.remark if start.agreed else "CHECK: see above")


def _choices(configuration: Configuration, from_release: str, to_release: str, files: ExportedFiles) -> Iterator[str]:
    """The other keys of ``[estate]``: active where the configuration tells them for sure, else as in every new estate file."""
    estate = estate_of(configuration, from_release, to_release)
    said = {
        "persistence": _decided("persistence", persistence(estate)),
        "multimedia": _decided("multimedia", multimedia(estate)),
        "rollback": [assigned("rollback", files.rollback)] if files.rollback else [],
    }
    for line in ESTATE_CHOICES.splitlines():
        choice = _CHOICE.match(line)
        key = choice[1] if choice else ""
        lines = said.get(key, [])
        if not any(each.startswith(key) for each in lines):
            yield line
        yield from lines


def _decided(key: str, decision: Decision) -> list[str]:
    """A decision as an active line where an option or a connection shows it; else why it has to be taken by a person.

    What shows nothing stays a comment: an estate file that says no would hide a connection that is made later.
    """
    why = decision.why.removeprefix("not declared; ")
    if isinstance(decision.value, Unknown):
        return list(comment(f"  {key}: CHECK: {why}"))
    if decision.value == "no" or decision.basis is not Basis.OBSERVED:
        return list(comment(f"  {key}: {why}"))
    return [*comment(f"{key}: {why}"), assigned(key, value=True if decision.value == "yes" else decision.value)]
