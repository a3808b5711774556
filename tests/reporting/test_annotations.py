# SPDX-License-Identifier: Apache-2.0
"""GitHub and GitLab: what matters most comes first, at its line, and no text becomes a command or hides a finding."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from orsgate.estate.judgement import Judgement, Violation
from orsgate.reporting.bounded import MOST_CHARACTERS, MOST_LINES, bounded
from orsgate.reporting.github import SHOWN_VIOLATIONS, command
from orsgate.reporting.importance import Importance, Place, importance, place_of
from orsgate.verdict.waiver import Waivers
from tests import make
from tests.reporting import runs
from tests.reporting.test_conservation import restricted, written


def github(*run) -> list[str]:
    return written(*run)["github"].splitlines()


def gitlab(*run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(written(*run)["gitlab"])
    return found


@pytest.mark.parametrize(
    ("where", "place"),
    [
        ("exports/ORS_1.cfg:4", Place("exports/ORS_1.cfg", 4)),
        ("exports\\ORS 1.conf:12", Place("exports/ORS 1.conf", 12)),
        ("estate.toml:3", Place("estate.toml", 3)),
        (f"{Path.cwd()}/a/estate.toml:3", Place("a/estate.toml", 3)),
        ("/elsewhere/estate.toml:3", Place("/elsewhere/estate.toml", 3)),
        ("cass-1.example.com:9160", None),
        ("10.0.0.1:9160 describe_ring", None),
        ("exports/ORS_1.cfg", None),
        ("exports/ORS_1.cfg:0", None),
        ("", None),
    ],
)
def test_a_line_of_a_file_is_told_from_an_endpoint(where, place):
    assert place_of(where) == place


@pytest.mark.parametrize(
    ("name", "judgement", "strict", "expected"),
    [
        ("ORS-0101", runs.FAIL, False, Importance.FAILED),
        ("ORS-0101", runs.BLOCKED, False, Importance.OPEN),
        ("ORS-0101", runs.MANUAL, False, Importance.OPEN),
        ("ORS-0101", runs.DECLARED, False, Importance.DECLARED),
        ("ORS-0101", runs.PASS, False, Importance.WELL),
        ("ORS-0101", runs.NOT_APPLICABLE, False, Importance.WELL),
        ("ORS-0103", runs.FAIL, False, Importance.LOOK),
        ("ORS-0103", runs.FAIL, True, Importance.FAILED),
        ("ORS-0103", runs.BLOCKED, True, Importance.OPEN),
        ("ORS-0103", "call: it broke", False, Importance.OPEN),
        ("ORS-0507", runs.FAIL, True, Importance.TOLD),
    ],
)
def test_how_much_a_result_matters(name, judgement, strict, expected):
    started, finished = runs.run({name: judgement}, strict=strict)
    [result] = [result for result in finished.results if result.id == name]
    assert importance(started, result) is expected


class TestGithub:
    def test_the_verdict_comes_first_then_what_decides_it(self):
        lines = github(*runs.every_outcome())
        assert lines[0].startswith("::error title=orsgate readiness%3A Made up::NO-GO: ")
        assert lines[1] == "::error title=orsgate%3A orsgate.toml::error: made to go wrong"
        assert lines[2].startswith("::error file=exports/ORS_1.cfg,line=4,title=ORS-0101 fail (blocker)::Title of ORS-0101%0A")
        levels = [re.split("[ :]", line.removeprefix("::"))[0] for line in lines]
        assert levels == sorted(levels, key=["error", "warning", "notice", "debug"].index)

    def test_a_go_is_a_notice_and_what_is_well_shows_in_debug_logs_only(self):
        first, *others = github(*runs.run({}))
        assert first.startswith("::notice title=orsgate readiness%3A Made up::GO: ")
        assert {line.split("::")[1] for line in others} == {"debug"}

    def test_a_go_of_a_plan_or_of_stand_ins_is_to_be_looked_at(self):
        first, *others = github(*runs.run({}, restricted(make.estate(), "plan", ["a twin of ORS"])))
        assert first.startswith("::warning title=orsgate readiness%3A Made up::GO: ")
        assert first.endswith(
            "%0Athis is a plan: the options in plan were judged in place of the current ones; GO does not say: install"
            "%0Ameasured against a stand-in: a twin of ORS"
        )
        assert {line.split("::")[1] for line in others} == {"debug"}

    def test_what_is_waived_comes_before_what_passed_on_declared_facts_which_has_one_line(self):
        declared = {f"ORS-010{number}": runs.DECLARED for number in (1, 2, 3, 4, 5, 6)}
        given = Waivers((runs.waiver("ORS-0201"),))
        _, waived, advice, passed, *rest = github(
            *runs.run({"ORS-0201": runs.FAIL, "ORS-0507": runs.FAIL, **declared}, waivers=given)
        )
        assert "title=ORS-0201 waived (blocker)::" in waived
        assert "%0Awaived: fail of ORS_1 accepted by A. Approver (made up) until 2026-01-31T02:00:05Z (CHG-1): " in waived
        assert "title=ORS-0507 fail (advice)::" in advice
        assert passed == (
            "::notice title=passed on declared facts::6 requirements passed on declared facts, not proven: "
            "ORS-0101, ORS-0102, ORS-0103, ORS-0104, ORS-0105, ORS-0106"
        )
        assert {line.split("::")[1] for line in rest} == {"debug"}

    def test_no_text_can_be_a_command_or_a_property(self):
        hostile = "x\n::set-output name=a::b\r::error::%0A,title=c:d"
        violation = Violation(hostile, hostile, hostile, f"a,b:{hostile}.cfg:3")
        run = runs.run({"ORS-0101": Judgement(violations=(violation,))}, problems=[(hostile, hostile)])
        lines = github(*run)
        assert len(lines) == 2 + len(run[1].results)
        assert all(re.match(r"::(error|warning|notice|debug)( [^:]*)?::", line) for line in lines)
        assert sum("set-output" in line for line in lines) == 2
        [failed] = [line for line in lines if "ORS-0101 fail" in line]
        assert "%250A" in failed

    def test_escapes_are_those_of_the_toolkit(self):
        assert command("error", "a:b,c%", "d:e,f%\ng") == "::error title=a%3Ab%2Cc%25::d:e,f%25%0Ag\n"

    def test_many_violations_are_counted(self):
        violations = tuple(Violation(f"ORS_{number}", "a", "b", "c") for number in range(SHOWN_VIOLATIONS + 5))
        [failed] = [line for line in github(*runs.run({"ORS-0101": Judgement(violations=violations)})) if "ORS-0101" in line][1:]
        assert "%0Aand 5 violations more: see results.json" in failed


class TestGitlab:
    def test_the_verdict_is_a_finding_so_that_no_report_is_empty(self):
        [finding] = gitlab(*runs.run({}))
        assert finding["severity"] == "info"
        assert finding["location"] == {"path": "estate.toml", "lines": {"begin": 1}}
        assert "GO: " in finding["description"]
        assert "; pass: ORS-0101, ORS-0102, " in finding["description"]

    def test_each_violation_is_a_finding_at_its_line(self):
        more = replace(runs.FAIL, violations=(*runs.FAIL.violations, Violation("ORS_2", "a", "b", "ors-2:7210 GET /")))
        found = [finding for finding in gitlab(*runs.run({"ORS-0101": more})) if finding["check_name"] == "ORS-0101"]
        assert [finding["location"]["path"] for finding in found] == ["exports/ORS_1.cfg", "estate.toml"]
        assert found[0]["location"]["lines"] == {"begin": 4}
        assert {finding["severity"] for finding in found} == {"blocker"}
        assert found[1]["description"] == "ORS-0101 fail (blocker): ORS_2: a; expected b (ors-2:7210 GET /)"

    @pytest.mark.slow
    def test_a_finding_is_the_same_when_its_line_moves(self):
        moved = replace(runs.FAIL, violations=(replace(runs.FAIL.violations[0], where="exports/ORS_1.cfg:99"),))
        one, other = (gitlab(*runs.run({"ORS-0101": judged}))[1] for judged in (runs.FAIL, moved))
        assert one["fingerprint"] == other["fingerprint"]
        assert one["location"] != other["location"]

    def test_findings_that_look_alike_stay_two(self):
        alike = tuple(Violation("ORS_1", "a", "b", where) for where in ("x.cfg:1", "x.cfg:2", "x.cfg:3"))
        found = gitlab(*runs.run({"ORS-0101": Judgement(violations=alike)}))[1:]
        assert len({finding["fingerprint"] for finding in found}) == 3

    def test_very_many_violations_are_counted(self):
        violations = tuple(Violation(f"ORS_{number}", "a", "b", "c") for number in range(MOST_LINES + 5))
        found = gitlab(*runs.run({"ORS-0101": Judgement(violations=violations)}))
        assert len(found) == 1 + MOST_LINES + 1
        assert found[-1]["description"] == "ORS-0101 fail (blocker): 5 violations more: see results.json"

    def test_severities(self):
        found = {finding["check_name"]: finding["severity"] for finding in gitlab(*runs.every_outcome())[2:]}
        assert found["ORS-0101"] == "blocker"
        assert found["ORS-0102"] == found["ORS-0103"] == found["ORS-0105"] == "critical"
        assert found["ORS-0204"] == found["ORS-0801"] == "major"
        assert found["orsgate"] == found["ORS-0201"] == "info"
        assert "ORS-0106" not in found

    def test_a_go_of_a_plan_or_of_stand_ins_is_to_be_looked_at(self):
        [finding] = gitlab(*runs.run({}, restricted(make.estate(), "plan", ["a twin of ORS"])))
        assert finding["severity"] == "major"
        assert (
            "; GO does not say: install; measured against a stand-in: a twin of ORS; pass: ORS-0101, " in finding["description"]
        )

    def test_who_accepted_stands_before_what_passed_on_declared_facts_which_has_one_finding(self):
        judged = {"ORS-0101": runs.DECLARED, "ORS-0102": runs.DECLARED, "ORS-0201": runs.FAIL}
        _, waived, violation, passed = gitlab(*runs.run(judged, waivers=Waivers((runs.waiver("ORS-0201"),))))
        assert "; waived: fail of ORS_1 accepted by A. Approver (made up) until " in waived["description"]
        assert violation["location"] == {"path": "exports/ORS_1.cfg", "lines": {"begin": 4}}
        assert passed["description"] == "2 requirements passed on declared facts, not proven: ORS-0101, ORS-0102"
        assert {waived["severity"], violation["severity"], passed["severity"]} == {"info"}


def test_texts_are_bounded_and_say_so():
    many = list(bounded((str(number) for number in range(MOST_LINES + 3)), "note"))
    assert (len(many), many[-1]) == (MOST_LINES + 1, "and 3 notes more: see results.json")
    long, rest = bounded(["x" * (MOST_CHARACTERS + 1), "y"], "note")
    assert long.endswith("x [cut; results.json has it whole]")
    assert rest == "and 1 note more: see results.json"
    assert list(bounded(["x"], "note")) == ["x"]


def test_the_name_of_an_estate_can_be_anything():
    for line in github(*runs.run({}, make.estate(name="a::b,c=d%"))):
        assert re.match(r"::(notice|debug)( title=orsgate readiness%3A a%3A%3Ab%2Cc=d%25)?::", line)
