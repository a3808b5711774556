# SPDX-License-Identifier: Apache-2.0
"""The nodes of a deployment: a Primary with its Backup, and which of both serves HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from orsgate.estate.deployment import Response, Served
from orsgate.estate.estate import Estate, Pair
from orsgate.estate.inventory import Application
from orsgate.estate.knowledge import Failure, Unknown


@dataclass(frozen=True, slots=True)
class Node:
    """A node of ORS: a Primary and its Backup, of which one serves (Genesys, "High Availability", ORS 8.1.3).

    Attributes:
        backup: None where it names none that is an ORS of the inventory.
    """

    primary: Application
    backup: Application | None

    @property
    def name(self) -> str:
        """How reports call it: as the pair, or as the Primary that has no Backup."""
        return Pair(self.primary, self.backup).name if self.backup else self.primary.name

    @property
    def applications(self) -> tuple[Application, ...]:
        """Primary and Backup."""
        return (self.primary, self.backup) if self.backup else (self.primary,)


def nodes(estate: Estate) -> Iterator[Node]:
    """Every Primary in scope with its Backup."""
    backups = {pair.primary.name: pair.backup for pair in estate.pairs}
    for primary in estate.primaries:
        yield Node(primary, backups.get(primary.name))


class Answers:
    """Which application answers HTTP."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self._served: Mapping[str, Served] = {served.application: served for served in estate.deployment.served}
        self._without = {entry.name for entry in estate.snapshot.estate.application if entry.http is False}

    def of(self, application: Application) -> Response | Unknown:
        """What it answered, or why that is not known; a refusal is of the kind ``refused``."""
        name = application.name
        served = self._served.get(name)
        if isinstance(answer := served.answer if served else None, Response):
            return answer
        where = application.origin.at("http")
        write = 'write http = "http://host:port" into its [[application]]'
        if name in self._without:
            return Unknown(
                f"http = false says that {name} serves no HTTP, which step 10 asks for: {write}", where, Failure.NOT_GIVEN
            )
        if served is not None and not served.url:
            return Unknown(f"the HTTP address of {name} is not known: {write}", where, Failure.NOT_GIVEN)
        return answer or Unknown(
            f"{name} was not asked whether it serves HTTP, since it is not in scope", where, Failure.NOT_ASKED
        )

    def url(self, application: Application) -> str:
        """Its address; empty where none is known."""
        served = self._served.get(application.name)
        return served.url if served else ""

    def serving(self, node: Node) -> list[Application]:
        """Those of a node that answer."""
        return [application for application in node.applications if isinstance(self.of(application), Response)]

    def silence(self, node: Node) -> Unknown | None:
        """Why a node has no application that serves, or why that is not known; None where one does."""
        answers = [self.of(application) for application in node.applications]
        unknown = [answer for answer in answers if isinstance(answer, Unknown)]
        if len(unknown) < len(answers):
            return None
        cause = f"no application of {node.name} serves HTTP"
        refused = Unknown(cause, unknown[0].where, Failure.REFUSED)
        return next((each for each in unknown if not is_refusal(each)), refused)


def is_refusal(answer: Response | Unknown | None) -> bool:
    """Whether the other side was reached and refused the connection: nothing listens there."""
    return isinstance(answer, Unknown) and answer.failure is Failure.REFUSED
