# SPDX-License-Identifier: Apache-2.0
"""Writes the text of a new, commented estate file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orsgate.estate.field_types import is_release, usable_name
from orsgate.estate.mistakes import InputError, quoted
from orsgate.estate.starting_point import ListedApplication, common_version, looks_like_backup_of
from orsgate.estate.template_texts import (
    APPLICATION_KEYS,
    CLUSTER_HEAD,
    CONFIGURATION,
    ESTATE_CHOICES,
    EXAMPLE_OBJECTS,
    HEAD,
    REST,
    SCOPE,
)
from orsgate.estate.toml_text import toml_key, toml_string, toml_strings

PLACEHOLDER_NAME = "My estate"
PLACEHOLDER_FROM = "8.1.2"
PLACEHOLDER_TO = "8.1.4"


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands in ``[estate]``; None where nobody said it yet.

    Attributes:
        name: name of the estate.
        from_release: release or build that runs now.
        to_release: release or build to install.
    """

    name: str | None = None
    from_release: str | None = None
    to_release: str | None = None


def estate_text(heading: Heading, applications: Sequence[ListedApplication] = ()) -> str:
    """An estate file for ``applications``, or one with every table explained on an example where there are none.

    The text depends on the arguments alone. What they do not tell is not guessed: it stands there as a comment.

    Raises:
        InputError: if the name is blank, or a release is not 3 or 4 numbers.
    """
    parts = [HEAD, _estate(heading, applications), SCOPE, CONFIGURATION]
    if applications:
        parts += [APPLICATION_KEYS, *_applications(applications), *_unlisted(applications), CLUSTER_HEAD]
        parts += [_cluster(applications)]
    else:
        parts += [APPLICATION_KEYS, EXAMPLE_OBJECTS]
    return "\n".join([*parts, REST])


def _estate(heading: Heading, applications: Sequence[ListedApplication]) -> str:
    name, to_release = heading.name or PLACEHOLDER_NAME, heading.to_release or PLACEHOLDER_TO
    from_release = heading.from_release or common_version(applications) or PLACEHOLDER_FROM
    if heading.name is not None and not usable_name(heading.name):
        raise InputError(f"the name {quoted(heading.name)} is blank or holds control characters; give another")
    for what, release in (("from", from_release), ("to", to_release)):
        if not is_release(release):
            raise InputError(f"the {what}-release {quoted(release)} is not 3 or 4 numbers with dots, such as 8.1.400.27")
    check = "# CHECK: "
    listed = "the only version listed for an Orchestration Server" if heading.from_release is None else ""
    placeholder = "a placeholder; write the release that runs now, with its build number"
    why_from = listed if common_version(applications) else placeholder
    count = sum(application.is_ors for application in applications)
    lines = [
        "[estate]",
        f"name = {toml_string(name)}" + ("" if heading.name else f"  {check}a placeholder"),
        f"from_release = {toml_string(from_release)}" + ("" if heading.from_release else f"  {check}{why_from}"),
        f"to_release = {toml_string(to_release)}"
        + ("" if heading.to_release else f'  {check}a placeholder; write the build to install, such as "8.1.400.27"'),
        f"# expected_applications = {count or 2}  # count Primaries and Backups in Configuration Manager, not here",
    ]
    return "\n".join(lines) + f"\n{ESTATE_CHOICES}"


def _applications(applications: Sequence[ListedApplication]) -> Iterator[str]:
    suggested = looks_like_backup_of(applications)
    for application in applications:
        yield "\n".join(_application(application, suggested.get(application.name))) + "\n"


def _application(application: ListedApplication, suggested: str | None) -> Iterator[str]:
    if application.remark:
        yield f"# {application.name}: {application.remark}"
    yield "[[application]]"
    yield f"name = {toml_string(application.name)}"
    given = {
        "type": None if application.is_ors else application.type,
        "version": application.version,
        "host": application.host,
        "backup": application.backup,
        "redundancy": application.redundancy,
        "options": application.export,
    }
    yield from (f"{key} = {toml_string(value)}" for key, value in given.items() if value is not None)
    lists = {"connections": application.connections, "tenants": application.tenants}
    yield from (f"{key} = {toml_strings(names)}" for key, names in lists.items() if names)
    if application.is_ors:
        yield from _not_known(application, suggested)


def _not_known(application: ListedApplication, suggested: str | None) -> Iterator[str]:
    """Comments for what an Orchestration Server should have, and nobody said."""
    if suggested is not None:
        yield f"# backup = {toml_string(suggested)}  # name looks like its Backup"
    if application.redundancy is None and (suggested or application.backup):
        yield '# redundancy = "warm standby"  # not listed; none is the default'
    if application.export is None:
        yield f"# options = {toml_string(f'exports/{application.name}.cfg')}  # no export was found"
    if not application.connections:
        yield "# connections = []  # not listed"
    if not application.tenants:
        yield "# tenants = []  # not listed"


def _unlisted(applications: Sequence[ListedApplication]) -> Iterator[str]:
    """Comments for servers that applications are connected to, and that nothing lists."""
    listed = {application.name for application in applications}
    wanted = {name: application.name for application in reversed(applications) for name in application.connections}
    for name in sorted(wanted.keys() - listed):
        yield (
            f"# [[application]]  # {wanted[name]} is connected to it, and nothing lists it\n"
            f"# name = {toml_string(name)}\n"
            '# type = "..."\n'
        )


def _cluster(applications: Sequence[ListedApplication]) -> str:
    """The members: every Orchestration Server that nothing says or suggests to be a Backup."""
    servers = [application.name for application in applications if application.is_ors]
    backups = {application.backup for application in applications}
    suggested = {backup: primary for primary, backup in looks_like_backup_of(applications).items()}
    members = [name for name in servers if name not in backups]
    lines = [
        "# CHECK: nobody said which Transaction is the cluster; take it and its members from its Annex, section cluster.",
        "# [[cluster]]",
        '# transaction = "ORS_Cluster"',
        "# [cluster.members]",
    ]
    for name in members:
        remark = f"  # looks like the Backup of {suggested[name]}; Backups are no members" if name in suggested else ""
        lines.append(f'# {toml_key(name)} = ""{remark}')
    return "\n".join(lines) + "\n"
