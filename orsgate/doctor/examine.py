# SPDX-License-Identifier: Apache-2.0
"""Examining an estate from this host: every address, account and file that a run will need."""

from __future__ import annotations

import threading

from orsgate.collection.collect import deadline
from orsgate.doctor.checks import Diagnosis, Part
from orsgate.doctor.configuration import export_checks, read_estate, source_checks
from orsgate.doctor.files import other_files
from orsgate.doctor.programs import programs
from orsgate.doctor.ring import no_ring, ring_checks
from orsgate.estate.file import LoadedEstate
from orsgate.wire.deadline import Limits
from orsgate.wire.observer import Observer, unobserved
from orsgate.wire.resolve import Resolver


def examine(
    loaded: LoadedEstate, *, timeout: float | None = None, can_ask: bool = False, observer: Observer = unobserved
) -> Diagnosis:
    """Test what a run on this estate will need, without a login and without a write.

    Args:
        loaded: the estate file.
        timeout: seconds it may take; what was not tested by then is ``unknown``.
        can_ask: whether there is a terminal on which a person could be asked for a password.
        observer: told about progress.
    """
    cancel = threading.Event()
    until = deadline(timeout)
    resolver = Resolver()
    file = loaded.file
    try:
        estate = read_estate(loaded)
        limits = Limits(call=file.configuration.timeout, run_until=until, cancel=cancel)
        source = tuple(source_checks(loaded, resolver, limits, can_ask=can_ask))
        limits = Limits(call=file.cassandra.timeout, run_until=until, cancel=cancel)
        at_hand = not any(check.is_obstacle for check in source)
        ring = ring_checks(loaded, estate, resolver, limits, observer, can_ask=can_ask, source_at_hand=at_hand)
        checks = (*source, *export_checks(loaded, estate), *ring, *other_files(loaded), *programs(loaded))
    except KeyboardInterrupt:
        cancel.set()
        raise
    why = no_ring(estate)
    not_needed: dict[Part, str] = {} if why is None else {"cassandra": why}
    return Diagnosis(checks, not_needed)
