# SPDX-License-Identifier: Apache-2.0
"""JUnit XML: build servers read it back with every id, outcome and violation."""

from __future__ import annotations

import io
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings

from orsgate.estate.judgement import Judgement, Outcome, Violation
from orsgate.reporting.bounded import MOST_CHARACTERS, MOST_LINES
from orsgate.reporting.junit import JunitReporter
from tests import make
from tests.reporting import runs
from tests.reporting.test_conservation import restricted
from tests.reporting.test_results_json import JUDGED


def read(started, finished) -> ET.Element:
    stream = io.StringIO()
    reporter = JunitReporter(stream)
    reporter.handle(started)
    reporter.handle(finished)
    assert stream.getvalue().isascii()
    return ET.fromstring(stream.getvalue())  # noqa: S314 - written a line above


def outcome_of(case: ET.Element) -> str:
    for tag in ("failure", "error", "skipped"):
        if (element := case.find(tag)) is not None:
            outcome = element.get("type")
            assert element.get("message", "").startswith(f"{outcome}: ")
            return str(outcome)
    return "pass"


def test_there_is_a_suite_for_each_step():
    root = read(*runs.run({}))
    names = [suite.get("name") for suite in root]
    assert names[1] == "Step 2: Options not used any more"
    assert len(names) == 9
    assert {suite.get("failures") for suite in root} == {"0"}


def test_outcomes_are_failure_error_or_skipped():
    root = read(*runs.every_outcome())
    kinds = {outcome_of(case): [child.tag for child in case if child.tag != "system-out"] for case in root.iter("testcase")}
    assert kinds == {
        "pass": [], "fail": ["failure"], "error": ["error"], "blocked": ["error"], "not_applicable": ["skipped"],
        "skipped": ["skipped"], "manual": ["skipped"], "waived": ["skipped"],
    }  # fmt: skip


def test_numbers_add_up():
    root = read(*runs.every_outcome())
    for element in (root, *root):
        cases = list(element.iter("testcase"))
        assert element.get("tests") == str(len(cases))
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            number = str(sum(case.find(tag) is not None for case in cases))
            assert element.get(attribute) == (None if element is root and tag == "skipped" else number)
    assert float(root.get("time", 0)) == pytest.approx(sum(float(suite.get("time", 0)) for suite in root))


def test_a_test_case_shows_id_title_and_seconds():
    [case] = [case for case in read(*runs.run({})).iter("testcase") if case.get("name", "").startswith("ORS-0201")]
    assert case.get("name") == "ORS-0201 Title of ORS-0201"
    assert case.get("classname") == "orsgate.readiness.step_02"
    assert case.get("time") in {"0.001", "0.002"}


def test_a_failure_holds_its_violations_and_remedy():
    root = read(*runs.run({"ORS-0201": runs.FAIL}))
    [failure] = root.iter("failure")
    assert failure.get("message") == "fail: 1 violation"
    assert "ORS_1: log/all = network; expected log/all = stdout (exports/ORS_1.cfg:4)" in str(failure.text)
    assert "Fix: mend it at once." in str(failure.text)
    [notes] = root.iter("system-out")
    assert notes.text == "note: a note"


def test_very_many_violations_are_counted():
    violations = tuple(Violation(f"ORS_{number}", "a", "b", "c") for number in range(MOST_LINES + 7))
    [failure] = read(*runs.run({"ORS-0201": Judgement(violations=violations)})).iter("failure")
    assert str(failure.text).endswith("and 7 violations more: see results.json")


def test_a_problem_of_the_run_is_an_error_of_its_own():
    root = read(*runs.run({}, problems=[("orsgate.toml", "made to go wrong")]))
    [case] = root[-1].iter("testcase")
    assert (root[-1].get("name"), case.get("name")) == ("The run itself", "orsgate.toml")
    assert outcome_of(case) == "error"


@pytest.mark.parametrize(
    ("judged", "run"),
    [
        ({"ORS-0101": runs.MANUAL}, {}),
        ({}, {"skip": ("step:8",)}),
        ({}, {"interrupted": True}),
        ({"ORS-0204": runs.MANUAL}, {"strict": True}),
    ],
    ids=["manual", "skipped", "interrupted", "strict"],
)
def test_a_run_that_is_no_go_is_never_green(judged, run):
    started, finished = runs.run(judged, restricted(make.estate(), "plan", []), **run)
    root = read(started, finished)
    [case] = [case for case in root.iter("testcase") if outcome_of(case) in {"fail", "error", "blocked"}]
    assert (root[-1].get("name"), root[-1].get("errors"), root.get("errors")) == ("The run itself", "1", "1")
    assert (case.get("name"), case.get("classname"), case[0].tag) == ("the verdict", "orsgate.readiness.run", "error")
    assert str(case[0].text).startswith(f"{finished.verdict.sentence}\nthis is a plan: ")
    assert str(case[0].get("message")).startswith(f"error: {finished.verdict.sentence}")


