# SPDX-License-Identifier: Apache-2.0
"""The kinds of value an estate file holds, each with the sentence that says what is wrong with another value."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, PlainValidator, ValidationInfo, WithJsonSchema, WrapValidator
from pydantic_core import PydanticCustomError

from orsgate.estate.mistakes import did_you_mean, quoted

CUSTOM_ERROR = "orsgate"
"""The pydantic error type whose message is already one of our sentences."""

HIGHEST_PORT = 65535
OTHER_ITEMS = ("connection", "redundancy", "cluster")
"""What a planned change may name besides an option (``section/option``)."""

_RELEASE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9}){2,3}")
_CASSANDRA_RELEASE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9}){0,3}(\.x)?")
_ENVIRONMENT_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_HOST = re.compile(r"[^\s:/@\[\]\x00-\x20]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def wrong(sentence: str) -> PydanticCustomError:
    """The error to raise in a validator; ``sentence`` reaches the user as it is."""
    return PydanticCustomError(CUSTOM_ERROR, "{sentence}", {"sentence": sentence})


def is_release(text: str) -> bool:
    """Whether ``text`` is a Genesys release or build: 3 or 4 numbers with dots between them."""
    return _RELEASE.fullmatch(text) is not None


def usable_name(name: str) -> bool:
    """Whether ``name`` can stand in an estate file: not blank, no control character, encodable."""
    return bool(name.strip()) and not _CONTROL.search(name) and not any("\ud800" <= char <= "\udfff" for char in name)


def _text(value: str) -> str:
    if "\0" in value:
        raise wrong("must not hold a NUL character")
    return value


def name_trouble(value: str) -> str:
    """What is wrong with a name, in words after what it is; empty where nothing is."""
    if not value.strip():
        return "must not be empty or blank"
    return "must not hold control characters such as line breaks or tabs" if _CONTROL.search(value) else ""


def _name(value: str) -> str:
    if trouble := name_trouble(value):
        raise wrong(trouble if value.strip() else f"{trouble}; write it, or delete the key")
    return value


def _needed_name(value: str) -> str:
    if trouble := name_trouble(value):
        raise wrong(trouble)
    return value


def _release(value: str) -> str:
    if not is_release(value):
        raise wrong(f'{quoted(value)} is no release; write 3 or 4 numbers with dots, such as "8.1.4" or "8.1.400.27"')
    return value


def _cassandra_range(value: str) -> str:
    first, dash, last = (part.strip() for part in value.partition("-"))
    ends = (first, last) if dash else (first,)
    if not all(_CASSANDRA_RELEASE.fullmatch(end) for end in ends) or (dash and first.endswith("x")):
        raise wrong(f'{quoted(value)} is no range of releases; write "1.1.12", "3.x" or "1.1.12-1.1.x"')
    if dash and _release_numbers(first) > [*_release_numbers(last), *([10**9] if last.endswith("x") else [])]:
        raise wrong(f"{quoted(value)} ends before it begins; write the lower release first")
    return value


def _release_numbers(release: str) -> list[int]:
    return [int(part) for part in release.removesuffix(".x").split(".")]


def _time(how: str) -> Callable[[Any, Callable[[Any], datetime], ValidationInfo], datetime]:
    """Checks a moment; ``how`` says how its offset from UTC is to be written."""

    def checked(value: Any, inner: Callable[[Any], datetime], info: ValidationInfo) -> datetime:
        if info.mode != "json" and not isinstance(value, datetime):
            raise wrong(f"must be a date and time {how}, without quotes, such as 2026-01-31T02:10:00Z")
        time = inner(value)
        if time.utcoffset() is None:
            raise wrong(f"says no time zone; write it {how}, such as 2026-01-31T02:10:00Z")
        return time

    return checked


def _url(value: str) -> str:
    # The value is never repeated: people paste addresses that hold a password.
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or re.search(r"[\s\x00-\x1f\x7f]", value):
        raise wrong('is no web address; write one such as "https://host:port/"')
    if "@" in parts.netloc:
        raise wrong("holds a user name or password; those never stand in an address here, write only host and port")
    return value


def _url_or_false(value: Any) -> str | Literal[False]:
    if value is False:
        return False
    if not isinstance(value, str):
        raise wrong('must be a web address such as "http://ors-1:7210", or false where the application serves no HTTP')
    return _url(value)


def split_node(node: str) -> tuple[str, int | None] | None:
    """Host (IPv6 without its brackets) and port of a ``Node``; None where ``node`` is none."""
    bracketed = re.fullmatch(r"\[([0-9A-Fa-f:.]+(?:%[\w.-]+)?)\](?::([0-9]{1,5}))?", node)
    host, port = bracketed.groups() if bracketed else (node, None)
    if not bracketed:
        host, colon, after = node.partition(":")
        port = after if colon else None
        if not _HOST.fullmatch(host) or (colon and not re.fullmatch(r"[0-9]{1,5}", after)):
            return None
    number = None if port is None else int(port)
    return (host, number) if number is None or 1 <= number <= HIGHEST_PORT else None


def _node(value: str) -> str:
    if split_node(value) is None:
        shown = "" if "@" in value else f"{quoted(value)} "  # it may hold a password
        raise wrong(
            f'{shown}is no node; write "host" or "host:port" (port 1 to {HIGHEST_PORT}), '
            'an IPv6 address in brackets: "[2001:db8::1]:9160"',
        )
    return value


def _environment_variable(value: str) -> str:
    if not _ENVIRONMENT_VARIABLE.fullmatch(value):  # not repeated: it may be the password itself
        raise wrong("must be the name of an environment variable (letters, digits, _), never the password itself")
    return value


def _option_pattern(value: str) -> str:
    if "/" not in value and not set(value) & set("*?["):
        raise wrong(f'{quoted(value)} can match no option; write "section/option", with * for any text')
    return _name(value)


def _item(value: str) -> str:
    section, slash, option = value.partition("/")
    if value not in OTHER_ITEMS and not (slash and section.strip() and option.strip()):
        meant = did_you_mean(value, OTHER_ITEMS) or '; write "section/option", "connection", "redundancy" or "cluster"'
        raise wrong(f"{quoted(value)} names nothing that can change{meant}")
    return value


def _command(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value or not value[0].strip():
        raise wrong('must begin with the program to run, such as ["ssh", "ors-1", "status"]')
    return value


def _non_empty(value: tuple[Any, ...]) -> tuple[Any, ...]:
    if not value:
        raise wrong("must not be an empty list; add an entry, or delete the key")
    return value


Text = Annotated[str, AfterValidator(_text)]
"""Any text, the empty one included."""
Name = Annotated[str, AfterValidator(_name), Field(json_schema_extra={"pattern": r"\S"})]
"""A name, reason or path: not blank, no control characters."""
NeededName = Annotated[str, AfterValidator(_needed_name), Field(json_schema_extra={"pattern": r"\S"})]
"""The same of a key that nobody may leave out."""
Release = Annotated[str, AfterValidator(_release), Field(json_schema_extra={"pattern": f"^{_RELEASE.pattern}$"})]
"""A Genesys release or build, such as ``8.1.4`` or ``8.1.400.27``."""
CassandraRange = Annotated[str, AfterValidator(_cassandra_range)]
"""Cassandra releases: ``1.1.12``, ``3.x`` or ``1.1.12-1.1.x``."""
Time = Annotated[  # not strict: in JSON a moment is text
    datetime, Field(strict=False), WrapValidator(_time("with Z or an offset"))
]
"""A moment, with its offset from UTC."""
UtcTime = Annotated[datetime, Field(strict=False), WrapValidator(_time("in UTC, with Z"))]
"""A moment that is to be in UTC; another offset is refused by who uses it."""
Url = Annotated[str, AfterValidator(_url), Field(json_schema_extra={"format": "uri"})]
"""An http or https address without a password in it."""
UrlOrFalse = Annotated[
    str | Literal[False],
    PlainValidator(_url_or_false),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "uri"}, {"const": False}]}),
]
"""An address, or False: there is none."""
Node = Annotated[str, AfterValidator(_node)]
"""``host`` or ``host:port``; see ``split_node``."""
EnvironmentVariable = Annotated[str, AfterValidator(_environment_variable)]
"""The name of an environment variable."""
OptionPattern = Annotated[str, AfterValidator(_option_pattern)]
"""``section/option``, with the wildcards of ``fnmatch``."""
Item = Annotated[str, AfterValidator(_item)]
"""What a planned change concerns."""
Port = Annotated[int, Field(ge=1, le=HIGHEST_PORT)]
"""A TCP port."""
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
"""A duration in seconds, more than none."""
Command = Annotated[tuple[Text, ...], Field(strict=False), AfterValidator(_command)]
"""Program and arguments, never a shell line."""
Names = Annotated[tuple[Name, ...], Field(strict=False)]
"""A list of names."""
SomeNames = Annotated[tuple[Name, ...], Field(strict=False), AfterValidator(_non_empty)]
"""A list of at least one name."""
Nodes = Annotated[tuple[Node, ...], Field(strict=False), AfterValidator(_non_empty)]
"""A list of at least one node."""
CassandraRanges = Annotated[tuple[CassandraRange, ...], Field(strict=False), AfterValidator(_non_empty)]
"""A list of at least one range of Cassandra releases."""
