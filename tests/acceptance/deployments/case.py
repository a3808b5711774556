# SPDX-License-Identifier: Apache-2.0
"""What a deployment to be tried is: who lies in it, what else is done to it, and which outcomes that has to change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from orsgate.rules.catalogue import catalogue
from orsgate.sandbox.site.site import Site
from orsgate.sandbox.twins.ors_lies import Lie

Expected = Mapping[str, str]
TextChange = Callable[[str], str]
SiteChange = Callable[[Site], None]


@dataclass(frozen=True)
class Sample:
    """The estate of which a site is made, and how its site is built.

    Attributes:
        name: of the variation; one name, one variation.
        estate: changes the text of the estate file, before the baseline is taken.
        exports: changes the text of each export, before the baseline is taken.
        https: the twins speak HTTPS.
        source: where the configuration is read.
        attested: what a person attests.
        build: that is to be installed.
    """

    name: str
    estate: TextChange = str
    exports: TextChange = str
    https: bool = False
    source: str = "gax"
    attested: tuple[str, ...] = ("ORS-1008", "ORS-1010")
    build: str = "8.1.400.27"


HEALTHY = Sample("healthy")


@dataclass(frozen=True)
class Case:
    """A deployment.

    Attributes:
        name: what is wrong with it, in words.
        expected: requirement -> outcome, where that is another than in the honest deployment of the healthy estate.
        lies: application -> what its twin does otherwise.
        disruptive: the failover of each pair is tried too.
        sample: the estate.
        happens: done to the site when everything runs, before it is verified.
        unreachable: the document is at an address that no ORS reaches.
        named: a pattern of what a note must say, such as the session that is left behind; empty for nothing.
    """

    name: str
    expected: Expected = field(default_factory=dict)
    lies: Mapping[str, Sequence[Lie]] = field(default_factory=dict)
    disruptive: bool = False
    sample: Sample = HEALTHY
    happens: SiteChange = lambda _: None
    unreachable: bool = False
    named: str = ""

    @property
    def verdict(self) -> str:
        """The verdict that follows from what is expected; without the failover a sound deployment is not proven either."""
        gating = {outcome for name, outcome in self.expected.items() if catalogue()[name].severity == "blocker"}
        if "fail" in gating:
            return "no_go"
        return "inconclusive" if gating & {"blocked", "manual", "skipped", "error"} or not self.disruptive else "go"


def outcomes(fail: str = "", blocked: str = "", manual: str = "", not_applicable: str = "") -> dict[str, str]:
    """Expected outcomes, each of numbers such as ``"1003 1006"``."""
    told = {"fail": fail, "blocked": blocked, "manual": manual, "not_applicable": not_applicable}
    return {f"ORS-{number}": outcome for outcome, numbers in told.items() for number in numbers.split()}
