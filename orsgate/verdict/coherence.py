# SPDX-License-Identifier: Apache-2.0
"""Whether what is told of a run can be true of one run, and above all whether it reads better than its results are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Sized
from itertools import chain
from typing import Protocol

from orsgate.estate.judgement import MET, Outcome
from orsgate.estate.mistakes import quoted
from orsgate.rules.catalogue import Severity, gating
from orsgate.verdict.exit_codes import ExitCode
from orsgate.verdict.verdict import VerdictName

_ACCEPTABLE = MET | {Outcome.WAIVED}
_GO = ("GO:", "GO with ")
"""How the sentence of a run begins that is GO, and of no other."""


class ResultSaid(Protocol):
    """What is told of one requirement."""

    @property
    def id(self) -> str:
        """Of the requirement."""

    @property
    def severity(self) -> Severity:
        """Of the requirement."""

    @property
    def outcome(self) -> Outcome:
        """With the waivers."""

    @property
    def original_outcome(self) -> Outcome:
        """Before the waivers."""

    @property
    def violations(self) -> Sized:
        """What does not meet it."""

    @property
    def evidence(self) -> Sized:
        """What was seen."""


class RunSaid(Protocol):
    """What is told of a run."""

    @property
    def verdict(self) -> str:
        """Its value, such as ``go``."""

    @property
    def verdict_sentence(self) -> str:
        """The verdict in words; empty where it is not told."""

    @property
    def exit_code(self) -> int | None:
        """None where it is not told."""

    @property
    def exceptions(self) -> int:
        """How many of those that decide the verdict are waived."""

    @property
    def strict(self) -> bool:
        """Whether warnings decide it as well."""

    @property
    def interrupted(self) -> bool:
        """Whether the run was."""

    @property
    def selection(self) -> Sized:
        """What restricted the run."""

    @property
    def errors(self) -> Sized:
        """What went wrong with the run itself."""

    @property
    def counts(self) -> Mapping[Outcome, int]:
        """How many results have which outcome."""

    @property
    def results(self) -> Sequence[ResultSaid]:
        """Of every planned requirement."""


def contradiction(run: RunSaid) -> str:
    """What cannot be true in one and the same run, as a part of a sentence; empty where nothing is."""
    results = chain.from_iterable(map(_of_result, run.results))
    return next(chain(_twice(run), _counts(run), results, _verdict(run)), "")


def not_met(run: RunSaid) -> Iterator[ResultSaid]:
    """What keeps a run from being GO: what broke, and what gates and is not met, proven or not."""
    deciding = gating(strict=run.strict)
    for result in run.results:
        if result.outcome is Outcome.ERROR or (result.severity in deciding and result.outcome not in _ACCEPTABLE):
            yield result


def _twice(run: RunSaid) -> Iterator[str]:
    numbers = Counter(result.id for result in run.results)
    yield from (f"{quoted(name)} stands in it twice" for name, number in numbers.items() if number > 1)


def _counts(run: RunSaid) -> Iterator[str]:
    found = Counter(result.outcome for result in run.results)
    for outcome in Outcome:
        if (told := run.counts.get(outcome, 0)) != found[outcome]:
            yield f"it counts {told} {outcome.value} and holds {found[outcome]}"


def _of_result(result: ResultSaid) -> Iterator[str]:
    if result.outcome is Outcome.PASS and len(result.violations):
        yield f"{result.id}: it passed, and has violations"
    if result.outcome is Outcome.PASS and not len(result.evidence):
        yield f"{result.id}: it passed, without any evidence"
    if result.original_outcome is Outcome.FAIL and not len(result.violations):
        yield f"{result.id}: it failed, without any violation"


def _verdict(run: RunSaid) -> Iterator[str]:
    """Whatever says GO has to agree, and nothing may stand against it (``orsgate.verdict.verdict``)."""
    go = run.verdict == VerdictName.GO
    if run.verdict_sentence and run.verdict_sentence.startswith(_GO) is not go:
        yield f"it says {run.verdict}, and in words {quoted(run.verdict_sentence)}"
    if run.exit_code is not None and (run.exit_code == ExitCode.GO) is not go:
        yield f"it says {run.verdict}, and the exit code {run.exit_code}"
    if go:
        yield from (f"it says go, and {told}" for told in _against_go(run))


def _against_go(run: RunSaid) -> Iterator[str]:
    if not run.results:
        yield "holds no result"
    yield from (f"{result.id} is {result.outcome.value}" for result in not_met(run))
    if run.interrupted:
        yield "it was interrupted"
    if len(run.selection):
        yield "only a selection was judged"
    if len(run.errors):
        yield "there are errors in the run itself"
    deciding = gating(strict=run.strict)
    waived = sum(result.outcome is Outcome.WAIVED and result.severity in deciding for result in run.results)
    if run.exceptions != waived:
        yield f"tells of {run.exceptions} exceptions, and {waived} are waived of those that decide it"
