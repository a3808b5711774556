# SPDX-License-Identifier: Apache-2.0
"""The log file of an ORS twin: a new one at each start, with the head that ORS logs have.

The lines of the head are those that a public parser of ORS logs reads (ssydoruk/logbrowser, ``FileInfo.java``); the one with the
version is unconfirmed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

Level = Literal["Std", "Int", "Trc", "Dbg"]

_NAME_WIDTH = 26
_UNSAFE = '<>:"/\\|?*\0'


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the beginning of a log.

    Attributes:
        build: empty for no version line.
        started: when the application was started, in UTC.
        remarks: lines after the others.
    """

    application: str
    build: str
    host: str
    started: datetime
    remarks: tuple[str, ...] = ()

    def lines(self, path: Path) -> list[str]:
        """The lines of the head."""
        local = self.started.astimezone()
        offset = local.utcoffset()
        minutes = 0 if offset is None else int(-offset.total_seconds() // 60)
        fields = {
            "Application name": self.application,
            "Application type": "OrchestrationServer (161)",
            "Application version": self.build,
            "Host name": self.host,
            "Time zone": f"{abs(minutes) * 60}, {local.tzname() or 'UTC'}",
            "Local time": local.strftime("%Y-%m-%dT%H:%M:%S.") + f"{local.microsecond // 1000:03d}",
            "Start time (UTC)": self.started.strftime("%Y-%m-%dT%H:%M:%S"),
            "File": f"(1) {path}",
        }
        return [f"{name + ':':<{_NAME_WIDTH}}{value}" for name, value in fields.items() if value] + list(self.remarks)


class OrsLog:
    """The log of one run of one application.

    Args:
        path: the file; the one of the run before keeps its text under another name.
        head: what it begins with.
    """

    def __init__(self, path: Path, head: Head) -> None:
        self.path = path
        self._name = head.application
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            path.replace(_free_name(path))
        path.write_text("\n".join([*head.lines(path), "", ""]), encoding="utf-8")

    def write(self, level: Level, number: str, text: str) -> None:
        """Adds a line."""
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
        self.lines([f"{now} {level} {number} {self._name} {text}"])

    def trace(self, text: str) -> None:
        """A line about what goes as it should."""
        self.write("Trc", "09900", text)

    def error(self, text: str) -> None:
        """A line about a trouble."""
        self.write("Std", "09901", text)

    def lines(self, lines: Iterable[str]) -> None:
        """Adds lines as they are."""
        with self._lock, self.path.open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)


def log_path(directory: Path, application: str) -> Path:
    """Where the newest log of an application lies."""
    return directory / ("".join("_" if letter in _UNSAFE else letter for letter in application) + ".log")


def _free_name(path: Path) -> Path:
    number = 1
    while (older := path.with_suffix(f".{number}.log")).exists():
        number += 1
    return older
