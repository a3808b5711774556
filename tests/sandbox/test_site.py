# SPDX-License-Identifier: Apache-2.0
"""A whole site on a real Cassandra ring: sessions are rows of it, and a takeover keeps them; the command brings it up."""

import json
import os
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from fixtures.rings import RingFactory
from orsgate.cli.sandbox import sandbox
from orsgate.sandbox.errors import SandboxError
from orsgate.sandbox.site.site import Site
from orsgate.sandbox.site.whole import whole_site
from orsgate.sandbox.twins.ors_stores import SERVER_INFO, SESSION, CassandraStore, Row, StoreError
from tests.sandbox.twins.ors_made import IDLE, Documents, ask, query, session_of
from tests.sandbox.waiting import is_gone, until

KEYSPACE = "Orchestration"


@pytest.mark.ring
def test_a_session_is_rows_of_the_ring_and_a_takeover_keeps_it(own_cassandra_ring: RingFactory, tmp_path: Path) -> None:
    ring = own_cassandra_ring(nodes=2, datacenters=("DC1", "DC2"))
    with Site("healthy", tmp_path / "site", ring=ring, takeover_after=0.1) as site, Documents(IDLE) as documents:
        with ring.nodes[1].client() as client:
            strategy, options = client.definition(KEYSPACE)
        assert (strategy.rpartition(".")[2], options) == ("NetworkTopologyStrategy", {"DC1": "2", "DC2": "2"})
        primary, backup, other = (site.twins[name] for name in ("ORS_A1", "ORS_A1_B", "ORS_A2"))
        session = session_of(primary, documents.url)
        ask(primary, f"/scxml/session/{session}/event/on", "POST")
        ((content, value),) = ring.get(KEYSPACE, SESSION, session.encode()).items()
        assert (content, json.loads(value)["state"]) == (b"content", "working")
        assert ring.get(KEYSPACE, SERVER_INFO, session.encode()) == {b"node": b"1001", b"server": b"ORS_A1"}
        location = query(other, session).headers["Location"]
        assert location == f"http://ors-a1.example.com:7210/scxml/session/{session}/query"
        site.stop_application("ORS_A1")
        until(lambda: backup.listens, "the takeover")
        assert query(backup, session).json() == {"_sessionid": session, "state": "working", "events": ["on"]}
        assert ring.get(KEYSPACE, SERVER_INFO, session.encode())[b"server"] == b"ORS_A1_B"
        assert query(other, session).headers["Location"].startswith("http://ors-a1-b.example.com:7210/")
        assert ask(backup, f"/scxml/session/{session}/terminate", "POST").status_code == 200
        assert ring.get(KEYSPACE, SESSION, session.encode()) == {}
        assert ring.get(KEYSPACE, SERVER_INFO, session.encode()) == {}
        assert query(backup, session).status_code == 404
        lost_ring(ring, site, documents)


def lost_ring(ring: Any, site: Site, documents: Documents) -> None:
    """Without its ring it goes on, and says so in its log."""
    for node in ring.nodes:
        node.kill()
    twin = site.twins["ORS_A2"]
    session = session_of(twin, documents.url)
    assert query(twin, session).status_code == 200
    assert query(site.twins["ORS_B1"], session).status_code == 404
    assert "Persistence error: Cassandra keyspace Orchestration at" in Path(twin.log_file).read_text()


@pytest.mark.ring
def test_a_store_makes_what_is_missing_and_keeps_what_is_there(cassandra_ring: RingFactory, tmp_path: Path) -> None:
    ring = cassandra_ring()
    ring.create_keyspace("Half", column_families=(SESSION,))
    (node,) = ring.nodes
    application = site_application(tmp_path, "Half", "SimpleStrategy", "replication_factor=1", node.address, node.rpc_port or 0)
    for _ in range(2):
        application.prepare()
    assert application.read("none") is None
    application.write("key", Row(b"{}", 7, "ORS \u00e4"))
    assert application.read("key") == Row(b"{}", 7, "ORS \u00e4")
    application.remove("key")
    application.remove("key")
    assert application.read("key") is None
    wrong = site_application(tmp_path, "Wrong", "NoStrategy", "x:1", node.address, node.rpc_port or 0)
    with pytest.raises(StoreError, match=r"Cassandra keyspace Wrong at .* refused system_add_keyspace"):
        wrong.prepare()
    for place in (("127.0.0.1", 1), (node.address, node.rpc_port or 0)):
        with pytest.raises(SandboxError, match="Cassandra keyspace None at"):
            site_application(tmp_path, "None", "SimpleStrategy", "x:1", *place).read("key")


