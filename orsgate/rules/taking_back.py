# SPDX-License-Identifier: Apache-2.0
"""How a difference is taken back, in the words of Configuration Manager."""

from __future__ import annotations

from collections.abc import Callable

from orsgate.estate.differences import Difference
from orsgate.estate.items import Aspect
from orsgate.estate.secret import Secret

Words = Callable[[Difference], str]


def taking_back(difference: Difference) -> str:
    """One sentence that says how the item becomes again what it was before."""
    return _WORDS[difference.key.aspect](difference)


def _before(difference: Difference) -> str:
    value = difference.before.value if difference.before else ""
    if isinstance(value, Secret):
        return "the secret value that the baseline holds"
    return value or "the empty value"


def _option(difference: Difference) -> str:
    tab = "Options tab" if difference.key.aspect is Aspect.OPTION else "Annex tab"
    section, _, option = difference.key.name.removeprefix("#").partition("/")
    option = f"#{option}" if difference.key.name.startswith("#") else option
    where = f"{tab} of {difference.key.object}, section {section}"
    if difference.before is None:
        return f"{where}: delete {option}."
    return f"{where}: {'set' if difference.after is None else 'set back'} {option} to {_before(difference)}."


def _name(tab: str) -> Words:
    def words(difference: Difference) -> str:
        return f"{tab} of {difference.key.object}: {'remove' if difference.before is None else 'add'} {difference.key.name}."

    return words


def _member(difference: Difference) -> str:
    member, where = difference.key.name, f"Annex tab of {difference.key.object}, section cluster"
    if difference.before is None:
        return f"{where}: delete {member}."
    center = difference.before.text
    value = f'the value "{center}"' if center else "no value"
    return f"{where}: {f'add {member} with' if difference.after is None else f'give {member}'} {value}."


def _port(difference: Difference) -> str:
    port_id, where = difference.key.name, f"Server Info tab of {difference.key.object}, Listening Ports"
    if difference.before is None:
        return f"{where}: delete {port_id}."
    return f"{where}: {f'add {port_id} with' if difference.after is None else f'set {port_id} to'} {_before(difference)}."


def _field(where: str, field: str) -> Words:
    def words(difference: Difference) -> str:
        done = f"clear {field}" if difference.before is None else f"set {field} back to {_before(difference)}"
        return f"{where} of {difference.key.object}: {done}."

    return words


def _state(difference: Difference) -> str:
    was = difference.before is not None and difference.before.text == "enabled"
    return f"General tab of {difference.key.object}: {'set' if was else 'clear'} State Enabled."


def _role(difference: Difference) -> str:
    how = "by what the Server Info tab of its Primary names as Backup Server"
    return f"Let {difference.key.object} be a {_before(difference)} again, {how}."


def _version(difference: Difference) -> str:
    return f"Install {_before(difference)} for {difference.key.object} again, with the application template of that release."


def _object(kind: str) -> Words:
    def words(difference: Difference) -> str:
        called = f"the {kind} {difference.key.object}"
        if difference.before is None:
            return f"Delete {called}, or leave it out of the scope with a reason."
        if difference.after is None:
            return f"Make {called} again with everything that the baseline holds of it."
        return f"Let {called} have the type and state again that it had: {_before(difference)}."

    return words


_WORDS: dict[Aspect, Words] = {
    Aspect.APPLICATION: _object("application"),
    Aspect.OPTION: _option,
    Aspect.ANNEX: _option,
    Aspect.CONNECTION: _name("Connections tab"),
    Aspect.TENANT: _name("Tenants tab"),
    Aspect.BACKUP: _field("Server Info tab", "Backup Server"),
    Aspect.REDUNDANCY: _field("Server Info tab", "Redundancy Type"),
    Aspect.TRANSACTION: _object("Transaction"),
    Aspect.MEMBER: _member,
    Aspect.SHARED: _option,
    Aspect.VERSION: _version,
    Aspect.ENABLED: _state,
    Aspect.PRIMARY: _role,
    Aspect.HOST: _field("Server Info tab", "Host"),
    Aspect.PORT: _port,
    Aspect.ARGUMENTS: _field("Start Info tab", "Command Line Arguments"),
}
