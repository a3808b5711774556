# SPDX-License-Identifier: Apache-2.0
"""What an earlier run left behind, as its journal says: it is ended now, or named."""

from __future__ import annotations

from functools import partial

from orsgate.collection.trials.ending import UNANSWERED, end_session, may_be_left
from orsgate.collection.trials.trail import Left, Trail
from orsgate.probes.ors.client import AT_ONCE, OrsClient
from orsgate.probes.ors.reading import shown
from orsgate.wire.observer import Observer, unobserved
from orsgate.wire.waiting import all_done


def end_leftovers(client: OrsClient, trail: Trail, observer: Observer = unobserved) -> tuple[str, ...]:
    """End every session that the journal knows to be started and not over; one sentence for each, and for what cannot be ended.

    A start without an answer is named and nothing else: which session it began, if any, is not known.

    Args:
        client: asks.
        trail: of the journal; sessions that cannot be ended stay in it, so that the next run tries again.
        observer: told how many are done.

    Raises:
        KeyboardInterrupt: the user does not want to wait; the journal keeps what is not ended.
    """
    left = trail.left()
    if not left:
        return ()
    work = [partial(_remark, client, trail, each) for each in left]
    return tuple(all_done(work, AT_ONCE, "ending what an earlier run left behind", observer, client.stop))


def _remark(client: OrsClient, trail: Trail, left: Left) -> str:
    if not left.session:
        return may_be_left(left, UNANSWERED)
    ended = end_session(client, trail, left)
    if ended.left_behind:
        return f"an earlier run started a session at {left.at} and did not end it: {ended.left_behind}"
    return (
        f"session {shown(left.session)} of {left.application}, which an earlier run started at {left.at} and left behind, is over"
    )
