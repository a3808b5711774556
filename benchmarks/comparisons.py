# SPDX-License-Identifier: Apache-2.0
"""What is compared with what, and the goal of each comparison."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.estates import ESTATE, SNAPSHOT
from benchmarks.measuring import PYTHON, Laboratory, Program, Sample, Spread, difference, ratio

ORSGATE = (PYTHON, "-m", "orsgate")
GO, INCONCLUSIVE = 0, 3
LARGE, SMALL = 10_000, 1_000
_BDD = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
_STEPS = """\
from pytest_bdd import given, scenarios, then

scenarios("scenarios.feature")


@given("nothing")
def _() -> None:
    pass


@then("nothing follows")
def _() -> None:
    pass
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the result.

    Attributes:
        goal: what the median should not exceed; None where it is measured for comparison only.
        unit: of goal and values: ``times``, ``s`` or ``MB``.
        cpu: the same of processor time, where that was compared; less sensitive to what else the machine does.
        taken: median of what was measured first, seconds of wall time, for the sense of proportion.
    """

    name: str
    goal: float | None
    unit: str
    measured: Spread
    cpu: Spread | None = None
    taken: float | None = None

    @property
    def reached(self) -> bool | None:
        """Whether the median keeps the goal; None where there is none."""
        return None if self.goal is None else self.measured.median <= self.goal


def made(laboratory: Laboratory, directory: Path, applications: int) -> Path:
    """An estate with its snapshot; 0 applications are the healthy sample."""
    estate = directory / f"estate-{applications}"
    estate.mkdir()
    laboratory.run(Program((PYTHON, "-m", "benchmarks.estates", str(estate), str(applications)), _ROOT))
    return estate


def beside_pytest_bdd(laboratory: Laboratory, directory: Path, runs: int) -> Iterator[Row]:
    """Judging the healthy sample beside pytest-bdd runs that judge nothing."""
    sample = made(laboratory, directory, 0)
    judge = Program((*ORSGATE, "judge", SNAPSHOT), sample)
    empty = _bdd(directory / "bdd-empty", "  Scenario: Nothing\n    Given nothing\n")
    count = _judged(laboratory, sample)
    steps = "    Given nothing\n    Then nothing follows\n"
    alike = _bdd(directory / "bdd-alike", "".join(f"  Scenario: Nothing {number}\n{steps}\n" for number in range(count)))
    ours, least, same = laboratory.by_turns((judge, empty, alike), runs)
    yield times("audit from a snapshot : pytest-bdd run of one empty scenario", 1.5, ours, least)
    yield times(f"audit from a snapshot : pytest-bdd run of {count} scenarios of two empty steps", None, ours, same)


def help_text(laboratory: Laboratory, directory: Path, runs: int) -> Iterator[Row]:
    """``orsgate --help`` beside an interpreter that does nothing."""
    ours, theirs = laboratory.by_turns(
        (Program((*ORSGATE, "--help"), directory), Program((PYTHON, "-c", "pass"), directory)), runs
    )
    yield _more("orsgate --help - python -c pass", 0.15, ours, theirs)


def growth(laboratory: Laboratory, directory: Path, runs: int) -> Iterator[Row]:
    """Ten thousand applications beside one thousand."""
    small, large = made(laboratory, directory, SMALL), made(laboratory, directory, LARGE)
    ways = {
        "audit --offline": (("audit", ESTATE, "--offline"), INCONCLUSIVE),
        "judge": (("judge", SNAPSHOT), GO),
        "judge --json": (("judge", SNAPSHOT, "--json", "results.json"), GO),
        "audit --offline --json": (("audit", ESTATE, "--offline", "--json", "results.json"), INCONCLUSIVE),
    }
    for name, (arguments, code) in ways.items():
        programs = [Program((*ORSGATE, *arguments), estate, code) for estate in (large, small)]
        ours, theirs = laboratory.by_turns(programs, runs)
        yield times(f"{name}, {LARGE:,} applications : {SMALL:,}", 11, ours, theirs)
        yield Row(f"{name}, {LARGE:,} applications, peak memory", 600, "MB", Spread.of([sample.memory for sample in ours]))


def live(laboratory: Laboratory, directory: Path, runs: int) -> Iterator[Row]:
    """A live audit of a real ring beside the same from its snapshot."""
    from orsgate.sandbox.cassandra import CassandraRing  # noqa: PLC0415 - only with a ring, and only on Linux
    from orsgate.sandbox.samples import place_sample  # noqa: PLC0415

    with CassandraRing("1.1.12", nodes=4, datacenters=("DC1", "DC2")) as ring:
        ring.create_keyspace(
            "Orchestration",
            "NetworkTopologyStrategy",
            {"DC1": "2", "DC2": "2"},
            column_families=("Session", "SessionIDServerInfo"),
        )
        estate = directory / "live"
        place_sample("healthy", estate, [node.address for node in ring.nodes], ring.nodes[0].rpc_port or 0)
        laboratory.run(Program((*ORSGATE, "collect", ESTATE, "--snapshot", SNAPSHOT), estate))
        ours, theirs = laboratory.by_turns(
            (Program((*ORSGATE, "audit", ESTATE), estate), Program((*ORSGATE, "judge", SNAPSHOT), estate)), runs
        )
        yield _more("live audit of a ring of four nodes - the same from its snapshot", 0.3, ours, theirs)


def times(name: str, goal: float | None, ours: Sequence[Sample], theirs: Sequence[Sample]) -> Row:
    """A row of how many times as much ours took as theirs."""
    return Row(name, goal, "times", ratio(ours, theirs), ratio(ours, theirs, "cpu"), _taken(ours))


def _more(name: str, goal: float, ours: Sequence[Sample], theirs: Sequence[Sample]) -> Row:
    return Row(name, goal, "s", difference(ours, theirs), difference(ours, theirs, "cpu"), _taken(ours))


def _taken(samples: Sequence[Sample]) -> float:
    return Spread.of([sample.seconds for sample in samples]).median


def _bdd(directory: Path, scenarios: str) -> Program:
    """A pytest-bdd project, and how it is run."""
    directory.mkdir()
    (directory / "scenarios.feature").write_text(f"Feature: Nothing\n\n{scenarios}", encoding="utf-8")
    (directory / "test_scenarios.py").write_text(_STEPS, encoding="utf-8")
    return Program((PYTHON, "-m", "pytest", "-q", "-p", "pytest_bdd.plugin"), directory, environment=_BDD)


def _judged(laboratory: Laboratory, sample: Path) -> int:
    """How many scenarios judging the sample runs."""
    laboratory.run(Program((*ORSGATE, "judge", SNAPSHOT, "--quiet", "--json", "results.json"), sample))
    results = json.loads((sample / "results.json").read_text(encoding="utf-8"))["results"]
    return len([result for result in results if result["gherkin"]])


_ROOT = Path(__file__).resolve().parent.parent
