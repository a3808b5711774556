# SPDX-License-Identifier: Apache-2.0
"""Releases of Orchestration Server: ``8.1.4`` and ``8.1.4xx.yy`` are the same release."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_FORM = re.compile(r"\d+(\.\d+){2,3}")
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class OrsRelease:
    """A release number such as ``8.1.400.27``.

    Attributes:
        text: as written.
        family: ``(8, 1, 4)`` for both ``8.1.4`` and ``8.1.400.27``.
        build: ``(8, 1, 400, 27)`` where a build number is given, else None.
    """

    text: str
    family: tuple[int, int, int]
    build: tuple[int, ...] | None

    def __str__(self) -> str:
        return self.text

    @property
    def family_text(self) -> str:
        """The family as people write it: ``8.1.4``."""
        return ".".join(map(str, self.family))

    def at_least(self, build: str) -> bool | None:
        """Whether this release is ``build`` or later; None where it has no build number to tell."""
        other = parse_release(build)
        if self.build is None:
            return None if self.family == other.family else self.family > other.family
        return self.build >= (other.build or ())


@lru_cache(maxsize=1024)
def parse_release(text: str) -> OrsRelease:
    """Read a release of 3 or 4 numbers.

    Raises:
        ValueError: if it is not 3 or 4 numbers separated by dots.
    """
    if not _FORM.fullmatch(text):
        raise ValueError(f'"{text}" is not a release: 3 or 4 numbers separated by dots, such as 8.1.400.27')
    numbers = tuple(map(int, text.split(".")))
    third = numbers[2] // _HUNDRED if numbers[2] >= _HUNDRED else numbers[2]
    has_build = len(numbers) == 4 and numbers[2] >= _HUNDRED
    return OrsRelease(text, (numbers[0], numbers[1], third), numbers if has_build else None)


def release_or_none(text: str) -> OrsRelease | None:
    """Read a release; None for a text that is none."""
    try:
        return parse_release(text)
    except ValueError:
        return None
