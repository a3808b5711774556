# SPDX-License-Identifier: Apache-2.0
"""The way back: what leads from the configuration as it is now to that of the baseline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from orsgate.estate.differences import Difference
from orsgate.estate.estate import Estate
from orsgate.estate.evidence_files import Baseline
from orsgate.estate.inventory import Application
from orsgate.estate.items import Aspect, Value
from orsgate.estate.knowledge import Unknown
from orsgate.estate.options import find, split_key
from orsgate.estate.ring import Ring
from orsgate.remedy.changes import ChangeList, OptionChange, Task
from orsgate.rules.classify import classify
from orsgate.rules.compared import NotCompared, compare_configurations
from orsgate.rules.planned import Classified, Sort
from orsgate.rules.strategy import KEYSPACE_NAME
from orsgate.rules.taking_back import taking_back
from orsgate.sources.option_edits import ObjectKind, Tab

_STOPPED = "8.1.4 is stopped when the configuration is taken back"
_TABS: dict[Aspect, tuple[ObjectKind, Tab]] = {
    Aspect.OPTION: ("application", "options"),
    Aspect.ANNEX: ("application", "annex"),
    Aspect.SHARED: ("transaction", "annex"),
    Aspect.MEMBER: ("transaction", "annex"),
}
_THERE = (Aspect.APPLICATION, Aspect.TRANSACTION)


@dataclass(frozen=True, slots=True)
class ObjectBack:
    """What is to be done to one object.

    Attributes:
        task: everything of it that is no option; None where there is nothing.
    """

    name: str
    changes: tuple[OptionChange, ...]
    task: Task | None


@dataclass(frozen=True, slots=True)
class WayBack:
    """The way back, in the order in which it is gone.

    Attributes:
        stop: the servers of the new release.
        objects: the configuration, object by object.
        install: the old release.
        keyspaces: what the new release wrote in Cassandra.
        start: the servers of the old release.
        not_known: what could not be compared, so that it may have to be taken back besides.
        left_out: how many differences are outside the scope.
    """

    stop: tuple[Task, ...]
    objects: tuple[ObjectBack, ...]
    install: tuple[Task, ...]
    keyspaces: tuple[Task, ...]
    start: tuple[Task, ...]
    not_known: tuple[NotCompared, ...] = ()
    left_out: int = 0

    @property
    def change_list(self) -> ChangeList:
        """All changes, and all tasks in their order."""
        changes = tuple(change for each in self.objects for change in each.changes)
        tasks = tuple(each.task for each in self.objects if each.task)
        return ChangeList(changes, (*self.stop, *tasks, *self.install, *self.keyspaces, *self.start))

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not self.objects and not self.install


def way_back(baseline: Baseline, now: Estate) -> WayBack:
    """What leads back to a baseline.

    Args:
        baseline: with real option values, so that they can be set again.
        now: the estate as it is, with real option values too; no report is made of it.
    """
    compared = compare_configurations(baseline.configuration, now.configuration)
    ring = baseline.cassandra if isinstance(baseline.cassandra, Ring) else None
    classified = classify(baseline.configuration, ring, now, compared.found).classified
    chosen = [each for each in classified if each.of.sort is not Sort.OUTSIDE]
    objects = tuple(_objects(chosen))
    install = tuple(_install(chosen))
    left_out = len(classified) - len(chosen)
    if not objects and not install:
        return WayBack((), (), (), (), (), compared.undecided, left_out)
    return WayBack(
        tuple(_stop(now)), objects, install, tuple(_keyspaces(baseline, now)), tuple(_start(baseline, chosen, now)),
        compared.undecided, left_out,
    )  # fmt: skip


def _objects(classified: Iterable[Classified]) -> Iterator[ObjectBack]:
    """Objects that are to be removed come last: until then others may name them."""
    groups: dict[str, list[Classified]] = {}
    for each in classified:
        groups.setdefault(each.key.object, []).append(each)
    backs = [(_is_new(found), _object(name, found)) for name, found in groups.items()]
    for _, back in sorted(backs, key=lambda pair: pair[0]):
        if back.changes or back.task:
            yield back


def _is_new(found: Iterable[Classified]) -> bool:
    return any(each.key.aspect in _THERE and each.difference.before is None for each in found)


def _object(name: str, found: list[Classified]) -> ObjectBack:
    if _is_new(found):
        return ObjectBack(name, (), _removal(name, found))
    changes = tuple(_change(each) for each in found if each.key.aspect in _TABS)
    others = [each for each in found if each.key.aspect not in _TABS and each.key.aspect is not Aspect.VERSION]
    return ObjectBack(name, changes, _task(name, others) if others else None)


def _removal(name: str, found: list[Classified]) -> Task:
    kind = "application" if any(each.key.aspect is Aspect.APPLICATION for each in found) else "Transaction"
    steps = (f"Delete the {kind} {name}, which was not there; where it is to be kept, disable it (clear State Enabled).",)
    undo = (f"Make the {kind} {name} again, or enable it.",)
    return Task(name, steps, undo, _ids(found), why=_STOPPED)


def _change(each: Classified) -> OptionChange:
    kind, tab = _TABS[each.key.aspect]
    name = each.key.name
    disabled = "#" if name.startswith("#") else ""
    section, _, option = ("cluster", "/", name) if each.key.aspect is Aspect.MEMBER else name.removeprefix("#").partition("/")
    if each.key.aspect is not Aspect.MEMBER:
        option = f"{disabled}{option}"
    before, after = _real(each.difference.after), _real(each.difference.before)
    return OptionChange(each.key.object, kind, tab, section, option, before, after, _ids([each]), why=_STOPPED)


def _real(value: Value | None) -> str | None:
    return None if value is None else str(value.value)


def _ids(found: Iterable[Classified]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.of.asked_by for each in found if each.of.asked_by))


def _task(name: str, found: list[Classified]) -> Task:
    steps = tuple(taking_back(each.difference) for each in found)
    undo = tuple(taking_back(_reversed(each.difference)) for each in reversed(found))
    return Task(name, steps, undo, _ids(found), why=_STOPPED)


def _reversed(difference: Difference) -> Difference:
    return Difference(difference.key, difference.after, difference.before)


def _install(classified: Iterable[Classified]) -> Iterator[Task]:
    for each in classified:
        if each.key.aspect is Aspect.VERSION and each.difference.before is not None and each.difference.after is not None:
            before, after = each.difference.before.text, each.difference.after.text
            steps = (
                f"Install Orchestration Server {before} for {each.key.object} from the binaries that were kept.",
                f"Let {each.key.object} have the application template of {before}, so that its version is {before} again.",
            )
            yield Task(each.key.object, steps, (f"Install {after} for {each.key.object} again.",), ("step 9",), why=_STOPPED)


def _stop(now: Estate) -> Iterator[Task]:
    """Backups are stopped first, so that none takes over from its Primary."""
    backups = [each.name for each in now.in_scope if each.primary is False]
    primaries = [each.name for each in now.in_scope if each.primary is not False]
    for name in (*backups, *primaries):
        yield Task(name, (f"Stop {name}.",), (f"Start {name}.",), (), why="active sessions are lost")


def _start(baseline: Baseline, classified: Iterable[Classified], now: Estate) -> Iterator[Task]:
    """What was there before is started again, Primaries first."""
    judged = {each.name for each in now.in_scope} | {each.key.object for each in classified}
    there = [each for each in baseline.configuration.applications if each.is_ors and each.enabled is not False]
    for each in sorted(there, key=lambda application: application.primary is False):
        if each.name in judged:
            yield Task(each.name, (f"Start {each.name}.",), (f"Stop {each.name}.",), ())


def _keyspaces(baseline: Baseline, now: Estate) -> Iterator[Task]:
    """Whether the old release reads what the new one wrote is not documented."""
    names = dict.fromkeys(
        name
        for application in (*baseline.configuration.applications, *now.configuration.applications)
        if (name := _keyspace(application))
    )
    for name in names:
        unsaid = "whether the old release reads what the new one wrote there is not documented"
        ask = "Let the Cassandra administrator bring back the snapshot of it that was taken before, or agree that it stays."
        steps = (f"Keyspace {name}: {unsaid}. {ask}", *_strategy_before(baseline, name))
        yield Task(f"keyspace {name}", steps, (), ("ORS-0708",))


def _strategy_before(baseline: Baseline, name: str) -> Iterator[str]:
    """How the baseline holds a keyspace, which the options of the old release describe again."""
    nodes = baseline.cassandra.nodes if isinstance(baseline.cassandra, Ring) else ()
    for node in nodes:
        for keyspace in () if isinstance(node.keyspaces, Unknown) else node.keyspaces:
            if keyspace.name == name:
                strategy = keyspace.strategy_class.rpartition(".")[2]
                options = ", ".join(f"{key}: {value}" for key, value in sorted(keyspace.strategy_options.items()))
                yield (
                    f"Keyspace {name} had {strategy} {{{options}}}: where it was altered, let the Cassandra administrator alter "
                    "it back, and run nodetool repair on every node (from 2.2 on with -full)."
                )
                return


def _keyspace(application: Application) -> str:
    setting = find(application.options, *split_key(KEYSPACE_NAME)).setting
    return setting.text if setting else ""
