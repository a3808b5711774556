# SPDX-License-Identifier: Apache-2.0
"""Many things at the same time: results keep their order, and what breaks is not lost."""

from __future__ import annotations

import time

import pytest

from orsgate.doctor.at_once import at_once


def test_results_keep_the_order_of_what_was_asked() -> None:
    def later_ones_are_quicker(number: int) -> int:
        time.sleep(0.001 * (20 - number))
        return number * 2

    assert at_once(later_ones_are_quicker, range(20)) == [number * 2 for number in range(20)]
    assert at_once(later_ones_are_quicker, []) == []


def test_what_breaks_is_raised() -> None:
    def broken(number: int) -> int:
        if number == 7:
            raise ZeroDivisionError
        return number

    with pytest.raises(ZeroDivisionError):
        at_once(broken, range(100))
