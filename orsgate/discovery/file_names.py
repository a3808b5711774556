# SPDX-License-Identifier: Apache-2.0
"""File names for objects of the configuration: within one directory, on Linux and on Windows."""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 200
"""Bytes of an object's name in UTF-8; file systems end at 255, and temporary names and endings come on top."""

_UNUSABLE = re.compile('[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff/\\\\<>:"|?*]')
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])[ ]*(\..*)?", re.IGNORECASE | re.DOTALL)


def file_name(application: str, suffix: str = ".cfg") -> str | None:
    """The file name for an object: its name and ``suffix``; None where the name cannot be one in a directory.

    What it gives never leads out of the directory, and means the same file on Linux and on Windows.
    """
    return None if unfit_for_file(application) else f"{application}{suffix}"


def unfit_for_file(name: str) -> str:
    """Why ``name`` cannot be a file name, in words after "its name"; empty where it can."""
    if not name.strip(" ."):
        return "is empty, or dots and blanks only"
    if _UNUSABLE.search(name):
        return "holds a character that no file name may have on Linux and Windows"
    if name.endswith((" ", ".")):
        return "ends with a blank or a dot, which Windows drops"
    if _DEVICE.fullmatch(name):
        return "is that of a device on Windows"
    return f"is longer than {LONGEST_NAME} bytes" if len(name.encode()) > LONGEST_NAME else ""


def alike(name: str) -> str:
    """What file names have in common that are one file where letter case or the form of accents does not count."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
