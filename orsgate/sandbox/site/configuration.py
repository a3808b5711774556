# SPDX-License-Identifier: Apache-2.0
"""Where a site's configuration lives, and how a person changes it: the tree of a GAX twin, or an estate file with its exports."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from orsgate.estate.export import decode
from orsgate.estate.file import LoadedEstate, load_estate_file
from orsgate.sandbox.errors import UsageError
from orsgate.sandbox.site.edits import changed, installed, option_in_text, with_option
from orsgate.sandbox.site.estate_text import tables_of, toml_of
from orsgate.sandbox.site.placing import write_private
from orsgate.sandbox.twins.gax import GaxTwin
from orsgate.sandbox.twins.objects import Tree
from orsgate.sandbox.twins.tree import revealed, tree_from


class SiteConfiguration(ABC):
    """The configuration of a site."""

    @abstractmethod
    def tree(self) -> Tree:
        """What it is now."""

    @abstractmethod
    def set_option(self, application: str, key: str, value: str | None) -> None:
        """Sets ``section/name`` of an application, or deletes it."""

    @abstractmethod
    def install(self, application: str, build: str) -> None:
        """Writes what an installation writes: the version, and the command line."""

    @abstractmethod
    def edit(self, change: Callable[[Tree], Tree]) -> None:
        """Changes anything.

        Raises:
            UsageError: it is made of files, which are edited themselves.
        """


class GaxConfiguration(SiteConfiguration):
    """The tree that a GAX twin serves, whoever changes it.

    Args:
        gax: the twin.
    """

    def __init__(self, gax: GaxTwin) -> None:
        self._gax = gax

    def tree(self) -> Tree:
        """What it serves."""
        return self._gax.tree

    def edit(self, change: Callable[[Tree], Tree]) -> None:
        """Serves what a change makes of it."""
        self._gax.tree = change(self._gax.tree)

    def set_option(self, application: str, key: str, value: str | None) -> None:
        """Sets an option in the tree."""
        self.edit(lambda tree: changed(tree, application, lambda one: replace(one, options=with_option(one.options, key, value))))

    def install(self, application: str, build: str) -> None:
        """Writes version and command line into the tree."""
        self.edit(
            lambda tree: changed(
                tree, application, lambda one: replace(one, version=build, arguments=installed(one.arguments, build))
            )
        )


class FilesConfiguration(SiteConfiguration):
    """An estate file and the exports that it names, read again whenever one of them changed.

    Args:
        path: the estate file.
        server: the Configuration Server that the tree is said to be of.
    """

    def __init__(self, path: Path, server: str) -> None:
        self._path = path
        self._server = server
        self._lock = threading.Lock()
        self._read: tuple[tuple[tuple[str, int, int], ...], Tree] | None = None

    @property
    def loaded(self) -> LoadedEstate:
        """The estate file as it is now."""
        return load_estate_file(self._path)

    def tree(self) -> Tree:
        """What the files say."""
        with self._lock:
            state = self._state()
            if self._read is None or self._read[0] != state:
                self._read = (state, tree_from(revealed(self.loaded), self._server))
            return self._read[1]

    def edit(self, change: Callable[[Tree], Tree]) -> None:
        """Refuses."""
        del change
        raise UsageError(f"the configuration of this site is files; change {self._path} and the exports that it names")

    def set_option(self, application: str, key: str, value: str | None) -> None:
        """Sets an option in the export of an application."""
        loaded = self.loaded
        entry = next((one for one in loaded.file.application if one.name == application), None)
        if entry is None or entry.options is None:
            raise UsageError(f"{self._path} names no export of {application}")
        path = loaded.resolve(entry.options)
        text, encoding, _ = decode(path.read_bytes())
        write_private(path, option_in_text(text, key, value).encode(encoding))

    def install(self, application: str, build: str) -> None:
        """Writes version and command line into the estate file."""
        tables = tables_of(self.loaded.file)
        entries = [one for one in tables["application"] if one["name"] == application]
        if not entries:
            raise UsageError(f"{self._path} has no application {application}")
        for entry in entries:
            entry["version"] = build
            if "arguments" in entry:
                entry["arguments"] = installed(entry["arguments"], build)
        write_private(self._path, toml_of(tables).encode())

    def _state(self) -> tuple[tuple[str, int, int], ...]:
        """What tells that a file changed."""
        files = sorted(path for path in self._path.parent.rglob("*") if path.suffix in {".cfg", ".conf", ".toml"})
        told = ((str(path), path.stat()) for path in files)
        return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in told)
