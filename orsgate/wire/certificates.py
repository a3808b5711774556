# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a certificate that was not accepted, whichever server it belongs to."""

from __future__ import annotations

import ssl
from enum import Enum, auto

from orsgate.wire.trouble import quote


class CertificateTrouble(Enum):
    """Why a certificate was not accepted, as far as the remedy depends on it."""

    EXPIRED = auto()
    NOT_YET_VALID = auto()
    OTHER_NAME = auto()
    OTHER_AUTHORITY = auto()
    OTHER = auto()


_CODES = {
    9: CertificateTrouble.NOT_YET_VALID,
    10: CertificateTrouble.EXPIRED,
    **dict.fromkeys((62, 64), CertificateTrouble.OTHER_NAME),
    **dict.fromkeys((2, 18, 19, 20, 21), CertificateTrouble.OTHER_AUTHORITY),
}
"""Codes of OpenSSL's X509_V_ERR_*."""


def certificate_trouble(error: ssl.SSLCertVerificationError) -> CertificateTrouble:
    """Why the certificate was not accepted."""
    return _CODES.get(error.verify_code, CertificateTrouble.OTHER)


def certificate_sentence(asked: str, error: ssl.SSLCertVerificationError, *, other_name: str, other_authority: str) -> str:
    """What is wrong with the certificate of ``asked``, and what to do.

    Args:
        asked: the server.
        error: of verifying.
        other_name: what to do where it is for another host.
        other_authority: what to add where its authority is not trusted.
    """
    match certificate_trouble(error):
        case CertificateTrouble.EXPIRED:
            return f"the certificate of {asked} has expired (renew it; is the clock of this host right?)"
        case CertificateTrouble.NOT_YET_VALID:
            return f"the certificate of {asked} is not valid yet (is the clock of this host right?)"
        case CertificateTrouble.OTHER_NAME:
            return f"the certificate of {asked} is for another host ({other_name})"
        case CertificateTrouble.OTHER_AUTHORITY:
            return f"the certificate of {asked} comes from an authority that {other_authority}"
        case _:
            return f"the certificate of {asked} cannot be verified: {quote(error.verify_message)}"
