# SPDX-License-Identifier: Apache-2.0
"""Failovers that do not go as they should, each found by exactly the requirements that should find it."""

from __future__ import annotations

import pytest

from tests.acceptance.deployments.checks import check
from tests.acceptance.deployments.failover_lies import CASES
from tests.acceptance.deployments.workplace import Workplace, workplace

pytestmark = pytest.mark.slow
__all__ = ["workplace"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_broken_failover_is_found_by_exactly_what_should_find_it(case, workplace: Workplace):
    check(case, workplace)
