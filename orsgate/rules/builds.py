# SPDX-License-Identifier: Apache-2.0
"""Preconditions of requirements: the build of ORS that is to be installed."""

from __future__ import annotations

from collections.abc import Callable

from orsgate.estate.estate import Estate
from orsgate.estate.judgement import Condition
from orsgate.estate.knowledge import Basis


def target_from(build: str) -> Callable[[Estate], Condition]:
    """Whether the target build is ``build`` or a later one."""

    def condition(estate: Estate) -> Condition:
        reached = estate.target.at_least(build)
        reason = f"applies from target build {build} on, and the target is {estate.target}"
        return Condition(estate.build_unknown if reached is None else reached, reason, Basis.DECLARED)

    return condition


def target_before(build: str) -> Callable[[Estate], Condition]:
    """Whether the target build is earlier than ``build``."""

    def condition(estate: Estate) -> Condition:
        reached = estate.target.at_least(build)
        reason = f"applies before target build {build}, and the target is {estate.target}"
        return Condition(estate.build_unknown if reached is None else not reached, reason, Basis.DECLARED)

    return condition
