# SPDX-License-Identifier: Apache-2.0
"""The newest logs of the applications, and the troubles in them (step 10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from orsgate.estate.deployment import LogLine, LogSeen
from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Application
from orsgate.estate.judgement import Findings, Judgement
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.wording import listed
from orsgate.rules.subjects import every_application
from orsgate.rules.times import CLOCK_TOLERANCE, shown_time


def logs_by_application(estate: Estate) -> Mapping[str, LogSeen | Unknown]:
    """Name of an application whose log the estate file names -> its newest log, or why it was not read."""
    read: dict[str, LogSeen | Unknown] = {log.application: log for log in estate.deployment.logs}
    for entry in estate.snapshot.estate.application:
        if entry.log is not None and entry.name not in read:
            read[entry.name] = Unknown(f"the log {entry.log} was not read; collect the part http", failure=Failure.NOT_ASKED)
    return read


def newest_logs(estate: Estate, findings: Findings) -> Iterator[tuple[Application, LogSeen]]:
    """Each application whose newest log was read, with it; one that was not read is a gap, one that nobody named is nothing."""
    logs = logs_by_application(estate)
    for application in every_application(estate):
        log = logs.get(application.name)
        findings.subject(application.name)
        if isinstance(log, Unknown):
            findings.gap(application.name, log)
        elif log is not None:
            yield application, log


def without_log(estate: Estate) -> list[str]:
    """The applications whose log nobody named, so that a person looks."""
    logs = logs_by_application(estate)
    return [application.name for application in every_application(estate) if application.name not in logs]


def of_another(application: Application, log: LogSeen) -> str:
    """That a log is of another application, in words; empty where it is not, or where its head does not tell."""
    if isinstance(log.application_name, Unknown) or log.application_name == application.name:
        return ""
    return f"the log is of the application {log.application_name}"


def older_than_the_installation(estate: Estate, log: LogSeen) -> Unknown | None:
    """Why a log that is from before the installation tells nothing; None where it is not, or where that cannot be told."""
    installed = estate.snapshot.estate.estate.installed_at
    try:
        started = datetime.fromisoformat(log.started.strip())
    except ValueError:
        return None
    if installed is None:
        return None
    started = started.replace(tzinfo=UTC) if started.tzinfo is None else started
    if started >= installed - CLOCK_TOLERANCE:
        return None
    old = f"it was started {shown_time(started)}, and installed_at is {shown_time(installed)}"
    return Unknown(f"the log {log.place} may be an old one: {old}", log.place, Failure.UNREADABLE)


def no_trouble_since_start(estate: Estate) -> Judgement:
    """No newest log tells of connection or Cassandra errors since the start; a person attests it where no log is named."""
    findings = Findings()
    for application, log in newest_logs(estate, findings):
        name = application.name
        if isinstance(log.troubles, Unknown):
            findings.gap(name, log.troubles)
        elif other := of_another(application, log):
            findings.gap(name, Unknown(f"{log.place}: {other}", log.place))
        elif estate.upgraded(application) is not False and (old := older_than_the_installation(estate, log)):
            findings.gap(name, old)
        elif log.troubles:
            _tell(findings, name, log, log.troubles)
        else:
            findings.evidence(name, "no connection or Cassandra error since the start", log.place)
    if without := without_log(estate):
        findings.manual(
            "read the newest log for connection and Cassandra errors since the start, and attest it for "
            f"{listed(without)}; or name the log of each (log in its [[application]])"
        )
    return findings.judgement()


def _tell(findings: Findings, name: str, log: LogSeen, troubles: tuple[LogLine, ...]) -> None:
    first = troubles[0]
    count = len(troubles) + log.more
    others = f", and {count - 1} more such line{'s' * (count > 2)}" if count > 1 else ""
    where = f"{log.place}:{first.line}" if first.line else log.place
    findings.violation(name, f"{first.text}{others}", "no connection or Cassandra error since the start", where)
    for trouble in troubles:
        findings.evidence(name, trouble.text, f"{log.place}:{trouble.line}" if trouble.line else log.place)
