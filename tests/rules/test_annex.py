# SPDX-License-Identifier: Apache-2.0
"""The members of a cluster in its exported Annex, and evidence of every subject."""

from __future__ import annotations

import pytest

from orsgate.estate.file import load_estate_file
from orsgate.estate.inventory import Cluster, Member
from orsgate.estate.judgement import Findings, Outcome
from orsgate.estate.knowledge import Unknown
from orsgate.estate.secret import Redactor
from orsgate.rules import cluster
from orsgate.sources.files import read_files
from tests import make

ESTATE = """\
[estate]
name = "Made up"
from_release = "8.1.200.50"
to_release = "8.1.400.27"
persistence = "none"

[[application]]
name = "ORS_1"

[[cluster]]
transaction = "ORS_Cluster"
options = "annex.cfg"
"""
LISTED = (Member("ORS_1", "DC1", True, 2, "annex.cfg"), Member("ORS_2", "DC2", True, 3, "annex.cfg"))


def read(directory, annex: str, members: str = "") -> Cluster:
    (directory / "estate.toml").write_text(ESTATE + members, encoding="utf-8")
    (directory / "annex.cfg").write_text(annex, encoding="utf-8")
    [found] = read_files(load_estate_file(directory / "estate.toml"), Redactor()).clusters
    return found


def judged(annex: tuple[Member, ...], text: str = "[cluster]\n"):
    shared = make.export(text, "annex.cfg")
    return cluster.members_are_primaries(make.estate(clusters=(make.cluster(annex_members=annex, shared=shared),)))


def test_members_are_those_of_the_annex_where_the_estate_file_gives_none(tmp_path):
    found = read(tmp_path, "[cluster]\nORS_1=DC1\n#ORS_2=DC2\n[x]\na=1\n")
    assert found.members == found.annex_members
    assert [(member.application, member.datacenter, member.enabled) for member in found.members or ()] == [
        ("ORS_1", "DC1", True), ("ORS_2", "DC2", False),
    ]  # fmt: skip
    assert found.where((found.members or ())[0]) == f"{tmp_path / 'annex.cfg'}:2"


def test_members_of_the_estate_file_stay_beside_those_of_the_annex(tmp_path):
    found = read(tmp_path, "[cluster]\nORS_1=DC1\n", 'members = { ORS_1 = "DC2" }\n')
    assert [member.datacenter for member in found.members or ()] == ["DC2"]
    assert [member.datacenter for member in found.annex_members or ()] == ["DC1"]
    assert read(tmp_path, "[x]\na=1\n").members is None


def test_the_same_members_in_both_pass():
    assert judged(LISTED).outcome is Outcome.PASS
    assert judged((*LISTED, Member("ORS_9", "", False, 4, "annex.cfg"))).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("annex", "found", "where"),
    [
        (
            (LISTED[0], Member("ORS_2", "DC2", False, 3, "annex.cfg")),
            "the exported Annex lists ORS_2 as disabled; the estate file as a member", "annex.cfg:3",
        ),
        (
            (LISTED[0], Member("ORS_2", "DC9", True, 3, "annex.cfg")),
            'the exported Annex gives ORS_2 the data center "DC9"; the estate file "DC2"', "annex.cfg:3",
        ),
        (
            LISTED[:1],
            "the exported Annex does not list ORS_2; the estate file does (estate.toml:81)", "annex.cfg",
        ),
        (
            (*LISTED, Member("ORS_3", "DC1", True, 4, "annex.cfg")),
            "the exported Annex lists ORS_3 as a member; the estate file does not list it", "annex.cfg:4",
        ),
    ],
)  # fmt: skip
def test_each_difference_is_a_violation(annex, found, where):
    [violation] = judged(annex).violations
    assert (violation.subject, violation.found, violation.where) == ("ORS_Cluster", found, where)


def test_a_member_that_a_line_not_understood_may_be_is_not_known():
    assert judged(LISTED[:1], "[cluster]\nORS_1=DC1\nORS_2\n").outcome is Outcome.BLOCKED


def test_an_annex_that_could_not_be_read_leaves_the_members_unknown():
    unread = make.estate(clusters=(make.cluster(members={}, shared=Unknown("not seen")),))
    assert cluster.is_configured(unread).outcome is Outcome.FAIL
    unread = make.estate(clusters=(Cluster("ORS_Cluster", make.cluster().origin, members=None, shared=Unknown("not seen")),))
    assert cluster.is_configured(unread).causes == ("not seen",)
    assert cluster.members_are_primaries(unread).outcome is Outcome.BLOCKED


def test_a_pass_needs_evidence_of_every_subject():
    findings = Findings()
    findings.evidence("ORS_1", "seen", "here")
    findings.subject("ORS_2", "ORS_3")
    judgement = findings.judgement()
    assert judgement.outcome is Outcome.ERROR
    assert judgement.reason == "the rule found nothing wrong and gave no evidence for ORS_2"
