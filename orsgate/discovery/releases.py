# SPDX-License-Identifier: Apache-2.0
"""The release that a migration starts from, as the versions of the Primaries tell it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from orsgate.discovery.found import orchestration_servers
from orsgate.estate.field_types import is_release
from orsgate.estate.inventory import Configuration
from orsgate.estate.release import parse_release

_MOST_SHOWN = 6


@dataclass(frozen=True, slots=True)
class StartingRelease:
    """What the versions say.

    Attributes:
        release: the lowest version of a Primary; None where no version is known.
        agreed: whether all Primaries are known to have it.
        remark: in words, for a comment.
    """

    release: str | None
    agreed: bool
    remark: str


def starting_release(configuration: Configuration) -> StartingRelease:
    """The version of the enabled Primaries; the lowest one where they differ."""
    servers = [
        application for application in orchestration_servers(configuration)
        if application.primary is not False and application.enabled is not False
    ]  # fmt: skip
    versions = Counter(
        application.version for application in servers if isinstance(application.version, str) and is_release(application.version)
    )
    if not versions:
        return StartingRelease(None, agreed=False, remark="no Primary says a version that is a release")
    ordered = sorted(versions, key=lambda version: [int(number) for number in version.split(".")])
    unknown = len(servers) - versions.total()
    if len(ordered) == 1 and not unknown:
        whose = f"every Primary ({versions.total()})" if versions.total() > 1 else "the one Primary"
        return StartingRelease(ordered[0], agreed=True, remark=f"the version of {whose}")
    counted = [f"{version} ({versions[version]})" for version in ordered[:_MOST_SHOWN]]
    counted += [f"{len(ordered) - _MOST_SHOWN} more"] if len(ordered) > _MOST_SHOWN else []
    counted += [f"not known ({unknown})"] if unknown else []
    families = {parse_release(version).family for version in ordered}
    what = "the lowest version" if len(families) == 1 else "the lowest version, and the releases differ"
    return StartingRelease(ordered[0], agreed=False, remark=f"{what}; Primaries: {', '.join(counted)}")
