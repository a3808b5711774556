# SPDX-License-Identifier: Apache-2.0
"""Every misbehaviour does what it says, with the banner of a twin where there is an answer at all."""

import json
import time

import pytest
import requests
from requests.exceptions import ChunkedEncodingError, JSONDecodeError, ReadTimeout, TooManyRedirects

from orsgate.sandbox.twins.gax import GaxTwin
from orsgate.sandbox.twins.gws import GwsTwin
from orsgate.sandbox.twins.misbehaviour import (
    Close,
    CutJson,
    Deep,
    Endless,
    Gone,
    Hang,
    HangInBody,
    HtmlError,
    Huge,
    Misbehaviour,
    RedirectLoop,
    RedirectTo,
    Status,
    Trickle,
    Truncated,
)
from tests.sandbox.twins.made import ACCOUNT, TIMEOUT, TREE, logged_in

pytestmark = pytest.mark.slow

PATH = "/api/v2/platform/configuration/hosts"
SHORT = 0.2
REAL = b'{"statusCode":0,"hosts":['


def twin_that(misbehaviour: Misbehaviour) -> GwsTwin:
    """A twin that misbehaves at its first request alone."""
    return GwsTwin(TREE, misbehave={1: misbehaviour})


def ask(twin: GwsTwin, *, timeout: float = TIMEOUT, **details: bool) -> requests.Response:
    response = requests.get(f"{twin.url}{PATH}", auth=ACCOUNT, timeout=timeout, **details)  # type: ignore[arg-type]
    assert response.headers["X-Orsgate-Twin"] == "GWS twin"
    return response


def is_well_again(twin: GwsTwin) -> bool:
    return bool(ask(twin).json()["statusCode"] == 0)


def test_close() -> None:
    with twin_that(Close()) as twin:
        with pytest.raises(requests.ConnectionError):
            ask(twin)
        assert is_well_again(twin)


def test_status() -> None:
    with twin_that(Status(503, {"Retry-After": "7"}, b"busy", "text/x-made-up")) as twin:
        response = ask(twin)
        assert (response.status_code, response.content, response.headers["Retry-After"]) == (503, b"busy", "7")
        assert response.headers["Content-Type"] == "text/x-made-up"
        assert is_well_again(twin)


def test_html_error() -> None:
    with twin_that(HtmlError(502)) as twin:
        response = ask(twin)
        assert (response.status_code, "Bad Gateway" in response.text) == (502, True)
        assert response.headers["Content-Type"] == "text/html;charset=UTF-8"


def test_truncated() -> None:
    with twin_that(Truncated()) as twin:
        response = ask(twin, stream=True)
        assert response.status_code == 200
        promised = int(response.headers["Content-Length"])
        with pytest.raises(ChunkedEncodingError, match="IncompleteRead"):
            assert response.content
        assert promised == len(ask(twin).content)


def test_cut_json() -> None:
    with twin_that(CutJson()) as twin:
        response = ask(twin)
        assert len(response.content) == int(response.headers["Content-Length"]) == len(ask(twin).content) // 2
        with pytest.raises(JSONDecodeError):
            response.json()


def test_deep() -> None:
    with twin_that(Deep(50_000)) as twin:
        response = ask(twin)
        assert response.content == b"[" * 50_000 + b"]" * 50_000
        with pytest.raises(RecursionError):
            json.loads(response.content)


def test_huge() -> None:
    with twin_that(Huge(2**40)) as twin, ask(twin, stream=True) as response:
        assert response.headers["Content-Length"] == str(2**40)
        assert response.raw.read(2**20).startswith(b'["xxx')
    with twin_that(Huge(200_000)) as twin:
        assert len(ask(twin).json()[0]) == 200_000 - 4


def test_endless() -> None:
    with twin_that(Endless()) as twin:
        with ask(twin, stream=True) as response:
            assert response.headers["Transfer-Encoding"] == "chunked"
            assert len(response.raw.read(2**20, decode_content=True)) == 2**20
        assert is_well_again(twin)


def test_trickle() -> None:
    with twin_that(Trickle(0.002)) as twin:
        before = time.monotonic()
        slow = ask(twin)
        assert time.monotonic() - before > 0.002 * len(slow.content)
        assert slow.content == ask(twin).content


def test_hang() -> None:
    with twin_that(Hang()) as twin:
        with pytest.raises(ReadTimeout):
            ask(twin, timeout=SHORT)
        assert is_well_again(twin)


def test_hang_in_body() -> None:
    with twin_that(HangInBody()) as twin:
        response = ask(twin, timeout=SHORT, stream=True)
        assert response.raw.read(len(REAL)) == REAL
        with pytest.raises(requests.ConnectionError, match="timed out"):
            assert response.content
        response.close()
        assert is_well_again(twin)


def test_redirect_loop() -> None:
    with twin_that(RedirectLoop()) as twin:
        with pytest.raises(TooManyRedirects):
            ask(twin)
        assert len(twin.requests) > 20
        assert is_well_again(twin)


def test_redirect_to() -> None:
    with GwsTwin(TREE) as other, twin_that(RedirectTo(f"{other.url}/elsewhere")) as twin:
        response = ask(twin, allow_redirects=False)
        assert (response.status_code, response.headers["Location"]) == (302, f"{other.url}/elsewhere")
        assert not other.requests


def test_gone() -> None:
    with GwsTwin(TREE, misbehave={2: Gone()}) as twin, requests.Session() as idle:
        assert idle.get(f"{twin.url}{PATH}", auth=ACCOUNT, timeout=TIMEOUT).status_code == 200
        with pytest.raises(requests.ConnectionError):
            ask(twin)
        for session in (idle, requests.Session()):
            with pytest.raises(requests.ConnectionError, match="refused"):
                session.get(f"{twin.url}{PATH}", auth=ACCOUNT, timeout=TIMEOUT)
        assert len(twin.requests) == 2
        assert twin.is_running


def test_always_spares_login_and_logout() -> None:
    with GaxTwin(TREE, misbehave_always=HtmlError(500), misbehave={3: Status(418)}) as twin:
        session = logged_in(twin)
        url = f"{twin.url}/gax/api/user/info"
        assert [session.get(url, timeout=TIMEOUT).status_code for _ in range(3)] == [500, 418, 500]
        twin.misbehave_always = None
        assert session.get(url, timeout=TIMEOUT).status_code == 200
        twin.misbehave_always = Close()
        assert session.post(f"{twin.url}/gax/api/session/logout", timeout=TIMEOUT).status_code == 204
