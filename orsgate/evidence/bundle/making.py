# SPDX-License-Identifier: Apache-2.0
"""Makes a bundle, and puts it where it is to be."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from orsgate.estate.atomic import write_whole
from orsgate.estate.mistakes import InputError
from orsgate.evidence.bundle.archive import pack
from orsgate.evidence.bundle.belonging import mismatches
from orsgate.evidence.bundle.contents import read_bundle
from orsgate.evidence.bundle.dsse import seal
from orsgate.evidence.bundle.names import RESULTS
from orsgate.evidence.bundle.statement import statement
from orsgate.evidence.bundle.told import told
from orsgate.evidence.in_turn import in_turn
from orsgate.evidence.keys import SigningKey
from orsgate.reporting.files import report_error


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


def put(path: Path, data: bytes, *, replace: bool = False) -> None:
    """Write a bundle; what is there already stays, unless it is the very same.

    Args:
        path: where it goes.
        data: its bytes.
        replace: whatever is there.

    Raises:
        InputError: something else is there.
        ReportError: it cannot be written.
    """
    try:
        with in_turn(path):
            if not replace and os.path.lexists(path) and read_bundle(path) != data:
                told = "is there already, and is not this bundle; name another file, or replace it with --force"
                raise InputError(f"{path}: {told}")
            write_whole(path, data)
    except OSError as error:
        raise report_error(str(path), error) from error
