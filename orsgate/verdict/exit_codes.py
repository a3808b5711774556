# SPDX-License-Identifier: Apache-2.0
"""The exit codes, named in one place."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process ends with; derived from the verdict, never taken from a library.

    ``NOT_INTACT`` is of ``orsgate bundle verify`` alone: something was changed since it was signed, or it was not signed by the
    key that was given.
    """

    GO = 0
    NO_GO = 1
    USAGE = 2
    INCONCLUSIVE = 3
    INTERNAL = 4
    NOT_INTACT = 5
    INTERRUPTED = 130
