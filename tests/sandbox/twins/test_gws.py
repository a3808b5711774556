# SPDX-License-Identifier: Apache-2.0
"""The GWS twin asks for credentials or a session, and gives objects page by page."""

from collections.abc import Iterator

import pytest
import requests

from orsgate.sandbox.twins.gws import GwsTwin
from tests.sandbox.twins.made import ACCOUNT, TIMEOUT, TREE, many

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def twin() -> Iterator[GwsTwin]:
    with GwsTwin(TREE) as running:
        yield running


def get(twin: GwsTwin, path: str, **query: str) -> requests.Response:
    return requests.get(f"{twin.url}/api/v2/{path}", params=query, auth=ACCOUNT, timeout=TIMEOUT)


def names(twin: GwsTwin, **query: str) -> list[str]:
    answer = get(twin, "platform/configuration/applications", **query).json()
    assert answer.keys() == {"statusCode", "applications"}
    return [one["name"] for one in answer["applications"]]


def test_it_gives_every_collection(twin: GwsTwin) -> None:
    assert names(twin) == ["ORS_1", "ORS_1_B", "SIP_1"]
    for collection, count in (("hosts", 1), ("tenants", 2), ("transactions", 1)):
        answer = get(twin, f"platform/configuration/{collection}").json()
        assert (answer["statusCode"], len(answer[collection])) == (0, count)


def test_objects_are_found_by_name_and_dbid(twin: GwsTwin) -> None:
    assert names(twin, name='"SIP_1"') == names(twin, name="SIP_1") == names(twin, dbid="103") == ["SIP_1"]
    assert names(twin, name="SIP_1", dbid="101") == names(twin, name="sip_1") == []
    item = get(twin, "platform/configuration/applications/101").json()
    assert (item["statusCode"], item["application"]["DBID"]) == (0, "101")


@pytest.mark.parametrize("path", ["applications/999", "persons", "applications/101/more", ""])
def test_what_is_not_there_is_an_error_of_gws(twin: GwsTwin, path: str) -> None:
    response = get(twin, f"platform/configuration/{path}")
    assert response.status_code == 404
    assert response.json()["statusCode"] == 6
    assert "GWS twin" in response.json()["statusMessage"]


def test_pages() -> None:
    with GwsTwin(many(7), page_size=3) as twin:
        assert names(twin) == names(twin, limit="3") == names(twin, limit="100") == ["ORS_0", "ORS_1", "ORS_2"]
        assert names(twin, limit="2", offset="2") == ["ORS_2", "ORS_3"]
        assert names(twin, offset="6") == ["ORS_6"]
        assert names(twin, offset="7") == names(twin, offset="999999999") == []


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "-1"}, {"offset": "x"}, {"offset": "9" * 5000}, {"fields": "name"}])
def test_a_wrong_or_unknown_parameter_is_an_error(twin: GwsTwin, query: dict[str, str]) -> None:
    assert get(twin, "platform/configuration/applications", **query).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Basic !"}, {"Authorization": "Bearer x"}, {"Authorization": "Basic " + "cmVhZGVyOndyb25n"}],
)
def test_without_the_right_credentials_nothing_is_given(twin: GwsTwin, headers: dict[str, str]) -> None:
    for path in ("me", "platform/configuration/applications", "nothing"):
        response = requests.get(f"{twin.url}/api/v2/{path}", headers=headers, timeout=TIMEOUT)
        assert (response.status_code, response.json()["statusCode"]) == (401, 6)


def test_a_session_needs_no_credentials_and_ends_with_the_right_token(twin: GwsTwin) -> None:
    session = requests.Session()
    me = session.get(f"{twin.url}/api/v2/me", auth=ACCOUNT, timeout=TIMEOUT)
    assert me.json()["user"]["userName"] == ACCOUNT[0]
    url = f"{twin.url}/api/v2/platform/configuration/hosts"
    assert session.get(url, timeout=TIMEOUT).status_code == 200
    assert session.post(f"{twin.url}/api/v2/logout", timeout=TIMEOUT).status_code == 403
    assert session.get(f"{twin.url}/api/v2/logout", timeout=TIMEOUT).status_code == 405
    token = {me.headers["X-CSRF-HEADER"]: me.headers["X-CSRF-TOKEN"]}
    again = session.get(f"{twin.url}/api/v2/me", timeout=TIMEOUT)
    assert (again.headers["X-CSRF-TOKEN"], "Set-Cookie" in again.headers) == (me.headers["X-CSRF-TOKEN"], False)
    assert session.post(f"{twin.url}/api/v2/logout", headers=token, timeout=TIMEOUT).status_code == 204
    assert session.get(url, timeout=TIMEOUT, auth=ACCOUNT).status_code == 401  # the cookie is still sent
    assert requests.post(f"{twin.url}/api/v2/logout", headers=token, auth=ACCOUNT, timeout=TIMEOUT).status_code == 401


def test_an_expired_session_is_refused_even_with_credentials() -> None:
    with GwsTwin(TREE, expires_at_request=2) as twin:
        session = requests.Session()
        session.auth = ACCOUNT
        assert session.get(f"{twin.url}/api/v2/me", timeout=TIMEOUT).status_code == 200
        response = session.get(f"{twin.url}/api/v2/platform/configuration/hosts", timeout=TIMEOUT)
        assert (response.status_code, response.json()["statusCode"]) == (401, 6)
        assert get(twin, "platform/configuration/hosts").status_code == 200


def test_writing_is_refused_and_recorded(twin: GwsTwin) -> None:
    for method in ("POST", "PUT", "DELETE"):
        url = f"{twin.url}/api/v2/platform/configuration/applications/101"
        refused = requests.request(method, url, json={}, auth=ACCOUNT, timeout=TIMEOUT).status_code
        assert refused == (403 if method == "PUT" else 405)
        assert twin.requests[-1].method == method


def test_hidden_objects_are_not_there() -> None:
    with GwsTwin(TREE, hidden=[("transaction", 101)]) as twin:
        assert get(twin, "platform/configuration/transactions").json() == {"statusCode": 0, "transactions": []}
