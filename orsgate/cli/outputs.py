# SPDX-License-Identifier: Apache-2.0
"""Where results go: files are staged beside their target and put in place together, so that a failed run leaves none."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from orsgate.estate.atomic import STAGED, sync_directory
from orsgate.estate.mistakes import InputError
from orsgate.reporting.files import ReportError, is_device, report_error, write, write_whole

STDOUT = "-"
_ALSO_STDOUT = frozenset({"/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"})
"""Its names as a file; written to beside the stream itself, what both hold would be mixed."""


class Outputs:
    """The files and the stream that a run writes to.

    Args:
        targets: what -> path, ``-`` for standard output, or None where it was not asked for.

    Raises:
        InputError: if two results share a target, or a target is a directory.
    """

    def __init__(self, targets: Mapping[str, str | None]) -> None:
        self._targets = {
            what: STDOUT if target in _ALSO_STDOUT else target for what, target in targets.items() if target is not None
        }
        seen: dict[str, str] = {}
        for what, target in self._targets.items():
            place = target if target == STDOUT else os.path.normcase(os.path.realpath(target))
            if place in seen:
                raise InputError(f"--{seen[place]} and --{what} both go to {target}; give each its own")
            seen[place] = what
            if target != STDOUT and Path(target).is_dir():
                raise InputError(f"--{what} {target} is a directory; name a file in it")
        self._staged: dict[str, Path] = {}
        self._private: Path | None = None

    def keep_off(self, inputs: Iterable[Path]) -> None:
        """Make sure that no result replaces a file that the run reads.

        Raises:
            InputError: if one would.
        """
        written: dict[tuple[int, int], str] = {}
        for what, target in self.places().items():
            if not is_device(Path(target)) and (found := _identity(Path(target))):
                written[found] = what
        for path in inputs if written else ():  # a result that is not there yet is no input
            found = _identity(path)
            if found in written:
                what = written[found]
                raise InputError(f"--{what} {self._targets[what]} would replace {path}, which this run reads; name another file")

    def keep_out_of(self, baseline: Path) -> None:
        """Make sure that no result goes into a baseline: with a file more, it is not any more what was stored.

        Raises:
            InputError: if one would.
        """
        for what, target in self.places().items():
            keep_out_of(baseline, target, f"--{what} {target}")

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

    def path(self, what: str) -> Path:
        """A path to write a result to; it is put in its place at the end of ``together``."""
        target = self._targets[what]
        name = f"{STAGED}{secrets.token_hex(8)}.{what}"
        staged = Path(os.path.realpath(target)).with_name(name) if self._is_file(what) else self._away() / name
        self._staged[what] = staged
        return staged

    def _away(self) -> Path:
        """A directory that nobody else can look into, for what is not staged beside its target."""
        if self._private is None:
            self._private = Path(tempfile.mkdtemp(prefix="orsgate."))
        return self._private

    def write(self, what: str, data: bytes) -> None:
        """Write a whole result."""
        write_whole(self.path(what), (data.decode(),))

    def deliver(self) -> None:
        """Write what goes to a stream or a device, which may refuse it; ``together`` does so where nobody did before.

        Raises:
            ReportError: if one cannot be written.
        """
        for what, staged in list(self._staged.items()):
            if not self._is_file(what):
                self._place(staged, self._targets[what])
                staged.unlink()
                del self._staged[what]

    @contextmanager
    def together(self) -> Iterator[None]:
        """Put every result that is written meanwhile in place at the end; if anything breaks, none.

        Raises:
            ReportError: if one cannot be written.
        """
        try:
            yield
            # A stream may refuse what it is given, a file is only renamed: in this order a failed run leaves no file.
            self.deliver()
            for what, staged in self._staged.items():
                self._place(staged, self._targets[what])
        except ReportError as error:
            text = str(error)
            for what, staged in self._staged.items():
                text = text.replace(str(staged), self._targets[what])
            raise ReportError(text) from error
        finally:
            for staged in self._staged.values():
                with suppress(OSError):
                    staged.unlink()
            self._staged.clear()
            if self._private is not None:
                shutil.rmtree(self._private, ignore_errors=True)
                self._private = None

    def _is_file(self, what: str) -> bool:
        target = self._targets[what]
        return target != STDOUT and not is_device(Path(target))

    @staticmethod
    def _place(staged: Path, target: str) -> None:
        if target == STDOUT:
            if getattr(sys.stdout, "name", "") == os.devnull:  # opened in place of a stream that was closed
                raise ReportError("cannot write the report to standard output: it is closed; name a file")
            with staged.open(encoding="utf-8", newline="") as lines:
                write(sys.stdout, lines)
        elif is_device(Path(target)):
            with staged.open(encoding="utf-8", newline="") as lines:
                write_whole(Path(target), lines)
        else:
            try:
                _replace(Path(os.path.realpath(target)), staged)
            except OSError as error:
                raise report_error(target, error) from error


def _replace(target: Path, staged: Path) -> None:
    """Put a file in the place of another, whose permissions it takes over: who could not read the old one cannot read it."""
    if target.exists():
        shutil.copymode(target, staged)
    staged.replace(target)
    sync_directory(target.parent)


def keep_out_of(baseline: Path, target: str | Path, what: str) -> None:
    """Make sure that a file that is written does not lie in a baseline.

    Args:
        baseline: its directory.
        target: the file.
        what: how a sentence names the file.

    Raises:
        InputError: it does.
    """
    if Path(os.path.realpath(target)).is_relative_to(os.path.realpath(baseline)):
        raise InputError(f"{what} would change the baseline {baseline}, which this run reads; name another file")


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells one file from another, by whatever name; None where there is none."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino
