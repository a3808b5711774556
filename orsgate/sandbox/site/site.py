# SPDX-License-Identifier: Apache-2.0
"""A site: the ring, the GAX twin and the ORS twins of one estate, each to be started and stopped by its name."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from orsgate.estate.file import load_estate_file
from orsgate.sandbox.errors import UsageError
from orsgate.sandbox.ring import Ring
from orsgate.sandbox.site.configuration import FilesConfiguration, GaxConfiguration, SiteConfiguration
from orsgate.sandbox.site.endpoint import ControlEndpoint
from orsgate.sandbox.site.estate_text import tables_of, toml_of
from orsgate.sandbox.site.leading import led_by_files, led_by_gax
from orsgate.sandbox.site.placing import ESTATE, addresses_of, new_directory, place, write_private
from orsgate.sandbox.twins.gax import GaxTwin
from orsgate.sandbox.twins.objects import Tree
from orsgate.sandbox.twins.ors import Mode, OrsTwin
from orsgate.sandbox.twins.ors_application import ors_applications
from orsgate.sandbox.twins.ors_landscape import TAKEOVER_AFTER, Landscape
from orsgate.sandbox.twins.ors_lie import Lie
from orsgate.sandbox.twins.ors_stores import CassandraStore, StoreOf
from orsgate.sandbox.twins.server import Details
from orsgate.sandbox.twins.tree import SERVER, revealed, tree_from

Source = Literal["gax", "files"]
PASSWORD_FILE = "gax-password.txt"  # noqa: S105 - the name of a file
LOGS = "logs"
_USERNAME = "reader"
_REMARKS = (
    "Made by a sandbox of orsgate: everything that this file leads to is a twin or a sandbox on this machine,",
    "and ends with it. No part of it is Genesys software.",
)


class Site:
    """A site; it runs after ``start`` or ``with``, and is gone after ``close`` and whenever this process ends.

    Attributes:
        ring: the one that its options lead to.
        estate_file: the estate file that leads to all of it.
        ca_file: the certificate authority of a site with HTTPS.
    """

    def __init__(
        self,
        estate: str | Path,
        directory: Path,
        *,
        ring: Ring[Any] | None = None,
        store: StoreOf = CassandraStore.of,
        source: Source = "gax",
        lies: Mapping[str, Sequence[Lie]] | None = None,
        takeover_after: float = TAKEOVER_AFTER,
        https: bool = False,
        gax: Details | None = None,
    ) -> None:
        """Takes what the site is made of.

        Args:
            estate: the name of a sample, or an estate file with ``source = "files"``.
            directory: a new or empty one, for the estate file, its exports and the logs.
            ring: one that runs, to which the options then lead; None leaves them as they are.
            store: where the twins persist sessions; by default the Cassandra that their options name.
            source: where the estate file is to read the configuration from.
            lies: application -> what its twin does otherwise.
            takeover_after: seconds until a Backup serves after its Primary stopped.
            https: the ORS twins speak HTTPS.
            gax: what the GAX twin is told besides.
        """
        self.directory = directory.absolute()
        self.estate_file = self.directory / ESTATE
        self.ca_file: Path | None = None
        self._estate = str(estate)
        self.ring = ring
        self._store = store
        self._source: Source = source
        self._lies = lies
        self._takeover_after = takeover_after
        self._https = https
        self._gax_details: Details = {"username": _USERNAME, "password": secrets.token_urlsafe(18), **(gax or {})}
        self._stack = ExitStack()
        self._lock = threading.RLock()
        self._gax: GaxTwin | None = None

    def start(self) -> Self:
        """Starts everything, and writes the estate file.

        Raises:
            InputError: the estate is none, or the directory is not empty.
            SandboxError: something does not start; nothing runs then.
        """
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def close(self) -> None:
        """Stops everything; the directory stays. Does nothing the second time."""
        self._stack.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _start(self) -> None:
        new_directory(self.directory)
        loaded = place(self._estate, self.directory, addresses_of(self.ring.seeds) if self.ring else None)
        tables = tables_of(loaded.file)
        if self.ring:
            tables["cassandra"] = {**tables.get("cassandra", {}), "nodes": tuple(self.ring.seeds)}
        server = loaded.file.configuration.server or SERVER
        write_private(self.estate_file, toml_of(tables, _REMARKS).encode())
        self.configuration: SiteConfiguration
        if self._source == "gax":
            write_private(self.directory / PASSWORD_FILE, f"{self._gax_details['password']}\n".encode())
            self._gax = self._stack.enter_context(GaxTwin(tree_from(revealed(loaded), server), **self._gax_details))
            self.configuration = GaxConfiguration(self._gax)
        else:
            self.configuration = FilesConfiguration(self.estate_file, server)
        contexts = None
        if self._https:
            from orsgate.sandbox.site.tls import contexts_of, new_authority  # noqa: PLC0415  # heavy

            authority = new_authority(self.directory / "tls")
            self.ca_file = authority.ca_file
            contexts = contexts_of(authority)
        self.landscape = self._stack.enter_context(
            Landscape(
                self.configuration.tree,
                self.directory / LOGS,
                store=self._store,
                lies=self._lies,
                takeover_after=self._takeover_after,
                tls=contexts,
            )
        )
        self.control = ControlEndpoint(self.landscape)
        self._stack.callback(self.control.stop)
        self.control.start()
        self.landscape.start()
        self.refresh()

    @property
    def configured_by_gax(self) -> bool:
        """Whether the estate file reads a GAX twin."""
        return self._gax is not None

    @property
    def gax(self) -> GaxTwin:
        """The GAX twin.

        Raises:
            UsageError: the site has none.
        """
        if self._gax is None:
            raise UsageError("this site has no GAX twin: its configuration is files")
        return self._gax

    @property
    def twins(self) -> Mapping[str, OrsTwin]:
        """Application -> its twin."""
        return self.landscape.twins

    @property
    def tree(self) -> Tree:
        """The configuration as it is now."""
        return self.configuration.tree()

    def start_application(self, name: str) -> None:
        """Starts an application, also one that is new in the configuration.

        Raises:
            UsageError: there is none, or it runs.
            SandboxError: it does not start.
        """
        self.landscape.twin(name).start()

    def stop_application(self, name: str) -> None:
        """Stops an application; returns when it listens no more."""
        self.landscape.twin(name).stop()

    def status(self, name: str) -> Mode:
        """What an application does now."""
        return self.landscape.twin(name).mode

    def upgrade(self, name: str, build: str) -> None:
        """Installs another build of a stopped application: what is registered, its log, and what it serves change.

        Raises:
            UsageError: it runs, or ``build`` is no release.
        """
        if self.landscape.twin(name).is_running:
            raise UsageError(f"{name} runs; stop it before another build is installed")
        self.configuration.install(name, build)
        self.refresh()

    def set_option(self, name: str, key: str, value: str | None) -> None:
        """Sets ``section/name`` of an application, or deletes it, as a person would; most options count from its next start."""
        self.configuration.set_option(name, key, value)

    def edit(self, change: Callable[[Tree], Tree]) -> None:
        """Changes anything in the tree of the GAX twin, as a person would: Backups, clusters; the estate file follows.

        Raises:
            UsageError: the configuration of this site is files, which are edited themselves.
        """
        self.configuration.edit(change)
        self.refresh()

    def installed(self, at: datetime | None = None) -> None:
        """Writes into the estate file when the new release was installed: by default now."""
        self.write_down(installed_at=(at or datetime.now(UTC)).replace(microsecond=0))

    def write_down(self, **keys: Any) -> None:
        """Writes keys into the table ``[estate]`` of the estate file, as a person would; None takes one out."""
        with self._lock:
            self._write(keys)

    def refresh(self) -> None:
        """Writes the estate file again, with every Orchestration Server of the configuration; the rest of it stays."""
        with self._lock:
            self._write({})

    def _write(self, estate: Mapping[str, Any]) -> None:
        """Writes the estate file, with these keys in its table ``[estate]``."""
        tables = tables_of(load_estate_file(self.estate_file).file)
        reached = {name: self._reached(name) for name in ors_applications(self.tree)}
        if self._gax:
            access = {
                "source": "gax", "url": f"{self._gax.url}/", "username": self._gax.username, "password_file": PASSWORD_FILE,
                "server": self.tree.server,
            }  # fmt: skip
            tables = led_by_gax(tables, access, reached)
        else:
            tables = led_by_files(tables, reached)
        tables["estate"] = {**tables["estate"], **estate}
        write_private(self.estate_file, toml_of(tables, _REMARKS).encode())

    def _reached(self, name: str) -> Mapping[str, Any]:
        """How an Orchestration Server is reached, as keys of its ``[[application]]``."""
        twin = self.landscape.twin(name)
        commands = {action: self.control.command(action, name) for action in ("start", "stop", "status")}
        return {"name": name, "http": twin.url, "log": str(Path(twin.log_file).relative_to(self.directory)), **commands}
