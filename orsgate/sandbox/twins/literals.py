# SPDX-License-Identifier: Apache-2.0
"""The enumerations of the configuration layer that a twin writes: their numbers and their literals.

Source: the PSDK enumerations as a public Python copy of them gives them (GitHub file 16978263801), which numbers
``CFGOrchestrationServer`` and ``CFGTRTList`` itself. "Stanby" is how Genesys spells it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from orsgate.estate.inventory import INTERACTION_SERVER, ORCHESTRATION_SERVER, ROUTING_SERVER, TELEPHONY_SERVERS


@dataclass(frozen=True, slots=True)
class ApplicationType:
    """An application type (CfgAppType).

    Attributes:
        number: its number; negative where no source tells it.
        literal: its name in the PSDK.
        names: how Configuration Manager calls it.
    """

    number: int
    literal: str
    names: tuple[str, ...]

    @property
    def value(self) -> str:
        """Its number as text; the literal where no source tells the number."""
        return str(self.number) if self.number >= 0 else self.literal


GENERIC: Final = ApplicationType(107, "CFGGenericServer", ("Third Party Server", "Genesys Generic Server"))
CONFIGURATION_SERVER: Final = ApplicationType(21, "CFGConfigurationServer", ("Configuration Server",))
_ADMINISTRATOR = ApplicationType(-1, "CFGGenesysAdministratorServer", ("Genesys Administrator Extension",))

APPLICATION_TYPES: Final = (
    ApplicationType(1, "CFGTServer", TELEPHONY_SERVERS),
    ApplicationType(2, "CFGStatServer", ("Stat Server",)),
    ApplicationType(8, "CFGDBServer", ("DB Server",)),
    ApplicationType(15, "CFGRouterServer", (ROUTING_SERVER,)),
    CONFIGURATION_SERVER,
    ApplicationType(42, "CFGMessageServer", ("Message Server",)),
    ApplicationType(43, "CFGSCS", ("Solution Control Server",)),
    GENERIC,
    ApplicationType(111, "CFGInteractionServer", (INTERACTION_SERVER,)),
    ApplicationType(161, "CFGOrchestrationServer", (ORCHESTRATION_SERVER,)),
    _ADMINISTRATOR,
)

_TYPE_NAMED = {name: kind for kind in APPLICATION_TYPES for name in kind.names}
_TYPE_NUMBERED = {kind.number: kind for kind in APPLICATION_TYPES}


def type_named(name: str) -> ApplicationType:
    """The type that Configuration Manager calls ``name``; the one of third-party servers for any other name."""
    return _TYPE_NAMED.get(name, GENERIC)


def type_numbered(number: int) -> ApplicationType:
    """The type of that number.

    Raises:
        KeyError: a twin writes none of that number.
    """
    return _TYPE_NUMBERED[number]


REDUNDANCIES: Final = ("none", "cold standby", "warm standby", "hot standby")
"""The names of the redundancy types (CfgHAType) by their number."""
REDUNDANCY_LITERALS: Final = ("CFGHTNoHAType", "CFGHTColdStanby", "CFGHTWarmStanby", "CFGHTHotStanby")

LIST_NUMBER: Final = 21
"""The Transaction type that an ORS cluster has."""
TRANSACTION_LITERALS: Final = {
    0: "CFGTRTNoTransactionType",
    1: "CFGTRTCallData",
    2: "CFGTRTBusinessAttribute",
    3: "CFGTRTBusinessSituation",
    4: "CFGTRTBusinessRule",
    5: "CFGTRTBusinessAction",
    16: "CFGTRTStatFilter",
    17: "CFGTRTStatTimeRange",
    18: "CFGTRTStatTimeProfile",
    19: "CFGTRTStatType",
    20: "CFGTRTStatMetric",
    LIST_NUMBER: "CFGTRTList",
    22: "CFGTRTMacro",
}
"""The Transaction types (CfgTransactionType)."""


def transaction_type_named(name: str) -> int:
    """The number of a Transaction type by its name in any letter case ("list", "stat type"); 0 for one that is none."""
    wanted = f"cfgtrt{name.casefold().replace(' ', '')}"
    return next((number for number, literal in TRANSACTION_LITERALS.items() if literal.casefold() == wanted), 0)


def state(*, enabled: bool) -> str:
    """The literal of a CfgObjectState."""
    return "CFGEnabled" if enabled else "CFGDisabled"


def state_number(*, enabled: bool) -> int:
    """The number of a CfgObjectState."""
    return 1 if enabled else 2


def flag(*, is_set: bool) -> str:
    """The literal of a CfgFlag."""
    return "CFGTrue" if is_set else "CFGFalse"


def flag_number(*, is_set: bool) -> int:
    """The number of a CfgFlag; 0 is "no flag"."""
    return 2 if is_set else 1
