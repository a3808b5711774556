# SPDX-License-Identifier: Apache-2.0
"""Nothing that a twin can be told is left out of the deployments that are tried, and there are as many as were promised."""

from __future__ import annotations

from collections import Counter

from orsgate.sandbox.twins.ors_lies import BROKEN, HARMLESS
from tests.acceptance.deployments import failover_lies, harmless, serving_lies, session_lies
from tests.acceptance.deployments.case import Case

TRIED = (*serving_lies.CASES, *session_lies.CASES, *failover_lies.CASES)
SOUND = (*harmless.CASES, *harmless.VARIANTS)


def kinds(cases: tuple[Case, ...]) -> set[type]:
    return {type(lie) for case in cases for lies in case.lies.values() for lie in lies}


def test_every_way_to_be_broken_is_tried():
    assert {type(lie) for lie in BROKEN} - kinds(TRIED) == set()


def test_every_way_to_be_different_is_tried():
    assert {type(lie) for lie in HARMLESS} - kinds(SOUND) == set()


def test_there_are_as_many_as_were_promised():
    assert len(TRIED) >= 50
    assert len(SOUND) >= 20
    names = Counter(case.name for case in (*serving_lies.CASES, *session_lies.CASES))
    assert [name for name, count in names.items() if count > 1] == []


def test_none_that_is_broken_is_expected_to_change_nothing():
    assert [case.name for case in TRIED if not case.expected] == []


def test_only_warnings_let_a_broken_one_be_go():
    """Where a blocker is concerned, none that is broken reads GO."""
    assert [case.name for case in TRIED if case.verdict == "go"] == []
