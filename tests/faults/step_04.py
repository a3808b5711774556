# SPDX-License-Identifier: Apache-2.0
"""Step 4: ORS cluster."""

from __future__ import annotations

from orsgate.estate.knowledge import Failure, Unknown
from tests.faults.workshop import (
    appended,
    expect,
    fault,
    harmless,
    put,
    replaced,
    rewritten,
    stated,
    written,
)  # fmt: skip

_E = "estate.toml"
_A1, _A1_B, _B1 = "exports/ORS_A1*.cfg", "exports/ORS_A1_B.cfg", "exports/ORS_B1*.cfg"
_ALL = "exports/ORS_*.cfg"
_MEMBERS = 'members = { ORS_A1 = "DC1", ORS_A2 = "DC1", ORS_B1 = "DC2" }\n'
_NAME = 'transaction = "ORS_Cluster"\n'
_NODES = "persistence/cassandra-nodes"
_ASSOC = "orchestration/complete-assoc-on-target-node"
_BUILD_53 = replaced(_E, 'to_release = "8.1.400.27"', 'to_release = "8.1.400.53"')
_BUILD_64 = replaced(_E, 'to_release = "8.1.400.27"', 'to_release = "8.1.400.64"')
_LATER = expect(passes="ORS-0405", not_applicable="ORS-0409")
"""From 8.1.400.64 on."""
_ANNEX = replaced(_E, _NAME, f'{_NAME}options = "annex.cfg"\n')
_OF_MEMBERS = "ORS-0403 ORS-0404 ORS-0705 ORS-0713 ORS-0805"
"""What there is nothing to judge by where no cluster has a member."""
_NO_RING = Unknown("no node of the ring answers", "127.0.1.1:9160", Failure.TIMEOUT)


def _members(**named: str) -> str:
    listed = ", ".join(f'"{name}" = "{datacenter}"' for name, datacenter in named.items())
    return f"members = {{ {listed} }}\n"


def _as_members(text: str) -> tuple[str, str, str]:
    return _E, _MEMBERS, f"members = {{ {text} }}\n"


def _two_clusters(first: str, second: str, name: str = "ORS_Cluster_2") -> str:
    table = f'\n[[cluster]]\ntransaction = "{name}"\nmembers = {{ {second} }}\n'
    return f"members = {{ {first} }}\n{table}"


