# SPDX-License-Identifier: Apache-2.0
"""How sentences say numbers of things and lists of names."""

from __future__ import annotations

import pytest

from orsgate.estate.wording import listed, several


def test_plural():
    assert [several(number, "node") for number in (0, 1, 1200)] == ["0 nodes", "1 node", "1,200 nodes"]


@pytest.mark.parametrize(
    ("number", "said"), [(0, ""), (1, "1"), (3, "1, 2, 3"), (4, "1, 2, 3 and 1 more"), (1203, "1, 2, 3 and 1,200 more")]
)
def test_of_many_names_the_first_are_named_and_the_rest_is_counted(number, said):
    assert listed([str(each) for each in range(1, number + 1)], 3) == said
