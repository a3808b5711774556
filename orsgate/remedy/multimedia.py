# SPDX-License-Identifier: Apache-2.0
"""Step 8: applications that work with multimedia pull interactions, with a limit; others do not."""

from __future__ import annotations

from collections import Counter

from orsgate.estate.decisions import interaction_connections, multimedia, unresolved_connection
from orsgate.estate.inventory import Application
from orsgate.estate.options import split_key
from orsgate.remedy.answers import Question
from orsgate.remedy.draft import Draft, primary_of
from orsgate.rules.multimedia import PULLS
from orsgate.rules.options import to_positive_integer
from orsgate.rules.subjects import works_with_multimedia

LIMIT = "orchestration/mcr-pull-limit"
_POSITIVE = to_positive_integer()


def pull(draft: Draft) -> None:
    """ORS-0801: ``mcr-pull-by-this-node`` is true where an application works with multimedia."""
    if multimedia(draft.estate).value != "yes":
        return
    for application in _theirs(draft):
        reading = draft.estate.effective(application, PULLS)
        if not reading.unknown and not (reading.setting and reading.setting.text.lower() == "true"):
            draft.put(application, PULLS, "true", ("ORS-0801",))


def limit(draft: Draft) -> None:
    """ORS-0802: how many interactions a node may hold at once only a person can know; a Backup has the limit of its Primary."""
    if multimedia(draft.estate).value != "yes":
        return
    led = primary_of(draft.estate)
    theirs = _theirs(draft)
    usual = Counter(value for each in theirs if (value := _valid(draft, each))).most_common(1)
    for application in theirs:
        reading = draft.estate.effective(application, LIMIT)
        if reading.unknown or _valid(draft, application):
            continue
        if application.name in led:
            if value := _valid(draft, led[application.name]):
                draft.put(application, LIMIT, value, ("ORS-0802",))
            continue
        suggestion = usual[0][0] if usual else None
        if (answer := draft.ask(_how_many(application.name, suggestion))) is not None:
            draft.put(application, LIMIT, answer, ("ORS-0802",))


def _valid(draft: Draft, application: Application) -> str:
    reading = draft.estate.effective(application, LIMIT)
    return reading.setting.text if reading.setting and not reading.unknown and _POSITIVE.met(reading.setting.text) else ""


def _how_many(name: str, suggestion: str | None) -> Question:
    section, option = split_key(LIMIT)
    text = f"how many pulled interactions {name} may handle at once"
    return Question(name, section, option, text, ("ORS-0802",), suggestion=suggestion, wrong=_number)


def _number(value: str) -> str:
    return "" if _POSITIVE.met(value) else "it is no positive whole number"


def do_not_pull(draft: Draft) -> None:
    """ORS-0803: an application that, like its Primary, is connected to no Interaction Server does not pull."""
    if multimedia(draft.estate).value != "yes":
        return
    led = primary_of(draft.estate)
    for application in draft.applications():
        both = [application, *([led[application.name]] if application.name in led else [])]
        connected = any(interaction_connections(draft.estate, each) or unresolved_connection(draft.estate, each) for each in both)
        reading = draft.estate.effective(application, PULLS)
        if connected or reading.unknown or reading.setting is None or reading.setting.shared:
            continue
        if reading.setting.text.lower() == "true":
            draft.put(application, PULLS, "false", ("ORS-0803",))


def _theirs(draft: Draft) -> list[Application]:
    return [each for each in works_with_multimedia(draft.estate) if each.name not in draft.refused]
