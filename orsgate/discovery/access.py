# SPDX-License-Identifier: Apache-2.0
"""The table ``[configuration]`` of an estate file that was written from a configuration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from orsgate.discovery.exported import ExportedFiles
from orsgate.discovery.toml_table import Value, assigned, comment, commented, fitted
from orsgate.estate.crosschecks import LIVE_SOURCES
from orsgate.estate.inventory import Configuration
from orsgate.estate.mistakes import InputError, any_of
from orsgate.estate.schema import ConfigurationSection
from orsgate.wire.http.address import Address


@dataclass(frozen=True, slots=True)
class SourceAccess:
    """How the source of a configuration is reached, as ``[configuration]`` says it; paths are relative to the estate file.

    Attributes:
        source: what it was read from.
        url: of GAX or GWS; so are the following.
        password_env: name of the environment variable that holds the password.
        password_file: file whose first line is the password; at most one of the two.
        server: what the source must say of itself (ORS-0106); None where nobody said it.
        files: exports of mutagen.
        stand_in: what stood in for the system itself when it was read; empty where nothing did.
    """

    source: Literal["gax", "gws", "mutagen"]
    url: str | None = None
    username: str | None = None
    password_env: str | None = None
    password_file: str | None = None
    ca_file: str | None = None
    server: str | None = None
    files: tuple[str, ...] = ()
    stand_in: str = ""


def read_again(access: SourceAccess, configuration: Configuration) -> Iterator[str]:
    """Lines of ``[configuration]`` with which the same source is read again.

    Raises:
        InputError: if ``access`` holds what an estate file cannot hold, or lacks what it must.
    """
    yield "[configuration]"
    yield from (assigned(key, value) for key, value in _checked(access).items())
    live = access.source in LIVE_SOURCES
    if live and access.password_env is None and access.password_file is None:
        yield commented("password_env", f"{access.source.upper()}_PASSWORD", "or password_file; with neither it is asked for")
    if access.server is None:
        yield from _server(configuration, live=live)
    if access.url is not None and Address.parse(access.url).is_open:
        yield from comment("CHECK: it was read over HTTP without TLS; the password and every option can be read on the way")


def _server(configuration: Configuration, *, live: bool) -> Iterator[str]:
    """An offer to expect what was read; only a person knows whether it is the right environment."""
    said = isinstance(configuration.server, str)
    server = configuration.server if isinstance(configuration.server, str) else configuration.address
    what = "what the source says it reads" if said else "the source itself, which does not say what it reads"
    if (said or live) and fitted(ConfigurationSection, {"server": server}).kept:
        yield commented("server", server, f"CHECK: {what}; take the # away if that is the right environment (ORS-0106)")


def from_files(configuration: Configuration, files: ExportedFiles) -> Iterator[str]:
    """Lines of ``[configuration]`` with which the exports are read that were written."""
    yield "[configuration]"
    yield assigned("source", "files", "the exports named below")
    if files.made is not None:
        yield assigned("exported_at", files.made)
    else:
        yield "# exported_at = 2026-01-30T20:00:00Z  # when the options were read"
    whom = files.by or (f"orsgate, with the account {configuration.account}" if configuration.account else "")
    kept = fitted(ConfigurationSection, {"exported_by": whom}).kept if whom else {}
    yield from (assigned(key, value) for key, value in kept.items()) if kept else ('# exported_by = "name"',)


def _checked(access: SourceAccess) -> dict[str, Value]:
    given: dict[str, Value | None] = {
        "source": access.source,
        "url": access.url,
        "username": access.username,
        "password_env": access.password_env,
        "password_file": access.password_file,
        "ca_file": access.ca_file,
        "server": access.server,
        "files": access.files or None,
    }
    values = {key: value for key, value in given.items() if value is not None}
    needed = ("url", "username") if access.source in LIVE_SOURCES else ("files",)
    if missing := [key for key in needed if key not in values]:
        raise InputError(f'source = "{access.source}" needs {any_of(missing)}')
    if access.password_env is not None and access.password_file is not None:
        raise InputError("password_env and password_file are both given; leave one of them out")
    foreign = {"files"} if access.source in LIVE_SOURCES else {"url", "username", "password_env", "password_file"}
    if strange := values.keys() & foreign:
        raise InputError(f'{any_of(sorted(strange))} means nothing with source = "{access.source}"')
    if lost := fitted(ConfigurationSection, values).lost:
        raise InputError(f"{any_of(sorted({key for key, _ in lost}))} cannot stand in an estate file; give another")
    return values
