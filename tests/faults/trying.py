# SPDX-License-Identifier: Apache-2.0
"""Ways to change what a deployment does when it is tried."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from orsgate.estate.deployment import Deployment, Redirect, Response, SessionTrial
from orsgate.estate.knowledge import Unknown
from tests.deployments import command, failed_over, refusal, response, served, tried
from tests.faults.installing import deployment
from tests.faults.workshop import Change


def trial(name: str = "ORS_A1", **fields: Any) -> Change:
    """Other facts of the session of a node; a function is given what there was."""

    def alter(found: SessionTrial) -> SessionTrial:
        made = {key: value(getattr(found, key)) if callable(value) else value for key, value in fields.items()}
        return replace(found, **made)

    return deployment(tried(name, alter))


def answered(**fields: Any) -> Any:
    """The same answer with other fields; a function is given what there was."""
    return lambda found: replace(found, **fields)


def no_session(started: Response | Unknown, **fields: Any) -> Change:
    """A start that gave no session, so that nothing else was tried."""
    return trial(
        started=started,
        session="",
        queried=None,
        event=None,
        row=None,
        redirects=(),
        terminated=None,
        queried_after=None,
        **fields,
    )


def not_serving(name: str, answer: Any = refusal) -> Change:
    """A Primary that does not serve: it was not tried, and no other node's session was asked of it."""

    def alter(found: Deployment) -> Deployment:
        assert isinstance(found.sessions, tuple)
        sessions = tuple(
            SessionTrial(name, "", "", answer(each.url))
            if each.node == name
            else replace(each, redirects=tuple(asked for asked in each.redirects if asked.application != name))
            for each in found.sessions
        )
        return served(name, answer)(replace(found, sessions=sessions))

    return deployment(alter)


def redirects(name: str, *asked: str, **fields: Any) -> Change:
    """Other answers of some nodes (or all) that are asked for the session of one; None for the answer leaves it out."""

    def alter(found: tuple[Redirect, ...]) -> tuple[Redirect, ...]:
        return tuple(
            replace(each, answer=replace(each.answer, **fields)) if each.application in asked or not asked else each
            for each in found
        )  # fmt: skip

    return trial(name, redirects=alter)


def located(name: str, base: str, *asked: str) -> Change:
    """Redirects that lead to another base address."""

    def moved(found: tuple[Redirect, ...]) -> tuple[Redirect, ...]:
        made = []
        for each in found:
            assert isinstance(each.answer, Response)
            path = each.answer.location[each.answer.location.index("/scxml/") :]
            there = replace(each, answer=replace(each.answer, location=f"{base}{path}"))
            made.append(there if each.application in asked or not asked else each)
        return tuple(made)

    return trial(name, redirects=moved)


def switched_over(primary: str, *, statuses: bool = True) -> Change:
    """The Backup of a pair serves, with the sessions of its node, and its Primary stands by."""
    backup = f"{primary}_B"
    url = f"http://{backup.lower().replace('_', '-')}:7210"

    def alter(found: Deployment) -> Deployment:
        assert isinstance(found.sessions, tuple)
        tried_there = found.sessions
        found = served(primary, refusal)(served(backup, lambda _: response(url, "GET /ors/help", 404))(found))
        sessions = tuple(
            replace(
                each,
                application=backup if each.node == primary else each.application,
                url=url if each.node == primary else each.url,
                redirects=tuple(
                    replace(asked, application=backup) if asked.application == primary else asked for asked in each.redirects
                ),
            )
            for each in tried_there
        )
        ran = (*found.statuses, command(primary, "status")) if statuses else found.statuses
        return replace(found, sessions=sessions, statuses=ran)

    return deployment(alter)


def statuses(**codes: int | Unknown) -> Change:
    """Other exit codes of status commands."""
    return deployment(
        lambda found: replace(
            found,
            statuses=tuple(
                replace(
                    each,
                    code=codes.get(each.application, each.code),
                    said="stopped" if codes.get(each.application) else each.said,
                )
                for each in found.statuses
            ),
        )
    )


def no_status(*names: str) -> Change:
    """No status commands for some applications."""
    return deployment(
        lambda found: replace(found, statuses=tuple(each for each in found.statuses if each.application not in names))
    )


def whole(**fields: Any) -> Change:
    """Other facts of the deployment."""
    return deployment(lambda found: replace(found, **fields))


def by_hand(found: Deployment) -> Deployment:
    """No commands for the failover, so nothing was stopped."""
    assert isinstance(found.failovers, tuple)
    kept = (replace(each, stop=None, start=None, serves_after=None, kept=None) for each in found.failovers)
    return replace(found, failovers=tuple(kept))


def after(seconds: float | Unknown, primary: str = "ORS_A1", **fields: Any) -> Change:
    """A Backup that served after other seconds, or not at all."""
    return deployment(failed_over(primary, serves_after=seconds, **fields))


def all_https(found: Deployment) -> Deployment:
    """All applications serve HTTPS, and redirect to it."""
    assert isinstance(found.sessions, tuple)
    return replace(
        found,
        served=tuple(replace(each, url=_secured(each.url)) for each in found.served),
        sessions=tuple(
            replace(each, url=_secured(each.url), redirects=tuple(map(_securely, each.redirects))) for each in found.sessions
        ),
    )


def _securely(asked: Redirect) -> Redirect:
    assert isinstance(asked.answer, Response)
    return replace(asked, answer=replace(asked.answer, location=_secured(asked.answer.location)))


def _secured(url: str) -> str:
    return url.replace("http:", "https:").replace(":7210", "")
