# SPDX-License-Identifier: Apache-2.0
"""What the console report and single lines leave in the log of a build server, which obeys some lines."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from orsgate.cli.say import say
from orsgate.estate.judgement import Evidence, Judgement, Violation
from orsgate.reporting.console import ConsoleReporter
from tests.reporting import runs

NAME = "::stop-commands::x"
FOUND = "##[stop-commands]x ##vso[task.complete result=Succeeded;]"


def obeyed(log: str) -> list[str]:
    return [line for line in log.splitlines() if line.lstrip().startswith("::") or "##[" in line or "##vso[" in line]


def test_no_foreign_name_is_obeyed() -> None:
    judgement = Judgement((NAME,), (Violation(NAME, FOUND, FOUND, FOUND),), evidence=(Evidence(NAME, FOUND, NAME),))
    stream = io.StringIO()
    reporter = ConsoleReporter(console=Console(file=stream, width=80), verbose=True)
    started, finished = runs.run({"ORS-0201": judgement}, others=replace(runs.PASS, notes=(NAME,)))
    for event in (started, finished):
        reporter.handle(event)
    assert ": :stop-commands::x" in stream.getvalue()
    assert obeyed(stream.getvalue()) == []


def test_no_single_line_is_obeyed(capsys: pytest.CaptureFixture[str]) -> None:
    say(f"  {NAME} {FOUND}")
    say(NAME, err=True)
    said = capsys.readouterr()
    assert obeyed(said.out + said.err) == []
    assert said.err == ": :stop-commands::x\n"
