# SPDX-License-Identifier: Apache-2.0
"""What the steps of the demo work with, and how they make sure that everything comes out as it must."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from orsgate.cli.migration_demo.display import Display
from orsgate.cli.migration_demo.place import FIXED, REPORTS, SITE
from orsgate.cli.migration_demo.running import Commands, Ran, line_of
from orsgate.estate.file import load_estate_file
from orsgate.estate.wording import listed
from orsgate.remedy.changes import ChangeList
from orsgate.remedy.changes_file import read_changes
from orsgate.sandbox.ring import Ring
from orsgate.sandbox.site.site import Site
from orsgate.verdict.exit_codes import ExitCode

Environment = Literal["embedded", "containers"]
ESTATE = f"{SITE}/estate.toml"
"""The estate file, from the directory of the demo."""
_WORDS: Mapping[int, str] = {
    ExitCode.GO: "GO", ExitCode.NO_GO: "NO-GO", ExitCode.INCONCLUSIVE: "inconclusive",
}  # fmt: skip
_MOST_IDS = 6


class StepError(Exception):
    """A step did not come out as it must.

    Args:
        what: did not, in one sentence.
        log: of the command that shows why; None where there is none.
    """

    def __init__(self, what: str, log: Path | None = None) -> None:
        super().__init__(what)
        self.log = log


@dataclass
class World:
    """What the steps work with.

    Attributes:
        stack: ends the servers.
        ring: the Cassandra ring, from step 1 on; so is the site.
    """

    directory: Path
    environment: Environment
    commands: Commands
    display: Display
    stack: ExitStack
    ring: Ring[Any] | None = None
    started: Site | None = None

    @property
    def site(self) -> Site:
        """The site; only from step 1 on."""
        if self.started is None:
            raise RuntimeError("the site runs from step 1 on")
        return self.started

    @property
    def name(self) -> str:
        """The name of the estate."""
        return load_estate_file(self.site.estate_file).file.estate.name

    def changes(self) -> ChangeList:
        """What fix wrote."""
        return read_changes(self.directory / FIXED, self.name)

    def run(self, log: str, *words: object) -> Ran:
        """Runs a command that must end with 0.

        Raises:
            StepError: it does not.
        """
        ran = self._ran(log, *words, must=ExitCode.GO)
        self.display.ran(ran, f"exit code {ran.code}")
        return ran

    def judge(self, log: str, *words: object, must: ExitCode, failing: Collection[str] = ()) -> dict[str, Any]:
        """Runs a command that judges, with its reports, and gives results.json.

        Args:
            log: name of its log and of its reports.
            words: the command line.
            must: the exit code that it must end with.
            failing: the ids of exactly the blockers that must fail.

        Raises:
            StepError: it comes out otherwise.
        """
        report = f"{REPORTS}/{log}"
        ran = self._ran(log, *words, "--html", f"{report}.html", "--json", f"{report}.json", must=must)
        results: dict[str, Any] = json.loads((self.directory / f"{report}.json").read_bytes())
        failed = {each["id"] for each in results["results"] if each["outcome"] == "fail" and each["severity"] == "blocker"}
        broken = sorted(each["id"] for each in results["results"] if each["outcome"] == "error")
        if broken or results["errors"]:
            raise StepError(f"`{ran.line}`: checks broke: {', '.join(broken) or results['errors']}", ran.log)
        if failed != set(failing):
            told = f"the blockers that fail are {_ids(failed, len(failed))}, and must be {_ids(failing, len(failing))}"
            raise StepError(f"`{ran.line}`: {told}", ran.log)
        why = f": {_ids(failed)}" if failed else ""
        self.display.ran(ran, f"{_WORDS[ran.code]} (exit code {ran.code}){why}")
        return results

    def _ran(self, log: str, *words: object, must: ExitCode) -> Ran:
        self.display.command(line_of(*words))
        ran = self.commands.run(log, *words)
        if ran.code != must:
            raise StepError(f"`{ran.line}` ended with {ran.code}, and must end with {int(must)}", ran.log)
        return ran


def _ids(ids: Collection[str], most: int = _MOST_IDS) -> str:
    return listed(sorted(ids), most) or "none"
