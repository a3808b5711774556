# SPDX-License-Identifier: Apache-2.0
"""The program as a process, a snapshot that is GO, and copies of the program that may be damaged."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from orsgate.estate.snapshot import Snapshot, dump
from tests.faults.workshop import Workshop, open_workshop

ROOT = Path(__file__).resolve().parents[2]
HARNESS = ("orsgate", "features", "steps", "fixtures", "conftest.py", "pytest.ini")


@dataclass(frozen=True)
class Ended:
    """How the program ended."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Everything it wrote."""
        return self.out + self.err

    def report(self, path: Path) -> dict[str, Any]:
        """A results.json that it wrote."""
        read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return read


def environment(program: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a user who has the program in ``program``; of a copy, which tests change, no bytecode is kept."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV"))}
    no_bytecode = {} if program == ROOT else {"PYTHONDONTWRITEBYTECODE": "1"}
    return kept | {"PYTHONPATH": str(program)} | no_bytecode | dict(extra or {})


def orsgate(
    *arguments: object, program: Path = ROOT, cwd: Path | None = None, env: Mapping[str, str] | None = None, seconds: float = 120
) -> Ended:
    """Run the program to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "orsgate", *map(str, arguments)], cwd=cwd or ROOT.parent, env=environment(program, env),
        capture_output=True, text=True, timeout=seconds, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return Ended(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def go_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stored snapshot of the healthy estate and its ring; judged by an undamaged program it is GO."""
    directory = tmp_path_factory.mktemp("go")
    path = directory / "snapshot.json"
    path.write_bytes(dump(healthy_snapshot(open_workshop(directory / "estate"))))
    return path


def healthy_snapshot(workshop: Workshop) -> Snapshot:
    """The snapshot of a workshop, with the facts of its ring."""
    kept: list[Snapshot] = []

    def keep(snapshot: Snapshot) -> Snapshot:
        kept.append(snapshot)
        return snapshot

    workshop.alter = keep
    workshop.judge()
    return kept[0]


@pytest.fixture
def program(tmp_path: Path) -> Callable[[], Path]:
    """Makes a copy of the program that a test may damage; what it leaves alone starts from the bytecode that is there."""

    def copy() -> Path:
        target = tmp_path / "program"
        for name in HARNESS:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("*.pyc.*"))  # being written
            else:
                target.mkdir(exist_ok=True)
                shutil.copy(source, target / name)
        return target

    return copy
