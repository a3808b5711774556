# SPDX-License-Identifier: Apache-2.0
"""Secrets are redacted where they enter: only a keyed digest of them is ever kept."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_SAYS_SECRET = re.compile(
    r"passw(or)?d|passphrase|\bpwd\b|secret|token|credential|(^|[-_])key$|(private|api|tls|ssl|certificate|encryption)[-_]?key",
    re.IGNORECASE,
)
_IS_SECRET = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|[a-z][a-z0-9+.-]*://[^/?#\s@]*:\S*@", re.IGNORECASE)
_WORDS = re.compile(r"(?:\"[^\"]*\"?|'[^']*'?|[^\s\"'])+")
_SIGN = re.compile(r"[=:]")
HIDDEN = "(secret, not shown)"


def says_secret(text: str) -> bool:
    """Whether a name, or a line that is no option, speaks of a secret."""
    return _SAYS_SECRET.search(text) is not None


@dataclass(frozen=True, slots=True)
class Secret:
    """Stands for a secret value: equal digests of one run mean equal values, and the value cannot be had from it."""

    digest: str

    def __str__(self) -> str:
        return HIDDEN


def is_secret(value: str) -> bool:
    """Whether a value gives itself away as a secret: a private key, or an address with a password in it."""
    return _IS_SECRET.search(value) is not None


def redacted_words(words: Iterable[str]) -> Iterator[str]:
    """The words of a command line, without those that are secret, or that follow or belong to a switch that says so.

    What follows such a switch is hidden whatever it looks like: a password may begin as a switch does.
    """
    follows = named = False
    for word in words:
        name, sign, value = _parted(word)
        says = says_secret(name)
        if word == "=" and (follows or named):
            follows, named = True, False
            yield word
        elif follows:
            follows = named = False
            yield HIDDEN
        elif sign and value and says:
            named = False
            yield f"{name}{sign}{HIDDEN}"
        else:
            follows = says and (bool(sign) or name.lstrip("\"'").startswith(("-", "/")))
            named = says and not sign
            yield HIDDEN if is_secret(word) else word


def _parted(word: str) -> tuple[str, str, str]:
    """``name=value`` or ``/name:value`` in three, at the first sign whose name says secret; else the whole word is a name."""
    for found in _SIGN.finditer(word):
        if says_secret(word[: found.start()]):
            return word[: found.start()], found[0], word[found.end() :]
    return word, "", ""


def redacted_line(line: str) -> str:
    """A command line without the secrets in it; the blanks between its words stay as they are."""
    words = [match[0] for match in _WORDS.finditer(line)]
    replaced = iter(list(redacted_words(words)))
    return _WORDS.sub(lambda _: next(replaced), line)


class Redactor:
    """Replaces secret option values by digests under a key that lives for one run."""

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key or secrets.token_bytes(32)

    def digest(self, data: bytes) -> str:
        """The keyed digest (HMAC-SHA-256, hexadecimal) of ``data``."""
        return hmac.new(self._key, data, hashlib.sha256).hexdigest()

    def value(self, section: str, name: str, value: str) -> str | Secret:
        """``value`` itself, or its digest where it, its name or that of its section says that it is a secret."""
        if value and (says_secret(name) or says_secret(section) or is_secret(value)):
            return Secret(self._digest_of_secret(value))
        return value

    def _digest_of_secret(self, value: str) -> str:
        return self.digest(value.encode())


class LastingRedactor(Redactor):
    """Its digests are compared with those of another run, so its key is kept beside them.

    Whoever has key and digest can try passwords, so each try is made slow (scrypt). Digests of whole files, with which trying
    would be quick, have a key that lives for one run.
    """

    def __init__(self, key: bytes) -> None:
        super().__init__()
        self._salt = key
        self._of: dict[str, str] = {}

    def _digest_of_secret(self, value: str) -> str:
        if value not in self._of:
            self._of[value] = hashlib.scrypt(value.encode(), salt=self._salt, n=2**14, r=8, p=1, dklen=32).hex()
        return self._of[value]


class Revealer(Redactor):
    """Keeps every value, for the files that must hold real ones; what it read never enters a snapshot or a report."""

    def value(self, section: str, name: str, value: str) -> str | Secret:  # noqa: ARG002 - the signature of the redactor
        """``value`` itself."""
        return value
