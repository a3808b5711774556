# SPDX-License-Identifier: Apache-2.0
"""Step 3: the options of a Primary and its Backup agree, but for what is each one's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from fnmatch import fnmatchcase
from functools import cached_property

from orsgate.estate.estate import Estate, Pair
from orsgate.estate.export import Export, Option
from orsgate.estate.inventory import Application
from orsgate.estate.judgement import Findings, Judgement
from orsgate.estate.knowledge import Unknown
from orsgate.estate.options import find, split_key
from orsgate.estate.secret import Secret
from orsgate.rules.obsolete import OBSOLETE
from orsgate.rules.own_names import OwnNames, name_is_host
from orsgate.rules.pairs import NO_PAIR, judged_pairs
from orsgate.rules.subjects import Select, every_application, none_sets_it
from orsgate.rules.values import Sameness, compare, only_paths_differ

Key = tuple[str, str]
"""Section and name."""

MAY_ALWAYS_DIFFER = ("log/*", "orchestration/external-url")
"""What is a matter of one host, or is set on the Primary only (Genesys, "Application-Level Options", ORS 8.1.3)."""


def options_agree(estate: Estate) -> Judgement:
    """All options of Primary and Backup agree, but for the section ``log``, ``external-url`` and ``may_differ``."""
    findings = Findings()
    _compare_pairs(
        findings, estate, judged_pairs(estate, findings), None, (*MAY_ALWAYS_DIFFER, *estate.snapshot.estate.estate.may_differ)
    )
    return findings.judgement(NO_PAIR)


def option_agrees(estate: Estate, key: str, select: Select = every_application) -> Judgement:
    """The option ``key`` (``section/option``) agrees between Primary and Backup; ``may_differ`` does not excuse it.

    Judged are the pairs with a chosen application. It does not apply where neither side of any of them sets the option.
    """
    findings = Findings()
    chosen = {application.name for application in select(estate)}
    pairs = list(judged_pairs(estate, findings, chosen))
    _compare_pairs(findings, estate, pairs, split_key(key), ())
    judgement = findings.judgement(NO_PAIR if chosen else "")
    readings = [(pair, estate.effective(side, key)) for pair in pairs for side in (pair.primary, pair.backup)]
    if not pairs or any(reading.setting for _, reading in readings):
        return judgement
    for pair, reading in readings:
        if reading.unknown:
            findings.gap(pair.name, reading.unknown)
    return replace(findings.judgement(), not_applicable=none_sets_it(estate, select, key))


def _compare_pairs(
    findings: Findings, estate: Estate, pairs: Iterable[Pair], only: Key | None, may_differ: tuple[str, ...]
) -> None:
    notes = _Notes()
    for pair in pairs:
        _Comparison(estate, pair, may_differ, findings, notes).run(only)
    notes.hand_over(findings)


class _Notes:
    """Differences that are no violations: one note for each option, however many pairs it concerns."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str], str] = {}
        self._count: dict[tuple[str, str], int] = {}

    def add(self, key: str, what: str, example: str) -> None:
        self._first.setdefault((key, what), example)
        self._count[key, what] = self._count.get((key, what), 0) + 1

    def hand_over(self, findings: Findings) -> None:
        for (key, what), example in self._first.items():
            others = self._count[key, what] - 1
            more = f", and in {others} more pair{'s' if others > 1 else ''}" if others else ""
            findings.note(f"{key} {what}: {example}{more}")


class Likeness(Enum):
    """How alike the values of an option are on Primary and Backup; what a note says of a difference that may be."""

    SAME = ""
    """Equal, once each one's own names are replaced."""
    SAME_MEANING = "is written in another way, with the same meaning"
    ANOTHER_PORT = "is another port"
    ANOTHER_PATH = "differs only as file paths"
    DIFFERENT = "differs"


def likeness(name: str, one: tuple[str | Secret, OwnNames], other: tuple[str | Secret, OwnNames]) -> Likeness:
    """How alike two values of the option ``name`` (``section/name``) are, each with the own names of its application."""
    (first, names), (second, others) = one, other
    match compare(name, first, second):
        case Sameness.EQUAL:
            return Likeness.SAME
        case Sameness.SAME_MEANING:
            return Likeness.SAME_MEANING
    if isinstance(first, Secret) or isinstance(second, Secret):
        return Likeness.DIFFERENT
    same_words = name_is_host(names, others)
    first = names.replaced(first, name_is_host=same_words)
    second = others.replaced(second, name_is_host=same_words)
    if first == second:
        return Likeness.SAME
    if name.endswith("-port"):
        return Likeness.ANOTHER_PORT
    return Likeness.ANOTHER_PATH if only_paths_differ(first, second) else Likeness.DIFFERENT


