# SPDX-License-Identifier: Apache-2.0
"""The archive of a bundle: a ZIP file that depends on names and contents alone, and reading one that nobody vouches for yet."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from orsgate.estate.mistakes import InputError
from orsgate.evidence.bundle.names import ENVELOPE
from orsgate.evidence.canonical import NotIntactError

LARGEST = 512 * 2**20
"""Bytes of all files of a bundle together; those of ten thousand applications take about 200 MB."""
MOST_FILES = 10_000

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first time that the format knows; every file has it."""
_UNIX = 3
_MODE = stat.S_IFREG | 0o644
_END = struct.Struct("<4s4H2LH")
"""The end of the file: signature, two disks, two numbers of entries, size and place of the list of files, length of a comment."""
_LARGEST_DIRECTORY = MOST_FILES * 2**10
LARGEST_ARCHIVE = LARGEST + 2 * _LARGEST_DIRECTORY
"""Bytes of an archive itself: its files, and every name twice."""
_BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, ValueError, LookupError, OverflowError, EOFError,
    OSError, struct.error, zlib.error,
)  # fmt: skip
"""Whatever ``zipfile`` raises over an archive that somebody made to break it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of an archive as it was found.

    Attributes:
        data: its bytes; empty where they cannot be had.
        trouble: why they cannot, in words after its name.
    """

    name: str
    data: bytes
    trouble: str = ""


def pack(envelope: bytes, files: Mapping[str, bytes]) -> bytes:
    """An archive; the same envelope and files give the same bytes on every machine.

    Nothing is compressed, since two releases of zlib compress one file to different bytes.

    Args:
        envelope: the signed statement; stands first.
        files: name -> content; stand by name.

    Raises:
        InputError: that is more than a bundle holds.
    """
    if sum(map(len, files.values())) + len(envelope) > LARGEST or len(files) >= MOST_FILES:
        raise InputError(f"the files take more than {LARGEST // 2**20} MB, or are more than {MOST_FILES:,}; leave some out")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:
        for name, data in ((ENVELOPE, envelope), *sorted(files.items())):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = _UNIX
            entry.external_attr = _MODE << 16
            archive.writestr(entry, data, zipfile.ZIP_STORED)
    return stream.getvalue()


def unpack(data: bytes) -> tuple[Entry, ...]:
    """What is in an archive, in its order, whoever made it; also one that was packed anew with another program.

    Nothing is written, and never more than ``LARGEST`` bytes are unpacked.

    Raises:
        NotIntactError: it is no archive, is cut off, has something at its end, or unpacks to more than a bundle holds.
    """
    number = _number_of_entries(data)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN:
        raise NotIntactError("is damaged: its list of files cannot be read") from None
    with archive:
        if len(archive.infolist()) != number:
            raise NotIntactError("is damaged: it holds another number of files than it says")
        return tuple(_entries(archive))


def _number_of_entries(data: bytes) -> int:
    """How many files the end of an archive says it has; nothing is read that the end does not lead to."""
    if len(data) > LARGEST_ARCHIVE:
        raise NotIntactError(f"is larger than {LARGEST // 2**20} MB, which no bundle is")
    if len(data) < _END.size:
        raise NotIntactError("is no bundle, or was cut off")
    signature, disk, first_disk, here, number, size, place, comment = _END.unpack(data[-_END.size :])
    if signature != b"PK\x05\x06":
        raise NotIntactError("is no bundle, was cut off, or something was added at its end")
    if disk or first_disk or comment or here != number or place + size + _END.size != len(data):
        raise NotIntactError("is damaged, or something was added to it: its end does not lead to its list of files")
    if number > MOST_FILES or size > _LARGEST_DIRECTORY or data[-_END.size - 20 :].startswith(b"PK\x06\x07"):
        raise NotIntactError(f"holds more than {MOST_FILES:,} files, or longer names, than any bundle")
    return int(number)


def _entries(archive: zipfile.ZipFile) -> Iterator[Entry]:
    left = LARGEST
    for entry in archive.infolist():
        name = entry.orig_filename
        if trouble := _kind(entry):
            yield Entry(name, b"", trouble)
            continue
        if entry.file_size > left:
            raise NotIntactError(f"unpacks to more than {LARGEST // 2**20} MB, which no bundle does")
        try:
            with archive.open(entry) as stream:
                content = stream.read(entry.file_size + 1)
        except _BROKEN:
            yield Entry(name, b"", "is damaged")
            continue
        left -= len(content)
        yield Entry(name, content, "" if len(content) == entry.file_size else "is damaged")


def _kind(entry: zipfile.ZipInfo) -> str:
    """Why an entry is no file that can be read, in words after its name; empty where it is one."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "is a symbolic link, which no bundle holds"
    if entry.orig_filename.endswith("/") or kind not in {0, stat.S_IFREG}:
        return "is no file, and nothing else is in a bundle"
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return "is compressed in a way that no bundle is"
    return "is encrypted, which no file of a bundle is" if entry.flag_bits & 1 else ""
