# SPDX-License-Identifier: Apache-2.0
"""Step 10: test the deployment: what is harmless."""

from __future__ import annotations

from dataclasses import replace

from orsgate.estate.deployment import Response
from orsgate.estate.knowledge import Failure, Unknown
from tests.deployments import command, failed_over, response, served
from tests.faults.installing import attested, deployment, harmless, not_attested
from tests.faults.step_06 import WITHOUT_CASSANDRA
from tests.faults.trying import (
    after,
    all_https,
    answered,
    by_hand,
    located,
    no_status,
    switched_over,
    trial,
    whole,
)
from tests.faults.workshop import appended, dropped, expect, put, replaced, rewritten, unlisted

_E, _ALL = "estate.toml", "exports/ORS_*.cfg"
_EXTERNAL = "orchestration/external-url"
_A1, _A2, _B1 = "http://ors-a1:7210", "http://ors-a2:7210", "http://ors-b1:7210"
_OTHER_CLUSTER = (
    replaced(_E, 'members = { ORS_A1 = "DC1", ORS_A2 = "DC1", ORS_B1 = "DC2" }', 'members = { ORS_A1 = "DC1" }'),
    unlisted("ORS_A2"), unlisted("ORS_A2_B"), unlisted("ORS_B1"), unlisted("ORS_B1_B"),
    replaced(_E, "expected_applications = 6", "expected_applications = 2"),
)  # fmt: skip
_NO_PERSISTENCE = (replaced(_E, 'persistence = "cassandra"', 'persistence = "none"'), dropped(_ALL, "persistence/cassandra-*"))
_NO_MULTIMEDIA = (
    replaced(_E, "multimedia = true", "multimedia = false"), replaced(_E, ', "IXN_A"]', "]"),
    dropped(_ALL, "orchestration/mcr-pull-*"),
)  # fmt: skip
_AFTER = {name: outcome for name, outcome in WITHOUT_CASSANDRA.items() if name != "ORS-0507"} | expect(not_applicable="ORS-0711")
_LATE = Unknown("it had not ended after 120 s", "", Failure.TIMEOUT)

FAULTS = ()
HARMLESS = (
    harmless("a pair is switched over", switched_over("ORS_A1")),
    harmless("all pairs are switched over", *map(switched_over, ("ORS_A1", "ORS_A2", "ORS_B1"))),
    harmless("a pair is switched over, and nothing shows that its Primary runs", switched_over("ORS_A1", statuses=False)),
    harmless(
        "a newer build with /ors/help", deployment(
            lambda found: replace(found, served=tuple(
                replace(each, answer=replace(each.answer, status=200)) if isinstance(each.answer, Response) else each
                for each in found.served
            ))
        ),
    ),
    harmless("a Primary answers 500 to /ors/help", deployment(served("ORS_A1", lambda url: response(url, "GET /ors/help", 500)))),
    harmless(
        "a Primary answers /ors/help with a page",
        deployment(served("ORS_A1", lambda url: response(url, "GET /ors/help", 200, body="<html>help</html>"))),
    ),
    harmless("a slow first byte", deployment(served("ORS_A1", lambda url: response(url, "GET /ors/help", 404, seconds=9.0)))),
    harmless("HTTPS", dropped("exports/ORS_*[0-9].cfg", _EXTERNAL), deployment(all_https)),
    harmless(
        "external-url behind a load balancer", put(_ALL, _EXTERNAL, "https://ors.example.com"),
        *(located(name, "https://ORS.example.com:443") for name in ("ORS_A1", "ORS_A2", "ORS_B1")),
    ),
    harmless("external-url with its port in the redirect only", put("exports/ORS_A1*.cfg", _EXTERNAL, "http://ors-a1.example.com/"),
        located("ORS_A1", "http://ors-a1.example.com:80"),
    ),
    harmless("no external-url", dropped("exports/ORS_*[0-9].cfg", _EXTERNAL)),
    harmless(
        "no external-url, and the host with its domain in the redirect", dropped("exports/ORS_*[0-9].cfg", _EXTERNAL),
        located("ORS_A1", "http://ORS-A1.example.com:7210"),
    ),
    harmless(
        "no persistence", *_NO_PERSISTENCE, trial(row=None), expected=_AFTER | expect(not_applicable="ORS-1005 ORS-1006"),
    ),
    harmless(
        "no persistence, and no session was proved persisted before the failover", *_NO_PERSISTENCE,
        deployment(failed_over("ORS_A1", session="", kept=None)), expected=_AFTER | expect(not_applicable="ORS-1005 ORS-1006"),
    ),
    harmless(
        "Redis", replaced(_E, 'persistence = "cassandra"', 'persistence = "redis"'), replaced(_E, "8.1.400.27", "8.1.401.10"),
        dropped(_ALL, "persistence/cassandra-*"),
        expected=_AFTER | expect(passes="ORS-0405", not_applicable="ORS-0409 ORS-1005"),
    ),
    harmless(
        "one node only", *_OTHER_CLUSTER, expected=expect(not_applicable="ORS-1006"),
    ),
    harmless(
        "no multimedia", *_NO_MULTIMEDIA, not_attested("ORS-1008"),
        expected=expect(not_applicable="ORS-0801 ORS-0802 ORS-0803 ORS-0805 ORS-1008"),
    ),
    harmless(
        "nodes that are said not to pull",
        replaced(_E, "multimedia = true", 'multimedia = true\nwithout_multimedia = ["ORS_B1"]'),
    ),
    harmless(
        "a legacy second object of the Interaction Server",
        replaced(_E, 'host = "ixn-a"\n', 'host = "ixn-a"\nports = { default = 7120 }\n'),
        appended(
            _E, '\n[[application]]\nname = "IXN_T"\ntype = "T-Server"\nhost = "IXN-A"\nports = { default = 7120 }\n',
        ),
        replaced(_E, '"IXN_A"]', '"IXN_A", "IXN_T"]'),
    ),
    harmless("the document lies elsewhere", trial(fetched=Unknown("orsgate does not serve the document", "", Failure.NOT_ASKED))),
    harmless("a longer session id", trial(session="~12~KL8938QSD91ER2RN2NR1397738000000")),
    harmless("a session row in the other column family, late", trial(row=answered(found="SessionIDServerInfo", seconds=29.9))),
    harmless("an ended session is answered with 500", trial(queried_after=answered(status=500))),
    harmless("an ended session is redirected", trial(queried_after=answered(status=307, location=_A2))),
    harmless("a takeover at the last second", after(60.0)),
    harmless("a takeover without a session to keep", deployment(failed_over("ORS_A1", session="", kept=None))),
    harmless("the Backup stays the one that serves", deployment(failed_over("ORS_A1", serving=("ORS_A1_B",)))),
    harmless(
        "a start command that does not end, and the Primary serves again",
        deployment(failed_over("ORS_A1", start=command("ORS_A1", "start", _LATE))),
    ),
    harmless("a failover made by a person", deployment(by_hand), attested("ORS-1007")),
    harmless("no status command, and a Backup that took over", no_status("ORS_A1_B")),
    harmless(
        "no status commands, and a person saw that the Backups run", no_status("ORS_A1_B", "ORS_A2_B", "ORS_B1_B"),
        deployment(by_hand), attested("ORS-1007"), attested("ORS-1009"),
    ),
    harmless("an earlier run left a session behind", whole(remarks=("a session of an earlier run was ended on ORS_A1",))),
    harmless(
        "options of log and external-url of a Backup",
        rewritten("exports/ORS_A1_B.cfg", lambda text: text + "\n[log]\ntrace=stdout\n"),
    ),
)  # fmt: skip
