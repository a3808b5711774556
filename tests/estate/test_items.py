# SPDX-License-Identifier: Apache-2.0
"""A configuration as items: its fingerprint covers what must stay as it is, and differences name every item."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orsgate.estate.differences import differences
from orsgate.estate.inventory import Configuration
from orsgate.estate.items import Aspect, Key, fingerprint, items_of
from orsgate.estate.knowledge import Unknown
from tests import make


def configuration(**fields: Any) -> Configuration:
    estate = make.estate((*make.pair("ORS_1"), *make.SERVERS))
    return replace(estate.configuration, **fields)


def with_primary(**fields: Any) -> Configuration:
    found = configuration()
    return replace(found, applications=make.changed(found.applications, "ORS_1", **fields))


COVERED = {
    "an option": with_primary(options=make.export(make.HEALTHY_OPTIONS.replace("=500", "=400"))),
    "an option more": with_primary(options=make.export(make.HEALTHY_OPTIONS + "more=1\n")),
    "a disabled option": with_primary(options=make.export(make.HEALTHY_OPTIONS.replace("mcr-pull-limit", "#mcr-pull-limit"))),
    "the Annex": with_primary(annex=make.export("[a]\nb=1\n")),
    "a connection": with_primary(connections=("SIP_1", "URS_1")),
    "a tenant": with_primary(tenants=("Other",)),
    "the redundancy type": with_primary(redundancy="none"),
    "the Backup": with_primary(backup=None),
    "a member": configuration(clusters=(make.cluster(members={"ORS_1": "DC2"}),)),
    "a shared option": configuration(clusters=(make.cluster(shared=make.export("[orchestration]\na=1\n")),)),
    "no cluster": configuration(clusters=()),
    "options that are not known": with_primary(options=Unknown("they are not to be had")),
}
NOT_COVERED = {
    "the version": with_primary(version="8.1.400.27"),
    "the arguments": with_primary(arguments="-app ORS_1"),
    "the host": with_primary(host="other"),
    "the order of connections": with_primary(connections=("IXN_1", "URS_1", "SIP_1")),
}


@pytest.mark.parametrize("name", COVERED)
def test_the_fingerprint_covers(name):
    assert fingerprint(items_of(COVERED[name])) != fingerprint(items_of(configuration()))


@pytest.mark.parametrize("name", NOT_COVERED)
def test_the_fingerprint_does_not_cover(name):
    assert fingerprint(items_of(NOT_COVERED[name])) == fingerprint(items_of(configuration()))


def test_differences_name_what_was_and_what_is():
    changed = with_primary(options=make.export(make.HEALTHY_OPTIONS.replace("mcr-pull-limit=500", "new=1")))
    found = {each.key: each.sort for each in differences(items_of(configuration()), items_of(changed)).found}
    assert found == {
        Key("ORS_1", Aspect.OPTION, "orchestration/mcr-pull-limit"): "removed",
        Key("ORS_1", Aspect.OPTION, "orchestration/new"): "added",
    }


def test_what_is_not_known_is_no_difference():
    unknown = Unknown("they are not to be had")
    found = differences(items_of(configuration()), items_of(with_primary(options=unknown)))
    assert found.found == ()
    assert found.unknown == {("ORS_1", Aspect.OPTION): unknown}