@pytest.mark.parametrize("judged", [{}, {"ORS-0101": runs.FAIL}, {"ORS-0101": runs.BLOCKED}, {"ORS-0204": runs.MANUAL}])
def test_else_each_requirement_has_a_test_case_and_nothing_more(judged):
    started, finished = runs.run(judged)
    assert len(list(read(started, finished).iter("testcase"))) == len(finished.results)


def test_what_restricts_the_verdict_stands_in_every_suite():
    root = read(*runs.run({}, restricted(make.estate(), "", ["a twin of ORS"])))
    assert {suite.findtext("system-out") for suite in root} == {"measured against a stand-in: a twin of ORS"}


def test_the_verdict_is_a_property():
    root = read(*runs.run({"ORS-0201": runs.FAIL}))
    values = {found.get("name"): found.get("value") for found in root[0].iter("property")}
    assert (values["verdict"], values["exit_code"]) == ("no_go", "1")


def test_what_xml_does_not_allow_becomes_visible():
    hostile = Judgement(violations=(Violation("ORS\x001", "\x1b[31m]]>", "\ud800", "\ufffe"),))
    root = read(*runs.run({"ORS-0201": hostile}, make.estate(name="<&\u202e")))
    [failure] = root.iter("failure")
    assert "ORS\u24001: \u241b[31m]]>; expected [U+D800] ([U+FFFE])" in str(failure.text)
    assert root.get("name") == "orsgate readiness: <&[U+202E]"


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(JUDGED)
def test_every_id_and_outcome_arrives(judged):
    started, finished = runs.run(judged)
    cases = [case for case in read(started, finished).iter("testcase") if not str(case.get("classname")).endswith(".run")]
    found = {str(case.get("name"))[:8]: Outcome(outcome_of(case)) for case in cases}
    assert found == {result.id: result.outcome for result in finished.results}


def test_elements_have_what_the_schema_of_jenkins_has():
    """``junit-10.xsd`` of Jenkins' xUnit plugin, which refuses a file with anything else."""
    attributes = {
        "testsuites": {"name", "time", "tests", "failures", "errors"},
        "testsuite": {"name", "time", "tests", "failures", "errors", "skipped", "timestamp"},
        "properties": set(), "property": {"name", "value"}, "testcase": {"name", "time", "classname"},
        "failure": {"type", "message"}, "error": {"type", "message"}, "skipped": {"type", "message"}, "system-out": set(),
    }  # fmt: skip
    for element in read(*runs.every_outcome()).iter():
        assert set(element.attrib) == attributes[element.tag]


def test_the_text_has_the_reason_since_gitlab_shows_nothing_else():
    root = read(*runs.every_outcome())
    texts = [str(case[0].text) for case in root.iter("testcase") if str(case.get("name")).startswith("ORS-0102")]
    assert texts[0].startswith(f"ORS-0102 (blocker): blocked: {runs.TROUBLE.cause}\n")


def test_a_pass_on_declared_facts_says_that_it_proves_nothing():
    root = read(*runs.run({"ORS-0201": runs.DECLARED}))
    assert [element.text for element in root.iter("system-out")] == ["not proven: rests on declared facts"]


def test_errors_at_the_same_place_are_two_test_cases_to_gitlab():
    root = read(*runs.run({}, problems=[("harness", "one"), ("harness", "two")]))
    assert [case.get("name") for case in root[-1].iter("testcase")] == ["harness", "harness (2)"]


def test_no_text_names_a_file_to_attach():
    attach = "[[ATTACHMENT|/etc/passwd]]"
    judgement = Judgement(violations=(Violation(attach, attach, attach, attach),), notes=(attach,))
    root = read(*runs.run({"ORS-0201": judgement}, make.estate(name=attach), problems=[(attach, attach)]))
    assert "[[ATTACHMENT|" not in ET.tostring(root, encoding="unicode")


def test_texts_are_bounded():
    long = "x" * 10_000_000
    judgement = Judgement(violations=(Violation("ORS_1", long, "b", "c"),), notes=(long,))
    root = read(*runs.run({"ORS-0201": judgement, "ORS-0202": f"call: {long}"}))
    for element in root.iter():
        assert len(element.text or "") < 3 * MOST_CHARACTERS
        assert all(len(value) < MOST_CHARACTERS for value in element.attrib.values())
