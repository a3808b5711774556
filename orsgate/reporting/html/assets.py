# SPDX-License-Identifier: Apache-2.0
"""Style and script of the report, and the policy that lets a browser use exactly these and load nothing."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib.resources import files
from string import ascii_lowercase

from orsgate.reporting.html.report import Report
from orsgate.reporting.html.requirements import anchor
from orsgate.reporting.text import visible

BASE, PRINT = "style.css", "print.css"
"""What every page of this package looks like, and how it prints."""
STYLES = (BASE, "report.css", "drawing.css", PRINT)
MOST_NAME = 40
"""Characters of the estate's name at the foot of a printed page."""

_VARIABLE = re.compile(r"--[a-z]+\b(?!-)")
_TOKENS = re.compile(r"""("[^"]*")|/\*.*?\*/|\s*([{};,>])\s*|(:)\s+|\s+""", re.DOTALL)


def style(report: Report) -> str:
    """The style sheets, smaller, with the foot of a printed page, which names the run."""
    text = sheets(*STYLES)
    name = report.estate if len(report.estate) <= MOST_NAME else f"{report.estate[:MOST_NAME]}…"
    foot = f"{report.verdict.word} · {name} · run {report.embedded.run}"
    states = "".join(
        f".{anchor(mark)} summary::before{{content:{quoted(f'{mark.symbol} {mark.word}')}}}"
        for mark in {section.mark: None for section in report.sections}
    )
    return f"{smaller(text)}{states}@page{{@bottom-left{{content:{quoted(foot)}}}}}"


def sheets(*names: str) -> str:
    """Style sheets of the package, one after the other."""
    return "".join((files("orsgate.reporting.html") / name).read_text("utf-8") for name in names)


def script() -> str:
    """The script, without the blanks that nobody needs."""
    text = (files("orsgate.reporting.html") / "report.js").read_text("utf-8")
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def policy(style: str, script: str = "") -> str:
    """The Content-Security-Policy: this style, this script if there is one, and nothing else at all."""
    scripts = f" script-src '{_digest(script)}';" if script else ""
    return f"default-src 'none'; style-src '{_digest(style)}';{scripts} base-uri 'none'; form-action 'none'"


def smaller(css: str) -> str:
    """Style sheets without comments, without blanks where CSS needs none, and with variables of one letter."""
    small = _TOKENS.sub(_token, css).strip().replace(";}", "}")
    names = dict.fromkeys(_VARIABLE.findall(small))
    short = {name: f"--{letter}" for name, letter in zip(names, ascii_lowercase, strict=False)}
    return _VARIABLE.sub(lambda match: short[match[0]], small)


def quoted(text: str) -> str:
    """A string of CSS in ASCII that can hold nothing but itself, whatever is in ``text``."""
    return '"' + "".join(c if c.isascii() and (c.isalnum() or c in " .-_") else f"\\{ord(c):x} " for c in visible(text)) + '"'


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _token(match: re.Match[str]) -> str:
    string, mark, colon = match.groups()
    return string or mark or colon or ("" if match[0].startswith("/*") else " ")
