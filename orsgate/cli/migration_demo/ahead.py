# SPDX-License-Identifier: Apache-2.0
"""Steps 1 to 6 of the demo: an estate of 8.1.2 comes up, is audited, stored, and its migration planned and rehearsed."""

from __future__ import annotations

import shutil
from typing import Any

from orsgate.cli.migration_demo.place import ANSWERS, BASELINE, FIXED, SITE
from orsgate.cli.migration_demo.world import ESTATE, StepError, World
from orsgate.sandbox.built import BuiltRing
from orsgate.sandbox.site.site import Site
from orsgate.verdict.exit_codes import ExitCode

RELEASE = "1.1.12"
DATACENTERS = ("DC1", "DC2")
SAMPLE = "exported-8.1.2"
KEYSPACE, COLUMN_FAMILIES = "Orchestration", ("Session", "SessionIDServerInfo")
OLD_STRATEGY = ("SimpleStrategy", {"replication_factor": "2"})
"""As the options of the sample ask for it."""
NOT_EXPORTED = "ORS-0101"
BY_PERSONS = frozenset({"ORS-0301", "ORS-0302", "ORS-0401", "ORS-0402", "ORS-0708"})
"""What is left when the options are as they must be: Backups, their redundancy, the cluster, and the keyspace."""
TODAY = frozenset({
    NOT_EXPORTED, "ORS-0201", "ORS-0202", "ORS-0203", "ORS-0301", "ORS-0302", "ORS-0401", "ORS-0402", "ORS-0706", "ORS-0801",
    "ORS-0802",
})  # fmt: skip
"""What fails before the migration."""
_LIMIT = "*:orchestration/mcr-pull-limit=500"
_ANSWERS = """\
# Values that only a person can know, for `orsgate fix`; made up.
["*"]
"persistence/cassandra-strategy-options" = "DC1:2;DC2:2"

[ORS_Cluster]
"cluster/ORS_A1" = "DC1"
"cluster/ORS_A2" = "DC1"
"cluster/ORS_B1" = "DC2"

[ORS_A1_B]
"Server Info/Host" = "ors-a1-b"

[ORS_A2_B]
"Server Info/Host" = "ors-a2-b"

[ORS_B1_B]
"Server Info/Host" = "ors-b1-b"
"""


def comes_up(world: World) -> None:
    """Step 1: ring, GAX twin and ORS twins run, and the keyspace is there as the options of 8.1.2 describe it."""
    ring = world.ring = world.stack.enter_context(_ring(world))
    strategy, options = OLD_STRATEGY
    ring.create_keyspace(KEYSPACE, strategy, options, COLUMN_FAMILIES)
    site = world.started = world.stack.enter_context(Site(SAMPLE, world.directory / SITE, ring=ring))
    site.write_down(rollback=None)  # nobody exported anything yet
    shutil.rmtree(site.directory / "exports")
    if modes := {name: mode for name in site.twins if (mode := site.status(name)) != "primary"}:
        raise StepError(f"not every ORS twin serves: {modes}")
    world.display.note(f"{len(ring.nodes)} Cassandra nodes, 1 GAX twin, {len(site.twins)} ORS twins: stand-ins on this machine")
    world.run("01-plan", "plan", ESTATE)


def _ring(world: World) -> BuiltRing[Any]:
    details: dict[str, Any] = {"nodes": 2 * len(DATACENTERS), "datacenters": DATACENTERS, "progress": world.progress}
    if world.environment == "containers":
        from orsgate.sandbox.containers.ring import ContainerRing

        return ContainerRing(RELEASE, **details)
    from orsgate.sandbox.cassandra import CassandraRing

    return CassandraRing(RELEASE, **details)


def is_audited(world: World) -> None:
    """Step 2: the audit tells what steps 1 to 8 still ask for."""
    world.judge("02-today", "audit", ESTATE, must=ExitCode.NO_GO, failing=TODAY)


def is_stored(world: World) -> None:
    """Step 3: what is there is stored, before anything changes."""
    world.run("03-baseline", "baseline", ESTATE, "--directory", BASELINE)
    world.run("03-export", "export", ESTATE)
    world.site.write_down(rollback="rollback")
    world.display.note('written into the estate file, as export says: rollback = "rollback"')


def is_planned(world: World) -> None:
    """Step 4: migrated exports and the change list, with the values that a person types."""
    (world.directory / ANSWERS).write_text(_ANSWERS, "utf-8")
    world.run("04-fix", "fix", ESTATE, "--directory", FIXED, "--answers", ANSWERS, "--set", _LIMIT)
    changes = world.changes()
    if needed := [task.needs for task in changes.tasks if task.needs]:
        raise StepError(f"fix still asks for values: {needed[0]}")
    world.display.note(f"{len(changes.changes)} changes of options, {len(changes.tasks)} tasks for persons: {FIXED}/changes.txt")


def is_rehearsed(world: World) -> None:
    """Step 5: the keyspace as it is planned, on a twin of the ring."""
    world.judge("05-rehearsal", "rehearse", ESTATE, "--plan", FIXED, must=ExitCode.GO)


def plan_is_audited(world: World) -> None:
    """Step 6: the planned options leave only what persons make."""
    results = world.judge("06-plan", "audit", ESTATE, "--plan", FIXED, must=ExitCode.NO_GO, failing=BY_PERSONS)
    if not results["plan"]:
        raise StepError("the report does not say that it is of a plan")
    world.display.note("left to persons: the Backups, the cluster Transaction, and the keyspace in Cassandra")
