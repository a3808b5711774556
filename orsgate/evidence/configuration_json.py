# SPDX-License-Identifier: Apache-2.0
"""A whole configuration as JSON, with each application on a line of its own, so that reading it takes little memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from orsgate.estate.inventory import Application, Configuration
from orsgate.estate.mistakes import InputError, quoted

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_HEAD = b'{"schema": "orsgate/configuration/1",\n"configuration": '
_APPLICATIONS = b',\n"applications": [\n'
_END = b"\n]}\n"


@cache
def _whole() -> TypeAdapter[Configuration]:
    from pydantic import TypeAdapter  # noqa: PLC0415 - only needed where a baseline is read or written

    return TypeAdapter(Configuration)


@cache
def _one() -> TypeAdapter[Application]:
    from pydantic import TypeAdapter  # noqa: PLC0415

    return TypeAdapter(Application)


def dump_configuration(configuration: Configuration) -> bytes:
    """The configuration as JSON in UTF-8.

    Raises:
        InputError: a text in it holds half a character, which no encoding can write.
    """
    from pydantic_core import PydanticSerializationError  # noqa: PLC0415

    of = "the configuration"
    try:
        bare = _whole().dump_json(replace(configuration, applications=()))
        lines = []
        for application in configuration.applications:
            of = f"the application {quoted(application.name)}"
            lines.append(_one().dump_json(application))
    except PydanticSerializationError:
        told = "correct it in Configuration Manager, or where it is a path: give it a name in UTF-8"
        raise InputError(f"{of} holds half a character, which no file can hold; {told}") from None
    return b"".join((_HEAD, bare, _APPLICATIONS, b",\n".join(lines), _END))


def load_configuration(data: bytes, place: str) -> Configuration:
    """The configuration that ``dump_configuration`` wrote.

    Raises:
        InputError: it is of another form.
    """
    from pydantic import ValidationError  # noqa: PLC0415

    middle = data.find(_APPLICATIONS)
    if not data.startswith(_HEAD) or not data.endswith(_END) or middle < 0:
        raise _other_form(place)
    try:
        bare = _whole().validate_json(data[len(_HEAD) : middle])
        lines = _lines(data, middle + len(_APPLICATIONS), len(data) - len(_END))
        return replace(bare, applications=tuple(map(_one().validate_json, lines)))
    except ValidationError:
        raise _other_form(place) from None


def _lines(data: bytes, start: int, end: int) -> Iterator[bytes]:
    while start < end:
        line_end = data.find(b"\n", start, end)
        if line_end < 0:
            yield data[start:end]
            return
        yield data[start : line_end - 1]
        start = line_end + 1


def _other_form(place: str) -> InputError:
    return InputError(f"{place}: is no configuration of the form orsgate/configuration/1; another version of orsgate wrote it")
