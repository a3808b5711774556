# SPDX-License-Identifier: Apache-2.0
"""One account on many nodes: one refusal is the last attempt, and the password shows nowhere."""

from __future__ import annotations

import contextlib
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.ring import FACTS, Ring
from orsgate.probes.cassandra import Access, Limits, Login, Progress, Seed, read_ring
from orsgate.probes.codec import IDL
from orsgate.probes.login import LoginGate
from orsgate.probes.trouble import THRIFT, closed, denied
from orsgate.wire.deadline import Deadline
from orsgate.wire.trouble import ProbeError
from tests.probes.native_samples import node_4
from tests.probes.samples import node_1_1
from tests.probes.scripted import CLOSE, SILENCE, Server
from tests.probes.scripted import answers as thrift_answers
from tests.probes.scripted_native import AUTH_SUCCESS, AUTHENTICATE, Answer, cell, error, string
from tests.probes.scripted_native import answers as native_answers

ACCOUNT = Login("ors", "ge'heim\N{LATIN SMALL LETTER A WITH DIAERESIS}\\n\t")
ECHO = f"'ors' with {ACCOUNT.password} does not match"
MANY = tuple(f"10.0.0.{number}" for number in range(1, 13))
SOME = MANY[:5]
PROTOCOLS = [pytest.param("thrift", MANY, id="thrift"), pytest.param("native", SOME, id="native", marks=pytest.mark.slow)]
everywhere = pytest.mark.parametrize(("protocol", "members"), PROTOCOLS)


class Counter:
    """Counts the logins, and gives the same answer to each."""

    def __init__(self, answer: Any) -> None:
        self.attempts = 0
        self._answer = answer
        self._lock = threading.Lock()

    def __call__(self) -> Any:
        with self._lock:
            self.attempts += 1
        return self._answer


REFUSED = {"thrift": IDL.AuthenticationException(why=ECHO), "native": error(0x0100, ECHO)}
ACCEPTED: dict[str, Any] = {"thrift": None, "native": Answer(AUTH_SUCCESS, cell(None))}
DEMAND = Answer(AUTHENTICATE, string("org.apache.cassandra.auth.PasswordAuthenticator"))


@contextlib.contextmanager
def ring(protocol: str, members: tuple[str, ...], logins: Callable[[str], Any]) -> Iterator[dict[str, Server]]:
    """One server for each member; ``logins`` gives what it does about one."""

    def script(member: str) -> Any:
        if protocol == "thrift":
            return thrift_answers(node_1_1(member, members) | {"login": logins(member)})
        return native_answers({**node_4(member, members), "STARTUP": DEMAND, "LOGIN": logins(member)})

    with contextlib.ExitStack() as stack:
        yield {member: stack.enter_context(Server(script(member))) for member in members}


def read(servers: dict[str, Server], protocol: Any, call: float, told: Callable[[Progress], None] = lambda _: None) -> Ring:
    addresses = {member: str(server.target) for member, server in servers.items()}
    access = Access(first=protocol, addresses=addresses, limits=Limits(call=call), login=ACCOUNT)
    return read_ring([Seed(server.target) for server in servers.values()], access, progress=told)


def failures(found: Ring) -> list[Unknown]:
    return [fact for node in found.nodes for name in FACTS if isinstance(fact := getattr(node, name), Unknown)]


@everywhere
def test_a_wrong_password_is_tried_once_in_all(protocol: str, members: tuple[str, ...]) -> None:
    counter = Counter(REFUSED[protocol])
    with ring(protocol, members, lambda _: counter) as servers:
        found = read(servers, protocol, 10)
    assert counter.attempts == 1
    assert len(found.nodes) == len(members)
    denials = [each for each in failures(found) if each.failure is not Failure.NOT_ASKED]
    assert {each.failure for each in denials} == {Failure.DENIED}
    (cause,) = {each.cause for each in denials}
    assert "refused the login" in cause
    for node in found.nodes:
        assert isinstance(node.release, Unknown)
        assert node.release.failure is Failure.DENIED
        assert node.asked in node.release.where
    assert "heim" not in repr(found)


@everywhere
def test_the_right_password_opens_every_node(protocol: str, members: tuple[str, ...]) -> None:
    counter = Counter(ACCEPTED[protocol])
    with ring(protocol, members, lambda _: counter) as servers:
        found = read(servers, protocol, 10)
    assert {each.failure for each in failures(found)} <= {Failure.NOT_ASKED}
    assert counter.attempts == len(members)
    assert [node.release for node in found.nodes] == ["1.1.12" if protocol == "thrift" else "4.1.3"] * len(members)


