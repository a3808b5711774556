# SPDX-License-Identifier: Apache-2.0
"""Discovering an estate from GAX and GWS, beside curl that only fetches the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from benchmarks.comparisons import ORSGATE, Row, made, times
from benchmarks.estates import ESTATE
from benchmarks.measuring import Laboratory, Program, Spread
from benchmarks.serving import ACCOUNT, served
from orsgate.sources.gws import PAGE

FEW, MANY = 200, 10_000
SLOW = 0.2
"""Seconds; a server that has to ask Configuration Server and a database does not answer at once, as the twin does."""
_VARIABLE = "ORSGATE_BENCHMARK_PASSWORD"
_KINDS = ("CfgApplication", "CfgTransaction", "CfgHost", "CfgTenant")
_COLLECTIONS = ("applications", "transactions", "hosts", "tenants")


def discover(laboratory: Laboratory, directory: Path, runs: int) -> Iterator[Row]:
    """``orsgate discover`` of few and of many applications, by each source."""
    estates = {applications: made(laboratory, directory, applications) for applications in (FEW, MANY)}
    for applications, delay in ((FEW, 0.0), (MANY, 0.0), (MANY, SLOW)):
        for source in ("gax", "gws"):
            with served(estates[applications] / ESTATE, source, delay) as url:
                curl = directory / f"{source}-{applications}.curl"
                curl.write_text(_gax(url) if source == "gax" else _gws(url, applications), encoding="utf-8")
                ours, theirs = laboratory.by_turns(
                    (_discover(source, url, directory), Program(("curl", "-sSf", "-K", str(curl)), directory)), runs
                )
            slow = f", {delay:g} s an answer" if delay else ""
            name = f"discover, {applications:,} applications from {source.upper()}{slow}"
            yield times(f"{name} : curl of the same bytes", 3, ours, theirs)
            if not delay:
                yield Row(f"{name}, peak memory", 600, "MB", Spread.of([sample.memory for sample in ours]))


def _discover(source: str, url: str, directory: Path) -> Program:
    """Into a new directory each time, since nothing is ever replaced; the last one is left out of the way."""
    arguments = [
        *ORSGATE, "discover", "--source", source, "--url", url, "--username", ACCOUNT[0], "--password-env", _VARIABLE,
        "--directory", "found", "--quiet",
    ]  # fmt: skip
    script = 'rm -rf last; [ ! -e found ] || mv found last; exec "$@"'
    return Program(("sh", "-c", script, "sh", *arguments), directory, environment={_VARIABLE: ACCOUNT[1]})


def _gax(url: str) -> str:
    body = json.dumps({"username": ACCOUNT[0], "password": ACCOUNT[1], "isPasswordEncrypted": False})
    login = ["cookie-jar = jar", "cookie = jar", f"data = {json.dumps(body)}", 'header = "Content-Type: application/json"']
    requests = [[f'url = "{url}/gax/api/session/login"', *login]]
    requests += [[f'url = "{url}/gax/api/cfg/objects?brief=false&type={kind}"', "cookie = jar"] for kind in _KINDS]
    requests.append([f'url = "{url}/gax/api/system/settings/confserver"', "cookie = jar"])
    return "\nnext\n".join("\n".join([*lines, "output = /dev/null"]) for lines in requests) + "\n"


def _gws(url: str, applications: int) -> str:
    requests = []
    for collection in _COLLECTIONS:
        pages = applications // PAGE + 2 if collection in {"applications", "hosts"} else 2
        for number in range(pages):
            address = f"{url}/api/v2/platform/configuration/{collection}?limit={PAGE}&offset={number * PAGE}"
            requests.append(f'url = "{address}"\nuser = "{":".join(ACCOUNT)}"\noutput = /dev/null')
    return "\nnext\n".join(requests) + "\n"
