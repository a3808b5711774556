# SPDX-License-Identifier: Apache-2.0
"""Makes a bundle."""

from __future__ import annotations

from collections.abc import Mapping

from orsgate.estate.mistakes import InputError
from orsgate.evidence.bundle.archive import pack
from orsgate.evidence.bundle.belonging import mismatches
from orsgate.evidence.bundle.dsse import seal
from orsgate.evidence.bundle.names import RESULTS
from orsgate.evidence.bundle.statement import statement
from orsgate.evidence.bundle.told import told
from orsgate.evidence.keys import SigningKey


def bundled(files: Mapping[str, bytes], key: SigningKey) -> bytes:
    """The bytes of a bundle: the same files and key give the same, whenever and wherever.

    Args:
        files: name -> content, as ``read_contents`` gives them.
        key: signs it.

    Raises:
        InputError: the files are not of one run, or too many.
    """
    said = told(files[RESULTS], RESULTS)
    if problem := next(mismatches(files, said), None):
        raise InputError(f"nothing was packed: {problem}")
    return pack(seal(statement(files, said), key), files)
