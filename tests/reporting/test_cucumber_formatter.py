# SPDX-License-Identifier: Apache-2.0
"""Cucumber's own HTML formatter, in Chromium, shows of our messages what the run ended with."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fixtures.at_hand import not_at_hand
from orsgate.estate.judgement import Evidence, Judgement, Outcome, Violation
from orsgate.reporting.cucumber import CucumberReporter
from orsgate.reporting.cucumber.cases import of_problem, of_result
from orsgate.verdict.events import RunFinished, RunStarted
from tests import make
from tests.reporting import runs

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow

FORMATTER = Path(__file__).parent / "formatter"
"""A package of npm that asks for the formatter, and the script that calls it."""
HOSTILE = "</script><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">\u202e`**b**`"


def _program(*names: str) -> str:
    found = next((path for name in names if (path := shutil.which(name))), None)
    return found or not_at_hand("browser", f"there is no {names[0]} on the path")


@pytest.fixture(scope="module")
def render(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Renders messages with the formatter, which npm fetches into a directory of the test."""
    node, npm = _program("node", "nodejs"), _program("npm")
    directory = tmp_path_factory.mktemp("formatter")
    shutil.copytree(FORMATTER, directory, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules"))
    arguments = ("install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund")
    fetched = subprocess.run([npm, *arguments], cwd=directory, capture_output=True, text=True, check=False, timeout=300)
    if fetched.returncode:
        not_at_hand("browser", f"npm cannot fetch the formatter: {fetched.stderr.strip().splitlines()[-1:]}")

    def rendered(messages: Path) -> Path:
        page = messages.with_suffix(".html")
        subprocess.run([node, "render.mjs", messages, page], cwd=directory, check=True, timeout=60)
        return page

    return rendered


@pytest.fixture
def show(tmp_path: Path, browser: Browser, render: Callable[[Path], Path]) -> Iterator[Callable[..., Page]]:
    """The page of a run, with everything opened; it must not ask the network, nor say that anything went wrong."""
    page, wrong = browser.new_page(), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: wrong.append(request.url) if request.url.startswith("http") else None)

    def shown(started: RunStarted, finished: RunFinished) -> Page:
        messages = tmp_path / "run.ndjson"
        reporter = CucumberReporter(messages)
        reporter.handle(started)
        reporter.handle(finished)
        page.goto(render(messages).as_uri())
        page.wait_for_selector("label [data-status]")
        while (closed := page.locator("button[aria-expanded=false]")).count():
            closed.first.click()
        return page

    yield shown
    assert wrong == []
    page.close()


def counts(page: Page) -> dict[str, int]:
    """How many scenarios the page shows with each status."""
    chips = page.locator("label [data-status]").all()
    return {str(chip.get_attribute("data-status")): int(chip.locator("strong").inner_text()) for chip in chips}


def outcomes(page: Page) -> dict[str, str]:
    """Requirement -> outcome, as the page has them in the texts that stand beside the steps."""
    texts = page.locator("details pre").all_text_contents()
    found = [(match[1], match[2]) for text in texts if (match := re.match(r"([A-Z]+-\d{4}): (\w+)", text))]
    assert len(dict(found)) == len(found)
    return dict(found)


def test_counts_and_outcomes_are_those_of_the_run(show: Callable[..., Page]) -> None:
    started, finished = runs.every_outcome()
    page = show(started, finished)
    cases = [*map(of_problem, finished.problems), *map(of_result, finished.results)]
    assert counts(page) == Counter(case.status.value for case in cases)
    assert outcomes(page) == {result.id: result.outcome.value for result in finished.results}
    proven = sum(result.outcome is Outcome.PASS for result in finished.results) - 1  # one rests on declared facts
    assert counts(page)["PASSED"] == proven
    assert f"({proven} / {len(cases)}) passed" in page.inner_text("#report")


def test_the_words_of_orsgate_can_be_read(show: Callable[..., Page]) -> None:
    page = show(*runs.every_outcome())
    text = page.inner_text("#report")
    for said in (
        "NO-GO: 1 blocker failed (ORS-0101)", "fail: 1 violation", "ORS_1: log/all = network; expected log/all",
        f"blocked: {runs.TROUBLE.cause}", f"error: {runs.BROKE}", "manual: a named person attests",
        "pass: rests on declared facts", "not_applicable: persistence is none", "skipped: not selected (without step:8)",
        "waived: 1 violation",
        "error: made to go wrong", "Step 5: Cassandra",
    ):  # fmt: skip
        assert said in text, said
    assert "ORS_1: is as it should be (exports/ORS_1.cfg:3)" in page.locator("details pre").all_text_contents()


def test_hostile_text_is_only_shown(show: Callable[..., Page]) -> None:
    violation = Violation(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    judged: dict[str, Judgement | str] = {
        "ORS-0101": replace(runs.FAIL, violations=(violation,)),
        "ORS-0102": replace(runs.PASS, evidence=(Evidence("ORS_1", HOSTILE, HOSTILE),)),
        "ORS-0103": f"call: {HOSTILE}",
        "ORS-0104": replace(runs.NOT_APPLICABLE, not_applicable=HOSTILE),
    }
    scenarios = {"ORS-0105": runs.scenario("ORS-0105", HOSTILE)}
    page = show(*runs.run(judged, make.estate(name=HOSTILE), problems=[(HOSTILE, HOSTILE)], scenarios=scenarios))
    assert page.title() == "Cucumber"
    assert page.locator("img[src=x]").count() == 0
    assert "\u202e" not in page.inner_text("#report")
    assert outcomes(page)["ORS-0104"] == "not_applicable"
    assert "[U+202E]`**b**`" in page.inner_text("#report")
