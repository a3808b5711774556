# SPDX-License-Identifier: Apache-2.0
"""What an answer of ORS holds: the session id, wherever it stands, and a beginning of the body that can be shown.

The documentation does not say how the answer to a start looks. The cookie ``ORSSESSIONID`` is known from clients in
use; a JSON body is what some of them expect; the names of its keys are unconfirmed. So every place is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pydantic_core import from_json

from orsgate.estate.secret import redacted_line

COOKIE = "ORSSESSIONID"
LONGEST_BODY = 300
"""Characters of a body that are kept."""
_LONGEST_SESSION = 200
_MOST_VALUES = 10_000
_TAKEN_FROM = 2_000
"""Characters of a body that its shown beginning is made of."""
_NAMES = frozenset({"sessionid", "orssessionid", "scxmlsessionid"})
_NO_LETTER = re.compile(r"[^a-z]")
_NAME = r"\b_?(?:ors|scxml)?_?session[-_]?id"
_ELEMENT = re.compile(rf"<(?:[\w.]+:)?{_NAME}\b[^<>]*>\s*([^<>\s]+)\s*<", re.IGNORECASE)
_ASSIGNED = re.compile(rf"{_NAME}\b[\"']?\s*[=:]\s*[\"']?([^\s\"'<>&;,]+)", re.IGNORECASE)
_NODE = re.compile(r"^~\d+~", re.ASCII)
_ALONE = re.compile(r"(?=.*\d)[~\w.-]{16,100}", re.ASCII)


def text_of(body: bytes | bytearray) -> str:
    """A body as text: UTF-8, else Windows-1252."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def session_in(text: str, cookies: Iterable[str]) -> str:
    """The session id in an answer, as it stands there: in JSON, else in the cookie, else in XML or plain text; else empty.

    Args:
        text: the body.
        cookies: the values of its ``Set-Cookie`` headers.
    """
    in_json = _in_json(text)
    found = in_json or _in_cookies(cookies) or (_in_text(text) if in_json is None else "")
    return found[:_LONGEST_SESSION].encode("utf-8", "replace").decode()


def other_session_in(session: str, cookies: Iterable[str]) -> str:
    """The session id in the cookie of an answer, where it is another one than ``session``; empty where it is not.

    A cookie that only adds the number of the node (``~n~``) means the same session.
    """
    found = _in_cookies(cookies)[:_LONGEST_SESSION].encode("utf-8", "replace").decode()
    same = _NODE.sub("", found) == _NODE.sub("", session)
    return "" if same or not session else found


def _in_json(text: str) -> str | None:
    """The one in JSON, empty for none; None where the text is no JSON."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return _named(from_json(text))
    except ValueError:
        return None


def _named(value: Any) -> str:
    """The first value, from the outside inwards, under a name that looks like that of a session id."""
    level: list[Any] = [value]
    seen = 0
    while level:
        inner: list[Any] = []
        for each in level:
            pairs = each.items() if isinstance(each, dict) else enumerate(each) if isinstance(each, list) else ()
            for name, held in pairs:
                seen += 1
                if seen > _MOST_VALUES:
                    return ""
                if isinstance(held, dict | list):
                    inner.append(held)
                elif held and _NO_LETTER.sub("", str(name).casefold()) in _NAMES and isinstance(held, str | int):
                    return str(held)
        level = inner
    return ""


def _in_cookies(cookies: Iterable[str]) -> str:
    for cookie in cookies:
        name, _, rest = cookie.partition("=")
        if name.strip().casefold() == COOKIE.casefold() and (value := rest.split(";")[0].strip().strip('"')):
            return value
    return ""


def _in_text(text: str) -> str:
    if found := _ELEMENT.search(text) or _ASSIGNED.search(text):
        return found[1]
    alone = text.strip()
    return alone if _ALONE.fullmatch(alone) else ""


def shown(text: str, most: int = LONGEST_BODY) -> str:
    """The beginning of ``text`` in one line, printable and without what says that it is a secret."""
    printable = " ".join("".join(char if char.isprintable() else " " for char in text[:_TAKEN_FROM]).split())
    safe = redacted_line(printable)
    return safe if len(safe) <= most else safe[: most - 3] + "..."
