# SPDX-License-Identifier: Apache-2.0
"""Changes of a configuration as a person makes them: options, and what an installation writes into an Application object."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from orsgate.estate.options import split_key
from orsgate.estate.release import parse_release
from orsgate.sandbox.errors import UsageError
from orsgate.sandbox.twins.objects import Properties, Tree, TreeApplication

_LICENSE = re.compile(r"(?:^|\s)-l\s+\S+")


def changed(tree: Tree, application: str, change: Callable[[TreeApplication], TreeApplication]) -> Tree:
    """A tree in which one application is another.

    Raises:
        UsageError: the tree holds no such application.
    """
    dbid = tree.dbid("application", application)
    return replace(tree, applications=tuple(change(one) if one.dbid == dbid else one for one in tree.applications))


def with_option(properties: Properties, key: str, value: str | None) -> Properties:
    """Options in which ``section/name`` has another value, or is not set.

    Raises:
        ValueError: ``key`` names no option.
    """
    wanted, name = split_key(key)
    sections = {section: dict(options) for section, options in properties}
    if value is None:
        sections.get(wanted, {}).pop(name, None)
    else:
        sections.setdefault(wanted, {})[name] = value
    return tuple((section, tuple(options.items())) for section, options in sections.items())


def option_in_text(text: str, key: str, value: str | None) -> str:
    """An export in which ``section/name`` has another value, or is not set; everything else stays as it stands."""
    wanted, name = split_key(key)
    kept: list[str] = []
    section, done = "", value is None
    for line in text.splitlines():
        if found := re.fullmatch(r"\s*\[\s*([^\[\]]+?)\s*\]\s*", line):
            if section == wanted and not done:
                kept, done = _inserted(kept, f"{name}={value}"), True
            section = found[1]
        elif section == wanted and line.partition("=")[0].strip() == name and "=" in line:
            if done:
                continue
            line, done = f"{name}={value}", True  # noqa: PLW2901 - it is another line then
        kept.append(line)
    if not done:
        kept = _inserted(kept, f"{name}={value}") if section == wanted else [*kept, "", f"[{wanted}]", f"{name}={value}"]
    return "\n".join(kept) + "\n"


def _inserted(lines: list[str], line: str) -> list[str]:
    """A line after the last one that is not blank."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return [*lines[:end], line, *lines[end:]]


def installed(arguments: str, build: str) -> str:
    """The command line after a build was installed: from 8.1.4 on without the licence (Genesys, "Starting ORS").

    Raises:
        UsageError: ``build`` is no release.
    """
    try:
        release = parse_release(build)
    except ValueError as error:
        raise UsageError(str(error)) from error
    return _LICENSE.sub("", arguments).strip() if release.family >= (8, 1, 4) else arguments
