# SPDX-License-Identifier: Apache-2.0
"""Steps 7 to 10 of the demo: the change window, from the old servers stopped to a deployment that is verified."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from orsgate.cli.migration_demo.administrator import done
from orsgate.cli.migration_demo.ahead import KEYSPACE
from orsgate.cli.migration_demo.place import BASELINE, BUNDLE, FIXED, KEY, PUBLIC_KEY, RECORD, REPORTS, SITE
from orsgate.cli.migration_demo.running import PASSPHRASE
from orsgate.cli.migration_demo.world import ESTATE, StepError, World
from orsgate.remedy.changes import Task
from orsgate.verdict.exit_codes import ExitCode

BUILD = "8.1.400.27"
NEW_STRATEGY = ("NetworkTopologyStrategy", {"DC1": "2", "DC2": "2"})
ATTESTED = {
    "ORS-1008": "Put a chat into the queue that ORS_A1, ORS_A2 and ORS_B1 pull from: each routed one to an agent (made up)",
    "ORS-1010": "Called a test number through SIP_A and one through SIP_B: ORS_Cluster routed both (made up)",
}
BY = "A. Tester (made up)"
UNPLANNED = ("ORS_A2", "orchestration/call-watching-timeout", "1")
"""An option that nobody planned to change."""
CAUGHT = frozenset({"ORS-0305", "ORS-0901", "ORS-0904"})
"""The pair differs, what was audited is not what runs, and nothing asked for the change."""
_PROTECTED = ("--passphrase-env", PASSPHRASE)
_MADE_BY_HAND = {"ORS-0301", "ORS-0401"}
_VERIFY = (
    "verify", ESTATE, "--baseline", BASELINE, "--record", RECORD, "--require-signed", PUBLIC_KEY, "--active", "--serve",
    "127.0.0.1:0", "--disruptive",
)  # fmt: skip


def by_hand(world: World) -> list[Task]:
    """The tasks of the change list that make Backups and the cluster."""
    return [task for task in world.changes().tasks if _MADE_BY_HAND.intersection(task.requirements)]


def expected(world: World, lines: Literal["steps", "undo"]) -> int:
    """The number of applications that the change list has written into the estate file.

    Raises:
        StepError: it has none.
    """
    found = [line for task in world.changes().tasks if "ORS-0105" in task.requirements for line in getattr(task, lines)]
    numbers = [match[1] for line in found if (match := re.search(r"write expected_applications = (\d+)\.$", line))]
    if len(numbers) != 1:
        raise StepError(f"the change list does not say what expected_applications has to be: {found}")
    return int(numbers[0])


def is_changed(world: World) -> None:
    """Step 7: the old servers are stopped; persons and ``fix --apply`` change what the change list says."""
    for name in list(world.site.twins):
        world.site.stop_application(name)
    for task in by_hand(world):
        world.site.edit(lambda tree, task=task: done(tree, task, world.directory / FIXED))  # type: ignore[misc]
        world.display.note(f"Genesys administrator: {task.object} made as the change list says")
    number = expected(world, "steps")
    world.site.write_down(expected_applications=number)
    world.display.note(f"written into the estate file, as the change list says: expected_applications = {number}")
    if world.ring is not None:
        world.ring.update_keyspace(KEYSPACE, *NEW_STRATEGY)
        world.display.note(f"Cassandra administrator: keyspace {KEYSPACE} altered to {NEW_STRATEGY[0]}, DC1:2, DC2:2")
    with writable(world):
        world.run(
            "07-apply", "fix", ESTATE, "--directory", FIXED, "--apply", "--accept-undocumented-api", "--confirm", world.name
        )


@contextmanager
def writable(world: World) -> Iterator[None]:
    """The account may write while the block runs; everything else is done with one that may only read."""
    world.site.gax.writable = True
    try:
        yield
    finally:
        world.site.gax.writable = False


def is_ready(world: World) -> None:
    """Step 8: the audit says GO, and leaves a signed record."""
    world.run("08-keygen", "keygen", "--private", KEY, "--public", PUBLIC_KEY, *_PROTECTED)
    words = ("audit", ESTATE, "--baseline", BASELINE, "--record", RECORD, "--sign", KEY, *_PROTECTED)
    world.judge("08-readiness", *words, must=ExitCode.GO)
    record = json.loads((world.directory / RECORD).read_bytes())
    if not record["signature"] or record["verdict"] != "go":
        raise StepError(f"{RECORD} is no signed record of a GO")
    world.display.note(f"{RECORD}: {record['sentence']}, {record['protection'].partition(':')[0]}")


def is_installed(world: World) -> None:
    """Step 9: the twins get the new build, the Primaries start first, and a made-up person attests what no system shows."""
    upgraded(world, list(world.site.twins), BUILD)
    world.site.installed()
    world.display.note(f"{len(world.site.twins)} ORS twins run as {BUILD}, and installed_at is in the estate file")
    for requirement, statement in ATTESTED.items():
        world.run(f"09-{requirement}", "attest", requirement, ESTATE, "--by", BY, "--statement", statement)


def upgraded(world: World, names: list[str], build: str) -> None:
    """Gives stopped twins another build, and starts them, the Primaries first.

    Raises:
        StepError: one is not in the mode afterwards that its pair asks for.
    """
    site = world.site
    for name in names:
        site.upgrade(name, build)
    backups = {name for name in names if not site.landscape.application(name).primary}
    for name in sorted(names, key=lambda name: name in backups):
        site.start_application(name)
    if wrong := {name: site.status(name) for name in names if site.status(name) != ("backup" if name in backups else "primary")}:
        raise StepError(f"not every ORS twin is in its mode: {wrong}")


def is_verified(world: World) -> None:
    """Step 10: the deployment is verified, and what proves it is signed; after an unplanned change it is GO no more."""
    verify = (*_VERIFY, "--confirm", world.name)
    report, snapshot = f"{REPORTS}/10-deployment", f"{REPORTS}/10-snapshot.json"
    world.judge("10-deployment", *verify, "--snapshot", snapshot, must=ExitCode.GO)
    stays = ("--snapshot", snapshot, "--report", f"{report}.html", "--attestations", f"{SITE}/attestations", "--record", RECORD)
    world.run("10-bundle", "bundle", f"{report}.json", "--output", BUNDLE, "--sign", KEY, *_PROTECTED, *stays)
    world.run("10-bundle-verify", "bundle", "verify", BUNDLE, "--key", PUBLIC_KEY)
    world.site.set_option(*UNPLANNED)
    application, option, value = UNPLANNED
    world.display.note(f"somebody changes what was not planned: {application}, {option} = {value}")
    world.judge("10-unplanned", *verify, must=ExitCode.NO_GO, failing=CAUGHT)
