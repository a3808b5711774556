# SPDX-License-Identifier: Apache-2.0
"""Deployments that are only different raise no blocker: each is GO, sessions and failover included."""

from __future__ import annotations

import pytest

from tests.acceptance.deployments.checks import check
from tests.acceptance.deployments.harmless import CASES, VARIANTS
from tests.acceptance.deployments.workplace import Workplace, workplace

pytestmark = pytest.mark.slow
__all__ = ["workplace"]


@pytest.mark.parametrize("case", [*CASES, *VARIANTS], ids=lambda case: case.name)
def test_a_harmless_deployment_is_go(case, workplace: Workplace):
    assert case.verdict == "go"
    check(case, workplace)
