# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from tests.evidence.bundle.made import Left, left


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Left:
    """What one run left; nobody changes it."""
    return left(tmp_path_factory.mktemp("run"))
