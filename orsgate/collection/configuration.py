# SPDX-License-Identifier: Apache-2.0
"""Collecting the part ``configuration``: which source to read, with which account, and what may not be sent in the open."""

from __future__ import annotations

import ssl
from pathlib import Path

from orsgate.collection.passwords import Ask, password
from orsgate.estate.file import LoadedEstate
from orsgate.estate.mistakes import InputError
from orsgate.sources.interface import Source


def source_of(loaded: LoadedEstate, ask: Ask, *, allow_http: bool) -> Source:
    """The source that the estate file names, ready to be read.

    Args:
        loaded: the estate file.
        ask: asks for a password that nothing else gives.
        allow_http: whether the account may be sent without TLS to another host.

    Raises:
        InputError: the password cannot be had, the authorities cannot be used, or TLS would be left out unasked.
    """
    section = loaded.file.configuration
    if section.source == "files":
        from orsgate.sources.files import Files  # noqa: PLC0415 - each run needs one of these

        return Files()
    if section.source == "mutagen":
        from orsgate.sources.mutagen import Mutagen  # noqa: PLC0415

        return Mutagen()
    from orsgate.sources.gax import Gax  # noqa: PLC0415 - requests is slow to import
    from orsgate.sources.gws import Gws  # noqa: PLC0415
    from orsgate.sources.sessions import Account  # noqa: PLC0415
    from orsgate.wire.http.address import Address  # noqa: PLC0415

    address = Address.parse(section.url or "")
    if address.is_open and not allow_http:
        where = loaded.where("configuration", "url")
        told = "its http would send the password and all options unprotected"
        raise InputError(f"{where}: {told}; write https, or add --allow-http if the way to {address} is safe")
    ca_file = None if section.ca_file is None else loaded.resolve(section.ca_file)
    if ca_file is not None and address.scheme == "https":
        _require_authorities(loaded, ca_file)
    name = section.username or ""
    what = f"account {name} of {section.source.upper()}"
    account = Account(name, password(loaded, what, section.password_env, section.password_file, ask))
    return (Gax if section.source == "gax" else Gws)(address, account, ca_file)


def _require_authorities(loaded: LoadedEstate, ca_file: Path) -> None:
    """Raises InputError where the file holds no authority that can be trusted."""
    from orsgate.wire.http.connecting import trust  # noqa: PLC0415

    if ca_file.exists() and not ca_file.is_file():  # a pipe would be waited for
        raise InputError(f"{loaded.where('configuration', 'ca_file')}: ca_file {ca_file} is not a file")
    try:
        trust(ca_file)
    except OSError as error:
        where = loaded.where("configuration", "ca_file")
        why = "holds no certificate in PEM" if isinstance(error, ssl.SSLError) else f"cannot be read: {error.strerror}"
        raise InputError(f"{where}: ca_file {ca_file} {why}") from None
