# SPDX-License-Identifier: Apache-2.0
"""What every source of the configuration gives, and what it is given."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from orsgate.estate.file import LoadedEstate
from orsgate.estate.inventory import Configuration
from orsgate.estate.secret import Redactor
from orsgate.wire.deadline import Limits
from orsgate.wire.observer import Observer


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source reads with.

    Attributes:
        loaded: the estate file, which adds what a source cannot tell.
        redactor: replaces secrets where they enter.
        limits: of each answer and of the run.
        observer: told about progress.
        ask_server: whether to ask the source which Configuration Server it reads.
    """

    loaded: LoadedEstate
    redactor: Redactor
    limits: Limits
    observer: Observer
    ask_server: bool = False


class Source(ABC):
    """Where the configuration is read from.

    Attributes:
        described: what is read and with which account, for reports; empty for the files that the estate file names.
        stand_in: what stood in for the system itself, known after it was read; empty where nothing did.
    """

    described: str = ""
    stand_in: str = ""

    @abstractmethod
    def read(self, reading: Reading) -> Configuration:
        """The configuration.

        Raises:
            ProbeError: nothing of it can be had.
        """
