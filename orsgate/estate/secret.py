# SPDX-License-Identifier: Apache-2.0
"""Secrets are redacted where they enter: only a keyed digest of them is ever kept."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

_SAYS_SECRET = re.compile(
    r"passw(or)?d|passphrase|\bpwd\b|secret|token|credential|(^|[-_])key$|(private|api|tls|ssl|certificate|encryption)[-_]?key",
    re.IGNORECASE,
)


def says_secret(text: str) -> bool:
    """Whether a name, or a line that is no option, speaks of a secret."""
    return _SAYS_SECRET.search(text) is not None


@dataclass(frozen=True, slots=True)
class Secret:
    """Stands for a secret value: equal digests of one run mean equal values, and the value cannot be had from it."""

    digest: str

    def __str__(self) -> str:
        return "(secret, not shown)"


class Redactor:
    """Replaces secret option values by digests under a key that lives for one run."""

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key or secrets.token_bytes(32)

    def digest(self, data: bytes) -> str:
        """The keyed digest (HMAC-SHA-256, hexadecimal) of ``data``."""
        return hmac.new(self._key, data, hashlib.sha256).hexdigest()

    def value(self, section: str, name: str, value: str) -> str | Secret:
        """``value`` itself, or its digest where the name of the section or option says that it is a secret."""
        if value and (says_secret(name) or says_secret(section)):
            return Secret(self.digest(value.encode()))
        return value
