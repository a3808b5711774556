# SPDX-License-Identifier: Apache-2.0
"""An application's own name, host name and address in option values, replaced so that a pair can be compared."""

from __future__ import annotations

import ipaddress
import re
from functools import cached_property
from urllib.parse import urlsplit

from orsgate.estate.inventory import Application

NAME_TOKEN, HOST_TOKEN = "\0name\0", "\0host\0"
_NOT_AFTER = r"(?<![\w.-])"
_NOT_BEFORE = r"(?![\w-])"
_NOT_BEFORE_OR_DOT = r"(?![\w-]|\.\w)"


class OwnNames:
    """Replaces what is an application's own in its option values, where it stands as a whole name.

    Its address is known where its host or its HTTP interface is given as one.
    """

    def __init__(self, application: Application) -> None:
        self.name = application.name
        self.hosts = _hosts(application)
        self._folded = {name.casefold() for name in (self.name, *self.hosts)}

    def replaced(self, value: str, *, name_is_host: bool) -> str:
        """``value`` with a token in place of each own name.

        Args:
            value: the value of an option.
            name_is_host: whether application names and host names are the same words in this pair.
        """
        folded = value.casefold()
        if not any(name in folded for name in self._folded):
            return value
        name_token = HOST_TOKEN if name_is_host else NAME_TOKEN
        return self._pattern.sub(lambda match: name_token if match["name"] else HOST_TOKEN, value)

    def in_words_of(self, other: OwnNames, value: str) -> str | None:
        """``value`` with each own name replaced by that of the other of the pair; None where the other's is not known.

        A host stays in its form: a name with its domain, the first part of it alone, or an address.
        """

        def theirs(match: re.Match[str]) -> str:
            if match["name"]:
                return other.name
            if not (full := max(other.hosts, key=len, default="")):
                raise LookupError
            is_label = "." not in match[0] or value[match.end() :].startswith(".")
            return full if is_address(full) or not is_label else full.partition(".")[0]

        try:
            return self._pattern.sub(theirs, value)
        except LookupError:
            return None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        ways = [(self.name, f"(?P<name>{re.escape(self.name)}){_NOT_BEFORE}")]
        ways += [(host, f"(?i:{re.escape(host)}){end}") for host, end in self.hosts.items()]
        # Longest first, since the first that fits wins; an application name wins over a host name of the same length.
        ways.sort(key=lambda way: -len(way[0]))
        return re.compile(_NOT_AFTER + "(?:" + "|".join(way for _, way in ways) + ")")


def name_is_host(one: OwnNames, other: OwnNames) -> bool:
    """Whether one of a pair is called like its host, so that a name and a host cannot be told apart."""
    return any(side.name.casefold() in map(str.casefold, side.hosts) for side in (one, other))


def _hosts(application: Application) -> dict[str, str]:
    """Own host names and addresses, each with what may not follow it.

    A short name may be followed by its domain; a first label, whose domain is known, and an address may not.
    """
    given = [application.host] if isinstance(application.host, str) else []
    if application.http and (served := urlsplit(application.http).hostname):
        given.append(served)
    found: dict[str, str] = {}
    for host in (name.strip().removesuffix(".") for name in given):
        label = host.partition(".")[0]
        if is_address(host):
            found[host] = _NOT_BEFORE_OR_DOT
        elif label == host:
            found.setdefault(host, _NOT_BEFORE)
        else:
            found[host] = _NOT_BEFORE_OR_DOT
            found[label] = _NOT_BEFORE_OR_DOT
    found.pop("", None)
    return found


def is_address(host: str) -> bool:
    """Whether ``host`` is an IP address, not a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
