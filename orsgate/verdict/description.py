# SPDX-License-Identifier: Apache-2.0
"""Reading the three labelled parts of a scenario's description: Why, Fix and Source."""

from __future__ import annotations

from dataclasses import dataclass

LABELS = ("Why", "Fix", "Source")
CONTINUATION = "| "


class DescriptionError(ValueError):
    """A description that does not hold exactly the three labelled parts."""


@dataclass(frozen=True, slots=True)
class Description:
    """What a scenario says of itself beyond its steps."""

    why: str = ""
    fix: str = ""
    source: str = ""


def parse_description(text: str) -> Description:
    """Read ``Why:``, ``Fix:`` and ``Source:``, each one line, continued on lines that begin with ``| ``.

    Raises:
        DescriptionError: if a part is missing, empty or there twice, or a line belongs to no part.
    """
    parts: dict[str, str] = {}
    current = ""
    for raw in text.splitlines():
        line = raw.strip()
        if not line:
            continue
        label, colon, rest = line.partition(":")
        if colon and label in LABELS:
            if label in parts:
                raise DescriptionError(f'"{label}:" stands twice')
            current, parts[label] = label, rest.strip()
        elif line.startswith(CONTINUATION) and current:
            parts[current] += " " + line.removeprefix(CONTINUATION).strip()
        else:
            raise DescriptionError(f'the line "{line}" belongs to none of Why, Fix and Source')
    if missing := [label for label in LABELS if not parts.get(label)]:
        raise DescriptionError(f"{', '.join(missing)} not given")
    return Description(parts["Why"], parts["Fix"], parts["Source"])
