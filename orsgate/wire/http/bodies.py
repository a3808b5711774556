# SPDX-License-Identifier: Apache-2.0
"""Bodies of answers, read to their end and no further than they may be."""

from __future__ import annotations

import re
import zlib

import requests

from orsgate.wire.http.trouble import compressed, too_large

_CHUNK = 1 << 16


def whole_body(asked: str, call: str, response: requests.Response, most: int) -> bytearray:
    """The body of ``response``, of at most ``most`` bytes.

    Raises:
        ProbeError: it is larger, or compressed in a way that nobody asked for.
    """
    headers = response.headers
    encoding = headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip", "x-gzip"}:
        raise compressed(asked, call)
    announced = re.fullmatch(r"\s*(\d{1,18})\s*", headers.get("Content-Length", ""))
    if announced and int(announced[1]) > most:
        raise too_large(asked, call, most)
    body = bytearray()
    for piece in response.raw.stream(_CHUNK, decode_content=False):
        body += piece
        if len(body) > most:
            raise too_large(asked, call, most)
    return _inflated(asked, call, body, most) if encoding != "identity" and body else body


def _inflated(asked: str, call: str, body: bytearray, most: int) -> bytearray:
    """What was compressed, as some proxies do though nobody asked for it.

    Raises:
        ProbeError: it is larger than may be read, or broken.
    """
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        found = inflater.decompress(body, most + 1)
    except zlib.error:
        raise compressed(asked, call) from None
    if len(found) > most:
        raise too_large(asked, call, most)
    if not inflater.eof:
        raise compressed(asked, call)
    return bytearray(found)