FAULTS = (
    fault(
        "no cluster at all", expect(fail="ORS-0401 ORS-0402", not_applicable=f"{_OF_MEMBERS} ORS-0407 ORS-0408 ORS-0409"),
        rewritten(_E, lambda text: text[: text.index("[[cluster]]")] + text[text.index("[cassandra]") :]),
    ),
    fault("a Transaction of another type", "ORS-0401", replaced(_E, _NAME, f'{_NAME}type = "statistic"\n')),
    fault(
        "an Annex without a section cluster",
        expect(fail="ORS-0401 ORS-0402", not_applicable=f"{_OF_MEMBERS} ORS-1006 ORS-1010"),
        replaced(_E, _MEMBERS, ""), phase="deployment",
    ),
    fault(
        "all members disabled by #", expect(fail="ORS-0401 ORS-0402", not_applicable=_OF_MEMBERS),
        replaced(*_as_members('"#ORS_A1" = "DC1", "#ORS_A2" = "DC1", "#ORS_B1" = "DC2"')),
    ),
    fault(
        "a second cluster without members", _LATER | expect(fail="ORS-0401"), _BUILD_64,
        appended(_E, '\n[[cluster]]\ntransaction = "ORS_Cluster_2"\nmembers = {}\n'),
    ),
    fault("a Primary that is no member", "ORS-0402", replaced(_E, ', ORS_B1 = "DC2"', "")),
    fault("a Primary that is a disabled member", "ORS-0402", replaced(_E, "ORS_B1 =", '"#ORS_B1" ='), phase="deployment"),
    fault(
        "a Primary in two clusters", _LATER | expect(fail="ORS-0402"), _BUILD_64,
        replaced(_E, _MEMBERS, _two_clusters('ORS_A1 = "DC1", ORS_A2 = "DC1", ORS_B1 = "DC2"', 'ORS_B1 = "DC2"')),
    ),
    fault("a Backup as a member", "ORS-0402", replaced(_E, 'ORS_B1 = "DC2"', 'ORS_B1 = "DC2", ORS_B1_B = "DC2"')),
    fault("a Backup as a member in place of its Primary", "ORS-0402", replaced(_E, "ORS_B1 = ", "ORS_B1_B = ")),
    fault("a SIP Server as a member", "ORS-0402", replaced(_E, 'ORS_B1 = "DC2"', 'ORS_B1 = "DC2", SIP_A = "DC1"')),
    fault("a member that names nothing", "ORS-0105 ORS-0402", replaced(_E, 'ORS_B1 = "DC2"', 'ORS_B1 = "DC2", ORS_X1 = "DC2"')),
    fault("a member in another letter case", "ORS-0105 ORS-0402", replaced(_E, "ORS_B1 =", "ors_b1 =")),
    fault("a member with a blank at its end", "ORS-0105 ORS-0402", replaced(_E, "ORS_B1 =", '"ORS_B1 " ='), phase="deployment"),
    fault(
        "a member that is disabled as an application", "ORS-0402", stated("ORS_B1", "enabled = false"),
        stated("ORS_B1_B", "enabled = false"), replaced(_E, "applications = 6", "applications = 4"),
    ),
    fault(
        "a Primary that is disabled beside its Backup", "ORS-0402", stated("ORS_B1", "enabled = false"),
        replaced(_E, "applications = 6", "applications = 5"),
    ),
    fault("a member's data center in another letter case", "ORS-0403 ORS-0713", replaced(_E, 'ORS_A2 = "DC1"', 'ORS_A2 = "dc1"')),
    fault(
        "a data center with a blank at its end", "ORS-0403 ORS-0713", replaced(_E, 'ORS_A2 = "DC1"', 'ORS_A2 = "DC1 "'),
        phase="deployment",
    ),
    fault(
        "a data center in another letter case in another cluster", _LATER | expect(fail="ORS-0403 ORS-0713"), _BUILD_64,
        replaced(_E, _MEMBERS, _two_clusters('ORS_A1 = "DC1", ORS_A2 = "DC1"', 'ORS_B1 = "Dc1"')),
    ),
    fault(
        "another keyspace in one data center", "ORS-0404 ORS-0705", put(_B1, "persistence/cassandra-keyspace-name", "Sessions"),
    ),
    fault("a node list that leads to another ring", "ORS-0404 ORS-0710", put(_B1, _NODES, "10.9.9.1;10.9.9.2")),
    fault(
        "a keyspace name in another letter case", "ORS-0404 ORS-0705 ORS-0712",
        put(_A1, "persistence/cassandra-keyspace-name", "orchestration"),
    ),
    fault("complete-assoc-on-target-node on one pair", "ORS-0405", _BUILD_53, put(_A1, _ASSOC, "true")),
    fault(
        "complete-assoc-on-target-node on one Backup", "ORS-0305 ORS-0405", replaced(_E, "8.1.400.27", "8.1.400.53"),
        put(_A1_B, _ASSOC, "true"), phase="deployment",
    ),
    fault(
        "complete-assoc-on-target-node is no boolean on one pair", "ORS-0405", _BUILD_53, put(_ALL, _ASSOC, "true"),
        put(_B1, _ASSOC, "1"),
    ),
    fault(
        "an option with another value in the Annex", _LATER | expect(fail="ORS-0406"), _BUILD_64, _ANNEX,
        written("annex.cfg", "[orchestration]\nmcr-pull-limit=300\n"),
    ),
    fault(
        "a keyspace with another name in the Annex", _LATER | expect(fail="ORS-0406"),
        replaced(_E, "8.1.400.27", "8.1.400.64"), _ANNEX,
        written("annex.cfg", "[persistence]\ncassandra-keyspace-name=Sessions\n"), phase="deployment",
    ),
    fault(
        "one pair differs from the Annex", _LATER | expect(fail="ORS-0406"), _BUILD_64, _ANNEX,
        written("annex.cfg", "[scxml]\nmax-pending-events=100\n"), put(_B1, "scxml/max-pending-events", "200"),
    ),
    fault(
        "the exported Annex lists a member as disabled", "ORS-0402", _ANNEX,
        written("annex.cfg", "[cluster]\nORS_A1=DC1\nORS_A2=DC1\n#ORS_B1=DC2\n"),
    ),
    fault(
        "the exported Annex is the only list, and lacks a member", "ORS-0402", _ANNEX, replaced(_E, _MEMBERS, ""),
        written("annex.cfg", "[cluster]\nORS_A1=DC1\nORS_A2=DC1\n"),
    ),
    fault("a disabled Transaction", "ORS-0407", replaced(_E, _NAME, f"{_NAME}enabled = false\n")),
    fault(
        "a Transaction under another tenant", "ORS-0407", replaced(_E, 'tenant = "Environment"', 'tenant = "Sales"'),
        phase="deployment",
    ),
    fault("one member without data center", "ORS-0408", replaced(_E, 'ORS_B1 = "DC2"', 'ORS_B1 = ""')),
    fault(
        "one member with a blank for its data center", "ORS-0408", replaced(_E, 'ORS_A1 = "DC1"', 'ORS_A1 = " "'),
        phase="deployment",
    ),
    fault(
        "a Transaction with another name before 8.1.400.64", "ORS-0409", replaced(_E, _NAME, 'transaction = "ORS_Cluster_1"\n'),
    ),
    fault(
        "a Transaction named in another letter case", "ORS-0409", replaced(_E, _NAME, 'transaction = "ors_cluster"\n'),
        phase="deployment",
    ),
    fault(
        "the build that decides on the cluster's name is not given", expect(blocked="ORS-0405 ORS-0409 ORS-0501"),
        replaced(_E, 'to_release = "8.1.400.27"', 'to_release = "8.1.4"'),
    ),
    fault(
        "an Annex with a line that is not understood", _LATER | expect(blocked="ORS-0201 ORS-0203 ORS-0205 ORS-0405 ORS-0406"),
        _BUILD_64, _ANNEX, written("annex.cfg", "[orchestration]\nmcr-pull-interval=1000\nmcr-pull-limit\n"),
    ),
)  # fmt: skip
HARMLESS = (
    harmless("members in another order", replaced(*_as_members('ORS_B1 = "DC2", ORS_A2 = "DC1", ORS_A1 = "DC1"'))),
    harmless(
        "no member names a data center", rewritten(_E, lambda text: text.replace('"DC1"', '""').replace('"DC2"', '""')),
        expected=expect(not_applicable="ORS-0403 ORS-0713"),
    ),
    harmless(
        "data centers that only begin alike", replaced(_E, 'ORS_A2 = "DC1"', 'ORS_A2 = "DC10"'), expected=expect(fail="ORS-0713"),
    ),
    harmless(
        "the members stand in the exported Annex alone", _ANNEX, replaced(_E, _MEMBERS, ""),
        written("annex.cfg", "[cluster]\nORS_A1=DC1\nORS_A2=DC1\nORS_B1=DC2\n"),
    ),
    harmless("a Transaction in Resources", replaced(_E, 'tenant = "Environment"', 'tenant = "Resources"')),
    harmless("a Transaction whose tenant is not given", replaced(_E, 'tenant = "Environment"\n', "")),
    harmless("the type of the Transaction in capitals", replaced(_E, _NAME, f'{_NAME}type = "List"\n')),
    harmless("any name from 8.1.400.64 on", _BUILD_64, replaced(_E, _NAME, 'transaction = "Frankfurt"\n'), expected=_LATER),
    harmless(
        "two clusters", _BUILD_64, replaced(_E, _MEMBERS, _two_clusters('ORS_A1 = "DC1", ORS_A2 = "DC1"', 'ORS_B1 = "DC2"')),
        expected=_LATER,
    ),
    harmless(
        "one cluster of two is judged", _BUILD_64,
        replaced(_E, _MEMBERS, _two_clusters('ORS_A1 = "DC1", ORS_A2 = "DC1"', 'ORS_B1 = "dc1"')),
        appended(_E, '\n[scope]\nclusters = ["ORS_Cluster"]\n'), replaced(_E, "applications = 6", "applications = 4"),
        put(_B1, "persistence/cassandra-keyspace-name", "Sessions"), expected=_LATER,
    ),
    harmless(
        "node lists that share nothing and lead to one ring", put(_A1, _NODES, "127.0.1.2"),
        put(_B1, _NODES, "127.0.1.4,127.0.1.1"),
    ),
    harmless("node lists in another order and with other separators", put(_A1, _NODES, "127.0.1.3, 127.0.1.1")),
    harmless("complete-assoc-on-target-node set on some nodes before it exists", put(_A1, _ASSOC, "true")),
    harmless(
        "complete-assoc-on-target-node is false where it is not set", _BUILD_53, put(_A1, _ASSOC, "FALSE"),
        expected=expect(passes="ORS-0405"),
    ),
    harmless(
        "options that all share stand in the Annex alone", _BUILD_64, _ANNEX,
        written(
            "annex.cfg", "[orchestration]\nmcr-pull-limit=500\n\n[scxml]\nmax-pending-events=100\nsession-processing-threads=8\n",
        ),
        rewritten(_ALL, lambda text: text.replace("mcr-pull-limit=500\n", "").replace("max-pending-events=100\n", "")),
        expected=_LATER | expect(passes="ORS-0406"),
    ),
    harmless("options in the Annex that the target build does not read", _ANNEX, written("annex.cfg", "[scxml]\nsystem-id=5\n")),
)  # fmt: skip
