# SPDX-License-Identifier: Apache-2.0
"""From the HTML report's data to one HTML file."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from orsgate.reporting.html.build import build
from orsgate.reporting.html.model import Report
from orsgate.reporting.reporter import FileReporter
from orsgate.reporting.text import visible
from orsgate.verdict.events import RunFinished, RunStarted

if TYPE_CHECKING:
    from jinja2 import Environment


class HtmlReporter(FileReporter):
    """Writes the HTML report."""

    def chunks(self, started: RunStarted, finished: RunFinished) -> Iterator[str]:
        """The report piece by piece."""
        return render(build(started, finished))


def render(report: Report) -> Iterator[str]:
    """The report as HTML in ASCII, piece by piece; other characters are written as references."""
    from markupsafe import Markup  # noqa: PLC0415 - heavy imports are lazy

    template = environment().from_string(_resource("report.html.j2"))
    style = Markup(" ".join(_resource("style.css").split()))  # noqa: S704 - the package's own
    for piece in template.generate(report=report, style=style):
        yield piece.encode("ascii", "xmlcharrefreplace").decode("ascii")


def environment() -> Environment:
    """Templates whose values are escaped, and made visible."""
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415

    return Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_harmless
    )  # fmt: skip


def _harmless(value: Any) -> Any:
    """What the template shows of a value: foreign text with everything in it made visible."""
    return visible(value) if type(value) is str else value


def _resource(name: str) -> str:
    return (files("orsgate.reporting.html") / name).read_text("utf-8")
