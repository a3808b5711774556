# SPDX-License-Identifier: Apache-2.0
"""Readiness records and keys made in memory, for tests."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orsgate.estate.estate import Estate
from orsgate.estate.inventory import Application
from orsgate.estate.secret import LastingRedactor
from orsgate.evidence.keys import SigningKey
from orsgate.evidence.record import RecordReporter
from orsgate.evidence.redacted import redacted
from tests import make
from tests.reporting import runs

SALT = bytes(range(32))


@cache
def key(number: int = 1) -> SigningKey:
    """A key that is always the same."""
    return SigningKey(Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32))


def estate(*applications: Application) -> Estate:
    """The healthy estate, or one of ``applications``, with secrets as a record has them."""
    made = make.estate(applications or None)
    configuration = redacted(made.configuration, LastingRedactor(SALT))
    return Estate(replace(made.snapshot, configuration=configuration))


def record(path: Path, judged: Estate | None = None, signed_by: SigningKey | None = None) -> Path:
    """A record of a healthy run."""
    started, finished = runs.run({}, judged or estate())
    reporter = RecordReporter(path, SALT, signed_by)
    reporter.handle(started)
    reporter.handle(finished)
    return path
