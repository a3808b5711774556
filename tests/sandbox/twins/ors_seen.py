# SPDX-License-Identifier: Apache-2.0
"""What a client sees of a cluster of ORS twins from the start of a session to a takeover, as comparable text."""

import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

from orsgate.sandbox.twins.ors import OrsTwin
from orsgate.sandbox.twins.ors_landscape import Landscape
from orsgate.sandbox.twins.ors_lie import Lie
from orsgate.sandbox.twins.ors_stores import MemoryStore
from tests.sandbox.twins.ors_made import IDLE, Documents, landscape, refuses

PATIENCE = 0.6
"""Seconds that an answer, a row or a takeover may take."""
_LARGEST = 2**20
_ID = re.compile(r"[A-Z0-9]{32}")
_ADDRESS = re.compile(r"127\.\d+\.\d+\.(\d+)")

Seen = dict[str, Any]


def seen_with(directory: Path, lies: Mapping[str, Sequence[Lie]]) -> Seen:
    """What is seen of a cluster whose twins are told these lies."""
    store = MemoryStore()
    with Documents(IDLE) as documents, landscape(directory, lies, store=store) as made:
        return _seen(made, documents, store)


def _seen(made: Landscape, documents: Documents, store: MemoryStore) -> Seen:
    one, backup, two = made.twin("ORS_1"), made.twin("ORS_1_B"), made.twin("ORS_2")
    seen: Seen = {"modes": [one.mode, backup.mode], "refused": [refuses(one), refuses(backup)]}
    seen["log"] = [_log(one), _log(backup)]
    seen["help"] = _asked(one, "GET", "/ors/help")
    seen["start"] = _asked(one, "POST", "/scxml/session/start", {"src": documents.url})
    seen["fetched"] = documents.fetched
    seen["left behind"] = len(one.sessions)
    session = next(iter(one.sessions), "NONE" * 8)
    seen["id"] = (len(session), re.fullmatch(r"(?:~\d+~)?[~\w]{32}", session) is not None)
    seen["another id"] = _another(one, documents.url, session)
    seen["row"] = sorted((key == session, row.node) for key, row in store.rows.items())
    for call, method in (("query", "GET"), ("event/on", "POST"), ("query", "GET")):
        seen[f"{call} {len(seen)}"] = _asked(one, method, f"/scxml/session/{_quoted(session)}/{call}")
    seen["at another node"] = _asked(two, "GET", f"/scxml/session/{_quoted(session)}/query")
    if not refuses(backup):
        seen["at the Backup"] = _asked(backup, "GET", f"/scxml/session/{_quoted(session)}/query")
    seen["commands"] = [one.lies.command(action) for action in ("start", "stop", "status")]
    kept = next(iter(one.sessions), session)
    seen["terminate"] = _asked(one, "POST", f"/scxml/session/{_quoted(session)}/terminate")
    seen["query after"] = _asked(one, "GET", f"/scxml/session/{_quoted(session)}/query")
    seen["took over"] = _takeover(one, backup)
    seen["kept"] = _kept(backup, [key for key in one.sessions or store.rows if key != kept] or [kept])
    return seen


def _another(one: OrsTwin, src: str, session: str) -> str:
    """Whether a second session has an id of its own."""
    before = set(one.sessions)
    _asked(one, "POST", "/scxml/session/start", {"src": src})
    return "another" if set(one.sessions) - before - {session} else "none"


def _takeover(one: OrsTwin, backup: OrsTwin) -> bool:
    one.stop()
    deadline = time.monotonic() + PATIENCE
    while backup.mode != "primary" and time.monotonic() < deadline:
        time.sleep(0.01)
    return backup.mode == "primary"


def _kept(backup: OrsTwin, sessions: Sequence[str]) -> list[Any]:
    return [_asked(backup, "GET", f"/scxml/session/{_quoted(session)}/query") for session in sessions[:1]]


def _quoted(session: str) -> str:
    return quote(session, safe="~")


def _asked(twin: OrsTwin, method: str, path: str, form: Mapping[str, str] | None = None) -> Any:
    """Status, length of the headers, Location and beginning of the body; or the kind of trouble that there was."""
    until = time.monotonic() + PATIENCE
    body = b""
    try:
        with requests.request(
            method, twin.url + path, data=form, timeout=PATIENCE, allow_redirects=False, stream=True
        ) as response:
            for piece in response.iter_content(1024):
                body += piece
                if time.monotonic() > until or len(body) > _LARGEST:
                    return "never ends"
    except (requests.RequestException, ValueError) as error:  # ValueError: a Location that nobody can read
        return type(error).__name__
    headers = sum(len(value) for value in response.headers.values()) // 1024
    slow = response.elapsed.total_seconds() > PATIENCE
    told = "\n".join((response.headers.get("Location", "-"), response.headers.get("Set-Cookie", "-"), body.decode()))
    return (response.status_code, headers, slow, _plain(told))


def _plain(text: str) -> str:
    """Text without what differs from run to run: session ids are numbered as they first come."""
    ids = list(dict.fromkeys(_ID.findall(text)))
    return _ADDRESS.sub(r"ADDRESS \1", _ID.sub(lambda found: f"ID {ids.index(found[0])}", text))


def _log(twin: OrsTwin) -> list[str]:
    """The head of a log without its times, but for the year; and the lines of troubles."""
    path = Path(twin.log_file)
    if not path.exists():
        return []
    lines = path.read_text("utf-8").splitlines()
    told = [line for line in lines if line.startswith(("Application name", "Application version")) or "lost" in line]
    started = [line[: len("Start time (UTC):         2026-01")] for line in lines if line.startswith("Start time")]
    return [*told, *started, *(line for line in lines if "error" in line)]
