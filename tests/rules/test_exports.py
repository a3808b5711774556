# SPDX-License-Identifier: Apache-2.0
"""Step 1: the exports of options."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orsgate.estate.inventory import Application
from orsgate.estate.judgement import Judgement, Outcome
from orsgate.estate.knowledge import Basis, Failure, Unknown
from orsgate.rules import exports
from tests import make

LOST = Unknown("the rollback export of ORS_1 cannot be read (Permission denied): rollback/ORS_1.cfg", "rollback/ORS_1.cfg")
MISSING = Unknown("the rollback export is not there: rollback/x.cfg", "rollback/x.cfg", Failure.MISSING)
NOT_NAMED = Unknown("the rollback export of ORS_1 is not given", "estate.toml:1", Failure.NOT_GIVEN)
BEFORE = "[orchestration]\nget-list-item-by-urs=true\n"


def healthy(name: str = "ORS_1", **fields: Any) -> tuple[Application, ...]:
    return make.changed((*make.pair("ORS_1"), *make.pair("ORS_2"), *make.SERVERS), name, **fields)


def rollback(text: str, name: str = "ORS_1") -> tuple[Application, ...]:
    return healthy(name, rollback=make.export(text, f"rollback/{name}.cfg"))


class TestRollbackExportsAreThere:  # ORS-0101
    def judged(self, applications: tuple[Application, ...] | None = None, **keys: Any) -> Judgement:
        return exports.rollback_exports_are_there(make.estate(applications, **keys))

    def test_passes_with_evidence_for_every_application(self) -> None:
        judgement = self.judged()
        assert judgement.outcome is Outcome.PASS
        assert {item.subject for item in judgement.evidence} == {"ORS_1", "ORS_1_B", "ORS_2", "ORS_2_B"}
        assert judgement.basis is Basis.DECLARED  # that the Backups are new is declared

    @pytest.mark.parametrize(
        ("fields", "where"),
        [
            ({"rollback": MISSING}, "rollback/x.cfg"),
            ({"rollback": LOST}, "rollback/ORS_1.cfg"),
            ({"rollback": None, "new": True}, "estate.toml:10"),
            ({"rollback": make.export("[a]\nx=1\nrubbish", "rollback/ORS_1.cfg")}, "rollback/ORS_1.cfg:3"),
            ({"rollback": make.export("[a]\n#x=1", "rollback/ORS_1.cfg")}, "rollback/ORS_1.cfg"),
            ({"rollback": make.export("", "rollback/ORS_1.cfg")}, "rollback/ORS_1.cfg"),
        ],
    )
    def test_a_primary_without_a_usable_one(self, fields: dict[str, Any], where: str) -> None:
        [violation] = self.judged(healthy(**fields)).violations
        assert (violation.subject, violation.where) == ("ORS_1", where)

    def test_one_that_was_never_looked_for_says_where_it_should_be(self) -> None:
        [violation] = self.judged(healthy(rollback=None)).violations
        assert "ORS_1.cfg and ORS_1.conf in rollback" in violation.found

    def test_a_duplicate_is_no_matter_here(self) -> None:
        assert self.judged(rollback("[a]\nx=1\nx=1")).outcome is Outcome.PASS

    def test_a_backup_that_is_not_new_needs_one(self) -> None:
        applications = healthy("ORS_1_B", new=False, rollback=MISSING)
        [violation] = self.judged(applications, from_release="8.1.300.40").violations
        assert violation.subject == "ORS_1_B"

    @pytest.mark.parametrize(("new", "from_release"), [(True, "8.1.300.40"), (False, "8.1.200.50")])
    def test_a_backup_without_a_state_before_needs_none(self, new: bool, from_release: str) -> None:  # noqa: FBT001
        applications = healthy("ORS_1_B", new=new, rollback=MISSING)
        assert self.judged(applications, from_release=from_release).outcome is Outcome.PASS

    def test_where_every_backup_has_one_nothing_declared_is_needed(self) -> None:
        applications = healthy("ORS_1_B", new=False, rollback=make.export(BEFORE, "rollback/ORS_1_B.cfg"))
        applications = make.changed(applications, "ORS_2_B", new=False, rollback=make.export(BEFORE, "rollback/ORS_2_B.cfg"))
        assert self.judged(applications, from_release="8.1.300.40").basis is Basis.OBSERVED

    def test_an_unknown_role_decides_only_where_the_export_is_missing(self) -> None:
        role = Unknown("whether it is a Primary is not visible to this account")
        judgement = self.judged(healthy("ORS_1_B", primary=role))
        assert (judgement.outcome, judgement.causes) == (Outcome.BLOCKED, (role.cause,))
        assert self.judged(healthy("ORS_1", primary=role)).outcome is Outcome.PASS


class TestReadBackWhole:  # ORS-0102
    def judged(self, applications: tuple[Application, ...] | None = None, **keys: Any) -> Judgement:
        return exports.exports_read_back_whole(make.estate(applications, **keys))

    def test_passes_with_evidence_of_both_exports(self) -> None:
        judgement = self.judged()
        assert judgement.outcome is Outcome.PASS
        texts = [item.text for item in judgement.evidence if item.subject == "ORS_1"]
        assert [text.partition(":")[0] for text in texts] == ["rollback export", "current export"]

    def test_every_problem_of_every_file_is_named_with_its_line(self) -> None:
        text = "x=1\n[a]\nrubbish\ny=1\ny=2\n[b]\n[a]"
        applications = make.changed(rollback(text), "ORS_2", options=make.export(text, "exports/ORS_2.cfg"))
        judgement = self.judged(applications)
        lines = (1, 3, 5, 7)
        expected = [f"{place}:{line}" for place in ("rollback/ORS_1.cfg", "exports/ORS_2.cfg") for line in lines]
        assert [violation.where for violation in judgement.violations] == expected
        assert judgement.violations[2].found == "rollback export: a/y: set a second time"

    def test_an_export_that_changes_when_written_is_a_violation(self) -> None:
        [violation] = self.judged(healthy(options=replace(make.export(), read_back=False))).violations
        assert "are others" in violation.found

    def test_a_current_export_that_cannot_be_read_blocks(self) -> None:
        assert self.judged(healthy(options=LOST)).causes == (LOST.cause,)
        assert self.judged(healthy(options=None)).causes == ("the current export of ORS_1 is not given",)

    def test_a_rollback_export_that_cannot_be_read_blocks_and_a_missing_one_is_left_out(self) -> None:
        assert self.judged(healthy(rollback=LOST)).causes == (LOST.cause,)
        assert self.judged(healthy(rollback=MISSING)).outcome is Outcome.PASS

    def test_a_backup_that_owes_none_is_not_asked_for_one(self) -> None:
        not_given = Unknown("not given", failure=Failure.NOT_GIVEN)
        assert self.judged(healthy("ORS_1_B", rollback=not_given)).outcome is Outcome.PASS
        assert self.judged(healthy("ORS_1", rollback=not_given)).outcome is Outcome.BLOCKED
        old = healthy("ORS_1_B", rollback=not_given, new=False)
        assert self.judged(old, from_release="8.1.300.40").outcome is Outcome.BLOCKED

    def test_a_file_of_a_new_backup_that_cannot_be_read_blocks_all_the_same(self) -> None:
        assert self.judged(healthy("ORS_1_B", rollback=LOST)).causes == (LOST.cause,)

    def test_live_options_are_no_file_but_an_export_named_besides_is(self) -> None:
        bad = make.export("[a]\nrubbish", "exports/bad.cfg")
        assert self.judged(healthy(options=bad), live=True).outcome is Outcome.PASS
        [violation] = self.judged(healthy(exported=bad), live=True).violations
        assert violation.where == "exports/bad.cfg:2"

    def test_no_export_at_all_is_no_pass(self) -> None:
        applications = tuple(make.ors(f"ORS_{number}", rollback=MISSING) for number in range(2))
        assert self.judged(applications, live=True).outcome is Outcome.BLOCKED


class TestStateBefore:  # ORS-0103
    def judged(self, applications: tuple[Application, ...] | None = None) -> Judgement:
        return exports.rollback_is_the_state_before(make.estate(applications))

    def test_passes_where_all_differ(self) -> None:
        judgement = self.judged()
        assert judgement.outcome is Outcome.PASS
        assert {item.subject for item in judgement.evidence} == {"ORS_1", "ORS_2"}

    def test_one_that_has_the_new_state_already(self) -> None:
        [violation] = self.judged(rollback(make.HEALTHY_OPTIONS + "; a comment is no option")).violations
        assert (violation.subject, violation.where) == ("ORS_1", "rollback/ORS_1.cfg")

    def test_before_any_change_all_are_alike(self) -> None:
        same = make.changed(rollback(make.HEALTHY_OPTIONS), "ORS_2", rollback=make.export())
        assert self.judged(same).outcome is Outcome.PASS

    def test_a_secret_that_changed_is_a_difference(self) -> None:
        text = "[persistence]\npassword={}\n"
        applications = make.changed(rollback(text.format("old")), "ORS_1", options=make.export(text.format("new")))
        assert self.judged(applications).outcome is Outcome.PASS

    @pytest.mark.parametrize(
        "fields",
        [
            {"rollback": LOST},
            {"rollback": NOT_NAMED},
            {"options": LOST},
            {"options": make.export("[a]\nrubbish")},
            {"options": MISSING},
            {"options": None},
        ],
    )
    def test_what_cannot_be_compared_blocks(self, fields: dict[str, Any]) -> None:
        assert self.judged(healthy(**fields)).outcome is Outcome.BLOCKED

    def test_what_is_not_there_is_left_out(self) -> None:
        assert self.judged(healthy(rollback=MISSING)).outcome is Outcome.PASS
        assert self.judged(healthy("ORS_1_B", rollback=NOT_NAMED)).outcome is Outcome.PASS  # no Backup was there before 8.1.3

    def test_without_any_rollback_export_it_does_not_apply(self) -> None:
        applications = make.changed(healthy(rollback=MISSING), "ORS_2", rollback=None)
        assert self.judged(applications).outcome is Outcome.NOT_APPLICABLE


class TestNoDrift:  # ORS-0104
    def judged(self, applications: tuple[Application, ...], *, live: bool = True) -> Judgement:
        return exports.no_drift(make.estate(applications, live=live))

    def with_export(self, text: str, live: str = "[a]\nx=1\ny=2\n") -> tuple[Application, ...]:
        return healthy(options=make.export(live, "gax:443"), exported=make.export(text, "exports/ORS_1.cfg"))

    def test_files_are_not_compared_with_themselves(self) -> None:
        assert self.judged(self.with_export("[a]\nx=2"), live=False).outcome is Outcome.NOT_APPLICABLE

    def test_without_an_export_besides_it_does_not_apply(self) -> None:
        assert self.judged(healthy()).outcome is Outcome.NOT_APPLICABLE

    def test_the_same_options_in_another_order_agree(self) -> None:
        judgement = self.judged(self.with_export("; other bytes\n[a]\ny=2\nx=1\n#z=3\n[b]\n"))
        assert (judgement.outcome, judgement.subjects) == (Outcome.PASS, ("ORS_1",))

    def test_every_difference_in_both_directions(self) -> None:
        judgement = self.judged(self.with_export("[a]\nx=9\nz=3\n"))
        assert [(violation.found, violation.expected) for violation in judgement.violations] == [
            ("a/x = 1 live", "a/x = 9 in the export"),
            ("a/y = 2 live", "a/y is not set in the export"),
            ("a/z is not set live", "a/z = 3 in the export"),
        ]
        assert judgement.violations[2].where == "exports/ORS_1.cfg:3"

    def test_blanks_that_no_file_can_hold_are_no_drift(self) -> None:
        applications = self.with_export("[a]\nx=1\n")
        export = make.export("[a]\nx=1\n", "gax:443")
        [section] = export.sections
        padded = replace(export, sections=(replace(section, options=(replace(section.options[0], name="x ", value=" 1"),)),))
        assert self.judged(make.changed(applications, "ORS_1", options=padded)).outcome is Outcome.PASS

    def test_a_line_not_understood_may_be_the_option_that_seems_missing(self) -> None:
        judgement = self.judged(self.with_export("[a]\nx=9\nrubbish\n"))
        assert [violation.found for violation in judgement.violations] == ["a/x = 1 live"]
        assert judgement.gaps
        judgement = self.judged(self.with_export("[a]\nx=9\ny=2\n", live="[a]\nx=1\nrubbish\n"))
        assert [violation.found for violation in judgement.violations] == ["a/x = 1 live"]

    @pytest.mark.parametrize("side", ["options", "exported"])
    def test_an_unknown_side_blocks(self, side: str) -> None:
        applications = make.changed(self.with_export("[a]\nx=1\ny=2\n"), "ORS_1", **{side: LOST})
        judgement = self.judged(applications)
        assert (judgement.outcome, judgement.causes) == (Outcome.BLOCKED, (LOST.cause,))


class TestNoFileSavedTwice:  # ORS-0108
    def judged(self, applications: tuple[Application, ...] | None = None, **keys: Any) -> Judgement:
        return exports.no_file_saved_twice(make.estate(applications, **keys))

    def same(self, *names: str, text: str = "[a]\nx=1\n") -> tuple[Application, ...]:
        applications = healthy()
        for name in names:
            applications = make.changed(applications, name, options=make.export(text, f"exports/{name}.cfg"))
        return applications

    def test_passes_where_all_differ(self) -> None:
        judgement = self.judged()
        assert (judgement.outcome, judgement.basis) == (Outcome.PASS, Basis.OBSERVED)

    def test_one_violation_names_all_that_have_the_same_file(self) -> None:
        [violation] = self.judged(self.same("ORS_1", "ORS_1_B", "ORS_2")).violations
        assert violation.subject == "ORS_1, ORS_1_B, ORS_2"

    def test_a_pair_may_have_the_same(self) -> None:
        judgement = self.judged(self.same("ORS_1", "ORS_1_B"))
        assert (judgement.outcome, judgement.basis) == (Outcome.PASS, Basis.DECLARED)

    def test_the_backup_of_another_pair_may_not(self) -> None:
        assert len(self.judged(self.same("ORS_1", "ORS_2_B")).violations) == 1

    def test_a_current_and_a_rollback_export_may_be_the_same(self) -> None:
        export = make.export("[a]\nx=1\n")
        assert self.judged(healthy(options=export, rollback=export)).outcome is Outcome.PASS

    def test_exports_without_options_are_no_matter_here(self) -> None:
        assert self.judged(self.same("ORS_1", "ORS_2", text="")).outcome is Outcome.PASS

    def test_rollback_exports_are_compared_too(self) -> None:
        applications = make.changed(rollback(BEFORE), "ORS_2", rollback=make.export(BEFORE, "rollback/ORS_2.cfg"))
        [violation] = self.judged(applications).violations
        assert violation.found.startswith("the rollback export of all of them")

    def test_one_that_cannot_be_read_blocks(self) -> None:
        assert self.judged(healthy(options=LOST)).causes == (LOST.cause,)

    def test_with_a_single_application_it_does_not_apply(self) -> None:
        assert self.judged((make.ors("ORS_1"),)).outcome is Outcome.NOT_APPLICABLE

    def test_live_options_have_no_bytes_to_compare(self) -> None:
        live = replace(make.export(), digest="")
        applications = make.changed(healthy(options=live), "ORS_2", options=live)
        assert self.judged(applications, live=True).outcome is Outcome.PASS
