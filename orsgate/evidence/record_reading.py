# SPDX-License-Identifier: Apache-2.0
"""Reads the file of a readiness record, and refuses one that is not exactly as it was written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from orsgate.estate.items import Aspect, Items, Key, Value, fingerprint
from orsgate.estate.judgement import Outcome
from orsgate.estate.key_id import key_id
from orsgate.estate.knowledge import Unknown
from orsgate.estate.secret import Secret
from orsgate.evidence.canonical import DIGEST, SIGNATURE, NotIntactError, content, unsealed
from orsgate.evidence.keys import ALGORITHM, is_signature
from orsgate.verdict.verdict import VerdictName

SCHEMA = "orsgate/record/1"
LARGEST_RECORD = 512 * 2**20
"""Bytes; that of ten thousand applications takes about 100 MB."""

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)
_KEY, _DIGEST, _SIGNATURE_VALUE = (re.compile(rf"[0-9a-f]{{{digits}}}", re.ASCII) for digits in (64, 64, 128))


def protection(key: str | None) -> str:
    """What a record says of its own protection, with the id of the key that signed it."""
    if key is None:
        return "not signed: its SHA-256 detects accidents, not tampering, since whoever edits it can make a new one"
    return f"signed with Ed25519 by the key {key}: only who has the private key can have made it"


def document_in(path: Path) -> dict[str, Any]:
    """The content of a record that is exactly as it was written.

    Raises:
        NotIntactError: it is not; the message goes on after the name of the file.
        OSError: it cannot be read.
    """
    if path.exists() and not path.is_file():  # a pipe would be waited for
        raise NotIntactError("is no file; name the one that `orsgate audit --record` wrote")
    with path.open("rb") as stream:
        data = stream.read(LARGEST_RECORD + 1)
    if len(data) > LARGEST_RECORD:
        raise NotIntactError(f"is larger than {LARGEST_RECORD // 2**20} MB, which no record is")
    document = unsealed(data, SCHEMA)
    _require_form(document)
    _require_signature(document)
    if document["fingerprint"] != fingerprint(_items(document)):
        raise NotIntactError("contradicts itself: its fingerprint is not that of its items")
    return document


def _items(document: Mapping[str, Any]) -> Items:
    values = {
        Key(name, Aspect(aspect), item): Value(value if isinstance(value, str) else Secret(value["secret"]))
        for name, aspect, item, value in document["items"]
    }
    return Items(values, {(name, Aspect(aspect)): Unknown("") for name, aspect in document["unknown"]})


def _require_signature(document: Mapping[str, Any]) -> None:
    """The signature, where there is one, is that of the content, and the content says by whom."""
    signed = document[SIGNATURE]
    # Records of the first versions named the key itself there, in place of its id.
    names = (None,) if signed is None else (key_id(signed["public_key"]), signed["public_key"])
    if document["protection"] not in map(protection, names):
        raise NotIntactError("was changed after it was written: its signature was removed, or is another than it says")
    if signed is not None and not is_signature(signed["public_key"], signed["value"], content(document)):
        raise NotIntactError("was changed after it was signed: its signature is not that of its content")


def _require_form(document: Mapping[str, Any]) -> None:
    """Make sure that everything is there and of its type; what orsgate itself wrote is."""
    wrong = [key for key, fits in _FORM.items() if key not in document or not fits(document[key])]
    wrong += sorted(document.keys() - _FORM.keys())
    if wrong:
        raise NotIntactError(f"is not of the form {SCHEMA}: {', '.join(wrong[:5])}")


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _matching(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _time(value: Any) -> bool:
    try:
        return isinstance(value, str) and _TIME.fullmatch(value) is not None and bool(datetime.fromisoformat(value))
    except ValueError:
        return False


def _one_of(values: type[Aspect | Outcome | VerdictName]) -> Callable[[Any], bool]:
    known = frozenset(each.value for each in values)
    return lambda value: isinstance(value, str) and value in known


def _with(form: Mapping[str, Callable[[Any], bool]]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, dict) and value.keys() == form.keys() and all(form[key](value[key]) for key in form)


_ASPECT = _one_of(Aspect)
_SECRET = _with({"secret": _text})


def _item(value: Any) -> bool:
    match value:
        case [str(), aspect, str(), held]:
            return _ASPECT(aspect) and (_text(held) or _SECRET(held))
    return False


def _unknown(value: Any) -> bool:
    match value:
        case [str(), aspect]:
            return _ASPECT(aspect)
    return False


def _list(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(fits, value))


_SIGNED = _with(
    {"algorithm": lambda value: value == ALGORITHM, "public_key": _matching(_KEY), "value": _matching(_SIGNATURE_VALUE)}
)
_FORM: Mapping[str, Callable[[Any], bool]] = {
    "schema": _text,
    "estate": _with({"name": _text, "from_release": _text, "to_release": _text}),
    "phase": _text,
    "verdict": _one_of(VerdictName),
    "sentence": _text,
    "exceptions": lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0,
    "started": _time,
    "finished": _time,
    "collected": _time,
    "tool": _with({"name": _text, "version": _text, "catalogue_sha256": _text, "features_sha256": _text}),
    "stand_ins": _texts,
    "outcomes": lambda value: isinstance(value, dict) and all(map(_one_of(Outcome), value.values())),
    "fingerprint": _matching(_DIGEST),
    "salt": _matching(_KEY),
    "items": _list(_item),
    "unknown": _list(_unknown),
    "protection": _text,
    DIGEST: _matching(_DIGEST),
    SIGNATURE: lambda value: value is None or _SIGNED(value),
}  # fmt: skip
