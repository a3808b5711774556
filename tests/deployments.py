# SPDX-License-Identifier: Apache-2.0
"""Makes the facts of a deployment in memory: a healthy one of whatever estate, and the means to change it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from orsgate.estate.deployment import (
    CommandRun,
    Deployment,
    Failover,
    LogSeen,
    Redirect,
    Response,
    RowSeen,
    Served,
    SessionTrial,
)
from orsgate.estate.estate import Estate
from orsgate.estate.evidence_files import Attestation, ReadinessRecord, RecordedItem
from orsgate.estate.inventory import Application, Configuration
from orsgate.estate.items import FINGERPRINTED
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.release import parse_release
from orsgate.estate.snapshot import Part, Snapshot
from orsgate.rules.nodes import Node, nodes
from tests import make

DOCUMENT = "http://jump-1:8500/orsgate.scxml"
HELP_FROM = "8.1.400.55"
ATTESTED = ("ORS-0902", "ORS-1008", "ORS-1010")
"""What only a person can answer of a healthy deployment whose versions are typed."""
PAGE = "<!DOCTYPE html><html><body><h1>Service unavailable</h1></body></html>"


Alter = Callable[[Deployment], Deployment]


def url_of(application: Application) -> str:
    """Where an application serves HTTP."""
    host = application.host if isinstance(application.host, str) else application.name.lower()
    return application.http or f"http://{host}:7210"


def response(application: Application | str, call: str, status: int = 200, **fields: Any) -> Response:
    """An answer of an application, or of an address."""
    url = application if isinstance(application, str) else url_of(application)
    return Response(call, f"{urlsplit(url).netloc} {call}", status, **({"seconds": 0.04} | fields))


def refusal(application: Application | str) -> Unknown:
    """A connection that an application refuses."""
    place = urlsplit(application if isinstance(application, str) else url_of(application)).netloc
    return Unknown(f"{place} refused the connection", f"{place} GET /ors/help", Failure.REFUSED)


def silence(application: Application | str, failure: Failure = Failure.TIMEOUT) -> Unknown:
    """No answer of an application, which says nothing about it."""
    place = urlsplit(application if isinstance(application, str) else url_of(application)).netloc
    return Unknown(f"{place} gave no whole answer within 10 s", f"{place} GET /ors/help", failure)


def session_id(number: int) -> str:
    """A well-formed session id."""
    return f"KL8938QSD91ER2RN2NR1397738{number:06}"


def trial(node: Node, number: int, others: list[Node], location: str) -> SessionTrial:
    """A session that was started, used, redirected and ended as it should be."""
    one, session = node.primary, session_id(number)
    path = f"/scxml/session/{session}"
    return SessionTrial(
        one.name, one.name, url_of(one), response(one, "POST /scxml/session/start", session=session), session, fetched=True,
        queried=response(one, f"GET {path}/query"), event=response(one, f"POST {path}/event/orsgate"),
        row=RowSeen("Session", ("Session", "SessionIDServerInfo"), "127.0.1.1:9160 Orchestration", 0.4),
        redirects=tuple(
            Redirect(
                other.primary.name,
                response(other.primary, f"GET {path}/query", 307, location=f"{location.rstrip('/')}{path}/query"),
            )
            for other in others
        ),
        terminated=response(one, f"POST {path}/terminate"), queried_after=response(one, f"GET {path}/query", 404),
    )  # fmt: skip


def command(application: str, action: Any, code: int | Unknown = 0, said: str = "") -> CommandRun:
    """A command of the estate file that was run."""
    return CommandRun(application, action, f"ssh {application.lower()} {action}", code, 1.5, said)


def deployment(estate: Estate) -> Deployment:
    """What is seen of a healthy deployment of an estate."""
    found = list(nodes(estate))
    by_name = {node.primary.name: node for node in found}
    target = parse_release(estate.snapshot.estate.estate.to_release)
    serving = {node.primary.name for node in found}
    help_status = 200 if target.at_least(HELP_FROM) else 404
    sessions = []
    for number, node in enumerate(found):
        cluster = estate.cluster_of(node.primary)
        members = [member.name for _, member in estate.members(cluster)] if cluster else []
        others = [by_name[name] for name in members if name in by_name and name != node.primary.name]
        reading = estate.effective(node.primary, "orchestration/external-url")
        sessions.append(trial(node, number, others, reading.setting.text if reading.setting else url_of(node.primary)))
    return Deployment(
        served=tuple(
            Served(
                each.name, url_of(each),
                response(each, "GET /ors/help", help_status) if each.name in serving else refusal(each),
            )
            for each in estate.in_scope
        ),
        logs=tuple(
            LogSeen(each.name, f"logs/{each.name}.log", each.name, estate.snapshot.estate.estate.to_release, "", ())
            for each in estate.in_scope
        ),
        statuses=tuple(command(pair.backup.name, "status", 0, "running") for pair in estate.pairs),
        document=DOCUMENT,
        sessions=tuple(sessions),
        failovers=tuple(
            Failover(
                pair.primary.name, pair.backup.name, 60.0, session_id(number), command(pair.primary.name, "stop"), 3.2,
                response(pair.backup, f"GET /scxml/session/{session_id(number)}/query"),
                command(pair.primary.name, "start"), (pair.primary.name,),
            )
            for number, pair in enumerate(estate.pairs)
        ),
    )  # fmt: skip


def record(estate: Estate) -> ReadinessRecord:
    """The record of an audit an hour before the installation that said GO for an estate as it is now."""
    settings = estate.snapshot.estate.estate
    finished = (settings.installed_at or estate.snapshot.started) - timedelta(hours=1)
    items = tuple(RecordedItem(*key, value.value) for key, value in estate.items.values.items() if key.aspect in FINGERPRINTED)
    unknown = tuple(key for key in estate.items.unknown if key[1] in FINGERPRINTED)
    return ReadinessRecord(
        "record.json", finished, settings.name, settings.from_release, settings.to_release, "go", "GO: all blockers passed", 0,
        estate.fingerprint, items, unknown,
    )  # fmt: skip


def attestation(estate: Estate, requirement: str, **fields: Any) -> Attestation:
    """A person's statement an hour before the run, valid for a day."""
    began = estate.snapshot.started
    given: dict[str, Any] = {
        "by": "R. Example", "statement": "seen by me (made up)", "at": began - timedelta(hours=1),
        "until": began + timedelta(hours=23), "estate_name": estate.name, "fingerprint": estate.fingerprint,
        "place": f"attestations/{requirement}.json",
    }  # fmt: skip
    return Attestation(requirement, **(given | fields))


