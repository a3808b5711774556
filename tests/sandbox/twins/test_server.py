# SPDX-License-Identifier: Apache-2.0
"""A twin says in every answer what it is, records what it is asked, and ends when it is told to."""

import socket
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from orsgate.sandbox.authority import issue
from orsgate.sandbox.certificates import Tls
from orsgate.sandbox.errors import SandboxError, UsageError
from orsgate.sandbox.twins.exchange import Asked
from orsgate.sandbox.twins.gax import GaxTwin
from orsgate.sandbox.twins.gws import GwsTwin
from orsgate.sandbox.twins.misbehaviour import Endless, Hang, HangInBody, Misbehaviour, Trickle
from orsgate.sandbox.twins.server import Twin
from tests.sandbox.twins.made import ACCOUNT, TIMEOUT, TREE, logged_in, many
from tests.sandbox.waiting import until

pytestmark = pytest.mark.slow

ANYTHING = [
    ("GET", "/"), ("POST", "/gax/api/session/login"), ("GET", "/gax/api/cfg/objects"), ("PUT", "/api/v2/me"),
    ("HEAD", "/api/v2/me"), ("GET", "/redirect-loop"), ("OPTIONS", "/%ff%00"), ("GET", "//"), ("BREW", "/"),
]  # fmt: skip


@pytest.mark.parametrize("kind", [GaxTwin, GwsTwin])
def test_every_answer_says_that_it_is_a_twins(kind: type[Twin]) -> None:
    with kind(TREE) as twin:
        for method, path in ANYTHING:
            response = requests.request(method, twin.url + path, timeout=TIMEOUT, allow_redirects=False)
            assert response.headers["X-Orsgate-Twin"] == kind.name, path
            assert response.headers["Server"] == f"orsgate {kind.name} (a stand-in, not Genesys software)"
        large = requests.post(f"{twin.url}/gax/api/session/login", data=b"x" * (2**20 + 1), timeout=TIMEOUT)
        assert (large.status_code, large.headers["X-Orsgate-Twin"]) == (413, kind.name)


def test_what_is_no_request_is_answered_by_a_twin_too() -> None:
    with GaxTwin(TREE) as twin, socket.create_connection(("127.0.0.1", twin.port), TIMEOUT) as connection:
        connection.sendall(b"GET / HTTP/9.9 what\r\n\r\n")
        said = connection.recv(4096)
        assert said.startswith(b"HTTP/1.0 400")
        assert b"X-Orsgate-Twin: GAX twin" in said
        assert not twin.requests


