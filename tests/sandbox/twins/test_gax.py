# SPDX-License-Identifier: Apache-2.0
"""The GAX twin lets in who logs in, and gives whole objects to who asks for them."""

from collections.abc import Iterator

import pytest
import requests

from orsgate.sandbox.twins.gax import GaxTwin
from tests.sandbox.twins.made import ACCOUNT, TIMEOUT, TREE, logged_in

pytestmark = pytest.mark.slow

USERNAME, PASSWORD = ACCOUNT


@pytest.fixture(scope="module")
def twin() -> Iterator[GaxTwin]:
    with GaxTwin(TREE) as running:
        yield running


@pytest.fixture(scope="module")
def session(twin: GaxTwin) -> requests.Session:
    return logged_in(twin)


def get(session: requests.Session, twin: GaxTwin, path: str, **query: str) -> requests.Response:
    return session.get(f"{twin.url}/gax/api/{path}", params=query, timeout=TIMEOUT)


def test_a_login_gives_the_cookie_of_a_session(twin: GaxTwin) -> None:
    response = login(twin)
    assert response.json()["username"] == USERNAME
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("JSESSIONID=")
    assert "; Path=/gax; HttpOnly" in cookie


def login(twin: GaxTwin, **other: object) -> requests.Response:
    given = {"username": USERNAME, "password": PASSWORD, "isPasswordEncrypted": False} | other
    return requests.post(f"{twin.url}/gax/api/session/login", json=given, timeout=TIMEOUT)


@pytest.mark.parametrize("other", [{"password": "wrong"}, {"username": "nobody"}, {"isPasswordEncrypted": True}])
def test_a_wrong_login_is_refused(twin: GaxTwin, other: dict[str, object]) -> None:
    response = login(twin, **other)
    assert (response.status_code, "Set-Cookie" in response.headers) == (401, False)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"username": 1}', b"null"])
def test_what_is_no_login_is_a_bad_request(twin: GaxTwin, body: bytes) -> None:
    assert requests.post(f"{twin.url}/gax/api/session/login", data=body, timeout=TIMEOUT).status_code == 400


def test_without_a_session_there_is_a_login_page(twin: GaxTwin) -> None:
    for cookies in ({}, {"JSESSIONID": "made up"}):
        response = requests.get(f"{twin.url}/gax/api/user/info", cookies=cookies, timeout=TIMEOUT)
        assert response.status_code == 401
        assert response.headers["Content-Type"].startswith("text/html")


def test_a_session_ends_with_its_logout(twin: GaxTwin) -> None:
    session = logged_in(twin)
    assert get(session, twin, "user/info").json()["username"] == USERNAME
    assert session.post(f"{twin.url}/gax/api/session/logout", json={}, timeout=TIMEOUT).status_code == 204
    assert get(session, twin, "user/info").status_code == 401


def test_it_tells_of_itself_and_of_its_configuration_server(twin: GaxTwin, session: requests.Session) -> None:
    assert "twin" in get(session, twin, "version/").json()["version"]
    assert get(session, twin, "system/settings/confserver").json() == {
        "primaryHost": "cfg-1", "primaryHostPort": 2020, "backupHost": "", "backupHostPort": 2020, "gaxApplication": "GAX",
    }  # fmt: skip
    assert get(session, twin, "system/info").status_code == 404


def test_lists_are_brief_unless_asked_otherwise(twin: GaxTwin, session: requests.Session) -> None:
    whole = get(session, twin, "cfg/objects", type="CfgApplication", brief="false").json()
    assert [one["name"] for one in whole] == ["ORS_1", "ORS_1_B", "SIP_1"]
    assert "options" in whole[0]
    for query in ({}, {"brief": "true"}):
        (host,) = get(session, twin, "cfg/objects", type="CfgHost", **query).json()
        assert host == {"dbid": "100", "name": "ors-1", "type": "CfgHost"}
    assert len(get(session, twin, "cfg/objects", type="CfgTenant").json()) == 2
    assert len(get(session, twin, "cfg/objects", type="CfgTransaction").json()) == 1


def test_objects_are_found_by_name_type_and_dbid(twin: GaxTwin, session: requests.Session) -> None:
    def names(**query: str) -> list[str]:
        return [one["name"] for one in get(session, twin, "cfg/objects", type="CfgApplication", **query).json()]

    assert names(name="SIP_1") == ["SIP_1"]
    assert names(name="sip_1") == []
    assert names(filters="subtype=CFGOrchestrationServer") == ["ORS_1", "ORS_1_B"]
    assert names(filters="subtype=CFGOrchestrationServer OR subtype=CFGTServer") == ["ORS_1", "ORS_1_B", "SIP_1"]
    assert get(session, twin, "cfg/objects/CfgApplication/101").json()["name"] == "ORS_1"
    for place in ("CfgApplication/999", "CfgPerson/101", "CfgApplication", "CfgApplication/101/more"):
        assert get(session, twin, f"cfg/objects/{place}").status_code == 404


@pytest.mark.parametrize(
    "query", [{}, {"type": "CfgPerson"}, {"type": "CfgHost", "limit": "5"}, {"type": "CfgHost", "filters": "dbid=1"}]
)
def test_what_it_does_not_know_is_an_error_and_no_answer(twin: GaxTwin, session: requests.Session, query: dict[str, str]) -> None:
    assert get(session, twin, "cfg/objects", **query).status_code == 400


def test_writing_is_refused_and_recorded(twin: GaxTwin, session: requests.Session) -> None:
    before = len(twin.requests)
    for method, path in (("POST", ""), ("PUT", "/CfgApplication/101"), ("DELETE", "/CfgApplication/101")):
        response = session.request(method, f"{twin.url}/gax/api/cfg/objects{path}", json={"a": 1}, timeout=TIMEOUT)
        assert response.status_code == (405 if method == "DELETE" else 403)
    assert session.post(f"{twin.url}/gax/api/user/info", timeout=TIMEOUT).status_code == 405
    assert requests.get(f"{twin.url}/gax/api/session/login", timeout=TIMEOUT).status_code == 405
    assert [asked.method for asked in twin.requests[before:]] == ["POST", "PUT", "DELETE", "POST", "GET"]


def test_hidden_objects_are_not_there_and_references_to_them_are() -> None:
    with GaxTwin(TREE, hidden=[("application", 102), ("host", 100)]) as twin:
        session = logged_in(twin)
        found = get(session, twin, "cfg/objects", type="CfgApplication", brief="false").json()
        assert [one["name"] for one in found] == ["ORS_1", "SIP_1"]
        assert (found[0]["backupserverdbid"], found[0]["hostdbid"]) == ("102", "100")
        assert get(session, twin, "cfg/objects/CfgApplication/102").status_code == 404
        assert get(session, twin, "cfg/objects", type="CfgHost").json() == []


def test_a_session_expires_at_a_request_and_a_new_login_works() -> None:
    with GaxTwin(TREE, expires_at_request=3) as twin:
        session = logged_in(twin)
        assert get(session, twin, "user/info").status_code == 200
        expired = get(session, twin, "user/info")
        assert (expired.status_code, expired.headers["Content-Type"]) == (401, "text/html;charset=UTF-8")
        assert get(session, twin, "user/info").status_code == 401
        assert get(logged_in(twin), twin, "user/info").status_code == 200
