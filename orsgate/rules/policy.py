# SPDX-License-Identifier: Apache-2.0
"""Which Cassandra releases an ORS build supports: the policy of the package or of the estate file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from orsgate.estate.estate import Estate
from orsgate.estate.release import OrsRelease

Numbers = tuple[int, ...]
_APACHE_RELEASE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9}){1,2}")
_DOTTED_NUMBERS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9}){1,3}")
_ENDLESS = ".x"
_APACHE_PARTS = 3


class Status(StrEnum):
    """What the policy says of a release."""

    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"
    UNLISTED = "unlisted"


@dataclass(frozen=True, slots=True)
class Releases:
    """A range of Cassandra releases.

    Attributes:
        text: ``1.1.12``, ``3.x``, ``1.1.12-1.1.x``, ``-1.0.x`` (up to) or ``4.0-`` (and later).
        low: the first release of it.
        high: the last one, or what it begins with; None where the range has no end.
        prefix: whether all releases that begin with ``high`` belong to it.
    """

    text: str
    low: Numbers
    high: Numbers | None
    prefix: bool

    @classmethod
    def parse(cls, text: str) -> Releases:
        """Read a range that is known to be well-formed."""
        first, dash, last = (part.strip() for part in text.partition("-"))
        last = last if dash else first
        low = _numbers(first.removesuffix(_ENDLESS)) if first else ()
        high = _numbers(last.removesuffix(_ENDLESS)) if last else None
        return cls(text, low, high, last.endswith(_ENDLESS))

    def __contains__(self, release: Numbers) -> bool:
        if len(release) > _APACHE_PARTS and len(release) not in {len(self.low), len(self.high or ())}:
            return False  # a build of another distribution, which only its whole number names
        if _compared(release) < _compared(self.low):
            return False
        if self.high is None or (self.prefix and release[: len(self.high)] == self.high):
            return True
        return _compared(release) <= _compared(self.high)

    @property
    def words(self) -> str:
        """As people say it."""
        first, dash, last = self.text.partition("-")
        if dash and not last:
            return f"{first} and later"
        return self.text if first else f"up to {last}"


def _numbers(text: str) -> Numbers:
    return tuple(map(int, text.split(".")))


def _compared(release: Numbers) -> Numbers:
    """``release`` so that 3.9 and 3.9.0 are the same."""
    while release and release[-1] == 0:
        release = release[:-1]
    return release


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the policy; ``from_build`` and ``before_build`` are ORS builds, empty for no limit."""

    releases: Releases
    status: Status
    source: str
    from_build: str = ""
    before_build: str = ""

    def applies_to(self, target: OrsRelease) -> bool:
        """Whether it speaks of the ORS build ``target``."""
        if self.from_build and not target.at_least(self.from_build):
            return False
        return not self.before_build or not target.at_least(self.before_build)

    @property
    def builds(self) -> str:
        """Which ORS builds it speaks of, in words."""
        limits = [
            f"from {self.from_build}" * bool(self.from_build),
            f"before {self.before_build}" * bool(self.before_build),
        ]
        return " ".join(limit for limit in limits if limit) or "all"


@dataclass(frozen=True, slots=True)
class Policy:
    """What is supported.

    Attributes:
        not_apache: what counts for a release string that is not Apache's.
        exhaustive: whether what no line names is unsupported and the ORS build plays no part (an estate file's own).
        reason: why the built-in policy was replaced; empty for the built-in one.
    """

    lines: tuple[Line, ...]
    not_apache: Line
    exhaustive: bool = False
    reason: str = ""

    def line_for(self, release: str, target: OrsRelease) -> Line | None:
        """The line that counts for ``release``; None where that depends on a build that ``target`` does not give."""
        form = _DOTTED_NUMBERS if self.exhaustive else _APACHE_RELEASE
        numbers = _numbers(release) if form.fullmatch(release) else None
        holding = [line for line in self.lines if numbers is not None and numbers in line.releases]
        if not holding:
            return self.not_apache
        if not self.exhaustive and target.build is None:
            return holding[0] if all(line.status is Status.UNSUPPORTED for line in holding) else None
        return next((line for line in holding if line.applies_to(target)), self.not_apache)

    @property
    def supported(self) -> str:
        """What is supported, in words."""
        lines = [line for line in self.lines if line.status is Status.SUPPORTED]
        return ", ".join(
            line.releases.words + (f" (with ORS {line.builds})" if line.builds != "all" else "") for line in lines
        )  # fmt: skip


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("orsgate.rules") / "cassandra_policy.toml").read_text("utf-8"))


@cache
def built_in() -> Policy:
    """The policy of the package."""
    other = _data()["not_apache"]
    not_apache = Line(
        Releases("not a release of Apache Cassandra", (), None, prefix=False), Status(other["status"]), other["source"]
    )
    return Policy(tuple(_line(entry) for entry in _data()["line"]), not_apache)


def _line(entry: dict[str, str]) -> Line:
    rest = {key: value for key, value in entry.items() if key not in {"releases", "status"}}
    return Line(Releases.parse(entry["releases"]), Status(entry["status"]), **rest)


def policy_of(estate: Estate) -> Policy:
    """The policy that counts for an estate: its own, ``[policy] cassandra``, as a whole; else that of the package."""
    section = estate.snapshot.estate.policy
    if section is None or section.cassandra is None:
        return built_in()
    where = estate.snapshot.estate_where("policy.cassandra")
    lines = tuple(Line(Releases.parse(text), Status.SUPPORTED, where) for text in section.cassandra)
    other = Line(Releases("everything else", (), None, prefix=False), Status.UNSUPPORTED, where)
    return Policy(lines, other, exhaustive=True, reason=section.reason)


def end_of_life(release: str) -> bool | None:
    """Whether nobody maintains ``release`` any more; None for one that is not Apache's."""
    return _is_among("end_of_life", release)


def without_thrift(release: str) -> bool | None:
    """Whether ``release`` has no Thrift server any more; None for one that is not Apache's."""
    return _is_among("without_thrift", release)


def _is_among(what: str, release: str) -> bool | None:
    if not _APACHE_RELEASE.fullmatch(release):
        return None
    return _numbers(release) in Releases.parse(_data()[what]["releases"])


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One row of the policy as it is shown."""

    releases: str
    ors_builds: str
    status: str
    source: str

    def __str__(self) -> str:
        return f"{self.releases}, ORS builds {self.ors_builds}: {self.status} ({self.source})"


def policy_table(policy: Policy | None = None) -> Sequence[PolicyRow]:
    """The policy for people to read, that of the package if none is given; the first row that matches counts."""
    policy = policy or built_in()
    return [
        PolicyRow(line.releases.words, line.builds, line.status.value, line.source)
        for line in (*policy.lines, policy.not_apache)
    ]  # fmt: skip
