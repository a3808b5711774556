# SPDX-License-Identifier: Apache-2.0
"""The way back of the demo: everything is taken back, and a comparison with the baseline proves it."""

from __future__ import annotations

from orsgate.cli.applying import JOURNAL
from orsgate.cli.migration_demo.administrator import taken_back
from orsgate.cli.migration_demo.ahead import KEYSPACE, OLD_STRATEGY
from orsgate.cli.migration_demo.place import BASELINE, FIXED, REPORTS
from orsgate.cli.migration_demo.window import UNPLANNED, by_hand, expected, upgraded, writable
from orsgate.cli.migration_demo.world import ESTATE, World
from orsgate.estate.file import load_estate_file
from orsgate.sandbox.twins.ors_application import ors_applications

_BEFORE = "5000"
"""What the option was that somebody changed unplanned."""


def is_taken_back(world: World) -> None:
    """After step 10: the reverse change list, undo, the tasks in reverse, and a comparison in which nothing differs."""
    world.run("11-rollback-plan", "rollback-plan", ESTATE, "--baseline", BASELINE)
    site = world.site
    for name in list(site.twins):
        site.stop_application(name)
    journal = f"{FIXED}/{JOURNAL}"
    with writable(world):
        world.run("11-undo", "undo", journal, ESTATE, "--accept-undocumented-api", "--confirm", world.name)
    application, option, _ = UNPLANNED
    site.set_option(application, option, _BEFORE)
    for task in reversed(by_hand(world)):
        site.edit(lambda tree, task=task: taken_back(tree, task))  # type: ignore[misc]
    site.write_down(expected_applications=expected(world, "undo"), installed_at=None)
    if world.ring is not None:
        world.ring.update_keyspace(KEYSPACE, *OLD_STRATEGY)
    old = load_estate_file(site.estate_file).file.estate.from_release
    upgraded(world, list(ors_applications(site.tree)), old)
    world.display.note(f"persons took back the rest: Backups, cluster, keyspace, and the servers run as {old}")
    world.run("11-compare", "compare", BASELINE, ESTATE, "--identical", "--html", f"{REPORTS}/11-compare.html")
