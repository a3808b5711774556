# SPDX-License-Identifier: Apache-2.0
"""The jars of a Cassandra release: named and digested by a lock file, fetched once, kept in the user's cache."""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from orsgate.sandbox.errors import SandboxError, UsageError

Progress = Callable[[int, int], None]
"""Called with the bytes fetched so far and the bytes to fetch; one call at a time, from any thread."""

Fetch = Callable[["Artifact", Path, Callable[[int], None]], Path]
"""Fetches one artifact into a directory, reports each piece's bytes, and gives the file."""

_DOWNLOADS = 6
_PARTIAL = ".partial-"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of a Maven repository and what it must contain.

    Attributes:
        group: Maven group.
        artifact: Maven artifact.
        version: its version.
        classifier: its classifier, mostly empty.
        extension: file name extension, ``jar``.
        sha256: hexadecimal digest of the file.
        size: bytes of the file.
    """

    group: str
    artifact: str
    version: str
    classifier: str
    extension: str
    sha256: str
    size: int

    @property
    def file_name(self) -> str:
        """Name of the file, e.g. ``jamm-0.2.5.jar``."""
        classifier = f"-{self.classifier}" if self.classifier else ""
        return f"{self.artifact}-{self.version}{classifier}.{self.extension}"

    @property
    def path(self) -> Path:
        """Where the file is, relative to the cache; the layout is Maven's."""
        return Path(*self.group.split("."), self.artifact, self.version, self.file_name)


def locked_releases() -> tuple[str, ...]:
    """The Cassandra releases that a lock file exists for, oldest first."""
    names = [entry.name for entry in (resources.files("orsgate.sandbox") / "locks").iterdir()]
    releases = [n.removeprefix("cassandra-").removesuffix(".json") for n in names if n.endswith(".json")]
    return tuple(sorted(releases, key=lambda release: [int(part) for part in release.split(".")]))


def locked_artifacts(release: str) -> tuple[Artifact, ...]:
    """The artifacts that make up a Cassandra release.

    Raises:
        UsageError: there is no lock file for the release.
    """
    if release not in locked_releases():
        raise UsageError(f"Cassandra {release} is not in the sandbox; it has {', '.join(locked_releases())}")
    text = (resources.files("orsgate.sandbox") / "locks" / f"cassandra-{release}.json").read_text("utf-8")
    return tuple(Artifact(**entry) for entry in json.loads(text)["artifacts"])


def default_cache() -> Path:
    """The user's cache: ``ORSGATE_CACHE``, else ``orsgate`` in ``XDG_CACHE_HOME`` or ``~/.cache``."""
    if own := os.environ.get("ORSGATE_CACHE"):
        return Path(own)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "orsgate"


class JarStore:
    """Gives the jars of a release, from the cache where they are there.

    Processes that fill the same cache wait for each other; each file appears whole or not at all.

    Args:
        cache: the directory to keep them in; by default the user's cache.
        fetch: how one artifact is fetched; by default by jgo from its default remote.
    """

    def __init__(self, cache: Path | None = None, fetch: Fetch | None = None) -> None:
        self._directory = (cache or default_cache()) / "jars"
        self._fetch = fetch or fetch_with_jgo

    def jars(self, artifacts: Sequence[Artifact], progress: Progress | None = None) -> list[Path]:
        """The files of ``artifacts``, in their order, each verified against its digest.

        Raises:
            SandboxError: a file could not be fetched, or is not what the lock file says.
        """
        if any(not self._place(artifact).exists() for artifact in artifacts):
            self._fill(artifacts, progress)
        for artifact in artifacts:
            _verify(artifact, self._place(artifact))
        return [self._place(artifact) for artifact in artifacts]

    def _place(self, artifact: Artifact) -> Path:
        return self._directory / artifact.path

    def _fill(self, artifacts: Sequence[Artifact], progress: Progress | None) -> None:
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            with _exclusive(self._directory / ".lock"):
                for stale in self._directory.glob(f"{_PARTIAL}*"):  # of a process that died: we hold the lock
                    shutil.rmtree(stale)
                missing = [artifact for artifact in artifacts if not self._place(artifact).exists()]
                with tempfile.TemporaryDirectory(prefix=_PARTIAL, dir=self._directory) as partial:
                    self._fetch_all(missing, Path(partial), progress)
        except OSError as error:
            raise SandboxError(f"The jar cache {self._directory} cannot be filled: {error}") from error

    def _fetch_all(self, missing: Sequence[Artifact], partial: Path, progress: Progress | None) -> None:
        count = _Count(sum(artifact.size for artifact in missing), progress)

        def fetch_one(artifact: Artifact) -> None:
            fetched = self._fetch(artifact, partial, count.add)
            _verify(artifact, fetched)
            place = self._place(artifact)
            place.parent.mkdir(parents=True, exist_ok=True)
            fetched.replace(place)
            _log.debug("fetched %s", artifact.file_name)

        with ThreadPoolExecutor(_DOWNLOADS, thread_name_prefix="jars") as pool:
            futures = [pool.submit(fetch_one, artifact) for artifact in missing]
            try:
                for future in futures:
                    future.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise


class _Count:
    """Adds up what the downloads report, one at a time."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self._total = total
        self._progress = progress
        self._done = 0
        self._lock = threading.Lock()

    def add(self, amount: int) -> None:
        with self._lock:
            self._done += amount
            if self._progress:
                self._progress(self._done, self._total)


def fetch_with_jgo(artifact: Artifact, directory: Path, report: Callable[[int], None]) -> Path:
    """Fetches one artifact into ``directory`` by jgo, from its default remote.

    Raises:
        SandboxError: it could not be fetched.
    """
    import requests  # noqa: PLC0415  # heavy, and not needed where the cache is complete
    from jgo.maven import MavenContext, PythonResolver  # noqa: PLC0415

    @contextmanager
    def piecewise(_name: str, _size: int) -> Iterator[Callable[[int], None]]:
        yield report

    def observer(name: str, size: int) -> AbstractContextManager[Callable[[int], None]]:
        return piecewise(name, size)

    context = MavenContext(
        resolver=PythonResolver(progress_callback=observer),
        repo_cache=directory,
        timeout=30,
    )
    component = context.project(artifact.group, artifact.artifact).at_version(artifact.version)
    try:
        return Path(component.artifact(artifact.classifier, artifact.extension).resolve())
    except (requests.RequestException, RuntimeError) as error:  # jgo raises a bare RuntimeError for "not found"
        raise SandboxError(f"The jar {artifact.file_name} could not be fetched: {error}") from error


def digest(path: Path) -> str:
    """The SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _verify(artifact: Artifact, path: Path) -> None:
    found = digest(path)
    if found != artifact.sha256:
        raise SandboxError(
            f"The jar {artifact.file_name} is not the one that was locked: its SHA-256 is {found} "
            f"instead of {artifact.sha256} ({path})",
        )


@contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
