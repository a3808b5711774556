# SPDX-License-Identifier: Apache-2.0
"""Step 10: when one of a pair stops, the other one serves in time and still knows the session.

Of a pair that is switched over the Backup is stopped, and the Primary has to take over.
"""

from __future__ import annotations

from collections.abc import Mapping

from orsgate.estate.deployment import CommandRun, Failover, Response
from orsgate.estate.estate import Estate, FactUnknownError, Pair
from orsgate.estate.judgement import Findings, Judgement
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.wording import listed
from orsgate.rules.pairs import NO_PAIR, judged_pairs
from orsgate.rules.stages import upgraded_alike
from orsgate.rules.trials import undone

ON_THE_BACKUP = "the Backup is the one that serves now, and the Primary stands by"
"""Said alike of every pair, so that a report can name all of them at once."""
_NOT_IN_TIME = frozenset({Failure.REFUSED, Failure.TIMEOUT, Failure.CLOSED, Failure.GARBLED})
"""Ways not to give a whole answer that a client of ORS would meet as well; others may be troubles of this host."""


def backup_takes_over(estate: Estate) -> Judgement:
    """Of each pair: one stopped, the other one served within the time allowed and knew the session, and it was put back."""
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
            _Tried(findings, pair, failover, failover.stop).judge()
    if by_hand:
        seconds = max(failover.allowed for failover in tried.values())
        findings.manual(
            f"stop each Primary, check that its Backup serves HTTP within {seconds:g} s and still knows a session, start the "
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


def lost_in_failover(estate: Estate, node: str, session: str) -> Unknown | None:
    """Why a session cannot be expected to be there after the failover of its node; None where it can.

    Args:
        estate: what was tried.
        node: the Primary of the node.
        session: its id.
    """
    found = estate.deployment.failovers
    failover = next((each for each in found if each.primary == node), None) if isinstance(found, tuple) else None
    if failover is None or failover.serves_after is None or failover.stop is None:
        return None
    if failover.session == session and isinstance(failover.kept, Response) and undone(failover.kept):
        cause = f"the session of {node} was lost when {failover.stop.application} was stopped (see ORS-1007)"
    elif not isinstance(failover.serving, tuple) or len(failover.serving) != 1:
        cause = f"the pair of {node} does not serve as before since its failover was tried (see ORS-1007)"
    else:
        return None
    return Unknown(cause, failover.stop.words, Failure.NOT_ASKED)


class _Tried:
    """The failover of one pair, of which one side was to be stopped."""

    def __init__(self, findings: Findings, pair: Pair, failover: Failover, stop: CommandRun) -> None:
        self._findings = findings
        self._name = pair.name
        self._primary = pair.primary.name
        self._failover = failover
        self._stop = stop
        self._stopped = stop.application
        self._other = pair.primary.name if stop.application == pair.backup.name else pair.backup.name

    def judge(self) -> None:
        """Judge what was seen, from the stop to the roles at the end."""
        for left in self._failover.left_behind:
            self._findings.note(f"{self._name}: left behind: {left}")
        if self._failover.serves_after is None:
            self._gap(self._why_not_stopped())
            if self._failover.start is None:
                return
        else:
            if not self._stop.succeeded:
                self._findings.note(f"{self._name}: {self._why_not_stopped().cause}")
            self._takeover(self._failover.serves_after)
            self._session()
        self._started_again()
        self._end()

    def _gap(self, unknown: Unknown) -> None:
        self._findings.gap(self._name, unknown)

    def _violation(self, found: str, expected: str, where: str, fix: str = "") -> None:
        self._findings.violation(self._name, found, expected, where, fix)

    def _why_not_stopped(self) -> Unknown:
        if isinstance(self._stop.code, Unknown):
            return self._stop.code
        cause = f"the stop command of {self._stopped} ended with {self._stop.code}{_quoted(self._stop)}"
        return Unknown(cause, self._stop.words, Failure.REJECTED)

    def _takeover(self, after: float | Unknown) -> None:
        expected = f"{self._other} serves HTTP within {self._failover.allowed:g} s"
        if isinstance(after, Unknown):
            if after.failure in _NOT_IN_TIME:
                self._violation(after.cause, expected, after.where)
            else:
                self._gap(after)
            return
        text = f"{self._other} served {after:.1f} s after {self._stopped} was stopped"
        self._findings.evidence(self._name, text, self._other)
        if after > self._failover.allowed:
            self._violation(text, expected, self._other)

    def _session(self) -> None:
        session, kept = self._failover.session, self._failover.kept
        if not session:
            note = "no session was proved persisted before, so whether sessions are kept was not judged"
            self._findings.note(f"{self._name}: {note}")
        elif isinstance(kept, Unknown):
            self._gap(kept)
        elif kept is not None:
            self._findings.evidence(self._name, f"{self._other}, {kept.call}: {kept.status}", kept.where)
            if trouble := undone(kept):
                self._violation(
                    f"the session was lost: {trouble}", f"{self._other} still knows the session {session}", kept.where
                )
        elif not isinstance(self._failover.serves_after, Unknown):
            cause = f"{self._other} was not asked for the session {session} after it took over"
            self._gap(Unknown(cause, failure=Failure.NOT_ASKED))

    def _started_again(self) -> None:
        start, serving = self._failover.start, self._failover.serving
        if start is None:
            self._gap(Unknown(f"whether {self._stopped} was started again was not seen", failure=Failure.NOT_ASKED))
        elif isinstance(serving, tuple) and self._stopped in serving:
            self._findings.evidence(self._name, f"{self._stopped} was started again, and serves", start.words)
        elif isinstance(start.code, Unknown):
            self._gap(start.code)
        elif not self._failover.left_behind and start.succeeded:
            self._findings.evidence(self._name, f"{self._stopped} was started again", start.words)
        elif not self._failover.left_behind:
            said = f"its start command ended with {start.code}{_quoted(start)}, and yet its status command says that it runs"
            what = f"whether {self._stopped} was started again is not known: {said}; check that it runs, and correct the command"
            self._gap(Unknown(what, start.words, Failure.REJECTED))
        else:
            found = f"{self._stopped} could not be started again: its start command ended with {start.code}{_quoted(start)}"
            self._violation(found, f"{self._stopped} runs again", start.words, "; ".join(self._failover.left_behind))

    def _end(self) -> None:
        serving, expected = self._failover.serving, "one of the pair that serves"
        if isinstance(serving, Unknown):
            self._gap(serving)
        elif len(serving) != 1:
            found = "at the end both serve HTTP" if serving else "at the end neither serves HTTP"
            self._violation(found, expected, self._name)
        else:
            self._findings.evidence(self._name, f"at the end {serving[0]} serves", serving[0])
            if serving[0] != self._primary:
                self._findings.note(f"{self._name}: {ON_THE_BACKUP}")


def _quoted(run: CommandRun) -> str:
    return f" ({run.said})" if run.said else ""
