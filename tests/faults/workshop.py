# SPDX-License-Identifier: Apache-2.0
"""The workshop: the healthy sample estate in a directory, with the means to break it and to have it judged."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from unittest import mock

from orsgate.cli.harness import judge
from orsgate.collection import cassandra
from orsgate.collection.collect import collect
from orsgate.estate.estate import Phase
from orsgate.estate.export import Export
from orsgate.estate.file import load_estate_file
from orsgate.estate.inventory import Application, Configuration
from orsgate.estate.knowledge import Basis, Failure, Unknown
from orsgate.estate.rehearsal import Rehearsal
from orsgate.estate.ring import FACTS, Keyspace, Node, Place, Ring
from orsgate.estate.snapshot import Snapshot
from orsgate.rules.catalogue import catalogue
from orsgate.sandbox.samples import place_sample
from orsgate.verdict.events import Event, RunFinished
from orsgate.verdict.result import Result
from orsgate.verdict.run import Run
from orsgate.verdict.selection import Selection
from tests import deployments, make, rehearsals
from tests.faults import baselines

ADDRESSES = ("127.0.1.1", "127.0.1.2", "127.0.1.3", "127.0.1.4")
PLACES = {address: Place(datacenter, "RAC1") for address, datacenter in zip(ADDRESSES, ("DC1", "DC2") * 2, strict=True)}


def healthy_ring() -> Ring:
    """The facts of a healthy 1.1.12 ring of four nodes in two data centers that holds the keyspace."""
    tokens = {address: (str(number * 2**125),) for number, address in enumerate(ADDRESSES)}
    nodes = tuple(make.node(address, places=PLACES, tokens=tokens, schema_versions={"aaaa": ADDRESSES}) for address in ADDRESSES)
    return Ring(nodes, resolved={address: (address,) for address in ADDRESSES})


@dataclass
class Workshop:
    """A copy of a sample estate that a change may damage.

    Attributes:
        directory: holds ``estate.toml``, ``exports/`` and ``rollback/``.
        ring: what the probe will find; an Unknown where it cannot be asked.
        alter: applied to the snapshot before it is judged.
        rehearsal: what a twin of the ring did; None where nothing was rehearsed.
    """

    directory: Path
    phase: Phase = "readiness"
    ring: Ring | Unknown = field(default_factory=healthy_ring)
    alter: Callable[[Snapshot], Snapshot] = lambda snapshot: snapshot
    rehearsal: Rehearsal | Unknown | None = None

    def path(self, name: str) -> Path:
        """A file of the estate."""
        return self.directory / name

    def read(self, name: str) -> str:
        """The text of a file."""
        return self.path(name).read_text(encoding="utf-8")

    def write(self, name: str, content: str | bytes) -> None:
        """Replace a file as a whole."""
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        self.path(name).write_bytes(content if isinstance(content, bytes) else content.encode())

    def judge(self) -> Judged:
        """Collect the estate with the ring of the workshop, and judge it by the whole harness."""
        return judged(self.alter(self.collected()), self.phase)

    def collected(self) -> Snapshot:
        """Collect the estate with the ring of the workshop."""
        loaded = load_estate_file(self.path("estate.toml"))
        made_up = self.ring if isinstance(self.ring, Ring) else Ring(())

        def found(*_: object, **__: object) -> Ring:
            return made_up

        with mock.patch.object(cassandra, "read_from", found):
            snapshot = collect(loaded, ("configuration", "cassandra"))
        if isinstance(self.ring, Unknown):
            snapshot = replace(snapshot, cassandra=self.ring)
        if self.rehearsal is not None:
            snapshot = rehearsals.held(snapshot, self.rehearsal)
        if self.phase == "deployment":
            snapshot = deployments.deployed(snapshot)
        return snapshot


@dataclass(frozen=True)
class Judged:
    """What a run ended with."""

    outcomes: dict[str, str]
    verdict: str
    results: dict[str, Result]

    def changed(self, healthy: Judged) -> dict[str, str]:
        """The outcomes that differ from those of the healthy estate."""
        return {name: outcome for name, outcome in self.outcomes.items() if outcome != healthy.outcomes[name]}


class _Keep:
    def __init__(self) -> None:
        self.finished: RunFinished | None = None

    def handle(self, event: Event) -> None:
        if isinstance(event, RunFinished):
            self.finished = event


def judged(snapshot: Snapshot, phase: Phase) -> Judged:
    """Judge a snapshot by the whole harness."""
    keep = _Keep()
    run = Run(snapshot, phase, Selection(), [keep])
    judge(run)
    verdict = run.finish()
    assert keep.finished is not None
    results = {result.id: result for result in keep.finished.results}
    return Judged({name: result.outcome.value for name, result in results.items()}, verdict.name.value, results)


def installed(workshop: Workshop) -> None:
    """Write into the estate file of a sample what it says after the installation."""
    path = workshop.path("estate.toml")
    text = path.read_text(encoding="utf-8").replace('\nversion = "8.1.200.50"', '\nversion = "8.1.400.27"')
    at = (datetime.now(UTC) - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    text = text.replace("\n[configuration]\n", f"installed_at = {at}\n\n[configuration]\n", 1)

    def started(found: re.Match[str]) -> str:
        name = found["name"]
        return f'{found[0]}arguments = "-host cfg-1 -port 2020 -app {name}"\nlog = "logs/{name}.log"\n'

    path.write_bytes(re.sub(r'options = "exports/(?P<name>ORS_(?!Cluster)\w+)\.cfg"\n', started, text).encode())


def open_workshop(directory: Path, phase: Phase = "readiness", sample: str = "healthy") -> Workshop:
    """A fresh copy of a sample.

    For the deployment phase it says what it says after the installation; for the rehearsal three replicas in
    each data center, with which it outlives the loss of a node.
    """
    place_sample(sample, directory)
    workshop = Workshop(directory, phase)
    if phase == "deployment":
        installed(workshop)
        snapshot(baselines.as_it_is)(workshop)
    if phase == "rehearsal":
        replaced("exports/*.cfg", "cassandra-strategy-options=DC1:2;DC2:2", "cassandra-strategy-options=DC1:3;DC2:3")(workshop)
        workshop.rehearsal = rehearsals.rehearsal()
    return workshop


Change = Callable[[Workshop], None]


@dataclass(frozen=True)
class Fault:
    """One way to break the healthy estate, or to vary it harmlessly.

    Attributes:
        name: what is changed, in words.
        changes: what is done to the workshop.
        expected: the ids whose outcome changes, and to what; all others stay as they are in the healthy estate.
    """

    name: str
    changes: tuple[Change, ...]
    expected: dict[str, str] = field(default_factory=dict)
    phase: Phase = "readiness"

    @property
    def verdict(self) -> str:
        """The verdict that follows from what is expected."""
        gating = {outcome for name, outcome in self.expected.items() if catalogue()[name].severity == "blocker"}
        if "fail" in gating:
            return "no_go"
        if gating & {"blocked", "manual", "skipped"} or "error" in self.expected.values():
            return "inconclusive"
        return "go"


def fault(name: str, expected: dict[str, str] | str, *changes: Change, phase: Phase = "readiness") -> Fault:
    """A fault; ``expected`` as text names ids that fail, as in ``"ORS-0201 ORS-0305"``."""
    wanted = dict.fromkeys(expected.split(), "fail") if isinstance(expected, str) else expected
    return Fault(name, changes, wanted, phase)


def harmless(name: str, *changes: Change, phase: Phase = "readiness", expected: dict[str, str] | None = None) -> Fault:
    """A variation that leaves the verdict GO; ``expected`` names outcomes that may well change, such as not_applicable."""
    return Fault(name, changes, expected or {}, phase)


def expect(
    *, fail: str = "", blocked: str = "", not_applicable: str = "", passes: str = "", manual: str = "", skipped: str = ""
) -> dict[str, str]:
    """Ids -> outcomes; each argument names ids, separated by blanks."""
    named = {
        "fail": fail, "blocked": blocked, "not_applicable": not_applicable, "pass": passes, "manual": manual, "skipped": skipped,
    }  # fmt: skip
    return {name: outcome for outcome, ids in named.items() for name in ids.split()}


def replaced(name: str, old: str, new: str) -> Change:
    """Replace a text, which must be there, in a file; ``*`` in the name is every file that matches."""

    def change(workshop: Workshop) -> None:
        paths = sorted(workshop.directory.glob(name))
        assert paths, f"no file {name}"
        for path in paths:
            text = path.read_text(encoding="utf-8")
            assert old in text, f"{path} does not hold {old!r}"
            path.write_bytes(text.replace(old, new).encode())

    return change


def appended(name: str, text: str) -> Change:
    """Append a text to every file that matches."""

    def change(workshop: Workshop) -> None:
        paths = sorted(workshop.directory.glob(name))
        assert paths, f"no file {name}"
        for path in paths:
            path.write_bytes(path.read_bytes() + text.encode())

    return change


def written(name: str, content: str | bytes) -> Change:
    """Write a file as a whole."""
    return lambda workshop: workshop.write(name, content)


def removed(name: str) -> Change:
    """Remove a file."""
    return lambda workshop: workshop.path(name).unlink()


def copied(source: str, target: str) -> Change:
    """Copy a file byte for byte."""
    return lambda workshop: workshop.write(target, workshop.path(source).read_bytes())


def in_application(application: str, old: str, new: str) -> Change:
    """Replace a text within one ``[[application]]`` (or after it, ``new`` may hold several lines)."""

    def change(workshop: Workshop) -> None:
        blocks = workshop.read("estate.toml").split("[[")
        number = _block(blocks, application)
        assert old in blocks[number], f"{application} does not hold {old!r}"
        blocks[number] = blocks[number].replace(old, new, 1)
        workshop.write("estate.toml", "[[".join(blocks))

    return change


def _block(blocks: list[str], application: str) -> int:
    found = [number for number, block in enumerate(blocks) if f'name = "{application}"\n' in block]
    assert len(found) == 1, f"{len(found)} [[application]] are named {application}"
    return found[0]


def stated(application: str, *lines: str) -> Change:
    """Add lines to one ``[[application]]``."""
    name = f'name = "{application}"\n'
    return in_application(application, name, name + "".join(f"{line}\n" for line in lines))


def unlisted(application: str) -> Change:
    """Remove one ``[[application]]``."""

    def change(workshop: Workshop) -> None:
        blocks = workshop.read("estate.toml").split("[[")
        del blocks[_block(blocks, application)]
        workshop.write("estate.toml", "[[".join(blocks))

    return change


def rewritten(name: str, alter: Callable[[str], str | bytes]) -> Change:
    """Pass the text of every file that matches through a function."""

    def change(workshop: Workshop) -> None:
        paths = sorted(workshop.directory.glob(name))
        assert paths, f"no file {name}"
        for path in paths:
            content = alter(path.read_text(encoding="utf-8"))
            path.write_bytes(content if isinstance(content, bytes) else content.encode())

    return change


def put(name: str, key: str, value: str) -> Change:
    """Set the option ``section/name`` in every export that matches; in place, or first in its section."""
    section, _, option = key.partition("/")

    def alter(text: str) -> str:
        head, found, rest = text.partition(f"[{section}]\n")
        if not found:
            return f"{text}\n[{section}]\n{option}={value}\n"
        body, following, tail = rest.partition("\n[")
        lines = body.split("\n")
        there = [number for number, line in enumerate(lines) if line.partition("=")[0] == option]
        for number in there:
            lines[number] = f"{option}={value}"
        return "".join((head, found, "\n".join(lines if there else [f"{option}={value}", *lines]), following, tail))

    return rewritten(name, alter)


def dropped(name: str, pattern: str) -> Change:
    """Delete every option whose ``section/name`` matches from every export that matches; one at least must be there."""

    def alter(text: str) -> str:
        section, kept = "", []
        for line in text.split("\n"):
            section = line.strip("[]") if line.startswith("[") else section
            if not ("=" in line and fnmatchcase(f"{section}/{line.partition('=')[0]}", pattern)):
                kept.append(line)
        assert len(kept) < text.count("\n") + 1, f"an export of {name} does not hold {pattern}"
        return "\n".join(kept)

    return rewritten(name, alter)


def read_live(
    server: str | Unknown | None = "cfg-1:2020",
    exported: Callable[[Application], Export | Unknown | None] = lambda _: None,
    **fields: Any,
) -> Change:
    """Let the configuration be as a live source gives it.

    Args:
        server: what the source says of itself.
        exported: the export that the estate file names besides, for each ORS application.
        fields: of the configuration, besides.
    """

    def live(application: Application) -> Application:
        read = application.options
        if not isinstance(read, Export):
            return application
        sections = tuple(
            replace(section, line=0, options=tuple(replace(option, line=0) for option in section.options))
            for section in read.sections
        )
        options = replace(read, place=f"gax-1:8080 {application.name}", sections=sections, digest="", modified="")
        return replace(application, options=options, exported=exported(application))

    def alter(found: Snapshot) -> Snapshot:
        read = found.configuration
        assert isinstance(read, Configuration)
        applications = tuple(map(live, read.applications))
        return replace(
            found,
            configuration=replace(
                read, source="gax", live=True, basis=Basis.OBSERVED, server=server, applications=applications, **fields
            ),
        )

    return snapshot(alter)


def node(index: int, **fields: Any) -> Change:
    """Replace facts of one node of the ring."""

    def change(workshop: Workshop) -> None:
        assert isinstance(workshop.ring, Ring)
        nodes = list(workshop.ring.nodes)
        nodes[index] = replace(nodes[index], **fields)
        workshop.ring = replace(workshop.ring, nodes=tuple(nodes))

    return change


def every_node(alter: Callable[[Node], Node]) -> Change:
    """Replace facts of every node of the ring."""

    def change(workshop: Workshop) -> None:
        assert isinstance(workshop.ring, Ring)
        workshop.ring = replace(workshop.ring, nodes=tuple(map(alter, workshop.ring.nodes)))

    return change


def ring(found: Ring | Unknown) -> Change:
    """Replace the whole ring."""

    def change(workshop: Workshop) -> None:
        workshop.ring = found

    return change


def silent(index: int, failure: Failure, cause: str = "it did not answer") -> Change:
    """A node of the ring of which nothing is known but its address, since the others name it."""

    def change(workshop: Workshop) -> None:
        assert isinstance(workshop.ring, Ring)
        found = workshop.ring.nodes[index]
        unknown = Unknown(f"{found.asked}: {cause}", found.asked, failure)
        node(index, **{name: unknown for name in FACTS if name != "address"})(workshop)
        assert workshop.ring.nodes[index].silence is unknown

    return change


def keyspace(name: str = "Orchestration", **fields: Any) -> Change:
    """Replace fields of a keyspace, as every node describes it."""

    def altered(each: Node) -> Node:
        assert isinstance(each.keyspaces, tuple)
        assert name in {found.name for found in each.keyspaces}
        return replace(each, keyspaces=tuple(replace(ks, **fields) if ks.name == name else ks for ks in each.keyspaces))

    return every_node(altered)


def keyspaces(*found: Keyspace) -> Change:
    """The keyspaces that every node describes, besides ``system``."""
    system = Keyspace("system", "LocalStrategy", {}, ("Versions",))
    return every_node(lambda each: replace(each, keyspaces=(system, *found)))


def snapshot(alter: Callable[[Snapshot], Snapshot]) -> Change:
    """Change the snapshot before it is judged."""

    def change(workshop: Workshop) -> None:
        before = workshop.alter
        workshop.alter = lambda found: alter(before(found))

    return change