def site_application(directory: Path, keyspace: str, strategy: str, options: str, address: str, port: int) -> CassandraStore:
    """The store of an application with these options."""
    from tests.sandbox.twins.ors_made import TREE, landscape, ors

    section = (
        ("cassandra-keyspace-name", keyspace), ("cassandra-nodes", f"{address}"), ("cassandra-listenport", str(port)),
        ("cassandra-strategy-class", strategy), ("cassandra-strategy-options", options),
    )  # fmt: skip
    tree = type(TREE)(applications=(ors(1, "ORS", options=(("persistence", section),)),))
    with landscape(directory, tree=tree) as made:
        store = CassandraStore.of(made.application("ORS"))
    assert isinstance(store, CassandraStore)
    return store


@pytest.mark.ring
def test_an_estate_of_ones_own_is_led_to_the_ring(tmp_path: Path) -> None:
    (tmp_path / "ors.cfg").write_text(
        "[persistence]\ncassandra-keyspace-name=K\ncassandra-nodes=far;away\ncassandra-listenport=1\n"
        "cassandra-strategy-class=SimpleStrategy\ncassandra-strategy-options=replication_factor:1\n"
    )
    estate = tmp_path / "estate.toml"
    estate.write_text(
        '[estate]\nname = "x"\nfrom_release = "8.1.3"\nto_release = "8.1.4"\n[[application]]\nname = "ORS"\noptions = "ors.cfg"\n'
    )
    with whole_site(str(estate), tmp_path / "site", source="files") as site, Documents(IDLE) as documents:
        assert site.ring
        (node,) = site.ring.nodes
        copied = (site.directory / "exports" / "application-1-options.cfg").read_text()
        assert f"cassandra-nodes={node.address}\ncassandra-listenport={node.rpc_port}\n" in copied
        session = session_of(site.twins["ORS"], documents.url)
        assert site.ring.get("K", SESSION, session.encode())
        assert tomllib.loads(site.estate_file.read_text())["cassandra"] == {"nodes": site.ring.seeds}


@contextmanager
def started(*options: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """The command, running; killed where a test fails, for else it would run on."""
    words = [sys.executable, "-m", "orsgate", "sandbox", "estate", *options]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdout=pipe, stderr=pipe, text=True, env={**os.environ, **environment}) as process:
        try:
            yield process
        finally:
            process.kill()


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    line = process.stdout.readline()
    assert line, process.stderr and process.stderr.read()
    return line


@pytest.mark.ring
def test_the_command_brings_everything_up_and_leaves_nothing(tmp_path: Path) -> None:
    with started("healthy", "--nodes=2", "--json", TMPDIR=str(tmp_path)) as process:
        told = json.loads(first_line(process))
        assert {name: each["mode"] for name, each in told["applications"].items()} == {
            f"ORS_{name}": "backup" if name.endswith("_B") else "primary" for name in ("A1", "A2", "B1", "A1_B", "A2_B", "B1_B")
        }
        children = [pid for task in Path(f"/proc/{process.pid}/task").glob("*/children") for pid in task.read_text().split()]
        assert len(children) == 2
        host, _, port = told["seeds"][0].partition(":")
        socket.create_connection((host, int(port)), 5).close()
        assert Path(told["estate"]).is_file()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert process.stderr
        assert process.stderr.read() == ""
    assert all(is_gone(int(pid)) for pid in children)
    assert not list(tmp_path.glob("orsgate-*"))


@pytest.mark.slow
def test_the_command_says_how_to_use_it(tmp_path: Path) -> None:
    with started("healthy", f"--directory={tmp_path / 'site'}", "--without-cassandra", "--source=files", "--https") as process:
        assert process.stdout
        text = ""
        while " status ORS_A1" not in text:
            line = process.stdout.readline()
            assert line, process.stderr and process.stderr.read()
            text += line
        assert "stand-ins and not Genesys software" in text
        assert "none; persisted sessions are in memory" in text
        assert f"orsgate audit {tmp_path / 'site' / 'estate.toml'}\n" in text
        assert f"issued by {tmp_path / 'site' / 'tls' / 'ca.pem'}\n" in text
        stop = next(line.split() for line in text.splitlines() if " stop " in line)
        assert subprocess.run([sys.executable, *stop[1:]], capture_output=True, timeout=20, check=False).returncode == 0
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    assert (tmp_path / "site" / "logs" / "ORS_A1.log").is_file()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(sandbox, ["estate", *arguments])


@pytest.mark.parametrize("memory", [True, False])
def test_wrong_usage_is_one_clear_sentence(tmp_path: Path, *, memory: bool) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    options = ["--without-cassandra"] if memory else []
    assert "the samples are exported-8.1.2, healthy" in str(run("nothing", f"--directory={tmp_path / 'x'}", *options).exception)
    assert "is not empty" in str(run("healthy", f"--directory={tmp_path / 'full'}", *options).exception)
    assert run("healthy", "--takeover-after=-1").exit_code == 2
    assert "ORS speaks Thrift, which Cassandra 4.1.10 has no more" in str(run("healthy", "--release=4.1.10").exception)
