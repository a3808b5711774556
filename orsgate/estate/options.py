# SPDX-License-Identifier: Apache-2.0
"""Reading options of applications: what is set, where, and whether that can be known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from orsgate.estate.export import Export
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.secret import Secret


@dataclass(frozen=True, slots=True)
class Setting:
    """An enabled option.

    Attributes:
        shared: whether it stands in the Annex of the cluster Transaction, not on the application.
    """

    section: str
    name: str
    value: str | Secret
    where: str
    shared: bool = False

    @property
    def key(self) -> str:
        """``section/name``."""
        return f"{self.section}/{self.name}"

    @property
    def text(self) -> str:
        """Its value as reports show it."""
        return str(self.value)


@dataclass(frozen=True, slots=True)
class Reading:
    """The answer to "what is this option set to?".

    Attributes:
        setting: the option, None where none was found.
        unknown: why the answer is not certain; a rule may find fault with a setting beside it, but never pass it.
    """

    setting: Setting | None
    unknown: Unknown | None = None

    @property
    def absent(self) -> bool:
        """Whether the option is known not to be set."""
        return self.setting is None and self.unknown is None


def split_key(key: str) -> tuple[str, str]:
    """Split ``section/name`` at the first slash.

    Raises:
        ValueError: if there is no slash, or nothing on one side of it.
    """
    section, slash, name = key.partition("/")
    if not slash or not section or not name:
        raise ValueError(f'"{key}" does not name an option: write section/option, such as orchestration/mcr-pull-limit')
    return section, name


def certainty(options: Export | Unknown | None, whose: str) -> Unknown | None:
    """Why the options of an object are not fully known; None where they are.

    Args:
        options: what was read.
        whose: e.g. ``the current export of ORS_1``.
    """
    if options is None:
        return Unknown(f"{whose} is not given", failure=Failure.NOT_GIVEN)
    if isinstance(options, Unknown):
        return options
    if problem := options.incomplete:
        return Unknown(f"{whose} has a line that is not understood: {options.where(problem.line)}", options.where(problem.line))
    if not options.has_options:
        return Unknown(f"{whose} holds no option: {options.place}", options.place)
    return None


def find(options: Export | Unknown | None, section: str, name: str, *, shared: bool = False) -> Reading:
    """Look an enabled option up by its exact section and name.

    Set twice to different values, it is found, and which value counts is unknown.
    """
    if not isinstance(options, Export):
        return Reading(None)
    found: Setting | None = None
    for block in options.sections:
        if block.name != section or not block.enabled:
            continue
        for option in block.options:
            if option.name != name or not option.enabled:
                continue
            setting = Setting(section, name, option.value, options.where(option.line), shared)
            if found is not None and found.value != setting.value:
                cause = f"{section}/{name} is set twice to different values: {found.where} and {setting.where}"
                return Reading(setting, Unknown(cause, setting.where))
            found = found or setting
    return Reading(found)


def matching(options: Export | Unknown | None, pattern: str, *, shared: bool = False) -> Iterator[Setting]:
    """Every enabled option whose ``section/name`` matches ``pattern`` (``*`` and ``?``), in file order."""
    if isinstance(options, Export):
        for section, option in options.enabled_options():
            if fnmatchcase(f"{section.name}/{option.name}", pattern):
                yield Setting(section.name, option.name, option.value, options.where(option.line), shared)
