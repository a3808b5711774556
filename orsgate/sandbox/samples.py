# SPDX-License-Identifier: Apache-2.0
"""The made-up sample estates, put into a directory with the addresses of a real ring filled in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from orsgate.estate.mistakes import InputError
from orsgate.home import harness_directory

SAMPLE_NET = "127.0.1."
SAMPLE_PORT = 9160
"""In the samples node N of the ring is 127.0.1.N:9160."""


def sample_names() -> list[str]:
    """The names of the sample estates."""
    return sorted(path.parent.name for path in (harness_directory() / "fixtures" / "estates").glob("*/estate.toml"))


def place_sample(name: str, directory: Path, addresses: Sequence[str] = (), port: int = SAMPLE_PORT) -> Path:
    """Copy a sample estate into ``directory``.

    Args:
        name: one of ``sample_names``.
        directory: where to; it is made.
        addresses: of the nodes of the ring, in the order of the sample's.
        port: their Thrift port.

    Returns:
        the estate file.

    Raises:
        InputError: if there is no such sample.
    """
    source = harness_directory() / "fixtures" / "estates" / name
    if not (source / "estate.toml").is_file():
        raise InputError(f'there is no sample estate "{name}"; there are {", ".join(sample_names())}')
    for path in sorted(source.rglob("*")):
        target = directory / path.relative_to(source)
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(_filled(path.read_text(encoding="utf-8"), addresses, port).encode())
    return directory / "estate.toml"


def _filled(text: str, addresses: Sequence[str], port: int) -> str:
    def address(match: re.Match[str]) -> str:
        number = int(match[1])
        return addresses[number - 1] if number <= len(addresses) else match[0]

    text = re.sub(rf"{re.escape(SAMPLE_NET)}(\d+)\b", address, text)
    return re.sub(rf"(?<=[:=]){SAMPLE_PORT}\b", str(port), text)
