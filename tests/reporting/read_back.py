# SPDX-License-Identifier: Apache-2.0
"""Reading every report back as who gets it would: with a parser of its format, and nothing of what wrote it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
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
        notices: the sentences that restrict the verdict: of a plan, of what stood in.
        waivers: of each that covers a requirement: its id, who accepts that it is not met, and until when, as ``utc`` says it.
    """

    outcomes: dict[str, str]
    verdict: str | None = None
    errors: int | None = None
    notices: frozenset[str] = frozenset()
    waivers: frozenset[tuple[str, str, str]] = frozenset()


_ACCEPTED = re.compile(r"\w+ of .*? accepted by (?P<approver>.*?) until (?P<until>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) \(")


def accepted(name: str, lines: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """The waivers of a requirement that some lines tell of, each by a sentence after ``waived:``."""
    for line in lines:
        if line.startswith("waived: "):
            found = _ACCEPTED.match(line.removeprefix("waived: "))
            assert found is not None, line
            yield name, found["approver"], found["until"]


def once(pairs: Iterator[tuple[str, str]]) -> dict[str, str]:
    """The pairs as a mapping; an id that stands twice is no conservation."""
    found = list(pairs)
    assert len(dict(found)) == len(found), [name for name, count in Counter(name for name, _ in found).items() if count > 1]
    return dict(found)


def from_json(text: str) -> Read:
    report = json.loads(text)
    assert report["counts"] == dict.fromkeys(report["counts"], 0) | Counter(each["outcome"] for each in report["results"])
    plan = f"this is a plan: the options in {report['plan']} were judged in place of the current ones; GO does not say: install"
    stage = f"judged {report['stage']} of the path without loss: GO does not say that the migration is complete"
    stood_in = {f"measured against a stand-in: {name}" for part in report["parts"] for name in part["stand_ins"]}
    return Read(
        once((each["id"], each["outcome"]) for each in report["results"]),
        report["verdict"],
        len(report["errors"]),
        frozenset(stood_in | ({plan} if report["plan"] else set()) | ({stage} if report["stage"] else set())),
        frozenset((w["requirement"], w["approver"], w["until"]) for w in report["waivers"] if w["state"] == "applied"),
    )


def from_junit(text: str) -> Read:
    root = ET.fromstring(text)  # noqa: S314 - our own
    of_run = [case for case in root.iter("testcase") if case.get("classname", "").endswith(".run")]
    assert all(case.find("error") is not None for case in of_run)
    assert len({case.get("name") for case in of_run}) == len(of_run)
    [verdict], [sentence] = (
        {found.get("value") for found in root.iter("property") if found.get("name") == name}
        for name in ("verdict", "verdict_sentence")
    )
    cases = [case for case in root.iter("testcase") if case not in of_run]
    red = [case for case in root.iter("testcase") if case.find("failure") is not None or case.find("error") is not None]
    assert bool(red) or verdict == "go"
    of_verdict = [case for case in of_run if case.get("name") == "the verdict"]
    if of_verdict and str(of_verdict[0].findtext("error")).startswith(str(sentence)):
        assert red == of_verdict == of_run  # only where nothing else is red
        of_run = []
    [told] = {suite.findtext("system-out", "") for suite in root}
    return Read(
        once((str(case.get("name")).split()[0], _junit_outcome(case)) for case in cases),
        verdict,
        len(of_run),
        frozenset(told.splitlines()),
        frozenset(
            found for case in cases
            for found in accepted(str(case.get("name")).split()[0], str(case.findtext("skipped")).split("\n"))
        ),
    )  # fmt: skip


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


class _Banners(HTMLParser):
    """The text of the banners of the HTML report, and the rows of its table of waivers."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.text = ""
        self.rows: list[list[str]] = []
        self._in_banner = self._in_waivers = False
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._in_banner = self._in_banner or tag == "aside"
        self._in_waivers = self._in_waivers or (tag == "table" and given.get("class") == "waivers")
        if self._in_waivers and tag == "tr":
            self.rows.append([])
        elif self._in_waivers and tag in {"th", "td"}:
            self.rows[-1].append("")
        elif self._in_waivers and tag == "time":
            self.rows[-1] += [str(given["datetime"]), ""]

    def handle_endtag(self, tag: str) -> None:
        self._in_banner = self._in_banner and tag != "aside"
        self._in_waivers = self._in_waivers and tag != "table"

    def handle_data(self, data: str) -> None:
        if self._in_banner:
            self.text += data
        elif self._in_waivers and self.rows:
            self.rows[-1][-1] += data


def from_html(text: str) -> Read:
    found = _Banners(text)
    plan = re.findall(r"his is a plan: .* install(?=\.)", found.text)
    stood_in = re.findall(r"easured against a stand-in: .*?(?=\. (?:M|This report says|Nothing was))", found.text)
    stages = re.findall(r"udged after stage .*? complete", unescape(text))
    waivers = (
        (row[0].split(" ", 1)[0], row[2].partition(" (CHG-1) ")[0], row[4])
        for row in found.rows[1:]
        if "\u2248 accepted" in row[0]
    )
    return Read(
        once((name, _WORDS[state.split(" ", 1)[1]]) for name, state in _Requirements(text).found),
        notices=frozenset([*(f"t{each}" for each in plan), *(f"m{each}" for each in stood_in), *(f"j{each}" for each in stages)]),
        waivers=frozenset(waivers),
    )


def from_cucumber(text: str) -> Read:
    assert text.isascii()
    envelopes = [json.loads(line) for line in text.splitlines()]
    for envelope in envelopes:
        assert message_converter.to_dict(message_converter.from_dict(envelope, Envelope)) == envelope
    return _Cucumber(envelopes).read()


class _Cucumber:
    """The messages by kind; every reference has to lead somewhere."""

    def __init__(self, envelopes: list[dict[str, Any]]) -> None:
        self.waivers: list[tuple[str, str, str]] = []
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
        _, *notices = finished["message"].split("\n")
        told = [document["feature"]["description"].count("`") for document in self.all["gherkinDocument"]]
        assert set(told) <= {2 + 2 * len(notices)}
        return Read(
            once((name, outcome) for name, outcome in cases if name != "run"),
            verdict,
            cases.count(("run", "error")),
            frozenset(notices),
            frozenset(self.waivers),
        )

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
            self.waivers += accepted(name, texts[0].split("\n") if outcome == "waived" else ())
        return name, outcome


def from_csv(text: str) -> Read:
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert all(None not in row and None not in row.values() for row in rows)
    [run] = [row for row in rows if row["kind"] == "run"]
    outcomes = once((row["id"], row["outcome"]) for row in rows if row["kind"] == "requirement")
    assert all(outcomes[row["id"]] == row["outcome"] for row in rows if row["kind"] in {"violation", "not known", "waiver"})
    waivers = frozenset((row["id"], row["approver"], row["until"]) for row in rows if row["kind"] == "waiver")
    for row in rows:
        if row["kind"] == "requirement":
            ends = [end for name, _, end in waivers if name == row["id"]]
            assert row["until"] == min(ends, default="")
    notices = [row["reason"] for row in rows if row["kind"] == "notice"]
    assert run["reason"].endswith("".join(f"; {notice}" for notice in notices))
    return Read(outcomes, run["outcome"], sum(row["kind"] == "error" for row in rows), frozenset(notices), waivers)


_COMMAND = re.compile(r"::(?P<level>error|warning|notice|debug)(?: (?P<properties>[^:]*))?::(?P<message>.*)")
_TITLE = re.compile(r"(?P<id>[A-Z][A-Z0-9]*-\d{4}) (?P<outcome>\w+) \((?:blocker|warning|advice)\)")


def from_github(text: str) -> Read:
    commands = [_COMMAND.fullmatch(line) for line in text.removesuffix("\n").split("\n")]
    told: list[tuple[str, list[str]]] = []
    for command in commands:
        assert command is not None
        properties = dict(pair.split("=", 1) for pair in (command["properties"] or "").split(",") if pair)
        message = [unquote(line) for line in command["message"].split("%0A")]
        told.append((unquote(properties["title"]) if command["level"] != "debug" else message[0], message))
    (_, (sentence, *notices)), *others = told
    errors = sum(title.startswith("orsgate: ") for title, _ in others)
    declared = [line for title, lines in others[errors:] if title == "passed on declared facts" for line in lines]
    outcomes = _declared(declared)
    waivers: list[tuple[str, str, str]] = []
    for title, lines in others[errors:]:
        if match := _TITLE.match(title):
            outcomes.append((match["id"], match["outcome"]))
            waivers += accepted(match["id"], lines if match["outcome"] == "waived" else ())
        else:
            assert lines == declared
    verdict = {"GO": "go", "NO-GO": "no_go", "INCONCLUSIVE": "inconclusive"}[re.split(r"[: ]", sentence)[0]]
    assert commands[0] is not None
    assert (commands[0]["level"] == "notice") == (verdict == "go" and not notices)
    return Read(once(iter(outcomes)), verdict, errors, frozenset(notices), frozenset(waivers))


def _declared(sentences: list[str]) -> list[tuple[str, str]]:
    """What one sentence tells of everything that passed on declared facts."""
    if not sentences:
        return []
    [sentence] = sentences
    ids = re.findall(r"[A-Z]\w*-\d{4}", sentence)
    assert int(sentence.split(" ", 1)[0]) == len(ids) > 0
    return [(name, "pass") for name in ids]


_RESTRICTED = re.compile("; (?=this is a plan: |judged after stage |measured against a stand-in: )")


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
    waivers = [
        waiver for finding in rest if open_.get(finding["check_name"]) == "waived"
        for waiver in accepted(finding["check_name"], re.split(r"; (?=waived: )", finding["description"])[1:])
    ]  # fmt: skip
    errors = sum(finding["check_name"] == "orsgate" and finding["severity"] == "critical" for finding in rest)
    declared = dict(
        _declared([found["description"] for found in rest if (found["check_name"], found["severity"]) == ("orsgate", "info")])
    )
    assert len({*well, *open_, *declared}) == len(well) + len(open_) + len(declared)
    _, *notices = re.split(_RESTRICTED, first["description"].rpartition("; pass: ")[0])
    verdict = re.search(r": (GO|NO-GO|INCONCLUSIVE)(?: with \d+ exceptions?)?: ", first["description"])
    assert verdict is not None
    assert (first["severity"] == "info") == (verdict[1] == "GO" and not notices)
    return Read(
        well | open_ | declared,
        {"GO": "go", "NO-GO": "no_go", "INCONCLUSIVE": "inconclusive"}[verdict[1]],
        errors,
        frozenset(notices),
        frozenset(waivers),
    )


def from_prometheus(text: str) -> Read:
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert all(family.documentation and family.type == "gauge" for family in families.values())
    [verdict] = [sample.labels["verdict"] for sample in families["orsgate_verdict"].samples if sample.value == 1]
    outcomes = once((each.labels["id"], each.labels["outcome"]) for each in families["orsgate_requirement"].samples)
    counted = {(each.labels["severity"], each.labels["outcome"]): each.value for each in families["orsgate_requirements"].samples}
    found = Counter((each.labels["severity"], each.labels["outcome"]) for each in families["orsgate_requirement"].samples)
    assert counted == dict.fromkeys(counted, 0.0) | found
    notices = frozenset(each.labels["told"] for each in families["orsgate_notice"].samples)
    assert families["orsgate_notices"].samples[0].value == len(families["orsgate_notice"].samples)
    waivers = frozenset(
        (each.labels["id"], each.labels["approver"], f"{datetime.fromtimestamp(each.value, UTC):%Y-%m-%dT%H:%M:%SZ}")
        for each in families["orsgate_waiver_until_timestamp_seconds"].samples
    )
    return Read(outcomes, verdict, int(families["orsgate_run_errors"].samples[0].value), notices, waivers)


READERS: dict[str, Callable[[str], Read]] = {
    "json": from_json, "junit": from_junit, "html": from_html, "cucumber": from_cucumber, "csv": from_csv,
    "github": from_github, "gitlab": from_gitlab, "prometheus": from_prometheus,
}  # fmt: skip
"""Every format by the name of its option."""
