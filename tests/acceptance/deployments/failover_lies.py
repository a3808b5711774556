# SPDX-License-Identifier: Apache-2.0
"""Deployments whose failover is tried: a Backup that does not take over as it should, and commands that do not do it."""

from __future__ import annotations

from orsgate.sandbox.twins.ors_lies import Lie, servers, sessions, transport
from tests.acceptance.deployments.case import Case, outcomes
from tests.acceptance.deployments.serving_lies import BACKUP, ONE

LEFT = "ORS_A1 was stopped, and could not be started again .*control.* start ORS_A1"


def _fails(name: str, *, fail: str = "1007", blocked: str = "", named: str = "", **lies: list[Lie]) -> Case:
    told = {ONE if who == "primary" else BACKUP: lie for who, lie in lies.items()}
    return Case(name, outcomes(fail=fail, blocked=blocked), told, disruptive=True, named=named)


CASES = (
    _fails("the takeover is too slow", backup=[servers.TakeoverTooSlow()]),
    _fails("nothing takes over", backup=[servers.TakeoverNever()]),
    _fails("the takeover loses the session", blocked="1004 1012", backup=[servers.TakeoverLosesSessions()]),
    _fails(
        "the row names another node, so that the takeover loses the session", fail="1006 1007", blocked="1004 1012",
        primary=[sessions.PersistedForOtherNode()],
    ),
    _fails("who takes over listens nowhere", blocked="1004 1012", backup=[servers.Deaf()]),
    _fails("who takes over never answers", blocked="1004 1012", backup=[transport.Silent()]),
    _fails("who takes over hangs in the body", blocked="1004 1012", backup=[transport.HangsInBody()]),
    _fails("who takes over speaks no HTTP", blocked="1004 1012", backup=[transport.Garbage()]),
    _fails("the Backup was never started", fail="1007 1009", blocked="0906 1011", backup=[servers.NeverStarted()]),
    _fails(
        "a Backup that was never started, and its status command says it runs", blocked="0906 1011",
        backup=[servers.NeverStarted(), servers.StatusAlwaysRunning()],
    ),
    _fails("HTTP on the Backup", fail="1002", blocked="1007", backup=[servers.HttpInStandby()]),
    _fails("two Primaries that own every session", fail="1002", blocked="1007", backup=[servers.SecondPrimary()]),
    _fails("the start command fails", named=LEFT, primary=[servers.StartFails()]),
    _fails("the start command does nothing", named=LEFT, primary=[servers.StartDoesNothing()]),
    _fails("the start command hangs", fail="", blocked="1007", named=LEFT, primary=[servers.StartHangs()]),
    _fails("the stop command fails", fail="", blocked="1007", primary=[servers.StopFails()]),
    _fails("the stop command does nothing", fail="", blocked="1007", primary=[servers.StopDoesNothing()]),
    _fails("the stop command hangs", fail="", blocked="1007", primary=[servers.StopHangs()]),
    _fails("the status command denies the Primary", named=LEFT, primary=[servers.StatusFails()]),
    _fails(
        "nothing takes over, and nothing is started again", blocked="1004 1012", named=LEFT, primary=[servers.StartFails()],
        backup=[servers.TakeoverNever()],
    ),
    _fails("a session that is not persisted, and a failover", fail="1005 1006", primary=[sessions.NotPersisted()]),
)  # fmt: skip
