# SPDX-License-Identifier: Apache-2.0
"""JUnit XML: the run for build servers; one test suite for each step of the procedure, one test case for each id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from xml.etree import ElementTree as ET

from orsgate import __version__
from orsgate.estate.judgement import Outcome
from orsgate.reporting.grouping import plan_notice, stand_ins
from orsgate.reporting.reporter import FileReporter
from orsgate.reporting.results_json import NO_REASON
from orsgate.reporting.text import several, utc, visible
from orsgate.reporting.waivers import accepted_first, problem
from orsgate.rules.catalogue import STEPS
from orsgate.verdict.events import RunFinished, RunProblem, RunStarted
from orsgate.verdict.result import Result

SHOWN_VIOLATIONS = 1000
"""More violations of one requirement than these are only counted here; results.json has them all."""

_ELEMENTS = {Outcome.FAIL: "failure", Outcome.ERROR: "error", Outcome.BLOCKED: "error"}


def tree(started: RunStarted, finished: RunFinished) -> ET.Element:
    """The report as an element ``testsuites``.

    A failed requirement is a failure; one that is error or blocked is an error; what else did not pass is skipped. The
    message begins with the outcome, the type of the element is the outcome as well.
    """
    name = f"orsgate {started.phase}: {started.estate.name}"
    root = ET.Element("testsuites", name=visible(name), timestamp=_local(started))
    cases: list[ET.Element] = []
    by_step = sorted(finished.results, key=lambda result: (result.planned.step, result.id))
    for step, results in groupby(by_step, key=lambda result: result.planned.step):
        made = [_case(started, result) for result in results]
        title = f"Step {step}: {STEPS[step]}" if step in STEPS else f"Step {step}"
        root.append(_suite(title, made, started, finished))
        cases += made
    if finished.problems:
        made = [_problem(started, problem) for problem in finished.problems]
        root.append(_suite("The run itself", made, started, finished))
        cases += made
    _count(root, cases)
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
        ET.SubElement(properties, "property", name=key, value=visible(value))
    suite.extend(cases)
    return suite


def _properties(started: RunStarted, finished: RunFinished) -> Iterator[tuple[str, str]]:
    yield "verdict", finished.verdict.name.value
    yield "verdict_sentence", finished.verdict.sentence
    yield "exit_code", str(int(finished.verdict.exit_code))
    yield "orsgate", __version__
    if notice := plan_notice(started.estate.snapshot):
        yield "plan", notice
    yield from (("waiver", f"{use.waiver.requirement}: {problem(use)}") for use in finished.waivers if use.problem)
    yield from (("stand_in", stand_in) for stand_in in stand_ins(started.estate.snapshot, started.phase))


def _case(started: RunStarted, result: Result) -> ET.Element:
    planned = result.planned
    case = ET.Element(
        "testcase",
        classname=f"orsgate.{started.phase}.step_{planned.step:02}",
        name=visible(f"{result.id} {planned.title}".rstrip()),
        time=f"{result.duration_ms / 1000:.3f}",
    )
    if result.outcome is not Outcome.PASS:
        element = ET.SubElement(case, _ELEMENTS.get(result.outcome, "skipped"), type=result.outcome.value)
        element.set("message", visible(f"{result.outcome}: {result.reason or NO_REASON}"))
        element.text = "\n".join(visible(line) for line in _lines(result))
    if notes := result.judgement.notes:
        ET.SubElement(case, "system-out").text = "\n".join(visible(f"note: {note}") for note in _first(notes, "note"))
    return case


def _lines(result: Result) -> Iterator[str]:
    was = f", was {result.original_outcome}" if result.outcome is Outcome.WAIVED else ""
    yield f"{result.id} ({result.planned.severity}): {result.outcome}{was}"
    for sentence in accepted_first(result.waivers):
        yield f"waived: {sentence}"
    for cause in result.causes:
        yield f"not known: {cause}"
    if result.why:
        yield f"Why: {result.why}"
    if result.fix:
        yield f"Fix: {result.fix}"
    violations = (
        f"{found.subject}: {found.found}; expected {found.expected} ({found.where})"
        + (f"; fix: {found.fix}" if found.fix else "")
        for found in result.violations
    )
    yield from _first(violations, "violation", len(result.violations))


def _first(lines: Iterable[str], noun: str, total: int = 0) -> Iterator[str]:
    yield from islice(lines, SHOWN_VIOLATIONS)
    if total > SHOWN_VIOLATIONS:
        yield f"and {several(total - SHOWN_VIOLATIONS, noun)} more: see results.json"


def _problem(started: RunStarted, problem: RunProblem) -> ET.Element:
    case = ET.Element("testcase", classname=f"orsgate.{started.phase}.run", name=visible(problem.where), time="0.000")
    ET.SubElement(case, "error", type="error", message=visible(f"error: {problem.message}")).text = visible(problem.message)
    return case


def _count(element: ET.Element, cases: list[ET.Element]) -> None:
    """Say how many test cases there are, of each kind, and how long they took."""
    element.set("tests", str(len(cases)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(attribute, str(sum(case.find(tag) is not None for case in cases)))
    element.set("time", f"{sum(float(case.get('time', 0)) for case in cases):.3f}")


def _local(started: RunStarted) -> str:
    """The form that the schema of JUnit's XML wants: without the letter for UTC, which it is."""
    return utc(started.started).removesuffix("Z")
