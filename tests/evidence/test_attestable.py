# SPDX-License-Identifier: Apache-2.0
"""What can be left to a person can be attested, and nothing else."""

from __future__ import annotations

from orsgate.rules.attestations import ATTESTABLE
from orsgate.rules.catalogue import catalogue
from tests.faults.test_faults import FAULTS, HARMLESS

TYPED = {"ORS-0107"}
"""Left open by the estate file, in which a person writes it down: a statement beside it would be a second place for one fact."""


def test_every_requirement_that_was_seen_manual_can_be_attested() -> None:
    seen = {name for item in (*FAULTS, *HARMLESS) for name, outcome in item.expected.items() if outcome == "manual"}
    of_mode = {requirement.id for requirement in catalogue().values() if requirement.mode == "manual"}
    assert (seen | of_mode) - TYPED <= ATTESTABLE
    assert catalogue().keys() >= ATTESTABLE
