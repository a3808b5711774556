# SPDX-License-Identifier: Apache-2.0
"""Reads one Cassandra node over Thrift completely; a fact that it does not give is an Unknown of its own."""

from __future__ import annotations

from functools import partial

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.ring import SYSTEM_KEYSPACES, Place
from orsgate.probes import tables
from orsgate.probes.client import Client
from orsgate.probes.facts import LONGEST_NUMBER, Facts, by_owner
from orsgate.probes.schema import RingView, read_keyspaces, read_rings
from orsgate.probes.trouble import unplaced
from orsgate.wire.resolve import literal_address
from orsgate.wire.trouble import ProbeError, attempt

_CQL3_SINCE = (19, 35)
"""The Thrift API of Cassandra 1.2.0; the last one of 1.1 is 19.33, and 19.34 was never released."""


class ThriftReader:
    """Reads a node that answers Thrift; ``facts`` holds its ``thrift`` already."""

    def __init__(self, client: Client, facts: Facts) -> None:
        self._client = client
        self._facts = facts
        self._local: tables.Peer | Unknown | None = None
        self._peers: list[tables.Peer] | Unknown = []

    def read(self) -> None:
        """Ask for everything. What can block for long comes last, so that it takes nothing else along."""
        facts = self._facts
        for name in ("cluster_name", "partitioner", "snitch"):
            facts.learn(name, partial(self._client.call, f"describe_{name}"))
        if has_cql3(facts.get("thrift")):
            self._local = attempt(partial(tables.local, self._client))
            self._peers = attempt(partial(tables.peers, self._client))
            for row in self._rows():
                self._facts.add_members({row.address: [row.rpc_address]} if row.address else {})
        facts.learn("release", self._release)
        facts.learn("keyspaces", partial(read_keyspaces, self._client, cql3=self._local is not None))
        tokens = facts.learn("tokens", self._tokens)
        facts.learn("address", self._address)
        view = read_rings(self._client, [ks.name for ks in self._facts.known("keyspaces") or () if _is_own(ks.name)])
        self._facts.add_members(view.served)
        facts.learn("schema_versions", partial(schema_versions, self._client, facts))
        facts.learn("address", self._address)  # by now more members may be known
        if isinstance(tokens, Unknown) and tokens.failure is Failure.REJECTED:
            facts.learn("tokens", partial(self._tokens_from_tables, tokens))
        facts.learn("places", partial(self._places, view))

    def _rows(self) -> list[tables.Peer]:
        """The node's own row in its system tables, then those of its peers."""
        own = [self._local] if isinstance(self._local, tables.Peer) else []
        return own + ([] if isinstance(self._peers, Unknown) else self._peers)

    def _release(self) -> str:
        if isinstance(self._local, tables.Peer) and self._local.release:
            return self._local.release
        if isinstance(self._local, Unknown) and self._local.failure is not Failure.REJECTED:
            raise ProbeError(self._local)
        return tables.release_by_cql2(self._client)

    def _tokens(self) -> dict[str, tuple[str, ...]]:
        owners = self._client.call("describe_token_map")
        self._facts.add_members(dict.fromkeys(owners.values(), ()))
        return by_owner(owners.items())

    def _tokens_from_tables(self, refusal: Unknown) -> dict[str, tuple[str, ...]]:
        """The tokens of a node that has no call for them (1.0); they are whole or unknown."""
        partitioner, own = self._facts.known("partitioner"), self._facts.known("address")
        if own is None or partitioner is None:
            raise ProbeError(refusal)
        if self._local is not None:
            owned = {row.address or own: row.tokens for row in self._rows()}
        else:
            owned = {address: (token,) for token, address in tables.saved_ring(self._client, partitioner).items()}
            owned[own] = (tables.own_token(self._client, partitioner),)
        if not all(owned.get(member) for member in {own, *self._facts.members}):
            raise ProbeError(refusal)
        return by_owner((token, address) for address, tokens in owned.items() for token in tokens)

    def _address(self) -> str:
        known = self._facts.known("address")
        if known is not None:
            return str(known)
        if isinstance(self._local, tables.Peer) and self._local.address is not None:
            return self._local.address
        own = attempt(self._own_tokens)
        for address, theirs in (self._facts.known("tokens") or {}).items():
            if not isinstance(own, Unknown) and own & set(theirs):
                return str(address)
        if self._client.address in self._facts.members:
            return self._client.address or ""
        for trouble in (self._facts.get("partitioner"), self._local, self._facts.get("tokens"), own):
            if isinstance(trouble, Unknown) and trouble.failure is not Failure.REJECTED:
                raise ProbeError(trouble)
        raise unplaced(str(self._client.target)).at(f"{self._client.target} system tables")

    def _own_tokens(self) -> set[str]:
        if isinstance(self._local, tables.Peer):
            return set(self._local.tokens)
        partitioner = self._facts.known("partitioner")
        return {tables.own_token(self._client, partitioner)} if partitioner else set()

    def _places(self, view: RingView) -> dict[str, Place]:
        """What ``describe_ring`` told, and what the system tables say.

        Raises:
            ProbeError: a source that could have told more failed (not: cannot tell), and a member has no place yet, or
                it is not known who is a member.
        """
        places = dict(view.places)
        for row in self._rows():
            address = row.address or self._facts.known("address")
            if address is not None and row.place is not None:
                places[address] = row.place
        sources = (self._facts.get("keyspaces"), self._local, self._peers, *view.failed)
        failed = [each for each in sources if isinstance(each, Unknown) and each.failure is not Failure.REJECTED]
        members_known = self._facts.known("schema_versions") is not None or self._facts.known("tokens") is not None
        if failed and not (members_known and self._facts.members.keys() <= places.keys()):
            raise ProbeError(failed[0])
        return {address: places[address] for address in sorted(places)}


def schema_versions(client: Client, facts: Facts) -> dict[str, tuple[str, ...]]:
    """Schema version -> members, by asking a node to ask all others; those that do not answer it are UNREACHABLE."""
    versions = client.call("describe_schema_versions")
    listed = {
        version: tuple(sorted(literal_address(address) or address for address in versions[version]))
        for version in sorted(versions)
    }
    facts.add_members({address: () for addresses in listed.values() for address in addresses})
    return listed


def has_cql3(thrift: str | Unknown) -> bool:
    """Whether a node with this Thrift API has ``execute_cql3_query`` (a version that is no number: yes, try)."""
    if isinstance(thrift, Unknown):
        return False
    parts = thrift.split(".")
    numbers = tuple(int(part) for part in parts if part.isdecimal() and len(part) < LONGEST_NUMBER)
    return len(numbers) < len(parts) or numbers >= _CQL3_SINCE


def _is_own(keyspace: str) -> bool:
    return keyspace not in SYSTEM_KEYSPACES
