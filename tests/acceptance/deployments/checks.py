# SPDX-License-Identifier: Apache-2.0
"""What is demanded of every deployment that is verified."""

from __future__ import annotations

import re

from tests.acceptance.deployments.case import Case
from tests.acceptance.deployments.workplace import Workplace


def check(case: Case, workplace: Workplace) -> None:
    """Exactly what is expected changes against the honest deployment, and nothing is left behind unnamed."""
    honest = workplace.honest(case.disruptive)
    found = workplace.verified(case)
    assert found.judged.changed(honest) == case.expected, f"{found.judged.changed(honest)}\n{found.reasons}"
    assert found.judged.verdict == case.verdict
    assert re.search(case.named, found.notes), found.notes
    assert found.unnamed == {}, found.notes
