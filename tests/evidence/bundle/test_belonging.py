# SPDX-License-Identifier: Apache-2.0
"""Files that are not of one run are refused in a sentence."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from orsgate.estate.mistakes import InputError
from orsgate.evidence.bundle.archive import pack
from orsgate.evidence.bundle.contents import Given, read_contents
from orsgate.evidence.bundle.dsse import seal
from orsgate.evidence.bundle.making import bundled
from orsgate.evidence.bundle.verifying import Intact, verified
from orsgate.verdict.waiver_file import load_waivers
from tests.evidence.bundle.made import TEAM, Left, findings, left, stated
from tests.evidence.made import key


def refused(files: dict[str, bytes]) -> str:
    """Why files are not bundled; who has the key and another program cannot make a bundle of them that verifies either."""
    with pytest.raises(InputError, match=r"^nothing was packed: ") as caught:
        bundled(files, key())
    said = str(caught.value).removeprefix("nothing was packed: ")
    assert "\n" not in said
    assert f"it was signed, and its files are not of one run: {said}" in findings(pack(seal(stated(files), key()), files))
    return said


def with_results(run: Left, **changed: Any) -> dict[str, bytes]:
    return run.files | {"results.json": json.dumps(json.loads(run.files["results.json"]) | changed).encode()}


def with_results_only(run: Left, **changed: Any) -> dict[str, bytes]:
    return {"results.json": with_results(run, **changed)["results.json"]}


def without(run: Left, *names: str) -> dict[str, bytes]:
    return {name: data for name, data in run.files.items() if not name.startswith(names)}


def test_what_every_bundle_holds(run: Left) -> None:
    """Another program could leave it out."""
    files = without(run, "catalogue.toml")
    assert findings(pack(seal(stated(files), key()), files)) == 'it was signed without "catalogue.toml", and is none of orsgate'
    other = dict(files, **{"results.json": b"{}"}, **{"catalogue.toml": b""})
    found = json.loads(stated(run.files))
    found["subject"] = [
        {"name": name, "digest": {"sha256": hashlib.sha256(data).hexdigest()}} for name, data in sorted(other.items())
    ]
    signed = pack(seal(rfc8785.dumps(found), key()), other)
    assert findings(signed).startswith("it was signed, and is none of orsgate: results.json: is no results.json")


def test_another_catalogue(run: Left) -> None:
    said = refused(run.files | {"catalogue.toml": run.files["catalogue.toml"] + b"\n"})
    assert said.startswith("results.json was made with another catalogue of requirements: bundle it with orsgate ")


def test_results_that_contradict_themselves(run: Left) -> None:
    document = json.loads(run.files["results.json"])
    results, counts = document["results"], document["counts"]
    results[0] |= {"outcome": "blocked"}
    assert results[0]["severity"] == "blocker"
    assert refused(with_results(run, results=results)) == (
        f"results.json contradicts itself: it counts {counts['pass']} pass and holds {counts['pass'] - 1}: "
        "bundle what --json wrote"
    )
    counts |= {"pass": counts["pass"] - 1, "blocked": counts["blocked"] + 1}
    assert refused(with_results(run, results=results, counts=counts)) == (
        "results.json contradicts itself: it says go, and ORS-0101 is blocked: bundle what --json wrote"
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"verdict": "inconclusive", "exit_code": 3}, "it says inconclusive, and in words"),
        ({"interrupted": True}, "it says go, and it was interrupted"),
        ({"selection": ["only step:2"]}, "it says go, and only a selection was judged"),
        ({"errors": [{"where": "harness", "message": "it broke"}]}, "it says go, and there are errors in the run itself"),
        ({"results": [], "counts": {}}, "it says go, and holds no result"),
        ({"exit_code": 1}, "it says go, and the exit code 1"),
    ],
)
def test_results_that_read_better_than_they_are(run: Left, change: dict[str, Any], told: str) -> None:
    assert refused(with_results(run, **change)).startswith(f"results.json contradicts itself: {told}")


def test_a_pass_that_is_none(run: Left) -> None:
    results = json.loads(run.files["results.json"])["results"]
    passed = next(each for each in results if each["outcome"] == "pass")
    passed["violations"] = [{"subject": "ORS_A1", "found": "a", "expected": "b", "where": "c", "fix": "d"}]
    assert refused(with_results(run, results=results)).startswith(
        f"results.json contradicts itself: {passed['id']}: it passed, and has violations"
    )


class TestFeatures:
    def test_changed(self, run: Left) -> None:
        name = "features/01_export.feature"
        assert "other feature files" in refused(run.files | {name: run.files[name] + b"\n"})

    def test_those_of_a_team_that_the_run_had_not(self, run: Left) -> None:
        files = read_contents(replace(run.given, features=TEAM))
        assert "features/team/acme.feature" in files
        assert "with --features DIR exactly where the run had a team's own" in refused(files)

    def test_those_of_a_team_that_the_run_had(self, tmp_path: Path) -> None:
        made = left(tmp_path, team=TEAM)
        found = verified(made.data, key().public_key)
        assert isinstance(found, Intact)
        assert "features/team/acme.feature" in found.subjects
        assert "other feature files" in refused(without(made, "features/team/"))


class TestSnapshot:
    def test_of_another_run(self, run: Left, tmp_path: Path) -> None:
        other = left(tmp_path).files["snapshot.json"]
        assert other != run.files["snapshot.json"]
        assert refused(run.files | {"snapshot.json": other}).startswith(
            "snapshot.json is not the one that results.json was made of"
        )

    def test_that_the_results_do_not_tell(self, run: Left) -> None:
        files = with_results(run)
        told = json.loads(files["results.json"])
        del told["snapshot_sha256"]
        said = refused(files | {"results.json": json.dumps(told).encode()})
        assert said.startswith("results.json does not tell which snapshot was judged")

    def test_that_is_none(self, run: Left) -> None:
        with pytest.raises(InputError, match=r"snapshot\.json is not a snapshot"):
            bundled(run.files | {"snapshot.json": b"{}"}, key())

    def test_left_out(self, run: Left) -> None:
        assert bundled(without(run, "snapshot.json"), key())


ACCEPTED = {
    "requirement": "ORS-0201", "outcome": "fail", "subject": "ORS_1", "reason": "made up", "approver": "A. Person (made up)",
    "risk": "none", "ticket": "CHG-1", "from": "2026-01-31T00:00:00Z", "until": "2026-02-01T00:00:00Z",
}  # fmt: skip


def waiver_file(*entries: dict[str, str]) -> bytes:
    """A waiver file; times stand in it without quotation marks."""
    tables = ("".join(f"{k} = {v if k in ('from', 'until') else json.dumps(v)}\n" for k, v in each.items()) for each in entries)
    return "\n".join(f"[[waiver]]\n{table}" for table in tables).encode()


class TestWaivers:
    def test_used_and_not_given(self, run: Left) -> None:
        files = without(run, "waivers.toml", "report.html") | with_results_only(run, waivers=[ACCEPTED], waiver_files=None)
        assert refused(files).startswith("results.json tells of waivers, and their file is not there: give the file")

    def test_that_are_none(self, run: Left) -> None:
        for data in (b"[", b"\xff", b"a = 1\na = 2\n", b"waiver = 1", b"waiver = [1]"):
            given = {"waivers.toml": data, **with_results_only(run, waiver_files=None)}
            assert refused(without(run, "report.html") | given).startswith("waivers.toml is no TOML with waivers")

    @pytest.mark.parametrize("field", ACCEPTED)
    def test_of_another_run(self, run: Left, field: str) -> None:
        told = ACCEPTED | {"state": "applied", "covered": ["ORS_1"], "problem": "", "where": "w.toml:1"}
        other = "2026-01-31T12:00:00Z" if field in {"from", "until"} else "another"
        files = without(run, "report.html") | with_results_only(run, waivers=[told], waiver_files=None)
        assert bundled(files | {"waivers.toml": waiver_file(ACCEPTED)}, key())
        changed = waiver_file(ACCEPTED | {field: other})
        with pytest.raises(InputError, match=r"of a waiver of \"ORS-0201\" that is not in waivers\.toml as it was then"):
            bundled(files | {"waivers.toml": changed}, key())

    def test_one_that_the_run_was_not_given(self, run: Left) -> None:
        given = {"waivers.toml": waiver_file(ACCEPTED), **with_results_only(run, waiver_files=None)}
        said = refused(without(run, "report.html") | given)
        assert said.startswith('a waiver of "ORS-0201" is in waivers.toml, and results.json does not tell of it')


class TestWaiverFiles:
    """By their digests, which results.json tells; results of the first versions do not, and are tied by their waivers alone."""

    def test_one_that_was_changed_is_named_as_the_run_named_it(self, run: Left) -> None:
        was = run.files["waivers.toml"]
        now = was + b"# another remark\n"
        digests = [hashlib.sha256(data).hexdigest() for data in (was, now)]
        assert refused(run.files | {"waivers.toml": now}) == (
            f"the waiver file w.toml is not as the run was given it, its SHA-256 was {digests[0]}, and that of waivers.toml "
            f"in the bundle is {digests[1]}: give the file as it was then, with --waivers"
        )

    def test_one_that_is_not_there(self, run: Left) -> None:
        assert refused(without(run, "waivers.toml")).startswith("results.json rests on the waiver file w.toml of SHA-256 ")

    def test_one_that_the_run_was_not_given(self, run: Left) -> None:
        said = refused(run.files | {"waivers-2.toml": b"# another\n"})
        assert said == "waivers-2.toml in the bundle is no waiver file that the run was given: leave it out"

    def test_several_in_any_order(self, run: Left, tmp_path: Path) -> None:
        """Of two files with waivers, both are needed, and each has to be as it was."""
        contents = [waiver_file(ACCEPTED), waiver_file(ACCEPTED | {"subject": "ORS_2"})]
        paths = [tmp_path / "team.toml", tmp_path / "change.toml"]
        for path, data in zip(paths, contents, strict=True):
            path.write_bytes(data)
        loaded = load_waivers(paths)
        assert [each.sha256 for each in loaded.files] == [hashlib.sha256(data).hexdigest() for data in contents]
        files = without(run, "report.html", "waivers.toml") | with_results_only(
            run,
            waivers=[ACCEPTED, ACCEPTED | {"subject": "ORS_2"}],
            waiver_files=[{"file": each.path, "sha256": each.sha256} for each in loaded.files],
        )
        given = read_contents(replace(run.given, waivers=(*reversed(paths), paths[0])))
        held = {name: data for name, data in given.items() if name.startswith("waivers")}
        assert list(held) == ["waivers-2.toml", "waivers.toml"]
        assert bundled(files | held, key())
        assert refused(files | {"waivers.toml": contents[1]}).startswith(f"results.json rests on the waiver file {paths[0]} ")
        changed = held | {"waivers.toml": contents[1] + b"# late\n"}
        assert refused(files | changed).startswith(f"the waiver file {paths[1]} is not as the run was given it")

    def test_with_a_byte_order_mark(self, tmp_path: Path) -> None:
        """The digest is what everybody else's tools give of the file."""
        path = tmp_path / "w.toml"
        path.write_bytes(b"\xef\xbb\xbf" + waiver_file(ACCEPTED))
        loaded = load_waivers([path])
        assert [each.requirement for each in loaded.entries] == ["ORS-0201"]
        assert loaded.files[0].sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


