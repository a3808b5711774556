# SPDX-License-Identifier: Apache-2.0
"""The schema of the estate file: one frozen model for each of its tables, None where a key was not given."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from orsgate.estate.field_types import (
    CassandraRanges,
    EnvironmentVariable,
    Item,
    Name,
    Names,
    OptionPattern,
    Release,
    Seconds,
    SomeNames,
    Text,
    Time,
    Url,
)
from orsgate.estate.inventory import INTERACTION_SERVER, ORCHESTRATION_SERVER, ROUTING_SERVER, TELEPHONY_SERVERS
from orsgate.estate.meanings import meanings
from orsgate.estate.schema_objects import ApplicationEntry, CassandraSection, ClusterEntry, Redundancy, Table

__all__ = [
    "KNOWN_TYPES",
    "Active",
    "ApplicationEntry",
    "CassandraSection",
    "Change",
    "ClusterEntry",
    "ConfigurationSection",
    "EstateFile",
    "EstateSection",
    "Exclusion",
    "PlannedChange",
    "Policy",
    "Redundancy",
    "Scope",
    "Stage",
    "estate_json_schema",
]

KNOWN_TYPES = (ORCHESTRATION_SERVER, INTERACTION_SERVER, ROUTING_SERVER, *TELEPHONY_SERVERS)
"""The application types that mean something to a requirement; any other text is accepted too."""


class EstateSection(Table):
    """``[estate]``: what is migrated, from where to where, and what was decided."""

    name: Name
    """Name of the estate, as reports show it."""
    from_release: Release
    """The ORS release or build that runs before the migration, such as "8.1.200.50"."""
    to_release: Release
    """The ORS release or build to install, such as "8.1.400.27"."""
    path: Literal["standard", "zero-loss"] = "standard"
    """How step 9 is done: the standard procedure, or the one without loss of sessions."""
    persistence: Literal["cassandra", "redis", "none"] | None = None
    """The decision of step 6; None is not declared."""
    multimedia: bool | None = None
    """Whether ORS works with multimedia interactions (step 8); None is not declared."""
    without_multimedia: Names = ()
    """Applications connected to an Interaction Server that do not pull interactions."""
    rollback: Name | None = None
    """Directory of the exports of step 1, <application>.cfg or .conf; relative to the estate file."""
    expected_applications: Annotated[int, Field(ge=1)] | None = None
    """How many ORS applications are in scope, Primaries and Backups."""
    installed_at: Time | None = None
    """When 8.1.4 was installed (step 9)."""
    session_loss_accepted_by: Name | None = None
    """Who accepted that active sessions are lost on the standard path."""
    may_differ: Annotated[tuple[OptionPattern, ...], Field(strict=False)] = ()
    """Options that may differ between Primary and Backup, as patterns "section/option"."""


class Exclusion(Table):
    """One entry of ``[scope] exclude``."""

    application: Name
    """Name or pattern (*, ?, [...], case counts) of the ORS applications to leave out."""
    reason: Name
    """Why they are left out; shown in every report."""


class Scope(Table):
    """``[scope]``: which part of the estate is judged; the whole of it when absent."""

    clusters: SomeNames | None = None
    """Transactions of the clusters to judge; None is all."""
    exclude: Annotated[tuple[Exclusion, ...], Field(strict=False)] = ()
    """ORS applications that are left out."""


class ConfigurationSection(Table):
    """``[configuration]``: where the Genesys configuration is read from."""

    source: Literal["files", "gax", "gws", "mutagen"] = "files"
    """Files named here, Genesys Administrator Extension, Genesys Web Services, or exports of nuecho/mutagen."""
    url: Url | None = None
    """Address of GAX or GWS."""
    username: Name | None = None
    """Account of GAX or GWS; one that may only read is enough."""
    password_env: EnvironmentVariable | None = None
    """Name of the environment variable that holds the password; with neither this nor password_file it is asked for."""
    password_file: Name | None = None
    """File whose first line is the password, and which only its owner may read; relative to the estate file."""
    ca_file: Name | None = None
    """PEM file of the certificate authority to trust; relative to the estate file."""
    timeout: Seconds = 60.0
    """Seconds that one answer of GAX or GWS may take."""
    server: Name | None = None
    """What the live source must say of itself (ORS-0106)."""
    files: SomeNames | None = None
    """Exports of mutagen, for source = "mutagen"; relative to the estate file."""
    exported_at: Time | None = None
    """When the current exports were made (ORS-0107)."""
    exported_by: Name | None = None
    """Who made them."""


class PlannedChange(Table):
    """``[[planned_change]]``: a difference from the baseline that somebody wants (ORS-0904)."""

    application: Name
    """Name or pattern of the applications."""
    item: Item
    """What changes: "section/option", "connection", "redundancy" or "cluster"."""
    value: Text | None = None
    """The value afterwards; None is any."""


class Policy(Table):
    """``[policy]``: the team's own idea of what is supported."""

    cassandra: CassandraRanges | None = None
    """Cassandra releases that are supported, such as "2.2.5", "3.x" or "1.1.12-1.1.x"."""
    reason: Name
    """Why the policy of the package does not hold here; shown in every report."""


