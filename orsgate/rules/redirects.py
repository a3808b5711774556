# SPDX-License-Identifier: Apache-2.0
"""Step 10: a node that is asked for a session of another node redirects to the owner."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from orsgate.estate.deployment import Redirect, Response, SessionTrial
from orsgate.estate.estate import Estate
from orsgate.estate.judgement import Findings, Judgement, not_applicable
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.options import Setting
from orsgate.estate.secret import Secret
from orsgate.estate.wording import listed
from orsgate.rules.nodes import Answers, Node, nodes
from orsgate.rules.pairs import same_host
from orsgate.rules.trials import not_started, not_tried, trials_by_node, unknown_to_its_owner

EXTERNAL_URL = "orchestration/external-url"
TEMPORARY_REDIRECT = 307
NO_CLUSTER_OF_TWO = "no cluster in scope has two nodes, so no node can be asked for the session of another"
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """Scheme, host (letter case folded) and port of a URL."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def address_of(url: str) -> Address | None:
    """The address of an absolute URL of HTTP or HTTPS, the default port made explicit; None for any other text."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not host:
        return None
    return Address(parts.scheme, host.casefold(), _DEFAULT_PORTS[parts.scheme] if port is None else port)


@dataclass(frozen=True, slots=True)
class Owner:
    """Where the owner of a session is reached.

    Attributes:
        external: whether its options say so; else it is known by its host, which may be written with or without domain.
    """

    addresses: tuple[Address, ...]
    external: bool

    def at(self, location: Address) -> bool:
        """Whether an address is the owner's."""
        return any(
            location == address
            or (
                not self.external
                and (location.scheme, location.port) == (address.scheme, address.port)
                and same_host(location.host, address.host)
            )
            for address in self.addresses
        )


def leads_to_the_owner(estate: Estate) -> Judgement:
    """Every other node of the cluster answers 307, with the address of the owner in ``Location``.

    Genesys, "Load Balancing", ORS 8.1.4: a request for a session on another node is redirected, to its external-url.
    """
    findings = Findings()
    findings.rests_on(estate.basis)
    by_primary = {node.primary.name: node for node in nodes(estate)}
    groups = []
    for cluster in estate.clusters:
        if unknown := cluster.members_unknown:
            findings.gap(cluster.transaction, unknown)
        members = {member.name: by_primary[member.name] for _, member in estate.members(cluster) if member.name in by_primary}
        if len(members) > 1:
            groups.append(list(members.values()))
    if not groups and not findings.judgement().gaps:
        return not_applicable(NO_CLUSTER_OF_TWO, estate.basis)
    tried = trials_by_node(estate)
    check = _Check(estate, findings, Answers(estate))
    for group in groups:
        for node in group:
            check.owner(node, tried.get(node.primary.name), group)
    return findings.judgement()


class _Check:
    def __init__(self, estate: Estate, findings: Findings, answers: Answers) -> None:
        self._estate = estate
        self._findings = findings
        self._answers = answers
        found = list(nodes(estate))
        self._node_of = {each.name: node for node in found for each in node.applications}
        self._silence = {node.primary.name: answers.silence(node) for node in found}

    def owner(self, node: Node, trial: SessionTrial | None, group: list[Node]) -> None:
        """Judge what the other nodes of the cluster answered for the session of one."""
        name = node.primary.name
        if trial is None or not trial.application:
            self._findings.gap(name, self._silence[name] or not_started(node))
            return
        if not trial.session:
            self._findings.gap(name, not_tried(trial, "asked of another node"))
            return
        asked = {self._named(redirect.application) for redirect in trial.redirects}
        others = [other.primary.name for other in group if other is not node and other.primary.name not in asked]
        if missing := [other for other in others if self._silence[other] is None]:
            cause = f"these nodes were not asked for the session of {name}: {listed(missing)}"
            self._findings.gap(name, Unknown(cause, trial.url, Failure.NOT_ASKED))
        for other in others:
            if silence := self._silence[other]:
                self._findings.gap(other, silence)
        owner, forgotten = self._owner(node, trial), unknown_to_its_owner(trial)
        for redirect in trial.redirects:
            if forgotten and _knows_no_session(redirect.answer):
                self._findings.gap(name, forgotten)
            elif isinstance(owner, Unknown):
                self._findings.gap(name, owner)
            else:
                self._redirect(name, redirect, owner)

    def _named(self, application: str) -> str:
        node = self._node_of.get(application)
        return node.primary.name if node else application

    def _owner(self, node: Node, trial: SessionTrial) -> Owner | Unknown:
        """Where the owner is reached: its external-url, which is set on the Primary; else its HTTP address."""
        serving = next((each for each in node.applications if each.name == trial.application), node.primary)
        external: list[Address] = []
        for application in dict.fromkeys((serving.name, node.primary.name)):
            reading = self._estate.effective(self._estate.applications[application], EXTERNAL_URL)
            if reading.unknown:
                return reading.unknown
            if reading.setting is None or not reading.setting.text:
                continue
            address = _external(reading.setting)
            if isinstance(address, Unknown):
                return address
            external.append(address)
        if external:
            return Owner(tuple(external), external=True)
        own = address_of(trial.url)
        if own is None:
            return Unknown(f'"{trial.url}" is no address of HTTP', trial.url)
        by_host = (replace(own, host=serving.host.casefold()),) if isinstance(serving.host, str) else ()
        return Owner((own, *by_host), external=False)

    def _redirect(self, owner: str, redirect: Redirect, reached: Owner) -> None:
        findings, answer, asked = self._findings, redirect.answer, redirect.application
        if isinstance(answer, Unknown):
            findings.gap(owner, answer)
            return
        findings.evidence(owner, f"{asked} answers {answer.status}, Location {answer.location or 'none'}", answer.where)
        expected = f"307 with a Location at {reached.addresses[0]}, where {owner} is reached"
        location = address_of(answer.location)
        found = ""
        if answer.status != TEMPORARY_REDIRECT:
            found = f"{asked} answers {answer.status}"
            if answer.succeeded:
                found += f", as if the session of {owner} were its own"
        elif not answer.location:
            found = f"{asked} answers 307 without a Location"
        elif location is None:
            found = f'{asked} answers 307 with the Location "{answer.location}", which names no host'
        elif not reached.at(location):
            itself = address_of(self._own_url(asked))
            back = ", which is itself" if location == itself else ""
            found = f"{asked} answers 307 to {location}{back}"
        if found:
            findings.violation(owner, found, expected, answer.where)

    def _own_url(self, asked: str) -> str:
        application = self._estate.applications.get(asked)
        return self._answers.url(application) if application else ""


def _knows_no_session(answer: Response | Unknown) -> bool:
    return isinstance(answer, Response) and 400 <= answer.status < 500


def _external(setting: Setting) -> Address | Unknown:
    if isinstance(setting.value, Secret):
        return Unknown(f"{EXTERNAL_URL} holds a secret and cannot be compared", setting.where)
    return address_of(setting.text) or Unknown(f'{EXTERNAL_URL} = "{setting.text}" is no absolute address of HTTP', setting.where)
