# SPDX-License-Identifier: Apache-2.0
"""Writes values as TOML."""

from __future__ import annotations

import re
from collections.abc import Iterable

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPED = re.compile(r'["\\\x00-\x1f\x7f]')


def toml_string(text: str) -> str:
    """``text`` as a TOML basic string."""
    return '"' + _ESCAPED.sub(lambda char: _escape(char[0]), text) + '"'


def _escape(char: str) -> str:
    return f"\\{char}" if char in '"\\' else f"\\u{ord(char):04X}"


def toml_strings(texts: Iterable[str]) -> str:
    """``texts`` as a TOML list on one line."""
    return f"[{', '.join(toml_string(text) for text in texts)}]"


def toml_key(name: str) -> str:
    """``name`` as a TOML key, in quotes where it needs them."""
    return name if _BARE_KEY.fullmatch(name) else toml_string(name)
