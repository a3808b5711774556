# SPDX-License-Identifier: Apache-2.0
"""Steps on options of applications: the general vocabulary, and step 2."""

from __future__ import annotations

import pytest
from pytest_bdd import given, parsers, then

from orsgate.rules import obsolete, options, subjects
from orsgate.rules.subjects import Select
from orsgate.verdict.case import Case


@pytest.fixture(name="chosen")
def _everyone() -> Select:
    """Whom a scenario judges that does not say it."""
    return _every_application()


@given("the options of every application in scope", target_fixture="chosen")
def _every_application() -> Select:
    return subjects.every_application


@given("the options of every Primary in scope", target_fixture="chosen")
def _every_primary() -> Select:
    return subjects.every_primary


@given(parsers.parse('the options of the applications "{pattern}"'), target_fixture="chosen")
def _named(pattern: str) -> Select:
    return subjects.named(pattern)


@then(parsers.re(r'none of them sets "(?P<key>[^"]*)"'))
def _none_sets(case: Case, chosen: Select, key: str) -> None:
    case.judge(options.none_sets, chosen, key)


@then(parsers.re(r'each of them sets "(?P<key>[^"]*)"'))
def _sets(case: Case, chosen: Select, key: str) -> None:
    case.judge(options.set_to, chosen, key)


@then(parsers.re(r'each of them sets "(?P<key>[^"]*)" to "(?P<value>[^"]*)"'))
def _sets_to(case: Case, chosen: Select, key: str, value: str) -> None:
    case.judge(options.set_to, chosen, key, options.to_value(value))


@then(parsers.re(r'each of them sets "(?P<key>[^"]*)" to one of "(?P<values>[^"]*)"'))
def _sets_to_one_of(case: Case, chosen: Select, key: str, values: str) -> None:
    case.judge(options.set_to, chosen, key, options.to_one_of([value.strip() for value in values.split(",")]))


@then(parsers.re(r'each of them sets "(?P<key>[^"]*)" to a positive integer'))
def _sets_to_positive_integer(case: Case, chosen: Select, key: str) -> None:
    case.judge(options.set_to, chosen, key, options.to_positive_integer())


@then(parsers.re(r'each of them sets "(?P<key>[^"]*)" to a value that matches "(?P<pattern>[^"]*)"'))
def _sets_to_match(case: Case, chosen: Select, key: str, pattern: str) -> None:
    case.judge(options.set_to, chosen, key, options.to_match(pattern))


@then('none of them has a section "cluster"')
def _no_section_cluster(case: Case, chosen: Select) -> None:
    case.judge(obsolete.no_section_cluster, chosen)


@then("none of them has an option that is nearly an obsolete one")
def _no_near_miss(case: Case, chosen: Select) -> None:
    case.judge(obsolete.no_near_miss, chosen)


@then('"functions-by-urs" has the value that "get-list-item-by-urs" had before')
def _carried_over(case: Case, chosen: Select) -> None:
    case.judge(obsolete.carried_over, chosen)
