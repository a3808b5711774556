# SPDX-License-Identifier: Apache-2.0
"""Deployments whose sessions do not start, cannot be used, are not kept, or are not redirected to their owner."""

from __future__ import annotations

from orsgate.sandbox.twins.ors_lies import Lie, calls, redirects, sessions
from tests.acceptance.deployments.case import Case, outcomes
from tests.acceptance.deployments.serving_lies import NO_SESSION, ONE

ALL = ("ORS_A1", "ORS_A2", "ORS_B1")
MAY_BE = "a session may have been started at "
STILL_THERE = "end it with: curl -X POST .*/terminate"
NOTHING_STARTED = outcomes(blocked=f"1003 {NO_SESSION}")
"""The start was refused, and the document was never fetched: what refused it is not known to be ORS' fault."""
NO_ID = outcomes(fail="1003", blocked=NO_SESSION)


def _redirects(name: str, lie: Lie) -> Case:
    return Case(f"{name} for a session of another node", outcomes(fail="1006"), {ONE: [lie]})


CASES = (
    _redirects("200", redirects.ForeignAsOwn()),
    _redirects("404", redirects.ForeignNotFound()),
    _redirects("500", redirects.ForeignError()),
    _redirects("302", redirects.ForeignOtherStatus()),
    _redirects("301", redirects.ForeignMoved()),
    _redirects("308", redirects.ForeignPermanent()),
    _redirects("307 to itself", redirects.RedirectToItself()),
    _redirects("307 to a host that is no node", redirects.RedirectToOtherHost()),
    _redirects("307 to another port", redirects.RedirectToOtherPort()),
    _redirects("307 to another scheme", redirects.RedirectToOtherScheme()),
    _redirects("307 to a path alone", redirects.RelativeLocation()),
    _redirects("307 without a Location", redirects.NoLocation()),
    _redirects("307 with an empty Location", redirects.EmptyLocation()),
    _redirects("307 to what is no address", redirects.UnreadableLocation()),
    Case("a session id that is too short", outcomes(fail="1003"), {ONE: [sessions.ShortId()]}),
    Case("a session id that is too long", outcomes(fail="1003"), {ONE: [sessions.LongId()]}),
    Case("a session id with blanks", outcomes(fail="1003"), {ONE: [sessions.IdWithBlanks()]}),
    Case("a session id of HTML", outcomes(fail="1003"), {ONE: [sessions.IdOfHtml()]}),
    Case("one session id for all", outcomes(fail="1003 1006"), {name: [sessions.OneIdForAll()] for name in ALL}),
    Case("no session id", NO_ID, {ONE: [sessions.NoId()]}, named=MAY_BE),
    Case("an empty session id", NO_ID, {ONE: [sessions.EmptyId()]}, named=MAY_BE),
    Case("two session ids", outcomes(fail="1003"), {ONE: [sessions.CookieOfAnother()]}),
    Case("the document is not fetched", outcomes(blocked="1003"), {ONE: [sessions.NeverFetches()]}),
    Case("the document cannot be reached", NOTHING_STARTED, unreachable=True),
    Case("a session is forgotten at once", outcomes(fail="1004", blocked="1005 1006 1012"), {ONE: [sessions.ForgetsAtOnce()]}),
    Case("a session is not persisted", outcomes(fail="1005 1006"), {ONE: [sessions.NotPersisted()]}),
    Case("a session is persisted under another key", outcomes(fail="1005 1006"), {ONE: [sessions.PersistedUnderOtherKey()]}),
    Case("a session is persisted too late", outcomes(fail="1005 1006"), {ONE: [sessions.PersistedLate()]}),
    Case("a session is persisted for another node", outcomes(fail="1006"), {ONE: [sessions.PersistedForOtherNode()]}),
    Case("an end that ends nothing", outcomes(fail="1012"), {ONE: [sessions.TerminatesNothing()]}, named=STILL_THERE),
    Case("an answer for an ended session", outcomes(fail="1012"), {ONE: [sessions.AnswersForEnded()]}, named=STILL_THERE),
    Case("500 for a start", NOTHING_STARTED, {ONE: [calls.StartError()]}, named=MAY_BE),
    Case("403 for a start", NOTHING_STARTED, {ONE: [calls.StartForbidden()]}),
    Case("202 without a session for a start", NO_ID, {ONE: [calls.StartAccepted()]}, named=MAY_BE),
    Case("200 with an error page for a start", NO_ID, {ONE: [calls.StartPage()]}, named=MAY_BE),
    Case("500 for a start that was done", NO_ID, {ONE: [calls.StartLeavesSession()]}, named=MAY_BE),
    Case("no answer to a start that was done", NOTHING_STARTED, {ONE: [calls.StartLeavesSessionUnanswered()]}, named=MAY_BE),
    Case("a hanging start that was done", NOTHING_STARTED, {ONE: [calls.StartLeavesSessionHanging()]}, named=MAY_BE),
    Case("500 for a query", outcomes(fail="1004 1006"), {ONE: [calls.QueryError()]}),
    Case("404 for a query", outcomes(fail="1004 1006"), {ONE: [calls.QueryNotFound()]}),
    Case("200 with an error page for a query", outcomes(fail="1004 1006 1012"), {ONE: [calls.QueryPage()]}, named=STILL_THERE),
    Case("500 for an event", outcomes(fail="1004"), {ONE: [calls.EventError()]}),
    Case("404 for an event", outcomes(fail="1004"), {ONE: [calls.EventNotFound()]}),
    Case("200 with an error page for an event", outcomes(fail="1004"), {ONE: [calls.EventPage()]}),
    Case("500 for the end", outcomes(fail="1004", blocked="1012"), {ONE: [calls.TerminateError()]}, named=STILL_THERE),
    Case(
        "200 with an error page for the end", outcomes(fail="1004", blocked="1012"), {ONE: [calls.TerminatePage()]},
        named=STILL_THERE,
    ),
)  # fmt: skip
