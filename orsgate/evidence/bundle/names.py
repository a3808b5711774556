# SPDX-License-Identifier: Apache-2.0
"""What lies in a bundle under which name, and which names a file in it can have."""

from __future__ import annotations

import re

from orsgate.discovery.file_names import unfit_for_file

ENVELOPE = "statement.dsse.json"
"""The signed statement about all the others; it stands first."""
RESULTS = "results.json"
SNAPSHOT = "snapshot.json"
REPORT = "report.html"
CATALOGUE = "catalogue.toml"
WAIVERS = "waivers.toml"
"""The first file of waivers; the others are waivers-2.toml, waivers-3.toml ... in the order in which they were named."""
RECORD = "record.json"
FEATURES = "features/"
"""Those of the core lie in this directory."""
TEAM = "features/team/"
"""Those of a team."""
ATTESTATIONS = "attestations/"
"""With the files that belong to them."""

_WAIVERS = re.compile(r"waivers(-[1-9][0-9]*)?\.toml")
_DEEPEST = TEAM.count("/") + 1


def unfit(name: str) -> str:
    """Why a bundle holds no file of this name, in words after "its name"; empty where it can."""
    parts = name.split("/")
    if len(parts) > _DEEPEST:
        return "leads deeper than any directory of a bundle"
    return next((why for part in parts if (why := unfit_for_file(part))), "")


def waivers_name(number: int) -> str:
    """What a file of waivers is called, by its number, from 1."""
    return WAIVERS if number == 1 else f"waivers-{number}.toml"


def holds_waivers(name: str) -> bool:
    """Whether a file of this name is one of waivers."""
    return _WAIVERS.fullmatch(name) is not None


def below(name: str, directory: str) -> bool:
    """Whether a file lies in a directory itself, not in one within it."""
    return name.startswith(directory) and "/" not in name.removeprefix(directory)
