# SPDX-License-Identifier: Apache-2.0
"""Step 4: options that all nodes of a cluster share, on the applications or in the Annex of its Transaction."""

from __future__ import annotations

from collections import Counter

from orsgate.estate.export import Export
from orsgate.estate.inventory import Application, Cluster
from orsgate.estate.options import find, split_key
from orsgate.estate.secret import is_secret, says_secret
from orsgate.remedy.answers import Question
from orsgate.remedy.draft import Draft, primary_of
from orsgate.rules.options import is_boolean
from orsgate.rules.shared_options import SAME_ON_ALL_NODES, NodeOption, nodes_of
from orsgate.rules.values import Sameness, compare


def same_on_all_nodes(draft: Draft) -> None:
    """ORS-0405: where Primaries of a cluster differ in an option that must be the same, a person says which value it is."""
    led = primary_of(draft.estate)
    for key, option in SAME_ON_ALL_NODES.items():
        if option.since and not draft.estate.target.at_least(option.since):
            continue
        for cluster, nodes in nodes_of(draft.estate):
            primaries = [node for node in nodes if node.name not in led and node.name not in draft.refused]
            _settle(draft, cluster, primaries, key, option)


def _settle(draft: Draft, cluster: Cluster, nodes: list[Application], key: str, option: NodeOption) -> None:
    values: dict[str, str | None] = {}
    for node in nodes:
        reading = draft.estate.effective(node, key)
        if reading.unknown:
            return
        values[node.name] = _folded(reading.setting.text) if reading.setting else option.default
    if len(set(values.values())) < 2:
        return
    usual = Counter(value for value in values.values() if value is not None).most_common(1)[0][0]
    asked = f"the value of {key} for all nodes of {cluster.transaction}"
    question = Question(cluster.transaction, *split_key(key), asked, ("ORS-0405",), tuple(values), usual)
    if (answer := draft.ask(question)) is None:
        return
    for node in nodes:
        if values[node.name] != _folded(answer):
            draft.put(node, key, answer, ("ORS-0405",))


def _folded(text: str) -> str:
    return text.lower() if is_boolean(text) else text


def one_place(draft: Draft) -> None:
    """ORS-0406: an option with one value on a node and another one in the Annex gets one value, in the Annex alone.

    Which of the two counts is not documented, so a person says which value it is.
    """
    if not draft.estate.shares_options:
        return
    for cluster, nodes in nodes_of(draft.estate):
        if cluster.transaction in draft.refused or not isinstance(cluster.shared, Export) or cluster.shared.incomplete:
            continue
        for (section, name), shared in cluster.shared.content().items():
            own = {
                node.name: (node, setting.text)
                for node in nodes
                if node.name not in draft.refused and (setting := find(node.options, section, name).setting) is not None
            }
            key = f"{section}/{name}"
            if any(compare(key, text, shared) is Sameness.DIFFERENT for _, text in own.values()):
                _ask_for_one(draft, cluster, own, key, str(shared))


def _ask_for_one(draft: Draft, cluster: Cluster, own: dict[str, tuple[Application, str]], key: str, shared: str) -> None:
    section, name = split_key(key)
    hidden = says_secret(section) or says_secret(name) or any(is_secret(text) for text in (shared, *(t for _, t in own.values())))
    values = "" if hidden else f": {', '.join(dict.fromkeys((shared, *(text for _, text in own.values()))))}"
    asked = f"the one value of {key} for all nodes of {cluster.transaction}, which has several{values}"
    suggestion = None if hidden else shared
    question = Question(cluster.transaction, section, name, asked, ("ORS-0406",), tuple(own), suggestion)
    if (answer := draft.ask(question)) is None:
        return
    draft.change(cluster, section, name, answer, ("ORS-0406",), shared)
    for node, text in own.values():
        if compare(key, text, answer) is Sameness.DIFFERENT:
            draft.delete(node, key, ("ORS-0406",))
