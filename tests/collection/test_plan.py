# SPDX-License-Identifier: Apache-2.0
"""A plan is judged over the real inventory: its options count, and what it lacks is not known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from unittest import mock

import pytest

from orsgate.collection import cassandra
from orsgate.collection.collect import collect
from orsgate.collection.plan import plan_files, planned
from orsgate.estate.export import Export
from orsgate.estate.file import load_estate_file
from orsgate.estate.inventory import Configuration
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.mistakes import InputError
from orsgate.estate.ring import Ring
from orsgate.estate.secret import Redactor, Secret
from orsgate.estate.snapshot import PARTS, Snapshot
from tests import make
from tests.faults.workshop import Workshop, healthy_ring, judged, open_workshop, put


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """An estate before step 2, and a plan beside it that is the estate after step 8."""
    made = open_workshop(tmp_path / "estate")
    (made.directory / "exports").rename(tmp_path / "plan")
    rollback = {path.stem: path.read_bytes() for path in (made.directory / "rollback").iterdir()}
    for path in (tmp_path / "plan").iterdir():
        made.write(f"exports/{path.name}", rollback.get(path.stem, rollback["ORS_A1"] + b"; new\n"))
    return made


def snapshot_of(workshop: Workshop, plan: Path | None) -> Snapshot:
    loaded = load_estate_file(workshop.path("estate.toml"))

    def found(*_: object, **__: object) -> Ring:
        return healthy_ring()

    with mock.patch.object(cassandra, "read_from", found):
        return collect(loaded, PARTS, plan=plan_files(plan) if plan else None)


def options(snapshot: Snapshot, name: str) -> Export | Unknown | None:
    assert isinstance(snapshot.configuration, Configuration)
    return next(each.options for each in snapshot.configuration.applications if each.name == name)


@pytest.mark.slow
def test_the_plan_is_go_where_the_estate_is_not(workshop: Workshop, tmp_path: Path) -> None:
    now = judged(snapshot_of(workshop, None), "readiness")
    then = snapshot_of(workshop, tmp_path / "plan")
    assert now.verdict == "no_go"
    assert now.outcomes["ORS-0203"] == "fail"
    assert then.plan == str(tmp_path / "plan")
    after = judged(then, "readiness")
    assert (after.verdict, after.outcomes["ORS-0203"]) == ("go", "pass")


def test_the_ring_is_found_by_the_planned_options(workshop: Workshop, tmp_path: Path) -> None:
    text = workshop.read("estate.toml")
    workshop.write("estate.toml", text[: text.index("[cassandra]")])
    seeds: list[tuple[str, int]] = []

    def found(nodes: cassandra.Reached, _observer: object) -> Ring:
        seeds.extend((target.host, target.port) for target in nodes.targets)
        return healthy_ring()

    with mock.patch.object(cassandra, "read_from", found):
        collect(load_estate_file(workshop.path("estate.toml")), PARTS, plan=plan_files(tmp_path / "plan"))
    assert ("127.0.1.1", 9160) in seeds


def test_what_the_plan_lacks_is_not_known(workshop: Workshop, tmp_path: Path) -> None:
    (tmp_path / "plan" / "ORS_A1.cfg").unlink()
    found = options(snapshot_of(workshop, tmp_path / "plan"), "ORS_A1")
    assert found == Unknown(f"the plan {tmp_path / 'plan'} holds no export of ORS_A1", str(tmp_path / "plan"), Failure.MISSING)
    assert judged(snapshot_of(workshop, tmp_path / "plan"), "readiness").verdict == "inconclusive"


def test_what_is_out_of_scope_needs_no_plan(workshop: Workshop, tmp_path: Path) -> None:
    exclude = '\n[scope]\nexclude = [{ application = "ORS_B1*", reason = "later" }]\n'
    workshop.write("estate.toml", workshop.read("estate.toml") + exclude)
    (tmp_path / "plan" / "ORS_B1.cfg").unlink()
    assert isinstance(options(snapshot_of(workshop, tmp_path / "plan"), "ORS_B1"), Export)


def test_a_planned_export_for_nothing_that_is_there_is_noted(workshop: Workshop, tmp_path: Path) -> None:
    (tmp_path / "plan" / "ORS_C1_B.cfg").write_bytes(b"[x]\na=1\n")
    (tmp_path / "plan" / "ors_a1.conf").write_bytes(b"[x]\na=1\n")
    (tmp_path / "plan" / "changes.txt").write_bytes(b"not an export")
    result = judged(snapshot_of(workshop, tmp_path / "plan"), "readiness").results["ORS-0105"]
    assert result.outcome == "pass"
    (note,) = (note for note in result.judgement.notes if "plan" in note)
    for words in ('"ORS_C1_B"', '"ors_a1"; did you mean "ORS_A1"?', "may still be to be created"):
        assert words in note
    assert '"ORS_C1_B"; did' not in note  # it is named nearly as others are, and those have their files
    assert "changes" not in note


def test_a_planned_annex_of_a_cluster(workshop: Workshop, tmp_path: Path) -> None:
    annex = "[cluster]\nORS_A1=DC1\nORS_A2=DC1\n#ORS_B1=DC2\n[orchestration]\nmcr-pull-limit=7\n"
    (tmp_path / "plan" / "clusters").mkdir()
    (tmp_path / "plan" / "clusters" / "ORS_Cluster.cfg").write_bytes(annex.encode())
    (tmp_path / "plan" / "clusters" / "Other.cfg").write_bytes(b"[cluster]\nORS_A1=\n")
    snapshot = snapshot_of(workshop, tmp_path / "plan")
    assert isinstance(snapshot.configuration, Configuration)
    (cluster,) = snapshot.configuration.clusters
    assert [(member.application, member.datacenter, member.enabled) for member in cluster.members or ()] == [
        ("ORS_A1", "DC1", True), ("ORS_A2", "DC1", True), ("ORS_B1", "DC2", False),
    ]  # fmt: skip
    assert isinstance(cluster.shared, Export)
    assert cluster.shared.content() == {("orchestration", "mcr-pull-limit"): "7"}
    assert any('"Other"' in remark and "cluster Transaction" in remark for remark in snapshot.configuration.remarks)
    found = judged(snapshot, "readiness")
    assert found.outcomes["ORS-0402"] == "fail"
    assert [violation.subject for violation in found.results["ORS-0402"].violations] == ["ORS_B1"]


def test_two_files_for_one_application(workshop: Workshop, tmp_path: Path) -> None:
    (tmp_path / "plan" / "ORS_A1.conf").write_bytes(b"[x]\na=1\n")
    found = options(snapshot_of(workshop, tmp_path / "plan"), "ORS_A1")
    assert isinstance(found, Unknown)
    assert "is there twice" in found.cause


def test_alike_planned_files_and_drift_from_an_export_are_no_findings(workshop: Workshop, tmp_path: Path) -> None:
    plan = tmp_path / "plan"
    (plan / "ORS_A2.cfg").write_bytes((plan / "ORS_A1.cfg").read_bytes())
    snapshot = snapshot_of(workshop, plan)
    read = snapshot.configuration
    assert isinstance(read, Configuration)
    live = replace(
        read, source="gax", applications=tuple(replace(each, exported=make.export()) for each in read.applications)
    )  # fmt: skip
    found = judged(replace(snapshot, configuration=live), "readiness")
    assert found.outcomes["ORS-0108"] == "pass"
    assert found.results["ORS-0104"].reason == f"the options that are judged are those of the plan {plan}"


@pytest.mark.slow
def test_a_fault_in_the_plan_is_found(workshop: Workshop, tmp_path: Path) -> None:
    put("../plan/ORS_B1.cfg", "orchestration/get-list-item-by-urs", "true")(workshop)
    put("../plan/ORS_B1_B.cfg", "orchestration/get-list-item-by-urs", "true")(workshop)
    found = judged(snapshot_of(workshop, tmp_path / "plan"), "readiness")
    failed = {name for name, result in found.results.items() if result.outcome == "fail" and result.planned.severity != "advice"}
    assert failed == {"ORS-0203"}
    assert str(tmp_path / "plan" / "ORS_B1.cfg") in found.results["ORS-0203"].violations[0].where


def test_secrets_in_a_plan_are_redacted(tmp_path: Path) -> None:
    (tmp_path / "ORS_1.cfg").write_bytes(b"[custom]\npassword=Geheim\n")
    found = planned(make.estate().configuration, ["ORS_1"], plan_files(tmp_path), Redactor())
    export = found.applications[0].options
    assert isinstance(export, Export)
    assert isinstance(export.content()["custom", "password"], Secret)


def test_a_directory_that_is_no_plan(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file"):
        plan_files(tmp_path / "nowhere")
    with pytest.raises(InputError, match="holds no export of a plan"):
        plan_files(tmp_path)
