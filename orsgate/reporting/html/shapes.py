# SPDX-License-Identifier: Apache-2.0
"""The shapes of the drawing: a panel is 288 units wide, as wide as a telephone shows at its own size."""

from __future__ import annotations

from dataclasses import dataclass

from orsgate.reporting.html.marks import Mark


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with a name in it; ``whole`` is the name where ``text`` had to be shortened, ``wide`` as wide as the panel."""

    x: int
    y: int
    kind: str
    text: str = ""
    mark: Mark | None = None
    whole: str = ""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A connection."""

    x1: int
    y1: int
    x2: int
    y2: int


@dataclass(frozen=True, slots=True)
class Dot:
    """A node of the ring."""

    x: int
    y: int
    kind: str
    mark: Mark | None
    text: str
    below: str
    anchor: str
    text_x: int
    whole: str


@dataclass(frozen=True, slots=True)
class Text:
    """Words in the middle of ``x``."""

    x: int
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the drawing with its heading.

    Attributes:
        said: what is drawn, in words, for who does not see it.
        mark: the worst trouble in it.
        title_mark: the trouble of what the panel is of, such as the cluster itself.
        ring: the radius of the ring in its middle; 0 for none.
    """

    title: str
    subtitle: str
    said: str
    mark: Mark | None
    title_mark: Mark | None
    height: int
    boxes: tuple[Box, ...] = ()
    lines: tuple[Line, ...] = ()
    dots: tuple[Dot, ...] = ()
    texts: tuple[Text, ...] = ()
    ring: int = 0


def fitted(name: str, letters: int) -> str:
    """A name in at most ``letters`` letters; what is left out stands in its middle, since names differ at their end."""
    if len(name) <= letters:
        return name
    end = letters // 2
    return f"{name[: letters - end - 1]}…{name[-end:]}"
