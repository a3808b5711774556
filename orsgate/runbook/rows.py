# SPDX-License-Identifier: Apache-2.0
"""The rows of the runbook: what is done days ahead, in the change window, and on the way back."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from orsgate.estate.crosschecks import LIVE_SOURCES
from orsgate.estate.schema import ConfigurationSection, EstateFile, Stage

When = Literal["days ahead", "in the window", "way back"]
Who = Literal["Genesys administrator", "Cassandra administrator", "change manager"]

ADMINISTRATOR: Who = "Genesys administrator"
OPERATOR: Who = "Cassandra administrator"
MANAGER: Who = "change manager"
AHEAD: When = "days ahead"
WINDOW: When = "in the window"
BACK: When = "way back"

NO_ACCESS = "none"
BASELINE, FIXED, RECORD, KEY, PUBLIC_KEY = "baseline", "fixed", "record.json", "record-key.pem", "record-key.pub"
"""How the runbook calls directories and files; any other name does as well."""
JOURNAL = f"{FIXED}/apply.journal"
"""Where ``fix --apply`` writes what it did."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the runbook.

    Attributes:
        what: what is done, and what has to come out of it.
        command: the command line; empty where a person acts without orsgate.
        access: what the command, or the person, has to be able to reach.
    """

    when: When
    who: Who
    what: str
    command: str
    access: str


@dataclass(frozen=True, slots=True)
class _Names:
    """How the commands call the estate file and its source."""

    estate: str
    file: EstateFile

    def command(self, name: str, *words: str) -> str:
        return shlex.join(["orsgate", name, self.estate, *words])

    @property
    def attestations(self) -> str:
        """Where ``attest`` writes, beside the estate file."""
        return str(Path(self.estate).parent / "attestations")

    @property
    def configuration(self) -> ConfigurationSection:
        return self.file.configuration

    @property
    def live(self) -> bool:
        return self.configuration.source in LIVE_SOURCES

    @property
    def reading(self) -> str:
        """What reading the configuration needs."""
        match self.configuration.source:
            case "files":
                return "the exports named in the estate file"
            case "mutagen":
                return "the exports of mutagen named in the estate file"
            case source:
                return f"{source.upper()} with the account {self.configuration.username}, which may only read"

    @property
    def ring(self) -> str:
        user = self.file.cassandra.username
        account = f"the user {user}, which may only read" if user else "no user"
        return f"every Cassandra node (Thrift, else the native port), {account}"

    @property
    def on_cassandra(self) -> bool:
        """Whether sessions are kept in Cassandra, as far as the estate file says."""
        return self.file.estate.persistence not in {"none", "redis"}

    @property
    def both(self) -> str:
        return f"{self.reading}; {self.ring}" if self.on_cassandra else self.reading


def runbook(path: str, file: EstateFile) -> tuple[Row, ...]:
    """The runbook of an estate, in order.

    Args:
        path: the estate file as the commands are to name it.
        file: what it says.
    """
    names = _Names(path, file)
    return (*_ahead(names), *_window(names), *_back(names))


def _ahead(names: _Names) -> Iterator[Row]:
    settings = names.file.estate
    told = "Test every address, port, account and file that a run needs."
    yield Row(AHEAD, ADMINISTRATOR, told, names.command("doctor"), names.both)
    if names.configuration.source == "files":
        told = f"Step 1: export the options of every application into {settings.rollback or 'rollback'}/, by hand."
        yield Row(AHEAD, ADMINISTRATOR, told, "", "Configuration Manager or Genesys Administrator")
    else:
        told = "Step 1: write the rollback exports."
        yield Row(AHEAD, ADMINISTRATOR, told, names.command("export"), names.reading)
    told = "See what steps 2 to 8 still ask for; NO-GO is what is expected here."
    yield Row(AHEAD, ADMINISTRATOR, told, names.command("audit", "--html", "today.html"), names.both)
    told = "Make the migrated exports and the change list; give the values that only a person knows."
    yield Row(AHEAD, ADMINISTRATOR, told, names.command("fix", "--directory", FIXED), names.both)
    if names.on_cassandra:
        told = "Try the planned keyspace on a twin of the ring; nothing is written to production."
        yield Row(AHEAD, OPERATOR, told, names.command("rehearse", "--plan", FIXED), f"a Linux machine; {names.both}")
    if names.on_cassandra:
        told = "Judge the planned options over the real inventory and ring. What is left are Backups, cluster and keyspace."
    else:
        told = "Judge the planned options over the real inventory. What is left are Backups and cluster."
    yield Row(AHEAD, ADMINISTRATOR, told, names.command("audit", "--plan", FIXED, "--html", "plan.html"), names.both)
    told = "Make the key that signs the readiness record; keep the private half, hand the public half out."
    keys = shlex.join(["orsgate", "keygen", "--private", KEY, "--public", PUBLIC_KEY])
    yield Row(AHEAD, MANAGER, told, keys, NO_ACCESS)
    if settings.path == "standard":
        told = "Ask who answers for the service to accept that active sessions are lost: session_loss_accepted_by."
        yield Row(AHEAD, MANAGER, told, "", NO_ACCESS)


def _window(names: _Names) -> Iterator[Row]:
    told = "Store what is there before anything changes."
    yield Row(WINDOW, ADMINISTRATOR, told, names.command("baseline", "--directory", BASELINE), names.both)
    if names.file.estate.path == "standard":
        told = "Wait until the sessions are drained, or go on with their loss accepted; then stop the old servers."
        yield Row(WINDOW, ADMINISTRATOR, told, "", "Solution Control Interface")
        yield from _applied(names)
        yield from _audited(names)
        told = "Step 9: install 8.1.4 on every application, write installed_at into the estate file, and start the servers."
        yield Row(WINDOW, ADMINISTRATOR, told, "", "the hosts of the applications; Solution Control Interface")
    else:
        yield from _applied(names)
        yield from _audited(names)
        told = "Step 9 begins: write installed_at into the estate file, the moment at which the first stage begins."
        yield Row(WINDOW, ADMINISTRATOR, told, "", NO_ACCESS)
        for number, stage in enumerate(names.file.stage, 1):
            yield from _staged(names, number, stage)
    told = "Attest what no system shows: one command for each requirement that is manual."
    attested = shlex.join(["orsgate", "attest", "ORS-1008", names.estate, "--by", "NAME", "--statement", "TEXT"])
    yield Row(WINDOW, ADMINISTRATOR, told, attested, names.reading)
    told = "Step 10: test the deployment. GO ends the change."
    words = ("--baseline", BASELINE, "--record", RECORD, "--require-signed", PUBLIC_KEY, "--active", "--serve", "HOST:PORT")
    access = f"{names.both}; the HTTP port of every application; the start and stop commands of the estate file"
    made = ("--html", "deployment.html", "--json", "deployment.json", "--snapshot", "deployment-snapshot.json")
    yield Row(WINDOW, ADMINISTRATOR, told, names.command("verify", *words, "--disruptive", *made), access)
    told = "Pack and sign what proves it, for the file; `orsgate bundle verify` tells offline whether it is as it was."
    stays = ("--snapshot", "deployment-snapshot.json", "--report", "deployment.html")
    rests_on = ("--attestations", names.attestations, "--record", RECORD)
    packed = ("bundle", "deployment.json", "--output", "deployment.zip", "--sign", KEY, *stays, *rests_on)
    yield Row(WINDOW, MANAGER, told, shlex.join(["orsgate", *packed]), NO_ACCESS)


def _applied(names: _Names) -> Iterator[Row]:
    told = "Make the Backups and the cluster as the change list says, and put into the estate file what it names."
    yield Row(WINDOW, ADMINISTRATOR, told, "", "Configuration Manager or Genesys Administrator")
    if names.on_cassandra:
        told = "If the change list says so: alter the keyspace, then repair every node with nodetool."
        yield Row(WINDOW, OPERATOR, told, "", "a client of Cassandra, with a user that may alter the keyspace; nodetool")
    if names.live:
        source = names.configuration.source.upper()
        told = f"Apply the option changes through {source}, or import the files of {FIXED}/ by hand."
        words = ("--directory", FIXED, "--apply", "--accept-undocumented-api")
        yield Row(WINDOW, ADMINISTRATOR, told, names.command("fix", *words), f"{source} with an account that may write")
        return
    told = f"Import the files of {FIXED}/, delete what the change list deletes, and export every application again."
    yield Row(WINDOW, ADMINISTRATOR, told, "", "Configuration Manager or Genesys Administrator")


def _audited(names: _Names) -> Iterator[Row]:
    told = "Audit what is there now, and keep the signed record. Only GO leads on."
    words = ("--baseline", BASELINE, "--record", RECORD, "--sign", KEY, "--html", "readiness.html")
    yield Row(WINDOW, MANAGER, told, names.command("audit", *words), names.both)


def _staged(names: _Names, number: int, stage: Stage) -> Iterator[Row]:
    told = f"Stage {number}: {stage.name}. Applications with the target release afterwards: {', '.join(stage.applications)}."
    yield Row(WINDOW, ADMINISTRATOR, told, "", "the hosts of these applications; Solution Control Interface")
    words = ("--baseline", BASELINE, "--record", RECORD, "--require-signed", PUBLIC_KEY, "--stage", str(number))
    told = f"Judge the state after stage {number}."
    yield Row(WINDOW, ADMINISTRATOR, told, names.command("verify", *words), f"{names.both}; the HTTP port of every application")


def _back(names: _Names) -> Iterator[Row]:
    told = "If it has to be taken back: the reverse change list, from the baseline."
    yield Row(BACK, ADMINISTRATOR, told, names.command("rollback-plan", "--baseline", BASELINE), names.reading)
    if names.live:
        told = "Take back exactly the option changes that were applied; what others changed since stays, and is named."
        words = ["orsgate", "undo", JOURNAL, names.estate, "--accept-undocumented-api"]
        access = f"{names.configuration.source.upper()} with an account that may write"
        yield Row(BACK, ADMINISTRATOR, told, shlex.join(words), access)
    told = "Prove that the estate is as it was."
    compared = shlex.join(["orsgate", "compare", BASELINE, names.estate, "--identical"])
    yield Row(BACK, ADMINISTRATOR, told, compared, names.reading)
