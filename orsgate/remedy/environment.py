# SPDX-License-Identifier: Apache-2.0
"""Whether what is about to be written to is the environment that the estate file means."""

from __future__ import annotations

from orsgate.discovery.environment import require_right_environment
from orsgate.estate.file import LoadedEstate
from orsgate.estate.inventory import Configuration
from orsgate.estate.knowledge import Basis
from orsgate.estate.mistakes import InputError
from orsgate.sources.writing import Writer


def require_environment(loaded: LoadedEstate, writer: Writer) -> None:
    """Make sure that a system reads the Configuration Server that ``[configuration] server`` says, where it says one.

    Raises:
        InputError: it reads another one, or that is not known.
    """
    if loaded.file.configuration.server is None:
        return
    told = Configuration(
        source=writer.source, live=True, basis=Basis.OBSERVED, applications=(), clusters=(), account=writer.account,
        address=writer.address, server=writer.server(),
    )  # fmt: skip
    for cause in require_right_environment(loaded, told):
        raise InputError(f"nothing was written, since it is not known to be the right environment: {cause}")
