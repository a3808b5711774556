# SPDX-License-Identifier: Apache-2.0
"""kill -9 and Ctrl-C of ``orsgate verify --active`` at several moments: every session is ended, or named, and nothing stays down.

The twins' own lists of sessions are the witness.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from orsgate.collection.trials.document import EVENT
from orsgate.estate.file import load_estate_file
from orsgate.sandbox.site.site import Site
from orsgate.sandbox.twins.ors_lies import Lies, variants
from tests.acceptance.conftest import ROOT, environment
from tests.acceptance.deployments.case import Case
from tests.acceptance.deployments.workplace import Workplace, workplace
from tests.sandbox.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="SIGKILL is of POSIX")]
__all__ = ["workplace"]

NAMES = ("ORS_A1", "ORS_A1_B", "ORS_A2", "ORS_A2_B", "ORS_B1", "ORS_B1_B")
SLOW = {name: [variants.AnswersSlowly(0.4)] for name in NAMES}
"""Every answer takes a while, so that each moment lasts."""


def asked(site: Site, call: str) -> int:
    """How many requests the twins received whose path ends so, the name of an event left out."""
    paths = [each.path for twin in site.twins.values() for each in twin.requests]
    return sum(path.removesuffix(f"/{EVENT}").endswith(call) for path in paths)


def told_to_answer_at_once(site: Site) -> None:
    for twin in site.twins.values():
        twin.lies = Lies()


def living(site: Site) -> dict[str, str]:
    """Id -> application, of the sessions that the twins hold."""
    return {session: name for name, twin in site.twins.items() for session in twin.sessions}


@dataclass(frozen=True)
class Moment:
    """When the program is ended."""

    name: str
    reached: Callable[[Site], bool]


MOMENTS = (
    Moment("asks who serves", lambda site: asked(site, "/ors/help") >= 3),
    Moment("the first start is sent", lambda site: asked(site, "/session/start") >= 1),
    Moment("a session lives and no answer tells it", lambda site: len(living(site)) >= 1),
    Moment("three sessions live", lambda site: len(living(site)) == 3),
    Moment("an event is sent", lambda site: asked(site, "/event") >= 1),
    Moment("a query is sent", lambda site: asked(site, "/query") >= 1),
    Moment("other nodes are asked", lambda site: asked(site, "/query") >= 6),
    Moment("an end is sent", lambda site: asked(site, "/terminate") >= 1),
    Moment("a session is over", lambda site: asked(site, "/terminate") >= 3 and len(living(site)) < 3),
)  # fmt: skip


class Run:
    """The program, in a process of its own.

    Args:
        site: is verified.
        results: where the results go.
        disruptive: servers are stopped, too.
    """

    def __init__(self, site: Site, results: Path, *, disruptive: bool = False) -> None:
        self.results = results
        confirm = ["--disruptive", "--confirm", load_estate_file(site.estate_file).file.estate.name] if disruptive else []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "orsgate", "verify", str(site.estate_file), "--active", "--serve", "127.0.0.1:0", "--json",
             str(results), *confirm],
            env=environment(ROOT), text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True,
        )  # fmt: skip

    def ended(self) -> tuple[int, str]:
        """Its exit code and what it wrote."""
        out, err = self.process.communicate(timeout=90)
        return self.process.returncode, out + err

    def at(self, condition: Callable[[], bool], what: str) -> None:
        """Waits for a moment; fails if the program ends before."""
        until(lambda: self.process.poll() is not None or condition(), what, timeout=60)
        assert self.process.poll() is None, self.ended()

    @property
    def notes(self) -> str:
        """The notes of all requirements."""
        report = json.loads(self.results.read_text(encoding="utf-8"))
        return "\n".join(note for result in report["results"] for note in result["notes"])


@contextmanager
def running(site: Site, results: Path, *, disruptive: bool = False) -> Iterator[Run]:
    run = Run(site, results, disruptive=disruptive)
    try:
        yield run
    finally:
        if run.process.poll() is None:
            run.process.kill()
            run.process.communicate()


def unnamed(site: Site, notes: str) -> list[str]:
    """The sessions that live and of which no note tells a person how to end or to find them."""
    return [
        session
        for session, application in living(site).items()
        if not (f"/scxml/session/{session}/terminate" in notes or f"({application}) at " in notes)
    ]


def idle(site: Site) -> None:
    """Waits until no request of a process that is gone is worked on any more: what was sent before counts."""
    seen = -1

    def same() -> bool:
        nonlocal seen
        before, seen = seen, sum(len(twin.requests) for twin in site.twins.values()) + 1000 * len(living(site))
        return seen == before

    until(same, "the twins are idle")


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment.name)
def test_what_a_killed_run_left_is_ended_or_named_by_the_next(moment, workplace: Workplace, tmp_path):
    with workplace.site(Case(f"killed {moment.name}", lies=SLOW)) as site:
        with running(site, tmp_path / "first.json") as first:
            first.at(lambda: moment.reached(site), moment.name)
            first.process.send_signal(signal.SIGKILL)
            assert first.ended()[0] == -signal.SIGKILL
        idle(site)
        told_to_answer_at_once(site)
        left = living(site)
        with running(site, tmp_path / "second.json") as second:
            code, said = second.ended()
        assert code in {1, 3}, said
        assert "Traceback" not in said
        assert unnamed(site, second.notes) == [], second.notes
        assert set(living(site)) <= set(left), "the second run left a session of its own"
        for session, application in left.items():
            assert session in second.notes or f"({application}) at " in second.notes, second.notes
        with running(site, tmp_path / "third.json") as third:
            third.ended()
        assert "earlier run" not in third.notes
        assert set(living(site)) <= set(left)


@pytest.mark.parametrize("moment", MOMENTS[1::2], ids=lambda moment: moment.name)
def test_an_interruption_ends_or_names_everything_itself(moment, workplace: Workplace, tmp_path):
    with workplace.site(Case(f"interrupted {moment.name}", lies=SLOW)) as site:
        with running(site, tmp_path / "r.json") as run:
            run.at(lambda: moment.reached(site), moment.name)
            run.process.send_signal(signal.SIGINT)
            code, said = run.ended()
        assert code == 130, said
        assert "Traceback" not in said
        report = json.loads(run.results.read_text(encoding="utf-8"))
        assert (report["verdict"], report["exit_code"]) == ("no_go", 130)  # there is no ring, which is known
        assert "interrupted" in said
        idle(site)
        assert unnamed(site, run.notes) == [], run.notes


def stopped(site: Site) -> list[str]:
    return [name for name in NAMES if site.status(name) == "stopped"]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=["kill", "interruption"])
def test_a_server_that_was_stopped_runs_again(number, workplace: Workplace, tmp_path):
    """After a kill by the next run, which may stop and start servers; after an interruption by the run itself."""
    with workplace.site(Case("stopped", disruptive=True)) as site:
        with running(site, tmp_path / "first.json", disruptive=True) as first:
            first.at(lambda: bool(stopped(site)), "a Primary is stopped")
            first.process.send_signal(number)
            code, said = first.ended()
        if number == signal.SIGINT:
            assert code == 130, said
            assert stopped(site) == []
            assert unnamed(site, first.notes) == [], first.notes
            return
        idle(site)
        left = living(site)
        down = stopped(site)
        with running(site, tmp_path / "named.json") as second:
            second.ended()
        for name in down:
            assert f"{name} was stopped by an earlier run" in second.notes
            assert "start it (orsgate does with --disruptive): " in second.notes
        assert set(living(site)) <= set(left)
        assert unnamed(site, second.notes) == [], second.notes
        with running(site, tmp_path / "third.json", disruptive=True) as third:
            third.ended()
        assert stopped(site) == []
        for name in down:
            assert f"{name} was stopped by an earlier run" in third.notes
            assert "it was started now" in third.notes
