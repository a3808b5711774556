# SPDX-License-Identifier: Apache-2.0
"""What reports say stood in for the ring of a rehearsal: the twin that was started, and none that was not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orsgate.estate.knowledge import Unknown
from orsgate.estate.snapshot import Snapshot
from orsgate.reporting.grouping import RESERVATIONS, reservation, stand_ins
from tests import make
from tests.rehearsals import held, rehearsal, twin


def rehearsed() -> Snapshot:
    return held(make.estate().snapshot, rehearsal())


def test_the_twin_is_told_by_its_own_record():
    claimed = rehearsed()
    parts = tuple(replace(part, stand_ins=("nothing at all",)) if part.part == "rehearsal" else part for part in claimed.parts)
    for parts_ in (parts, tuple(replace(part, stand_ins=()) for part in parts)):
        snapshot = replace(claimed, parts=parts_)
        assert stand_ins(snapshot, "rehearsal") == (str(twin()),)
        assert stand_ins(snapshot, "readiness") == ()
    assert reservation(claimed, "rehearsal") == RESERVATIONS["rehearsal"]


@pytest.mark.parametrize("record", [Unknown("no memory"), None, replace(rehearsal(), started_in=None)])
def test_without_a_twin_that_started_nobody_speaks_of_one(record):
    snapshot = held(make.estate().snapshot, record)
    assert stand_ins(snapshot, "rehearsal") == ()
    assert reservation(snapshot, "rehearsal") == ""
    assert reservation(snapshot, "deployment") == ""


def test_a_stage_is_not_the_whole_migration():
    stages = [{"name": "Backups", "applications": ["*_B"]}, {"name": "the rest", "applications": ["*"]}]
    snapshot = make.estate(file={"stage": stages}).snapshot
    assert 'after stage 1 of 2 ("Backups")' in reservation(replace(snapshot, stage=1), "deployment")
    assert reservation(replace(snapshot, stage=2), "deployment") == ""
    assert reservation(snapshot, "deployment") == ""
