# SPDX-License-Identifier: Apache-2.0
"""What the tests of a deployment left behind stands in every report, and whole."""

from __future__ import annotations

import io
import json
from dataclasses import replace

from rich.console import Console

from orsgate.estate.deployment import Deployment, Failover, SessionTrial
from orsgate.estate.estate import Estate
from orsgate.estate.knowledge import Unknown
from orsgate.reporting.console import ConsoleReporter
from orsgate.reporting.html.render import HtmlReporter
from orsgate.reporting.results_json import JsonReporter
from orsgate.verdict.events import Reporter
from tests.reporting import runs

LEFT = tuple(f"session {number} is open; end it with: curl -X POST http://ors-{number}:7210/terminate" for number in range(9))
STOPPED = "ORS_1 is stopped; start it with: ssh ors-1 start"


def told(reporter: Reporter, deployment: Deployment | None) -> None:
    started, finished = runs.every_outcome()
    snapshot = replace(started.estate.snapshot, deployment=deployment)
    reporter.handle(replace(started, estate=Estate(snapshot, "deployment")))
    reporter.handle(finished)


def deployment() -> Deployment:
    trials = tuple(SessionTrial("ORS_1", "ORS_1", "", Unknown("no answer"), left_behind=left) for left in LEFT)
    return Deployment(sessions=trials, failovers=(Failover("ORS_1", "ORS_1_B", 60.0, left_behind=(STOPPED,)),))


def test_the_console_shows_all_of_it() -> None:
    stream = io.StringIO()
    told(ConsoleReporter(console=Console(file=stream, width=80)), deployment())
    text = stream.getvalue()
    assert all(f"  {left}\n" in text for left in (*LEFT, STOPPED))
    assert text.index("Left behind by the tests") < text.index(LEFT[0])


def test_so_do_json_and_html() -> None:
    stream = io.StringIO()
    told(JsonReporter(stream), deployment())
    assert json.loads(stream.getvalue())["left_behind"] == [*LEFT, STOPPED]
    page = io.StringIO()
    told(HtmlReporter(page), deployment())
    assert all(left in page.getvalue() for left in (*LEFT, STOPPED))


def test_nothing_is_said_where_nothing_was_left() -> None:
    for found in (None, Deployment()):
        stream = io.StringIO()
        told(ConsoleReporter(console=Console(file=stream, width=80)), found)
        assert "Left behind" not in stream.getvalue()