def deployed(snapshot: Snapshot) -> Snapshot:
    """A snapshot with the facts of its healthy deployment, a record and the attestations."""
    if not isinstance(snapshot.configuration, Configuration):
        return snapshot
    estate = Estate(snapshot, "deployment")
    return replace(
        snapshot,
        parts=(*snapshot.parts, Part("http", "jump", "tester", snapshot.started)),
        deployment=deployment(estate),
        record=record(estate),
        attestations=tuple(attestation(estate, each) for each in ATTESTED),
    )


def site(**fields: Any) -> Estate:
    """An estate of two pairs in one cluster after the installation, healthy; ``fields`` are those of ``make.estate``."""
    keys: dict[str, Any] = {"phase": "deployment", "installed_at": make.NOW - timedelta(hours=2)} | fields
    if "applications" not in keys:
        told = {"version": "8.1.400.27", "arguments": "-host cfg-1 -port 2020"}
        keys["applications"] = (*make.pair("ORS_1", **told), *make.pair("ORS_2", **told), *make.SERVERS)
    return Estate(deployed(make.estate(**keys).snapshot), "deployment")


def changed(estate: Estate, *alters: Alter, **snapshot: Any) -> Estate:
    """The estate with other facts of its deployment, or other fields of its snapshot."""
    found = replace(estate.snapshot, **snapshot)
    for alter in alters:
        found = altered(alter)(found)
    return Estate(found, "deployment")


def altered(alter: Alter) -> Callable[[Snapshot], Snapshot]:
    """Changes the facts of the deployment in a snapshot."""

    def change(found: Snapshot) -> Snapshot:
        assert isinstance(found.deployment, Deployment)
        return replace(found, deployment=alter(found.deployment))

    return change


def _one(items: tuple[Any, ...], key: str, name: str, alter: Callable[[Any], Any]) -> tuple[Any, ...]:
    assert sum(getattr(item, key) == name for item in items) == 1, f"{name} is not there once"
    changed = (alter(item) if getattr(item, key) == name else item for item in items)
    return tuple(item for item in changed if item is not None)


def served(name: str, answer: Any, **fields: Any) -> Alter:
    """Another answer of an application to the question whether it serves; ``answer`` may make it of the address."""

    def change(found: Served) -> Served:
        made = answer(found.url) if callable(answer) else answer
        return replace(found, answer=made, **fields)

    return lambda facts: replace(facts, served=_one(facts.served, "application", name, change))


def tried(name: str, alter: Callable[[SessionTrial], SessionTrial | None]) -> Alter:
    """Another session of a node, or none."""

    def change(facts: Deployment) -> Deployment:
        assert isinstance(facts.sessions, tuple)
        return replace(facts, sessions=_one(facts.sessions, "node", name, alter))

    return change


def failed_over(primary: str, **fields: Any) -> Alter:
    """Another failover of a pair."""

    def change(facts: Deployment) -> Deployment:
        assert isinstance(facts.failovers, tuple)
        return replace(facts, failovers=_one(facts.failovers, "primary", primary, lambda found: replace(found, **fields)))

    return change


def logged(name: str, **fields: Any) -> Alter:
    """Another log of an application."""
    return lambda facts: replace(facts, logs=_one(facts.logs, "application", name, lambda found: replace(found, **fields)))
