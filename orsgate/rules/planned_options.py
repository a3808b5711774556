# SPDX-License-Identifier: Apache-2.0
"""Which changes of options steps 2 to 8 ask for."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property

from orsgate.estate.differences import Difference
from orsgate.estate.evidence_files import ReadinessRecord
from orsgate.estate.inventory import Application
from orsgate.estate.items import Aspect, Key, Value
from orsgate.estate.options import find
from orsgate.rules.broken import ASKING, LIMIT
from orsgate.rules.multimedia import PULLS
from orsgate.rules.obsolete import REPLACED, REPLACEMENT, nearly
from orsgate.rules.options import is_boolean
from orsgate.rules.own_names import OwnNames, name_is_host
from orsgate.rules.persistence_options import COMPARED
from orsgate.rules.planned import Class, Migration, Sort, note, planned, undecided, unplanned
from orsgate.rules.planned_decisions import Decided
from orsgate.rules.strategy import SCHEMA_VERSION
from orsgate.rules.values import Sameness, compare

NEW = "new, from the new template?"
"""What is said of an option that nobody asked for and that was not there before."""
NO_EFFECT = "disabled by #, so it has no effect"
_DELETED = {"orchestration/mcr-pull-by-msn-only": "ORS-0201", "orchestration/get-list-item-by-urs": "ORS-0203"}
_RELEASE = re.compile(r"ORS8([0-9]{6})")
_ONLY_THEN = frozenset({"ORS-0501", "ORS-0708"})
"""What a ring is now says nothing of what it was: ORS itself makes the keyspace as its new options say."""
_GUARDED = frozenset({*COMPARED, PULLS, LIMIT})
"""Options that steps 7 and 8 speak of: one of them that appears is right, or wrong, and never merely new."""

Follow = Callable[[Difference], Class]


class OptionChanges:
    """Classifies changes of options of applications and of shared options.

    Args:
        migration: both states.
        classify: gives the class of another difference.
    """

    def __init__(self, migration: Migration, classify: Follow) -> None:
        self._migration = migration
        self._classify = classify
        self._decisions = Decided(migration)

    def classify(self, difference: Difference, *, alone: bool = False) -> Class:
        """The class of a difference of an option or a shared option.

        Args:
            difference: what changed.
            alone: leave out that a Backup follows its Primary.
        """
        key = difference.key.name
        if key.startswith("#"):
            return self._disabled(difference)
        if _same_meaning(difference):
            return note("written in another way, with the same meaning")
        asked = (
            self._step_2(difference)
            or self._mended(difference)
            or self._decisions.ask_for(difference.key.name, difference.before, difference.after, self._concerned(difference))
        )
        if asked is None and not alone:
            asked = self._as_on_primary(difference)
        asked = asked or self._same_effect(difference)
        if asked is not None:
            return asked
        return self._open(difference) or (self._new(difference) if difference.before is None else unplanned())

    def _open(self, difference: Difference) -> Class | None:
        """A change that a requirement may have asked for of which that cannot be judged."""
        key = difference.key.name
        for requirement, asking in ASKING.items():
            if key in asking.options and requirement not in _ONLY_THEN:
                subjects = self._subjects(difference)
                unknown = self._migration.may_mend(requirement, subjects)
                if unknown and not self._still_wrong(subjects, key):
                    return undecided(requirement, unknown)
        return None

    def _disabled(self, difference: Difference) -> Class:
        """A deletion may leave the option with ``#`` before it; what is disabled has no effect otherwise."""
        enabled = difference.key._replace(name=difference.key.name.removeprefix("#"))
        deletion = self._migration.differences.get(enabled)
        if difference.before is None and deletion is not None and deletion.after is None:
            return self._classify(deletion)
        return note(NO_EFFECT)

    def _step_2(self, difference: Difference) -> Class | None:
        key = difference.key.name
        section, name = _parts(key)
        requirement = _DELETED.get(key) or ("ORS-0202" if section == "cluster" and self._own(difference) else "")
        if not requirement and nearly(section, name):
            requirement = "ORS-0205"
        if requirement:
            what = "is not used any more" if requirement != "ORS-0205" else "is nearly an option that is not used any more"
            return planned(requirement) if difference.after is None else unplanned(f"{key} {what}")
        if key == REPLACEMENT and difference.after is not None:
            return self._carried_over(difference, difference.after)
        return None

    @staticmethod
    def _own(difference: Difference) -> bool:
        return difference.key.aspect is Aspect.OPTION

    def _carried_over(self, difference: Difference, after: Value) -> Class | None:
        had = []
        for name in self._concerned(difference):
            found = self._migration.before.applications.get(name)
            reading = find(found.options if found else None, *_parts(REPLACED))
            if reading.setting is not None:
                had.append(reading.setting.text)
        if not had:
            return None
        if is_boolean(after.text) and all(value.lower() == after.text.lower() for value in had):
            return planned("ORS-0204")
        return unplanned(f"get-list-item-by-urs was {had[0]}") if difference.before is None else None

    def _concerned(self, difference: Difference) -> tuple[str, ...]:
        """The applications that an option acts on."""
        name = difference.key.object
        return self._migration.members_of(name) if difference.key.aspect is Aspect.SHARED else (name,)

    def _subjects(self, difference: Difference) -> tuple[str, ...]:
        names = (subject for name in self._concerned(difference) for subject in self._migration.subjects_of(name))
        return tuple(dict.fromkeys((difference.key.object, *names)))

    def _mended(self, difference: Difference) -> Class | None:
        """A change after which a requirement is met that was not: what was unset is set, what was wrong is right."""
        key = difference.key.name
        subjects: tuple[str, ...] | None = None
        for requirement, asking in ASKING.items():
            if key not in asking.options:
                continue
            subjects = subjects or self._subjects(difference)
            if requirement == "ORS-0501":
                names = tuple(self._migration.broken_before[0].all_of(requirement))
                if names and not self._migration.broken_after.at_all(requirement):
                    return planned(requirement, "the ring before was not supported")
            elif self._migration.mends(requirement, subjects, key, then_only=requirement in _ONLY_THEN):
                wrong = self._still_wrong(subjects, key)
                return unplanned(f"{wrong} is not met with it") if wrong else planned(requirement)
        if key == SCHEMA_VERSION and difference.before and difference.after:
            return self._schema_version(difference.before.text, difference.after.text)
        return None

    def _still_wrong(self, subjects: tuple[str, ...], key: str) -> str:
        """A requirement on an option that is broken now; empty where none is."""
        broken = (name for name, asking in ASKING.items() if key in asking.options and name.startswith(("ORS-07", "ORS-08")))
        return next((name for name in broken if self._migration.broken_after.by(name, subjects, key)), "")

    def _schema_version(self, before: str, after: str) -> Class | None:
        """Step 7 has the schema version entered for the release that is installed; its form is unconfirmed."""
        target = "".join(map(str, self._migration.after.target.family))
        old, new = _RELEASE.fullmatch(before), _RELEASE.fullmatch(after)
        if not after or (old and before.startswith(f"ORS{target}")) or (old and new and new[1] < old[1]):
            return None
        return planned("ORS-0702", f"the schema version of {self._migration.after.target.family_text}, to be entered in step 7")

    def _as_on_primary(self, difference: Difference) -> Class | None:
        """A Backup that becomes as its Primary is, in what the Primary did not change unasked."""
        primary = self._migration.primary_of(difference.key.object)
        backup = self._migration.after.applications.get(difference.key.object)
        if primary is None or backup is None or not self._own(difference):
            return None
        now = find(primary.options, *_parts(difference.key.name)).setting
        if now is None or difference.after is None:
            same = now is None and difference.after is None
        else:
            same = _agree(difference.key.name, primary, Value(now.value), backup, difference.after)
        if not same:
            return None
        of_primary = self._migration.differences.get(Key(primary.name, Aspect.OPTION, difference.key.name))
        if of_primary is None:
            return planned("ORS-0305", f"as on its Primary {primary.name}")
        its = self.classify(of_primary, alone=True)
        if its.sort is Sort.PLANNED:
            return planned("ORS-0305", f"as on its Primary {primary.name}, which {its.asked_by} changed")
        return its

    def _same_effect(self, difference: Difference) -> Class | None:
        """An option that moved between an application and the shared options of its cluster, and acts as before."""
        key = difference.key.name
        if not all(_parts(key)) or not self._migration.after.shares_options:
            return None
        names = self._concerned(difference)
        for name in names:
            was, now = self._migration.before.applications.get(name), self._migration.after.applications.get(name)
            if was is None:
                continue  # a new Backup, which had no option
            if now is None:
                return None
            before, after = self._migration.before.effective(was, key), self._migration.after.effective(now, key)
            if before.unknown or after.unknown or before.setting is None or after.setting is None:
                return None
            if compare(key, before.setting.value, after.setting.value) is Sameness.DIFFERENT:
                return None
        return planned("ORS-0406", "it acts as before, from the shared options of the cluster") if names else None

    def _new(self, difference: Difference) -> Class:
        key, record = difference.key.name, self._migration.after.snapshot.record
        if key in _GUARDED:
            wrong = self._still_wrong(self._subjects(difference), key)
            return unplanned(f"{wrong} is not met with it" if wrong else "")
        if isinstance(record, ReadinessRecord) and tuple(difference.key) in self._recorded:
            return unplanned("it was there when the readiness record was written, so it is not from the installation")
        return note(NEW)

    @cached_property
    def _recorded(self) -> frozenset[tuple[str, str, str]]:
        record = self._migration.after.snapshot.record
        items = record.items if isinstance(record, ReadinessRecord) else ()
        return frozenset((item.object, item.aspect, item.name) for item in items)


def _parts(key: str) -> tuple[str, str]:
    section, _, name = key.partition("/")
    return section, name


def _same_meaning(difference: Difference) -> bool:
    if difference.before is None or difference.after is None:
        return False
    return compare(difference.key.name, difference.before.value, difference.after.value) is not Sameness.DIFFERENT


def _agree(key: str, primary: Application, one: Value, backup: Application, other: Value) -> bool:
    """Whether two values agree but for each side's own names."""
    if compare(key, one.value, other.value) is not Sameness.DIFFERENT:
        return True
    if not isinstance(one.value, str) or not isinstance(other.value, str):
        return False
    own, others = OwnNames(primary), OwnNames(backup)
    same_words = name_is_host(own, others)
    return own.replaced(one.value, name_is_host=same_words) == others.replaced(other.value, name_is_host=same_words)
