# SPDX-License-Identifier: Apache-2.0
"""Where the report comes from: tool, versions, digests, what was changed of the policy, and every time in UTC."""

from __future__ import annotations

import platform
from collections.abc import Iterator

from orsgate import __version__
from orsgate.estate.evidence_files import ReadinessRecord
from orsgate.reporting.html import model
from orsgate.reporting.html.people import moment
from orsgate.reporting.results_json import SCHEMA, collected
from orsgate.rules.catalogue import catalogue_sha256
from orsgate.verdict.events import RunFinished, RunStarted


def provenance(started: RunStarted, finished: RunFinished, embedded: model.Embedded) -> Iterator[model.Fact]:
    """What an auditor needs to know where the report came from, and to make it again."""
    snapshot = started.estate.snapshot
    yield model.Fact("Run", embedded.run)
    yield model.Fact("Verdict", f"{finished.verdict.name} (exit code {int(finished.verdict.exit_code)})")
    yield model.Fact("Judged with", f"orsgate {__version__}, Python {platform.python_version()}, {platform.system()}")
    yield model.Fact("Collected with", snapshot.tool)
    yield moment("Judging began", started.started)
    yield moment("Judging ended", finished.finished)
    yield moment("Facts collected", collected(snapshot))
    yield model.Fact("Requirements planned", f"{len(finished.results)} ({started.phase})")
    yield model.Fact("Selection", "; ".join(started.selection) or "none, everything was judged")
    yield model.Fact("Strict", "yes, warnings gate as well" if started.strict else "no, warnings do not gate")
    if finished.interrupted:
        yield model.Fact("Interrupted", "yes")
    policy = snapshot.estate.policy
    if policy is None:
        yield model.Fact("Policy", "as published, nothing overridden")
    else:
        releases = ", ".join(map(str, policy.cassandra)) if policy.cassandra is not None else "not changed"
        yield model.Fact("Policy, overridden for this estate", f"Cassandra releases: {releases}. Reason: {policy.reason}")
    for given in started.waiver_files:
        yield model.Fact(f"SHA-256 of the waiver file {given.path}", given.sha256)
    if isinstance(snapshot.record, ReadinessRecord) and snapshot.record.sha256:
        yield model.Fact(f"SHA-256 of the readiness record {snapshot.record.place}", snapshot.record.sha256)
    yield model.Fact("SHA-256 of the catalogue", catalogue_sha256())
    yield model.Fact("SHA-256 of the features", started.features_sha256)
    yield model.Fact(f"SHA-256 of results.json ({SCHEMA})", embedded.sha256)
