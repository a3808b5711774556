# SPDX-License-Identifier: Apache-2.0
"""Any two configurations: their differences lead from one to the other, and each has exactly one class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Configuration
from orsgate.estate.items import Key, Value, items_of
from orsgate.estate.judgement import Outcome
from orsgate.rules.classify import classify
from orsgate.rules.compared import compare_configurations
from orsgate.rules.planned import Sort
from orsgate.rules.taking_back import taking_back
from orsgate.rules.unplanned import described, only_planned_changes
from tests import make
from tests.faults.baselines import as_it_is
from tests.rules.configurations import CONFIGURATIONS

DECISIONS = st.fixed_dictionaries(
    {
        "persistence": st.sampled_from([None, "cassandra", "redis", "none"]),
        "multimedia": st.sampled_from([None, True, False]),
        "to_release": st.sampled_from(["8.1.4", "8.1.400.27", "8.1.400.64"]),
    }
)
FILES = st.sampled_from(
    [{}, {"planned_change": [{"application": "ORS_*", "item": "cluster"}]}, {"scope": {"clusters": ["ORS_Cluster"]}}]
)
MANY = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def estate_of(configuration: Configuration, decisions: dict[str, Any], file: dict[str, Any]) -> Estate:
    made = make.estate(configuration.applications, configuration.clusters, file=file, **decisions)
    return Estate(replace(made.snapshot, configuration=configuration), "deployment")


@pytest.mark.slow
@MANY
@given(CONFIGURATIONS, CONFIGURATIONS)
def test_differences_lead_from_one_to_the_other(before, after):
    found = compare_configurations(before, after)
    one, other = items_of(before), items_of(after)
    reached: dict[Key, Value] = dict(one.values)
    for difference in found.found:
        assert (difference.before.value if difference.before else None) == _value(one.values, difference.key)
        assert (difference.after.value if difference.after else None) == _value(other.values, difference.key)
        if difference.after is None:
            del reached[difference.key]
        else:
            reached[difference.key] = difference.after
    open_ = {(each.object, each.aspect) for each in found.not_compared} | {
        key for items in (one, other) for key in items.unknown
    }  # fmt: skip
    hidden = {each.object for each in found.not_compared if each.aspect in {"application", "transaction"}}

    def known(items: Mapping[Key, Value]) -> dict[Key, object]:
        return {
            key: value.value
            for key, value in items.items()
            if (key.object, key.aspect) not in open_ and key.object not in hidden
        }  # fmt: skip

    assert known(reached) == known(other.values)


def _value(values: Mapping[Key, Value], key: Key) -> object:
    return values[key].value if key in values else None


@pytest.mark.slow
@MANY
@given(CONFIGURATIONS, CONFIGURATIONS, DECISIONS, FILES)
def test_each_difference_has_exactly_one_class(before, after, decisions, file):
    estate = estate_of(after, decisions, file)
    found = compare_configurations(before, after).found
    result = classify(before, make.ring(), estate, found)
    assert [each.difference for each in result.classified] == list(found)
    for each in result.classified:
        assert isinstance(each.of.sort, Sort)
        assert bool(each.of.asked_by) is (each.of.sort in {Sort.PLANNED, Sort.INSTALLATION})
        assert (each.of.unknown is not None) is (each.of.sort is Sort.OPEN)
        assert taking_back(each.difference).endswith(".")
        assert described(each.difference)


@pytest.mark.slow
@MANY
@given(CONFIGURATIONS, DECISIONS)
def test_what_did_not_change_never_fails(configuration, decisions):
    estate = estate_of(configuration, decisions, {})
    judged = only_planned_changes(Estate(as_it_is(estate.snapshot), "deployment"))
    assert judged.violations == ()
    assert judged.outcome in {Outcome.PASS, Outcome.BLOCKED, Outcome.ERROR}


def test_nothing_in_scope_is_no_pass():
    estate = make.estate((), ())
    assert only_planned_changes(Estate(as_it_is(estate.snapshot), "deployment")).outcome is Outcome.ERROR
