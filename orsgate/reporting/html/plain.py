# SPDX-License-Identifier: Apache-2.0
"""Pages besides the report: one file, no network, no script, and a policy that lets nothing else in."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from orsgate.reporting.html import assets
from orsgate.reporting.html.render import environment, in_ascii
from orsgate.reporting.text import readable, utc


def page(package: str, template: str, style: str, *, title: str, skip: str, **values: Any) -> Iterator[str]:
    """A page in ASCII, piece by piece; other characters are written as references.

    Args:
        package: holds ``template`` and ``style``.
        template: what is between head and end of the page; the macros ``mark`` and ``time`` are there for it.
        style: a style sheet; it follows that of every page, and comes before how every page prints.
        title: of the page.
        skip: the words of the link that leads past the head.
        values: what the template shows.
    """
    from markupsafe import Markup  # noqa: PLC0415 - heavy imports are lazy

    own = files(package)
    css = assets.smaller(assets.sheets(assets.BASE) + (own / style).read_text("utf-8") + assets.sheets(assets.PRINT))
    head = (files("orsgate.reporting.html") / "templates" / "plain.html.j2").read_text("utf-8")
    made = environment().from_string(f"{head}{(own / template).read_text('utf-8')}</body>\n</html>\n")
    checked = {"style": Markup(css), "policy": Markup(assets.policy(css))}  # noqa: S704 - the package's own
    times = {"utc": utc, "readable": readable}
    return in_ascii(made.generate(title=title, skip=skip, **checked, **times, **values))