@dataclass(frozen=True)
class _Side:
    """One of a pair with what is known of its own options."""

    role: str
    application: Application
    unknown: Unknown | None

    @property
    def title(self) -> str:
        return f"the {self.role} {self.application.name}"

    @property
    def export(self) -> Export | None:
        return self.application.options if isinstance(self.application.options, Export) else None

    @cached_property
    def options(self) -> dict[Key, Option]:
        """Every enabled option; of one that is set twice the first."""
        found: dict[Key, Option] = {}
        for section, option in self.export.enabled_options() if self.export else ():
            found.setdefault((section.name, option.name), option)
        return found

    @cached_property
    def conflicts(self) -> Mapping[Key, Unknown]:
        """Options that are set twice to different values: which value counts is not known."""
        found: dict[Key, Unknown] = {}
        for section, option in self.export.enabled_options() if self.export else ():
            key = (section.name, option.name)
            if key not in found and self.options[key].value != option.value:
                unknown = find(self.export, *key).unknown
                found |= {key: unknown} if unknown else {}
        return found

    @cached_property
    def own_names(self) -> OwnNames:
        return OwnNames(self.application)

    def where(self, option: Option) -> str:
        return self.export.where(option.line) if self.export else ""

    def has_disabled(self, key: Key) -> bool:
        return self.export is not None and any(
            option.name == key[1] and not option.enabled
            for section in self.export.sections
            if section.name == key[0]
            for option in section.options
        )


class _Comparison:
    """Compares the options of one pair."""

    def __init__(self, estate: Estate, pair: Pair, may_differ: tuple[str, ...], findings: Findings, notes: _Notes) -> None:
        self._estate = estate
        self._subject = pair.name
        self._may_differ = may_differ
        self._findings = findings
        self._notes = notes
        self._primary = _Side("Primary", pair.primary, estate.certainty(pair.primary))
        self._backup = _Side("Backup", pair.backup, estate.certainty(pair.backup))

    def run(self, only: Key | None) -> None:
        """Compare every option, or ``only`` one."""
        primary, backup = self._primary, self._backup
        for side in (primary, backup):
            if side.unknown:
                self._findings.gap(self._subject, side.unknown)
        left_out = 0
        keys = [only] if only else list(dict.fromkeys((*primary.options, *backup.options)))
        for key in keys:
            left_out += self._left_out_or_judged(key)
        if backup.export is not None:
            text = f"{len(keys)} options compared, {left_out} that differ left out"
            if only:
                value = backup.options[only].value if only in backup.options else "not set"
                text = f"{'/'.join(only)} on {backup.title}: {value}"
            self._findings.evidence(self._subject, text, backup.export.place)

    def _left_out_or_judged(self, key: Key) -> bool:
        of_primary, of_backup = self._primary.options.get(key), self._backup.options.get(key)
        name = "/".join(key)
        conflict = self._primary.conflicts.get(key) or self._backup.conflicts.get(key)
        if not conflict and _equal(name, of_primary, of_backup):
            return False
        if any(fnmatchcase(name, pattern) for pattern in self._may_differ):
            return True
        if conflict:
            self._findings.gap(self._subject, conflict)
        elif of_primary and of_backup:
            self._both_set(name, of_primary, of_backup)
        elif of_primary:
            self._one_sided(key, of_primary, self._primary, self._backup)
        elif of_backup:
            self._one_sided(key, of_backup, self._backup, self._primary)
        return False

    def _both_set(self, name: str, of_primary: Option, of_backup: Option) -> None:
        one, other = of_primary.value, of_backup.value
        example = f"{one} on {self._primary.title}, {other} on {self._backup.title}"
        match likeness(name, (one, self._primary.own_names), (other, self._backup.own_names)):
            case Likeness.SAME:
                return
            case Likeness.DIFFERENT:
                pass
            case tolerated:
                self._notes.add(name, tolerated.value, example)
                return
        fix = f"Options tab: set {name} on both to the same value, or name it in may_differ of the estate file."
        found = f"{name} = {other} on {self._backup.title}"
        expected = f"{name} = {one}, as on {self._primary.title}"
        self._findings.violation(self._subject, found, expected, self._backup.where(of_backup), fix)

    def _one_sided(self, key: Key, option: Option, has: _Side, lacks: _Side) -> None:
        if lacks.unknown:
            return
        name = "/".join(key)
        state = "is not set" if not lacks.has_disabled(key) else "is disabled by #"
        shared = self._estate.effective(lacks.application, name)
        if shared.setting is not None:
            if compare(name, option.value, shared.setting.value) is not Sameness.DIFFERENT:
                self._notes.add(name, "is the shared option of the cluster on one side", f"set on {has.title} only")
                return
            state += f", and the shared option of the cluster is {shared.setting.text} ({shared.setting.where})"
        elif shared.unknown:
            self._findings.gap(self._subject, shared.unknown)
            return
        found = f"{name} = {option.value} on {has.title} only; on {lacks.title} it {state}"
        fix = f"Options tab of {has.application.name}, section {key[0]}: delete {key[1]}, which step 2 deletes everywhere."
        if name not in OBSOLETE and key[0] != "cluster":
            where = f"Options tab of {lacks.application.name}, section {key[0]}"
            fix = f"{where}: set {key[1]} as on {has.title}; or delete it on {has.title}."
        self._findings.violation(self._subject, found, f"{name} the same on both sides", has.where(option), fix)


def _equal(name: str, one: Option | None, other: Option | None) -> bool:
    if one is None or other is None:
        return one is other
    return compare(name, one.value, other.value) is Sameness.EQUAL
