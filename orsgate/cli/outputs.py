# SPDX-License-Identifier: Apache-2.0
"""Where results go: files are staged beside their target and put in place together, so that a failed run leaves none."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from orsgate.estate.mistakes import InputError

STDOUT = "-"


class OutputError(RuntimeError):
    """A result could not be written; one sentence."""


class Outputs:
    """The files and the stream that a run writes to.

    Args:
        targets: what -> path, ``-`` for standard output, or None where it was not asked for.

    Raises:
        InputError: if two results share a target, or a target is a directory.
    """

    def __init__(self, targets: Mapping[str, str | None]) -> None:
        self._targets = {what: target for what, target in targets.items() if target is not None}
        seen: dict[str, str] = {}
        for what, target in self._targets.items():
            place = target if target == STDOUT else str(Path(target).absolute())
            if place in seen:
                raise InputError(f"--{seen[place]} and --{what} both go to {target}; give each its own")
            seen[place] = what
            if target != STDOUT and Path(target).is_dir():
                raise InputError(f"--{what} {target} is a directory; name a file in it")
        self._staged: dict[str, IO[str]] = {}

    @property
    def to_stdout(self) -> bool:
        """Whether a result goes to standard output, so that the console text goes to standard error."""
        return STDOUT in self._targets.values()

    def wants(self, what: str) -> bool:
        """Whether a result was asked for."""
        return what in self._targets

    def places(self) -> dict[str, str]:
        """What -> path, for those that are files."""
        return {what: target for what, target in self._targets.items() if target != STDOUT}

    def stream(self, what: str) -> IO[str]:
        """A stream to write a result to; nothing is visible before ``commit``.

        Raises:
            OutputError: if its directory cannot be made or written to.
        """
        target = self._targets[what]
        try:
            directory = None
            if target != STDOUT:
                Path(target).absolute().parent.mkdir(parents=True, exist_ok=True)
                directory = Path(target).absolute().parent
            stream = tempfile.NamedTemporaryFile(  # noqa: SIM115 - it is closed by commit or discard
                "w+", encoding="utf-8", newline="\n", dir=directory, prefix=".orsgate-", suffix=".part", delete=False
            )
        except OSError as error:
            raise OutputError(f"--{what} {target} cannot be written: {error.strerror}") from None
        self._staged[what] = stream
        return stream

    def write(self, what: str, text: str) -> None:
        """Write a whole result."""
        self.stream(what).write(text)

    def commit(self) -> None:
        """Put every staged result in place.

        Raises:
            OutputError: if one cannot be written; then none is put in place.
        """
        try:
            for stream in self._staged.values():
                stream.flush()
                os.fsync(stream.fileno())
            for what, stream in self._staged.items():
                if self._targets[what] == STDOUT:
                    stream.seek(0)
                    for line in stream:
                        sys.stdout.write(line)
                stream.close()
            for what, stream in self._staged.items():
                if self._targets[what] != STDOUT:
                    self._place(Path(stream.name), Path(self._targets[what]).absolute())
        except OSError as error:
            self.discard()
            raise OutputError(f"the results cannot be written: {error.strerror}") from None
        self.discard()

    @staticmethod
    def _place(staged: Path, target: Path) -> None:
        # A temporary file is readable by its owner only; a report is for whoever may read other files made here.
        umask = os.umask(0)
        os.umask(umask)
        staged.chmod(0o666 & ~umask)
        staged.replace(target)

    def discard(self) -> None:
        """Remove what was staged and not put in place."""
        for stream in self._staged.values():
            stream.close()
            with contextlib.suppress(FileNotFoundError):
                Path(stream.name).unlink()
        self._staged.clear()
