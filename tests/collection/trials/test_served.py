# SPDX-License-Identifier: Apache-2.0
"""Who answers HTTP: any whole answer counts, and an address that nobody gave is asked for."""

from __future__ import annotations

import _thread
import threading
from dataclasses import replace
from typing import Any

import pytest

from orsgate.collection.trials.served import address_of, ask_all
from orsgate.estate.deployment import Response, Served
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.probes.ors.client import AT_ONCE, OrsClient
from orsgate.wire.deadline import Limits
from tests.collection.trials.scripted import CLOSE, Asked, Said, ScriptedOrs, Site
from tests.make import estate, ors

HIDDEN = Unknown("the Host host-1 is not visible to this account, or deleted", "gax:8080", Failure.DENIED)


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({}, "http://host-ors_1:7210"),
        ({"http": "https://ors-1:7443/"}, "https://ors-1:7443"),
        ({"http": "http://lb/ors1/"}, "http://lb/ors1"),
        ({"host": "2001:db8::1"}, "http://[2001:db8::1]:7210"),
    ],
)
def test_addresses(fields, address):
    assert address_of(ors("ORS_1", **fields)) == address


@pytest.mark.parametrize(
    ("fields", "failure"),
    [
        ({"ports": {"default": 7200}}, Failure.NOT_GIVEN),
        ({"ports": Unknown("it is not given", failure=Failure.NOT_GIVEN)}, Failure.NOT_GIVEN),
        ({"host": Unknown("it is not given", failure=Failure.NOT_GIVEN)}, Failure.NOT_GIVEN),
        ({"host": HIDDEN}, Failure.DENIED),
    ],
)
def test_an_address_that_is_not_known_says_what_to_write(fields, failure):
    unknown = address_of(ors("ORS_1", **fields))
    assert isinstance(unknown, Unknown)
    assert unknown.failure is failure
    assert failure is Failure.DENIED or 'write http = "http://HOST:PORT"' in unknown.cause
    assert unknown.where == ("gax:8080" if failure is Failure.DENIED else "estate.toml:10")


def asked(applications: Any, limits: Limits | None = None, **file: Any) -> dict[str, Served]:
    client = OrsClient(limits or Limits(call=1.0, connect=1.0))
    try:
        return {each.application: each for each in ask_all(estate(tuple(applications), (), file=file), client)}
    finally:
        client.close()


@pytest.mark.slow
def test_every_application_in_scope_is_asked_once(nowhere):
    node = ScriptedOrs(Site())
    node.lies["help"] = lambda _: Said(200, b"help")
    old = ScriptedOrs(Site())
    broken = ScriptedOrs(Site())
    broken.lies["help"] = lambda _: CLOSE
    applications = (
        ors("ORS_1", http=node.url), ors("ORS_2", http=old.url), ors("ORS_3", http=broken.url), ors("ORS_4", http=f"http://{nowhere}"),
        ors("ORS_5", ports={}), ors("ORS_6"), ors("ORS_7", http=node.url, enabled=False),
        replace(ors("SIP", http=node.url), type="SIP Server"),
    )  # fmt: skip
    found = asked(applications, application=[{"name": "ORS_6", "http": False}])
    assert list(found) == ["ORS_1", "ORS_2", "ORS_3", "ORS_4", "ORS_5", "ORS_6"]
    assert [each.answer.status for each in found.values() if isinstance(each.answer, Response)] == [200, 404]
    failures = [each.answer.failure for each in found.values() if isinstance(each.answer, Unknown)]
    assert failures == [Failure.CLOSED, Failure.REFUSED, Failure.NOT_GIVEN, Failure.NOT_GIVEN]
    assert [each.url for each in found.values()][4:] == ["", ""]
    unknown = found["ORS_6"].answer
    assert isinstance(unknown, Unknown)
    assert "http = false" in unknown.cause
    assert [each.path for each in node.asked] == ["/ors/help"]
    for each in (node, old, broken):
        each.close()


@pytest.mark.slow
def test_no_more_than_a_bounded_number_is_asked_at_the_same_time():
    node, now, most = ScriptedOrs(Site()), [0], [0]

    def counted(_: Asked) -> None:
        with node.site.lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        node.held.wait(0.05)
        with node.site.lock:
            now[0] -= 1

    node.lies["help"] = counted
    found = asked([ors(f"ORS_{number}", http=node.url) for number in range(50)], Limits(call=10.0))
    node.close()
    assert all(isinstance(each.answer, Response) for each in found.values())
    assert 1 < most[0] <= AT_ONCE


@pytest.mark.slow
def test_an_interruption_ends_it_at_once():
    node = ScriptedOrs(Site())
    interrupted = threading.Event()

    def hang(_: Asked) -> Said:
        if not interrupted.is_set():
            interrupted.set()
            _thread.interrupt_main()
        node.held.wait(20)
        return CLOSE

    node.lies["help"] = hang
    with pytest.raises(KeyboardInterrupt):
        asked([ors(f"ORS_{number}", http=node.url) for number in range(40)], Limits(call=30.0))
    assert len(node.asked) <= AT_ONCE
    node.close()
