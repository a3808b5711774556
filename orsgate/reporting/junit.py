# SPDX-License-Identifier: Apache-2.0
"""JUnit XML: the run for build servers; one test suite for each step of the procedure, one test case for each id.

It keeps to what both Jenkins (``junit-10.xsd`` of its xUnit plugin) and GitLab take: the root has neither ``skipped`` nor
``timestamp``; everything that matters stands in the text of an element, since GitLab does not show its ``message``; names within
a suite differ, since GitLab keeps one of those that agree; and texts are bounded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.etree import ElementTree as ET

from orsgate import __version__
from orsgate.estate.judgement import Outcome
from orsgate.reporting import waivers
from orsgate.reporting.bounded import bounded, shortened
from orsgate.reporting.grouping import answer, notices, plan_notice, stand_ins, violation_line
from orsgate.reporting.reporter import FileReporter
from orsgate.reporting.results_json import reason_of
from orsgate.reporting.text import utc, visible
from orsgate.rules.catalogue import STEPS
from orsgate.verdict.events import RunFinished, RunProblem, RunStarted
from orsgate.verdict.result import Result
from orsgate.verdict.verdict import VerdictName

VERDICT = "the verdict"
"""The name of the test case that a run has which nothing else shows to be no GO."""
_ELEMENTS = {Outcome.FAIL: "failure", Outcome.ERROR: "error", Outcome.BLOCKED: "error"}


def tree(started: RunStarted, finished: RunFinished) -> ET.Element:
    """The report as an element ``testsuites``.

    A failed requirement is a failure; one that is error or blocked is an error; what else did not pass is skipped. The
    message begins with the outcome, the type of the element is the outcome as well. A run that is no GO and has neither, such as
    one whose blockers are all manual or skipped, has an error that says so: a reader of test cases alone would take it for green.
    """
    name = f"orsgate {started.phase}: {started.estate.name}"
    root = ET.Element("testsuites", name=_harmless(name))
    cases: list[ET.Element] = []
    by_step = sorted(finished.results, key=lambda result: (result.planned.step, result.id))
    for step, results in groupby(by_step, key=lambda result: result.planned.step):
        made = [_case(started, result) for result in results]
        title = f"Step {step}: {STEPS[step]}" if step in STEPS else f"Step {step}"
        root.append(_suite(title, made, started, finished))
        cases += made
    if made := [*_problems(started, finished.problems), *_verdict(started, finished, cases)]:
        root.append(_suite("The run itself", made, started, finished))
        cases += made
    _count(root, cases)
    del root.attrib["skipped"]
    return root


class JunitReporter(FileReporter):
    """Writes JUnit XML."""

    def chunks(self, started: RunStarted, finished: RunFinished) -> Iterator[str]:
        """The report piece by piece."""
        root = tree(started, finished)
        ET.indent(root)
        yield "<?xml version='1.0' encoding='us-ascii'?>\n"
        yield ET.tostring(root, encoding="us-ascii", xml_declaration=False).decode("ascii")
        yield "\n"


def _suite(name: str, cases: list[ET.Element], started: RunStarted, finished: RunFinished) -> ET.Element:
    suite = ET.Element("testsuite", name=name, timestamp=_local(started))
    _count(suite, cases)
    properties = ET.SubElement(suite, "properties")
    for key, value in _properties(started, finished):
        ET.SubElement(properties, "property", name=key, value=_harmless(value))
    suite.extend(cases)
    if told := "\n".join(_harmless(notice) for notice in notices(started.estate.snapshot, started.phase)):
        ET.SubElement(suite, "system-out").text = told  # Jenkins shows it beside each test case that has none of its own
    return suite


def _properties(started: RunStarted, finished: RunFinished) -> Iterator[tuple[str, str]]:
    yield "verdict", finished.verdict.name.value
    yield "verdict_sentence", finished.verdict.sentence
    yield "exit_code", str(int(finished.verdict.exit_code))
    yield "orsgate", __version__
    if notice := plan_notice(started.estate.snapshot):
        yield "plan", notice
    yield from (("waiver", f"{use.waiver.requirement}: {waivers.problem(use)}") for use in finished.waivers if use.problem)
    yield from (("stand_in", stand_in) for stand_in in stand_ins(started.estate.snapshot, started.phase))


def _case(started: RunStarted, result: Result) -> ET.Element:
    planned = result.planned
    case = ET.Element(
        "testcase",
        classname=f"orsgate.{started.phase}.step_{planned.step:02}",
        name=_harmless(f"{result.id} {planned.title}".rstrip()),
        time=f"{result.duration_ms / 1000:.3f}",
    )
    if result.outcome is not Outcome.PASS:
        element = ET.SubElement(case, _ELEMENTS.get(result.outcome, "skipped"), type=result.outcome.value)
        element.set("message", _harmless(shortened(f"{result.outcome}: {reason_of(result)}")))
        element.text = "\n".join(_harmless(line) for line in _lines(result))
    if told := "\n".join(_harmless(line) for line in _told(result)):
        ET.SubElement(case, "system-out").text = told
    return case


def _lines(result: Result) -> Iterator[str]:
    was = f"was {result.original_outcome}; " if result.outcome is Outcome.WAIVED else ""
    yield f"{result.id} ({result.planned.severity}): {result.outcome}: {was}{shortened(reason_of(result))}"
    yield from bounded(waivers.waived_lines(result), "waiver")
    yield from bounded((f"not known: {cause}" for cause in result.causes), "cause")
    if result.why:
        yield f"Why: {result.why}"
    if result.fix:
        yield f"Fix: {result.fix}"
    violations = (violation_line(found) + (f"; fix: {found.fix}" if found.fix else "") for found in result.violations)
    yield from bounded(violations, "violation")


def _told(result: Result) -> Iterator[str]:
    """What stands beside the outcome: that a pass proves nothing, and notes."""
    if result.outcome is Outcome.PASS and (reason := reason_of(result)):
        yield f"not proven: {reason}"
    yield from bounded((f"note: {note}" for note in result.judgement.notes), "note")


def _problems(started: RunStarted, problems: Sequence[RunProblem]) -> list[ET.Element]:
    found, seen = [], Counter[str]()
    for problem in problems:
        name = _harmless(problem.where)
        seen[name] += 1
        if seen[name] > 1:
            name += f" ({seen[name]})"
        found.append(_error(started, name, problem.message))
    return found


def _verdict(started: RunStarted, finished: RunFinished, cases: Sequence[ET.Element]) -> Iterator[ET.Element]:
    """The verdict as an error, where it is no GO and nothing else is red."""
    red = finished.problems or any(case.find(tag) is not None for case in cases for tag in ("failure", "error"))
    if finished.verdict.name is not VerdictName.GO and not red:
        yield _error(started, VERDICT, "\n".join(answer(started, finished)))


def _error(started: RunStarted, name: str, told: str) -> ET.Element:
    case = ET.Element("testcase", classname=f"orsgate.{started.phase}.run", name=name, time="0.000")
    error = ET.SubElement(case, "error", type="error", message=_harmless(shortened(f"error: {told}")))
    error.text = _harmless(shortened(told))
    return case


def _harmless(text: str) -> str:
    """``text`` made visible, and without what Jenkins and GitLab take for the path of a file to attach."""
    return visible(text).replace("[[ATTACHMENT|", "[ [ATTACHMENT|")


def _count(element: ET.Element, cases: list[ET.Element]) -> None:
    """Say how many test cases there are, of each kind, and how long they took."""
    element.set("tests", str(len(cases)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(attribute, str(sum(case.find(tag) is not None for case in cases)))
    element.set("time", f"{sum(float(case.get('time', 0)) for case in cases):.3f}")


def _local(started: RunStarted) -> str:
    """The form that the schema of JUnit's XML wants: without the letter for UTC, which it is."""
    return utc(started.started).removesuffix("Z")
