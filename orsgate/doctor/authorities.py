# SPDX-License-Identifier: Apache-2.0
"""Files for TLS: readable, and with a certificate or key in them that can be used."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from orsgate.doctor.checks import Check, Topic, failed
from orsgate.doctor.files import unreadable
from orsgate.doctor.trouble import Trouble
from orsgate.estate.file import LoadedEstate
from orsgate.estate.knowledge import Failure
from orsgate.probes.tls import Tls, UnusableFileError

Section = Literal["configuration", "cassandra"]


def authority_check(loaded: LoadedEstate, what: Topic, name: str, section: Section) -> Check:
    """Whether a ``ca_file`` can be read and holds the certificate of an authority."""
    path, how = loaded.resolve(name), "certificate authority, loaded"
    named = loaded.where(section, "ca_file")
    trouble = unreadable(path, "ca_file", named) or _without_authority(path, named)
    if trouble is not None:
        return failed(what, str(path), how, trouble)
    return Check(what, str(path), how, "ok", f"ca_file {path} holds the certificate of an authority")


def _without_authority(path: Path, named: str) -> Trouble | None:
    fix = f"name the PEM file of the authority in {named}"
    try:
        authorities = Tls(path).context().cert_store_stats()["x509"]
    except UnusableFileError as error:
        return Trouble(str(error), fix, Failure.UNREADABLE)
    return None if authorities else Trouble(f"ca_file {path} holds no certificate", fix, Failure.UNREADABLE)


def client_certificate_check(loaded: LoadedEstate, certificate: str, key: str | None) -> Check:
    """Whether ``client_cert`` and ``client_key`` of ``[cassandra]`` can be read and belong together."""
    how = "client certificate and its key, loaded"
    path, key_path = loaded.resolve(certificate), None if key is None else loaded.resolve(key)
    trouble = unreadable(path, "client_cert", loaded.where("cassandra", "client_cert"))
    if trouble is None and key_path is not None:
        trouble = unreadable(key_path, "client_key", loaded.where("cassandra", "client_key"))
    if trouble is None:
        try:
            Tls(None, path, key_path).context()
        except UnusableFileError as error:
            fix = f"name a certificate with its own key, without a password, in {loaded.where('cassandra', 'client_cert')}"
            trouble = Trouble(str(error), fix, Failure.UNREADABLE)
    if trouble is not None:
        return failed("cassandra", str(path), how, trouble)
    return Check("cassandra", str(path), how, "ok", f"client certificate {path} can be used")
