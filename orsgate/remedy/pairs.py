# SPDX-License-Identifier: Apache-2.0
"""Step 3: a Backup has the options of its Primary, with its own name and host in place of the Primary's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from orsgate.estate.estate import Estate, Pair
from orsgate.estate.export import Export
from orsgate.estate.inventory import Application
from orsgate.estate.options import find
from orsgate.estate.secret import HIDDEN, is_secret, says_secret
from orsgate.remedy.answers import Question
from orsgate.remedy.cassandra_options import IDS
from orsgate.remedy.draft import Draft, sound_pairs
from orsgate.remedy.multimedia import LIMIT
from orsgate.remedy.persistence import FOR_BACKUPS
from orsgate.rules.agreement import MAY_ALWAYS_DIFFER, Likeness, likeness
from orsgate.rules.multimedia import PULLS
from orsgate.rules.obsolete import REPLACEMENT
from orsgate.rules.own_names import OwnNames
from orsgate.rules.values import Sameness, compare

Key = tuple[str, str]
"""Section and name."""

_ALSO: Mapping[str, str] = {
    **{key: ids[0] for key, ids in IDS.items()},
    PULLS: "ORS-0801",
    LIMIT: "ORS-0802",
    REPLACEMENT: "ORS-0204",
}
"""Which other requirement an option of a Backup meets when it becomes that of its Primary."""


def alike(draft: Draft) -> None:
    """ORS-0305: each Backup gets the options of its Primary, and loses those that it has alone.

    Left as they are: the section ``log``, ``external-url``, what ``may_differ`` names, and differences that are none: ports,
    file paths, other ways to write the same.
    """
    chosen = {application.name for application in draft.applications()}
    for pair in sound_pairs(draft.estate):
        if {pair.primary.name, pair.backup.name} <= chosen:
            _Alike(draft, pair).settle()


def left_to_each(estate: Estate) -> tuple[str, ...]:
    """Patterns of options in which a pair may differ."""
    return (*MAY_ALWAYS_DIFFER, *estate.snapshot.estate.estate.may_differ)


class _Alike:
    """Makes the Backup of one pair like its Primary."""

    def __init__(self, draft: Draft, pair: Pair) -> None:
        self._draft = draft
        self._pair = pair
        self._own = OwnNames(pair.primary)
        self._others = OwnNames(pair.backup)
        self._free = left_to_each(draft.estate)

    def settle(self) -> None:
        """Propose what the Backup needs."""
        of_primary, of_backup = _values(self._pair.primary), _values(self._pair.backup)
        for key in dict.fromkeys((*of_primary, *of_backup)):
            unsure = any(find(side.options, *key).unknown for side in (self._pair.primary, self._pair.backup))
            if unsure or self._is_free("/".join(key), held=key in of_backup):
                continue
            if key in of_primary:
                self._as_on_primary(key, of_primary[key], of_backup.get(key))
            else:
                self._only_on_backup(key, of_backup[key])

    def _is_free(self, name: str, *, held: bool) -> bool:
        """Whether an option is left alone; what a Backup must have, and has not, it gets from its Primary all the same."""
        must = not held and (name in FOR_BACKUPS or name in {PULLS, LIMIT})
        return not must and any(fnmatchcase(name, pattern) for pattern in self._free)

    def _as_on_primary(self, key: Key, value: str, held: str | None) -> None:
        backup, name = self._pair.backup, "/".join(key)
        if held is None:
            if self._is_shared(backup, name, value):
                return
        elif likeness(name, (value, self._own), (held, self._others)) is not Likeness.DIFFERENT:
            return
        after = self._own.in_words_of(self._others, value)
        if after is None:
            after = self._draft.ask(self._of_host(key, value))
        if after is not None:
            ids = ("ORS-0305", _ALSO[name]) if name in _ALSO else ("ORS-0305",)
            self._draft.change(backup, *key, after, ids, held)

    def _only_on_backup(self, key: Key, held: str) -> None:
        if not self._is_shared(self._pair.primary, "/".join(key), held):
            self._draft.change(self._pair.backup, *key, None, ("ORS-0305",), held)

    def _is_shared(self, application: Application, name: str, value: str) -> bool:
        """Whether an application has the value from its cluster, or may have it."""
        shared = self._draft.estate.effective(application, name)
        if shared.setting is None or not shared.setting.shared:
            return shared.unknown is not None
        return compare(name, value, shared.setting.value) is not Sameness.DIFFERENT

    def _of_host(self, key: Key, value: str) -> Question:
        name = self._pair.backup.name
        hidden = any(map(says_secret, key)) or is_secret(value)
        shown = HIDDEN if hidden else value
        text = f"{'/'.join(key)} of {name}, whose host is not known; on {self._pair.primary.name} it names the host: {shown}"
        return Question(name, *key, text, ("ORS-0305",), (self._pair.primary.name, self._pair.name))


def _values(application: Application) -> dict[Key, str]:
    """Every enabled option of an application; of one that is set twice the first."""
    found: dict[Key, str] = {}
    for key, value in _enabled(application):
        found.setdefault(key, value)
    return found


def _enabled(application: Application) -> Iterator[tuple[Key, str]]:
    if isinstance(application.options, Export):
        for section, option in application.options.enabled_options():
            yield (section.name, option.name), str(option.value)
