# SPDX-License-Identifier: Apache-2.0
"""Two states of a configuration, compared as far as both are known."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from orsgate.estate.differences import Difference, differences
from orsgate.estate.inventory import Configuration
from orsgate.estate.items import FINGERPRINTED, Aspect, Items, Key, items_of
from orsgate.estate.knowledge import Failure, Unknown, not_visible
from orsgate.estate.secret import Secret

EXPORTS = "exports"
"""The source of a configuration that is a directory of option exports, and tells nothing else."""
THERE = (Aspect.APPLICATION, Aspect.TRANSACTION)
"""That an object is there at all."""
DECIDES = FINGERPRINTED | {Aspect.APPLICATION, Aspect.PRIMARY, Aspect.ENABLED}
"""What has to be known for a comparison to be whole; version, host, ports and arguments do not decide it."""
_MAY_BE_LEFT_OUT = (Aspect.ANNEX, Aspect.SHARED, Aspect.ARGUMENTS)
"""What an estate file with files may name or not; not named is not the same as empty."""


@dataclass(frozen=True, slots=True)
class NotCompared:
    """Something of which it cannot be said whether it differs.

    Attributes:
        item: as in ``Key.name``; empty for everything of that aspect.
    """

    object: str
    aspect: Aspect
    item: str
    unknown: Unknown


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs, and what could not be compared."""

    found: tuple[Difference, ...]
    not_compared: tuple[NotCompared, ...] = ()

    @property
    def undecided(self) -> tuple[NotCompared, ...]:
        """Those without which it cannot be said that nothing else differs."""
        return tuple(each for each in self.not_compared if each.aspect in DECIDES)


def compare_configurations(
    before: Configuration, after: Configuration, aspects: Collection[Aspect] | None = None, *, same_key: bool = True
) -> Compared:
    """Compare two states.

    What is not said on either side is left out. An object that a live source does not show any more may be hidden from its
    account, and one that a directory of exports does not hold may be there: neither counts as deleted.

    Args:
        before: the state that is compared with.
        after: the state that is looked at.
        aspects: what both sides can tell; None for everything.
        same_key: whether the digests of secrets were made with one key, so that they can be compared.
    """
    one, other = (_restricted(items_of(each), aspects) for each in (before, after))
    unknown = dict(_unsaid((before, one), (after, other)))
    one = Items(one.values, {**one.unknown, **{key: said for (side, key), said in unknown.items() if side == 0}})
    other = Items(other.values, {**other.unknown, **{key: said for (side, key), said in unknown.items() if side == 1}})
    found: list[Difference] = []
    open_: dict[tuple[str, Aspect, str], Unknown] = dict(_not_known(one, other))
    hidden = _hidden((before, one), (after, other))
    for difference in differences(one, other).found:
        key = difference.key
        if key.object in hidden:
            open_[key.object, hidden[key.object][0], ""] = hidden[key.object][1]
        elif not same_key and isinstance(_value(difference.before), Secret) and isinstance(_value(difference.after), Secret):
            cause = "it is a secret, and the two sides keep their digests with keys of their own"
            open_[key.object, key.aspect, key.name] = Unknown(cause, difference.where, Failure.NOT_ASKED)
        else:
            found.append(difference)
    return Compared(tuple(found), tuple(NotCompared(*key, why) for key, why in open_.items()))


def _value(value: object) -> object:
    return getattr(value, "value", None)


def _restricted(items: Items, aspects: Collection[Aspect] | None) -> Items:
    if aspects is None:
        return items
    kept = {*aspects, Aspect.APPLICATION}
    values = {key: value for key, value in items.values.items() if key.aspect in kept}
    return Items(values, {key: unknown for key, unknown in items.unknown.items() if key[1] in kept})


def _objects(items: Items) -> dict[str, Key]:
    return {key.object: key for key in items.values if key.aspect in THERE} | {
        name: Key(name, aspect) for name, aspect in items.unknown if aspect in THERE
    }


def _not_known(one: Items, other: Items) -> Iterator[tuple[tuple[str, Aspect, str], Unknown]]:
    """What one side does not know of an object that both have; what neither was told is not worth a word."""
    both = _objects(one).keys() & _objects(other).keys()
    for key in dict.fromkeys((*one.unknown, *other.unknown)):
        said = [unknown for unknown in (one.unknown.get(key), other.unknown.get(key)) if unknown]
        never_told = len(said) == 2 and all(unknown.failure is Failure.NOT_GIVEN for unknown in said)
        if key[0] in both and not never_told:
            yield (*key, ""), next((each for each in said if each.failure is not Failure.NOT_GIVEN), said[0])


def _unsaid(*sides: tuple[Configuration, Items]) -> Iterator[tuple[tuple[int, tuple[str, Aspect]], Unknown]]:
    """What an estate file with files does not name, where the other side tells it."""
    held = [{(key.object, key.aspect) for key in items.values if key.aspect in _MAY_BE_LEFT_OUT} for _, items in sides]
    for number, (configuration, items) in enumerate(sides):
        if configuration.source != "files":
            continue
        named = {application.name for application in configuration.applications if application.annex is not None}
        shared = {cluster.transaction for cluster in configuration.clusters if cluster.shared is not None}
        there = _objects(items)
        for name, aspect in held[1 - number] - held[number]:
            is_named = {Aspect.ANNEX: name in named, Aspect.SHARED: name in shared}.get(aspect, False)
            # A side that is files too leaves out what was deleted: only a live source tells what it cannot.
            if name in there and not is_named and sides[1 - number][0].source != "files":
                cause = f"the {_CALLED[aspect]} of {name} {'are' if aspect is not Aspect.ANNEX else 'is'} not given"
                yield (number, (name, aspect)), Unknown(cause, there[name].object, Failure.NOT_GIVEN)


_CALLED = {Aspect.ANNEX: "Annex", Aspect.SHARED: "shared options", Aspect.ARGUMENTS: "arguments"}


def _hidden(*sides: tuple[Configuration, Items]) -> dict[str, tuple[Aspect, Unknown]]:
    """Objects that only one side has, where the other may just not show them."""
    one, other = (_objects(items) for _, items in sides)
    found: dict[str, tuple[Aspect, Unknown]] = {}
    for (lacking, _), key in [
        *((sides[0], key) for name, key in other.items() if name not in one),
        *((sides[1], key) for name, key in one.items() if name not in other),
    ]:
        name, aspect = key.object, key.aspect
        kind = "application" if aspect is Aspect.APPLICATION else "Transaction"
        gone = name in one
        if lacking.source == EXPORTS:
            cause = f"{lacking.address} holds no export of {name}" if aspect is Aspect.APPLICATION else "exports tell no cluster"
            found[name] = aspect, Unknown(cause, lacking.address, Failure.MISSING)
        elif gone and lacking.by_account:
            found[name] = aspect, not_visible(kind, f'"{name}"', lacking.address)
        elif gone and lacking.gaps:
            found[name] = aspect, replace(lacking.gaps[0])
    return found
