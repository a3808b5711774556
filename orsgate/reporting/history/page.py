# SPDX-License-Identifier: Apache-2.0
"""What the pages of this package have in common: one file, no network, no script, a policy that lets nothing else in."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from orsgate.reporting.html.render import environment
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
    policy = f"default-src 'none'; style-src 'sha256-{_digest(style)}'; base-uri 'none'; form-action 'none'"
    template = environment().from_string(_resource("head.html.j2") + _resource(body) + "</body>\n</html>\n")
    own = {"style": Markup(style), "policy": Markup(policy)}  # noqa: S704 - the package's own
    for piece in template.generate(**own, **values):
        yield piece.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _resource(name: str) -> str:
    return (files("orsgate.reporting.history") / name).read_text("utf-8")
