# SPDX-License-Identifier: Apache-2.0
"""From the HTML report's data to one HTML file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import TYPE_CHECKING

from orsgate.reporting.html import assets
from orsgate.reporting.html.build import build
from orsgate.reporting.html.harmless import Harmless
from orsgate.reporting.html.report import Report
from orsgate.reporting.reporter import FileReporter
from orsgate.verdict.events import RunFinished, RunStarted

if TYPE_CHECKING:
    from jinja2 import Environment


_LINE_FEED = re.compile(r"\n(?=(?:\{%[^%]*%\}\n?)*</|<(?!section|h2|h3|details|table|tr\b|figure|script|style))")


class HtmlReporter(FileReporter):
    """Writes the HTML report."""

    def chunks(self, started: RunStarted, finished: RunFinished) -> Iterator[str]:
        """The report piece by piece."""
        return render(build(started, finished, self.previous), started.estate.snapshot.estate_path)


def render(report: Report, estate_path: str) -> Iterator[str]:
    """The report as HTML in ASCII, piece by piece; other characters are written as references.

    Args:
        report: what it shows.
        estate_path: the estate file; what lies beside it is named relative to its directory.
    """
    from markupsafe import Markup  # noqa: PLC0415 - heavy imports are lazy

    harmless = Harmless(estate_path)
    style, script = assets.style(report), assets.script()
    return in_ascii(environment(harmless).get_template("report.html.j2").generate(
        report=report,
        directory=Markup.escape(harmless.shown(harmless.directory)),
        estate_path=Markup.escape(harmless.shown(estate_path)),
        style=Markup(style),  # noqa: S704 - the package's own, and what it quotes for CSS
        script=Markup(script),  # noqa: S704 - the package's own
        policy=assets.policy(style, script),
        download=Markup(report.embedded.data),  # noqa: S704 - base64
    ))  # fmt: skip


def in_ascii(pieces: Iterable[str]) -> Iterator[str]:
    """HTML whose other characters are written as references, so that no reader has to guess an encoding."""
    return (piece.encode("ascii", "xmlcharrefreplace").decode("ascii") for piece in pieces)


def environment(harmless: Harmless | None = None) -> Environment:
    """Templates whose values are escaped, and made visible."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined  # noqa: PLC0415

    harmless = harmless or Harmless()
    made = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=harmless,
        loader=FunctionLoader(_template),
    )  # fmt: skip
    made.filters["plain"] = harmless.plain
    return made


def _template(name: str) -> str:
    """A template with few lines, since each costs a byte of every report."""
    return _LINE_FEED.sub("", (files("orsgate.reporting.html") / "templates" / name).read_text("utf-8"))
