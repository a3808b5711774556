# SPDX-License-Identifier: Apache-2.0
"""The tables of the estate file that describe objects: applications, clusters, the Cassandra ring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from orsgate.estate.field_types import (
    Command,
    EnvironmentVariable,
    Name,
    Names,
    Node,
    Nodes,
    Port,
    Seconds,
    Text,
    UrlOrFalse,
)
from orsgate.estate.inventory import ORCHESTRATION_SERVER
from orsgate.estate.ring import NATIVE_PORT, THRIFT_PORT

Redundancy = Literal["none", "cold standby", "warm standby", "hot standby"]


class Table(BaseModel):
    """What all tables have in common: nothing is coerced, added or changed later."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ApplicationEntry(Table):
    """``[[application]]``: an ORS application, or a server that one of them is connected to."""

    name: Name
    """Name of the Application object, letter case as in the configuration."""
    type: Name = ORCHESTRATION_SERVER
    """Application type; an open text, of which those in ``KNOWN_TYPES`` have a meaning."""
    dbid: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    """DBID of the Application object."""
    version: Name | None = None
    """Version in the Application object; 3 or 4 numbers for an Orchestration Server."""
    host: Name | None = None
    """Host it runs on."""
    enabled: bool = True
    """State of the Application object."""
    primary: bool | None = None
    """Whether it is configured as a Primary; None is: unless another application names it as its backup."""
    new: bool = False
    """Made during this migration, so that it has no rollback export."""
    backup: Name | None = None
    """Name of its Backup application."""
    redundancy: Redundancy = "none"
    """Redundancy type."""
    options: Name | None = None
    """Export of its current options (.cfg or .conf); relative to the estate file."""
    annex: Name | None = None
    """Export of its Annex (.cfg or .conf), where it was saved; relative to the estate file."""
    connections: Names = ()
    """Names of the servers in its Connections tab."""
    tenants: Names = ()
    """Names of its tenants."""
    ports: Mapping[Name, Port] | None = None
    """Listening ports: port id, such as "default" or "http", to port number."""
    http: UrlOrFalse | None = None
    """Address of its HTTP interface; false where it has none, None where it was not said."""
    arguments: Text | None = None
    """Command line arguments it is started with."""
    log: Name | None = None
    """Its newest log file; relative to the estate file."""
    start: Command | None = None
    """Command that starts it: program and arguments, no shell."""
    stop: Command | None = None
    """Command that stops it."""
    status: Command | None = None
    """Command that succeeds (exit code 0) while it runs."""


class ClusterEntry(Table):
    """``[[cluster]]``: a Transaction object whose Annex lists the members of an ORS cluster."""

    transaction: Name
    """Name of the Transaction object."""
    type: Name = "list"
    """Transaction type; only "list" makes an ORS cluster."""
    tenant: Name | None = None
    """Tenant that it belongs to."""
    enabled: bool = True
    """State of the Transaction object."""
    members: Mapping[Text, Text] = Field(default_factory=dict)
    """Section cluster of the Annex: Primary to data center ("" is none); a name that begins with # is disabled."""
    options: Name | None = None
    """Export of its Annex, where that holds shared options; relative to the estate file."""


class CassandraSection(Table):
    """``[cassandra]``: how the ring is reached, and what cannot be measured."""

    nodes: Nodes | None = None
    """Nodes to ask, "host" or "host:port"; None is: those of persistence/cassandra-nodes."""
    timeout: Seconds = 15.0
    """Seconds that one call may take."""
    addresses: Mapping[Name, Node] = Field(default_factory=dict)
    """Member of the ring to the address where it is reached, if that is another."""
    datacenters: Mapping[Name, Name] = Field(default_factory=dict)
    """Member of the ring to its data center, only where that cannot be measured."""
    topology: Name | None = None
    """Saved output of nodetool ring; relative to the estate file."""
    username: Name | None = None
    """Cassandra user."""
    password_env: EnvironmentVariable | None = None
    """Name of the environment variable that holds the password; with neither this nor password_file it is asked for."""
    password_file: Name | None = None
    """File whose first line is the password, and which only its owner may read; relative to the estate file."""
    ca_file: Name | None = None
    """PEM file of the certificate authority to trust; with it or client_cert TLS is spoken; relative to the estate file."""
    client_cert: Name | None = None
    """PEM file of the client certificate; relative to the estate file."""
    client_key: Name | None = None
    """PEM file of its key; relative to the estate file."""
    check_hostname: bool = True
    """Whether the certificate of a node must be for the host under which it is asked."""
    protocol: Literal["thrift", "native"] | None = None
    """Protocol of the ports in nodes and addresses; None is Thrift, and the native protocol where Thrift does not answer."""
    thrift_port: Port = THRIFT_PORT
    """Port of Thrift where no other is named (rpc_port in cassandra.yaml)."""
    native_port: Port = NATIVE_PORT
    """Port of the native protocol where no other is named (native_transport_port in cassandra.yaml)."""
