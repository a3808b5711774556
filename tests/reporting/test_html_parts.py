# SPDX-License-Identifier: Apache-2.0
"""Parts of the HTML report: the sentence, root causes, the drawing, the appendix, persons, assets."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from orsgate.estate.estate import Estate
from orsgate.estate.evidence_files import Attestation
from orsgate.estate.judgement import Evidence, Judgement, Violation
from orsgate.estate.knowledge import Basis, Unknown
from orsgate.estate.ring import Ring
from orsgate.reporting.history.reading import run_of
from orsgate.reporting.html import assets
from orsgate.reporting.html.build import build
from orsgate.reporting.html.drawing import MOST_PAIRS, MOST_PANELS
from orsgate.reporting.html.harmless import MOST_LETTERS, Harmless
from orsgate.reporting.html.shapes import fitted
from orsgate.reporting.text import utc
from orsgate.rules.catalogue import STEPS, catalogue
from orsgate.rules.procedure import procedure
from orsgate.verdict.waiver import GivenFile, Waivers
from tests import deployments, make
from tests.reporting import runs

MAY = "8.1.4 may be installed."


def violations(*subjects: str, found: str = "wrong", fix: str = "") -> Judgement:
    return Judgement(violations=tuple(Violation(subject, found, "right", f"{subject}.cfg:1", fix) for subject in subjects))


@pytest.mark.parametrize(
    ("judged", "sentence"),
    [
        ({}, f"GO; every blocker that applies is met on facts that were read; {MAY}"),
        ({"ORS-0101": runs.DECLARED}, f"GO; 1 of 37 blockers rests on declared facts, typed and not read; {MAY}"),
        (
            {"ORS-0101": runs.DECLARED, "ORS-0102": runs.DECLARED, "ORS-0201": replace(runs.PASS, basis=Basis.ATTESTED)},
            "GO; 2 of 37 blockers rest on declared facts, typed and not read; 1 of 37 blockers rests on the word of a person; "
            + MAY,
        ),
        ({"ORS-0103": runs.FAIL, "ORS-0507": runs.FAIL}, f"GO; every blocker that applies is met on facts that were read; {MAY}"),
        (
            {"ORS-0101": violations("A", fix="x"), "ORS-0102": violations("B", fix="x")},
            "NO-GO: 2 of 37 blockers failed, from 1 root cause; 8.1.4 must not be installed yet.",
        ),
        (
            {"ORS-0101": violations("A"), "ORS-0102": runs.BLOCKED, "ORS-0501": runs.MANUAL},
            "NO-GO: 1 of 37 blockers failed, 2 are not proven; 8.1.4 must not be installed yet.",
        ),
        (
            {"ORS-0101": runs.BLOCKED, "ORS-0102": runs.BLOCKED, "ORS-0201": runs.MANUAL},
            "INCONCLUSIVE, which is no GO: 2 of 37 blockers could not be judged; 1 of 37 blockers waits for a person.",
        ),
    ],
)  # fmt: skip
def test_the_sentence_is_for_who_decides(judged, sentence):
    assert build(*runs.run(judged)).sentence == sentence


def test_the_sentence_counts_exceptions():
    waivers = Waivers((runs.waiver("ORS-0201"),))
    report = build(*runs.run({"ORS-0201": runs.FAIL, "ORS-0101": runs.DECLARED}, waivers=waivers))
    assert report.verdict.word == "GO with 1 exception"
    assert report.sentence == f"GO, with 1 exception; 1 of 37 blockers rests on declared facts, typed and not read; {MAY}"


def test_exceptions_that_the_verdict_rests_on_stand_before_the_signature_and_first_among_the_waivers():
    given = (runs.waiver("ORS-0204", approver="B"), runs.waiver("ORS-0201", approver="A"))
    report = build(*runs.run({"ORS-0201": runs.FAIL, "ORS-0204": runs.FAIL}, waivers=Waivers(given)))
    [accepted] = report.exceptions
    assert (accepted.reference.id, accepted.mark.word, accepted.by) == ("ORS-0201", "failed", ("A",))
    assert accepted.until.time == utc(given[1].until)
    assert [each.requirement for each in report.waivers] == ["ORS-0201", "ORS-0204"]


@pytest.mark.parametrize("reserved", ["plan", "stand-ins", "NO-GO", ""])
def test_only_a_go_of_the_real_estate_permits_anything(reserved):
    snapshot = make.estate().snapshot
    if reserved == "plan":
        snapshot = replace(snapshot, plan="planned")
    if reserved == "stand-ins":
        snapshot = replace(snapshot, parts=tuple(replace(part, stand_ins=("a twin",)) for part in snapshot.parts))
    report = build(*runs.run({"ORS-0201": runs.FAIL} if reserved == "NO-GO" else {}, Estate(snapshot)))
    assert report.permits is (not reserved)
    assert report.sentence.endswith(MAY) is (not reserved)


def test_nodes_that_did_not_answer_are_counted_where_the_ring_was_collected():
    def source(*silent: int) -> str:
        nodes = tuple(
            make.node(address, thrift=Unknown("refused", address) if number in silent else "19.36.2")
            for number, address in enumerate(("10.0.0.1", "10.0.0.2"))
        )
        [found] = [
            part.source
            for part in build(*runs.run({}, Estate(replace(make.estate().snapshot, cassandra=Ring(nodes))))).parts
            if part.name == "cassandra"
        ]
        return found

    assert source() == "the estate"
    assert source(1) == "the estate: 1 of 2 nodes answered"
    assert source(0, 1) == "the estate: tried, and not read; 0 of 2 nodes answered"


def test_what_somebody_only_typed_is_never_counted_with_what_passed():
    report = build(*runs.run({"ORS-0101": runs.DECLARED}))
    counted = {count.mark.word: count.number for count in report.counts}
    assert (counted["passed on declared facts"], counted["passed"]) == (1, report.planned - 1)
    shown = {each.reference.id: section.mark for section in report.sections for each in section.requirements}
    assert (shown["ORS-0101"].word, shown["ORS-0102"].word) == ("passed on declared facts", "passed")
    assert [step.mark.word for step in report.steps if step.planned][:2] == ["passed on declared facts", "passed"]
    traced = {
        each.id: mark.word for step in report.trace for text in step.sentences for mark, ids in text.outcomes for each in ids
    }
    assert traced["ORS-0101"] == "passed on declared facts"


def test_the_sentence_of_an_interrupted_run_says_so():
    report = build(*runs.run({}, others=None, interrupted=True))
    assert report.sentence.startswith("INCONCLUSIVE, which is no GO: the run was interrupted; ")


def test_one_remedy_or_one_finding_is_one_root_cause():
    report = build(
        *runs.run({
            "ORS-0101": violations("A", "B", found="one", fix="mend"), "ORS-0102": violations("C", found="two", fix="mend"),
            "ORS-0201": violations("A", found="three", fix="other"), "ORS-0202": violations("A", found="three", fix="another"),
            "ORS-0301": violations("A", found="four", fix="alone"),
        })
    )  # fmt: skip
    found = [(each.fix, [one.reference.id for one in each.requirements], len(each.rows)) for each in report.obstacles]
    assert found == [
        ("mend", ["ORS-0101", "ORS-0102"], 2), ("other another", ["ORS-0201", "ORS-0202"], 1), ("alone", ["ORS-0301"], 1),
    ]  # fmt: skip


def test_advice_and_warnings_are_no_failed_blockers():
    report = build(*runs.run({"ORS-0103": runs.FAIL, "ORS-0507": runs.FAIL}))
    counts = {each.mark.word: each.number for each in report.counts}
    assert (counts["failed"], counts["warning"], counts["advice"]) == (0, 1, 1)
    assert sum(counts.values()) == report.planned
    assert report.obstacles == ()


def test_trouble_is_drawn_where_it_is():
    judged = {"ORS-0305": violations("ORS_1 / ORS_1_B"), "ORS-0103": violations("ORS_2"), "ORS-0501": violations("10.0.0.3")}
    drawing = build(*runs.run(judged)).drawing
    boxes = {box.text: box.mark.word if box.mark else "" for panel in drawing.panels for box in panel.boxes}
    assert boxes == {"ORS_1": "failed", "ORS_1_B": "failed", "ORS_2": "warning", "ORS_2_B": ""}
    dots = {dot.text: (dot.mark.word if dot.mark else "", dot.below) for dot in drawing.panels[-1].dots}
    assert dots == {"10.0.0.1": ("", "DC1"), "10.0.0.2": ("", "DC2"), "10.0.0.3": ("failed", "DC1"), "10.0.0.4": ("", "DC2")}
    assert [(each.mark.word, each.subjects.items, [one.id for one in each.references]) for each in drawing.troubles] == [
        ("failed", ("ORS_1", "ORS_1_B"), ["ORS-0305"]), ("failed", ("10.0.0.3",), ["ORS-0501"]),
        ("warning", ("ORS_2",), ["ORS-0103"]),
    ]  # fmt: skip


def test_what_is_too_much_is_counted_and_trouble_comes_first():
    names = [f"ORS_{number}" for number in range(30)]
    applications = (*(each for name in names for each in make.pair(name)), *make.SERVERS)
    estate = make.estate(applications, (make.cluster(members=dict.fromkeys(names, "DC1")),))
    [panel, _] = build(*runs.run({"ORS-0201": violations("ORS_27")}, estate)).drawing.panels
    assert [box.text for box in panel.boxes] == ["ORS_27", "ORS_27_B", ""]
    assert panel.texts[0].text == "29 more pairs, no trouble found"
    [panel, _] = build(*runs.run({"ORS-0201": violations(*names)}, estate)).drawing.panels
    assert len(panel.boxes) == 2 * (MOST_PAIRS - 1) + 1
    assert panel.texts[0].text == "23 more pairs, 23 of them with trouble"
    clusters = tuple(make.cluster(f"C{number}", {name: "DC1"}) for number, name in enumerate(names))
    drawing = build(*runs.run({"ORS-0201": violations("ORS_29")}, make.estate(applications, clusters))).drawing
    assert (len(drawing.panels), drawing.more) == (MOST_PANELS + 1, 30 - MOST_PANELS)
    assert drawing.panels[0].title == "Cluster C29"


def test_what_was_not_read_is_not_drawn_as_well():
    snapshot = make.estate().snapshot
    [*_, ring] = build(*runs.run({}, Estate(replace(snapshot, cassandra=Unknown("no route"))))).drawing.panels
    assert (ring.said, ring.mark.word if ring.mark else "") == ("the ring was not read", "blocked")
    silent = make.node("10.0.0.1", thrift=Unknown("no answer"))
    [*_, ring] = build(*runs.run({}, make.estate(cassandra=make.ring(silent, make.node("10.0.0.2"))))).drawing.panels
    assert [dot.mark.word if dot.mark else "" for dot in ring.dots] == ["blocked", ""]
    nowhere = Estate(replace(snapshot, configuration=Unknown("GAX did not answer"), cassandra=None))
    assert build(*runs.run({}, nowhere)).drawing.panels == ()


def test_every_sentence_is_traced_to_its_outcomes():
    report = build(*runs.run({"ORS-0201": runs.FAIL}))
    assert [step.number for step in report.trace] == [0, *STEPS]
    sentences = [sentence for step in report.trace for sentence in step.sentences]
    assert [sentence.text for sentence in sentences] == [sentence.text for sentence in procedure()]
    for shown, sentence in zip(sentences, procedure(), strict=True):
        judged = [reference.id for _, references in shown.outcomes for reference in references]
        assert sorted([*judged, *shown.elsewhere]) == list(sentence.requirements)
        assert all("readiness" not in catalogue()[name].phases for name in shown.elsewhere)
    [deleted] = [each for each in sentences if each.text.startswith("Delete option orchestration/mcr-pull-by-msn-only")]
    assert [(mark.word, [one.id for one in references]) for mark, references in deleted.outcomes] == [
        ("failed", ["ORS-0201"]), ("passed", ["ORS-0205"]),
    ]  # fmt: skip


def test_who_attested_what_and_who_has_to():
    given = Attestation(
        "ORS-0109", "A", "saved", runs.STARTED, runs.STARTED + timedelta(days=1), "Made up", "", "a.pdf", "a.json"
    )
    estate = make.estate()
    given = replace(given, estate_name=estate.name, fingerprint=estate.fingerprint)
    others = replace(given, problem="the file was changed"), replace(given, requirement="ORS-0501", fingerprint="of before")
    snapshot = replace(estate.snapshot, attestations=(given, *others))
    report = build(*runs.run({"ORS-0501": runs.MANUAL, "ORS-0907": runs.MANUAL}, Estate(snapshot)))
    assert [(each.mark.word, each.reference.id, each.by) for each in report.statements] == [
        ("to be attested", "ORS-0907", ""), ("attested", "ORS-0109", "A"), ("attested, and does not count", "ORS-0109", "A"),
        ("attested, and does not count", "ORS-0501", "A"),
    ]  # fmt: skip
    assert "(attest anew: the file was changed)" in report.statements[2].text
    assert "changed since it was made)" in report.statements[3].text


def test_waivers_are_named_with_approver_and_expiry():
    late = runs.waiver("ORS-0202", until=runs.STARTED - timedelta(minutes=1), begins=runs.STARTED - timedelta(days=1))
    report = build(*runs.run({"ORS-0201": runs.FAIL}, waivers=Waivers((runs.waiver("ORS-0201"), late))))
    assert [(each.mark.word, each.approver, each.until.time, bool(each.problem)) for each in report.waivers] == [
        ("accepted", "A. Approver (made up)", "2026-01-31T02:00:05Z", False),
        ("does not apply", "A. Approver (made up)", "2026-01-31T00:59:05Z", True),
    ]  # fmt: skip


def test_the_files_of_waivers_and_the_record_are_told_with_their_digests():
    snapshot = make.estate().snapshot
    record = replace(deployments.record(make.estate()), place="record.json", sha256="b" * 64)
    files = (GivenFile("team/waivers.toml", "a" * 64),)
    report = build(*runs.run({}, Estate(replace(snapshot, record=record)), waivers=Waivers((), files=files)))
    told = {fact.label: fact.value for fact in report.provenance}
    assert told["SHA-256 of the waiver file team/waivers.toml"] == "a" * 64
    assert told["SHA-256 of the readiness record record.json"] == "b" * 64


def test_what_changed_since_an_earlier_run():
    earlier = run_of(*runs.run({"ORS-0201": runs.FAIL, "ORS-0202": runs.FAIL}))
    seen = replace(runs.PASS, evidence=(Evidence("ORS_1", "is other", "exports/ORS_1.cfg:3"),))
    report = build(*runs.run({"ORS-0202": runs.FAIL, "ORS-0203": runs.FAIL, "ORS-0301": seen}), earlier)
    assert report.changes is not None
    assert [(mark.word, [each.id for each in found]) for mark, found in report.changes.groups] == [
        ("new", ["ORS-0203"]), ("still open", ["ORS-0202"]), ("fixed", ["ORS-0201"]),
        ("passed then and now, with changed evidence", ["ORS-0301"]),
    ]  # fmt: skip
    assert build(*runs.run({})).changes is None


def test_the_words_and_the_time_of_what_changed_are_those_of_its_sentence():
    earlier = run_of(*runs.run({"ORS-0201": runs.FAIL, "ORS-0202": runs.BLOCKED}))
    found = build(*runs.run({"ORS-0201": runs.FAIL}, waivers=Waivers((runs.waiver("ORS-0201"),))), earlier).changes
    assert found is not None
    assert [mark.word for mark, _ in found.groups] == ["still open", "fixed"]
    assert found.groups[0][1][0].said.items[0] == "failed then, waived now"
    assert found.sentence.endswith(f"since {found.previous}: 1 still open (1 of these waived now), 1 fixed")
    assert found.previous.endswith(" UTC")
    without = build(*runs.run({}), replace(earlier, results=earlier.results[1:])).changes
    assert without is not None
    assert without.sentence.endswith("2 fixed, 1 judged now and not then")


def test_evidence_that_is_alike_stands_once():
    names = ("ORS_1", "ORS_1_B", "ORS_2", "ORS_2_B")
    judgement = Judgement(
        names, evidence=(
            *(Evidence(name, "is set", f"exports/{name}.cfg:4") for name in names),
            Evidence("ORS_1", "named", "estate.toml:7"), Evidence("ORS_2", "named", "estate.toml:9"),
        ),
    )  # fmt: skip
    report = build(*runs.run({"ORS-0201": judgement}))
    [shown] = [one for section in report.sections for one in section.requirements if one.reference.id == "ORS-0201"]
    assert [(each.text, [(one.subjects, one.where) for one in each.places]) for each in shown.evidence] == [
        ("is set", [("all 4 applications", "exports/*.cfg:4")]), ("named", [("ORS_1", "estate.toml:7"), ("ORS_2", ":9")]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("estate", "text", "shown"),
    [
        ("/a/b/estate.toml", "/a/b/exports/1.cfg:3", "exports/1.cfg:3"),
        ("/a/b/estate.toml", 'read "/a/b/x" (/a/b/y)', 'read "x" (y)'),
        ("/a/b/estate.toml", "/z/a/b/x", "/z/a/b/x"),
        ("C:\\a\\estate.toml", "C:\\a\\x.cfg", "x.cfg"),
        ("estate.toml", "/x", "/x"),
        ("./estate.toml", "./x and ../x", "./x and ../x"),
        ("/estate.toml", "/x", "/x"),
    ],
)
def test_paths_beside_the_estate_file_are_short(estate, text, shown):
    assert Harmless(estate)(text) == shown


def test_a_long_value_is_cut_and_says_so():
    assert Harmless()("x" * (MOST_LETTERS + 1_000)).endswith("x [and 1,000 more characters]")


@pytest.mark.parametrize("text", ['"}*{display:none}', "</style>", "\\", "a\nb", "\u202e", "\ud800", "é", "plain-name 1"])
def test_a_string_of_css_holds_only_itself(text):
    assert re.fullmatch(r'"(?:[A-Za-z0-9 ._-]|\\[0-9a-f]+ )*"', assets.quoted(text))


def test_style_sheets_get_smaller_and_stay_the_same():
    css = '/* c */ :root { --ink: #000; --soft: #444; }\na > b { color: var(--ink); content: "Found: "; top: calc(1rem - 4px) }'
    assert assets.smaller(css) == ':root{--a:#000;--b:#444}a>b{color:var(--a);content:"Found: ";top:calc(1rem - 4px)}'


def test_assets_are_ascii():
    assert assets.sheets(*assets.STYLES).isascii()
    assert assets.script().isascii()
    assert "</script" not in assets.script()


@pytest.mark.parametrize(("name", "shown"), [("ORS_1", "ORS_1"), ("ORS_FRANKFURT_0017_B", "ORS_FRA…_0017_B")])
def test_a_long_name_keeps_its_end(name, shown):
    assert fitted(name, 15) == shown
