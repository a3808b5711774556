# SPDX-License-Identifier: Apache-2.0
"""Step 9, after it: the record of the audit, and what is installed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from orsgate.estate.deployment import Deployment
from orsgate.estate.evidence_files import RecordedItem, Signature
from orsgate.estate.items import Aspect
from orsgate.estate.knowledge import Failure, Unknown
from tests.deployments import logged
from tests.faults.installing import (
    NOT_YET,
    VERSION,
    at_stage,
    attested,
    deployment,
    fault,
    given,
    harmless,
    installed_at,
    item,
    not_attested,
    recorded,
)
from tests.faults.step_01 import LIVE
from tests.faults.workshop import appended, expect, in_application, read_live, replaced, rewritten

_E = "estate.toml"


def _no_logs(found: Deployment) -> Deployment:
    return replace(found, logs=())


_UNNAMED_LOGS = rewritten(_E, lambda text: "\n".join(line for line in text.split("\n") if not line.startswith("log = ")))
_BETWEEN = expect(not_applicable="ORS-0307 ORS-1007")
"""What cannot hold where only one side of every pair is upgraded."""
_LOST = Unknown("record.json was changed after it was written", "record.json", Failure.UNREADABLE)
_A1_LIMIT = ("ORS_A1", Aspect.OPTION, "orchestration/mcr-pull-limit")
_UNTOLD = Unknown("logs/ORS_A1.log has no line with a version in its head", "logs/ORS_A1.log", Failure.NOT_GIVEN)
_LOG_UNREADABLE = Unknown("logs/ORS_A1.log cannot be read: no permission", "logs/ORS_A1.log")


def _another_member(items: tuple[RecordedItem, ...]) -> tuple[RecordedItem, ...]:
    return tuple(each for each in items if (each.aspect, each.name) != (Aspect.MEMBER, "ORS_B1"))


def _without(name: str) -> Any:
    return lambda items: tuple(each for each in items if each.object != name)


def _hours_before(hours: float) -> Any:
    return lambda finished: finished + timedelta(hours=1 - hours)


FAULTS = (
    fault("no record was given", expect(blocked="ORS-0901"), given(None)),
    fault(
        "the record is not there", "ORS-0901", given(Unknown("record.json is not there", "record.json", Failure.MISSING)),
    ),
    fault("the record was edited", "ORS-0901", given(_LOST)),
    fault(
        "the record may not be read", expect(blocked="ORS-0901"),
        given(Unknown("record.json cannot be read: no permission", "record.json", Failure.DENIED)),
    ),
    fault("the record says NO-GO", "ORS-0901", recorded(verdict="no_go", sentence="NO-GO: 1 blocker failed (ORS-0201)")),
    fault("the record says nothing certain", "ORS-0901", recorded(verdict="inconclusive")),
    fault("the record is of another estate", "ORS-0901", recorded(estate_name="Munich (made up)")),
    fault("the record is of another migration", "ORS-0901", recorded(from_release="8.1.300.39")),
    fault("the record is for another build", "ORS-0901", recorded(to_release="8.1.400.30")),
    fault("the audit was 25 hours before the installation", "ORS-0901", recorded(finished=_hours_before(25))),
    fault("the audit came after the installation", "ORS-0901", recorded(finished=_hours_before(-0.5))),
    fault("nobody said when it was installed", expect(blocked="ORS-0901"), installed_at("")),
    fault("the record should be signed, and is not", "ORS-0901", recorded(require_signed=True)),
    fault(
        "the record is signed by another than demanded", "ORS-0901",
        recorded(require_signed=True, signature=Signature("ab" * 32, demanded=False)),
    ),
    fault("an option has another value since the audit", "ORS-0901", item(*_A1_LIMIT, "400")),
    fault("an option was deleted since the audit", "ORS-0901", item("ORS_A1", Aspect.OPTION, "custom/label", "x")),
    fault("a connection was added since the audit", "ORS-0901", item("ORS_B1", Aspect.CONNECTION, "IXN_A", None)),
    fault("a tenant was taken away since the audit", "ORS-0901", item("ORS_B1", Aspect.TENANT, "Sales", "")),
    fault("the redundancy type was changed since the audit", "ORS-0901", item("ORS_A2", Aspect.REDUNDANCY, "", "hot standby")),
    fault("another Backup was named since the audit", "ORS-0901", item("ORS_A2", Aspect.BACKUP, "", "ORS_B1_B")),
    fault("a member was added since the audit", "ORS-0901", recorded(items=_another_member)),
    fault("a member has another data center since the audit", "ORS-0901", item("ORS_Cluster", Aspect.MEMBER, "ORS_A1", "DC9")),
    fault("an application was added since the audit", "ORS-0901", recorded(items=_without("ORS_A1_B"))),
    fault(
        "an application of the audit is gone", "ORS-0901",
        recorded(items=lambda items: (*items, RecordedItem("ORS_C1", Aspect.REDUNDANCY, "", "none"))),
    ),
    fault(
        "an application of the audit was disabled since", "ORS-0901",
        appended(_E, '\n[[application]]\nname = "ORS_C1"\nenabled = false\n'),
        recorded(items=lambda items: (*items, RecordedItem("ORS_C1", Aspect.REDUNDANCY, "", "none"))),
    ),
    fault(
        "the audit did not know all connections", expect(blocked="ORS-0901"),
        recorded(unknown=(("ORS_A1", Aspect.CONNECTION),)),
    ),
    fault("an application is registered with the old release", "ORS-0307 ORS-0902", in_application("ORS_A1", VERSION, NOT_YET)),
    fault(
        "a pair is registered with another build", "ORS-0902", in_application("ORS_B1", VERSION, 'version = "8.1.400.30"'),
        in_application("ORS_B1_B", VERSION, 'version = "8.1.400.30"'),
    ),
    fault("typed versions that nobody attested", expect(manual="ORS-0902"), not_attested("ORS-0902")),
    fault(
        "an attestation for another configuration", expect(manual="ORS-0902"), attested("ORS-0902", fingerprint="0" * 64),
    ),
    fault(
        "an attestation that expired", expect(manual="ORS-0902"),
        attested("ORS-0902", until=lambda estate: estate.snapshot.started - timedelta(minutes=1)),
    ),
    fault("an attestation for another estate", expect(manual="ORS-0902"), attested("ORS-0902", estate_name="Munich (made up)")),
    fault(
        "an attestation made after the run began", expect(manual="ORS-0902"),
        attested("ORS-0902", at=lambda estate: estate.snapshot.started + timedelta(minutes=10)),
    ),
    fault(
        "an attestation whose file was changed", expect(manual="ORS-0902"),
        attested("ORS-0902", problem="its file was changed"),
    ),
    fault(
        "an attestation does not make a failure pass", "ORS-0906", deployment(logged("ORS_A1", build="8.1.200.50")),
        attested("ORS-0906"),
    ),
    fault(
        "a licence argument was left on one application", "ORS-0905",
        in_application("ORS_A1", "-app ORS_A1", "-app ORS_A1 -l /opt/genesys/license.dat"),
    ),
    fault(
        "a licence argument was left on all", "ORS-0905",
        rewritten(_E, lambda text: text.replace('arguments = "', 'arguments = "-l \\"C:/a b/license.dat\\" ')),
    ),
    fault(
        "start arguments are not known", expect(blocked="ORS-0905"),
        in_application("ORS_A1_B", 'arguments = "-host cfg-1 -port 2020 -app ORS_A1_B"\n', ""),
    ),
    fault("an old build runs", "ORS-0906", deployment(logged("ORS_B1_B", build="8.1.200.50"))),
    fault("another build of the release runs", "ORS-0906", deployment(logged("ORS_A2", build="8.1.400.30"))),
    fault(
        "the log of another application", expect(fail="ORS-0906", blocked="ORS-1011"),
        deployment(logged("ORS_A2", application_name="ORS_A1")),
    ),
    fault(
        "a log cannot be read", expect(blocked="ORS-0906 ORS-1011"),
        deployment(
            logged("ORS_A1", application_name=_LOG_UNREADABLE, build=_LOG_UNREADABLE, troubles=_LOG_UNREADABLE)
        ),
    ),
    fault("the head of a log tells no release", expect(manual="ORS-0906"), deployment(logged("ORS_A1", build=_UNTOLD))),
    fault(
        "a log from before the installation", expect(blocked="ORS-0906 ORS-1011"),
        deployment(logged("ORS_A1", started="2020-01-31T02:10:00")),
    ),
    fault("logs are named and were not read", expect(blocked="ORS-0906 ORS-1011"), deployment(_no_logs)),
    fault("no log is named", expect(manual="ORS-0906 ORS-1011"), deployment(_no_logs), _UNNAMED_LOGS),
    fault(
        "no log of one application is named", expect(manual="ORS-0906 ORS-1011"),
        in_application("ORS_A1", 'log = "logs/ORS_A1.log"\n', ""),
        deployment(lambda found: replace(found, logs=tuple(log for log in found.logs if log.application != "ORS_A1"))),
    ),
    fault(
        "after the first stage a Backup still has the old release", _BETWEEN | expect(fail="ORS-0902"), *at_stage(1),
        in_application("ORS_A1_B", VERSION, NOT_YET),
    ),
    fault(
        "after the first stage a Primary runs the new release already", _BETWEEN | expect(fail="ORS-0906"), *at_stage(1),
        deployment(logged("ORS_A1", build="8.1.400.27")),
    ),
)  # fmt: skip


HARMLESS = (
    harmless("options that are new since the audit", recorded(items=lambda items: tuple(
        each for each in items if each.name != "scxml/system-id"
    ))),
    harmless("the audit was 23 hours before the installation", recorded(finished=_hours_before(23))),
    harmless("the record has exceptions", recorded(exceptions=2, sentence="GO with 2 exceptions")),
    harmless("a signed record as demanded", recorded(require_signed=True, signature=Signature("ab" * 32, demanded=True))),
    harmless("a signed record, and nobody demands it", recorded(signature=Signature("ab" * 32))),
    harmless("the audit was made against a stand-in", recorded(stand_ins=("GAX twin",))),
    harmless(
        "an observed version needs no attestation", read_live(None), not_attested("ORS-0902"),
        expected=LIVE,
    ),
    harmless("start arguments that hold -l in another word", replaced(_E, "-port 2020", "-port 2020 -log-level x-l -lca 4999")),
    harmless("logs that tell no start time", deployment(logged("ORS_A1", started="some day"))),
    harmless(
        "a log from after the installation",
        deployment(logged("ORS_A1", started=datetime.now(UTC).isoformat(timespec="seconds"))),
    ),
    harmless("a log that names the release without a build", deployment(logged("ORS_A1", build="8.1.4"))),
    harmless("no log, and a person attests it", deployment(_no_logs), _UNNAMED_LOGS, attested("ORS-0906"), attested("ORS-1011")),
    harmless(
        "the head of a log tells no release, and a person attests it",
        deployment(logged("ORS_A1", build=_UNTOLD)), attested("ORS-0906"),
    ),
    harmless("an attestation more than needed", attested("ORS-0906", estate_name="Munich (made up)")),
    harmless(
        "after the first stage", *at_stage(1),
        expected=_BETWEEN,
    ),
    harmless("after the second stage", *at_stage(2)),
    harmless("after the last stage", *at_stage(3)),
    harmless("before the first stage", *at_stage(0), expected=expect(not_applicable="ORS-0905")),
)  # fmt: skip
