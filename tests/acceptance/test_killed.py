# SPDX-License-Identifier: Apache-2.0
"""``fix --apply`` and ``undo`` as processes that are killed with a write under way: the next run knows what was done.

``tests/remedy/test_undo.py`` kills at every line of the journal; here it is the whole program, from its command line.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web

from orsgate.cli.applying import JOURNAL
from orsgate.estate.file import load_estate_file
from orsgate.estate.journal import read_journal
from orsgate.sandbox.site.site import Site
from orsgate.sandbox.twins.exchange import Exchange
from orsgate.sandbox.twins.misbehaviour import Misbehaviour
from orsgate.sandbox.twins.objects import Tree
from orsgate.sandbox.twins.ors_stores import MemoryStore
from tests.acceptance.conftest import ROOT, Ended, environment, orsgate
from tests.journals import unfinished

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="kills processes")]

VALUES = (
    "*:orchestration/mcr-pull-limit=500",
    *(f"ORS_Cluster:cluster/ORS_{node}={place}" for node, place in (("A1", "DC1"), ("A2", "DC1"), ("B1", "DC2"))),
    *(f"ORS_{node}_B:Server Info/Host=ors-{node.lower()}-b" for node in ("A1", "A2", "B1")),
)
WRITES = 3
"""One for each application of the sample."""
MOMENTS = [(write, stored) for write in range(1, WRITES + 1) for stored in (False, True)]


@dataclass
class Kill(Misbehaviour):
    """At a write it kills who writes, before it is stored or after; all others are answered rightly."""

    write: int
    stored: bool
    victim: list[subprocess.Popen[str]] = field(default_factory=list)
    seen: int = 0

    async def act(self, exchange: Exchange) -> web.StreamResponse:
        self.seen += 1
        if self.seen != self.write:
            return exchange.response(exchange.answer())
        if self.stored:
            exchange.answer()
        self.victim[0].kill()
        self.victim[0].wait()  # so that nothing more can come of it
        return exchange.aborted()


@dataclass
class Migration:
    """A site whose GAX twin may be written to, and what ``fix`` wrote for it.

    Attributes:
        before: the configuration before anything was applied.
        after: that after everything was.
    """

    site: Site
    fixed: Path
    before: Tree
    after: Tree

    def words(self, doing: str, directory: Path) -> list[str]:
        """The command line that applies, or takes back, what ``directory`` says."""
        agreed = ["--accept-undocumented-api", "--confirm", load_estate_file(self.site.estate_file).file.estate.name]
        estate = str(self.site.estate_file)
        if doing == "apply":
            return ["fix", estate, "--directory", str(directory), "--apply", *agreed]
        return ["undo", str(directory / JOURNAL), estate, *agreed]

    def run(self, doing: str, directory: Path) -> Ended:
        """Does it undisturbed."""
        return orsgate(*self.words(doing, directory))

    def killed(self, doing: str, directory: Path, write: int, *, stored: bool) -> None:
        """Does it until it is killed at a write."""
        kill = Kill(write, stored)
        self.site.gax.misbehave_writes = kill
        command = [sys.executable, "-m", "orsgate", *self.words(doing, directory)]
        pipe = subprocess.PIPE
        with subprocess.Popen(
            command, env=environment(ROOT), stdin=subprocess.DEVNULL, stdout=pipe, stderr=subprocess.STDOUT, text=True
        ) as process:
            kill.victim.append(process)
            out, _ = process.communicate(timeout=60)
        self.site.gax.misbehave_writes = None
        assert process.returncode == -signal.SIGKILL, out


@pytest.fixture(scope="module")
def migration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Migration]:
    directory = tmp_path_factory.mktemp("killed")
    with Site("exported-8.1.2", directory / "site", store=MemoryStore().of, gax={"writable": True}) as site:
        patient = site.estate_file.read_text("utf-8")  # so long is waited for a write that may still be stored
        site.estate_file.write_text(patient.replace('source = "gax"\n', 'source = "gax"\ntimeout = 0.6\n'), "utf-8")
        values = [part for value in VALUES for part in ("--set", value)]
        ended = orsgate("fix", site.estate_file, "--directory", directory / "fixed", *values)
        assert ended.code == 3, ended.said  # no ring runs here, so what it would ask for is not known
        assert "values needed" not in ended.said
        made = Migration(site, directory / "fixed", site.tree, site.tree)
        shutil.copytree(directory / "fixed", directory / "whole")
        assert made.run("apply", directory / "whole").code == 0
        made.after = site.tree
        assert made.after != made.before
        assert made.run("undo", directory / "whole").code == 0
        assert site.tree == made.before
        yield made


@pytest.fixture
def fixed(migration: Migration, tmp_path: Path) -> Path:
    """What fix wrote, with a journal of its own; the configuration is as it was."""
    migration.site.gax.tree = migration.before
    return Path(shutil.copytree(migration.fixed, tmp_path / "fixed"))


def taken_back(migration: Migration, fixed: Path) -> None:
    ended = migration.run("undo", fixed)
    assert ended.code == 0, ended.said
    assert migration.site.tree == migration.before
    assert not unfinished(list(read_journal(fixed / JOURNAL)), "write")


@pytest.mark.parametrize(("write", "stored"), MOMENTS)
@pytest.mark.parametrize("then", ["apply", "undo"])
def test_fix_is_killed(write: int, stored: bool, then: str, migration: Migration, fixed: Path) -> None:  # noqa: FBT001
    migration.killed("apply", fixed, write, stored=stored)
    changed = sum(
        one != other for one, other in zip(migration.site.tree.applications, migration.before.applications, strict=True)
    )
    assert changed == write - 1 + stored
    if then == "apply":
        ended = migration.run("apply", fixed)
        assert ended.code == 0, ended.said
        assert migration.site.tree == migration.after
    taken_back(migration, fixed)


@pytest.mark.parametrize(("write", "stored"), MOMENTS)
@pytest.mark.parametrize("then", ["apply", "undo"])
def test_undo_is_killed(write: int, stored: bool, then: str, migration: Migration, fixed: Path) -> None:  # noqa: FBT001
    assert migration.run("apply", fixed).code == 0
    migration.killed("undo", fixed, write, stored=stored)
    changed = sum(one != other for one, other in zip(migration.site.tree.applications, migration.after.applications, strict=True))
    assert changed == write - 1 + stored
    if then == "apply":
        ended = migration.run("apply", fixed)
        assert ended.code == 0, ended.said
        assert migration.site.tree == migration.after
    taken_back(migration, fixed)
