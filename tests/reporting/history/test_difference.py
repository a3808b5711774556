# SPDX-License-Identifier: Apache-2.0
"""The difference of two runs: nothing is lost, nothing is called fixed that was not seen to be."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from orsgate.estate.judgement import Outcome
from orsgate.estate.knowledge import Basis
from orsgate.estate.mistakes import InputError
from orsgate.reporting.history.comparing import difference_between, since
from orsgate.reporting.history.diff_document import document_of
from orsgate.reporting.history.diff_text import lines_of
from orsgate.reporting.history.difference import Change, Compared, Difference
from orsgate.reporting.history.html_diff import page_of
from orsgate.reporting.history.reading import run_of
from orsgate.reporting.history.stored import StoredEstate, StoredGap, StoredRun, StoredViolation
from orsgate.rules.catalogue import Severity
from tests.reporting import runs
from tests.reporting.history.stored import any_run, excluding, result, run, violation
from tests.reporting.pages import Page

NAMES = ("a.json", "b.json")


def one(a: StoredRun, b: StoredRun) -> Difference:
    """The difference of the one requirement that both sides have."""
    (found,) = difference_between(a, b).requirements
    return found


def read(found: Compared) -> Any:
    return json.loads("".join(document_of(found, NAMES)))


class TestConservation:
    @pytest.mark.slow
    @given(any_run())
    def test_a_run_does_not_differ_from_itself(self, a: StoredRun) -> None:
        found = difference_between(a, a)
        assert (found.empty, found.changed, found.worse, found.notes) == (True, (), (), ())
        assert sum(found.violations.values()) == found.violations["still"] == sum(len(each.violations) for each in a.results)

    @pytest.mark.slow
    @given(any_run(), any_run())
    def test_fixed_and_still_is_what_a_had_and_new_and_still_is_what_b_has(self, a: StoredRun, b: StoredRun) -> None:
        found = difference_between(a, b)
        ids = {change: {each.id for each in found.of(change)} for change in Change}
        open_a, open_b = ({each.id for each in side.results if not each.green} for side in (a, b))
        both = {each.id for each in a.results} & {each.id for each in b.results}
        assert ids[Change.FIXED] | ids[Change.LAPSED] | ids[Change.STILL] == open_a & both
        assert ids[Change.NEW] | ids[Change.STILL] == open_b & both
        assert ids[Change.ONLY_A] | both == {each.id for each in a.results}
        assert ids[Change.ONLY_B] | both == {each.id for each in b.results}
        assert sum(map(len, ids.values())) == len(found.requirements) == len(set().union(*ids.values()))

    @pytest.mark.slow
    @given(any_run(), any_run())
    def test_no_violation_is_lost_or_counted_twice(self, a: StoredRun, b: StoredRun) -> None:
        for each in difference_between(a, b).requirements:
            if each.before is None or each.after is None:
                continue
            found = each.violations
            had: list[StoredViolation] = [*found.fixed, *(pair.before for pair in found.still)]
            had += [lost.violation for lost in found.unjudged]
            assert Counter(had) == Counter(each.before.violations)
            assert Counter([*found.new, *(pair.after for pair in found.still)]) == Counter(each.after.violations)

    @pytest.mark.slow
    @given(any_run(), any_run())
    def test_the_other_way_round_new_is_fixed(self, a: StoredRun, b: StoredRun) -> None:
        there, back = difference_between(a, b), difference_between(b, a)
        assert there.counts[Change.NEW] == back.counts[Change.FIXED] + back.counts[Change.LAPSED]
        assert there.counts[Change.STILL] == back.counts[Change.STILL]
        assert there.violations["still"] == back.violations["still"]
        assert {each.id for each in there.changed} == {each.id for each in back.changed}

    @pytest.mark.slow
    @given(any_run(), any_run())
    def test_every_format_holds_the_same_ids_and_changes(self, a: StoredRun, b: StoredRun) -> None:
        found = difference_between(a, b)
        document = read(found)
        assert {each["id"]: each["change"] for each in document["requirements"]} == {
            each.id: each.change.value for each in found.requirements
        }
        assert document["worse"] == [each.id for each in found.worse]
        text = "\n".join(lines_of(found, NAMES, everything=True))
        page = Page("".join(page_of(found, NAMES)))
        for each in found.requirements:
            shown = each.change is not Change.GREEN or each.changed
            assert (each.id in text, each.id in page.ids) == (shown, shown)


class TestOneRequirement:
    def test_what_failed_and_passes_on_the_same_subjects_is_fixed(self) -> None:
        found = one(run(result(Outcome.FAIL)), run(result(Outcome.PASS), days=1))
        assert (found.change, found.worse, found.violations.fixed) == (Change.FIXED, False, (violation(),))

    def test_what_passed_and_fails_is_new_and_worse(self) -> None:
        found = one(run(result(Outcome.PASS)), run(result(Outcome.FAIL), days=1))
        assert (found.change, found.worse, found.violations.new) == (Change.NEW, True, (violation(),))

    @pytest.mark.parametrize("outcome", [Outcome.BLOCKED, Outcome.ERROR, Outcome.SKIPPED, Outcome.MANUAL])
    def test_what_cannot_be_judged_any_more_is_still_open_and_its_violations_are_not_fixed(self, outcome: Outcome) -> None:
        found = one(run(result(Outcome.FAIL)), run(result(outcome), days=1))
        assert (found.change, found.other_outcome, found.violations.fixed) == (Change.STILL, True, ())
        (lost,) = found.violations.unjudged
        assert (lost.violation, outcome.value in lost.why) == (violation(), True)

    def test_a_subject_that_is_not_known_any_more_is_not_fixed_while_another_is(self) -> None:
        before = result(Outcome.FAIL, violations=[violation("ORS_1"), violation("ORS_2"), violation("ORS_1_B")])
        after = result(Outcome.FAIL, violations=[violation("ORS_1_B")], gaps=[StoredGap("ORS_1", "no permission")])
        found = one(run(before), run(after, days=1))
        assert [lost.why for lost in found.violations.unjudged] == ["not known in B: no permission"]
        assert found.violations.fixed == (violation("ORS_2"),)
        assert (found.change, found.worse) == (Change.STILL, False)

    def test_a_gap_that_names_no_subject_of_a_hides_all_of_them(self) -> None:
        after = result(Outcome.FAIL, violations=[violation("ORS_2")], gaps=[StoredGap("Cassandra ring", "nobody answers")])
        found = one(run(result(Outcome.FAIL)), run(after, days=1))
        assert (found.violations.fixed, len(found.violations.unjudged)) == ((), 1)

    @pytest.mark.parametrize("subject", ["ORS_1", "ORS_1 / ORS_1_B", "ORS_1, ORS_2"])
    def test_excluding_what_failed_fixes_nothing(self, subject: str) -> None:
        before = run(result(Outcome.FAIL, violations=[violation(subject)]))
        found = one(before, excluding("ORS_1", "too old", run(result(Outcome.PASS), days=1)))
        assert (found.change, found.violations.fixed) == (Change.LAPSED, ())
        assert found.lapsed == "ORS_1 is excluded from B: too old"

    def test_a_cluster_that_is_gone_with_its_applications_is_not_fixed(self) -> None:
        before = run(result(Outcome.FAIL, violations=[violation("ORS_Cluster_2")], subjects=("ORS_1", "ORS_Cluster_2")))
        smaller = run(result(Outcome.PASS, subjects=("ORS_1",)), days=1, applications=("ORS_1",))
        found = one(before, smaller)
        assert (found.change, found.violations.fixed) == (Change.LAPSED, ())
        assert found.lapsed == "B judged nothing called ORS_Cluster_2, and 2 applications left the scope"

    def test_a_member_that_is_gone_from_the_same_scope_is_fixed(self) -> None:
        before = run(result(Outcome.FAIL, violations=[violation("10.0.0.9")], subjects=("10.0.0.9",)))
        assert one(before, run(result(Outcome.PASS, subjects=("10.0.0.1",)), days=1)).change is Change.FIXED

    def test_excluding_what_was_not_known_proves_nothing(self) -> None:
        found = one(run(result(Outcome.BLOCKED)), excluding("ORS_1", "too old", run(result(Outcome.PASS), days=1)))
        assert found.change is Change.LAPSED

    @pytest.mark.parametrize("outcome", [Outcome.FAIL, Outcome.BLOCKED, Outcome.MANUAL, Outcome.SKIPPED])
    def test_what_somebody_only_typed_fixes_nothing_that_was_read(self, outcome: Outcome) -> None:
        typed = run(replace(result(Outcome.PASS), basis=Basis.DECLARED), days=1)
        found = one(run(result(outcome)), typed)
        assert (found.change, found.violations.fixed) == (Change.LAPSED, ())
        assert found.lapsed == "it passed in B on declared facts only, which prove nothing"
        assert one(run(replace(result(outcome), basis=Basis.DECLARED)), typed).change is Change.FIXED

    def test_what_does_not_apply_any_more_is_not_called_fixed(self) -> None:
        found = one(run(result(Outcome.FAIL)), run(result(Outcome.NOT_APPLICABLE), days=1))
        assert (found.change, len(found.violations.unjudged), found.worse) == (Change.LAPSED, 1, False)

    def test_a_measured_value_that_moved_is_the_same_violation(self) -> None:
        after = result(Outcome.FAIL, violations=[violation(found="log/all = memory")])
        found = one(run(result(Outcome.FAIL)), run(after, days=1))
        (pair,) = found.violations.still
        assert (pair.differs, pair.before.found, pair.after.found) == (True, "log/all = network", "log/all = memory")
        assert (found.changed, found.worse) == (True, False)

    def test_a_line_that_moved_is_no_difference(self) -> None:
        moved = replace(violation(), where="exports/ORS_1.cfg:40")
        assert not one(run(result(Outcome.FAIL)), run(result(Outcome.FAIL, violations=[moved]), days=1)).changed

    def test_another_violation_is_worse_though_one_is_fixed(self) -> None:
        after = result(Outcome.FAIL, violations=[violation("ORS_2")])
        found = one(run(result(Outcome.FAIL)), run(after, days=1))
        assert (found.change, found.worse, len(found.violations.fixed)) == (Change.STILL, True, 1)

    def test_other_evidence_of_a_pass_is_named(self) -> None:
        found = one(run(result(Outcome.PASS)), run(result(Outcome.PASS, evidence=["seen again"]), days=1))
        assert (found.change, found.changed, found.worse) == (Change.GREEN, True, False)
        assert (len(found.evidence.came), len(found.evidence.gone)) == (3, 3)

    def test_a_pass_that_rests_on_declared_facts_now_is_worse(self) -> None:
        found = one(run(result(Outcome.PASS)), run(result(Outcome.PASS, basis=Basis.DECLARED), days=1))
        assert (found.change, found.weaker, found.worse) == (Change.GREEN, True, True)

    @pytest.mark.parametrize(
        ("before", "after", "worse"),
        [
            (Outcome.WAIVED, Outcome.FAIL, True), (Outcome.FAIL, Outcome.WAIVED, False), (Outcome.PASS, Outcome.WAIVED, True),
            (Outcome.BLOCKED, Outcome.FAIL, True), (Outcome.FAIL, Outcome.BLOCKED, False),
            (Outcome.SKIPPED, Outcome.MANUAL, False), (Outcome.NOT_APPLICABLE, Outcome.PASS, False),
            (Outcome.NOT_APPLICABLE, Outcome.SKIPPED, True),
        ],
    )  # fmt: skip
    def test_worse_is_a_step_away_from_green(self, before: Outcome, after: Outcome, worse: bool) -> None:  # noqa: FBT001
        assert one(run(result(before)), run(result(after), days=1)).worse is worse

    def test_advice_never_makes_it_worse(self) -> None:
        before, after = (result(outcome, severity="advice") for outcome in (Outcome.PASS, Outcome.FAIL))
        assert not difference_between(run(before), run(after, days=1)).worse

    @pytest.mark.parametrize("severities", [("blocker", "advice"), ("advice", "blocker")])
    def test_calling_a_blocker_advice_makes_nothing_better(self, severities: tuple[Severity, Severity]) -> None:
        before, after = result(Outcome.PASS, severity=severities[0]), result(Outcome.FAIL, severity=severities[1])
        assert [each.id for each in difference_between(run(before), run(after, days=1)).worse] == ["ORS-0201"]

    def test_exceptions_are_told_with_the_verdict_of_each_side(self) -> None:
        a, b = run(result(Outcome.FAIL)), run(result(Outcome.WAIVED), days=1, verdict="go", exceptions=1)
        found = difference_between(a, b)
        assert "B: b.json: GO with 1 exception, readiness" in "\n".join(lines_of(found, NAMES))
        assert "≈ GO with 1 exception" in Page("".join(page_of(found, NAMES))).text
        assert read(found)["b"]["exceptions"] == 1

    def test_a_requirement_of_one_side_is_neither_new_nor_fixed(self) -> None:
        a, b = run(result(Outcome.FAIL)), run(result(Outcome.FAIL, "ORS-0202"), days=1)
        found = difference_between(a, b)
        assert [(each.id, each.change) for each in found.requirements] == [
            ("ORS-0201", Change.ONLY_A), ("ORS-0202", Change.ONLY_B),
        ]  # fmt: skip
        assert [each.id for each in found.worse] == ["ORS-0202"]

    @pytest.mark.parametrize(
        ("before", "severity", "worse"),
        [
            (Outcome.PASS, "blocker", True), (Outcome.NOT_APPLICABLE, "warning", True), (Outcome.WAIVED, "blocker", True),
            (Outcome.BLOCKED, "blocker", False), (Outcome.FAIL, "blocker", False), (Outcome.PASS, "advice", False),
        ],
    )  # fmt: skip
    def test_what_the_later_run_does_not_know_it_does_not_prove(
        self, before: Outcome, severity: Severity, *, worse: bool
    ) -> None:
        found = one(run(result(before, severity=severity)), run(days=1))
        assert (found.change, found.worse) == (Change.ONLY_A, worse)


class TestWaived:
    """What was accepted stays open, and is told apart from what asks for something."""

    def test_the_sentence_says_how_many_of_the_open_ones_are_waived(self) -> None:
        names = [f"ORS-020{number}" for number in range(1, 5)]
        a = run(*(result(Outcome.FAIL, name) for name in names), result(Outcome.PASS, "ORS-0301"))
        accepted = [result(Outcome.WAIVED, name) for name in names[:3]]
        b = run(*accepted, result(Outcome.FAIL, names[3]), result(Outcome.WAIVED, "ORS-0301"), days=1)
        found = difference_between(a, b)
        told = "1 new (1 of these waived now), 4 still open (3 of these waived now)"
        assert found.sentence == f"1 requirement became worse since 2026-01-03 22:00:00 UTC: {told}"
        assert "waived" not in difference_between(a, a).sentence

    def test_the_verdict_of_a_side_names_its_exceptions(self) -> None:
        a, b = run(result(Outcome.FAIL), verdict="no_go"), run(result(Outcome.WAIVED), days=1, verdict="go", exceptions=1)
        found = difference_between(a, b)
        assert next(line for line in lines_of(found, NAMES) if line.startswith("B: ")).startswith(
            "B: b.json: GO with 1 exception, "
        )
        assert "≈ GO with 1 exception" in Page("".join(page_of(found, NAMES))).text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("outcome", "severity", "symbol", "kind"),
    [
        (Outcome.FAIL, "blocker", "✗", "fail"), (Outcome.FAIL, "warning", "▲", "warn"), (Outcome.FAIL, "advice", "△", "warn"),
        (Outcome.WAIVED, "blocker", "≈", "warn"), (Outcome.BLOCKED, "blocker", "?", "open"),
    ],
)  # fmt: skip
def test_what_is_open_has_the_symbol_that_the_history_gives_it(
    outcome: Outcome, severity: Severity, symbol: str, kind: str
) -> None:
    state = result(outcome, severity=severity)
    for before, word in ((state, "still open"), (result(Outcome.PASS, severity=severity), "new")):
        found = difference_between(run(before), run(state, days=1))
        assert any(line.startswith(f"  {symbol} ORS-0201 {severity}: ") for line in lines_of(found, NAMES))
        page = "".join(page_of(found, NAMES))
        assert f'<article class="requirement {kind}" id="ORS-0201">' in page
        assert f"{symbol} {word}" in Page(page).text
        assert ("✗ still" in Page(page).text) == (symbol == "✗" and word == "still open")


def test_people_read_times_in_one_form_only() -> None:
    a, b = run(result(Outcome.FAIL), days=1), run(result(Outcome.PASS))
    found = difference_between(a, b)
    for text in ("\n".join(lines_of(found, NAMES)), Page("".join(page_of(found, NAMES))).text):
        assert "2026-01-04 22:00:00 UTC" in text
        assert not re.search(r"\dT\d\d:", text)


class TestNotes:
    def test_another_estate_or_phase_is_refused(self) -> None:
        a = run()
        with pytest.raises(InputError, match='different estates, "Sample" and "Other"'):
            difference_between(a, run(estate=StoredEstate("Other", "8.1.200.50", "8.1.400.27", "standard")))
        with pytest.raises(InputError, match="readiness and deployment"):
            difference_between(a, run(phase="deployment"))

    def test_whatever_makes_the_sides_unlike_is_said(self) -> None:
        a = run(result(Outcome.PASS), days=2, plan="planned", stage="after stage 1 of 2", applications=("ORS_9",))
        tool = replace(a.tool, catalogue_sha256="d" * 64)
        b = run(result(Outcome.PASS), selection=("--only step:2",), interrupted=True, tool=tool)
        told = "\n".join(difference_between(a, b).notes)
        for part in (
            "older than those of A",
            "plan",
            "A judged after stage 1 of 2",
            "--only step:2",
            "interrupted",
            "catalogues",
            "ORS_9",
            "ORS_1_B",
        ):
            assert part in told


class TestSince:
    def test_a_run_that_was_just_judged_is_compared_as_its_results_json_would_be(self) -> None:
        before = run_of(*runs.run({"ORS-0201": runs.FAIL}))
        found = since(before, *runs.run({"ORS-0202": runs.FAIL}))
        assert {each.id: each.change for each in found.changed} == {"ORS-0201": Change.FIXED, "ORS-0202": Change.NEW}

    def test_every_outcome_of_the_engine_is_taken(self) -> None:
        started, finished = runs.every_outcome()
        assert since(run_of(started, finished), started, finished).empty


HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\x1b[2J\u202e\"'{{ 7*7 }}"


def test_hostile_text_is_shown_and_does_nothing() -> None:
    bad = violation(HOSTILE, HOSTILE, HOSTILE)
    a = run(result(Outcome.PASS, evidence=[HOSTILE]), result(Outcome.BLOCKED, "ORS-0202"))
    b = run(
        result(Outcome.FAIL, violations=[bad], title=HOSTILE), result(Outcome.SKIPPED, "ORS-0202", reason=HOSTILE), plan=HOSTILE
    )  # fmt: skip
    source = "".join(page_of(difference_between(a, b), (HOSTILE, HOSTILE)))
    shown = Page(source)
    assert source.isascii()
    assert not shown.all("script")
    assert not shown.all("img")
    assert "[U+202E]" in shown.text
    assert "{{ 7*7 }}" in shown.text


def test_a_very_long_value_does_not_bury_the_rest() -> None:
    found = difference_between(run(result(Outcome.PASS)), run(result(Outcome.FAIL, violations=[violation(found="x" * 100_000)])))
    assert "and 98,000 more characters" in Page("".join(page_of(found, NAMES))).text
    assert max(map(len, lines_of(found, NAMES))) < 1000
    assert read(found)["requirements"][0]["violations"]["new"][0]["found"] == "x" * 100_000
