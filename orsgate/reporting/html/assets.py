# SPDX-License-Identifier: Apache-2.0
"""Style and script of the report, and the policy that lets a browser use exactly these and load nothing."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib.resources import files

from orsgate.reporting.html import marks
from orsgate.reporting.html.report import Report
from orsgate.reporting.html.requirements import anchor
from orsgate.reporting.text import visible

STYLES = ("style.css", "report.css", "drawing.css", "print.css")
MOST_NAME = 40
"""Characters of the estate's name at the foot of a printed page."""

_TOKENS = re.compile(r"""("[^"]*")|/\*.*?\*/|\s*([{};,>])\s*|(:)\s+|\s+""", re.DOTALL)


def style(report: Report) -> str:
    """The style sheets, smaller, with the foot of a printed page, which names the run."""
    resources = files("orsgate.reporting.html")
    text = "".join((resources / name).read_text("utf-8") for name in STYLES)
    name = report.estate if len(report.estate) <= MOST_NAME else f"{report.estate[:MOST_NAME]}…"
    foot = f"{report.verdict.word} · {name} · run {report.embedded.run}"
    states = "".join(
        f".{anchor(mark)} summary::before{{content:{quoted(f'{mark.symbol} {mark.word}')}}}" for mark in marks.COUNTED
    )
    return f"{smaller(text)}{states}@page{{@bottom-left{{content:{quoted(foot)}}}}}"


def script() -> str:
    """The script, without the blanks that nobody needs."""
    text = (files("orsgate.reporting.html") / "report.js").read_text("utf-8")
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def policy(style: str, script: str) -> str:
    """The Content-Security-Policy: this style, this script, and nothing else at all."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; base-uri 'none'; form-action 'none'"
    )


def smaller(css: str) -> str:
    """Style sheets without comments, and without blanks where CSS needs none; strings stay as they are."""
    return _TOKENS.sub(_token, css).strip()


def quoted(text: str) -> str:
    """A string of CSS in ASCII that can hold nothing but itself, whatever is in ``text``."""
    return '"' + "".join(c if c.isascii() and (c.isalnum() or c in " .-_") else f"\\{ord(c):x} " for c in visible(text)) + '"'


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _token(match: re.Match[str]) -> str:
    string, mark, colon = match.groups()
    return string or mark or colon or ("" if match[0].startswith("/*") else " ")
