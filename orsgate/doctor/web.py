# SPDX-License-Identifier: Apache-2.0
"""The server that tells a live configuration, GAX or GWS: reached or not, without a request."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from orsgate.doctor.authorities import authority_check
from orsgate.doctor.checks import Check, failed
from orsgate.doctor.dial import dial
from orsgate.estate.file import LoadedEstate
from orsgate.probes.transport import Target
from orsgate.sources.http.trouble import HINTS
from orsgate.wire.deadline import Limits
from orsgate.wire.http import trouble as http_trouble
from orsgate.wire.http.address import Address
from orsgate.wire.resolve import Resolver
from orsgate.wire.trouble import ProbeError

_LONGEST_CALL = 10.0
"""Seconds for connecting and TLS; ``[configuration] timeout`` is for a whole answer."""


@dataclass(frozen=True, slots=True)
class _Words:
    """What goes wrong on the way to GAX or GWS."""

    ca_file: Path | None

    def connect_failed(self, asked: str, error: OSError, seconds: float) -> ProbeError:
        return http_trouble.connect_failed(asked, error, seconds, HINTS)

    def silent(self, asked: str, seconds: float) -> ProbeError:  # noqa: ARG002 - the sentence does not say how long
        return http_trouble.tls_failed(asked, TimeoutError(), self.ca_file, HINTS)

    def tls_failed(self, asked: str, error: OSError) -> ProbeError:
        return http_trouble.tls_failed(asked, error, self.ca_file, HINTS)


def web_checks(loaded: LoadedEstate, resolver: Resolver, limits: Limits) -> Iterator[Check]:
    """The address in ``[configuration] url``, and what is needed for TLS with it."""
    section = loaded.file.configuration
    if section.url is None:  # with a live source the estate file always has one
        return
    name, address = section.source.upper(), Address.parse(section.url)
    usable = True
    if section.ca_file is not None and address.scheme == "https":
        authorities = authority_check(loaded, "configuration", section.ca_file, "configuration")
        usable = authorities.state == "ok"
        yield authorities
    if address.is_open:
        text = f"{address.origin} is not encrypted, so that the run needs --allow-http; passwords can be read on the way"
        yield Check("configuration", address.origin, "encryption", "later", text, f"use https, if {name} offers it")
    ca_file = None if section.ca_file is None else loaded.resolve(section.ca_file)
    context = _trust(ca_file) if address.scheme == "https" and usable else None
    how = f"{name} resolved, connected to its port{', TLS handshake' if context else ''}"
    short = replace(limits, call=min(limits.call, _LONGEST_CALL))
    trouble = dial(Target(address.host, address.port), _Words(ca_file), context, resolver, short)
    if trouble is not None:
        yield failed("configuration", address.origin, how, trouble)
    elif address.scheme == "https" and context is None:
        text = f"{address.origin} accepts connections; TLS was not tried, since ca_file cannot be used"
        yield Check("configuration", address.origin, how, "unknown", text, "correct ca_file first")
    else:
        text = f"{address.origin} accepts connections{' with TLS' if context else ''}"
        yield Check("configuration", address.origin, how, "ok", text)


def _trust(ca_file: Path | None) -> ssl.SSLContext:
    from orsgate.wire.http.connecting import trust  # noqa: PLC0415 - requests is slow to import

    return trust(ca_file)
