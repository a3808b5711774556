# SPDX-License-Identifier: Apache-2.0
"""Reading every report back as who gets it would: with a parser of its format, and nothing of what wrote it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from cucumber_messages import Envelope, message_converter
from prometheus_client.parser import text_string_to_metric_families


@dataclass(frozen=True)
class Read:
    """What a report says.

    Attributes:
        outcomes: id -> outcome, one for each requirement.
        verdict: of the run; None where the format has no place for it.
        errors: of the run itself; None likewise.
    """

    outcomes: dict[str, str]
    verdict: str | None = None
    errors: int | None = None


def once(pairs: Iterator[tuple[str, str]]) -> dict[str, str]:
    """The pairs as a mapping; an id that stands twice is no conservation."""
    found = list(pairs)
    assert len(dict(found)) == len(found), [name for name, count in Counter(name for name, _ in found).items() if count > 1]
    return dict(found)


def from_json(text: str) -> Read:
    report = json.loads(text)
    assert report["counts"] == dict.fromkeys(report["counts"], 0) | Counter(each["outcome"] for each in report["results"])
    return Read(once((each["id"], each["outcome"]) for each in report["results"]), report["verdict"], len(report["errors"]))


def from_junit(text: str) -> Read:
    root = ET.fromstring(text)  # noqa: S314 - our own
    of_run = [case for case in root.iter("testcase") if case.get("classname", "").endswith(".run")]
    assert all(case.find("error") is not None for case in of_run)
    assert len({case.get("name") for case in of_run}) == len(of_run)
    [verdict] = {found.get("value") for found in root.iter("property") if found.get("name") == "verdict"}
    cases = [case for case in root.iter("testcase") if case not in of_run]
    return Read(once((str(case.get("name")).split()[0], _junit_outcome(case)) for case in cases), verdict, len(of_run))


def _junit_outcome(case: ET.Element) -> str:
    for tag in ("failure", "error", "skipped"):
        if (element := case.find(tag)) is not None:
            outcome = str(element.get("type"))
            assert f": {outcome}: " in str(element.text).split("\n", 1)[0]  # GitLab shows the text and not the message
            return outcome
    return "pass"


class _Requirements(HTMLParser):
    """The ids of the requirements in the HTML report, and the state under whose heading each stands."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._state = ""
        self._in_mark = self._in_heading = False
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "h3":
            self._in_heading, self._state = True, ""
        self._in_mark = tag == "span" and self._in_heading
        if tag == "pre" and re.fullmatch(r"[A-Z][A-Z0-9]*-\d{4}", given.get("id") or ""):
            self.found.append((str(given["id"]), self._state))

    def handle_endtag(self, tag: str) -> None:
        self._in_mark = False
        self._in_heading = self._in_heading and tag != "h3"

    def handle_data(self, data: str) -> None:
        if self._in_mark:
            self._state += data


_WORDS = {
    "passed": "pass", "passed on declared facts": "pass",
    "failed": "fail", "warning": "fail", "advice": "fail", "error": "error", "blocked": "blocked",
    "not applicable": "not_applicable", "skipped": "skipped", "to be attested": "manual", "waived": "waived",
}  # fmt: skip


def from_html(text: str) -> Read:
    return Read(once((name, _WORDS[state.split(" ", 1)[1]]) for name, state in _Requirements(text).found))


def from_cucumber(text: str) -> Read:
    assert text.isascii()
    envelopes = [json.loads(line) for line in text.splitlines()]
    for envelope in envelopes:
        assert message_converter.to_dict(message_converter.from_dict(envelope, Envelope)) == envelope
    return _Cucumber(envelopes).read()


class _Cucumber:
    """The messages by kind; every reference has to lead somewhere."""

    def __init__(self, envelopes: list[dict[str, Any]]) -> None:
        self.kinds = [next(iter(envelope)) for envelope in envelopes]
        self.all: dict[str, list[dict[str, Any]]] = {}
        for envelope in envelopes:
            [(kind, message)] = envelope.items()
            self.all.setdefault(kind, []).append(message)

    def read(self) -> Read:
        assert (self.kinds[0], self.kinds[-1]) == ("meta", "testRunFinished")
        assert self.kinds.index("testRunStarted") > max(index for index, kind in enumerate(self.kinds) if kind == "pickle")
        sources = [source["uri"] for source in self.all["source"]]
        assert sources == [document["uri"] for document in self.all["gherkinDocument"]]
        cases = [self._case(case) for case in self.all["testCase"]]
        assert len(cases) == len(self.all["pickle"])
        [finished] = self.all["testRunFinished"]
        verdict = {"GO": "go", "NO-GO": "no_go", "INCONCLUSIVE": "inconclusive"}[re.split(r"[: ]", finished["message"])[0]]
        assert finished["success"] == (verdict == "go")
        return Read(once((name, outcome) for name, outcome in cases if name != "run"), verdict, cases.count(("run", "error")))

    def _case(self, case: dict[str, Any]) -> tuple[str, str]:
        """The id and outcome of a test case, its status being what the outcome allows."""
        [pickle] = [pickle for pickle in self.all["pickle"] if pickle["id"] == case["pickleId"]]
        assert [step["pickleStepId"] for step in case["testSteps"]] == [step["id"] for step in pickle["steps"]] != []
        [started] = [begun for begun in self.all["testCaseStarted"] if begun["testCaseId"] == case["id"]]
        assert [end for end in self.all["testCaseFinished"] if end["testCaseStartedId"] == started["id"]]
        results = [
            finished["testStepResult"] for finished in self.all["testStepFinished"]
            if finished["testCaseStartedId"] == started["id"]
        ]  # fmt: skip
        assert len(results) == len(case["testSteps"])
        name = pickle["tags"][0]["name"].removeprefix("@")
        status, message = results[-1]["status"], results[-1].get("message", "")
        assert status == "PASSED" or {result["status"] for result in results[:-1]} <= {"PASSED", "SKIPPED"}
        outcome = message.split(": ", 1)[0] if message else "pass"
        allowed = {"fail": "FAILED", "error": "FAILED", "blocked": "PENDING", "manual": "PENDING", "pass": "PENDING"}
        assert status == ("PASSED" if not message else allowed.get(outcome, "SKIPPED"))
        if name != "run":
            texts = [a["body"] for a in self.all["attachment"] if a["testCaseStartedId"] == started["id"]]
            assert re.match(rf"{name}: {outcome}\b", texts[0])
        return name, outcome


