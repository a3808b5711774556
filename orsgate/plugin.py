# SPDX-License-Identifier: Apache-2.0
"""The pytest plugin of the harness: its options, markers and the fixtures ``case`` and ``estate``."""

from __future__ import annotations

from typing import Literal, get_args

import pytest

from orsgate.estate.estate import Estate
from orsgate.gate import CASE, Gate
from orsgate.rules.catalogue import catalogue
from orsgate.verdict.case import Case

GATE = "orsgate-gate"
"""The name under which the gate is registered with pytest."""

Environment = Literal["embedded", "containers", "live"]
"""Where the rings of tests run: processes of this machine, containers of its Docker daemon, or nowhere."""

_MARKS = ("readiness", "deployment", "rehearsal", "blocker", "warning", "advice", "active", "disruptive", "manual")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the gate."""
    group = parser.getgroup("orsgate")
    group.addoption("--estate", metavar="FILE", help="judge the requirements on this estate instead of running tests/")
    group.addoption(
        "--phase", choices=("readiness", "deployment"), default="readiness", help="what to judge (default: readiness)"
    )
    group.addoption(
        "--waivers",
        metavar="FILE",
        action="append",
        default=[],
        help="accept the exceptions in this file, with --estate; repeatable",
    )
    group.addoption("--allow-wide-waivers", action="store_true", help='let subjects such as "*" waive blockers as well')
    group.addoption("--allow-http", action="store_true", help="let the account of GAX or GWS be sent to another host without TLS")
    group.addoption(
        "--environment",
        choices=get_args(Environment),
        help="where tests have their Cassandra rings: processes on this machine (embedded, the default), "
        "Docker (containers), or nowhere (live, which is what --estate means)",
    )


def environment_of(config: pytest.Config) -> Environment:
    """The environment that was asked for: ``live`` with ``--estate``, else ``embedded`` by default."""
    named: Environment | None = config.getoption("--environment")
    return named or ("live" if config.getoption("--estate") else "embedded")


def pytest_configure(config: pytest.Config) -> None:
    """Register the tags as markers, and with ``--estate`` collect the estate."""
    for name in (*_MARKS, *catalogue()):
        config.addinivalue_line("markers", f"{name}: a tag of a requirement")
    if config.getoption("--estate") and not config.pluginmanager.has_plugin(GATE):
        from orsgate.standalone import StandaloneGate  # noqa: PLC0415 - only with --estate

        config.pluginmanager.register(StandaloneGate.from_config(config), GATE)


@pytest.fixture
def estate(request: pytest.FixtureRequest) -> Estate:
    """The estate that is judged."""
    gate = request.config.pluginmanager.get_plugin(GATE)
    if not isinstance(gate, Gate):
        raise pytest.UsageError("the requirements need an estate: pytest --estate FILE, or orsgate audit FILE")
    return gate.run.estate


@pytest.fixture
def case(request: pytest.FixtureRequest, estate: Estate) -> Case:
    """The case of the running scenario, to which its steps hand over their judgement."""
    made = Case(estate)
    request.node.stash[CASE] = made
    return made
