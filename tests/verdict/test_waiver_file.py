# SPDX-License-Identifier: Apache-2.0
"""Waiver files: every mistake at once with its line, and nothing in them that could never count."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from orsgate.estate.judgement import Outcome
from orsgate.verdict.waiver_file import WaiverFileError, load_waivers

WHOLE = """\
# Made up.
[[waiver]]
requirement = "ORS-0301"
outcome = "fail"
subject = "ORS_1*"
reason = "no Backup host before March"
approver = "A. Approver"
risk = "no switchover"
ticket = "CHG-1"
from = 2026-01-31T01:00:00Z
until = 2026-02-01T00:00:00Z
"""


def mistakes(tmp_path: Path, text: str | bytes) -> str:
    path = tmp_path / "waivers.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(WaiverFileError) as raised:
        load_waivers([path])
    return str(raised.value).replace(f"{path}:", "")


def test_a_file_that_is_well(tmp_path):
    path = tmp_path / "waivers.toml"
    path.write_text(WHOLE + WHOLE.replace("ORS_1*", "ORS_2").replace("00:00Z", "00:00+00:00"))
    one, two = load_waivers([path, str(path)]).entries
    assert (one.requirement, one.outcome, one.subject, one.risk) == ("ORS-0301", Outcome.FAIL, "ORS_1*", "no switchover")
    assert (one.begins, one.until) == (datetime(2026, 1, 31, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))
    assert (one.where, two.where) == (f"{path}:2", f"{path}:13")
    assert (two.subject, two.until) == ("ORS_2", one.until)


def test_an_empty_file_holds_none(tmp_path):
    (tmp_path / "waivers.toml").write_text("# none\n")
    assert load_waivers([tmp_path / "waivers.toml"]).entries == ()


@pytest.mark.parametrize("key", ["requirement", "outcome", "subject", "reason", "approver", "risk", "ticket", "from", "until"])
def test_nothing_may_be_left_out_or_empty(tmp_path, key):
    kept = [line for line in WHOLE.splitlines() if not line.startswith(f"{key} =")]
    assert f"2: [[waiver]] number 1 needs {key}: " in mistakes(tmp_path, "\n".join(kept))
    blank = [f'{key} = "  "' if line.startswith(f"{key} =") else line for line in WHOLE.splitlines()]
    number = next(index for index, line in enumerate(blank, 1) if line.startswith(key))
    assert mistakes(tmp_path, "\n".join(blank)).startswith(f"{number}: [[waiver]] number 1 {key}: ")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("ORS-0301", "ORS-0901", '3: [[waiver]] number 1 requirement: "ORS-0901" can never be waived'),
        ("ORS-0301", "ORS-0399", '3: [[waiver]] number 1 requirement: "ORS-0399" is no requirement; did you mean'),
        ("ORS-0301", "ors-0301", '3: [[waiver]] number 1 requirement: "ors-0301" is no requirement; did you mean "ORS-0301"?'),
        ('"fail"', '"error"', '4: [[waiver]] number 1 outcome: an "error" can never be waived'),
        ('"fail"', '"failed"', '4: [[waiver]] number 1 outcome: "failed" is not "fail", "blocked", "manual" or "skipped"'),
        ('"fail"', '"pass"', '4: [[waiver]] number 1 outcome: "pass" is not'),
        ('"fail"', '["fail"]', "4: [[waiver]] number 1 outcome: must be "),
        ('"CHG-1"', "7", "9: [[waiver]] number 1 ticket: must be text in quotes"),
        ("approver =", "aprover =", '7: [[waiver]] number 1 has no key "aprover"; did you mean "approver"?'),
        ("2026-02-01T00:00:00Z", '"2026-02-01T00:00:00Z"', "11: [[waiver]] number 1 until: must be a date and time"),
        (
            "2026-02-01T00:00:00Z",
            "2026-02-01T00:00:00",
            "11: [[waiver]] number 1 until: says no time zone; write it in UTC, with Z, such",
        ),
        ('"CHG-1"', '" "', "9: [[waiver]] number 1 ticket: must not be empty or blank"),
        ('"CHG-1"', "\u201cCHG-1\u201d", '9:10: is not valid TOML: Invalid value; write straight quotation marks, "like these"'),
        ('"CHG-1"', '"CHG-1\u201d', "write straight quotation marks"),
        ("subject =", "\u201csubject\u201d =", "write straight quotation marks"),
        ("2026-02-01T00:00:00Z", "2026-02-01", "11: [[waiver]] number 1 until: must be a date and time"),
        ("2026-02-01T00:00:00Z", "2026-02-01T00:00:00+01:00", "must be in UTC, with Z: write 2026-01-31T23:00:00Z"),
        ("2026-02-01T00:00:00Z", "2026-02-01T00:00:00.5Z", "must be a whole second"),
        ("2026-02-01T00:00:00Z", "2026-01-31T01:00:00Z", "11: [[waiver]] number 1 until: must be later than from"),
        ("2026-02-01T00:00:00Z", "0001-01-01T00:00:00+23:00", "outside the years"),
        ("[[waiver]]", "[[waivers]]", 'the file has no table "waivers"; did you mean [[waiver]]?'),
        ("[[waiver]]", "[waiver]", "waiver must be a table of its own, under the header [[waiver]]"),
        ("[[waiver]]", "[[waiver]", "2:9: is not valid TOML"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path, old, new, told):
    assert told in mistakes(tmp_path, WHOLE.replace(old, new))


@pytest.mark.parametrize(("first", "second"), [("[[waiver]]", "[waiver]"), ("[waiver]", "[[waiver]]"), ("[waiver]", "[waiver]")])
def test_each_needs_two_brackets(tmp_path, first, second):
    said = mistakes(tmp_path, WHOLE.replace("[[waiver]]", first) + WHOLE.replace("[[waiver]]", second))
    assert said.startswith("13:")
    assert said.endswith("; write [[waiver]], with two brackets, above each of them")


def test_every_mistake_comes_at_once(tmp_path):
    text = WHOLE.replace("fail", "error") + WHOLE.replace("ORS-0301", "ORS-0901")
    assert [line.split(":")[0] for line in mistakes(tmp_path, text).splitlines()] == ["4", "14"]


def test_what_is_no_text_or_not_there(tmp_path):
    assert "2: is not UTF-8" in mistakes(tmp_path, b"# \n\xff")
    with pytest.raises(WaiverFileError, match="there is no such file; make one with: orsgate waive"):
        load_waivers([tmp_path / "none.toml"])
    with pytest.raises(WaiverFileError, match="is a directory; name the waiver file"):
        load_waivers([tmp_path])


def test_the_requirement_of_a_team_is_known_by_its_form_alone(tmp_path):
    (tmp_path / "waivers.toml").write_text(WHOLE.replace("ORS-0301", "ACME-0101"))
    assert load_waivers([tmp_path / "waivers.toml"]).entries[0].requirement == "ACME-0101"
