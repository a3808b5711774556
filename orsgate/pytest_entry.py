# SPDX-License-Identifier: Apache-2.0
"""Lets ``pytest --estate FILE`` name a file outside the repository.

Before it has read ``conftest.py`` pytest takes FILE for something to collect, and looks for its configuration above that.
Written ``--estate=FILE`` it does not. This plugin, an entry point so that it is there early enough, writes it so.
"""

from __future__ import annotations

import pytest

_OPTION = "--estate"


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(args: list[str]) -> None:
    """Start over with ``--estate=FILE`` where it was given as two words."""
    if _OPTION in args[:-1]:
        at = args.index(_OPTION)
        raise SystemExit(pytest.main([*args[:at], f"{_OPTION}={args[at + 1]}", *args[at + 2 :]]))
