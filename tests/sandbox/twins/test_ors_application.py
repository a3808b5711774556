# SPDX-License-Identifier: Apache-2.0
"""What an ORS twin reads of its Application object, of a document, and of a call."""

from dataclasses import replace

import pytest

from orsgate.sandbox.errors import UsageError
from orsgate.sandbox.site.edits import installed, option_in_text, with_option
from orsgate.sandbox.site.placing import RingPlace, led_to
from orsgate.sandbox.twins.objects import Tree, TreeApplication, TreeTransaction
from orsgate.sandbox.twins.ors_application import Persistence, ors_application, ors_applications
from orsgate.sandbox.twins.ors_calls import call_of
from orsgate.sandbox.twins.ors_document import Document, DocumentError, parse_document
from orsgate.sandbox.twins.ors_sessions import Session, new_session_id

PRIMARY = TreeApplication(
    1,
    "ORS_1",
    161,
    version="8.1.400.64",
    backup=2,
    redundancy=2,
    options=(
        ("orchestration", (("external-url", " http://lb/x/ "), ("#cookie", "a"))),
        ("#persistence", (("cassandra-nodes", "off"),)),
        ("persistence", (("cassandra-listenport", "9161"),)),
    ),
)
BACKUP = TreeApplication(2, "ORS_1_B", 161, version="8.1.4", primary=False)
SHARED = (
    ("cluster", (("ORS_1", "DC1"), ("#ORS_9", ""))),
    ("persistence", (
        ("cassandra-keyspace-name", "K"), ("cassandra-nodes", "a; b,c"), ("cassandra-listenport", "1"),
        ("cassandra-strategy-class", "NetworkTopologyStrategy"), ("cassandra-strategy-options", "DC1:2; DC2=1"),
    )),
)  # fmt: skip
TREE = Tree((PRIMARY, BACKUP, TreeApplication(3, "SIP", 1)), transactions=(TreeTransaction(9, "Nodes", 21, annex=SHARED),))


def test_a_pair_is_one_node_of_a_cluster_with_its_shared_options() -> None:
    primary, backup = ors_applications(TREE).values()
    assert (primary.node, primary.primary, primary.cluster, primary.port) == (1, True, "Nodes", 7210)
    assert (backup.node, backup.primary, backup.cluster, backup.warm_standby) == (1, False, "Nodes", True)
    assert primary.external_url == "http://lb/x"
    assert primary.persistence == Persistence("K", ("a", "b", "c"), 9161, "NetworkTopologyStrategy", {"DC1": "2", "DC2": "1"})
    assert ("orchestration", "cookie") not in primary.options
    assert not any(section == "cluster" for section, _ in primary.options)


