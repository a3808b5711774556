# SPDX-License-Identifier: Apache-2.0
"""Deployments that are other than the honest one, and sound: each is GO."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial

from orsgate.sandbox.site.site import Site
from orsgate.sandbox.twins.ors_lies import HARMLESS, Lie, variants
from tests.acceptance.deployments.case import Case, Sample, SiteChange, TextChange, outcomes
from tests.sandbox.waiting import until

PRIMARIES = ("ORS_A1", "ORS_A2", "ORS_B1")
BACKUPS = tuple(f"{name}_B" for name in PRIMARIES)
WITHOUT_CASSANDRA = outcomes(
    not_applicable="0404 0501 0502 0503 0504 0505 0506 0508 0701 0702 0703 0704 0705 0706 0707 0708 0709 0710 0711 0712 0713 "
    "1005 1006"
)  # fmt: skip


def _everywhere(*lies: Lie) -> Mapping[str, Sequence[Lie]]:
    return dict.fromkeys((*PRIMARIES, *BACKUPS), lies)


def _switched_over(*primaries: str) -> SiteChange:
    """The Primaries stopped and came back: their Backups serve."""

    def happens(site: Site) -> None:
        for name in primaries:
            site.stop_application(name)
            until(partial(_serves, site, f"{name}_B"), f"{name}_B serves")
            site.start_application(name)

    return happens


def _serves(site: Site, name: str) -> bool:
    return site.status(name) == "primary"


def _without(pattern: str) -> TextChange:
    """Without the lines of that pattern."""
    return lambda text: re.sub(rf"(?m)^{pattern}.*\n", "", text)


def _external(url: str) -> TextChange:
    return lambda text: re.sub(r"(?m)^external-url=.*$", f"external-url={url}", text)


def _keys_removed(site: Site, pattern: str) -> None:
    """Takes keys out of the estate file: they are not told to orsgate."""
    text = site.estate_file.read_text(encoding="utf-8")
    site.estate_file.write_text(_without(pattern)(text), encoding="utf-8")


def _scope_without_b1(text: str) -> str:
    excluded = '\n[[scope.exclude]]\napplication = "ORS_B1*"\nreason = "migrated later (made up)"\n'
    return text.replace("expected_applications = 6", "expected_applications = 4") + excluded


def _none(text: str) -> str:
    return text.replace('persistence = "cassandra"', 'persistence = "none"')


def _sound(name: str, sample: Sample, expected: Mapping[str, str] | None = None, **fields: object) -> Case:
    return Case(name, expected or {}, sample=sample, disruptive=True, **fields)  # type: ignore[arg-type]


VARIANTS = tuple(
    Case(f"{type(lie).__name__}, everywhere", {}, _everywhere(lie), disruptive=True)
    for lie in HARMLESS
    if not isinstance(lie, variants.PersistedSoon)
)

CASES = (
    Case("PersistedSoon, everywhere", {}, _everywhere(variants.PersistedSoon(0.7)), disruptive=True),
    Case("a pair that is switched over", {}, disruptive=True, happens=_switched_over("ORS_A1")),
    Case("every pair is switched over", {}, disruptive=True, happens=_switched_over(*PRIMARIES)),
    Case(
        "many differences at once", {},
        {
            "ORS_A1": [variants.IdWithNode(), variants.XmlAnswer(), variants.StartCreated(), variants.RedirectWithBody()],
            "ORS_A2": [variants.CookieOnly(), variants.LocationInCapitals(), variants.EventAccepted(), variants.ChunkedBodies()],
            "ORS_B1": [variants.PlainAnswer(), variants.EndedGone(), variants.TerminatedWithoutContent()],
        },
        disruptive=True,
    ),
    _sound("one load balancer before all nodes", Sample("load balancer", exports=_external("https://lb.example.com/ors/"))),
    _sound("no external-url", Sample("no external-url", exports=_without("external-url="))),
    _sound("HTTPS", Sample("https", https=True)),
    _sound("HTTPS without external-url", Sample("https alone", https=True, exports=_without("external-url="))),
    _sound("a build with help", Sample("with help", build="8.1.400.60"), {"ORS-0405": "pass"}),
    _sound("the last build before JSON", Sample("before json", build="8.1.400.29")),
    _sound(
        "persistence is off", Sample("no persistence", _none, _without("cassandra-")),
        WITHOUT_CASSANDRA,
    ),
    _sound(
        "the configuration is files", Sample("files", source="files", attested=("ORS-0902", "ORS-1008", "ORS-1010")),
        outcomes(not_applicable="0106", manual="0107", blocked="0905"),
    ),
    _sound("one node is not in scope", Sample("scope", _scope_without_b1)),
    _sound(
        "no logs are named, and persons looked", Sample("no logs", attested=("ORS-0906", "ORS-1008", "ORS-1010", "ORS-1011")),
        happens=lambda site: _keys_removed(site, "log = "),
    ),
    _sound(
        "no commands are named, and persons tried",
        Sample("no commands", attested=("ORS-1007", "ORS-1008", "ORS-1009", "ORS-1010")),
        happens=lambda site: _keys_removed(site, "(start|stop|status) = "),
    ),
)  # fmt: skip
