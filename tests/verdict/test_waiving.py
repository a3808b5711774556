# SPDX-License-Identifier: Apache-2.0
"""Waivers: a result is waived wholly or not at all, by what counts at the instant of the run, and nothing else changes."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orsgate.estate.judgement import Evidence, Gap, Judgement, Outcome, Violation, not_applicable
from orsgate.estate.knowledge import Unknown
from orsgate.rules.catalogue import NEVER_WAIVABLE, catalogue
from orsgate.verdict.events import ResultReady, RunFinished
from orsgate.verdict.exit_codes import ExitCode
from orsgate.verdict.result import Planned, Result
from orsgate.verdict.run import Run
from orsgate.verdict.selection import Selection
from orsgate.verdict.waiver import WAIVABLE, Standing, Waiver, Waivers, is_wide
from orsgate.verdict.waiving import Waiving, needs_of
from tests import make
from tests.reporting.runs import BLOCKED, BROKE, FAIL, MANUAL, PASS, STARTED, Recorder, run, scenario, waiver

SECOND = timedelta(seconds=1)
NAMES = ("ORS_1", "ORS_1_B", "ORS_2", "IXN_1", "Cassandra ring")
UNKNOWN = Unknown("it was not asked", "somewhere")


def violation(subject: str) -> Violation:
    return Violation(subject, "found", "expected", "where")


def judged(result: Judgement, requirement_id: str = "ORS-0201") -> Result:
    requirement = catalogue()[requirement_id]
    planned = Planned(requirement_id, requirement.step, requirement.phases, requirement.severity, requirement.mode)
    return Result(planned, result.outcome, result.reason, judgement=result)


def finished(judgement: Judgement | str, *waivers: Waiver, allow_wide: bool = False, **more: object) -> RunFinished:
    """A run in which ORS-0201 (a blocker) ends as given and all else passes."""
    _, end = run({"ORS-0201": judgement}, waivers=Waivers(waivers, allow_wide), **more)  # type: ignore[arg-type]
    return end


def outcome(end: RunFinished, requirement_id: str = "ORS-0201") -> tuple[Outcome, Outcome]:
    [result] = [each for each in end.results if each.id == requirement_id]
    return result.outcome, result.original_outcome


class TestVerdict:
    def test_a_waived_blocker_is_go_with_an_exception(self):
        end = finished(FAIL, waiver("ORS-0201"))
        assert outcome(end) == (Outcome.WAIVED, Outcome.FAIL)
        assert (end.verdict.exit_code, end.verdict.exceptions) == (ExitCode.GO, 1)
        assert end.verdict.sentence.startswith("GO with 1 exception: ")
        assert "1 waived until 2026-01-31T02:00:05Z" in end.verdict.sentence

    def test_it_is_judged_and_keeps_what_was_found(self):
        [result] = [each for each in finished(FAIL, waiver("ORS-0201")).results if each.id == "ORS-0201"]
        assert (result.violations, result.evidence, result.reason) == (FAIL.violations, FAIL.evidence, FAIL.reason)
        assert [each.ticket for each in result.waivers] == ["CHG-1"]

    def test_a_waived_warning_is_no_exception_unless_warnings_gate(self):
        given_ = Waivers((waiver("ORS-0204"),))
        _, end = run({"ORS-0204": FAIL}, waivers=given_)
        assert (outcome(end, "ORS-0204"), end.verdict.exceptions) == ((Outcome.WAIVED, Outcome.FAIL), 0)
        _, end = run({"ORS-0204": FAIL}, waivers=given_, strict=True)
        assert (end.verdict.exit_code, end.verdict.exceptions) == (ExitCode.GO, 1)

    @pytest.mark.parametrize(("judgement", "named", "subject"), [(BLOCKED, "blocked", "ORS_2"), (MANUAL, "manual", "ORS_1")])
    def test_what_is_not_proven_can_be_accepted(self, judgement, named, subject):
        assert finished(judgement).verdict.exit_code is ExitCode.INCONCLUSIVE
        end = finished(judgement, waiver("ORS-0201", Outcome(named), subject))
        assert (end.verdict.exit_code, outcome(end)) == (ExitCode.GO, (Outcome.WAIVED, Outcome(named)))

    def test_what_was_skipped_is_waived_by_its_id_and_a_selection_stays_inconclusive(self):
        given_ = Waivers((waiver("ORS-0201", Outcome.SKIPPED, "ORS-0201"),))
        _, end = run({}, skip=("ORS-0201",), waivers=given_)
        assert outcome(end) == (Outcome.WAIVED, Outcome.SKIPPED)
        assert end.verdict.exit_code is ExitCode.INCONCLUSIVE

    @pytest.mark.parametrize("more", [{"interrupted": True}, {"problems": [("run", "broke")]}])
    def test_nothing_waives_a_run_that_went_wrong(self, more):
        assert finished(FAIL, waiver("ORS-0201"), **more).verdict.exit_code in {ExitCode.INCONCLUSIVE, ExitCode.INTERRUPTED}


class TestNever:
    @pytest.mark.parametrize("named", WAIVABLE)
    def test_an_error_or_a_missing_id(self, named):
        of_everything = waiver("ORS-0201", named, "*")
        end = finished(BROKE, of_everything, allow_wide=True)
        assert outcome(end) == (Outcome.ERROR, Outcome.ERROR)
        assert "can never be waived" in end.waivers[0].problem
        _, end = run({}, others=None, waivers=Waivers((of_everything,), allow_wide=True))
        assert outcome(end) == (Outcome.ERROR, Outcome.ERROR)

    @pytest.mark.parametrize("requirement_id", sorted(NEVER_WAIVABLE))
    def test_what_the_catalogue_says(self, requirement_id):
        estate = make.estate(phase="deployment")
        _, end = run({requirement_id: FAIL}, estate, waivers=Waivers((waiver(requirement_id),)))
        assert outcome(end, requirement_id) == (Outcome.FAIL, Outcome.FAIL)
        assert end.waivers[0].problem == f"{requirement_id} can never be waived"

    def test_a_requirement_that_was_judged_twice(self):
        result = judged(replace(FAIL))
        assert Waiving(Waivers((waiver("ORS-0201"),)), STARTED).waived(replace(result, outcome=Outcome.ERROR)).outcome is (
            Outcome.ERROR
        )


class TestWhole:
    def test_a_fact_that_is_missing_beside_a_violation_is_to_be_accepted_as_well(self):
        both = Judgement(("ORS_1", "ORS_2"), FAIL.violations, (Gap("ORS_2", UNKNOWN),))
        end = finished(both, waiver("ORS-0201"), waiver("ORS-0201", Outcome.FAIL, "ORS_2"))
        assert outcome(end) == (Outcome.FAIL, Outcome.FAIL)
        assert [use.standing for use in end.waivers] == [Standing.PARTIAL, Standing.UNMATCHED]
        assert end.waivers[0].problem == "it is not enough: no waiver that counts covers ORS_2 (blocked)"
        end = finished(both, waiver("ORS-0201"), waiver("ORS-0201", Outcome.BLOCKED, "ORS_2"))
        assert outcome(end) == (Outcome.WAIVED, Outcome.FAIL)

    def test_so_is_what_is_left_to_a_person(self):
        both = replace(FAIL, manual="say whether it is so")
        assert outcome(finished(both, waiver("ORS-0201"))) == (Outcome.FAIL, Outcome.FAIL)
        assert outcome(finished(both, waiver("ORS-0201"), waiver("ORS-0201", Outcome.MANUAL)))[0] is Outcome.WAIVED

    def test_so_is_a_subject_of_which_nothing_was_seen(self):
        first_of_two = replace(FAIL, subjects=("ORS_1", "ORS_2"))
        assert outcome(finished(first_of_two, waiver("ORS-0201"))) == (Outcome.FAIL, Outcome.FAIL)
        seen = replace(first_of_two, evidence=(Evidence("ORS_2", "is well", "there"),))
        assert outcome(finished(seen, waiver("ORS-0201")))[0] is Outcome.WAIVED

    def test_the_names_of_what_is_not_covered_are_few_in_a_sentence(self):
        many = Judgement(violations=tuple(violation(f"ORS_{number}") for number in range(9)))
        [use] = finished(many, waiver("ORS-0201", subject="ORS_0")).waivers
        assert use.problem.endswith("ORS_5 (fail) and 3 more")


class TestStanding:
    def test_from_is_inclusive_and_until_is_not(self):
        def standing(begins: timedelta, until: timedelta) -> tuple[Standing, Outcome]:
            end = finished(FAIL, waiver("ORS-0201", begins=STARTED + begins, until=STARTED + until))
            return end.waivers[0].standing, outcome(end)[0]

        assert standing(timedelta(), SECOND) == (Standing.APPLIED, Outcome.WAIVED)
        assert standing(SECOND, 2 * SECOND) == (Standing.FUTURE, Outcome.FAIL)
        assert standing(-SECOND, timedelta()) == (Standing.EXPIRED, Outcome.FAIL)

    def test_what_does_not_count_says_why_and_what_the_requirement_is(self):
        old = waiver("ORS-0201", until=STARTED)
        assert finished(FAIL, old).waivers[0].problem == "it expired at 2026-01-31T01:00:05Z; ORS-0201 failed"
        assert finished(FAIL, old, waiver("ORS-0201")).waivers[0].problem.endswith("; ORS-0201 is waived by others")
        new = waiver("ORS-0201", begins=STARTED + SECOND)
        assert finished(BROKE, new).waivers[0].problem.startswith("it begins at 2026-01-31T01:00:06Z, after this run began")

    @pytest.mark.parametrize(
        ("judgement", "named", "subject", "told"),
        [
            (PASS, "fail", "ORS_1", "ORS-0201 passed, and the waiver is for fail"),
            (BLOCKED, "fail", "ORS_2", "ORS-0201 is blocked, and the waiver is for fail"),
            (not_applicable("no"), "fail", "ORS_1", "ORS-0201 does not apply"),
            (FAIL, "fail", "ORS_2*", '"ORS_2*" fits none of the subjects that are fail: ORS_1'),
            (FAIL, "fail", "ors_1", '"ors_1" fits none'),
        ],
    )
    def test_one_that_matches_nothing(self, judgement, named, subject, told):
        end = finished(judgement, waiver("ORS-0201", Outcome(named), subject))
        assert (end.waivers[0].standing, outcome(end)[0]) == (Standing.UNMATCHED, judgement.outcome)
        assert told in end.waivers[0].problem

    def test_one_for_another_phase_or_a_team_that_was_not_given(self):
        end = finished(PASS, waiver("ORS-1001"), waiver("ACME-0101"))
        assert {use.standing for use in end.waivers} == {Standing.NOT_JUDGED}

    def test_one_that_is_too_wide_for_a_blocker(self):
        assert finished(FAIL, waiver("ORS-0201", subject="*")).waivers[0].standing is Standing.TOO_WIDE
        assert outcome(finished(FAIL, waiver("ORS-0201", subject="*"), allow_wide=True))[0] is Outcome.WAIVED

    @pytest.mark.parametrize(("strict", "became"), [(False, Outcome.WAIVED), (True, Outcome.FAIL)])
    def test_a_warning_may_be_waived_widely_where_it_does_not_gate(self, strict, became):
        _, end = run({"ORS-0204": FAIL}, waivers=Waivers((waiver("ORS-0204", subject="*"),)), strict=strict)
        assert outcome(end, "ORS-0204")[0] is became


@pytest.mark.parametrize(
    "pattern",
    ["*", "**", "?*", "*?", "[!x]*", "[!x]**", "?????*", "[A-Z]*", "[a-zA-Z_]*[0-9_]*", "*_*", "*1", "O*", "*R*S*", "???"],
)
def test_patterns_as_wide_as_everything(pattern):
    assert is_wide(pattern)


@pytest.mark.parametrize("pattern", ["ORS_1", "A", "ORS_*", "ORS_?", "DC?", "*_DC1", "ORS_[12]", "[OX]RS_1", "ORS-0201", "Ü"])
def test_patterns_that_name_something(pattern):
    assert not is_wide(pattern)


subjects = st.sampled_from(NAMES)
patterns = st.one_of(
    subjects, st.sampled_from(["ORS_*", "ORS_1*", "*_B", "*", "[!O]*", "Cass?ndra ring", "nothing", "ORS_[2-9]"])
)
waivers = st.lists(
    st.builds(
        waiver,
        st.sampled_from(["ORS-0201", "ORS-0202", "ORS-0204", "ORS-0901"]),
        st.sampled_from(WAIVABLE),
        patterns,
        begins=st.sampled_from([STARTED - SECOND, STARTED, STARTED + SECOND]),
        until=st.sampled_from([STARTED, STARTED + SECOND, STARTED + 2 * SECOND]),
    ),
    max_size=8,
).map(tuple)
judgements = st.builds(
    Judgement,
    subjects=st.lists(subjects, unique=True).map(tuple),
    violations=st.lists(subjects.map(violation), max_size=4).map(tuple),
    gaps=st.lists(subjects.map(lambda name: Gap(name, UNKNOWN)), max_size=2).map(tuple),
    evidence=st.just(tuple(Evidence(name, "seen", "there") for name in NAMES)),
    manual=st.sampled_from(["", "", "say so"]),
)


@pytest.mark.slow
@given(judgements, waivers, st.booleans(), st.booleans())
def test_nothing_is_waived_of_which_any_part_is_not_covered(judgement, given_, allow_wide, strict):
    result = judged(judgement)
    after = Waiving(Waivers(given_, allow_wide), STARTED, strict=strict).waived(result)

    def covered(named: Outcome, subject: str) -> bool:
        return any(
            each.requirement == result.id and each.outcome is named and fnmatchcase(subject, each.subject)
            and each.begins <= STARTED < each.until and (allow_wide or not is_wide(each.subject))
            for each in given_
        )  # fmt: skip

    wanted = [(Outcome.FAIL, each.subject) for each in judgement.violations]
    wanted += [(Outcome.BLOCKED, gap.subject) for gap in judgement.gaps]
    wanted += [(Outcome.MANUAL, name) for name in judgement.subjects if judgement.manual]
    whole = result.outcome in WAIVABLE and bool(wanted) and all(covered(*each) for each in wanted)
    assert after.outcome is (Outcome.WAIVED if whole else result.outcome)
    assert (after.original_outcome, after.judgement, after.reason) == (result.outcome, result.judgement, result.reason)
    assert bool(after.waivers) is whole


@pytest.mark.slow
@given(judgements, judgements, waivers, st.booleans())
def test_a_waiver_changes_its_own_requirement_alone_and_a_run_at_an_instant_is_always_the_same(one, other, given_, allow_wide):
    found = {"ORS-0201": one, "ORS-0202": other}
    _, without = run(found)
    only = tuple(each for each in given_ if each.requirement == "ORS-0201")
    _, end = run(found, waivers=Waivers(only, allow_wide))
    _, again = run(found, waivers=Waivers(only, allow_wide))
    assert (again.results, again.waivers, again.verdict) == (end.results, end.waivers, end.verdict)
    for before, after in zip(without.results, end.results, strict=True):
        if before.id != "ORS-0201":
            assert after == before
    uses_fit = {use.standing is Standing.APPLIED for use in end.waivers if use.covered}
    assert uses_fit <= {outcome(end)[0] is Outcome.WAIVED}
    assert all(bool(use.problem) is (use.standing is not Standing.APPLIED) for use in end.waivers)


@pytest.mark.slow
@given(judgements, waivers)
def test_more_waivers_never_take_a_waived_result_back(judgement, given_):
    result = judged(judgement)
    some = Waiving(Waivers(given_[:4], allow_wide=True), STARTED).waived(result)
    more = Waiving(Waivers(given_, allow_wide=True), STARTED).waived(result)
    assert more.outcome is some.outcome or more.outcome is Outcome.WAIVED


def test_whoever_waives_every_need_waives_the_whole():
    result = judged(Judgement(NAMES, (violation("ORS_1"),), (Gap("IXN_1", UNKNOWN),), manual="say so"))
    exact = tuple(waiver(result.id, need.outcome, need.subject) for need in needs_of(result))
    assert len(exact) == 2 + len(NAMES)
    assert Waiving(Waivers(exact), STARTED).waived(result).outcome is Outcome.WAIVED
    for left_out in exact:
        rest = tuple(each for each in exact if each is not left_out)
        assert Waiving(Waivers(rest), STARTED).waived(result).outcome is Outcome.FAIL


@pytest.mark.slow
def test_ten_thousand_waivers_of_ten_thousand_subjects_take_seconds():
    names = [f"ORS_{number}" for number in range(10_000)]
    many = Judgement(violations=tuple(map(violation, names)))
    exact = tuple(waiver("ORS-0201", subject=name, where=f"w:{name}") for name in [*names[1:], *(f"{name}_X" for name in names)])
    began = time.process_time()
    [*_, last] = finished(many, *exact).waivers
    end = finished(many, *exact, waiver("ORS-0201", subject="ORS_0"))
    assert time.process_time() - began < 10
    assert (last.standing, outcome(end)[0]) == (Standing.UNMATCHED, Outcome.WAIVED)


@pytest.mark.parametrize(("subject", "became"), [("ORS_1", Outcome.WAIVED), ("*", Outcome.FAIL)])
def test_a_requirement_of_a_team_is_waived_as_any(subject, became):
    recorder = Recorder()
    made = Run(
        make.estate().snapshot, "readiness", Selection(), [recorder], at=STARTED,
        waivers=Waivers((waiver("ACME-0101", subject=subject),)),
    )  # fmt: skip
    made.plan(Planned("ACME-0101", 1, ("readiness",), "blocker", "passive", "team"), "acme")
    made.start("f" * 64)
    tags = frozenset({"ACME-0101", "readiness", "blocker"})
    made.seen("ACME-0101", replace(scenario("ORS-0101"), tags=tags))
    made.record("ACME-0101", (FAIL,), "", 1.0)
    made.finish()
    end = recorder.events[-1]
    assert isinstance(end, RunFinished)
    assert outcome(end, "ACME-0101") == (became, Outcome.FAIL)
    told = [event.result for event in recorder.events if isinstance(event, ResultReady) and event.result.id == "ACME-0101"]
    assert [each.outcome for each in told] == [became]
