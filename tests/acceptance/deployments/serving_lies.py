# SPDX-License-Identifier: Apache-2.0
"""Deployments in which the wrong servers run or answer, or logs and commands do not say what they should."""

from __future__ import annotations

from dataclasses import replace

from orsgate.sandbox.site.site import Site
from orsgate.sandbox.twins.ors_calls import Kind
from orsgate.sandbox.twins.ors_lies import Lie, servers, transport
from tests.acceptance.deployments.case import Case, SiteChange, outcomes

ONE, BACKUP = "ORS_A1", "ORS_A1_B"
NO_SESSION = "1004 1005 1006 1012"
"""What cannot be judged where a node gave no session."""
SILENT_NODE = outcomes(blocked=f"1001 1003 {NO_SESSION}")
"""A node of which neither an answer nor a refusal is known."""


def _stop(*names: str) -> SiteChange:
    def happens(site: Site) -> None:
        for name in names:
            site.stop_application(name)

    return happens


def _install(build: str, *names: str) -> SiteChange:
    """Installs another build than the target."""

    def happens(site: Site) -> None:
        for name in names:
            site.stop_application(name)
            site.upgrade(name, build)
        for name in names:
            site.start_application(name)

    return happens


def _set(name: str, key: str, value: str | None) -> SiteChange:
    return lambda site: site.set_option(name, key, value)


def _hung(lie: Lie) -> Case:
    """A Primary of which no call is ever answered as it should be."""
    return Case(f"{type(lie).__name__}, whatever is asked", SILENT_NODE, {ONE: [lie]})


def _at_start(lie: transport.Transport) -> Case:
    """A Primary whose start begins a session that no answer names."""
    lies = {ONE: [replace(lie, calls=frozenset({"start"}))]}
    return Case(
        f"{type(lie).__name__} of the start", outcomes(blocked=f"1003 {NO_SESSION}"), lies,
        named="a session may have been started at .* the document was fetched",
    )  # fmt: skip


def _at(kind: Kind, lie: transport.Transport, blocked: str) -> Case:
    return Case(
        f"{type(lie).__name__} of {kind}", outcomes(blocked=blocked), {ONE: [replace(lie, calls=frozenset({kind}))]}
    )  # fmt: skip


CASES = (
    Case("another build runs than is registered", outcomes(fail="0906"), {ONE: [servers.WrongBuildInLog()]}),
    Case("the log tells no build", outcomes(manual="0906"), {ONE: [servers.NoBuildInLog()]}),
    Case("the log is of another application", outcomes(fail="0906", blocked="1011"), {ONE: [servers.LogOfAnother()]}),
    Case("the log is from before the installation", outcomes(blocked="0906 1011"), {ONE: [servers.OldLog()]}),
    Case("there is no log", outcomes(blocked="0906 1011"), {ONE: [servers.NoLog()]}),
    Case("the log tells of Cassandra errors", outcomes(fail="1011"), {ONE: [servers.CassandraErrorsInLog()]}),
    Case("the log tells of a lost connection", outcomes(fail="1011"), {ONE: [servers.ConnectionErrorsInLog()]}),
    Case("HTTP on the Backup", outcomes(fail="1002"), {BACKUP: [servers.HttpInStandby()]}),
    Case("two Primaries", outcomes(fail="1002"), {BACKUP: [servers.SecondPrimary()]}),
    Case(
        "HTTP on the Backup, which never answers", outcomes(blocked="1002"),
        {BACKUP: [servers.HttpInStandby(), transport.Silent()]},
    ),
    Case("every session is taken for an own one", outcomes(fail="1006"), {ONE: [servers.OwnsEverySession()]}),
    Case("the Backup was never started", outcomes(fail="1009", blocked="0906 1011"), {BACKUP: [servers.NeverStarted()]}),
    Case("the Backup runs no more", outcomes(fail="1009"), happens=_stop(BACKUP)),
    Case("the status command denies the Backup", outcomes(fail="1009"), {BACKUP: [servers.StatusFails()]}),
    Case("the status command hangs", outcomes(blocked="1009"), {BACKUP: [servers.StatusHangs()]}),
    Case("the Primary runs and listens nowhere", outcomes(fail="1001", blocked=f"1003 {NO_SESSION}"), {ONE: [servers.Deaf()]}),
    Case(
        "a whole pair is down", outcomes(fail="1001 1009", blocked=f"1003 {NO_SESSION}"), happens=_stop(BACKUP, ONE),
    ),
    Case("the old release on a Primary", outcomes(fail="0307 0902 0906"), happens=_install("8.1.300.50", ONE)),
    Case("another build on a Backup", outcomes(fail="0307 0902 0906"), happens=_install("8.1.400.26", BACKUP)),
    Case("another build on a pair", outcomes(fail="0902 0906"), happens=_install("8.1.400.26", BACKUP, ONE)),
    Case(
        "an option changed after the record", outcomes(fail="0305 0901 0904", manual="1008 1010"),
        happens=_set(ONE, "scxml/system-id", "7"),
    ),
    Case(
        "an external-url that nothing planned", outcomes(fail="0901 0904", manual="1008 1010"),
        happens=_set(ONE, "orchestration/external-url", "http://elsewhere.example.com:7210"),
    ),
    *map(_hung, (
        transport.SlowFirstByte(), transport.HangsInBody(), transport.Silent(), transport.Trickles(),
        transport.ClosesUnanswered(), transport.TruncatesBody(), transport.Garbage(), transport.EndlessBody(),
        transport.HugeBody(), transport.HugeHeaders(), transport.DiesAtCall(),
    )),
    Case(
        "every call is redirected for ever", outcomes(fail="1003 1006", blocked="1004 1005 1012"),
        {ONE: [transport.LoopsRedirects()]},
    ),
    *map(_at_start, (
        transport.SlowFirstByte(), transport.HangsInBody(), transport.Trickles(), transport.TruncatesBody(),
        transport.HugeHeaders(),
    )),
    _at("query", transport.SlowFirstByte(), "1004 1006 1012"),
    _at("query", transport.HangsInBody(), "1004 1012"),  # a 307 has no body to hang in
    _at("event", transport.HangsInBody(), "1004"),
    _at("event", transport.Garbage(), "1004"),
    _at("terminate", transport.SlowFirstByte(), "1004 1012"),
    _at("terminate", transport.TruncatesBody(), "1004 1012"),
    Case(
        "success for everything", outcomes(fail="1006 1012"), {ONE: [transport.SuccessForEverything()]},
        named="still answered for",
    ),
)  # fmt: skip
