# SPDX-License-Identifier: Apache-2.0
"""Every way in which an ORS twin can be broken, and every one in which it is only different; each can be joined with others.

``BROKEN`` and ``HARMLESS`` hold one value of each; a Backup is told those that say so in their docstrings.
"""

from __future__ import annotations

from orsgate.sandbox.twins import ors_lies_calls as calls
from orsgate.sandbox.twins import ors_lies_redirects as redirects
from orsgate.sandbox.twins import ors_lies_servers as servers
from orsgate.sandbox.twins import ors_lies_sessions as sessions
from orsgate.sandbox.twins import ors_lies_transport as transport
from orsgate.sandbox.twins import ors_variants as variants
from orsgate.sandbox.twins.ors_lie import Lie
from orsgate.sandbox.twins.ors_lies_together import Lies

__all__ = ["BROKEN", "HARMLESS", "Lie", "Lies", "calls", "meaning", "redirects", "servers", "sessions", "transport", "variants"]

_GENERAL = {servers._Command, calls.Refused, calls.Paged, transport.Transport}  # noqa: SLF001 - of the same part


def _all_of(*modules: object) -> tuple[Lie, ...]:
    """One value of each lie that a module defines, with its defaults, in the order of the module."""
    kinds = [
        kind
        for module in modules
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Lie) and kind.__module__ == getattr(module, "__name__", "")
    ]
    return tuple(kind() for kind in kinds if kind not in _GENERAL)


BROKEN: tuple[Lie, ...] = _all_of(servers, redirects, sessions, calls, transport)
"""One of each way to be broken."""
HARMLESS: tuple[Lie, ...] = _all_of(variants)
"""One of each way to be different and sound."""


def meaning(lie: Lie) -> str:
    """What a lie breaks, or how it differs, as one line."""
    return (type(lie).__doc__ or "").strip().partition("\n")[0]
