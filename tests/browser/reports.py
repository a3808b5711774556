# SPDX-License-Identifier: Apache-2.0
"""The reports that the browser shows: both samples, every outcome, hostile content, and a large estate."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from orsgate.cli.harness import judge
from orsgate.estate.estate import Estate
from orsgate.estate.evidence_files import Attestation
from orsgate.estate.judgement import Evidence, Gap, Judgement, Violation
from orsgate.estate.knowledge import Unknown
from orsgate.reporting.html.render import HtmlReporter
from orsgate.sandbox.samples import place_sample
from orsgate.verdict.events import RunFinished, RunStarted
from orsgate.verdict.run import Run
from orsgate.verdict.selection import Selection
from orsgate.verdict.waiver import Waivers
from tests import make
from tests.browser.other_pages import WRITERS
from tests.faults.workshop import ADDRESSES, Workshop
from tests.reporting import runs

SAMPLES = {"no-go": "exported-8.1.2", "go": "healthy"}
LONG = "x" * 100_000
HOSTILE = (
    "</script><script>document.title='taken'</script><!-- --><img src=x onerror=\"document.title='taken'\">"
    "</style><style>*{display:none}</style>\x1b[2J\x00\u202eevil\u2066\ud800\"'`{{ 7*7 }}]]>"
)
PAIRS, VIOLATIONS = 100, 2_000


def write(kind: str, directory: Path) -> Path:
    """Write the report of a kind.

    Args:
        kind: ``no-go`` or ``go`` of the sample, ``every`` outcome, ``hostile``, ``large``, or one of ``other_pages``.
        directory: where to; it is made.

    Returns:
        the report.
    """
    directory.mkdir(exist_ok=True)
    path = directory / "report.html"
    if kind in SAMPLES:
        _sample(SAMPLES[kind], directory, path)
        return path
    if kind in WRITERS:
        WRITERS[kind](path)
        return path
    started, finished = {"every": every, "hostile": hostile, "large": large}[kind]()
    reporter = HtmlReporter(path)
    reporter.handle(started)
    reporter.handle(finished)
    return path


def _sample(name: str, directory: Path, path: Path) -> None:
    """A sample as an operator on a jump host audits it, on a ring that is made up."""
    with _inside(directory):
        place_sample(name, Path(name), ADDRESSES)
        snapshot = Workshop(Path(name)).collected()
    parts = tuple(replace(part, host="jump-1", user="operator") for part in snapshot.parts)
    run = Run(replace(snapshot, parts=parts), "readiness", Selection(), [HtmlReporter(path)])
    judge(run, None)
    run.finish()


@contextmanager
def _inside(directory: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(directory)
    try:
        yield
    finally:
        os.chdir(before)


def every() -> tuple[RunStarted, RunFinished]:
    """Every outcome, with a change, an exclusion, a waiver, one that does not apply, and an attestation."""
    until = runs.STARTED + timedelta(days=1)
    attestation = Attestation(
        "ORS-0109", "J. Example (made up)", "saved on paper", runs.STARTED, until, "Made up", "", "paper.pdf", "a.json"
    )
    change = {"ticket": "CHG-0042", "window_start": make.NOW, "window_end": make.NOW.replace(hour=5), "engineer": "R. Example"}
    applications = (*make.pair("ORS_1"), *make.pair("ORS_2"), make.ors("ORS_LAB"), *make.SERVERS)
    file = {"change": change, "scope": {"exclude": [{"application": "ORS_LAB", "reason": "laboratory"}]}}
    estate = make.estate(applications, file=file)
    snapshot = replace(estate.snapshot, attestations=(attestation,))
    old = runs.waiver("ORS-0202", begins=runs.STARTED - timedelta(days=2), until=runs.STARTED - timedelta(days=1))
    return runs.run(
        {
            "ORS-0101": runs.FAIL, "ORS-0102": runs.BLOCKED, "ORS-0103": runs.BROKE, "ORS-0104": runs.NOT_APPLICABLE,
            "ORS-0105": runs.MANUAL, "ORS-0106": runs.DECLARED, "ORS-0201": runs.FAIL, "ORS-0204": runs.FAIL,
            "ORS-0501": runs.BLOCKED, "ORS-0507": runs.FAIL,
        },
        Estate(snapshot),
        skip=("step:8",),
        problems=[("orsgate.toml", "made to go wrong")],
        waivers=Waivers((runs.waiver("ORS-0201"), old)),
    )  # fmt: skip


def hostile() -> tuple[RunStarted, RunFinished]:
    """Foreign text of the worst kind wherever any is shown."""
    bad = f"{HOSTILE}{LONG}"
    judgement = Judgement(
        (HOSTILE,), (Violation(HOSTILE, bad, bad, HOSTILE, bad),), (Gap(HOSTILE, Unknown(bad, HOSTILE)),), (bad,),
        (Evidence(HOSTILE, bad, HOSTILE),),
    )  # fmt: skip
    name = "".join(c for c in HOSTILE if c.isprintable())  # the estate file refuses what is not
    applications = (replace(make.ors("ORS_1"), name=HOSTILE), replace(make.ors("ORS_2"), name=LONG), *make.SERVERS)
    file = {"change": {"ticket": name, "engineer": name, "approver": LONG}}
    scenarios = {"ORS-0201": runs.scenario("ORS-0201", HOSTILE)}
    estate = make.estate(applications, (make.cluster(HOSTILE, {HOSTILE: HOSTILE}),), name=name, file=file)
    return runs.run(
        {"ORS-0201": judgement, "ORS-0202": bad}, estate, problems=[(HOSTILE, bad)], scenarios=scenarios,
        waivers=Waivers((runs.waiver("ORS-0203", subject=HOSTILE, approver=HOSTILE, reason=bad, risk=HOSTILE, ticket=HOSTILE),)),
    )  # fmt: skip


def large() -> tuple[RunStarted, RunFinished]:
    """200 applications in four data centers, with 2,000 violations of ten requirements."""
    names = [f"ORS_FRA_{number:03}" for number in range(PAIRS)]
    applications = tuple(each for name in names for each in make.pair(name))
    cluster = make.cluster(members={name: f"DC{number % 4}" for number, name in enumerate(names)})
    every_one = [each.name for each in applications]
    ids = [f"ORS-{number}" for number in ("0101", "0102", "0201", "0202", "0203", "0301", "0302", "0305", "0801", "0802")]
    judged = {
        requirement: Judgement(
            violations=tuple(
                Violation(name, f"option/{requirement} = {number}", "it is not set", f"exports/{name}.cfg:{number + 3}")
                for number, name in enumerate(every_one)
            )
        )
        for requirement in ids
    }
    healthy = Judgement(
        tuple(every_one), evidence=tuple(Evidence(name, "as it should be", f"exports/{name}.cfg:7") for name in every_one)
    )
    assert sum(len(each.violations) for each in judged.values()) == VIOLATIONS
    return runs.run(judged, make.estate((*applications, *make.SERVERS), (cluster,)), others=healthy)
