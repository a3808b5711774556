# SPDX-License-Identifier: Apache-2.0
"""The procedure sentence by sentence, each with the requirements that judge it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the ORS Migration Procedure from 8.1.2 to 8.1.4.

    Attributes:
        step: the step that it stands in; 0 for the title.
        requirements: the ids of what judges it, in order.
        why: why nothing judges it; empty where something does.
    """

    step: int
    text: str
    requirements: tuple[str, ...] = ()
    why: str = ""


@cache
def procedure() -> tuple[Sentence, ...]:
    """Every sentence, in the order of the procedure."""
    entries = tomllib.loads((files("orsgate.rules") / "procedure.toml").read_text("utf-8"))["sentence"]
    return tuple(Sentence(**(entry | {"requirements": tuple(entry.get("requirements", ()))})) for entry in entries)
