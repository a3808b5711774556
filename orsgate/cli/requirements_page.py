# SPDX-License-Identifier: Apache-2.0
"""The requirements as one page of Markdown, from the same feature files as ``orsgate explain``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from orsgate.cli.features import Told, phases
from orsgate.rules.catalogue import STEPS

HEAD = (
    "# The requirements",
    "",
    "Written by `make docs` from the catalogue and the feature files; `orsgate explain ID` shows the same.",
    "A blocker that fails means NO-GO; one that is not known, not asked for or not attested makes the run inconclusive.",
    "Warnings gate with `--strict`, advice never.",
)
"""What stands above the steps."""


def markdown(told: Sequence[Told]) -> Iterator[str]:
    """The lines of the page.

    Args:
        told: in id order.
    """
    yield from HEAD
    for step, group in groupby(told, key=lambda each: each.requirement.step):
        yield ""
        yield f"## Step {step}: {STEPS[step]}"
        for each in group:
            yield from _section(each)


def _section(told: Told) -> Iterator[str]:
    requirement = told.requirement
    yield ""
    yield f"### {requirement.id}: {_text(told.title)}"
    yield ""
    yield f"*{requirement.severity}, {phases(requirement)}*"
    for label, text in (("Why", told.description.why), ("Fix", told.description.fix), ("Source", told.description.source)):
        yield ""
        yield f"**{label}.** {_text(text)}"
    yield ""
    yield "```gherkin"
    yield from told.steps
    yield "```"


def _text(text: str) -> str:
    """Text with what Markdown would read as its own escaped, but for `code`."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else re.sub(r"([\\*_<>\[\]|])", r"\\\1", part) for part in parts)
