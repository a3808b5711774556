# SPDX-License-Identifier: Apache-2.0
"""Step 1: the inventory is whole, of the right environment and recent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from fnmatch import fnmatchcase

from orsgate.estate.decisions import unresolved
from orsgate.estate.estate import Estate
from orsgate.estate.export import Export
from orsgate.estate.inventory import Application, Cluster
from orsgate.estate.judgement import Findings, Judgement, not_applicable
from orsgate.estate.knowledge import Basis, Failure, Unknown
from orsgate.estate.mistakes import did_you_mean
from orsgate.estate.wording import listed
from orsgate.rules import times
from orsgate.rules.subjects import every_application
from orsgate.rules.times import CLOCK_TOLERANCE, shown_time

INVENTORY = "inventory"
MOST_NAMES_SEARCHED = 50
"""Names that get a near name among all others; each search takes a while in an estate of ten thousand."""

Reference = tuple[str, str, str]
"""What kind of object is referred to, its name, and where it is referred to."""


def inventory_is_complete(estate: Estate) -> Judgement:
    """Every object that is referred to resolves, and as many ORS applications are in scope as are expected."""
    findings = Findings()
    findings.rests_on(estate.basis)
    check = _References(estate, findings)
    for application in every_application(estate):
        for fact in _unknown_references(estate, application):
            findings.gap(application.name, fact)
        check.resolve(application.name, list(_references(application)), application.origin.at())
    for cluster in estate.clusters:
        check.resolve(cluster.transaction, list(_members(cluster)), cluster.origin.at())
    for gap in estate.configuration.gaps:
        findings.gap(INVENTORY, gap)
    for remark in estate.configuration.remarks:
        findings.note(remark)
    _judge_scope(estate, findings, check)
    _judge_count(estate, findings)
    return findings.judgement()


class _References:
    """Resolves references by name and reports those that name nothing."""

    def __init__(self, estate: Estate, findings: Findings) -> None:
        self._estate = estate
        self._findings = findings
        self._searched = 0

    def resolve(self, whose: str, references: list[Reference], where: str) -> None:
        """Report those of ``references`` that name no application."""
        known = self._estate.applications
        missing = [reference for reference in references if reference[1] not in known]
        for kind, name, place in missing:
            self.missing(whose, kind, name, place)
        if not missing:
            named = [f"{kind} {name}" for kind, name, _ in references]
            self._findings.evidence(whose, f"{listed(named)} found" if named else "refers to nothing", where)

    def missing(self, whose: str, kind: str, name: str, where: str) -> None:
        """Report a name that names nothing: hidden from a live source perhaps, in files certainly wrong."""
        unknown = unresolved(self._estate, whose, kind, name, where)
        if self._estate.configuration.by_account:
            self._findings.gap(whose, unknown)
            return
        self._searched += 1
        near = did_you_mean(name, self._estate.applications) if self._searched <= MOST_NAMES_SEARCHED else ""
        self._findings.violation(whose, unknown.cause + near, f'an object "{name}"', where)


def _references(application: Application) -> Iterator[Reference]:
    if isinstance(application.backup, str):
        yield "backup", application.backup, application.origin.at("backup")
    if not isinstance(application.connections, Unknown):
        for name in application.connections:
            yield "connection", name, application.origin.at("connections")


def _members(cluster: Cluster) -> Iterator[Reference]:
    for member in cluster.members or ():
        if member.enabled:
            yield "cluster member", member.application, cluster.where(member)


def _unknown_references(estate: Estate, application: Application) -> Iterator[Unknown]:
    """References that could not be read; host and tenants are objects of their own only in a live source."""
    facts: list[object] = [application.backup, application.connections]
    if estate.configuration.by_account:
        connected = () if isinstance(application.connections, Unknown) else application.connections
        servers = (estate.applications[name] for name in connected if name in estate.applications)
        for each in (application, *servers):
            facts += [each.host, each.tenants]
    yield from (fact for fact in facts if isinstance(fact, Unknown) and fact.failure is not Failure.NOT_GIVEN)


def _judge_scope(estate: Estate, findings: Findings, check: _References) -> None:
    """What the estate file leaves out or picks; with files a wrong name there has ended the run before."""
    file, where = estate.snapshot.estate, estate.snapshot.estate_where
    servers = {application.name for application in estate.configuration.applications if application.is_ors}
    transactions = {cluster.transaction for cluster in estate.configuration.clusters}
    for name in file.scope.clusters or ():
        if name not in transactions:
            check.missing("[scope] clusters", "cluster", name, where("scope.clusters"))
    for name in file.estate.without_multimedia:
        if name not in servers:
            check.missing("[estate] without_multimedia", "application", name, where("estate.without_multimedia"))
    for exclusion in file.scope.exclude:
        if not any(fnmatchcase(name, exclusion.application) for name in servers):
            found = f'[scope] exclude "{exclusion.application}" matches no ORS application'
            findings.violation(INVENTORY, found, "no exclusion that leaves nothing out", where("scope.exclude"))


def _judge_count(estate: Estate, findings: Findings) -> None:
    count, expected = len(estate.in_scope), estate.snapshot.estate.estate.expected_applications
    where = estate.snapshot.estate_where("estate.expected_applications")
    left_out = "".join(
        f"; {what}: {listed(names)}"
        for what, names in (
            ("excluded", [excluded.name for excluded in estate.scope.excluded]),
            ("disabled", list(estate.scope.disabled)),
        )
        if names
    )
    found = f"{count} ORS application{'' if count == 1 else 's'} in scope{left_out}"
    if expected is not None and count != expected:
        findings.violation(INVENTORY, found, f"{expected}, as expected_applications says", where)
    elif count == 0 and estate.configuration.by_account:
        cause = f"no ORS application is visible to this account, or all are left out{left_out}"
        findings.gap(INVENTORY, Unknown(cause, where, Failure.DENIED))
    elif count == 0:
        findings.violation(INVENTORY, found, "at least one", where)
    if expected is None:
        findings.note("expected_applications is not given, so nothing tells whether an ORS application was forgotten")
    findings.evidence(INVENTORY, found + _read_as(estate), where)


def _read_as(estate: Estate) -> str:
    """With which account a source was read, since it decides what is seen."""
    read = estate.configuration
    return f"; read from {read.source} {read.address} with the account {read.account}" if read.by_account else ""


def right_environment(estate: Estate) -> Judgement:
    """What the source says of itself is what ``[configuration] server`` says it must be.

    That is the Configuration Server that it reads, or the address of GAX or GWS itself; where one of the two has no port, the
    hosts are compared.
    """
    expected = estate.snapshot.estate.configuration.server
    where = estate.snapshot.estate_where("configuration.server")
    if not estate.configuration.by_account:
        return not_applicable("the configuration is read from files, which cannot say what they were exported from")
    if expected is None:
        return not_applicable("[configuration] server is not given, so any environment is the right one", Basis.DECLARED)
    findings = Findings()
    server, source = estate.configuration.server, f"the source {estate.configuration.source}"
    if estate.configuration.address and _is_server(estate.configuration.address, expected):
        findings.evidence(source, f"it is {estate.configuration.address}", where)
    elif isinstance(server, str):
        if _may_be_server(server, expected):
            cause = f"whether {server}, as {source} says, is {expected} is not known; write it so in [configuration] server"
            findings.gap(source, Unknown(cause, where, Failure.REJECTED))
        elif not _is_server(server, expected):
            findings.violation(source, server, f"{expected}, as [configuration] server says", where)
        findings.evidence(source, f"says of itself: {server}", where)
    else:
        findings.gap(source, server or Unknown(f"{source} does not say what it is", where, Failure.REJECTED))
    return findings.judgement()


def _is_server(said: str, expected: str) -> bool:
    """Whether one of the servers in ``said`` (separated by commas) is ``expected``; letter case does not count in hosts."""
    wanted, port = _host_and_port(expected)
    found = map(_host_and_port, said.split(","))
    return any(host == wanted and (not port or not its_port or port == its_port) for host, its_port in found)


def _may_be_server(said: str, expected: str) -> bool:
    """Whether one of the servers in ``said`` may be ``expected``: one has a domain, and the other does not."""
    if _is_server(said, expected):
        return False
    wanted, port = _host_and_port(expected)
    for host, its_port in map(_host_and_port, said.split(",")):
        same_port = not port or not its_port or port == its_port
        if same_port and ("." in host) != ("." in wanted) and host.split(".")[0] == wanted.split(".")[0]:
            return True
    return False


def _host_and_port(server: str) -> tuple[str, str]:
    """Host in lower case, without brackets, and port; empty where there is none."""
    given = server.strip().casefold()
    found = re.fullmatch(r"\[(?P<v6>[^\]]*)\](?::(?P<v6_port>\d+))?|(?P<host>[^:]*):(?P<port>\d+)", given)
    if found is None:
        return given, ""
    return found["v6"] or found["host"] or "", found["v6_port"] or found["port"] or ""


def exports_are_recent(estate: Estate, hours: int = 24) -> Judgement:
    """The current exports were made at most ``hours`` before the run, as ``[configuration] exported_at`` says."""
    if estate.configuration.live:
        return not_applicable("the configuration is read live")
    findings = Findings()
    exported = estate.snapshot.estate.configuration.exported_at
    where = estate.snapshot.estate_where("configuration.exported_at")
    findings.subject("current exports")
    for application in every_application(estate):
        if isinstance(application.options, Export) and application.options.modified:
            text = f"file time {application.options.modified} (shown, not judged)"
            findings.evidence(application.name, text, application.options.place)
    if exported is None:
        findings.manual("say when the current exports were made: exported_at in [configuration]")
        return findings.judgement()
    findings.rests_on(Basis.DECLARED)
    age = estate.snapshot.started - exported
    both = f"exported_at {shown_time(exported)}, and the run began {shown_time(estate.snapshot.started)}"
    if age > timedelta(hours=hours):
        found = f"{both}: {times.hours(age)} before"
        findings.violation("current exports", found, f"at most {hours} hours before the run", where)
    elif age < -CLOCK_TOLERANCE:
        findings.violation("current exports", f"{both}: a time to come", "a time before the run", where)
    findings.evidence("current exports", both, where)
    return findings.judgement()
