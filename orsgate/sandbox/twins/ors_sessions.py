# SPDX-License-Identifier: Apache-2.0
"""The sessions of an ORS twin, and how they are persisted."""

from __future__ import annotations

import json
import secrets
import string
from dataclasses import dataclass, field

from orsgate.sandbox.twins.ors_document import Document

LENGTH = 32
"""Characters of a session id (``^(?:~\\d+~)?[~\\w]{32}$`` in a public log parser)."""
_ALPHABET = string.ascii_uppercase + string.digits


def new_session_id() -> str:
    """A session id such as ``KL8938QSD91ER2RN2NR1397738000001``."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))


@dataclass(slots=True)
class Session:
    """A session; changed by one twin at a time.

    Attributes:
        src: address of its document.
        persisted: whether it is in the store.
        events: the names of those it received.
        recovered: whether it was read back from the store.
    """

    id: str
    src: str
    document: Document
    state: str = ""
    persisted: bool = False
    events: list[str] = field(default_factory=list)
    recovered: bool = False

    def receive(self, event: str) -> bool:
        """Takes an event; gives whether the session goes on."""
        self.events.append(event)
        self.state = self.document.after(self.state, event)
        return self.state not in self.document.finals

    def as_json(self) -> bytes:
        """What is persisted of it."""
        document = {
            "persists": self.document.persists,
            "initial": self.document.initial,
            "transitions": {state: dict(events) for state, events in self.document.transitions.items()},
            "finals": sorted(self.document.finals),
        }
        return json.dumps(
            {"id": self.id, "src": self.src, "state": self.state, "events": self.events, "document": document}
        ).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Session:
        """A session as ``as_json`` wrote it.

        Raises:
            ValueError: it is none.
        """
        try:
            read = json.loads(data)
            document = read["document"]
            return cls(
                read["id"],
                read["src"],
                Document(document["persists"], document["initial"], document["transitions"], frozenset(document["finals"])),
                read["state"],
                persisted=True,
                events=list(read["events"]),
                recovered=True,
            )
        except (KeyError, TypeError) as error:
            raise ValueError("the row holds no session of a twin") from error
