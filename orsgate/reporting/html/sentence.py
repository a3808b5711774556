# SPDX-License-Identifier: Apache-2.0
"""The verdict and why, as one sentence for a person who has to decide and knows no requirement by its id."""

from __future__ import annotations

from collections.abc import Sequence

from orsgate.estate.judgement import Outcome
from orsgate.estate.knowledge import Basis
from orsgate.estate.wording import several
from orsgate.reporting.grouping import reservation, stand_ins
from orsgate.rules.catalogue import gating
from orsgate.verdict.events import RunFinished, RunStarted
from orsgate.verdict.result import Result
from orsgate.verdict.verdict import VerdictName, besides

_OPEN = {Outcome.ERROR: "ended in an error", Outcome.BLOCKED: "could not be judged", Outcome.MANUAL: "wait for a person",
         Outcome.SKIPPED: "were left out"}  # fmt: skip
_REFUSED = {
    "readiness": "8.1.4 must not be installed yet",
    "deployment": "the deployment is not accepted",
    "rehearsal": "the options would fail on a ring like this one",
}
_GRANTED = {
    "readiness": "8.1.4 may be installed",
    "deployment": "the deployment is accepted",
    "rehearsal": "Cassandra of the planned release takes the options",
}
_BASES = {Basis.DECLARED: "on declared facts, typed and not read", Basis.ATTESTED: "on the word of a person"}


def sentence(started: RunStarted, finished: RunFinished, causes: int) -> str:
    """The verdict and why.

    Args:
        started: how the run began.
        finished: how it ended.
        causes: how many root causes the failed blockers have.
    """
    deciding = [result for result in finished.results if result.planned.severity in gating(strict=started.strict)]
    total = f"{len(deciding):,} blockers and warnings" if started.strict else several(len(deciding), "blocker")
    match finished.verdict.name:
        case VerdictName.NO_GO:
            failed = sum(result.outcome is Outcome.FAIL for result in deciding)
            roots = f", from {several(causes, 'root cause')}" if causes != failed else ""
            return f"NO-GO: {failed} of {total} failed{roots}{_more(deciding)}; {_REFUSED[started.phase]}."
        case VerdictName.INCONCLUSIVE:
            return f"INCONCLUSIVE, which is no GO: {'; '.join(_open(deciding, total, finished))}."
        case VerdictName.GO:
            granted = f"; {_GRANTED[started.phase]}" if permits(started, finished) else ""
            return f"{_go(finished.verdict.exceptions, deciding, total)}{granted}."


def permits(started: RunStarted, finished: RunFinished) -> bool:
    """Whether what the run was asked may be done: no GO of a plan, of stand-ins or of one stage among several says so."""
    snapshot, phase = started.estate.snapshot, started.phase
    reserved = snapshot.plan or (phase != "rehearsal" and (stand_ins(snapshot, phase) or reservation(snapshot, phase)))
    return finished.verdict.name is VerdictName.GO and not reserved


def _go(exceptions: int, deciding: Sequence[Result], total: str) -> str:
    passed = [result for result in deciding if result.outcome is Outcome.PASS]
    rests = [
        f"{number} of {total} rest{'s' if number == 1 else ''} {words}"
        for basis, words in _BASES.items()
        if (number := sum(result.judgement.basis is basis for result in passed))
    ]
    head = f"GO, with {several(exceptions, 'exception')}" if exceptions else "GO"
    other = "every other blocker" if exceptions else "every blocker"
    return f"{head}; {'; '.join(rests) or f'{other} that applies is met on facts that were read'}"


def _more(deciding: Sequence[Result]) -> str:
    """What is open or accepted besides the failures, so that nobody takes mending them for the whole work."""
    told = zip(("not proven", "waived"), besides(deciding), strict=True)
    return "".join(f", {number:,} {'is' if number == 1 else 'are'} {words}" for words, number in told if number)


def _open(deciding: Sequence[Result], total: str, finished: RunFinished) -> list[str]:
    found = ["the run was interrupted"] if finished.interrupted else []
    found += [
        f"{number} of {total} {words if number > 1 else words.replace('wait', 'waits').replace('were', 'was')}"
        for outcome, words in _OPEN.items()
        if (number := sum(result.outcome is outcome for result in deciding))
    ]
    if finished.problems:
        found.append(f"{several(len(finished.problems), 'error')} in the run itself")
    return found or [finished.verdict.sentence.partition(": ")[2]]
