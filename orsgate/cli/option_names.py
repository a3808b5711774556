# SPDX-License-Identifier: Apache-2.0
"""Sentences about keys of ``[configuration]``, for a person who gave them as options of ``discover``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from orsgate.estate.knowledge import Unknown
from orsgate.estate.mistakes import InputError
from orsgate.wire.trouble import ProbeError

_KEYS = {"files": "file"}
_OPTIONS = frozenset({"source", "url", "username", "password_env", "password_file", "ca_file", "server", "files", "timeout"})
_PLACE = re.compile(r"^options(:\d+)?: ", re.MULTILINE)
_SECTION = re.compile(r"\[configuration\] (\w+)")
_ASSIGNED = re.compile(r"(?<!-)\b(\w+) = (\"[^\"]*\"|\[\"[^\"]*\"\])")
_NAMED = re.compile(r"\b(password_env|password_file|ca_file)\b")


@contextmanager
def option_names(*, given: bool) -> Iterator[None]:
    """Let what is raised name options instead of keys, where a person ``given`` no estate file.

    Raises:
        InputError: of the same mistake.
        ProbeError: of the same trouble.
    """
    try:
        yield
    except InputError as error:
        if not given:
            raise
        raise InputError(as_options(str(error))) from None
    except ProbeError as error:
        if not given:
            raise
        known = error.unknown
        raise ProbeError(Unknown(as_options(known.cause), known.where, known.failure)) from None


def as_options(sentence: str) -> str:
    """The sentence with ``--url`` for ``[configuration] url`` or ``url = "..."``, and so on."""
    text = _PLACE.sub("", sentence)
    text = re.sub(r"\[configuration\] (\w+ = )", r"\1", text)
    text = _SECTION.sub(lambda found: _option(found[1]) or found[0], text)
    text = re.sub(r"\bneeds (url|username|files)\b", lambda found: f"needs {_option(found[1])}", text)
    text = _ASSIGNED.sub(lambda found: f"{option} {found[2].strip('[]')}" if (option := _option(found[1])) else found[0], text)
    return _NAMED.sub(lambda found: _option(found[1]), text).replace("or delete the key", "or leave it out")


def _option(key: str) -> str:
    """The option for a key; empty for a word that is none."""
    return f"--{_KEYS.get(key, key).replace('_', '-')}" if key in _OPTIONS else ""
