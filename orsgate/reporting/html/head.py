# SPDX-License-Identifier: Apache-2.0
"""The head of the report: what was asked of which estate, under which change, in which scope, and who collected the facts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from orsgate.estate.estate import Estate
from orsgate.estate.snapshot import Part, Snapshot
from orsgate.reporting import grouping
from orsgate.reporting.html import model
from orsgate.reporting.html.people import moment
from orsgate.reporting.results_json import scope_of

MOST_NAMES = 200
"""Names shown of applications and clusters; results.json has them all."""


def question(snapshot: Snapshot, phase: str) -> str:
    """What was asked, and what was not, as sentences."""
    asked = grouping.QUESTIONS[phase]
    text = asked[0].upper() + asked[1:]
    if unanswered := grouping.reservation(snapshot, phase):
        text += f" {unanswered[0].upper()}{unanswered[1:]}."
    return text


def head(estate: Estate, judged: datetime) -> Iterator[model.Fact]:
    """The estate, and the change under which it is migrated; what the estate file does not say of that is named as missing."""
    file = estate.snapshot.estate
    section, change = file.estate, file.change
    yield model.Fact("Estate", section.name)
    yield model.Fact("Releases", f"{section.from_release} to {section.to_release}")
    yield model.Fact("Path", section.path)
    yield model.Fact("Change", change.ticket or "no ticket named")
    for label, time in (("Window opens", change.window_start), ("Window closes", change.window_end)):
        if time:
            yield moment(label, time)
    yield moment("Judged", judged)
    if section.session_loss_accepted_by:
        yield model.Fact("Loss of sessions accepted by", section.session_loss_accepted_by)


def scope(estate: Estate) -> model.Scope:
    """What was judged, and what was left out and why."""
    found = scope_of(estate)
    if found is None:
        nothing = model.Shown(())
        return model.Scope(False, 0, nothing, nothing, (), nothing)
    names = tuple(application.name for application in found.applications)
    return model.Scope(
        known=True,
        total=len(names),
        applications=model.Shown.first(names, MOST_NAMES),
        clusters=model.Shown.first(tuple(cluster.transaction for cluster in found.clusters), MOST_NAMES),
        excluded=tuple(model.Fact(excluded.name, excluded.reason) for excluded in found.excluded),
        disabled=model.Shown.first(found.disabled, MOST_NAMES),
    )


def parts(snapshot: Snapshot) -> tuple[model.Part, ...]:
    """Who collected each part of the facts, where and when."""
    return tuple(
        model.Part(
            part.part, part.host, part.user, moment("", part.collected), _source(snapshot, part), ", ".join(part.stand_ins)
        )
        for part in snapshot.parts
    )


def _source(snapshot: Snapshot, part: Part) -> str:
    """What a part was collected from, and whether it could be read at all."""
    found = [] if grouping.was_read(snapshot, part) else ["tried, and not read"]
    if silent := grouping.silent_nodes(snapshot, part):
        found.append(silent)
    return ": ".join(filter(None, (part.source or "the estate", "; ".join(found))))
