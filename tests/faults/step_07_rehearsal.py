# SPDX-License-Identifier: Apache-2.0
"""Step 7, rehearsed: what a twin of the ring did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.rehearsal import Attempt, CallResult, Definition, Rehearsal, TokenRange, Trial
from tests.faults.workshop import Change, Fault, Workshop, expect, removed, replaced
from tests.faults.workshop import fault as any_fault
from tests.faults.workshop import harmless as any_harmless
from tests.rehearsals import SIMPLE, answer, refused, rehearsal, trial, twin

_ALL = "exports/*.cfg"
_ROWS = "ORS-0752 ORS-0753 ORS-0754"
_BROKE = Unknown("the twin of the ring on this machine broke", failure=Failure.UNREADABLE)


def fault(name: str, expected: dict[str, str] | str, *changes: Change) -> Fault:
    return any_fault(f"rehearsal: {name}", expected, *changes, phase="rehearsal")


def harmless(name: str, *changes: Change, expected: dict[str, str] | None = None) -> Fault:
    return any_harmless(f"rehearsal: {name}", *changes, phase="rehearsal", expected=expected)


def happened(record: Rehearsal | Unknown | None) -> Change:
    def change(workshop: Workshop) -> None:
        workshop.rehearsal = record

    return change


def altered(alter: Callable[[Trial], Trial]) -> Change:
    return happened(rehearsal(alter(trial())))


def _class(name: str) -> Change:
    return replaced(_ALL, "cassandra-strategy-class=NetworkTopologyStrategy\n", f"cassandra-strategy-class={name}\n")


def _options(text: str, where: str = _ALL) -> Change:
    return replaced(where, "cassandra-strategy-options=DC1:3;DC2:3\n", f"cassandra-strategy-options={text}\n")


def _on(options: dict[str, str], **ring: int) -> Change:
    """The rehearsal of ``options`` on a twin of a ring."""
    of = twin(ring or None)
    return happened(rehearsal(trial(of, options), of=of))


def _up(found: Trial) -> tuple[Attempt, ...]:
    assert isinstance(found.all_up, tuple)
    return found.all_up


def _ranges(found: Trial) -> tuple[TokenRange, ...]:
    assert isinstance(found.ranges, tuple)
    return found.ranges


def _broken_off(found: Trial) -> Trial:
    assert isinstance(found.one_down, tuple)
    first, second = found.one_down
    return replace(found, one_down=(first, replace(second, attempts=_BROKE)))


def _attempts(result: CallResult, *, reading: bool = False) -> Callable[[Trial], Trial]:
    """The first attempt with all nodes up ended otherwise."""

    def alter(found: Trial) -> Trial:
        first, *others = _up(found)
        ended = (
            replace(first, read=answer(result, call="get_slice")) if reading else replace(first, write=answer(result), read=None)
        )
        return replace(found, all_up=(ended, *others))

    return alter


def _simple(factor: int, **ring: int) -> Change:
    of = twin(ring)
    options = {"replication_factor": str(factor)}
    return happened(rehearsal(trial(of, options, SIMPLE), of=of))


_NETWORK = "NetworkTopologyStrategy"
_PLUS = {"DC1": "+3", "DC2": "3"}
_SCALED = twin({"DC1": 9, "DC2": 9}, {"DC1": 1, "DC2": 1}, most_nodes=2)
_SOME_LOST = (TokenRange("0", {"127.9.0.10": "DC1"}), *_ranges(trial())[1:])


FAULTS = [
    fault(
        "the server closes the connection at a replication_factor",
        expect(fail="ORS-0751", blocked=_ROWS),
        _options("replication_factor:3"),
        happened(rehearsal(refused(CallResult.CLOSED, options={"replication_factor": "3"}))),
    ),
    fault(
        "the server refuses the class",
        expect(fail="ORS-0751", blocked=_ROWS),
        _class("SimplestStrategy"),
        happened(rehearsal(refused(CallResult.REFUSED, "Unable to find the strategy class", strategy="SimplestStrategy"))),
    ),
    fault(
        "the server gives other options back",
        "ORS-0751",
        altered(
            lambda found: replace(found, definition=Definition("NetworkTopologyStrategy", {"DC1": "3"}, "a:1 describe_keyspace"))
        ),
    ),
    fault(
        "the options hold no pairs",
        expect(fail="ORS-0751", blocked=_ROWS),
        _options("two"),
        happened(Unknown("no application holds a keyspace that could be tried", failure=Failure.NOT_GIVEN)),
    ),
    fault(
        "one application has no strategy class",
        expect(fail="ORS-0751", blocked=_ROWS),
        replaced("exports/ORS_B1.cfg", "cassandra-strategy-class=NetworkTopologyStrategy\n", ""),
    ),
    fault(
        "more replicas than nodes",
        expect(fail="ORS-0752 ORS-0754", blocked="ORS-0753"),
        _class("SimpleStrategy"),
        _options("replication_factor:9"),
        _simple(9, DC1=2, DC2=2),
    ),
    fault(
        "more replicas than nodes, with a quorum all the same",
        "ORS-0753 ORS-0754",
        _class("SimpleStrategy"),
        _options("replication_factor:5"),
        _simple(5, DC1=3),
    ),
    fault(
        "a data center that does not exist",
        expect(fail="ORS-0752 ORS-0753 ORS-0754"),
        _options("DC1:2;DC9:2"),
        _on({"DC1": "2", "DC9": "2"}, DC1=2, DC2=2),
    ),
    fault("two replicas in each data center", "ORS-0753", _options("DC1:2;DC2:2"), _on({"DC1": "2", "DC2": "2"})),
    fault("a single node", "ORS-0753", _class("SimpleStrategy"), _options("replication_factor:1"), _simple(1, DC1=1)),
    fault(
        "a row is read back as another",
        expect(fail="ORS-0752", blocked="ORS-0753"),
        altered(_attempts(CallResult.LOST, reading=True)),
    ),
    fault("a write is refused", expect(fail="ORS-0752", blocked="ORS-0753"), altered(_attempts(CallResult.REFUSED))),
    fault(
        "a write is not answered in time",
        expect(blocked="ORS-0752 ORS-0753"),
        altered(_attempts(CallResult.TIMED_OUT)),
    ),
    fault("a token range has too few replicas", "ORS-0754", altered(lambda found: replace(found, ranges=_SOME_LOST))),
    fault("no row in one token range", expect(blocked="ORS-0752"), altered(lambda found: replace(found, all_up=_up(found)[1:]))),
    fault(
        "nothing through one data center",
        expect(blocked="ORS-0752"),
        altered(lambda found: replace(found, all_up=tuple(each for each in _up(found) if each.datacenter == "DC1"))),
    ),
    fault(
        "the token ranges are not known",
        expect(blocked="ORS-0752 ORS-0753 ORS-0754"),
        altered(lambda found: replace(found, ranges=_BROKE)),
    ),
    fault(
        "the twin broke before a node went down",
        expect(blocked="ORS-0753"),
        altered(lambda found: replace(found, one_down=_BROKE)),
    ),
    fault(
        "the twin broke while a node was down",
        expect(blocked="ORS-0753"),
        altered(_broken_off),
    ),
    fault(
        "the twin broke at once",
        expect(blocked=f"ORS-0751 {_ROWS}"),
        altered(
            lambda found: Trial(
                found.keyspace, found.strategy_class, found.strategy_options, _BROKE, _BROKE, _BROKE, _BROKE, _BROKE
            )
        ),
    ),
    fault(
        "applications contradict each other",
        "ORS-0751",
        _options("DC1:3;DC2:4", "exports/ORS_B1.cfg"),
        happened(rehearsal(trial(four := twin({"DC1": 3, "DC2": 4})), trial(four, {"DC1": "3", "DC2": "4"}), of=four)),
    ),
    fault(
        "names that differ in letter case alone",
        "ORS-0751",
        replaced("exports/ORS_B1.cfg", "cassandra-keyspace-name=Orchestration\n", "cassandra-keyspace-name=orchestration\n"),
        happened(rehearsal(trial(), trial(name="orchestration"))),
    ),
    fault(
        "no replica at all",
        expect(fail="ORS-0752 ORS-0754", blocked="ORS-0753"),
        _class("SimpleStrategy"),
        _options("replication_factor:0"),
        _simple(0, DC1=2),
    ),
    fault(
        "a number of replicas that only the server reads",
        expect(blocked="ORS-0754"),
        _options("DC1:+3;DC2:3"),
        altered(lambda found: replace(found, strategy_options=_PLUS, definition=Definition(_NETWORK, _PLUS, "a:1 describe"))),
    ),
    fault(
        "a rehearsal that contradicts itself",
        expect(blocked=f"ORS-0751 {_ROWS}"),
        altered(lambda found: replace(found, ranges=_ranges(found)[:-1])),
    ),
    fault("nothing was rehearsed", expect(blocked=f"ORS-0751 {_ROWS}"), happened(None)),
    fault("another keyspace was rehearsed", expect(blocked=f"ORS-0751 {_ROWS}"), _options("DC1:3;DC2:2")),
    fault("an export is missing", expect(blocked=f"ORS-0751 {_ROWS}"), removed("exports/ORS_A2.cfg")),
    fault(
        "the cap leaves too few nodes",
        expect(blocked=_ROWS),
        happened(rehearsal(trial(_SCALED), of=_SCALED)),
    ),
    fault(
        "the cap leaves too few nodes, and the ring has too few as well",
        expect(fail="ORS-0754", blocked="ORS-0752 ORS-0753"),
        _options("DC1:12;DC2:1"),
        happened(rehearsal(trial(_SCALED, {"DC1": "12", "DC2": "1"}), of=_SCALED)),
    ),
]

HARMLESS = [
    harmless("another release than the ring's", happened(rehearsal(of=twin(release="1.1.10")))),
    harmless("a data center without replicas", _options("DC1:3;DC2:0"), _on({"DC1": "3", "DC2": "0"})),
    harmless("SimpleStrategy with three replicas", _class("SimpleStrategy"), _options("replication_factor:3"), _simple(3, DC1=4)),
    harmless("separators of another kind", _options("DC2=3,DC1=3")),
    harmless(
        "fewer nodes than the ring, and enough",
        happened(rehearsal(trial(big := twin({"DC1": 9, "DC2": 9}, {"DC1": 3, "DC2": 3})), of=big)),
    ),
    harmless(
        "sessions are not kept in Cassandra",
        replaced("estate.toml", 'persistence = "cassandra"', 'persistence = "redis"'),
        happened(None),
        expected=expect(not_applicable=f"ORS-0751 {_ROWS}"),
    ),
]
