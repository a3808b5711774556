# SPDX-License-Identifier: Apache-2.0
"""Jars are what the lock file says, are fetched once, and come from the cache afterwards."""

import hashlib
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
import requests

from orsgate.sandbox.errors import SandboxError, UsageError
from orsgate.sandbox.jars import Artifact, JarStore, default_cache, locked_artifacts, locked_releases
from tests.sandbox.waiting import until


def artifact(name: str) -> Artifact:
    content = name.encode()
    return Artifact("org.example", name, "1.0", "", "jar", hashlib.sha256(content).hexdigest(), len(content))


class Shop:
    """Stands in for the registry: serves the name of an artifact as its content, and remembers."""

    def __init__(self) -> None:
        self.served: list[str] = []

    def __call__(self, wanted: Artifact, directory: Path, report: Callable[[int], None]) -> Path:
        self.served.append(wanted.artifact)
        path = directory / wanted.file_name
        path.write_bytes(wanted.artifact.encode())
        report(wanted.size)
        return path


def test_a_jar_is_fetched_once_and_read_from_the_cache_afterwards(tmp_path: Path) -> None:
    shop = Shop()
    wanted = [artifact("a"), artifact("b")]
    first = JarStore(tmp_path, shop).jars(wanted)
    assert [path.read_text() for path in first] == ["a", "b"]
    assert JarStore(tmp_path, shop).jars([*wanted, artifact("c")])[:2] == first
    assert sorted(shop.served) == ["a", "b", "c"]


def test_progress_ends_with_everything_that_was_missing(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    wanted = [artifact(name) for name in ("one", "three", "eleven")]
    JarStore(tmp_path, Shop()).jars(wanted, lambda done, total: seen.append((done, total)))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (14, 14)


def test_a_jar_with_another_digest_is_refused_and_not_kept(tmp_path: Path) -> None:
    wrong = replace(artifact("a"), sha256="0" * 64)
    with pytest.raises(SandboxError, match=r"a-1\.0\.jar is not the one that was locked"):
        JarStore(tmp_path, Shop()).jars([wrong])
    assert not list(tmp_path.rglob("*.jar"))


def test_a_jar_that_was_changed_in_the_cache_is_refused(tmp_path: Path) -> None:
    store = JarStore(tmp_path, Shop())
    (path,) = store.jars([artifact("a")])
    path.write_text("changed")
    with pytest.raises(SandboxError, match=r"a-1\.0\.jar is not the one that was locked"):
        store.jars([artifact("a")])


def not_there(*_arguments: Any, **_options: Any) -> SimpleNamespace:
    return SimpleNamespace(status_code=404)


def offline(*_arguments: Any, **_options: Any) -> NoReturn:
    raise requests.ConnectionError("no route")


@pytest.mark.parametrize("get", [not_there, offline])
def test_a_jar_that_cannot_be_fetched_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, get: Callable[..., Any]) -> None:
    monkeypatch.setattr("jgo.util.http.get", get)
    with pytest.raises(SandboxError, match=r"a-1\.0\.jar could not be fetched: .*(not found|no route)"):
        JarStore(tmp_path).jars([artifact("a")])


def test_jgo_fetches_what_is_locked(tmp_path: Path) -> None:
    jamm = next(entry for entry in locked_artifacts("1.1.12") if entry.artifact == "jamm")
    (path,) = JarStore(tmp_path).jars([jamm])
    assert path == tmp_path / "jars/com/github/stephenc/jamm/0.2.5/jamm-0.2.5.jar"


FILL = """
import sys, time
from pathlib import Path
from orsgate.sandbox.jars import JarStore
from tests.sandbox.test_jars import Shop, artifact
root, name = Path(sys.argv[1]), sys.argv[2]
class Slow(Shop):
    def __call__(self, *arguments):
        (root / f"{name}-fetches").touch()
        while not (root / "go").exists():
            time.sleep(0.01)
        with (root / "served").open("a") as file:
            file.write(arguments[0].artifact + "\\n")
        return super().__call__(*arguments)
(root / f"{name}-runs").touch()
JarStore(root / "cache", Slow()).jars([artifact(n) for n in "abcdefghijkl"])
"""


@pytest.mark.slow
def test_two_processes_fill_the_same_cache_together(tmp_path: Path) -> None:
    commands = [[sys.executable, "-c", FILL, str(tmp_path), name] for name in ("one", "two")]
    fillers = [subprocess.Popen(command) for command in commands]
    until(lambda: all((tmp_path / f"{name}-runs").exists() for name in ("one", "two")), "both processes")
    until(lambda: bool(list(tmp_path.glob("*-fetches"))), "the first download")
    (tmp_path / "go").touch()
    assert [filler.wait(20) for filler in fillers] == [0, 0]
    assert sorted((tmp_path / "served").read_text().split()) == list("abcdefghijkl")
    assert not list((tmp_path / "cache/jars").glob(".partial-*"))


def test_the_cache_is_where_the_user_wants_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ORSGATE_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert default_cache() == tmp_path / "xdg/orsgate"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert default_cache() == Path.home() / ".cache/orsgate"
    monkeypatch.setenv("ORSGATE_CACHE", str(tmp_path / "own"))
    assert default_cache() == tmp_path / "own"


def test_an_unknown_release_is_answered_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"1\.1\.11 is not in the sandbox; it has .*1\.1\.10, 1\.1\.12"):
        locked_artifacts("1.1.11")


@pytest.mark.parametrize("release", locked_releases())
def test_every_lock_names_its_release_and_a_digest_for_each_jar(release: str) -> None:
    artifacts = locked_artifacts(release)
    assert ("cassandra-all", release) in {(entry.artifact, entry.version) for entry in artifacts}
    assert all(len(entry.sha256) == 64 and entry.size for entry in artifacts)
    assert len({entry.path for entry in artifacts}) == len(artifacts)
