# SPDX-License-Identifier: Apache-2.0
"""The words and marks of comparisons and histories: a symbol and a word for each state, so that no colour is needed."""

from __future__ import annotations

from orsgate.estate.judgement import Outcome
from orsgate.reporting.history.difference import Change, Difference
from orsgate.reporting.history.stored import StoredResult
from orsgate.reporting.history.timeline import End
from orsgate.reporting.html.marks import MARKS, Mark, mark_as

CHANGES = {
    Change.NEW: Mark("✗", "new", "fail"),
    Change.STILL: Mark("=", "still open", "open"),
    Change.FIXED: Mark("✓", "fixed", "pass"),
    Change.LAPSED: Mark("–", "not judged any more", "open"),
    Change.GREEN: Mark("✓", "still met", "pass"),
    Change.ONLY_A: Mark("·", "only in A", "none"),
    Change.ONLY_B: Mark("·", "only in B", "none"),
}
MEANINGS = {
    Change.NEW: "met in A, and failing, not proven or waived in B",
    Change.STILL: "failing, not proven or waived in A and in B; the symbol of each says which it is in B",
    Change.FIXED: "failing, not proven or waived in A, and passed in B on the same subjects",
    Change.LAPSED: (
        "failing, not proven or waived in A; in B it does not apply, does not cover what was wrong, or passed on declared facts "
        "only: not called fixed"
    ),
    Change.GREEN: "passed, or does not apply, in A and in B",
    Change.ONLY_A: "judged in A; B knows no such requirement",
    Change.ONLY_B: "judged in B; A knows no such requirement",
}


def outcome_word(result: StoredResult | None) -> str:
    """What became of a requirement on one side, in a word or two."""
    if result is None:
        return "not judged"
    if result.outcome is Outcome.WAIVED:
        return f"waived (was: {MARKS[result.original_outcome].word})"
    return MARKS[result.outcome].word


ENDS = {
    End.FIXED: "fixed",
    End.LAPSED: "does not apply any more",
    End.TYPED: "passed on declared facts only: not called fixed",
    End.LEFT: "passed after applications had left the scope: not called fixed",
}


def mark_of(each: Difference) -> Mark:
    """What became of one requirement: the word of the change, and where it is not met in B, how much that matters there."""
    mark = CHANGES[each.change]
    if each.after is None or each.after.green:
        return mark
    state = mark_as(each.after.outcome, each.after.severity)
    return Mark(state.symbol, mark.word, state.kind)


def outcomes_of(each: Difference) -> str:
    """What the outcome was and is: ``failed → passed``, or the one word where it is the same."""
    before, after = outcome_word(each.before), outcome_word(each.after)
    return before if before == after else f"{before} → {after}"
