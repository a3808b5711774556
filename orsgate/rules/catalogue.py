# SPDX-License-Identifier: Apache-2.0
"""The catalogue: which requirements are planned, independent of any feature file."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Severity = Literal["blocker", "warning", "advice"]
Mode = Literal["passive", "active", "disruptive", "manual"]

STEPS = {
    1: "Export, the way back",
    2: "Options not used any more",
    3: "High availability",
    4: "ORS cluster",
    5: "Cassandra",
    6: "Persistence, yes or no",
    7: "Cassandra options",
    8: "Multimedia",
    9: "Install",
    10: "Test the deployment",
}
"""The ten steps of the procedure, by number."""

_BLOCKERS: frozenset[Severity] = frozenset({"blocker"})
_BLOCKERS_AND_WARNINGS: frozenset[Severity] = frozenset({"blocker", "warning"})
NEVER_WAIVABLE = frozenset({"ORS-0901"})
"""What no waiver covers."""


def gating(*, strict: bool) -> frozenset[Severity]:
    """The severities that decide the verdict; with ``--strict`` warnings too, advice never."""
    return _BLOCKERS_AND_WARNINGS if strict else _BLOCKERS


@dataclass(frozen=True, slots=True)
class Requirement:
    """A planned requirement.

    Attributes:
        id: ``ORS-SSNN``: SS the step of the procedure, NN a number within it.
        phases: ``readiness``, ``deployment`` or both; or ``rehearsal`` alone.
        mode: passive ones only read; active and disruptive ones run when asked for; manual ones a person attests.
    """

    id: str
    phases: tuple[str, ...]
    severity: Severity
    mode: Mode

    @property
    def step(self) -> int:
        """The step of the procedure."""
        return int(self.id[4:6])

    @property
    def tags(self) -> frozenset[str]:
        """The tags its scenario must carry, exactly."""
        marks = {self.mode} & {"active", "disruptive", "manual"}
        return frozenset({self.id, *self.phases, self.severity, *marks})


def catalogue_file() -> bytes:
    """The catalogue as it lies in the package."""
    return (files("orsgate.rules") / "catalogue.toml").read_bytes()


@cache
def catalogue() -> dict[str, Requirement]:
    """Every requirement of the package by id, in id order."""
    entries = tomllib.loads(catalogue_file().decode())["requirement"]
    found = {
        entry["id"]: Requirement(entry["id"], tuple(entry["phases"]), entry["severity"], entry.get("mode", "passive"))
        for entry in entries
    }
    return dict(sorted(found.items()))


@cache
def catalogue_sha256() -> str:
    """SHA-256 of the catalogue, hexadecimal."""
    return hashlib.sha256(catalogue_file()).hexdigest()
