# SPDX-License-Identifier: Apache-2.0
"""How much of its data center's token ring each node of the Cassandra ring owns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from orsgate.estate.estate import Estate, FactUnknownError
from orsgate.estate.judgement import Findings, Judgement, not_applicable
from orsgate.estate.knowledge import Unknown
from orsgate.estate.ring import Node, Ring
from orsgate.estate.wording import listed
from orsgate.rules.members import NO_NODES, RING, at
from orsgate.rules.topology import topology

TOKEN_RANGES = {"RandomPartitioner": 2**127, "Murmur3Partitioner": 2**64}
"""Partitioner -> how many tokens there are; the others have no range that could be divided evenly."""
MOST = 2
"""A node may own at most this many times what another one owns."""
ROUNDING = 10**6
"""This part of all tokens makes no difference: a third of them is no whole number."""


def balanced(estate: Estate) -> Judgement:
    """Within each data center no node owns more than twice what another owns, where that is known."""
    ring = estate.ring
    if not ring.nodes:
        raise FactUnknownError(RING, NO_NODES)
    places = topology(estate)
    teller = _teller(ring)
    if teller is None or isinstance(teller.tokens, Unknown):
        return not_applicable("no node tells which tokens the members of the ring have")
    # Without an owner that may belong to a data center, the shares of the others in it are not known either.
    if unlocated := [member for member in places.unlocated if member in teller.tokens]:
        return not_applicable(f"the data center of {listed(unlocated)} is not known")
    total = _range(teller)
    if total is None:
        return not_applicable(f"shares cannot be computed for the partitioner {teller.partitioner}")
    findings = Findings()
    places.used_by(findings)
    where = at(teller, "describe_token_map")
    for datacenter, members in places.datacenters.items():
        owned = _owned({member: teller.tokens[member] for member in members if member in teller.tokens}, total)
        if owned:
            _judge(findings, datacenter, owned, total, where)
    return findings.judgement("no node tells which tokens the members of the ring have")


def _teller(ring: Ring) -> Node | None:
    """The node that knows the tokens of most members, of those with the usual partitioner (that all have it is ORS-0505)."""
    usual = Counter(node.partitioner for node in ring.nodes if not isinstance(node.partitioner, Unknown)).most_common(1)
    tellers = [node for node in ring.nodes if not isinstance(node.tokens, Unknown) and node.tokens]
    tellers = [node for node in tellers if usual and node.partitioner == usual[0][0]] or tellers
    return max(tellers, key=lambda node: 0 if isinstance(node.tokens, Unknown) else len(node.tokens), default=None)


def _range(node: Node) -> int | None:
    if isinstance(node.partitioner, Unknown) or isinstance(node.tokens, Unknown):
        return None
    numeric = all(_is_integer(token) for tokens in node.tokens.values() for token in tokens)
    return TOKEN_RANGES.get(node.partitioner.rpartition(".")[2]) if numeric else None


def _is_integer(token: str) -> bool:
    digits = token.removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) <= len(str(2**127))


def _owned(tokens: Mapping[str, tuple[str, ...]], total: int) -> dict[str, int]:
    """Member -> how many tokens it owns: from the token before each of its own, within its data center, up to it."""
    placed = sorted((int(token), member) for member, theirs in tokens.items() for token in theirs)
    owned = dict.fromkeys((member for _, member in placed), 0)
    for index, (token, member) in enumerate(placed):
        width = (token - placed[index - 1][0]) % total if len(placed) > 1 else total
        owned[member] += width
    return owned


def _judge(findings: Findings, datacenter: str, owned: Mapping[str, int], total: int, where: str) -> None:
    most = max(owned, key=lambda member: owned[member])
    least = min(owned, key=lambda member: owned[member])
    shares = f"{most} owns {_share(owned[most], total)} of {datacenter}, {least} owns {_share(owned[least], total)}"
    if owned[most] > MOST * owned[least] + total // ROUNDING:
        findings.violation(datacenter, shares, f"no node that owns more than {MOST} times what another owns", where)
    even = f"each of {len(owned)} nodes owns {_share(owned[most], total)}" if len(owned) > 1 else f"{most} owns all of it"
    findings.evidence(datacenter, even if owned[most] == owned[least] else shares, where)


def _share(owned: int, total: int) -> str:
    return f"{100 * owned / total:.1f} %"
