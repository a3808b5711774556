# SPDX-License-Identifier: Apache-2.0
"""Step 3: what the applications are connected to exists, is enabled, and is what an ORS needs."""

from __future__ import annotations

from collections.abc import Sequence

from orsgate.estate.decisions import unresolved_connection
from orsgate.estate.estate import Estate
from orsgate.estate.judgement import Findings, Judgement
from orsgate.estate.knowledge import Unknown
from orsgate.rules.references import Reference, References


def name_enabled_servers(estate: Estate) -> Judgement:
    """Every connection of every application in scope names an application that exists and is enabled."""
    findings = Findings()
    findings.rests_on(estate.basis)
    references = References(estate, findings)
    for application in estate.in_scope:
        where = application.origin.at("connections")
        if isinstance(application.connections, Unknown):
            findings.gap(application.name, application.connections)
            continue
        tab = f"the Connections tab of {application.name}"
        for name in dict.fromkeys(application.connections):
            target = estate.applications.get(name)
            if target is None:
                fix = f"Remove {name} from {tab}; where the server exists, list it in the estate file."
                references.missing(application.name, Reference("connection", name, application.name, where), fix)
            elif target.enabled is False:
                found = f"is connected to {name}, which is disabled"
                fix = f"General tab of {name}: set State Enabled; or remove it from {tab}."
                findings.violation(application.name, found, "an enabled server", where, fix)
            elif isinstance(target.enabled, Unknown):
                findings.gap(application.name, target.enabled)
        findings.evidence(application.name, f"connections: {', '.join(application.connections) or 'none'}", where)
    return findings.judgement()


def connected_to(estate: Estate, *needed: Sequence[str]) -> Judgement:
    """Every application in scope is connected to a server of at least one type in each of ``needed``."""
    findings = Findings()
    findings.rests_on(estate.basis)
    for application in estate.in_scope:
        names = () if isinstance(application.connections, Unknown) else application.connections
        targets = [target for name in names if (target := estate.applications.get(name)) is not None]
        where = application.origin.at("connections")
        for types in needed:
            wanted = " or ".join(types)
            if seen := [target.name for target in targets if target.type in types]:
                findings.evidence(application.name, f"{wanted}: {', '.join(seen)}", where)
            elif unknown := unresolved_connection(estate, application):
                findings.gap(application.name, unknown)
            else:
                found, fix = f"is connected to no {wanted}", f"Connections tab of {application.name}: add a {wanted}."
                findings.violation(application.name, found, f"a connection to a {wanted}", where, fix)
    return findings.judgement()
