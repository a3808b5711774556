# SPDX-License-Identifier: Apache-2.0
"""An account is made, or it is said why not."""

import pytest

from orsgate.sandbox.accounts import make_account
from orsgate.sandbox.errors import UsageError


def test_a_ring_in_which_nobody_can_be_asked_gets_no_account() -> None:
    with pytest.raises(UsageError, match="The account ors cannot be made: no node of the ring serves clients"):
        make_account([], ("ors", "made up"), 10)
