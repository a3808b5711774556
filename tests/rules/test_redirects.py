# SPDX-License-Identifier: Apache-2.0
"""ORS-1006: another node redirects to the owner of a session."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from orsgate.estate.deployment import Deployment, Redirect, Served
from orsgate.estate.estate import Estate
from orsgate.estate.judgement import Judgement, Outcome
from orsgate.estate.knowledge import Unknown
from orsgate.rules.nodes import nodes
from orsgate.rules.redirects import NO_CLUSTER_OF_TWO, address_of, leads_to_the_owner
from tests import make
from tests.deployments import changed, refusal, response, served, session_id, silence, site, trial, tried, url_of

OWN = "http://host-ors_1:7210"
ASKED = "http://host-ors_2:7210"
PATH = "/scxml/session/x/query"


def with_external(url: str, side: str = "ORS_1", **fields: Any) -> Estate:
    told = {"version": "8.1.400.27"}
    applications = (*make.pair("ORS_1", **told), *make.pair("ORS_2", **told), *make.SERVERS)
    options = f"{make.HEALTHY_OPTIONS}\n[orchestration]\nexternal-url={url}\n"
    return site(applications=make.changed(applications, side, options=make.export(options)), **fields)


def asked(location: str, status: int = 307, estate: Estate | None = None) -> Judgement:
    """What is said of ORS_2, asked for the session of ORS_1."""
    answer = response(ASKED, f"GET {PATH}", status, location=location)
    made = changed(
        estate or site(), tried("ORS_1", lambda found: replace(found, redirects=(Redirect("ORS_2", answer),))),
    )  # fmt: skip
    return leads_to_the_owner(made)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://A.example.com", "http://a.example.com:80"), ("https://a/x?y", "https://a:443"), ("HTTP://a:7210/", "http://a:7210"),
        ("http://[::1]:7210", "http://[::1]:7210"), (" http://a ", "http://a:80"), ("http://user:pw@a", "http://a:80"),
        ("/scxml/x", None), ("//a/x", None), ("a:7210", None), ("ftp://a", None), ("http://", None), ("http://a:x", None),
        ("http://a:99999", None), ("http://[a", None), ("", None), ("javascript:x", None),
    ],
)  # fmt: skip
def test_the_address_of_a_url(url, shown):
    address = address_of(url)
    assert (str(address) if address else None) == shown


@pytest.mark.parametrize(
    "location",
    [f"{OWN}{PATH}", f"http://HOST-ORS_1:7210{PATH}", f"http://host-ors_1.example.com:7210{PATH}", f"{OWN}/anything"],
)
def test_without_external_url_it_is_the_http_address_of_the_owner(location):
    assert asked(location).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("location", "status", "found"),
    [
        (f"{OWN}{PATH}", 302, "ORS_2 answers 302"), ("", 404, "ORS_2 answers 404"),
        ("", 200, "ORS_2 answers 200, as if the session of ORS_1 were its own"),
        ("", 307, "ORS_2 answers 307 without a Location"),
        (PATH, 307, f'ORS_2 answers 307 with the Location "{PATH}", which names no host'),
        (f"{ASKED}{PATH}", 307, f"ORS_2 answers 307 to {ASKED}, which is itself"),
        (f"http://host-ors_1{PATH}", 307, "ORS_2 answers 307 to http://host-ors_1:80"),
        (f"https://host-ors_1:7210{PATH}", 307, "ORS_2 answers 307 to https://host-ors_1:7210"),
        (f"http://third:7210{PATH}", 307, "ORS_2 answers 307 to http://third:7210"),
    ],
)  # fmt: skip
def test_whatever_else_is_a_violation_of_the_owner(location, status, found):
    [violation] = asked(location, status).violations
    assert (violation.subject, violation.found) == ("ORS_1", found)
    assert violation.expected == f"307 with a Location at {OWN}, where ORS_1 is reached"


def test_the_host_of_the_application_is_its_address_too():
    told = {"version": "8.1.400.27"}
    applications = (*make.pair("ORS_1", **told, http="http://10.0.0.9:7210"), *make.pair("ORS_2", **told), *make.SERVERS)
    estate = site(applications=applications)
    assert asked(f"{OWN}{PATH}", estate=estate).outcome is Outcome.PASS
    assert asked(f"http://10.0.0.9:7210{PATH}", estate=estate).outcome is Outcome.PASS
    assert asked(f"http://10.0.0.8:7210{PATH}", estate=estate).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("external", "location", "outcome"),
    [
        ("https://ors.example.com", "https://ORS.example.com:443/a", Outcome.PASS),
        ("https://ors.example.com:443/", "https://ors.example.com/a", Outcome.PASS),
        ("https://ors.example.com", f"{OWN}/a", Outcome.FAIL), ("https://ors.example.com", "https://ors/a", Outcome.FAIL),
        ("ors.example.com:80", "http://ors.example.com/a", Outcome.BLOCKED), ("", f"{OWN}/a", Outcome.PASS),
        ("http://u:p@ors", "http://ors/a", Outcome.BLOCKED),
    ],
)  # fmt: skip
def test_the_external_url_decides_where_it_is_set(external, location, outcome):
    assert asked(location, estate=with_external(external)).outcome is outcome


def test_a_shared_external_url_is_no_way_back_to_itself():
    both = "https://lb.example.com"
    told = {"version": "8.1.400.27"}
    options = f"{make.HEALTHY_OPTIONS}\n[orchestration]\nexternal-url={both}\n"
    applications = (*make.pair("ORS_1", options, **told), *make.pair("ORS_2", options, **told), *make.SERVERS)
    assert leads_to_the_owner(site(applications=applications)).outcome is Outcome.PASS


def test_a_backup_that_serves_is_reached_at_its_own_or_its_primarys_external_url():
    estate = with_external("https://ors.example.com")

    def by_backup(found: Any) -> Any:
        return replace(found, application="ORS_1_B", url="http://host-ors_1_b:7210")

    estate = changed(estate, tried("ORS_1", by_backup))
    assert asked("https://ors.example.com/a", estate=estate).outcome is Outcome.PASS
    plain = changed(site(), tried("ORS_1", by_backup))
    assert asked("http://host-ors_1_b:7210/a", estate=plain).outcome is Outcome.PASS
    assert asked(f"{OWN}/a", estate=plain).outcome is Outcome.FAIL


def test_an_answer_that_was_not_whole_is_a_gap():
    estate = changed(
        site(), tried("ORS_1", lambda found: replace(found, redirects=(Redirect("ORS_2", silence(ASKED)),))),
    )  # fmt: skip
    assert leads_to_the_owner(estate).outcome is Outcome.BLOCKED


def test_a_node_that_was_not_asked_is_named():
    estate = changed(site(), tried("ORS_1", lambda found: replace(found, redirects=())))
    assert leads_to_the_owner(estate).causes == ("these nodes were not asked for the session of ORS_1: ORS_2",)


def test_a_node_that_does_not_serve_cannot_be_asked():
    estate = changed(
        site(), served("ORS_2", refusal), tried("ORS_2", lambda _: None),
        tried("ORS_1", lambda found: replace(found, redirects=())),
    )  # fmt: skip
    judgement = leads_to_the_owner(estate)
    assert judgement.causes == ("no application of ORS_2 / ORS_2_B serves HTTP",)


def test_the_serving_backup_of_another_node_stands_for_that_node():
    def asks_backup(found: Any) -> Any:
        [only] = found.redirects
        return replace(found, redirects=(replace(only, application="ORS_2_B"),))

    assert leads_to_the_owner(changed(site(), tried("ORS_1", asks_backup))).outcome is Outcome.PASS


@pytest.mark.parametrize("members", [{"ORS_1": "DC1"}, {}, {"ORS_1": "DC1", "#ORS_2": "DC1"}])
def test_with_fewer_than_two_nodes_it_does_not_apply(members):
    judgement = leads_to_the_owner(site(clusters=(make.cluster(members=members),)))
    assert judgement.not_applicable == NO_CLUSTER_OF_TWO


def test_members_that_are_not_known_are_a_gap():
    unread = Unknown("the Annex cannot be read")
    judgement = leads_to_the_owner(site(clusters=(make.cluster(members={}, shared=unread, annex_members=()),)))
    assert judgement.outcome is Outcome.BLOCKED


@pytest.mark.slow
def test_a_cluster_of_thousands_that_nobody_asked_is_judged_at_once():
    names = [f"ORS_{number}" for number in range(3000)]
    applications = (*(make.ors(name, Unknown("not read")) for name in names), *make.SERVERS)
    estate = make.estate(applications, (make.cluster(members=dict.fromkeys(names, "DC1")),), phase="deployment")
    facts = Deployment(
        served=tuple(Served(each.name, url_of(each), response(each, "GET /ors/help")) for each in estate.in_scope),
        sessions=tuple(trial(node, number, [], "") for number, node in enumerate(nodes(estate))),
    )
    estate = changed(estate, deployment=facts)
    began = time.process_time()
    judgement = leads_to_the_owner(estate)
    assert time.process_time() - began < 10
    assert len(judgement.gaps) == len(names)


def test_the_status_of_a_redirect_is_evidence():
    judgement = leads_to_the_owner(site())
    [evidence, _] = judgement.evidence
    assert evidence.text.startswith("ORS_2 answers 307, Location http://host-ors_1:7210/scxml/session/")
    assert evidence.where == f"host-ors_2:7210 GET /scxml/session/{session_id(0)}/query"


@pytest.mark.parametrize(
    ("status", "expected"), [(404, Outcome.BLOCKED), (400, Outcome.BLOCKED), (500, Outcome.FAIL), (302, Outcome.FAIL)]
)
def test_a_session_that_its_own_node_does_not_know_can_be_redirected_by_nobody(status, expected):
    unknown = response(OWN, f"GET {PATH}", 404)
    forgotten = changed(site(), tried("ORS_1", lambda found: replace(found, queried=unknown, event=unknown)))
    assert asked("", status, forgotten).outcome is expected
    assert asked("", status).outcome is Outcome.FAIL
