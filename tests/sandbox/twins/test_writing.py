# SPDX-License-Identifier: Apache-2.0
"""A twin that may be written to stores exactly what was sent, whole objects only, and serves it from then on."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from typing import Any

import pytest
import requests

from orsgate.sandbox.twins import misbehaving_writes as wrong
from orsgate.sandbox.twins.gax import GaxTwin
from orsgate.sandbox.twins.gax_shapes import gax_object
from orsgate.sandbox.twins.gax_written import gax_written
from orsgate.sandbox.twins.gws import GwsTwin
from orsgate.sandbox.twins.gws_shapes import gws_object
from orsgate.sandbox.twins.gws_written import gws_written
from orsgate.sandbox.twins.misbehaviour import Misbehaviour, Status
from orsgate.sandbox.twins.objects import Tree, TreeApplication, TreeTransaction
from orsgate.sandbox.twins.server import Twin
from tests.sandbox.twins.made import ACCOUNT, BACKUP, CLUSTER, PRIMARY, SIP, TIMEOUT, TREE, logged_in
from tests.sandbox.waiting import until

pytestmark = pytest.mark.slow

TWINS: list[type[Twin]] = [GaxTwin, GwsTwin]


class Client:
    """Reads and writes one object of a twin, as a public client would."""

    def __init__(self, twin: Twin) -> None:
        self.twin = twin
        self.session = requests.Session()
        if isinstance(twin, GaxTwin):
            self.session = logged_in(twin)
        else:
            self.session.auth = ACCOUNT

    def url(self, kind: str, dbid: object) -> str:
        if isinstance(self.twin, GaxTwin):
            return f"{self.twin.url}/gax/api/cfg/objects/Cfg{kind.capitalize()}/{dbid}"
        return f"{self.twin.url}/api/v2/platform/configuration/{kind}s/{dbid}"

    def read(self, kind: str = "application", dbid: object = 101) -> dict[str, Any]:
        found: dict[str, Any] = self.session.get(self.url(kind, dbid), timeout=TIMEOUT).json()
        inner: dict[str, Any] = found if isinstance(self.twin, GaxTwin) else found[kind]
        return inner

    def write(self, fields: object, kind: str = "application", dbid: object = 101) -> requests.Response:
        return self.session.put(self.url(kind, dbid), json=fields, timeout=TIMEOUT)


@pytest.mark.parametrize("one", [PRIMARY, BACKUP, SIP, CLUSTER], ids=lambda one: one.name)
def test_what_is_written_back_as_it_was_read_changes_nothing(one: TreeApplication | TreeTransaction) -> None:
    kind = "application" if isinstance(one, TreeApplication) else "transaction"
    assert gws_written(kind, one.dbid, json.loads(json.dumps(gws_object(one)))) == one
    if isinstance(one, TreeApplication):  # GAX cannot tell a section that holds no option
        one = replace(one, options=tuple(section for section in one.options if section[1]))
    assert gax_written(f"Cfg{kind.capitalize()}", one.dbid, json.loads(json.dumps(gax_object(one)))) == one


@pytest.mark.parametrize("kind", TWINS)
def test_fields_that_the_twin_does_not_know_are_kept_and_those_left_out_are_lost(kind: type[Twin]) -> None:
    with kind(TREE, writable=True) as twin:
        client = Client(twin)
        read = client.read()
        options = read["options"]
        assert client.write({**read, "later": {"x": [1, None, "é"]}}).status_code == 200
        assert client.read() == {**read, "later": {"x": [1, None, "é"]}}
        assert twin.tree != TREE
        assert client.write(read).status_code == 200
        kept = {field: value for field, value in client.read().items() if field != "later"}
        assert kept == read
        partial = {field: value for field, value in read.items() if field not in {"options", "autorestart", "autoRestart"}}
        assert client.write(partial).status_code == 200
        assert client.read() == partial
        assert options
        assert twin.tree.applications[0].options == ()
        assert twin.tree.applications[0].less


@pytest.mark.parametrize("kind", TWINS)
def test_lists_serve_what_was_written(kind: type[Twin]) -> None:
    with kind(TREE, writable=True) as twin:
        client = Client(twin)
        read = client.read("transaction")
        assert client.write({**read, "name": "ORS_Cluster_2"}, "transaction").status_code == 200
        listing = client.url("transaction", "")[:-1]
        query = {"name": "ORS_Cluster_2"}
        if kind is GaxTwin:
            listing, query = listing.removesuffix("/CfgTransaction"), {**query, "type": "CfgTransaction"}
        assert "ORS_Cluster_2" in client.session.get(listing, params=query, timeout=TIMEOUT).text
        assert client.session.get(listing, params={**query, "name": "ORS_Cluster"}, timeout=TIMEOUT).text.count("DBID") == 0
        assert twin.tree == replace(
            TREE, transactions=(replace(CLUSTER, name="ORS_Cluster_2", more=twin.tree.transactions[0].more),)
        )


@pytest.mark.parametrize("kind", TWINS)
@pytest.mark.parametrize("body", [[], {}, {"name": 1}, {"name": "x", "options": 1}, {"name": "x", "dbid": "7", "DBID": "7"}])
def test_what_is_no_object_is_not_stored(kind: type[Twin], body: object) -> None:
    with kind(TREE, writable=True) as twin:
        client = Client(twin)
        assert client.write(body).status_code == 400
        assert client.write(client.read(), dbid=999).status_code == 404
        assert client.write({"name": "x"}, "host", 100).status_code == 404
        assert twin.tree == TREE


@pytest.mark.parametrize("kind", TWINS)
def test_an_account_that_may_only_read_writes_nothing(kind: type[Twin]) -> None:
    with kind(TREE) as twin:
        client = Client(twin)
        assert client.write({**client.read(), "name": "x"}).status_code == 403
        assert twin.tree == TREE


def test_gws_wants_its_token_with_a_cookie() -> None:
    with GwsTwin(TREE, writable=True) as twin:
        client = Client(twin)
        me = client.session.get(f"{twin.url}/api/v2/me", timeout=TIMEOUT)
        read = client.read()
        assert client.write(read).status_code == 403
        client.session.headers[me.headers["X-CSRF-HEADER"]] = me.headers["X-CSRF-TOKEN"]
        assert client.write(read).status_code == 200


def test_gax_makes_a_new_object_once() -> None:
    with GaxTwin(TREE, writable=True) as twin:
        client = Client(twin)
        new = {**{field: value for field, value in client.read().items() if field != "dbid"}, "name": "ORS_2"}
        url = f"{twin.url}/gax/api/cfg/objects"
        made = client.session.post(url, json=new, timeout=TIMEOUT)
        assert (made.status_code, made.json()["name"]) == (200, "ORS_2")
        assert client.read(dbid=made.json()["dbid"])["options"] == new["options"]
        assert client.session.post(url, json=new, timeout=TIMEOUT).status_code == 409
        assert client.session.post(url, json={**new, "type": "CfgHost"}, timeout=TIMEOUT).status_code == 400
        assert [one.name for one in twin.tree.applications] == ["ORS_1", "ORS_1_B", "SIP_1", "ORS_2"]
        assert len({one.dbid for one in twin.tree.applications}) == 4


@pytest.mark.parametrize("kind", TWINS)
def test_a_tree_that_is_set_is_served(kind: type[Twin]) -> None:
    with kind(TREE) as twin:
        client = Client(twin)
        twin.tree = Tree(applications=(replace(PRIMARY, name="ORS_9"),))
        assert client.read()["name"] == "ORS_9"
        assert client.session.get(client.url("transaction", 101), timeout=TIMEOUT).status_code == 404


@pytest.mark.parametrize("kind", TWINS)
def test_many_writers_lose_nothing(kind: type[Twin]) -> None:
    many = Tree(tuple(TreeApplication(100 + number, f"ORS_{number}", 161) for number in range(8)))
    with kind(many, writable=True) as twin:

        def rename(dbid: int) -> None:
            client = Client(twin)
            for _ in range(5):
                read = client.read(dbid=dbid)
                client.write({**read, "name": f"{read['name']}x"}, dbid=dbid)

        threads = [threading.Thread(target=rename, args=(100 + number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [one.name for one in twin.tree.applications] == [f"ORS_{number}xxxxx" for number in range(8)]


@pytest.mark.parametrize("kind", TWINS)
def test_wrong_answers_to_writes(kind: type[Twin]) -> None:
    with kind(TREE, writable=True) as twin:
        client = Client(twin)
        renamed = {**client.read(), "commandLineArguments": " x ", "commandlinearguments": " x "}

        def written_with(misbehaviour: Misbehaviour) -> tuple[int, bool]:
            """The status, 0 where there is none, and whether something was stored."""
            twin.tree, twin.misbehave_writes = TREE, misbehaviour
            try:
                status = client.write(renamed).status_code
            except requests.ConnectionError:
                status = 0
            return status, twin.tree != TREE

        assert written_with(Status(409)) == (409, False)
        assert written_with(wrong.NotStored()) == (200, False)
        assert written_with(wrong.StoredUnsaid()) == (0, True)
        assert written_with(wrong.StoredThen(500)) == (500, True)
        assert written_with(wrong.StoredOtherwise(wrong.without_option("orchestration", "functions-by-urs"))) == (200, True)
        assert dict(twin.tree.applications[0].options)["orchestration"] == (("#off", "1"),)
        assert written_with(wrong.StoredOtherwise(wrong.trimmed)) == (200, True)
        happened = threading.Event()
        assert written_with(wrong.AnsweredThen(happened.set)) == (200, True)
        assert happened.is_set()


@pytest.mark.parametrize("kind", TWINS)
def test_what_is_stored_late_is_stored_though_nobody_waits(kind: type[Twin]) -> None:
    with kind(TREE, writable=True, misbehave_writes=wrong.StoredLate(0.3)) as twin:
        client = Client(twin)
        changed = {**client.read(), "name": "ORS_9"}
        with pytest.raises(requests.Timeout):
            client.session.put(client.url("application", 101), json=changed, timeout=0.05)
        assert twin.tree == TREE
        until(lambda: twin.tree.applications[0].name == "ORS_9", "the late write")