class TestRecord:
    def test_it_is_the_one_that_the_run_read(self, run: Left) -> None:
        was = json.loads(run.files["results.json"])["record"]
        assert was["sha256"] == hashlib.sha256(run.files["record.json"]).hexdigest()
        said = refused(run.files | {"record.json": run.files["record.json"].replace(b"go", b"gO")})
        assert said.startswith("the readiness record ")
        assert f"is not as the run read it, its SHA-256 was {was['sha256']}: give the file as it was then, with --record" in said

    def test_left_out(self, run: Left) -> None:
        assert bundled(without(run, "record.json"), key())

    def test_that_the_run_did_not_read(self, run: Left) -> None:
        said = refused(without(run, "report.html") | with_results_only(run, record=None))
        assert said == "results.json tells of no readiness record that the run read whole: leave out --record"

    def test_of_which_the_snapshot_tells_otherwise(self, run: Left) -> None:
        other = run.files["record.json"] + b"\n"
        told = {"file": "record.json", "sha256": hashlib.sha256(other).hexdigest()}
        said = refused(without(run, "report.html") | with_results_only(run, record=told) | {"record.json": other})
        assert said.startswith("results.json contradicts snapshot.json over the SHA-256 of the readiness record")


@pytest.mark.parametrize("change", [{"plan": "exports"}, {"stage": "after stage 1 of 2"}, {"parts": []}])
def test_results_that_hide_what_was_judged(run: Left, change: dict[str, Any]) -> None:
    assert refused(with_results(run, **change)).startswith(
        "results.json tells of another plan, stage or stand-in than snapshot.json: "
    )


