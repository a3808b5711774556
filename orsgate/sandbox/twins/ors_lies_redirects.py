# SPDX-License-Identifier: Apache-2.0
"""Lies about sessions of other nodes: what is answered in place of the 307 that leads to the owner."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlsplit, urlunsplit

from orsgate.sandbox.twins.exchange import Answer
from orsgate.sandbox.twins.ors_lie import Foreign, Lie, with_header

_LOCATION = "Location"


@dataclass(frozen=True, slots=True)
class ForeignAsOwn(Lie):
    """Breaks the redirect: a session of another node is answered 200, as if it were an own one."""

    def redirected(self, foreign: Foreign, answer: Answer) -> Answer:
        """That answer."""
        del answer
        return Answer.of({"_sessionid": foreign.session, "state": "idle", "events": []})


@dataclass(frozen=True, slots=True)
class ForeignNotFound(Lie):
    """Breaks the redirect: a session of another node is answered 404."""

    def redirected(self, foreign: Foreign, answer: Answer) -> Answer:
        """That answer."""
        del foreign, answer
        return Answer.of({"error": "ORS twin: there is no such session"}, 404)


@dataclass(frozen=True, slots=True)
class ForeignError(Lie):
    """Breaks the redirect: a session of another node is answered 500."""

    def redirected(self, foreign: Foreign, answer: Answer) -> Answer:
        """That answer."""
        del foreign, answer
        return Answer.of({"error": "ORS twin: internal error"}, 500)


@dataclass(frozen=True, slots=True)
class ForeignOtherStatus(Lie):
    """Breaks the redirect: its status is 302, which lets clients turn a POST into a GET."""

    status: int = 302

    def redirected(self, foreign: Foreign, answer: Answer) -> Answer:
        """The same with that status."""
        del foreign
        return replace(answer, status=self.status)


@dataclass(frozen=True, slots=True)
class ForeignMoved(ForeignOtherStatus):
    """Breaks the redirect: its status is 301, which clients keep for ever."""

    status: int = 301


@dataclass(frozen=True, slots=True)
class ForeignPermanent(ForeignOtherStatus):
    """Breaks the redirect: its status is 308, which clients keep for ever."""

    status: int = 308


@dataclass(frozen=True, slots=True)
class RedirectToItself(Lie):
    """Breaks the redirect: it leads to the node that was asked."""

    def redirected(self, foreign: Foreign, answer: Answer) -> Answer:
        """With its own address."""
        return with_header(answer, _LOCATION, f"{foreign.own}{foreign.target}")


@dataclass(frozen=True, slots=True)
class RedirectToOtherHost(Lie):
    """Breaks the redirect: it leads to a host that no node of the cluster has."""

    host: str = "ors-gone.example.com"

    def redirected(self, foreign: Foreign, answer: Answer) -> Answer:
        """With that host."""
        parts = urlsplit(foreign.location)
        port = f":{parts.port}" if parts.port else ""
        return with_header(answer, _LOCATION, urlunsplit(parts._replace(netloc=f"{self.host}{port}")))


@dataclass(frozen=True, slots=True)
class RedirectToOtherPort(Lie):
    """Breaks the redirect: host and scheme are the owner's, and the port is not."""

    def redirected(self, foreign: Foreign, answer: Answer) -> Answer:
        """With another port."""
        parts = urlsplit(foreign.location)
        port = (parts.port or 80) + 1
        return with_header(answer, _LOCATION, urlunsplit(parts._replace(netloc=f"{parts.hostname}:{port}")))


@dataclass(frozen=True, slots=True)
class RedirectToOtherScheme(Lie):
    """Breaks the redirect: it leads to https where the owner speaks http, and the reverse."""

    def redirected(self, foreign: Foreign, answer: Answer) -> Answer:
        """With the other scheme."""
        parts = urlsplit(foreign.location)
        other = "http" if parts.scheme == "https" else "https"
        return with_header(answer, _LOCATION, urlunsplit(parts._replace(scheme=other)))


@dataclass(frozen=True, slots=True)
class RelativeLocation(Lie):
    """Breaks the redirect: its Location is only a path, which leads back to the node that was asked."""

    def redirected(self, foreign: Foreign, answer: Answer) -> Answer:
        """With the path alone."""
        return with_header(answer, _LOCATION, foreign.target)


@dataclass(frozen=True, slots=True)
class NoLocation(Lie):
    """Breaks the redirect: it says nowhere to go."""

    def redirected(self, foreign: Foreign, answer: Answer) -> Answer:
        """Without Location."""
        del foreign
        return with_header(answer, _LOCATION, None)


@dataclass(frozen=True, slots=True)
class EmptyLocation(Lie):
    """Breaks the redirect: its Location is empty."""

    def redirected(self, foreign: Foreign, answer: Answer) -> Answer:
        """With nothing in it."""
        del foreign
        return with_header(answer, _LOCATION, "")


@dataclass(frozen=True, slots=True)
class UnreadableLocation(Lie):
    """Breaks the redirect: its Location is no address."""

    def redirected(self, foreign: Foreign, answer: Answer) -> Answer:
        """With what nobody can read."""
        del foreign
        return with_header(answer, _LOCATION, "http://[ors/nowhere")
