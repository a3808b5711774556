# SPDX-License-Identifier: Apache-2.0
"""Where a member is reached, and which member a contact leads to."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from orsgate.probes.members import Members
from orsgate.probes.transport import Target
from orsgate.wire.resolve import Resolver


@dataclass(frozen=True)
class Asked:
    target: Target
    addresses: tuple[str, ...] = ()
    told: str | None = None
    member: str | None = None


def members(served: dict[str, set[str]], **reached: Target) -> Members:
    found = Members({name.replace("_", "."): target for name, target in reached.items()}, 9160, Resolver())
    found.learn(served)
    return found


@pytest.mark.parametrize(
    ("member", "served", "reached"),
    [
        ("10.0.0.1", set(), "10.0.0.1:9160"),
        ("10.0.0.1", {"0.0.0.0"}, "10.0.0.1:9160"),  # noqa: S104 - what a real node says
        ("10.0.0.1", {"127.0.0.1"}, "10.0.0.1:9160"),
        ("10.0.0.1", {"192.0.2.1"}, "192.0.2.1:9160"),
        ("127.0.1.1", {"127.0.1.1"}, "127.0.1.1:9160"),
        ("10.0.0.1", {"cass-1"}, "10.0.0.1:9160"),
        ("::1", {"::"}, "[::1]:9160"),
    ],
)
def test_where_a_member_is_reached(member: str, served: set[str], reached: str) -> None:
    assert str(members({member: served}).target(member)) == reached


def test_a_mapped_member_is_reached_as_mapped() -> None:
    assert members({"10.0.0.1": {"192.0.2.1"}}, _10_0_0_1=Target("gw", 1)).target("192.0.2.1") == Target("192.0.2.1", 9160)
    mapped = Members({"10.0.0.1": Target("gw", 1)}, 9160, Resolver())
    assert mapped.target("10.0.0.1") == Target("gw", 1)


def test_an_unspecified_address_is_no_member() -> None:
    assert list(members({"0.0.0.0": set(), "10.0.0.2": set(), "10.0.0.1": set()})) == ["10.0.0.1", "10.0.0.2"]  # noqa: S104


@pytest.mark.parametrize(
    ("asked", "member"),
    [
        (Asked(Target("x", 9160)), None),
        (Asked(Target("x", 9160), ("10.0.0.1",)), "10.0.0.1"),
        (Asked(Target("x", 9160), ("192.0.2.2",)), "10.0.0.2"),
        (Asked(Target("x", 9160), ("192.0.2.9",)), None),
        (Asked(Target("x", 9160), ("10.0.0.1",), told="10.0.0.2"), "10.0.0.2"),
        (Asked(Target("x", 9160), (), member="10.0.0.2"), "10.0.0.2"),
        (Asked(Target("127.0.0.1", 19160), ("127.0.0.1",)), "10.0.0.1"),
        (Asked(Target("x", 19160), ("127.0.0.1",)), "10.0.0.1"),
        (Asked(Target("127.0.0.1", 29160), ("127.0.0.1",)), None),
    ],
)
def test_who_is_who(asked: Asked, member: str | None) -> None:
    served = {"10.0.0.1": {"192.0.2.9"}, "10.0.0.2": {"192.0.2.2", "192.0.2.9"}}
    known = Members({"10.0.0.1": Target("127.0.0.1", 19160)}, 9160, Resolver())
    known.learn(served)
    assert known.identify(asked) == member


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("cass-1", Target("cass-1", 9160)),
        (" cass-1:9161 ", Target("cass-1", 9161)),
        ("10.0.0.1:1", Target("10.0.0.1", 1)),
        ("::1", Target("::1", 9160)),
        ("[::1]", Target("::1", 9160)),
        ("[::1]:9161", Target("::1", 9161)),
    ],
)
def test_targets_are_parsed(text: str, target: Target) -> None:
    assert Target.parse(text, 9160) == target
    assert Target.parse(str(target), 1) == target


@pytest.mark.parametrize("text", ["", ":9160", "a:", "a:x", "a:0", "a:65536", "a:-1", "[::1", "[::1]9160", "a:１"])
def test_what_is_no_target(text: str) -> None:
    with pytest.raises(ValueError, match="port"):
        Target.parse(text, 9160)
