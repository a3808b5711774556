# SPDX-License-Identifier: Apache-2.0
"""What is wrong with something that a run needs: a sentence, and apart from it what to do."""

from __future__ import annotations

from dataclasses import dataclass

from orsgate.estate.knowledge import Failure, Unknown


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong, in words.

    Attributes:
        text: a sentence that names what it is about.
        fix: what to do, or what to look at.
        failure: the kind of failure.
    """

    text: str
    fix: str
    failure: Failure

    @property
    def tested(self) -> bool:
        """Whether it was tested at all."""
        return self.failure is not Failure.NOT_ASKED


def trouble_of(unknown: Unknown, fix: str = "") -> Trouble:
    """What ``unknown`` says; the sentences of probes and passwords end with what to do, in brackets.

    Args:
        unknown: why something could not be had.
        fix: what to do, where the sentence does not say so.
    """
    text, bracket, hint = unknown.cause.rpartition(" (")
    if not (bracket and hint.endswith(")")):
        return Trouble(unknown.cause, fix, unknown.failure)
    return Trouble(text, hint.removesuffix(")"), unknown.failure)
