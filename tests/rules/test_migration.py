# SPDX-License-Identifier: Apache-2.0
"""Step 9, before it: the procedure, its path and its cost."""

from __future__ import annotations

from typing import Any

import pytest

from orsgate.estate.inventory import Application
from orsgate.estate.judgement import Judgement, Outcome
from orsgate.estate.knowledge import Basis, Unknown
from orsgate.rules import migration
from tests import make

HIDDEN = Unknown("its version is not given")
PLAIN = make.export("[log]\nverbose=standard\n")


def undecided(**fields: Any) -> tuple[Application, ...]:
    return (make.ors("ORS_1", PLAIN, rollback=None, **fields), *make.SERVERS)


class TestPathFits:  # ORS-0903
    def judged(self, *args: Any, **keys: Any) -> Judgement:
        return migration.path_fits(make.estate(*args, **keys))

    def test_the_standard_path_fits_everything(self) -> None:
        judgement = self.judged(undecided(), persistence=None, from_release="8.1.300.40")
        assert (judgement.outcome, judgement.basis) == (Outcome.PASS, Basis.OBSERVED)

    @pytest.mark.parametrize("release", ["8.1.3", "8.1.300.00", "8.1.400.20"])
    def test_zero_loss_from_813_with_persistence(self, release: str) -> None:
        judgement = self.judged(path="zero-loss", from_release=release)
        assert (judgement.outcome, judgement.basis) == (Outcome.PASS, Basis.DECLARED)

    def test_zero_loss_from_812_and_without_persistence_are_two_violations(self) -> None:
        judgement = self.judged(path="zero-loss", persistence="none")
        assert len(judgement.violations) == 2

    def test_zero_loss_with_persistence_undecided_blocks(self) -> None:
        judgement = self.judged(undecided(), path="zero-loss", persistence=None, from_release="8.1.300.40")
        assert (judgement.outcome, judgement.violations) == (Outcome.BLOCKED, ())


class TestSessionLoss:  # ORS-0907
    def judged(self, *args: Any, **keys: Any) -> Judgement:
        return migration.session_loss_is_accepted(make.estate(*args, **keys))

    def test_a_named_person_attests(self) -> None:
        judgement = self.judged()
        assert (judgement.outcome, judgement.basis) == (Outcome.PASS, Basis.ATTESTED)
        assert judgement.evidence[0].text == "R. Example accepted the loss of the active sessions"

    def test_nobody_is_named(self) -> None:
        assert self.judged(session_loss_accepted_by=None).outcome is Outcome.MANUAL

    def test_it_does_not_apply_without_loss_or_without_persistence(self) -> None:
        assert self.judged(path="zero-loss").outcome is Outcome.NOT_APPLICABLE
        judgement = self.judged(persistence="none", session_loss_accepted_by=None)
        assert (judgement.outcome, judgement.basis) == (Outcome.NOT_APPLICABLE, Basis.DECLARED)

    def test_persistence_undecided_blocks(self) -> None:
        judgement = self.judged(undecided(), persistence=None, from_release="8.1.300.40")
        assert judgement.outcome is Outcome.BLOCKED


class TestProcedureApplies:  # ORS-0908
    def judged(self, name: str = "ORS_1", *, fields: dict[str, Any] | None = None, **keys: Any) -> Judgement:
        applications = (*make.pair("ORS_1"), *make.pair("ORS_2"), *make.SERVERS)
        return migration.procedure_applies(make.estate(make.changed(applications, name, **(fields or {})), **keys))

    def test_passes_with_evidence_for_every_application(self) -> None:
        judgement = self.judged()
        assert (judgement.outcome, judgement.basis, judgement.notes) == (Outcome.PASS, Basis.DECLARED, ())
        assert {item.subject for item in judgement.evidence} >= {"Made up", "ORS_1", "ORS_1_B", "ORS_2", "ORS_2_B"}

    @pytest.mark.parametrize("release", ["8.1.100.10", "8.1.400.20", "8.0.300.01", "7.6.3"])
    def test_another_release_to_start_from(self, release: str) -> None:
        violations = self.judged(from_release=release).violations
        assert [item.subject for item in violations] == ["Made up", "ORS_1", "ORS_1_B", "ORS_2", "ORS_2_B"]

    def test_another_release_to_lead_to(self) -> None:
        [violation] = self.judged(to_release="8.1.300.60").violations
        assert violation.found == 'to_release = "8.1.300.60"'

    @pytest.mark.parametrize("version", ["8.1.300.40", "8.1.400.27", "8.1.100.01", "latest", ""])
    def test_a_primary_of_another_release_or_of_none(self, version: str) -> None:
        [violation] = self.judged(fields={"version": version}).violations
        assert violation.subject == "ORS_1"

    @pytest.mark.parametrize("version", ["8.1.4", "8.1.400.27", "8.1.2", "8.1.200.50"])
    def test_a_backup_may_have_either_release(self, version: str) -> None:
        assert self.judged("ORS_1_B", fields={"version": version}).outcome is Outcome.PASS

    def test_a_backup_of_a_third_release(self) -> None:
        assert self.judged("ORS_1_B", fields={"version": "8.1.300.40"}).outcome is Outcome.FAIL

    def test_another_build_of_the_same_release_is_a_note(self) -> None:
        judgement = self.judged(fields={"version": "8.1.200.41"})
        assert judgement.outcome is Outcome.PASS
        assert judgement.notes == ('from_release is "8.1.200.50", and 8.1.200.41 is the version of ORS_1',)
        assert self.judged(fields={"version": "8.1.2"}).notes == ()

    def test_an_unknown_version_blocks(self) -> None:
        assert self.judged(fields={"version": HIDDEN}).causes == (HIDDEN.cause,)
        not_new = {"version": HIDDEN, "new": False}
        judgement = self.judged("ORS_1_B", fields=not_new, from_release="8.1.2")
        assert judgement.outcome is Outcome.PASS

    def test_an_unknown_version_of_a_new_backup_is_a_note(self) -> None:
        judgement = self.judged("ORS_1_B", fields={"version": HIDDEN})
        assert judgement.outcome is Outcome.PASS
        assert judgement.notes == ("not judged, as new Backups whose version is not known: ORS_1_B",)

    def test_an_unknown_version_of_an_old_backup_blocks(self) -> None:
        fields = {"version": HIDDEN, "new": False}
        applications = tuple(
            make.ors(name, version="8.1.300.40", primary=not name.endswith("_B")) for name in ("ORS_1", "ORS_1_B")
        )
        estate = make.estate(make.changed(applications, "ORS_1_B", **fields), from_release="8.1.300.40")
        assert migration.procedure_applies(estate).causes == (HIDDEN.cause,)

    def test_an_unknown_role_decides_only_where_the_version_is_that_of_the_target(self) -> None:
        role = Unknown("its role is not visible")
        judgement = self.judged(fields={"version": "8.1.400.27", "primary": role})
        assert (judgement.outcome, judgement.causes) == (Outcome.BLOCKED, (role.cause,))
        assert self.judged(fields={"primary": role}).outcome is Outcome.PASS
        assert self.judged(fields={"version": "8.1.300.40", "primary": role}).outcome is Outcome.FAIL
