# SPDX-License-Identifier: Apache-2.0
"""What a written object holds that the tree has no field for: kept as it was written, and lost where it was not."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from orsgate.sandbox.twins.objects import TreeApplication, TreeTransaction

W = TypeVar("W", TreeApplication, TreeTransaction)


def with_left_over(shape: dict[str, Any], one: TreeApplication | TreeTransaction) -> dict[str, Any]:
    """A shape made of the fields of an object, with what the object holds besides, and without what it lost."""
    for field, written in one.more:
        shape[field] = json.loads(written)
    for field in one.less:
        shape.pop(field, None)
    return shape


def keeping_left_over(one: W, written: Mapping[str, Any], shape: Mapping[str, Any], parsed: Collection[str]) -> W:
    """The object with everything that was written of it and that its own fields do not tell.

    Args:
        one: made of what was written.
        written: the whole of it.
        shape: how ``one`` would be served without what is left over.
        parsed: fields that ``one`` has wholly, in whatever way they were written.
    """
    more = {
        field: json.dumps(value, sort_keys=True)
        for field, value in written.items()
        if not (field in parsed and field in shape) and (field not in shape or shape[field] != value)
    }
    return replace(one, more=tuple(sorted(more.items())), less=tuple(sorted(shape.keys() - written.keys())))
