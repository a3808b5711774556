# SPDX-License-Identifier: Apache-2.0
"""The path without loss, between its stages: what cannot hold while one side of a pair is upgraded and the other is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from orsgate.estate.estate import Estate, Pair
from orsgate.estate.inventory import Application
from orsgate.estate.judgement import Findings
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.release import OrsRelease
from orsgate.estate.wording import listed


def upgraded_alike(estate: Estate, findings: Findings, pairs: Sequence[Pair], none: str) -> tuple[list[Pair], str]:
    """Those pairs of which both sides are upgraded or neither is; the others are named in a note.

    Returns:
        the pairs, and why there is none: ``none``, or that every pair is between its stages.
    """
    alike = [pair for pair in pairs if estate.upgraded(pair.primary) == estate.upgraded(pair.backup)]
    halves = [pair.name for pair in pairs if estate.upgraded(pair.primary) != estate.upgraded(pair.backup)]
    if halves:
        findings.note(f"{estate.stage} only one side is upgraded, so it is not judged: {listed(halves)}")
        none = f"{estate.stage} only one side of every pair is upgraded"
    return alike, none


def stages_without_an_application(estate: Estate) -> Iterator[Unknown]:
    """The names and patterns of the stages that were done which mean no application, so that nothing is asked of any."""
    for number, stage in enumerate(estate.snapshot.estate.stage[: estate.snapshot.stage] if estate.stage else ()):
        for pattern in stage.applications:
            if not any(fnmatchcase(name, pattern) for name in estate.applications):
                cause = f'the stage "{stage.name}" names "{pattern}", which is no application, so what it upgrades is not known'
                where = estate.snapshot.estate_where(f"stage.{number}.applications")
                yield Unknown(cause, where, Failure.MISSING)


def release_to_have(estate: Estate, application: Application) -> OrsRelease:
    """The release that an application has to have now: the target, or the old one where its stage is still to come."""
    return estate.origin if estate.upgraded(application) is False else estate.target
