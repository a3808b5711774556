# SPDX-License-Identifier: Apache-2.0
"""A name has one holder at a time."""

import uuid

from orsgate.sandbox.claims import claim


def test_a_name_is_had_by_one_and_is_free_again_afterwards() -> None:
    name = uuid.uuid4().hex
    held = claim(name)
    assert held
    with held:
        assert claim(name) is None
        other = claim(f"{name} other")
        assert other
        other.close()
    again = claim(name)
    assert again
    again.close()
