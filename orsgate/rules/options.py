# SPDX-License-Identifier: Apache-2.0
"""General rules on options: set, not set, set to something; the words of most requirements and of a team's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from orsgate.estate.estate import Estate
from orsgate.estate.export import Export
from orsgate.estate.inventory import Application
from orsgate.estate.judgement import Findings, Judgement
from orsgate.estate.knowledge import Unknown
from orsgate.estate.options import Setting, certainty, find, split_key
from orsgate.estate.secret import Secret
from orsgate.rules.subjects import Select


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the value of an option should be.

    Attributes:
        text: in words, for ``expected``.
        met: whether a value meets it.
    """

    text: str
    met: Callable[[str], bool]


def to_value(value: str) -> Expectation:
    """Exactly ``value``; ``true`` and ``false`` in any letter case."""
    if is_boolean(value):
        return Expectation(value.lower(), lambda found: found.lower() == value.lower())
    return Expectation(f'"{value}"', lambda found: found == value)


def to_one_of(values: list[str]) -> Expectation:
    """Exactly one of ``values``."""
    return Expectation(f"one of {', '.join(values)}", lambda found: found in values)


def to_positive_integer() -> Expectation:
    """An integer of at least 1."""
    return Expectation("a positive integer", lambda found: found.isascii() and found.isdigit() and found.strip("0") != "")


def to_match(pattern: str) -> Expectation:
    """A value that the regular expression ``pattern`` matches as a whole."""
    compiled = re.compile(pattern)
    return Expectation(f"a value that matches {pattern}", lambda found: compiled.fullmatch(found) is not None)


def is_boolean(value: str) -> bool:
    """Whether a value reads as a boolean of Genesys options."""
    return value.lower() in {"true", "false"}


def set_to(estate: Estate, select: Select, key: str, expectation: Expectation | None = None, none: str = "") -> Judgement:
    """Each application sets the effective option ``key``, and to a value that meets ``expectation`` if one is given.

    Args:
        estate: what is judged.
        select: chooses the applications.
        key: ``section/option``.
        expectation: what its value should be.
        none: why choosing no application means that the requirement does not apply; empty if it means an error.
    """
    findings = Findings()
    expected = f"{key} set" + (f" to {expectation.text}" if expectation else "")
    for application in select(estate):
        reading = estate.effective(application, key)
        if reading.unknown:
            findings.gap(application.name, reading.unknown)
        if reading.absent:
            where = options_place(application)
            found = "it is disabled by #" if _disabled(application.options, key) else "it is not set"
            findings.violation(application.name, f"{key}: {found}", expected, where)
        elif reading.setting is not None:
            setting = reading.setting
            if not setting.text:
                findings.violation(application.name, f"{key} is set to the empty value", expected, setting.where)
            elif expectation is not None and isinstance(setting.value, Secret):
                cause = f"the value of {key} is a secret and cannot be judged"
                findings.gap(application.name, Unknown(cause, setting.where))
            elif expectation is not None and not expectation.met(setting.text):
                findings.violation(application.name, shown(setting), expected, setting.where)
            findings.evidence(application.name, shown(setting), setting.where)
    return findings.judgement(none)


def none_sets(estate: Estate, select: Select, key: str) -> Judgement:
    """None of the applications sets the option ``key``, nor do the shared options of a cluster; a disabled one is a note."""
    findings = Findings()
    for subject, options, unknown in with_shared(estate, select):
        section, name = split_key(key)
        reading = find(options, section, name)
        if unknown:
            findings.gap(subject, unknown)
        if reading.setting is not None:
            findings.violation(subject, shown(reading.setting), f"no option {key}", reading.setting.where)
        elif _disabled(options, key):
            findings.note(f"{subject}: {key} is disabled by #, not deleted")
        if isinstance(options, Export):
            findings.evidence(subject, f"{key} is {'set' if reading.setting else 'not set'}", options.place)
    return findings.judgement()


def with_shared(estate: Estate, select: Select) -> Iterator[tuple[str, Export | Unknown | None, Unknown | None]]:
    """Name, own options and their uncertainty for each application, then the same for shared options of their clusters.

    Where every application in scope is chosen, every cluster in scope counts, one without an application in scope too.
    """
    chosen = select(estate)
    for application in chosen:
        yield application.name, application.options, estate.certainty(application)
    everyone = bool(chosen) and len(chosen) == len(estate.in_scope)
    theirs = {id(estate.cluster_of(application)) for application in chosen}
    for cluster in estate.clusters:
        if cluster.shared is not None and (everyone or id(cluster) in theirs):
            unknown = certainty(cluster.shared, f"the Annex of {cluster.transaction}")
            yield cluster.transaction, cluster.shared, unknown if not _merely_empty(cluster.shared) else None


def _merely_empty(options: Export | Unknown) -> bool:
    return isinstance(options, Export) and not options.problems and not options.has_options


def options_place(application: Application) -> str:
    """Where the options of an application were read, or should have been."""
    options = application.options
    return options.place if isinstance(options, Export) else application.origin.at("options")


def shown(setting: Setting) -> str:
    """A setting as reports show it, and that it is a shared one where it is."""
    return f"{setting.key} = {setting.text}" + (" (shared option of the cluster)" if setting.shared else "")


def _disabled(options: Export | Unknown | None, key: str) -> bool:
    if not isinstance(options, Export):
        return False
    section, name = split_key(key)
    return any(
        option.name == name and not option.enabled
        for block in options.sections
        if block.name == section
        for option in block.options
    )
