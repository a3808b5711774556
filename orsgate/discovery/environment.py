# SPDX-License-Identifier: Apache-2.0
"""Whether a configuration is that of the environment that was meant, before anything of it is written."""

from __future__ import annotations

from dataclasses import replace

from orsgate.collection.beginning import empty_snapshot
from orsgate.estate.estate import Estate
from orsgate.estate.file import LoadedEstate
from orsgate.estate.inventory import Configuration
from orsgate.estate.mistakes import InputError
from orsgate.rules.inventory import right_environment


def require_right_environment(loaded: LoadedEstate, read: Configuration) -> tuple[str, ...]:
    """Why it is not known whether ``read`` is what ``[configuration] server`` says; nothing where it is, or is not given.

    Raises:
        InputError: it is another one, so that nothing may be written.
    """
    judgement = right_environment(Estate(replace(empty_snapshot(loaded), configuration=read)))
    for violation in judgement.violations:
        said = f"{violation.subject} says of itself that it is {violation.found}, not {violation.expected}"
        raise InputError(f"{said}; this is another environment, and nothing was written")
    return judgement.causes