class Change(Table):
    """``[change]``: the change record, shown in the head of reports."""

    ticket: Name | None = None
    """Number of the change."""
    window_start: Time | None = None
    """When the change window opens."""
    window_end: Time | None = None
    """When it closes."""
    engineer: Name | None = None
    """Who does it."""
    approver: Name | None = None
    """Who approved it."""


class Active(Table):
    """``[active]``: what the active tests of step 10 need."""

    document_url: Url | None = None
    """Address of the SCXML test document, where orsgate does not serve it itself."""
    timeout: Seconds | None = None
    """Seconds that one active test may take; None leaves it to the test."""
    ca_file: Name | None = None
    """PEM file of the certificate authority to trust where ORS speaks HTTPS; relative to the estate file."""
    takeover_within: Seconds | None = None
    """Seconds within which a Backup must serve after its Primary was stopped; None is 60."""


class Stage(Table):
    """``[[stage]]``: one stage of the path without loss, as the operator copied it from the Genesys page."""

    name: Name
    """What is done in it."""
    applications: Names
    """Names or patterns of the applications that have the target release after it."""


class EstateFile(Table):
    """The whole estate file."""

    estate: EstateSection
    """What is migrated: name, from_release and to_release."""
    scope: Scope = Scope()
    """Which part of it is judged."""
    configuration: ConfigurationSection = ConfigurationSection()
    """Where the configuration is read from."""
    application: Annotated[tuple[ApplicationEntry, ...], Field(strict=False)] = ()
    """The applications; with a live source they only add to what was found."""
    cluster: Annotated[tuple[ClusterEntry, ...], Field(strict=False)] = ()
    """The ORS clusters."""
    cassandra: CassandraSection = CassandraSection()
    """How the ring is reached."""
    planned_change: Annotated[tuple[PlannedChange, ...], Field(strict=False)] = ()
    """Differences from the baseline that are wanted."""
    policy: Policy | None = None
    """The team's own policy."""
    change: Change = Change()
    """The change record."""
    active: Active = Active()
    """What the active tests need."""
    stage: Annotated[tuple[Stage, ...], Field(strict=False)] = ()
    """The stages of the path without loss, in order."""


def estate_json_schema() -> dict[str, Any]:
    """The JSON Schema of the estate file, for editors that know TOML; the checks across tables are not in it."""
    schema = EstateFile.model_json_schema()
    tables = {table.__name__: table for table in Table.__subclasses__()}
    for definition in (schema, *schema["$defs"].values()):
        for key, meaning in meanings(tables[definition["title"]]).items():
            definition["properties"][key]["description"] = meaning
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "orsgate estate file", **schema}
