# SPDX-License-Identifier: Apache-2.0
"""Step 10: test the deployment."""

from __future__ import annotations

from dataclasses import replace

from orsgate.estate.deployment import LogLine, RowSeen
from orsgate.estate.knowledge import Failure, Unknown
from tests.deployments import PAGE, command, failed_over, logged, refusal, response, served, silence, tried
from tests.faults.installing import attested, deployment, fault, not_attested
from tests.faults.trying import (
    after,
    answered,
    by_hand,
    located,
    no_session,
    no_status,
    not_serving,
    redirects,
    statuses,
    trial,
    whole,
)
from tests.faults.workshop import expect, in_application, put, snapshot

_E, _ALL = "estate.toml", "exports/ORS_*.cfg"
_EXTERNAL = "orchestration/external-url"
_A1, _A2, _B1 = "http://ors-a1:7210", "http://ors-a2:7210", "http://ors-b1:7210"
_START = "POST /scxml/session/start"
_OF_A_SESSION = "ORS-1004 ORS-1005 ORS-1006 ORS-1012"
"""What needs a session that was started."""
_ACTIVE = f"ORS-1003 {_OF_A_SESSION}"


_NO_ROW = RowSeen("", ("Session", "SessionIDServerInfo"), "127.0.1.1:9160 Orchestration", 30.0)
_NOWHERE = Unknown("ors-a1-b:7210 cannot be reached from here", "ors-a1-b:7210", Failure.UNREACHABLE)
_REFUSED = Unknown("ORS_A1_B refused HTTP for 60 s", "ors-a1-b:7210", Failure.REFUSED)
_OVERDUE = Unknown(
    "the status command of ORS_A1_B had not ended after 30 s and was ended", "ssh ors-a1-b status", Failure.TIMEOUT
)
_BUSY = response(_A1, _START, 503, body=PAGE)

