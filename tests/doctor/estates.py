# SPDX-License-Identifier: Apache-2.0
"""Small estates on disk for tests of the doctor, and servers that remember what they were told."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from orsgate.doctor.checks import Check, Diagnosis
from orsgate.doctor.examine import examine
from orsgate.estate.file import load_estate_file
from orsgate.probes.transport import Target
from tests.probes.scripted import Script, Server

SECRET = "Geheim-4711"  # noqa: S105 - of nobody

ESTATE = """\
[estate]
name = "Made up"
from_release = "8.1.300.25"
to_release = "8.1.400.27"
{estate}
[configuration]
{configuration}

[[application]]
name = "ORS_1"
version = "8.1.300.25"
options = "exports/ORS_1.cfg"
backup = "ORS_1_B"
{application}

[[application]]
name = "ORS_1_B"
version = "8.1.300.25"
options = "exports/ORS_1_B.cfg"
new = true

[[application]]
name = "SIP_1"
type = "SIP Server"

[cassandra]
{cassandra}
"""


class Remembering:
    """A script for ``Server`` that keeps what it is told, behind TLS where a context is given.

    Attributes:
        handshakes: how many TLS handshakes came to a good end.
    """

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self._heard: SimpleQueue[bytes] = SimpleQueue()
        self.handshakes = 0
        self._context = context

    def __call__(self, connection: socket.socket, _over: threading.Event) -> None:
        if self._context is None:
            self._listen(connection)
            return
        try:
            with self._context.wrap_socket(connection, server_side=True) as secured:
                self.handshakes += 1
                self._listen(secured)
        except ssl.SSLError:  # the client did not trust it, or is not trusted
            return

    def _listen(self, connection: socket.socket) -> None:
        heard = b""
        try:
            while chunk := connection.recv(4096):
                heard += chunk
        except OSError:  # a connection that is ended in TLS without a farewell
            pass
        finally:
            self._heard.put(heard)

    def heard(self) -> bytes:
        """Everything that came in by the next connection, once that is over."""
        return self._heard.get(timeout=5)


def silent(_connection: socket.socket, over: threading.Event) -> None:
    """Accepts, and says nothing until the test is over."""
    over.wait()


@contextmanager
def serving(script: Script) -> Iterator[Target]:
    """Where ``script`` serves meanwhile."""
    with Server(script) as server:
        yield server.target


def write_estate(directory: Path, options: str = "[orchestration]\nmcr-pull-limit=500\n", **tables: str) -> Path:
    """An estate of a pair with its exports.

    Args:
        directory: where to.
        options: what stands in each export.
        tables: further lines of the tables ``estate`` (instead of the usual ones), ``configuration``, ``application`` (of
            ORS_1) and ``cassandra``.
    """
    given = {"estate": 'rollback = "rollback"\npersistence = "cassandra"'}
    given |= dict.fromkeys(("configuration", "application", "cassandra"), "") | tables
    for name in ("exports", "rollback"):
        (directory / name).mkdir(exist_ok=True)
    for name in ("exports/ORS_1.cfg", "exports/ORS_1_B.cfg", "rollback/ORS_1.cfg"):
        (directory / name).write_text(options)
    path = directory / "estate.toml"
    path.write_text(ESTATE.format(**given))
    return path


def diagnose(path: Path, **how: Any) -> Diagnosis:
    """What the doctor finds; no secret is in it."""
    found = examine(load_estate_file(path), **how)
    assert SECRET not in repr(found)
    for check in found.checks:
        assert check.text
        assert bool(check.fix) or check.state in {"ok", "later"}, check
        assert "\n" not in check.text + check.fix
    return found


def about(diagnosis: Diagnosis, subject: str) -> Check:
    """The only check of ``subject``, or of a file or address that ends so."""
    (found,) = [check for check in diagnosis.checks if re.search(rf"(^|[/ ]){re.escape(subject)}$", check.subject)]
    return found