def test_the_report_of_another_run(run: Left) -> None:
    for other in (b"", b"<html></html>", run.files["report.html"].replace(b"2026-01-31T01:00:07Z", b"2026-01-31T01:00:08Z")):
        assert other != run.files["report.html"]
        assert refused(run.files | {"report.html": other}).startswith("report.html is the report of another run")


def test_the_report_of_another_run_in_the_same_second(run: Left) -> None:
    files = with_results(run, left_behind=["another run left something behind"])
    assert refused(files).startswith("report.html is the report of another run")


class TestAttestations:
    def test_on_which_the_results_rest(self, run: Left) -> None:
        said = refused(without(run, "attestations/", "snapshot.json"))
        assert said.startswith("ORS-0109 rests on the attestation ")
        assert said.endswith("give the directory that it lies in with --attestations")

    def test_that_the_snapshot_holds(self, run: Left) -> None:
        results = json.loads(run.files["results.json"])["results"]
        for result in results:
            for seen in result["evidence"]:
                seen["where"] = ""
        files = with_results(run, results=results)
        files = {name: data for name, data in files.items() if not name.startswith(("attestations/", "report.html"))}
        assert refused(files).startswith("snapshot.json holds the attestation ")

    def test_of_the_same_name_that_says_another_thing(self, run: Left, tmp_path: Path) -> None:
        name = next(name for name in run.files if name.startswith("attestations/") and not name.endswith("-seen.json"))
        other = left(tmp_path).files
        theirs = next(
            data for each, data in other.items() if each.startswith("attestations/") and not each.endswith("-seen.json")
        )
        assert refused(run.files | {name: theirs})

    def test_changed(self, run: Left) -> None:
        name = next(name for name in run.files if name.startswith("attestations/") and not name.endswith("-seen.json"))
        said = refused(run.files | {name: run.files[name].replace(b"was tried", b"was tries")})
        assert "is no attestation that is whole" in said

    def test_without_their_evidence(self, run: Left) -> None:
        name = next(name for name in run.files if name.endswith("-seen.json"))
        assert "is missing" in refused({each: data for each, data in run.files.items() if each != name})
        assert "was changed since" in refused(run.files | {name: b"another"})

    def test_what_is_none(self, run: Left) -> None:
        for name in ("attestations/notes.txt", "attestations/more.json", "attestations/deep/more.json"):
            assert f'"{name}" is no attestation that is whole' in refused(run.files | {name: b"{}"})


