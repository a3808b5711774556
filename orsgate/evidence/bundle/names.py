# SPDX-License-Identifier: Apache-2.0
"""What lies in a bundle under which name, and which names a file in it can have."""

from __future__ import annotations

from orsgate.discovery.file_names import unfit_for_file

ENVELOPE = "statement.dsse.json"
"""The signed statement about all the others; it stands first."""
RESULTS = "results.json"
SNAPSHOT = "snapshot.json"
REPORT = "report.html"
CATALOGUE = "catalogue.toml"
WAIVERS = "waivers.toml"
FEATURES = "features/"
"""Those of the core lie in this directory."""
TEAM = "features/team/"
"""Those of a team."""
ATTESTATIONS = "attestations/"
"""With the files that belong to them."""

_DEEPEST = TEAM.count("/") + 1


def unfit(name: str) -> str:
    """Why a bundle holds no file of this name, in words after "its name"; empty where it can."""
    parts = name.split("/")
    if len(parts) > _DEEPEST:
        return "leads deeper than any directory of a bundle"
    return next((why for part in parts if (why := unfit_for_file(part))), "")


def below(name: str, directory: str) -> bool:
    """Whether a file lies in a directory itself, not in one within it."""
    return name.startswith(directory) and "/" not in name.removeprefix(directory)
