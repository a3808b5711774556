# SPDX-License-Identifier: Apache-2.0
"""The programs of the commands that start, stop and ask applications: found or not, and never run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from orsgate.doctor.checks import Check
from orsgate.estate.file import LoadedEstate

_HOW = "program looked for, not run"


def programs(loaded: LoadedEstate) -> Iterator[Check]:
    """Every program that a command begins with, each once; arguments are not shown, since they can hold a secret."""
    commands: dict[str, list[str]] = {}
    for entry in loaded.file.application:
        for verb, command in (("start", entry.start), ("stop", entry.stop), ("status", entry.status)):
            if command is not None:
                commands.setdefault(command[0], []).append(f"{verb} of {entry.name}")
    for program, uses in commands.items():
        use = uses[0] if len(uses) == 1 else f"{uses[0]} and {len(uses) - 1} more"
        found = shutil.which(program)
        if found is None:
            fix = "install it, put its directory on PATH, or name it with its path in the estate file"
            yield Check("other", program, _HOW, "missing", f"{program}, which is to do {use}, is not found", fix)
        else:
            yield Check("other", program, _HOW, "ok", f"{program}, which is to do {use}, is {found}")
