# SPDX-License-Identifier: Apache-2.0
"""The files and the command line of one Cassandra node."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from string import Template
from typing import Any

from orsgate.sandbox.certificates import Certificates
from orsgate.sandbox.layout import NodePlan, RingPlan


def configure(ring: RingPlan, node: NodePlan, directory: Path, certificates: Certificates | None = None) -> None:
    """Writes the configuration of a node to ``directory/conf`` and makes the directories it wants.

    Args:
        ring: what all nodes share.
        node: the node.
        directory: everything of the node, new.
        certificates: of a ring that speaks TLS; the node gets copies of what it needs of them.
    """
    import yaml  # noqa: PLC0415  # of the optional dependencies

    conf = directory / "conf"
    for path in (conf, directory / "tmp"):
        path.mkdir(parents=True)
    values = yaml.safe_load(Template(_template(node.line.template)).substitute(_values(ring, node, directory)))
    for entry in node.line.unknown:
        del values[entry]
    if certificates:
        for store in (certificates.keystore, certificates.truststore):
            shutil.copy(store, conf)
        stores = (conf / certificates.keystore.name, conf / certificates.truststore.name)
        values["client_encryption_options"] = certificates.options(*stores)
    (conf / "cassandra.yaml").write_text(yaml.safe_dump({**values, **node.settings}, sort_keys=False), "utf-8")
    (conf / node.line.logging).write_text(_template(node.line.logging), "utf-8")
    if node.topology is not None:
        (conf / "cassandra-topology.properties").write_text("".join(f"{_escaped(li)}\n" for li in node.topology), "ascii")
        places = f"dc={_escaped(node.datacenter)}\nrack={_escaped(node.rack)}\n"
        (conf / "cassandra-rackdc.properties").write_text(places, "ascii")


def _escaped(text: str) -> str:
    """``text`` as it stands in a file of properties, which Java reads as Latin-1: other characters as UTF-16 escapes."""
    units = text.encode("utf-16-be")
    codes = (int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2))
    return "".join(chr(code) if code < 0x80 else f"\\u{code:04x}" for code in codes)


def command_line(node: NodePlan, directory: Path, jars: Sequence[Path]) -> list[str]:
    """The arguments for ``java`` that start a configured node."""
    jamm = next(jar for jar in jars if jar.name.startswith("jamm-"))
    class_path = ":".join(map(str, (directory / "conf", *jars)))
    return [
        f"-javaagent:{jamm}",
        f"-Xms{node.heap}m",
        f"-Xmx{node.heap}m",
        "-Xss512k",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:-UsePerfData",  # no files of killed nodes in /tmp/hsperfdata_*
        "-XX:+ExitOnOutOfMemoryError",
        f"-Djava.io.tmpdir={directory / 'tmp'}",
        "-Djava.net.preferIPv4Stack=true",
        *node.line.java_options,
        f"-Dlog4j.configuration={node.line.logging}",
        f"-Dlogback.configurationFile={node.line.logging}",
        "-Dcassandra.config=cassandra.yaml",
        f"-Dcassandra.start_rpc={str(node.rpc_port is not None).lower()}",
        "-Dcassandra.ring_delay_ms=500",
        "-Dcassandra-foreground=yes",
        f"-Dcassandra.storagedir={directory}",
        f"-Djna.tmpdir={directory / 'tmp'}",
        "-Dcassandra.skip_wait_for_gossip_to_settle=0",  # 8 s and more, from 2.0 on; the sandbox looks for itself
        *node.java_options,
        *_jmx(node),
        "-cp",
        class_path,
        node.line.main_class,
    ]


def _jmx(node: NodePlan) -> list[str]:
    if node.jmx_port is None:
        return []
    remote = "-Dcom.sun.management.jmxremote"
    return [
        f"{remote}.port={node.jmx_port}",
        f"{remote}.rmi.port={node.jmx_port}",
        f"{remote}.host={node.address}",
        f"{remote}.ssl=false",
        f"{remote}.authenticate=false",
        f"-Djava.rmi.server.hostname={node.address}",
    ]


def _values(ring: RingPlan, node: NodePlan, directory: Path) -> dict[str, str]:
    values: dict[str, Any] = {
        "cluster_name": ring.cluster_name,
        "partitioner": ring.partitioner,
        "snitch": ring.snitch,
        # A node pushes what it knows to one live member and, with many seeds, to a random seed each second: with all
        # members as seeds a ring finds itself about a second sooner, and any of them may be killed.
        "seeds": ",".join(other.address for other in ring.nodes),
        "token": str(node.token),
        "address": node.address,
        "storage_port": node.storage_port,
        "rpc_address": node.rpc_address,
        "rpc_port": node.rpc_port or 9160,
        "start_rpc": node.rpc_port is not None,
        "native_port": node.native_port or 9042,
        "data": str(directory / "data"),
        "commitlog": str(directory / "commitlog"),
        "saved_caches": str(directory / "saved_caches"),
        "hints": str(directory / "hints"),
        "cdc_raw": str(directory / "cdc_raw"),
    }
    return {name: json.dumps(value) for name, value in values.items()}  # JSON is YAML that needs no care


def _template(name: str) -> str:
    return (resources.files("orsgate.sandbox") / "templates" / name).read_text("utf-8")
