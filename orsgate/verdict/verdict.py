# SPDX-License-Identifier: Apache-2.0
"""The verdict: GO, NO-GO or inconclusive, and why, from results alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from orsgate.estate.judgement import Outcome
from orsgate.estate.wording import listed, several
from orsgate.rules.catalogue import gating
from orsgate.rules.times import shown_time
from orsgate.verdict.exit_codes import ExitCode
from orsgate.verdict.result import Result
from orsgate.verdict.waiver import first_end

MOST_IDS = 5
"""Requirements that a sentence names of one kind."""

_NOT_PROVEN = frozenset({Outcome.ERROR, Outcome.BLOCKED, Outcome.MANUAL, Outcome.SKIPPED})
_WARNINGS = {
    Outcome.FAIL: "to look at",
    Outcome.BLOCKED: "not known",
    Outcome.MANUAL: "to attest",
    Outcome.SKIPPED: "not tried",
}
"""What a GO leaves to do with the warnings that are not met; none of them gates."""


class VerdictName(StrEnum):
    """The three answers."""

    GO = "go"
    NO_GO = "no_go"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of a run.

    Attributes:
        sentence: the verdict and why, for a person.
        exceptions: how many blockers (where warnings gate as well: and warnings) are waived.
    """

    name: VerdictName
    sentence: str
    exceptions: int
    exit_code: ExitCode


@dataclass(frozen=True, slots=True)
class RunState:
    """What besides the results decides the verdict.

    Attributes:
        selected: whether any selection restricted the run.
        problems: how many entries ``errors`` has.
    """

    strict: bool = False
    interrupted: bool = False
    deadline_passed: bool = False
    selected: bool = False
    problems: int = 0


def decide(results: Sequence[Result], state: RunState) -> Verdict:
    """Decide; the first rule that matches wins: a failed blocker, then anything not known, then GO.

    Args:
        results: one result for each planned requirement.
        state: of the run.
    """
    deciding = [result for result in results if result.planned.severity in gating(strict=state.strict)]
    exceptions = sum(result.outcome is Outcome.WAIVED for result in deciding)
    failed = [result.id for result in deciding if result.outcome is Outcome.FAIL]
    if failed:
        noun = "requirement" if state.strict else "blocker"
        sentence = f"NO-GO: {several(len(failed), noun)} failed ({listed(failed, MOST_IDS)})"
        return _verdict(VerdictName.NO_GO, sentence + _besides(deciding), exceptions, state)
    if reasons := _inconclusive(results, deciding, state):
        return _verdict(VerdictName.INCONCLUSIVE, f"INCONCLUSIVE: {'; '.join(reasons)}", exceptions, state)
    sentence = "GO" + (f" with {several(exceptions, 'exception')}" if exceptions else "")
    return _verdict(VerdictName.GO, f"{sentence}: {_go_detail(results)}", exceptions, state)


def _inconclusive(results: Sequence[Result], deciding: Sequence[Result], state: RunState) -> list[str]:
    reasons = []
    if state.interrupted:
        reasons.append("the run was interrupted")
    if state.deadline_passed:
        reasons.append("the deadline of the run passed")
    if state.selected:
        reasons.append("only a selection of the requirements was judged")
    if state.problems:
        reasons.append(f"{several(state.problems, 'error')} in the run itself")
    if not results:
        reasons.append("no requirement was judged")
    if errors := [result.id for result in results if result.outcome is Outcome.ERROR]:
        reasons.append(f"{several(len(errors), 'requirement')} ended in an error ({listed(errors, MOST_IDS)})")
    for outcome in (Outcome.BLOCKED, Outcome.MANUAL, Outcome.SKIPPED):
        ids = [result.id for result in deciding if result.outcome is outcome]
        if ids and not (outcome is Outcome.SKIPPED and state.selected):
            noun = "requirement" if state.strict else "blocker"
            reasons.append(f"{several(len(ids), noun)} {outcome} ({listed(ids, MOST_IDS)})")
    return reasons


def besides(deciding: Sequence[Result]) -> tuple[int, int]:
    """What a NO-GO does not rest on and nobody may take for met: how many are not proven, and how many were accepted."""
    found = Counter(result.outcome for result in deciding)
    return sum(found[outcome] for outcome in _NOT_PROVEN), found[Outcome.WAIVED]


def _besides(deciding: Sequence[Result]) -> str:
    told = zip(("more not proven", "waived"), besides(deciding), strict=True)
    return "".join(f"; {number:,} {words}" for words, number in told if number)


def _go_detail(results: Sequence[Result]) -> str:
    blockers = [result for result in results if result.planned.severity == "blocker"]
    passed = sum(result.outcome is Outcome.PASS for result in blockers)
    text = f"{passed} of {several(len(blockers), 'blocker')} passed"
    if rest := sum(result.outcome is Outcome.NOT_APPLICABLE for result in blockers):
        text += f", {rest} {'does' if rest == 1 else 'do'} not apply"
    waived = [result for result in blockers if result.outcome is Outcome.WAIVED]
    if waived and (end := first_end([waiver for result in waived for waiver in result.waivers])):
        text += f", {len(waived)} waived until {shown_time(end)}"
    found = Counter(result.outcome for result in results if result.planned.severity == "warning")
    return text + "".join(
        f"; {several(found[outcome], 'warning')} {words}" for outcome, words in _WARNINGS.items() if found[outcome]
    )


def _verdict(name: VerdictName, sentence: str, exceptions: int, state: RunState) -> Verdict:
    code = {
        VerdictName.GO: ExitCode.GO,
        VerdictName.NO_GO: ExitCode.NO_GO,
        VerdictName.INCONCLUSIVE: ExitCode.INCONCLUSIVE,
    }[name]
    return Verdict(name, sentence, exceptions, ExitCode.INTERRUPTED if state.interrupted else code)
