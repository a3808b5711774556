# SPDX-License-Identifier: Apache-2.0
"""The enumerations of Configuration Server, by number and by every spelling in which they are exported.

GAX writes ``CFGHTWarmStanby`` (Genesys spells it so), the Platform Configuration API of GWS ``2``, mutagen ``htwarmstanby``.
Sources: PSDK enumerations as the public clients of GAX, GWS and mutagen use them.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TypeVar

from orsgate.estate.inventory import INTERACTION_SERVER, ORCHESTRATION_SERVER, ROUTING_SERVER
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.mistakes import quoted
from orsgate.sources.application_types import KNOWN

T = TypeVar("T")

ORCHESTRATION = 161
"""CfgAppType of an Orchestration Server."""
_TYPES = {
    1: ("tserver", "T-Server"),
    2: ("statserver", "Stat Server"),
    8: ("dbserver", "DB Server"),
    15: ("routerserver", ROUTING_SERVER),
    19: ("sce", "Configuration Manager"),
    21: ("configurationserver", "Configuration Server"),
    42: ("messageserver", "Message Server"),
    43: ("scs", "Solution Control Server"),
    107: ("genericserver", "Genesys Generic Server"),
    111: ("interactionserver", INTERACTION_SERVER),
    ORCHESTRATION: ("orchestrationserver", ORCHESTRATION_SERVER),
}
"""CfgAppType -> literal without CFG, and the name that Configuration Manager shows. A SIP Server is of the type T-Server."""
_BY_LITERAL = dict(_TYPES.values())
_ALMOST = 0.9
"""How alike two literals are, from 0 to 1, of which one is taken for a misspelling of the other."""
_DIGITS = 10

REDUNDANCY = {
    "0": "none", "htnohatype": "none",
    "1": "cold standby", "htcoldstanby": "cold standby",
    "2": "warm standby", "htwarmstanby": "warm standby",
    "3": "hot standby", "hthotstanby": "hot standby",
}  # fmt: skip
"""CfgHAType."""
FLAG = {"1": False, "false": False, "2": True, "true": True}
"""CfgFlag; its 0 (CFGNoFlag) says neither."""
STATE = {"1": "enabled", "enabled": "enabled", "2": "disabled", "disabled": "disabled", "3": "deleted", "deleted": "deleted"}
"""CfgObjectState; its 0 (CFGNoObjectState) says nothing."""
LIST = "list"
"""The type of a Transaction that an ORS cluster is."""
_TRANSACTION_TYPES = {
    "0": "notransactiontype", "1": "calldata", "2": "businessattribute", "3": "businesssituation", "4": "businessrule",
    "5": "businessaction", "16": "statfilter", "17": "stattimerange", "18": "stattimeprofile", "19": "stattype",
    "20": "statmetric", "21": LIST, "22": "macro",
}  # fmt: skip
"""CfgTransactionType, by number."""


def literal(value: object) -> str | None:
    """A value of an enumeration in lower case and without the prefix CFG; None where it is no text, number or boolean."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return str(value).strip().casefold().removeprefix("cfg") or None
    return None


def meaning(value: object, known: Mapping[str, T], what: str, where: str) -> T | Unknown:
    """What a value of an enumeration means; one that is not known is a failure to know, never a default.

    Args:
        value: as it was read.
        known: literal -> meaning.
        what: e.g. ``the redundancy type of ORS_1``.
        where: where it was read.
    """
    spelt = literal(value)
    if spelt is None:
        return Unknown(f"{what} is not told", where, Failure.NOT_GIVEN if value is None or value == "" else Failure.UNREADABLE)
    if spelt not in known:
        return Unknown(f"{what} is {quoted(str(value))}, which is not known here", where, Failure.UNREADABLE)
    return known[spelt]


def application_type(value: object) -> str | None:
    """The type of an application, as Configuration Manager shows it; None where there is none.

    Another type than those above is nothing that a requirement speaks of, and keeps the name that was read; a literal that is
    not known and spelt almost as one of those is not understood, and none.
    """
    spelt = literal(value)
    if spelt is None or isinstance(value, bool):
        return None
    if spelt.isascii() and spelt.isdigit() and len(spelt) <= _DIGITS:
        return _TYPES[int(spelt)][1] if int(spelt) in _TYPES else f"application type {int(spelt)}"
    if not is_known_type(spelt) and get_close_matches(spelt, _BY_LITERAL, 1, _ALMOST):
        return None
    return _BY_LITERAL.get(spelt, str(value).strip())


def is_known_type(told: str) -> bool:
    """Whether the type of an application, as it was read or as Configuration Manager shows it, is one that is known."""
    spelt = literal(told) or ""
    return told in _BY_LITERAL.values() or spelt in KNOWN or spelt.startswith("application type ")


def transaction_type(value: object, what: str, where: str) -> str | Unknown:
    """The type of a Transaction: ``list``, another literal as it was read, or a failure to know."""
    spelt = literal(value)
    if spelt is None:
        return Unknown(f"{what} is not told", where, Failure.NOT_GIVEN)
    if spelt.isdigit():
        return meaning(spelt, _TRANSACTION_TYPES, what, where)
    return spelt.removeprefix("trt")
