# SPDX-License-Identifier: Apache-2.0
"""Lets ``pytest --estate FILE --waivers FILE`` name files outside the repository.

Before it has read ``conftest.py`` pytest takes FILE for something to collect, and looks for its configuration above that.
Written ``--estate=FILE`` it does not. This plugin, an entry point so that it is there early enough, writes it so.
"""

from __future__ import annotations

import pytest

_OPTIONS = ("--estate", "--waivers")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(args: list[str]) -> None:
    """Start over with ``--estate=FILE`` where it was given as two words."""
    if any(word in _OPTIONS for word in args[:-1]):
        raise SystemExit(pytest.main(_joined(args)))


def _joined(args: list[str]) -> list[str]:
    found: list[str] = []
    words = iter(args)
    for word in words:
        value = next(words, None) if word in _OPTIONS else None
        found.append(word if value is None else f"{word}={value}")
    return found
