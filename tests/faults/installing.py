# SPDX-License-Identifier: Apache-2.0
"""Ways to change what stands after the installation: the record, the attestations, the stage, the facts of the deployment."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from orsgate.estate.deployment import Deployment
from orsgate.estate.estate import Estate
from orsgate.estate.evidence_files import ReadinessRecord, RecordedItem
from orsgate.estate.items import Aspect
from orsgate.estate.knowledge import Unknown
from orsgate.estate.snapshot import Snapshot
from tests import deployments
from tests.deployments import altered
from tests.faults.workshop import Change, Fault, in_application, replaced, rewritten, snapshot
from tests.faults.workshop import fault as any_fault
from tests.faults.workshop import harmless as any_harmless

_E = "estate.toml"
VERSION, NOT_YET = 'version = "8.1.400.27"', 'version = "8.1.300.39"'
_ZERO_LOSS = (
    replaced(_E, 'path = "standard"', 'path = "zero-loss"'),
    replaced(_E, 'from_release = "8.1.200.50"', 'from_release = "8.1.300.39"'),
)
_STAGES = """
[[stage]]
name = "Backups"
applications = ["ORS_*_B"]

[[stage]]
name = "node A1"
applications = ["ORS_A1"]

[[stage]]
name = "the other nodes"
applications = ["ORS_A2", "ORS_B1"]
"""


def fault(name: str, expected: dict[str, str] | str, *changes: Change) -> Fault:
    """A fault of the installation."""
    return any_fault(name, expected, *changes, phase="deployment")


def harmless(name: str, *changes: Change, expected: dict[str, str] | None = None) -> Fault:
    """A harmless variation of the installation."""
    return any_harmless(name, *changes, phase="deployment", expected=expected)


def given(record: ReadinessRecord | Unknown | None) -> Change:
    """Another record in place of the healthy one."""
    return snapshot(lambda found: replace(found, record=record))


def recorded(**fields: Any) -> Change:
    """Other fields of the record; a function is given what there was."""

    def alter(found: Snapshot) -> Snapshot:
        before = found.record
        assert isinstance(before, ReadinessRecord)
        made = {name: value(getattr(before, name)) if callable(value) else value for name, value in fields.items()}
        return replace(found, record=replace(before, **made))

    return snapshot(alter)


def item(name: str, aspect: Aspect, key: str, value: str | None) -> Change:
    """The record held another value of an item, or none."""

    def alter(items: tuple[RecordedItem, ...]) -> tuple[RecordedItem, ...]:
        rest = tuple(each for each in items if (each.object, each.aspect, each.name) != (name, aspect, key))
        assert len(rest) == len(items) - 1 or value is not None
        return rest if value is None else (*rest, RecordedItem(name, aspect, key, value))

    return recorded(items=alter)


def deployment(alter: deployments.Alter) -> Change:
    """Change the facts of the deployment."""
    return snapshot(altered(alter))


def attested(requirement: str, **fields: Any) -> Change:
    """An attestation in place of the one that there is for a requirement, if any; a function is given the estate."""

    def alter(found: Snapshot) -> Snapshot:
        estate = Estate(found, "deployment")
        made = {name: value(estate) if callable(value) else value for name, value in fields.items()}
        others = tuple(each for each in found.attestations if each.requirement != requirement)
        return replace(found, attestations=(*others, deployments.attestation(estate, requirement, **made)))

    return snapshot(alter)


def not_attested(*requirements: str) -> Change:
    """No attestation for some requirements."""
    return snapshot(
        lambda found: replace(
            found, attestations=tuple(each for each in found.attestations if each.requirement not in requirements)
        )
    )


def installed_at(moment: str) -> Change:
    """Another time of the installation."""
    return rewritten(
        _E,
        lambda text: "\n".join(
            line if not line.startswith("installed_at") else moment and f"installed_at = {moment}" for line in text.split("\n")
        ),
    )


def at_stage(done: int) -> tuple[Change, ...]:
    """The path without loss after some of its three stages: what runs has the release of its stage."""

    def unlike(found: Snapshot) -> Snapshot:
        facts = found.deployment
        assert isinstance(facts, Deployment)
        estate = Estate(replace(found, stage=done), "deployment")
        old = {each.name for each in estate.in_scope if estate.upgraded(each) is False}
        logs = tuple(replace(log, build="8.1.300.39") if log.application in old else log for log in facts.logs)
        return replace(found, stage=done, deployment=replace(facts, logs=logs))

    upgraded = (("ORS_A1_B", "ORS_A2_B", "ORS_B1_B"), ("ORS_A1",), ("ORS_A2", "ORS_B1"))
    later = [name for stage in upgraded[done:] for name in stage]
    versions = (in_application(name, VERSION, NOT_YET) for name in later)
    return (*_ZERO_LOSS, rewritten(_E, lambda text: text + _STAGES), *versions, snapshot(unlike))
