# SPDX-License-Identifier: Apache-2.0
"""The words and marks of comparisons and histories: a symbol and a word for each state, so that no colour is needed."""

from __future__ import annotations

from datetime import timedelta

from orsgate.estate.judgement import Outcome
from orsgate.reporting.history.difference import Change, Difference
from orsgate.reporting.history.stored import StoredResult
from orsgate.reporting.html.marks import MARKS, Mark
from orsgate.reporting.text import several

CHANGES = {
    Change.NEW: Mark("✗", "new", "fail"),
    Change.STILL: Mark("?", "still open", "open"),
    Change.FIXED: Mark("✓", "fixed", "pass"),
    Change.LAPSED: Mark("–", "not judged any more", "open"),
    Change.GREEN: Mark("✓", "still met", "pass"),
    Change.ONLY_A: Mark("·", "only in A", "none"),
    Change.ONLY_B: Mark("·", "only in B", "none"),
}
MEANINGS = {
    Change.NEW: "met in A, and failing or not proven in B",
    Change.STILL: "failing or not proven in A and in B",
    Change.FIXED: "failing or not proven in A, and passed in B on the same subjects",
    Change.LAPSED: "failing or not proven in A; in B it does not apply, or does not cover what was wrong: not called fixed",
    Change.GREEN: "passed, or does not apply, in A and in B",
    Change.ONLY_A: "judged in A; B knows no such requirement",
    Change.ONLY_B: "judged in B; A knows no such requirement",
}
VERDICTS = {"go": Mark("✓", "GO", "pass"), "no_go": Mark("✗", "NO-GO", "fail"), "inconclusive": Mark("?", "INCONCLUSIVE", "open")}

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def outcome_word(result: StoredResult | None) -> str:
    """What became of a requirement on one side, in a word or two."""
    if result is None:
        return "not judged"
    if result.outcome is Outcome.WAIVED:
        return f"waived (was: {MARKS[result.original_outcome].word})"
    return MARKS[result.outcome].word


def verdict_word(verdict: str, exceptions: int) -> str:
    """The verdict as people say it: ``GO with 2 exceptions``."""
    word = VERDICTS[verdict].word
    return f"{word} with {several(exceptions, 'exception')}" if exceptions else word


def outcomes_of(each: Difference) -> str:
    """What the outcome was and is: ``failed → passed``, or the one word where it is the same."""
    before, after = outcome_word(each.before), outcome_word(each.after)
    return before if before == after else f"{before} → {after}"


def how_long(time: timedelta) -> str:
    """A span of time as people say it, in at most two units: ``3 days 4 h``, ``12 min``."""
    seconds = max(0, int(time.total_seconds()))
    if seconds >= _DAY:
        hours = seconds % _DAY // _HOUR
        return several(seconds // _DAY, "day") + (f" {hours} h" if hours else "")
    if seconds >= _HOUR:
        minutes = seconds % _HOUR // _MINUTE
        return f"{seconds // _HOUR} h" + (f" {minutes} min" if minutes else "")
    return f"{seconds // _MINUTE} min" if seconds >= _MINUTE else f"{seconds} s"
