# SPDX-License-Identifier: Apache-2.0
"""TLS to a Cassandra node: whom to trust, who we are, and one sentence for each way in which it fails."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.wire.certificates import certificate_sentence
from orsgate.wire.trouble import ProbeError, quote

_CIPHERS = "DEFAULT:!DHE:@SECLEVEL=2"
"""Cassandra's default cipher suites up to 2.2 end in AES-CBC with SHA-1, which Python's own list leaves out. Without DHE, since
old Java offers groups of 1024 bits for it."""
_TOO_OLD = frozenset({"UNSUPPORTED_PROTOCOL", "WRONG_SSL_VERSION", "TLSV1_ALERT_PROTOCOL_VERSION"})
"""What OpenSSL says where the other side knows no version of TLS that is accepted here."""


class UnusableFileError(ValueError):
    """A file for TLS cannot be used; the message says which and why.

    Attributes:
        key: of ``[cassandra]`` that names it.
    """

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


@dataclass(frozen=True, slots=True)
class Tls:
    """What TLS connections are made with.

    Attributes:
        ca_file: PEM file of the authorities to trust; None: those that this host trusts.
        client_cert: PEM file of the client's certificate, if the ring asks for one.
        client_key: PEM file of its key; None: it stands in ``client_cert``.
        check_hostname: whether the certificate must be for the host that was asked.
    """

    ca_file: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None
    check_hostname: bool = True

    def as_json(self) -> dict[str, str | bool | None]:
        """The same for another process; ``from_json`` reads it."""
        files = {"ca_file": self.ca_file, "client_cert": self.client_cert, "client_key": self.client_key}
        return {
            **{name: None if path is None else str(path) for name, path in files.items()},
            "check_hostname": self.check_hostname,
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Tls:
        """What ``as_json`` gave."""
        files = {name: None if given[name] is None else Path(given[name]) for name in ("ca_file", "client_cert", "client_key")}
        return cls(**files, check_hostname=given["check_hostname"])

    def context(self) -> ssl.SSLContext:
        """The context for connections.

        Raises:
            UnusableFileError: a file cannot be used.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = self.check_hostname
        context.set_ciphers(_CIPHERS)
        try:
            if self.ca_file is None:
                context.load_default_certs()
            else:
                context.load_verify_locations(self.ca_file)
        except (OSError, ssl.SSLError) as error:
            raise UnusableFileError("ca_file", f"ca_file {self.ca_file} {_unusable(error, 'certificate')}") from None
        if self.client_cert is not None:
            try:
                # A key that is locked would be asked for on the terminal otherwise.
                context.load_cert_chain(self.client_cert, self.client_key, password=lambda: b"")
            except (OSError, ssl.SSLError) as error:
                files = " and ".join(str(each) for each in (self.client_cert, self.client_key) if each is not None)
                why = _unusable(error, "certificate with its unlocked key")
                raise UnusableFileError("client_cert", f"client certificate {files} {why}") from None
        return context


def _unusable(error: OSError, what: str) -> str:
    if isinstance(error, ssl.SSLError):
        return f"holds no {what} in PEM that can be used ({quote(error.reason or str(error))})"
    return f"cannot be read: {error.strerror}"


def tls_failed(asked: str, error: OSError, tls: Tls) -> ProbeError:
    """The trouble that ``error`` of a TLS connection to ``asked`` means."""
    return ProbeError(Unknown(_sentence(asked, error, tls), failure=Failure.UNTRUSTED))


def _sentence(asked: str, error: OSError, tls: Tls) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _certificate(asked, error, tls)
    reason = getattr(error, "reason", None) or ""
    if reason in _TOO_OLD:
        return f"{asked} speaks only a TLS older than 1.2 (does its Java have TLSv1.2, and is it enabled there?)"
    if "ALERT" in reason:
        why = reason.replace("_", " ").lower()
        hint = "see client_encryption_options in its cassandra.yaml"
        if tls.client_cert is None and ("CERTIFICATE" in reason or "HANDSHAKE" in reason):
            hint = "does it demand a client certificate? set client_cert and client_key in [cassandra]"
        elif "CERTIFICATE" in reason or "UNKNOWN_CA" in reason:
            hint = "does it trust the client_cert in [cassandra]?"
        return f"{asked} refused the TLS handshake: {why} ({hint})"
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
        hint = "is client_encryption_options enabled on it? else leave ca_file and client_cert of [cassandra] out"
        return f"{asked} does not answer in TLS ({hint})"
    hint = "is client_encryption_options enabled on it, and does it demand a client certificate?"
    return f"{asked} closed the connection during the TLS handshake ({hint})"


def _certificate(asked: str, error: ssl.SSLCertVerificationError, tls: Tls) -> str:
    if tls.ca_file is None:
        authority = "this host does not trust (set [cassandra] ca_file)"
    else:
        authority = f"is not in {tls.ca_file.name} (check [cassandra] ca_file)"
    hint = "name the node as its certificate does, map it so in [cassandra] addresses, or set check_hostname = false"
    return certificate_sentence(asked, error, other_name=hint, other_authority=authority)