def test_shared_options_count_from_their_build_on() -> None:
    before = replace(TREE, applications=(replace(PRIMARY, version="8.1.400.63"),))
    assert ors_application(before, "ORS_1").persistence is None
    assert ors_application(before, "ORS_1").cluster == "Nodes"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"version": "eight"}, "has the version 'eight', which is no release"),
        ({"enabled": False}, "no enabled Orchestration Server"),
    ],
)
def test_what_cannot_be_started_is_said(change: dict[str, object], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        ors_application(replace(TREE, applications=(replace(PRIMARY, **change),)), "ORS_1")  # type: ignore[arg-type]


def test_a_version_without_a_build_is_the_last_of_its_release() -> None:
    assert ors_application(TREE, "ORS_1_B").has("8.1.400.99")
    assert not ors_application(TREE, "ORS_1_B").has("8.1.500.00")


@pytest.mark.parametrize(
    ("method", "target", "kind", "session", "name"),
    [
        ("GET", "/ors/help", "help", "", ""),
        ("POST", "/scxml/session/start?x=1", "start", "", ""),
        ("GET", "/scxml/session/A%2F~b/query", "query", "A/~b", ""),
        ("POST", "/scxml/session/A/event/x.y?a=/b", "event", "A", "x.y"),
        ("POST", "/scxml/session/A/request/r", "request", "A", "r"),
        ("POST", "/scxml/session/A/terminate", "terminate", "A", ""),
        ("POST", "/scxml/session/A/terminate/x", "other", "", ""),
        ("POST", "/scxml/session/A/event", "other", "", ""),
        ("GET", "/scxml/session//query", "other", "", ""),
        ("GET", "*", "other", "", ""),
    ],
)
def test_a_path_names_a_call(method: str, target: str, kind: str, session: str, name: str) -> None:
    call = call_of(method, target, {"Content-Type": 'Text/Plain; charset="latin-1"'}, b"")
    assert (call.kind, call.session, call.name, call.target) == (kind, session, name, target)
    assert (call.content_type, call.charset) == ("text/plain", "latin-1")


def test_a_document_is_states_events_and_ends() -> None:
    found = parse_document(
        b'<?xml version="1.0"?><s:scxml xmlns:s="x" _persist="TRUE"><s:datamodel/><s:state id="a">'
        b'<s:transition event="go on" target="b"/><s:transition event="go" target="c"/><s:transition cond="1" target="c"/>'
        b'</s:state><s:final id="b"/></s:scxml>'
    )
    assert found == Document(persists=True, initial="a", transitions={"a": {"go": "b", "on": "b"}}, finals=frozenset({"b"}))
    assert (found.after("a", "go"), found.after("a", "no"), found.after("b", "go")) == ("b", "a", "b")
    assert parse_document(b"<scxml/>") == Document()
    for wrong in (b"", b"<scxml>", b"<vxml/>", b"\xff", b'<!DOCTYPE scxml [<!ENTITY a "b">]><scxml/>'):
        with pytest.raises(DocumentError):
            parse_document(wrong)


def test_a_session_is_read_back_as_it_was_persisted() -> None:
    session = Session(
        new_session_id(), "http://x", parse_document(b'<scxml initial="i"><final id="e"/></scxml>'), "i", events=["a"]
    )
    read = Session.from_json(session.as_json())
    assert read == replace(session, persisted=True, recovered=True)
    assert len(session.id) == 32
    for wrong in (b"", b"[]", b"{}", b'{"id": 1, "document": 2}'):
        with pytest.raises(ValueError, match=r"no session of a twin|Expecting"):
            Session.from_json(wrong)


def test_options_are_set_and_deleted_where_they_stand() -> None:
    text = "[a]\r\nx=1\ny = 2\n\n[b]\nx=3\n"
    assert option_in_text(text, "a/y", "5") == "[a]\nx=1\ny=5\n\n[b]\nx=3\n"
    assert option_in_text(text, "a/z", "5") == "[a]\nx=1\ny = 2\nz=5\n\n[b]\nx=3\n"
    assert option_in_text(text, "b/z", "5") == "[a]\nx=1\ny = 2\n\n[b]\nx=3\nz=5\n"
    assert option_in_text(text, "c/z", "5") == "[a]\nx=1\ny = 2\n\n[b]\nx=3\n\n[c]\nz=5\n"
    assert option_in_text(text, "a/x", None) == "[a]\ny = 2\n\n[b]\nx=3\n"
    assert with_option((("a", (("x", "1"),)),), "a/x", None) == (("a", ()),)
    assert with_option((), "a/x", "1") == (("a", (("x", "1"),)),)
    assert with_option((), "a/x", None) == ()


def test_an_export_is_led_to_a_ring_in_its_section_alone() -> None:
    text = (
        "[log]\ncassandra-nodes=x\n[persistence]\r\n cassandra-nodes = x\r\n#cassandra-nodes=y\ncassandra-listenport=1\nother=1"
    )
    assert led_to(text, RingPlace(("127.1.1.1", "127.1.1.2"), 9170)) == (
        "[log]\ncassandra-nodes=x\n[persistence]\r\n cassandra-nodes =127.1.1.1;127.1.1.2\r\n#cassandra-nodes=y\n"
        "cassandra-listenport=9170\nother=1"
    )


@pytest.mark.parametrize(
    ("build", "arguments"),
    [("8.1.400.27", "-host h -app x"), ("8.1.4", "-host h -app x"), ("8.1.300.39", "-host h -l lic -app x")],
)
def test_from_814_on_the_licence_is_no_argument(build: str, arguments: str) -> None:
    assert installed("-host h -l lic -app x", build) == arguments
