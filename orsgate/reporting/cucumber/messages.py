# SPDX-License-Identifier: Apache-2.0
"""Cucumber Messages as NDJSON, an envelope a line, in the order in which Cucumber itself sends them."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from itertools import groupby
from typing import Any

import cucumber_messages as cucumber
from gherkin.stream.id_generator import IdGenerator

from orsgate import __version__
from orsgate.reporting.cucumber.cases import TestCase, of_problem, of_result
from orsgate.reporting.cucumber.gherkin import as_code, parsed, written
from orsgate.reporting.grouping import answer
from orsgate.reporting.reporter import FileReporter
from orsgate.rules.catalogue import STEPS
from orsgate.verdict.events import RunFinished, RunStarted
from orsgate.verdict.exit_codes import ExitCode

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_GHERKIN = cucumber.SourceMediaType.text_x_cucumber_gherkin_plain
_AS_IT_IS = cucumber.AttachmentContentEncoding.identity


class CucumberReporter(FileReporter):
    """Writes Cucumber Messages."""

    def chunks(self, started: RunStarted, finished: RunFinished) -> Iterator[str]:
        """The envelopes, a line each."""
        for envelope in _Stream(started, finished).envelopes():
            yield json.dumps(cucumber.message_converter.to_dict(envelope), separators=(",", ":")) + "\n"


class _Stream:
    """The messages of a run; its clock goes on by what each requirement took."""

    def __init__(self, started: RunStarted, finished: RunFinished) -> None:
        self._started, self._finished = started, finished
        self._ids = IdGenerator()
        self._clock = started.started

    def envelopes(self) -> Iterator[cucumber.Envelope]:
        yield cucumber.Envelope(meta=_meta())
        pickled: list[tuple[TestCase, dict[str, Any]]] = []
        for uri, title, cases in self._documents():
            text = written(title, self._description, [case.scenario for case in cases])
            yield cucumber.Envelope(source=cucumber.Source(data=text, media_type=_GHERKIN, uri=uri))
            document, pickles = parsed(text, uri, self._ids)
            yield _envelope(gherkinDocument=document)
            for pickle in pickles:
                yield _envelope(pickle=pickle)
            pickled += zip(cases, pickles, strict=True)
        run = self._next_id()
        yield cucumber.Envelope(test_run_started=cucumber.TestRunStarted(timestamp=self._now(), id=run))
        for case, pickle in pickled:
            yield from self._test_case(case, pickle, run)
        self._clock = max(self._clock, self._finished.finished)
        yield cucumber.Envelope(
            test_run_finished=cucumber.TestRunFinished(
                success=self._finished.verdict.exit_code == ExitCode.GO, timestamp=self._now(),
                message="\n".join(answer(self._started, self._finished)), test_run_started_id=run,
            )
        )  # fmt: skip

    @property
    def _description(self) -> str:
        verdict, *restricting = answer(self._started, self._finished)
        of = f"{self._started.phase} of {as_code(self._started.estate.name)}"
        return "; ".join((f"{of}. Its verdict: {verdict}", *map(as_code, restricting)))

    def _documents(self) -> Iterator[tuple[str, str, list[TestCase]]]:
        """URI, title and test cases of each document: one for the run itself where it went wrong, one for each step."""
        phase = self._started.phase
        if self._finished.problems:
            yield f"{phase}/run.feature", "The run itself", [of_problem(problem) for problem in self._finished.problems]
        by_step = sorted(self._finished.results, key=lambda result: (result.planned.step, result.id))
        for step, results in groupby(by_step, key=lambda result: result.planned.step):
            title = f"Step {step}: {STEPS[step]}" if step in STEPS else f"Step {step}"
            yield f"{phase}/step_{step:02}.feature", title, [of_result(result) for result in results]

    def _test_case(self, case: TestCase, pickle: dict[str, Any], run: str) -> Iterator[cucumber.Envelope]:
        case_id, attempt = self._next_id(), self._next_id()
        steps = [cucumber.TestStep(id=self._next_id(), pickle_step_id=step["id"]) for step in pickle["steps"]]
        planned = cucumber.TestCase(id=case_id, pickle_id=pickle["id"], test_steps=steps, test_run_started_id=run)
        yield cucumber.Envelope(test_case=planned)
        begun = cucumber.TestCaseStarted(attempt=0, id=attempt, test_case_id=case_id, timestamp=self._now())
        yield cucumber.Envelope(test_case_started=begun)
        for step in steps:
            yield from self._step(case, attempt, step.id, judges=step is steps[-1])
        ended = cucumber.TestCaseFinished(test_case_started_id=attempt, timestamp=self._now(), will_be_retried=False)
        yield cucumber.Envelope(test_case_finished=ended)

    def _step(self, case: TestCase, attempt: str, step: str, *, judges: bool) -> Iterator[cucumber.Envelope]:
        begun = cucumber.TestStepStarted(test_case_started_id=attempt, test_step_id=step, timestamp=self._now())
        yield cucumber.Envelope(test_step_started=begun)
        for name, text in case.attachments if judges else ():
            yield cucumber.Envelope(
                attachment=cucumber.Attachment(
                    body=text, content_encoding=_AS_IT_IS, media_type="text/plain", file_name=name, test_case_started_id=attempt,
                    test_step_id=step, timestamp=self._now(),
                )
            )  # fmt: skip
        took = timedelta(milliseconds=case.duration_ms if judges else 0)
        self._clock += took
        ended = cucumber.TestStepFinished(
            test_case_started_id=attempt, test_step_id=step, timestamp=self._now(),
            test_step_result=cucumber.TestStepResult(
                duration=cucumber.Duration(**_seconds(took)), status=case.status if judges else case.before,
                message=case.message or None if judges else None,
            ),
        )  # fmt: skip
        yield cucumber.Envelope(test_step_finished=ended)

    def _next_id(self) -> str:
        return self._ids.get_next_id()

    def _now(self) -> cucumber.Timestamp:
        return cucumber.Timestamp(**_seconds(self._clock - _EPOCH))


def _seconds(span: timedelta) -> dict[str, int]:
    seconds, microseconds = divmod(span // _MICROSECOND, 1_000_000)
    return {"seconds": seconds, "nanos": microseconds * 1000}


def _envelope(**message: dict[str, Any]) -> cucumber.Envelope:
    """An envelope of a message that is JSON already.

    Raises:
        TypeError: if it lacks something that the protocol wants.
    """
    found: cucumber.Envelope = cucumber.message_converter.from_dict(message, cucumber.Envelope)
    return found


def _meta() -> cucumber.Meta:
    return cucumber.Meta(
        protocol_version=version("cucumber-messages"),
        implementation=cucumber.Product(name="orsgate", version=__version__),
        runtime=cucumber.Product(name=platform.python_implementation(), version=platform.python_version()),
        os=cucumber.Product(name=platform.system(), version=platform.release()),
        cpu=cucumber.Product(name=platform.machine()),
    )