FAULTS = (
    fault(
        "neither of a pair serves", expect(fail="ORS-1001", blocked=f"{_ACTIVE}"), not_serving("ORS_A1"),
    ),
    fault(
        "a Primary gives no answer in time", expect(blocked=f"ORS-1001 {_ACTIVE}"), not_serving("ORS_A1", silence),
    ),
    fault(
        "a Primary hangs in the body, and so does its Backup", expect(blocked=f"ORS-1001 ORS-1002 {_ACTIVE}"),
        not_serving("ORS_A1", silence), deployment(served("ORS_A1_B", silence)),
    ),
    fault(
        "what answers in place of a Primary speaks no HTTP", expect(blocked=f"ORS-1001 {_ACTIVE}"),
        not_serving("ORS_A1", lambda url: silence(url, Failure.GARBLED)),
    ),
    fault(
        "the address of a Primary is not known", expect(blocked=f"ORS-1001 {_ACTIVE}"),
        not_serving("ORS_A1", lambda _: silence("http://nowhere:1", Failure.NOT_GIVEN)),
        deployment(served("ORS_A1", silence, url="")),
    ),
    fault(
        "a Primary is said to serve no HTTP", expect(blocked=f"ORS-1001 {_ACTIVE}"),
        in_application("ORS_B1", 'host = "ors-b1"\n', 'host = "ors-b1"\nhttp = false\n'), not_serving("ORS_B1", silence),
    ),
    fault(
        "both of a pair serve", "ORS-1002", deployment(served("ORS_A1_B", lambda url: response(url, "GET /ors/help", 404))),
    ),
    fault(
        "a Backup gives a page of errors, and its Primary serves", "ORS-1002",
        deployment(served("ORS_B1_B", lambda url: response(url, "GET /ors/help", 503, body=PAGE))),
    ),
    fault("a Backup does not refuse, it is silent", expect(blocked="ORS-1002"), deployment(served("ORS_A2_B", silence))),
    fault(
        "nobody can tell what a Backup does", expect(blocked="ORS-1002"),
        deployment(served("ORS_A2_B", lambda url: silence(url, Failure.UNREACHABLE))),
    ),
    fault("the part http was not collected", expect(blocked=f"ORS-0906 ORS-1001 ORS-1002 {_ACTIVE} ORS-1007 ORS-1009 ORS-1011"),
        snapshot(lambda found: replace(found, deployment=None)),
    ),
    fault("the active tests were not asked for", expect(skipped=_ACTIVE), whole(sessions=None)),
    fault("the disruptive test was not asked for", expect(skipped="ORS-1007"), whole(failovers=None)),
    fault(
        "the sessions could not be tried", expect(blocked=_ACTIVE),
        whole(sessions=Unknown("the address 0.0.0.0:80 for the test document is in use", "0.0.0.0:80", Failure.DENIED)),
    ),
    fault(
        "a node was not tried", expect(blocked=_ACTIVE), deployment(tried("ORS_A2", lambda _: None)),
    ),
    fault(
        "a start is answered with an error", expect(fail="ORS-1003", blocked=_OF_A_SESSION), no_session(_BUSY, fetched=True),
    ),
    fault(
        "a start gives 200 and a page of errors", expect(fail="ORS-1003", blocked=_OF_A_SESSION),
        no_session(response(_A1, _START, body=PAGE)),
    ),
    fault(
        "a start gives 200 and no session", expect(fail="ORS-1003", blocked=_OF_A_SESSION),
        no_session(response(_A1, _START, body="{}"), fetched=True),
    ),
    fault(
        "a start gives a malformed session id", "ORS-1003",
        trial(session="KL8938QSD91ER2RN2NR139773800000", started=answered(session="KL8938QSD91ER2RN2NR139773800000")),
    ),
    fault(
        "a start is answered too slowly", expect(blocked=f"ORS-1003 {_OF_A_SESSION}"), no_session(silence(_A1)),
    ),
    fault(
        "a start is refused", expect(fail="ORS-1003", blocked=_OF_A_SESSION), no_session(refusal(_A1)),
    ),
    fault("the test document was never fetched", expect(blocked="ORS-1003"), trial(fetched=False)),
    fault(
        "the test document was never fetched, and no session came", expect(blocked=f"ORS-1003 {_OF_A_SESSION}"),
        no_session(response(_A1, _START, 500), fetched=False),
    ),
    fault(
        "two nodes give one session id", "ORS-1003",
        trial("ORS_A2", session="KL8938QSD91ER2RN2NR1397738000000", started=answered(session="KL8938QSD91ER2RN2NR1397738000000")),
    ),
    fault("a session cannot be queried", "ORS-1004", trial(queried=answered(status=404))),
    fault("a query is answered with a page", "ORS-1004", trial(queried=answered(body=PAGE))),
    fault("an event is answered with an error", "ORS-1004", trial("ORS_B1", event=answered(status=500))),
    fault("an event is redirected", "ORS-1004", trial("ORS_B1", event=answered(status=307, location=_A1))),
    fault("a query has no answer in time", expect(blocked="ORS-1004"), trial(queried=silence(_A1))),
    fault(
        "a session cannot be terminated", expect(fail="ORS-1004", blocked="ORS-1012"),
        trial(terminated=answered(status=500), left_behind="curl -X POST http://ors-a1:7210/scxml/session/x/terminate"),
    ),
    fault(
        "whether a session was terminated is not known", expect(blocked="ORS-1004 ORS-1012"),
        trial(terminated=silence(_A1), left_behind="curl -X POST http://ors-a1:7210/scxml/session/x/terminate"),
    ),
    fault("a session is not in the ring", "ORS-1005", trial(row=_NO_ROW)),
    fault("a session comes into the ring too late", "ORS-1005", trial(row=answered(seconds=45.0))),
    fault(
        "the ring cannot be asked for a session", expect(blocked="ORS-1005"),
        trial(row=Unknown("127.0.1.1:9160 gave no answer within 15 s", "127.0.1.1:9160", Failure.TIMEOUT)),
    ),
    fault("no redirect", "ORS-1006", redirects("ORS_A1", "ORS_A2", status=404, location="")),
    fault("a redirect of another kind", "ORS-1006", redirects("ORS_A1", status=302)),
    fault("a redirect without Location", "ORS-1006", redirects("ORS_A1", "ORS_B1", location="")),
    fault("a redirect to a path", "ORS-1006", redirects("ORS_A1", location="/scxml/session/x/query")),
    fault("a redirect to itself", "ORS-1006", located("ORS_A1", _A2, "ORS_A2")),
    fault("a redirect to a third node", "ORS-1006", located("ORS_A1", _B1, "ORS_A2")),
    fault("a redirect to another port", "ORS-1006", located("ORS_A1", "http://ors-a1.example.com:7200")),
    fault("a redirect to another scheme", "ORS-1006", located("ORS_A1", "https://ors-a1.example.com:7210")),
    fault("a redirect to the host of the owner, which has an external-url", "ORS-1006", located("ORS_A1", _A1)),
    fault("two nodes own one session", "ORS-1006", redirects("ORS_A1", "ORS_A2", status=200, location="")),
    fault(
        "a node did not answer when it was asked for a session", expect(blocked="ORS-1006"),
        trial(redirects=lambda found: (*found[1:], replace(found[0], answer=silence(_A2)))),
    ),
    fault("a node was not asked for a session", expect(blocked="ORS-1006"), trial(redirects=lambda found: found[1:])),
    fault(
        "an external-url that is no address", expect(blocked="ORS-1006"), put("exports/ORS_A1.cfg", _EXTERNAL, "ors-a1:7210"),
        located("ORS_A1", "http://ors-a1:7210"),
    ),
    fault("a takeover that is too slow", "ORS-1007", after(61.0)),
    fault("no takeover", "ORS-1007", after(_REFUSED, kept=None)),
    fault("whether a Backup took over cannot be seen from here", expect(blocked="ORS-1007"), after(_NOWHERE, kept=None)),
    fault(
        "a takeover that loses the session", "ORS-1007",
        deployment(failed_over("ORS_A1", kept=response("http://ors-a1-b:7210", "GET /scxml/session/x/query", 404))),
    ),
    fault(
        "a takeover with a page in place of the session", "ORS-1007",
        deployment(failed_over("ORS_A1", kept=response("http://ors-a1-b:7210", "GET /scxml/session/x/query", body=PAGE))),
    ),
    fault(
        "a stop command that fails", expect(blocked="ORS-1007"),
        deployment(
            failed_over(
                "ORS_A1", stop=command("ORS_A1", "stop", 255, "no route"), serves_after=None, kept=None, start=None,
            )
        ),
    ),
    fault(
        "a Primary that could not be started again", "ORS-1007",
        deployment(
            failed_over("ORS_A1", start=command("ORS_A1", "start", 1), serving=("ORS_A1_B",), left_behind=("ssh ors-a1 start",))
        ),
    ),
    fault("neither of a pair serves after the failover", "ORS-1007", deployment(failed_over("ORS_A1", serving=()))),
    fault(
        "both of a pair serve after the failover", "ORS-1007",
        deployment(failed_over("ORS_A1", serving=("ORS_A1", "ORS_A1_B"))),
    ),
    fault("no commands for the failover", expect(manual="ORS-1007"), deployment(by_hand)),
    fault(
        "a pair whose failover was not tried", expect(blocked="ORS-1007"),
        deployment(lambda found: replace(found, failovers=(found.failovers or ())[1:])),  # type: ignore[index]
    ),
    fault("nobody saw a multimedia interaction routed", expect(manual="ORS-1008"), not_attested("ORS-1008")),
    fault(
        "an attestation of multimedia for another configuration", expect(manual="ORS-1008"),
        attested("ORS-1008", fingerprint="0" * 64),
    ),
    fault("a Backup that was never started", "ORS-1009", statuses(ORS_A1_B=3)),
    fault("all Backups stopped", "ORS-1009", statuses(ORS_A1_B=1, ORS_A2_B=1, ORS_B1_B=1)),
    fault("a status command that does not end", expect(blocked="ORS-1009"), statuses(ORS_A1_B=_OVERDUE)),
    fault(
        "no status command for one Backup", expect(manual="ORS-1009", skipped="ORS-1007"), no_status("ORS_A1_B"),
        whole(failovers=None),
    ),
    fault("nobody made a test call", expect(manual="ORS-1010"), not_attested("ORS-1010")),
    fault(
        "nobody attested anything", expect(manual="ORS-0902 ORS-1008 ORS-1010"),
        not_attested("ORS-0902", "ORS-1008", "ORS-1010"),
    ),
    fault(
        "a log tells of a connection that failed", "ORS-1011",
        deployment(logged("ORS_A1", troubles=(LogLine(120, "connection to SIP_A failed"),), more=3)),
    ),
    fault(
        "all logs tell of Cassandra", "ORS-1011",
        deployment(
            lambda found: replace(
                found, logs=tuple(replace(log, troubles=(LogLine(0, "Cassandra: all nodes are down"),)) for log in found.logs)
            )
        ),
    ),
    fault("a session answers after its end", "ORS-1012", trial(queried_after=answered(status=200))),
    fault(
        "a query after the end of a session has no answer", expect(blocked="ORS-1012"),
        trial("ORS_B1", queried_after=silence(_B1)),
    ),
)  # fmt: skip
HARMLESS = ()
