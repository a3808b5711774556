# SPDX-License-Identifier: Apache-2.0
"""Which lines of an ORS log tell of a connection or Cassandra error: one table of patterns, and what is none."""

from __future__ import annotations

import re

_TROUBLE = (
    r"(?:(?<![\w-])(?:errors?|fail(?:ed|ure|ures|s|ing)?|unavailable|unreachable|refused|lost|timed[ -]?out|cannot|can't"
    r"|could not|unable to|not available|(?:is|was|marked|went|goes) down)(?![\w-])|\w*Exception\b)"
)
_STORE = r"(?:cassandra|\bpersistence|\bpersistent storage)(?!\w*-)"

PATTERNS: tuple[tuple[str, str], ...] = (
    ("a Genesys log event: 00-04504 Connection to ... lost", r"\b04504\b.*\bconnection\b.*\blost\b"),
    (
        "a connection that was lost, refused or could not be made",
        (
            r"\bconnections?\b[^.;|]{0,160}?(?<![\w-])(?:failed|failure|lost|refused|broken|reset by|timed[ -]?out|aborted"
            r"|(?:can ?not|could not|can't) be (?:established|made|opened))(?![\w-])"
        ),
    ),
    (
        "a connection of ORS to another server that was closed",
        r"\bconnection to\b[^.;|]{0,160}?(?:(?:was|is|has been|unexpectedly) closed|closed (?:by|unexpectedly))(?![\w-])",
    ),
    (
        "connecting that did not succeed",
        (
            r"(?<![\w-])(?:can ?not|could not|can't|unable to|fail(?:ed|s|ure) to|failed)"
            r" (?:re-?)?(?:connect|establish|open)(?:ing)?(?![\w-])"
            r"(?=[^.;|]{0,80}(?:connect|server|node|host|cassandra|port))"
        ),
    ),
    ("connecting that did not succeed", r"(?<![\w-])connect(?:ing)?(?: attempt)? (?:failed|refused|timed[ -]?out)(?![\w-])"),
    ("a connection that was lost", r"(?<![\w-])(?:lost|broken) (?:the )?connection(?![\w-])"),
    (
        "an error that names Cassandra, or what is kept there",
        rf"{_STORE}[^|]{{0,200}}?{_TROUBLE}|{_TROUBLE}[^|]{{0,200}}?{_STORE}",
    ),
)
"""What a pattern stands for, and the pattern; letter case does not count.

Unconfirmed but for the first one (Genesys, "Predefined Alarm Conditions", Management Layer: Connection Failure): nobody
has shown the words in which an ORS speaks of Cassandra. So they take only what says in words that something went wrong.
"""

ORDINARY: tuple[tuple[str, str], ...] = (
    (
        "a count or code of none",
        (
            r"(?<![\w-])(?:errors?(?: code| number)?|fail(?:ed|ures?)|exceptions?|lost|refused)\W{0,3}[=: ]\W{0,2}"
            r"(?:0|none|no|false|null)(?![\w.])"
        ),
    ),
    (
        "none of it",
        (
            r"(?<![\w-])(?:0|no|without(?: any?)?) (?:cassandra |connection )?"
            r"(?:errors?|fail(?:ed|ures?)|exceptions?|lost|refused)(?![\w-])"
        ),
    ),
    (
        "a wanted end",
        (
            r"(?<![\w-])(?:dis)?connect(?:ed|ion)\b[^.;|]{0,80}?\b(?:by|on|at|upon|due to) (?:the )?"
            r"(?:own |user'?s? |client'?s? |operator'?s? )?(?:request|shut ?down|demand|client)\b"
        ),
    ),
    ("an option and its value", r"(?<![\w/-])[\w/]+(?:-[\w/]+)+['\"]?\s{0,9}[=:]\s{0,9}\S*"),
)
"""What is taken out of a line before the patterns are looked for: words of trouble that tell of none."""

PREFILTER = re.compile(rb"cassandra|connect|persisten|04504", re.IGNORECASE)
"""Found in every line that can match; most lines of a log end there."""

_PATTERNS = tuple(re.compile(pattern, re.IGNORECASE) for _, pattern in PATTERNS)
_ORDINARY = tuple(re.compile(pattern, re.IGNORECASE) for _, pattern in ORDINARY)


def tells_of_trouble(line: str) -> bool:
    """Whether a line of an ORS log tells of a connection or Cassandra error (see ``PATTERNS``)."""
    for ordinary in _ORDINARY:
        line = ordinary.sub(" ", line)
    return any(pattern.search(line) for pattern in _PATTERNS)
