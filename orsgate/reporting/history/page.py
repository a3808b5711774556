# SPDX-License-Identifier: Apache-2.0
"""What the pages of this package have in common: one file, no network, no script, a policy that lets nothing else in."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from orsgate.reporting.html import assets
from orsgate.reporting.html.render import environment, in_ascii
from orsgate.reporting.text import beginning

LONGEST = 2000
"""Characters of one text that a page shows; the JSON has all."""


def shown(text: str) -> str:
    """A text of a foreign system, cut where it would bury the rest."""
    return beginning(text, LONGEST)


def page(body: str, **values: Any) -> Iterator[str]:
    """A page in ASCII, piece by piece; other characters are written as references.

    Args:
        body: the template of what is between head and end.
        values: what the templates show; ``title`` at least.
    """
    from markupsafe import Markup  # noqa: PLC0415 - heavy imports are lazy

    style = " ".join(_resource("history.css").split())
    template = environment().from_string(_resource("head.html.j2") + _resource(body) + "</body>\n</html>\n")
    own = {"style": Markup(style), "policy": Markup(assets.policy(style))}  # noqa: S704 - the package's own
    return in_ascii(template.generate(**own, **values))


def _resource(name: str) -> str:
    return (files("orsgate.reporting.history") / name).read_text("utf-8")
