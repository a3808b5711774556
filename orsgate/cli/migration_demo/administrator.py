# SPDX-License-Identifier: Apache-2.0
"""The Genesys administrator of the demo: does in the GAX twin what the lines of a change list say, and nothing that they do not.

A line that says what he does not understand stops him. So the demo also shows that every field is spelled out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from orsgate.estate.export import parse
from orsgate.estate.secret import Revealer
from orsgate.remedy.changes import Task
from orsgate.sandbox.errors import SandboxError
from orsgate.sandbox.site.edits import changed
from orsgate.sandbox.twins.literals import LIST_NUMBER, REDUNDANCIES, type_named
from orsgate.sandbox.twins.objects import Tree, TreeApplication, TreeHost, TreeTransaction
from orsgate.sandbox.twins.tree import properties_of

Do = Callable[["_Desk", re.Match[str]], None]


class NotUnderstoodError(SandboxError):
    """A line of a change list does not say everything that is to be done."""


@dataclass
class _Desk:
    """What lies before the administrator.

    Attributes:
        tree: the configuration as far as he is.
        files: where fix wrote the exports to import.
    """

    tree: Tree
    files: Path

    def application(self, name: str, change: Callable[[TreeApplication], TreeApplication]) -> None:
        self.tree = changed(self.tree, name, change)

    def transaction(self, name: str) -> TreeTransaction:
        dbid = self.tree.dbid("transaction", name)
        return next(one for one in self.tree.transactions if one.dbid == dbid)

    def host(self, name: str) -> int:
        """The DBID of a host, which is made where it is new."""
        found = {host.name: host.dbid for host in self.tree.hosts}
        if name not in found:
            found[name] = _next(host.dbid for host in self.tree.hosts)
            self.tree = replace(self.tree, hosts=(*self.tree.hosts, TreeHost(found[name], name)))
        return found[name]


def done(tree: Tree, task: Task, files: Path) -> Tree:
    """The configuration after a task was done, line by line.

    Args:
        tree: as it is.
        task: of a change list.
        files: the directory of the change list.

    Raises:
        NotUnderstoodError: a line does not say everything.
        SandboxError: a line names an object that is not there.
    """
    return _followed(tree, task.steps, files)


def taken_back(tree: Tree, task: Task) -> Tree:
    """The configuration after a task was taken back; raises as ``done`` does."""
    return _followed(tree, task.undo, Path())


def _followed(tree: Tree, lines: Sequence[str], files: Path) -> Tree:
    desk = _Desk(tree, files)
    for line in lines:
        for form, do in _LINES.items():
            if match := re.fullmatch(form, line):
                do(desk, match)
                break
        else:
            raise NotUnderstoodError(f"the administrator does not understand the line: {line}")
    return desk.tree


def _create_application(desk: _Desk, match: re.Match[str]) -> None:
    made = TreeApplication(
        dbid=_next(one.dbid for one in desk.tree.applications),
        name=match["name"],
        type=type_named(match["type"]).number,
        version=match["version"],
        primary=False,
        enabled=match["state"] == "Enabled",
    )
    desk.tree = desk.tree.holding(made)


def _tenants(desk: _Desk, match: re.Match[str]) -> None:
    dbids = tuple(desk.tree.dbid("tenant", name) for name in _listed(match["names"], ", "))
    desk.application(match["name"], lambda one: replace(one, tenants=dbids))


def _server_info(desk: _Desk, match: re.Match[str]) -> None:
    host = desk.host(match["host"])
    ports = tuple((port, int(number)) for port, number in (entry.split(" = ") for entry in _listed(match["ports"], ", ")))
    desk.application(match["name"], lambda one: replace(one, host=host, ports=ports))


def _connections(desk: _Desk, match: re.Match[str]) -> None:
    dbids = tuple(desk.tree.dbid("application", name) for name in _listed(match["names"], ", "))
    desk.application(match["name"], lambda one: replace(one, connections=dbids))


def _import(desk: _Desk, match: re.Match[str]) -> None:
    path = desk.files / match["file"]
    read = parse(path.read_bytes(), str(path), Revealer())
    if read.problems:
        raise NotUnderstoodError(f"{path} cannot be imported: line {read.problems[0].line} is not understood")
    desk.application(match["name"], lambda one: replace(one, options=properties_of(read)))


def _redundancy(desk: _Desk, match: re.Match[str]) -> None:
    backup = 0 if match["backup"] == "[None]" else desk.tree.dbid("application", match["backup"])
    number = REDUNDANCIES.index(match["redundancy"].lower())
    desk.application(match["name"], lambda one: replace(one, backup=backup, redundancy=number))


def _create_transaction(desk: _Desk, match: re.Match[str]) -> None:
    dbid = _next(one.dbid for one in desk.tree.transactions)
    desk.tree = desk.tree.holding(TreeTransaction(dbid, "", LIST_NUMBER, desk.tree.dbid("tenant", match["tenant"])))


def _transaction_general(desk: _Desk, match: re.Match[str]) -> None:
    made = replace(desk.transaction(""), name=match["name"], enabled=match["state"] == "Enabled")
    desk.tree = desk.tree.holding(made)


def _members(desk: _Desk, match: re.Match[str]) -> None:
    pairs = [entry.split(" = ") for entry in _listed(match["members"], "; ")]
    annex = ((match["section"], tuple((member, datacenter) for member, datacenter in pairs)),)
    desk.tree = desk.tree.holding(replace(desk.transaction(match["name"]), annex=annex))


def _delete_application(desk: _Desk, match: re.Match[str]) -> None:
    desk.tree = desk.tree.without("application", desk.tree.dbid("application", match["name"]))


def _delete_transaction(desk: _Desk, match: re.Match[str]) -> None:
    desk.tree = desk.tree.without("transaction", desk.tree.dbid("transaction", match["name"]))


def _nothing(_desk: _Desk, _match: re.Match[str]) -> None:
    """The line is not about what a configuration of twins holds."""


_LINES: dict[str, Do] = {
    r"Environment > Applications: create an Application from an Application Template of type Orchestration Server, version "
    r"8\.1\.4\. General tab: Name = (?P<name>\S+)(?: \(a suggestion: .*\))?, Type = (?P<type>[^,]+), "
    r"Version = (?P<version>[\d.]+), State = (?P<state>\w+)\.": _create_application,
    r"Tenants tab of (?P<name>\S+): (?P<names>.+)\.": _tenants,
    r"Server Info tab of (?P<name>\S+): Host = (?P<host>\S+), Listening Ports: (?P<ports>[^;]+); "
    r"Backup Server = \[None\], Redundancy Type = as the template has it\.": _server_info,
    r"Start Info tab of \S+: Working Directory and Command Line of the installation on its host, .*": _nothing,
    r"Connections tab of (?P<name>\S+): (?P<names>.+), each as there\.": _connections,
    r"Options tab of (?P<name>\S+): import (?P<file>\S+\.cfg), which fix wrote .*": _import,
    r"Server Info tab of (?P<name>\S+): Backup Server = (?P<backup>\S+), Redundancy Type = (?P<redundancy>[^.]+)\.": _redundancy,
    r"Transactions, under the tenant (?P<tenant>\S+) \(.*\): create a Transaction\.": _create_transaction,
    r"General tab of \S+: Name = (?P<name>[^,]+), Alias = [^,]+, Transaction Type = List, State = (?P<state>\w+)\.": (
        _transaction_general
    ),
    r"Annex tab of (?P<name>\S+): create the section (?P<section>\w+), in it one option .*: (?P<members>[^:]+)\.": _members,
    r"With exports, write it into the estate file too: .*": _nothing,
    r"Delete the Application (?P<name>\S+)\.": _delete_application,
    r"Delete the Transaction (?P<name>\S+)\.": _delete_transaction,
}


def _listed(text: str, separator: str) -> list[str]:
    return [] if text == "none" else text.split(separator)


def _next(dbids: Iterable[int]) -> int:
    return max(dbids, default=100) + 1
