# SPDX-License-Identifier: Apache-2.0
"""Step 10: when a Primary stops, its Backup serves in time and still knows the session."""

from __future__ import annotations

from collections.abc import Mapping

from orsgate.estate.deployment import CommandRun, Failover
from orsgate.estate.estate import Estate, FactUnknownError, Pair
from orsgate.estate.judgement import Findings, Judgement
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.rules.pairs import NO_PAIR, judged_pairs
from orsgate.rules.stages import upgraded_alike
from orsgate.rules.subjects import listed
from orsgate.rules.trials import undone

_NOT_IN_TIME = frozenset({Failure.REFUSED, Failure.TIMEOUT, Failure.CLOSED, Failure.GARBLED})
"""Ways not to give a whole answer that a client of ORS would meet as well; others may be troubles of this host."""


def backup_takes_over(estate: Estate) -> Judgement:
    """Of each pair: the Primary stopped, its Backup served within the time allowed and knew the session, and it was put back."""
    findings = Findings()
    judged, none = upgraded_alike(estate, findings, list(judged_pairs(estate, findings)), NO_PAIR)
    if not judged:
        return findings.judgement(none)
    tried = _failovers(estate)
    by_hand = []
    for pair in judged:
        failover = tried.get(pair.primary.name)
        if failover is None:
            findings.gap(pair.name, Unknown(f"no failover of {pair.name} was tried", failure=Failure.NOT_ASKED))
        elif failover.stop is None:
            by_hand.append(pair.name)
            findings.subject(pair.name)
        else:
            _Tried(findings, pair, failover).judge(failover.stop)
    if by_hand:
        seconds = max(failover.allowed for failover in tried.values())
        findings.manual(
            f"stop each Primary, see that its Backup serves HTTP within {seconds:g} s and still knows a session, start the "
            f"Primary again, and attest it: {listed(by_hand)}; or give start and stop commands for each"
        )
    return findings.judgement()


def _failovers(estate: Estate) -> Mapping[str, Failover]:
    found = estate.deployment.failovers
    if found is None:
        cause = "no Primary was stopped: the disruptive test was not asked for (--disruptive)"
        raise FactUnknownError("failover", Unknown(cause, failure=Failure.NOT_ASKED))
    if isinstance(found, Unknown):
        raise FactUnknownError("failover", found)
    return {failover.primary: failover for failover in found}


class _Tried:
    def __init__(self, findings: Findings, pair: Pair, failover: Failover) -> None:
        self._findings = findings
        self._pair = pair
        self._failover = failover

    def judge(self, stop: CommandRun) -> None:
        name = self._pair.name
        for left in self._failover.left_behind:
            self._findings.note(f"{name}: left behind: {left}")
        if isinstance(stop.code, Unknown):
            self._findings.gap(name, stop.code)
        elif not stop.succeeded:
            said = f" ({stop.said})" if stop.said else ""
            cause = f"the stop command of {self._pair.primary.name} ended with {stop.code}{said}, so no failover was seen"
            self._findings.gap(name, Unknown(cause, stop.words, Failure.REJECTED))
        else:
            self._takeover()
            self._session()
        self._start()
        self._end()

    def _takeover(self) -> None:
        name, failover, backup = self._pair.name, self._failover, self._pair.backup.name
        after, expected = failover.serves_after, f"{backup} serves HTTP within {failover.allowed:g} s"
        if after is None:
            cause = f"whether {backup} served after {self._pair.primary.name} was stopped was not seen"
            self._findings.gap(name, Unknown(cause, failure=Failure.NOT_ASKED))
        elif isinstance(after, Unknown):
            if after.failure in _NOT_IN_TIME:
                self._findings.violation(name, f"{backup} did not serve: {after.cause}", expected, after.where)
            else:
                self._findings.gap(name, after)
        else:
            text = f"{backup} served {after:.1f} s after {self._pair.primary.name} was stopped"
            self._findings.evidence(name, text, backup)
            if after > failover.allowed:
                self._findings.violation(name, text, expected, backup)

    def _session(self) -> None:
        name, failover, backup = self._pair.name, self._failover, self._pair.backup.name
        if not failover.session:
            self._findings.note(f"{name}: no session was proved persisted before, so whether sessions are kept was not judged")
            return
        kept = failover.kept
        expected = f"{backup} still knows the session {failover.session}"
        if kept is None:
            if isinstance(failover.serves_after, Unknown):
                return
            cause = f"{backup} was not asked for the session {failover.session} after it took over"
            self._findings.gap(name, Unknown(cause, failure=Failure.NOT_ASKED))
        elif isinstance(kept, Unknown):
            self._findings.gap(name, kept)
        else:
            self._findings.evidence(name, f"{backup}, {kept.call}: {kept.status}", kept.where)
            if trouble := undone(kept):
                self._findings.violation(name, f"the session was lost: {trouble}", expected, kept.where)

    def _start(self) -> None:
        name, failover, primary = self._pair.name, self._failover, self._pair.primary.name
        start = failover.start
        if start is None:
            self._findings.gap(name, Unknown(f"whether {primary} was started again was not seen", failure=Failure.NOT_ASKED))
        elif start.succeeded:
            self._findings.evidence(name, f"{primary} was started again", start.words)
        elif isinstance(failover.serving, tuple) and primary in failover.serving:
            self._findings.evidence(name, f"{primary} serves again, whatever its start command ended with", start.words)
        elif isinstance(start.code, Unknown):
            self._findings.gap(name, start.code)
        else:
            said = f" ({start.said})" if start.said else ""
            found = f"{primary} could not be started again: its start command ended with {start.code}{said}"
            fix = "; ".join(failover.left_behind) or f"Start {primary} by hand."
            self._findings.violation(name, found, f"{primary} runs again", start.words, fix)

    def _end(self) -> None:
        name, serving = self._pair.name, self._failover.serving
        primary, backup = self._pair.primary.name, self._pair.backup.name
        if isinstance(serving, Unknown):
            self._findings.gap(name, serving)
        elif not serving:
            self._findings.violation(name, "at the end neither serves HTTP", "one of the pair that serves", primary)
        elif len(serving) > 1:
            self._findings.violation(name, "at the end both serve HTTP", "one of the pair that serves", backup)
        else:
            self._findings.evidence(name, f"at the end {serving[0]} serves", serving[0])
            if serving[0] != primary:
                self._findings.note(f"{name}: the Backup {serving[0]} is the one that serves now, and {primary} stands by")
