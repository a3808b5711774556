# SPDX-License-Identifier: Apache-2.0
"""The HTML report: what it shows, in which order, and that nothing hostile gets through."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import re
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings

from orsgate.estate.estate import Estate
from orsgate.estate.judgement import Evidence, Gap, Judgement, Violation
from orsgate.estate.knowledge import Unknown
from orsgate.reporting import results_json
from orsgate.reporting.html import embedded
from orsgate.reporting.html.render import HtmlReporter
from orsgate.reporting.html.seen import MOST_ROWS
from orsgate.rules.catalogue import catalogue
from tests import make
from tests.reporting import runs
from tests.reporting.pages import Page
from tests.reporting.test_results_json import JUDGED

CHANGE = {
    "ticket": "CHG-0042", "window_start": make.NOW, "window_end": make.NOW.replace(hour=5), "engineer": "Renate Müller",
    "approver": "J. Example",
}  # fmt: skip
READINESS = {item.id for item in catalogue().values() if "readiness" in item.phases}
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\x1b[2J\u202e\"'{{ 7*7 }}"


def page(started: Any, finished: Any) -> Page:
    stream = io.StringIO()
    reporter = HtmlReporter(stream)
    reporter.handle(started)
    reporter.handle(finished)
    assert stream.getvalue().isascii()
    return Page(stream.getvalue())


def in_order(text: str, *parts: str) -> None:
    """Fail where ``parts`` do not stand in ``text`` in this order."""
    position = 0
    for part in parts:
        found = text.find(part, position)
        assert found >= 0, f"{part!r} is not in {text[position:][:400]!r}"
        position = found + len(part)


def test_the_order_is_that_of_a_reader_in_a_hurry():
    snapshot = make.estate(file={"change": CHANGE}).snapshot
    parts = (snapshot.parts[0], replace(snapshot.parts[1], stand_ins=("Cassandra of the sandbox",)))
    estate = Estate(replace(snapshot, parts=parts))
    shown = page(*runs.run({"ORS-0201": runs.FAIL, "ORS-0204": runs.FAIL, "ORS-0501": runs.BLOCKED}, estate))
    in_order(
        shown.text, "NO-GO", "NO-GO: 1 of 37 blockers failed, 1 is not proven; 8.1.4 must not be installed yet.",
        "1 blocker failed (ORS-0201)",
        "Not measured against the real software", "Cassandra of the sandbox", "What was judged", "8.1.200.50 to 8.1.400.27",
        "CHG-0042", "4 ORS applications in scope", "ORS_2_B", "Who collected the facts", "Seen by", "Renate Müller", "J. Example",
        "The ten steps", "not judged in this phase", f"{len(READINESS)} requirements", "Blockers, by root cause", "ORS-0201",
        "Do:", "mend it at once.", "log/all = network", "exports/ORS_1.cfg:4", "Blockers that could not be judged",
        "Manual and attested", "What was not proven", runs.TROUBLE.cause, "ORS-0501", "Warnings and advice", "ORS-0204",
        "Every requirement", "1: blockers that at least one subject contradicts", "ORS-0201", "passed", "ORS-0101",
        "The estate", "ORS_Cluster", "Cassandra ring", "Appendix: the procedure", "Step 1: Export, the way back", "Step 10",
        "Provenance", "SHA-256 of the catalogue",
    )  # fmt: skip


def test_a_requirement_is_shown_in_full():
    shown = page(*runs.run({"ORS-0201": runs.FAIL}))
    body = shown.text[shown.text.rindex("Every requirement") :]
    in_order(
        body, "failed", "ORS-0201", "Title of ORS-0201", "blocker, observed", "Given the options of every application in scope",
        "1 violation", "Why", "ORS-0201 matters.", "Fix", "mend it at once.", "Source", "the procedure, somewhere.",
        "Note: a note", "Violations", "ORS_1", "log/all = network", "log/all = stdout", "exports/ORS_1.cfg:4",
    )  # fmt: skip
    passed = body[body.index("ORS-0101 Title") :]
    in_order(passed, "Then none of them sets", "is as it should be", "ORS_1 exports/ORS_1.cfg:3")


def test_a_healthy_report_says_so():
    shown = page(*runs.run({}))
    in_order(
        shown.text, "GO", "GO; every blocker that applies is met on facts that were read; 8.1.4 may be installed.",
        "blockers passed",
        "Nothing: whatever was planned was judged",
    )  # fmt: skip
    assert "Blockers, by root cause" not in shown.text
    assert "Not measured against" not in shown.text


def test_every_state_has_a_word():
    shown = page(*runs.every_outcome())
    for word in ("passed", "failed", "error", "blocked", "not applicable", "skipped", "to be attested", "waived", "warning"):
        assert re.search(rf"\S {word}", shown.text), word
    in_order(shown.text, "Errors in the run itself", "made to go wrong", "orsgate.toml", "What was not proven")


def test_counts_lead_to_what_they_count():
    shown = page(*runs.every_outcome())
    targets = [str(link["href"]) for link in shown.all("a") if link.get("href") and "download" not in link]
    assert {"#all-failed", "#all-warning", "#all-not-applicable", "#step-1"} <= set(targets)
    assert all(target.startswith("#") and target[1:] in shown.ids for target in targets)
    assert len(shown.ids) == len(set(shown.ids))
    assert {result for result in shown.ids if result.startswith("ORS-")} == READINESS


def test_the_same_root_cause_stands_once():
    shown = page(*runs.run({"ORS-0501": runs.BLOCKED, "ORS-0502": runs.BLOCKED, "ORS-0503": runs.BLOCKED}))
    summary = shown.text[shown.text.index("What was not proven") : shown.text.rindex("Every requirement")]
    assert summary.count(runs.TROUBLE.cause) == 1
    in_order(summary, "ORS-0501", "ORS-0502", "ORS-0503")


def test_violations_with_one_remedy_stand_together():
    many = tuple(Violation(f"ORS_{number}", "the same", "other", f"{number}.cfg:1") for number in range(12))
    shown = page(*runs.run({"ORS-0201": Judgement(violations=many)}))
    summary = shown.text[shown.text.index("Blockers, by root cause") : shown.text.rindex("Every requirement")]
    assert summary.count("mend it at once.") == summary.count("the same") == 1
    in_order(summary, "ORS_7", "and 4 more")


def test_much_evidence_is_capped_and_the_rest_counted():
    evidence = tuple(Evidence(f"ORS_{number}", "fine", f"{number}.cfg") for number in range(MOST_ROWS + 1234))
    shown = page(*runs.run({"ORS-0201": Judgement(("all",), evidence=evidence)}))
    assert "50 pieces of evidence are shown; 1,234 more are in results.json." in shown.text


@pytest.mark.slow
def test_ten_thousand_applications_stay_readable():
    many = 10_000
    violations = tuple(Violation(f"ORS_{number}", f"value {number}", "other", "a.cfg:1") for number in range(many))
    gaps = tuple(Gap(f"ORS_{number}", Unknown(f"cause {number % 100}", "b.cfg")) for number in range(many))
    notes = tuple(f"note {number}" for number in range(many))
    shown = page(*runs.run({"ORS-0201": Judgement(violations=violations, gaps=gaps, notes=notes)}))
    in_order(shown.text, "And 9,980 more", "9,950 more", "And 9,500 more violations", "And 9,500 more in results.json")
    assert len(shown.source) < 400_000


def test_the_head_holds_exclusions_disabled_ones_and_the_policy():
    applications = (*make.pair("ORS_1"), make.ors("ORS_LAB"), make.ors("ORS_OLD", enabled=False), *make.SERVERS)
    file = {
        "scope": {"exclude": [{"application": "ORS_LAB*", "reason": "laboratory"}]},
        "policy": {"cassandra": ["2.2.5"], "reason": "confirmed by Genesys"},
    }
    shown = page(*runs.run({}, make.estate(applications, file=file)))
    in_order(
        shown.text, "2 ORS applications in scope", "Excluded", "ORS_LAB", "laboratory", "Disabled", "ORS_OLD",
        "Cassandra releases: 2.2.5. Reason: confirmed by Genesys",
    )  # fmt: skip


def test_an_unknown_configuration_is_said():
    snapshot = replace(make.estate().snapshot, configuration=Unknown("GAX did not answer"), parts=())
    shown = page(*runs.run({}, Estate(snapshot)))
    in_order(shown.text, "The scope is not known", "No part of the facts was collected")


def test_strict_moves_warnings_to_what_decides():
    shown = page(*runs.run({"ORS-0306": runs.FAIL}, strict=True))
    assert "Warnings and advice" not in shown.text
    in_order(shown.text, "Blockers, by root cause", "ORS-0306")


def test_interrupted_and_deployment_are_said():
    shown = page(*runs.run({}, make.estate(phase="deployment"), others=None, interrupted=True))
    in_order(shown.text, "deployment of Made up", "INCONCLUSIVE", "the run was interrupted", "Interruptedyes")


def hostile_page() -> Page:
    judgement = Judgement(
        (HOSTILE,), (Violation(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE),), (Gap(HOSTILE, Unknown(HOSTILE, HOSTILE)),),
        (HOSTILE,), (Evidence(HOSTILE, HOSTILE, HOSTILE),),
    )  # fmt: skip
    applications = (make.ors(HOSTILE), *make.SERVERS)
    file = {"policy": {"cassandra": ["2.2.5"], "reason": "<b>bold</b>"}, "change": {"ticket": "<u>CHG</u>"}}
    estate = make.estate(applications, name="<script>alert(1)</script>", file=file)
    scenarios = {"ORS-0201": runs.scenario("ORS-0201", HOSTILE)}
    return page(
        *runs.run({"ORS-0201": judgement, "ORS-0202": HOSTILE}, estate, problems=[(HOSTILE, HOSTILE)], scenarios=scenarios)
    )


def test_hostile_text_is_only_text():
    shown = hostile_page()
    names = {name for name, _ in shown.elements}
    assert not names & {"img", "iframe", "object", "form", "u", "link"}
    assert shown.all("script") == [{}]
    assert not [attributes for _, attributes in shown.elements if any(key.startswith("on") for key in attributes)]
    assert "\x1b" not in shown.text
    assert "\u202e" not in shown.text
    assert "␛[2J[U+202E]\"'{{ 7*7 }}" in shown.text


@pytest.mark.slow
@pytest.mark.parametrize("make_page", [lambda: page(*runs.every_outcome()), hostile_page])
def test_nothing_is_fetched_and_nothing_else_runs(make_page):
    shown = make_page()
    assert not [key for _, attributes in shown.elements for key in attributes if key in {"src", "style", "srcset"}]
    [style] = re.findall("<style>(.*?)</style>", shown.source, re.DOTALL)
    [script] = re.findall("<script>(.*?)</script>", shown.source, re.DOTALL)
    assert not re.search(r"url\(|@import", style)
    [policy] = [str(found["content"]) for found in shown.all("meta") if found.get("http-equiv")]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules == {
        "default-src": "'none'", "style-src": f"'sha256-{_digest(style)}'", "script-src": f"'sha256-{_digest(script)}'",
        "base-uri": "'none'", "form-action": "'none'",
    }  # fmt: skip


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@pytest.mark.slow
@pytest.mark.parametrize("run", [runs.every_outcome, lambda: runs.run({"ORS-0201": HOSTILE})])
def test_the_results_are_in_it_and_name_the_run(run):
    started, finished = run()
    shown = page(started, finished)
    [link] = [found for found in shown.all("a") if "download" in found]
    kind, _, data = str(link["href"]).partition(",")
    assert kind == "data:application/gzip;base64"
    results = gzip.decompress(base64.b64decode(data))
    assert results == "".join(results_json.chunks(started, finished)).encode()
    digest = hashlib.sha256(results).hexdigest()
    assert digest in shown.text
    assert f"run {digest[:12]}" in shown.text
    assert link["download"] == f"results-{digest[:12]}.json.gz"


def test_results_that_are_too_large_are_named_only(monkeypatch):
    monkeypatch.setattr(embedded, "MOST_EMBEDDED", 100)
    shown = page(*runs.run({}))
    in_order(shown.text, "SHA-256 of results.json", "too many for this file")
    assert not [found for found in shown.all("a") if "download" in found]


def test_it_can_be_walked_through_without_eyes_or_mouse():
    shown = page(*runs.every_outcome())
    assert shown.all("html")[0]["lang"] == "en"
    assert [len(shown.all(tag)) for tag in ("h1", "main", "header", "nav", "footer")] == [1] * 5
    assert len(shown.all("caption")) == len(shown.all("table"))
    assert all(found.get("scope") in {"col", "row", "rowgroup"} for found in shown.all("th"))
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in shown.all("meta")
    assert next(link for link in shown.all("a"))["href"] == "#main"
    levels = [int(name[1]) for name, _ in shown.elements if re.fullmatch("h[1-6]", name)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_healthy_report_is_small():
    assert len(page(*runs.run({})).source) < 80_000


@pytest.mark.slow
def test_importing_the_reporter_imports_no_template_engine():
    code = "import sys; import orsgate.reporting.html; sys.exit('jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow
@settings(deadline=None, max_examples=25)
@given(JUDGED)
def test_every_id_arrives_with_its_state(judged):
    started, finished = runs.run(judged)
    shown = page(started, finished)
    assert sorted(found for found in shown.ids if found.startswith("ORS-")) == [result.id for result in finished.results]
    assert len(shown.all("details")) == len(finished.results)
    assert "img" not in {name for name, _ in shown.elements}
    assert shown.all("script") == [{}]