@pytest.mark.slow
@everywhere
@pytest.mark.parametrize("outcome", ["accepted", "refused"])
def test_a_node_that_swallows_the_login_holds_nobody_up_for_long(
    protocol: str, members: tuple[str, ...], outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orsgate.probes.login._LONGEST_WAIT", 1.0)
    begun = threading.Event()

    def swallow() -> object:
        begun.set()
        return SILENCE

    first = members[0]
    counter = Counter((ACCEPTED if outcome == "accepted" else REFUSED)[protocol])
    done: dict[str, float] = {}
    started = time.monotonic()
    with ring(protocol, members, lambda member: swallow if member == first else counter) as servers:
        swallowing = str(servers[first].target)

        def told(event: Progress) -> None:
            if event.node is not None:
                done[event.asked] = time.monotonic() - started
            elif event.asked != swallowing:
                begun.wait(0 if begun.is_set() else 3)  # the first one is the first to log in

        found = read(servers, protocol, 7, told)
    silent = done.pop(swallowing)
    assert silent > 6
    assert max(done.values()) < silent
    if outcome == "refused":
        assert counter.attempts == 1
    others = [node for node in found.nodes if node.asked != swallowing]
    assert {isinstance(node.release, Unknown) for node in others} == {outcome == "refused"}


@pytest.mark.slow
def test_a_node_that_closes_on_the_login_is_no_refusal() -> None:
    counter = Counter(None)
    with ring("thrift", SOME, lambda member: CLOSE if member == SOME[0] else counter) as servers:
        found = {node.name: node for node in read(servers, "thrift", 5).nodes}
    assert [isinstance(found[member].release, Unknown) for member in SOME] == [True, False, False, False, False]
    assert counter.attempts == len(SOME) - 1


# The gate by itself


def deadline(seconds: float = 5.0) -> Deadline:
    return Limits(call=seconds).deadline()


def refusal() -> ProbeError:
    return denied("node:9160", "no")


def attempt_in_threads(gate: LoginGate, log_in: Callable[[], None], count: int, seconds: float = 5.0) -> list[ProbeError]:
    """The troubles of ``count`` that log in at the same time."""
    together = threading.Barrier(count)
    troubles: list[ProbeError] = []

    def run() -> None:
        together.wait()
        try:
            with gate.attempt("node:9160", deadline(seconds)):
                log_in()
        except ProbeError as error:
            troubles.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return troubles


def test_many_at_once_are_refused_by_one_attempt() -> None:
    attempts: list[int] = []

    def log_in() -> None:
        attempts.append(1)
        raise refusal()

    gate = LoginGate(ACCOUNT)
    troubles = attempt_in_threads(gate, log_in, 32)
    assert len(attempts) == 1
    assert len({id(each) for each in troubles}) == 1
    assert len(troubles) == 32
    with pytest.raises(ProbeError, match="refused the login"):
        gate.check()


def test_after_an_accepted_login_nobody_waits() -> None:
    gate = LoginGate(ACCOUNT)
    with gate.attempt("node:9160", deadline()):
        pass
    together = threading.Barrier(8, timeout=5)

    def log_in() -> None:
        together.wait()

    assert attempt_in_threads(gate, log_in, 8) == []


def test_a_failure_of_another_kind_is_the_business_of_that_node() -> None:
    attempts: list[int] = []

    def log_in() -> None:
        attempts.append(1)
        raise closed("node:9160", "login", THRIFT)

    troubles = attempt_in_threads(LoginGate(ACCOUNT), log_in, 8)
    assert (len(attempts), len(troubles)) == (8, 8)


def test_those_who_waited_in_vain_try_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orsgate.probes.login._LONGEST_WAIT", 0.1)
    gate, hold = LoginGate(ACCOUNT), threading.Event()
    attempts: list[int] = []

    def swallowed() -> None:
        with gate.attempt("node:9160", deadline()):
            hold.wait(5)

    holder = threading.Thread(target=swallowed)
    holder.start()
    while not gate._turn.locked():
        time.sleep(0.001)

    def log_in() -> None:
        attempts.append(1)
        raise refusal()

    try:
        troubles = attempt_in_threads(gate, log_in, 16)
    finally:
        hold.set()
        holder.join()
    assert (len(attempts), len(troubles)) == (1, 16)


def test_whoever_gets_no_turn_does_not_log_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orsgate.probes.login._LONGEST_WAIT", 30)
    gate = LoginGate(ACCOUNT)
    with gate.attempt("node:9160", deadline()):
        started = time.monotonic()
        with (
            pytest.raises(ProbeError, match="other nodes have not answered the login yet") as caught,
            gate.attempt("n", deadline(0.4)),
        ):
            pytest.fail("a second node was logged in to")
        assert time.monotonic() - started > 0.15
    assert caught.value.unknown.failure is Failure.NOT_ASKED


def test_the_password_shows_in_no_text() -> None:
    gate = LoginGate(ACCOUNT)
    shown = [repr(ACCOUNT), str(ACCOUNT), repr(gate), repr(Access(login=ACCOUNT))]
    try:
        with gate.attempt("node:9160", deadline()):
            raise refusal()
    except ProbeError:
        shown.append(traceback.format_exc())
    for text in shown:
        assert ACCOUNT.password not in text
        assert "heim" not in text