def from_csv(text: str) -> Read:
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert all(None not in row and None not in row.values() for row in rows)
    [run] = [row for row in rows if row["kind"] == "run"]
    outcomes = once((row["id"], row["outcome"]) for row in rows if row["kind"] == "requirement")
    assert all(outcomes[row["id"]] == row["outcome"] for row in rows if row["kind"] in {"violation", "not known"})
    return Read(outcomes, run["outcome"], sum(row["kind"] == "error" for row in rows))


_COMMAND = re.compile(r"::(?P<level>error|warning|notice|debug)(?: (?P<properties>[^:]*))?::(?P<message>.*)")
_TITLE = re.compile(r"(?P<id>[A-Z][A-Z0-9]*-\d{4}) (?P<outcome>\w+) \((?:blocker|warning|advice)\)")


def from_github(text: str) -> Read:
    commands = [_COMMAND.fullmatch(line) for line in text.removesuffix("\n").split("\n")]
    titles = []
    for command in commands:
        assert command is not None
        properties = dict(pair.split("=", 1) for pair in (command["properties"] or "").split(",") if pair)
        titles.append(unquote(properties["title"] if command["level"] != "debug" else command["message"]))
    errors = sum(title.startswith("orsgate: ") for title in titles)
    found = [match for title in titles[1 + errors :] if (match := _TITLE.match(title))]
    assert len(found) == len(titles) - 1 - errors
    verdict = {"GO": "go", "NO-GO": "no_go", "INCONCLUSIVE": "inconclusive"}[re.split(r"[: ]", str(commands[0]["message"]))[0]]  # type: ignore[index]
    return Read(once((match["id"], match["outcome"]) for match in found), verdict, errors)


def from_gitlab(text: str) -> Read:
    findings = json.loads(text)
    for finding in findings:
        assert set(finding) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert finding["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert finding["location"]["lines"]["begin"] >= 1
        assert finding["location"]["path"]
    assert len({finding["fingerprint"] for finding in findings}) == len(findings)
    first, *rest = findings
    well = {
        name: outcome for outcome in ("pass", "not_applicable")
        for name in re.findall(r"[A-Z]\w*-\d{4}", first["description"].rpartition(f"; {outcome}: ")[2].partition(";")[0])
    }  # fmt: skip
    open_ = {match["id"]: match["outcome"] for finding in rest if (match := _TITLE.match(finding["description"]))}
    errors = sum(finding["check_name"] == "orsgate" for finding in rest)
    assert not well.keys() & open_.keys()
    verdict = re.search(r": (GO|NO-GO|INCONCLUSIVE)(?: with \d+ exceptions?)?: ", first["description"])
    assert verdict is not None
    return Read(well | open_, {"GO": "go", "NO-GO": "no_go", "INCONCLUSIVE": "inconclusive"}[verdict[1]], errors)


def from_prometheus(text: str) -> Read:
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert all(family.documentation and family.type == "gauge" for family in families.values())
    [verdict] = [sample.labels["verdict"] for sample in families["orsgate_verdict"].samples if sample.value == 1]
    outcomes = once((each.labels["id"], each.labels["outcome"]) for each in families["orsgate_requirement"].samples)
    counted = {(each.labels["severity"], each.labels["outcome"]): each.value for each in families["orsgate_requirements"].samples}
    found = Counter((each.labels["severity"], each.labels["outcome"]) for each in families["orsgate_requirement"].samples)
    assert counted == dict.fromkeys(counted, 0.0) | found
    return Read(outcomes, verdict, int(families["orsgate_run_errors"].samples[0].value))


READERS: dict[str, Callable[[str], Read]] = {
    "json": from_json, "junit": from_junit, "html": from_html, "cucumber": from_cucumber, "csv": from_csv,
    "github": from_github, "gitlab": from_gitlab, "prometheus": from_prometheus,
}  # fmt: skip
"""Every format by the name of its option."""
