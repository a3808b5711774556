# SPDX-License-Identifier: Apache-2.0
"""Text that a log or a command gave, made fit for a fact: one short printable line, without secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable

from orsgate.estate.secret import HIDDEN, redacted_line
from orsgate.wire.trouble import quote

_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY.*")


def decoded(data: bytes) -> str:
    """Text in UTF-8, else in Windows-1252, in which no byte is an error here."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def harmless(text: str, secrets: Iterable[str] = ()) -> str:
    """The beginning of ``text`` in one line: nothing unprintable, nothing that is or follows the name of a secret.

    Args:
        text: of a log or a command; secrets are looked for before it is cut, so that a cut cannot bare one.
        secrets: values that are known to be secret, wherever they stand.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    in_one_line = "".join(char if char.isprintable() else " " for char in text)
    return quote(redacted_line(_PRIVATE_KEY.sub(HIDDEN, in_one_line)))