class TestReading:
    @pytest.mark.parametrize("field", ["results", "snapshot", "report", "waivers", "attestations", "record"])
    def test_what_is_not_there(self, run: Left, field: str, tmp_path: Path) -> None:
        named = tmp_path / "none.there"
        changed: dict[str, Any] = {field: (named,) if field == "waivers" else named}
        with pytest.raises(InputError, match=r"none\.there: (it )?cannot be read: No such file"):
            read_contents(replace(run.given, **changed))

    def test_what_is_no_file(self, run: Left, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="is no file"):
            read_contents(replace(run.given, waivers=(tmp_path,)))

    def test_directories_without_what_they_should_hold(self, run: Left, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="holds no attestation"):
            read_contents(replace(run.given, attestations=tmp_path))
        with pytest.raises(InputError, match="holds no feature file"):
            read_contents(replace(run.given, features=tmp_path))

    def test_names_that_are_one_file_elsewhere(self, run: Left, tmp_path: Path) -> None:
        for name in ("a.txt", "A.txt"):
            (tmp_path / name).write_bytes(b"")
        if len(list(tmp_path.iterdir())) == 2:
            with pytest.raises(InputError, match="where letter case does not count"):
                read_contents(replace(run.given, attestations=tmp_path))

    def test_the_results_alone_are_enough(self, run: Left) -> None:
        assert {"results.json", "catalogue.toml"} < read_contents(Given(run.given.results)).keys()