def test_a_defect_of_a_twin_is_said_by_a_twin_too(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    with GaxTwin(TREE) as twin:
        monkeypatch.setattr(twin, "answer", lambda *_: 1 / 0)
        response = requests.get(twin.url, timeout=TIMEOUT)
        assert (response.status_code, response.headers["X-Orsgate-Twin"]) == (500, "GAX twin")
    assert "ZeroDivisionError" in caplog.text


def test_requests_are_recorded_in_their_order() -> None:
    with GaxTwin(TREE) as twin:
        session = logged_in(twin)
        session.get(f"{twin.url}/gax/api/cfg/objects?type=CfgHost&name=a%20b", timeout=TIMEOUT)
        assert twin.requests == [
            Asked(1, "POST", "/gax/api/session/login", {}, has_cookie=False),
            Asked(2, "GET", "/gax/api/cfg/objects", {"type": "CfgHost", "name": "a b"}, has_cookie=True),
        ]


def test_requests_at_the_same_time_each_have_a_number() -> None:
    with GwsTwin(TREE, delay=0.05) as twin, ThreadPoolExecutor(20) as pool:
        before = time.monotonic()
        list(pool.map(lambda _: requests.get(twin.url, timeout=TIMEOUT), range(40)))
        assert time.monotonic() - before < 40 * 0.05
        assert [asked.number for asked in twin.requests] == list(range(1, 41))


def test_an_answer_takes_as_long_as_it_is_to() -> None:
    with GwsTwin(TREE, delay=0.2) as twin:
        before = time.monotonic()
        requests.get(twin.url, timeout=TIMEOUT)
        assert time.monotonic() - before >= 0.2


@pytest.mark.parametrize("misbehaviour", [Hang(), HangInBody(), Endless(), Trickle(60)])
def test_it_stops_within_a_second_whatever_it_does(misbehaviour: Misbehaviour) -> None:
    twin = GwsTwin(TREE, misbehave={1: misbehaviour})
    with twin, ThreadPoolExecutor(1) as pool:
        asking = pool.submit(read_whole, f"{twin.url}/api/v2/platform/configuration/hosts")
        until(lambda: len(twin.requests) == 1, "the request")
        before = time.monotonic()
        twin.stop()
        assert time.monotonic() - before < 1
        asking.result(TIMEOUT)
    assert not twin.is_running
    assert_gone(twin)


def read_whole(url: str) -> None:
    with suppress(requests.RequestException), requests.get(url, auth=ACCOUNT, timeout=TIMEOUT, stream=True) as response:
        for _ in response.iter_content(2**16):
            pass


def assert_gone(twin: Twin) -> None:
    with pytest.raises(requests.ConnectionError, match="refused"):
        requests.get(twin.url, timeout=TIMEOUT)


def test_it_leaves_no_thread_and_gives_its_port_back() -> None:
    threads = threading.active_count()
    with GaxTwin(TREE) as twin, requests.Session() as idle:
        idle.get(twin.url, timeout=TIMEOUT)
        port = twin.port
    assert threading.active_count() == threads
    assert_gone(twin)
    twin.stop()
    with GaxTwin(TREE, port=port) as again:
        assert again.port == port
        with pytest.raises(SandboxError, match=f"GAX twin cannot listen at 127.0.0.1:{port}"):
            GaxTwin(TREE, port=port).start()
        with pytest.raises(UsageError, match="started before"):
            again.start()


def test_one_that_was_never_started_can_be_stopped() -> None:
    GaxTwin(TREE).stop()


def test_two_twins_know_nothing_of_each_other() -> None:
    with GaxTwin(TREE) as first, GaxTwin(many(1), username="other", password="another") as second:  # noqa: S106  # made up
        session = logged_in(first)
        assert session.get(f"{first.url}/gax/api/user/info", timeout=TIMEOUT).status_code == 200
        assert session.get(f"{second.url}/gax/api/user/info", timeout=TIMEOUT).status_code == 401
        assert (len(first.requests), len(second.requests)) == (2, 1)
        first.stop()
        assert requests.get(second.url, timeout=TIMEOUT).status_code == 401


def test_tls(tmp_path: Path) -> None:
    certificates = issue(Tls(), ["127.0.0.1"], tmp_path / "tls")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*server_files(certificates.keystore, tmp_path))
    with GwsTwin(TREE, tls=context) as twin:
        assert twin.url.startswith("https://127.0.0.1:")
        me = requests.get(f"{twin.url}/api/v2/me", auth=ACCOUNT, verify=str(certificates.ca), timeout=TIMEOUT)
        assert me.json()["statusCode"] == 0
        assert "; Secure" in me.headers["Set-Cookie"]
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(twin.url, verify=str(certificates.other_ca), timeout=TIMEOUT)
        with pytest.raises(requests.ConnectionError):
            requests.get(twin.url.replace("https", "http"), timeout=TIMEOUT)
        twin.misbehave_always = Hang()
        with pytest.raises(requests.ReadTimeout):
            requests.get(twin.url, verify=str(certificates.ca), timeout=0.2)


def server_files(keystore: Path, directory: Path) -> tuple[Path, Path]:
    """Certificate and key of the nodes, as PEM."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.serialization import pkcs12

    from orsgate.sandbox.certificates import STORE_PASSWORD

    key, certificate, _ = pkcs12.load_key_and_certificates(keystore.read_bytes(), STORE_PASSWORD.encode())
    assert key
    assert certificate
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (directory / "node.pem").write_bytes(certificate.public_bytes(pem))
    (directory / "node.key").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    return directory / "node.pem", directory / "node.key"


def test_a_large_tree_is_served_quickly() -> None:
    with GaxTwin(many(1_000, options=40)) as twin:
        session = logged_in(twin)
        before = time.monotonic()
        found = session.get(
            f"{twin.url}/gax/api/cfg/objects", params={"type": "CfgApplication", "brief": "false"}, timeout=TIMEOUT
        )
        assert time.monotonic() - before < 1
        assert len(found.json()) == 1_000
