# SPDX-License-Identifier: Apache-2.0
"""A site without a ring: everything is reached as its estate file says, and changes as a person changes it."""

import re
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from orsgate.estate.file import LoadedEstate, load_estate_file
from orsgate.estate.inventory import ORCHESTRATION_SERVER
from orsgate.estate.mistakes import InputError
from orsgate.home import harness_directory
from orsgate.sandbox.errors import UsageError
from orsgate.sandbox.site.control import main
from orsgate.sandbox.site.site import Site
from orsgate.sandbox.twins.objects import Tree, TreeTransaction
from orsgate.sandbox.twins.ors_lies import Lie, servers
from orsgate.sandbox.twins.ors_stores import MemoryStore
from orsgate.sandbox.twins.tree import tree_of
from tests.sandbox.twins.ors_made import IDLE, Documents, ask, query, refuses, session_of
from tests.sandbox.waiting import until

pytestmark = pytest.mark.slow

HEALTHY = harness_directory() / "fixtures" / "estates" / "healthy" / "estate.toml"
ESTATE = """\
[estate]
name = "Site (made up)"
from_release = "8.1.400.10"
to_release = "8.1.400.27"
rollback = "../back"
may_differ = ["custom/*"]

[configuration]
source = "files"
exported_at = 2026-01-30T20:00:00Z

[[application]]
name = "ORS 1/a"
version = "8.1.400.10"
options = "ors.cfg"
arguments = "-host cfg -l license.dat -app x"
ports = { http = 7300, "a b" = 7 }
"""
CFG = "[persistence]\r\ncassandra-nodes = old;older\r\ncassandra-keyspace-name=K\r\n[log]\r\ncassandra-nodes=stays\r\n"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with Site("healthy", tmp_path / "site", store=MemoryStore().of, takeover_after=0.1) as made:
        yield made


def command(site: Site, application: str, action: str) -> tuple[int, str]:
    """Runs a command of the estate file; its exit code and what it says."""
    entry = next(one for one in load_estate_file(site.estate_file).file.application if one.name == application)
    words = getattr(entry, action)
    done = subprocess.run(words, capture_output=True, text=True, timeout=20, check=False, env={}, cwd="/")
    return done.returncode, (done.stdout + done.stderr).strip()


def test_the_estate_file_leads_to_every_part(site: Site) -> None:
    loaded = load_estate_file(site.estate_file)
    section = loaded.file.configuration
    assert (section.source, section.url) == ("gax", f"{site.gax.url}/")
    assert section.password_file
    password = loaded.resolve(section.password_file)
    assert stat.S_IMODE(password.stat().st_mode) == 0o600
    account = {"username": section.username, "password": password.read_text().splitlines()[0], "isPasswordEncrypted": False}
    assert requests.post(f"{section.url}gax/api/session/login", json=account, timeout=5).status_code == 200
    assert len(loaded.file.application) == 6
    for entry in loaded.file.application:
        assert entry.log
        assert re.search(rf"^Application name: +{entry.name}$", loaded.resolve(entry.log).read_text(), re.MULTILINE)
        assert entry.http == site.twins[entry.name].url
        assert refuses(site.twins[entry.name]) == entry.name.endswith("_B")
    assert loaded.file.estate.expected_applications == 6
    assert not loaded.file.cluster


def test_the_tree_is_that_of_the_estate(site: Site) -> None:
    assert site.tree == tree_of(load_estate_file(HEALTHY))
    assert site.configured_by_gax


def test_the_commands_start_stop_and_tell_wherever_they_are_run(site: Site) -> None:
    primary, backup = site.twins["ORS_A1"], site.twins["ORS_A1_B"]
    assert command(site, "ORS_A1_B", "status") == (0, "ORS_A1_B: backup")
    assert command(site, "ORS_A1", "start") == (0, "ORS_A1: primary")
    assert command(site, "ORS_A1", "stop") == (0, "ORS_A1 is stopped")
    assert refuses(primary)
    assert command(site, "ORS_A1", "status") == (1, "ORS_A1: stopped")
    until(lambda: backup.mode == "primary", "the takeover")
    assert command(site, "ORS_A1", "start") == (0, "ORS_A1: backup")
    assert command(site, "ORS_A1_B", "stop")[0] == 0
    until(lambda: primary.mode == "primary", "the switch back")


def test_commands_that_cannot_be_done_end_with_1(site: Site) -> None:
    site.stop_application("ORS_A2")
    until(lambda: site.twins["ORS_A2_B"].mode == "primary", "the takeover")
    with requests.Session() as session:
        told = session.post(f"{site.control.url}/start/SIP_A", timeout=5).json()
        assert told == {"done": False, "told": "the configuration holds no enabled Orchestration Server SIP_A"}
        for method, path in (("GET", "/start/ORS_A1"), ("POST", "/end/ORS_A1"), ("POST", "/start")):
            assert session.request(method, site.control.url + path, timeout=5).status_code == 404
        assert session.post(site.control.url[:-3] + "/stop/ORS_A1", timeout=5).status_code == 404
        modes = session.get(site.control.url, timeout=5)
        assert (modes.json()["ORS_A2"], modes.headers["X-Orsgate-Twin"]) == ("stopped", "sandbox site")
    assert main([site.control.url, "start", "nobody"]) == 1
    assert main([site.control.url[:-3], "stop", "ORS_A1"]) == 1
    assert main(["http://127.0.0.1:1", "stop", "ORS_A1"]) == 1
    for wrong in ([], [site.control.url, "restart", "ORS_A1"], ["file:///etc/passwd", "stop", "x"]):
        assert main(wrong) == 2
    module = [sys.executable, "-m", "orsgate.sandbox.site.control", site.control.url, "status", "ORS_A1"]
    assert subprocess.run(module, capture_output=True, timeout=20, check=False).returncode == 0


@pytest.mark.parametrize(
    ("lie", "action", "code", "runs"),
    [
        (servers.StartFails(), "start", 1, False),
        (servers.StartDoesNothing(), "start", 0, False),
        (servers.StopFails(), "stop", 1, True),
        (servers.StopDoesNothing(), "stop", 0, True),
        (servers.StatusFails(), "status", 1, True),
        (servers.StatusAlwaysRunning(), "status", 0, False),
    ],
)
def test_commands_lie_where_they_are_told_to(tmp_path: Path, lie: Lie, action: str, code: int, runs: bool) -> None:  # noqa: FBT001
    with Site("healthy", tmp_path / "site", store=MemoryStore().of, lies={"ORS_A1": [lie]}) as site:
        if not runs:
            site.stop_application("ORS_A1")
        assert command(site, "ORS_A1", action)[0] == code
        assert site.twins["ORS_A1"].is_running == runs


@pytest.mark.parametrize("lie", [servers.StartHangs(), servers.StopHangs(), servers.StatusHangs()])
def test_commands_hang_where_they_are_told_to_and_a_site_ends_all_the_same(tmp_path: Path, lie: Lie) -> None:
    action = next(action for action in ("start", "stop", "status") if lie.command(action) == "hangs")
    with Site("healthy", tmp_path / "site", store=MemoryStore().of, lies={"ORS_A1": [lie]}) as site:
        entry = next(one for one in load_estate_file(site.estate_file).file.application if one.name == "ORS_A1")
        pipe = subprocess.PIPE
        hanging = subprocess.Popen(getattr(entry, action), stdout=pipe, stderr=pipe, text=True)
        with pytest.raises(subprocess.TimeoutExpired):
            hanging.wait(0.7)
        assert site.twins["ORS_A1"].is_running
    said = hanging.communicate(timeout=10)[1]
    assert (hanging.returncode, "does not answer" in said) == (1, True)


def test_an_upgrade_shows_everywhere(tmp_path: Path) -> None:
    with Site("healthy", tmp_path / "site", store=MemoryStore().of) as site:
        with pytest.raises(UsageError, match="ORS_A1 runs; stop it"):
            site.upgrade("ORS_A1", "8.1.400.55")
        site.stop_application("ORS_A1")
        with pytest.raises(UsageError, match="is not a release"):
            site.upgrade("ORS_A1", "new")
        site.upgrade("ORS_A1", "8.1.400.55")
        site.start_application("ORS_A1")
        session = logged_in_with_file(site)
        query = {"type": "CfgApplication", "brief": "false", "name": "ORS_A1"}
        (served,) = session.get(f"{site.gax.url}/gax/api/cfg/objects", params=query, timeout=5).json()
        assert served["version"] == "8.1.400.55"
        assert ask(site.twins["ORS_A1"], "/ors/help").status_code == 200
        assert "Application version:      8.1.400.55" in Path(site.twins["ORS_A1"].log_file).read_text()
        with site.estate_file.open("a") as file:
            file.write("[active]\ntakeover_within = 5.0\n")
        site.installed(datetime(2026, 1, 31, 2, 10, tzinfo=UTC))
        assert load_estate_file(site.estate_file).file.estate.installed_at == datetime(2026, 1, 31, 2, 10, tzinfo=UTC)
        assert load_estate_file(site.estate_file).file.active.takeover_within == 5.0  # what a person wrote stays


def logged_in_with_file(site: Site) -> requests.Session:
    session = requests.Session()
    password = (site.directory / "gax-password.txt").read_text().strip()
    account = {"username": "reader", "password": password, "isPasswordEncrypted": False}
    session.post(f"{site.gax.url}/gax/api/session/login", json=account, timeout=5).raise_for_status()
    return session


def test_a_new_backup_and_a_cluster_are_made_as_a_person_makes_them(tmp_path: Path) -> None:
    with Site("exported-8.1.2", tmp_path / "site", store=MemoryStore().of, takeover_after=0.1) as site:
        assert set(site.twins) == {"ORS_A1", "ORS_A2", "ORS_B1"}

        def made(tree: Tree) -> Tree:
            primary = next(one for one in tree.applications if one.name == "ORS_A1")
            backup = replace(primary, dbid=1002, name="ORS_A1_B", primary=False, version="8.1.400.27")
            others = tuple(one for one in tree.applications if one.name != "ORS_A1")
            cluster = TreeTransaction(300, "ORS_Cluster", 21, annex=(("cluster", (("ORS_A1", ""), ("ORS_A2", ""))),))
            paired = replace(primary, backup=1002, redundancy=2)
            return replace(tree, applications=(paired, backup, *others), transactions=(cluster,))

        site.edit(made)
        assert [one.name for one in load_estate_file(site.estate_file).file.application][:2] == ["ORS_A1", "ORS_A1_B"]
        assert command(site, "ORS_A1_B", "start") == (0, "ORS_A1_B: backup")
        with Documents(IDLE) as documents:
            session = session_of(site.twins["ORS_A1"], documents.url)
            assert query(site.twins["ORS_A2"], session).status_code == 404
            site.stop_application("ORS_A2")
            site.start_application("ORS_A2")  # a cluster counts from the next start
            assert query(site.twins["ORS_A2"], session).status_code == 307


@pytest.mark.parametrize("source", ["gax", "files"])
def test_an_option_changes_where_the_configuration_is(tmp_path: Path, source: str) -> None:
    with Site("healthy", tmp_path / "site", store=MemoryStore().of, source=source) as site:  # type: ignore[arg-type]
        site.set_option("ORS_A1", "orchestration/external-url", "http://moved.example.com")
        site.set_option("ORS_A1", "new/option", "1")
        site.set_option("ORS_A1", "persistence/cassandra-nodes", None)
        application = site.landscape.application("ORS_A1")
        assert application.external_url == "http://moved.example.com"
        assert application.options["new", "option"] == "1"
        assert application.persistence is None
        assert application.options["persistence", "cassandra-keyspace-name"] == "Orchestration"


def test_a_site_of_files_is_changed_in_its_files(tmp_path: Path) -> None:
    with Site("healthy", tmp_path / "site", store=MemoryStore().of, source="files") as site:
        loaded = load_estate_file(site.estate_file)
        assert loaded.file.configuration.source == "files"
        assert len([one for one in loaded.file.application if one.type == ORCHESTRATION_SERVER and one.http]) == 6
        assert loaded.file.cluster == load_estate_file(HEALTHY).file.cluster
        with pytest.raises(UsageError, match="has no GAX twin"):
            _ = site.gax
        with pytest.raises(UsageError, match="is files; change"):
            site.edit(lambda tree: tree)
        site.stop_application("ORS_A1")
        site.upgrade("ORS_A1", "8.1.400.56")
        site.start_application("ORS_A1")
        assert ask(site.twins["ORS_A1"], "/ors/help").status_code == 200
        (entry,) = [one for one in load_estate_file(site.estate_file).file.application if one.name == "ORS_A1"]
        assert (entry.version, entry.http) == ("8.1.400.56", site.twins["ORS_A1"].url)


def own_estate(directory: Path, text: str = ESTATE) -> Path:
    for name in ("mine", "back"):
        (directory / name).mkdir()
    for name in ("mine/ors.cfg", "back/ORS 1_a.cfg"):
        (directory / name).write_bytes(CFG.encode())
    path = directory / "mine" / "estate.toml"
    path.write_text(text, "utf-8")
    return path


def test_an_estate_of_ones_own_is_copied_and_not_changed(tmp_path: Path) -> None:
    path = own_estate(tmp_path)
    with Site(path, tmp_path / "site", store=MemoryStore().of, source="files") as site:
        loaded = load_estate_file(site.estate_file)
        (entry,) = loaded.file.application
        assert site.twins["ORS 1/a"].url.endswith(":7300")
        assert command(site, "ORS 1/a", "status") == (0, "ORS 1/a: primary")
        assert stat.S_IMODE(site.directory.stat().st_mode) == 0o700
        copies = [loaded.resolve(entry.options or ""), *loaded.resolve(loaded.file.estate.rollback or "").iterdir()]
        for copy in copies:
            assert copy.read_bytes() == CFG.encode()
            assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        site.stop_application("ORS 1/a")
        site.upgrade("ORS 1/a", "8.1.400.27")
        site.set_option("ORS 1/a", "log/all", "x")
        (entry,) = load_estate_file(site.estate_file).file.application
        assert entry.arguments == "-host cfg -app x"
    assert path.read_text("utf-8") == ESTATE
    assert (tmp_path / "mine/ors.cfg").read_bytes() == CFG.encode()
    assert same_but_reached(load_estate_file(path), loaded)


def same_but_reached(one: LoadedEstate, other: LoadedEstate) -> bool:
    """Whether a copy says what the original says, but for paths and what is reached in the site."""
    return one.file.estate.model_copy(update={"rollback": "rollback"}) == other.file.estate


def test_https_is_spoken_with_certificates_of_its_own(tmp_path: Path) -> None:
    with Site("healthy", tmp_path / "site", store=MemoryStore().of, https=True) as site:
        twin = site.twins["ORS_A1"]
        assert twin.url.startswith("https://")
        assert ask(twin, "/", verify=str(site.ca_file)).status_code == 404
        with pytest.raises(requests.exceptions.SSLError):
            ask(twin, "/")


def requests_refused(url: str) -> None:
    """Connects to where a URL leads."""
    host, _, port = url.split("/")[2].partition(":")
    socket.create_connection((host, int(port)), 5).close()


def test_two_sites_run_side_by_side_and_leave_nothing(tmp_path: Path) -> None:
    with Site("healthy", tmp_path / "one", store=MemoryStore().of) as one:
        with Site("healthy", tmp_path / "two", store=MemoryStore().of) as two:
            other = two.twins["ORS_A1"]
            two.stop_application("ORS_A1")
            assert not refuses(one.twins["ORS_A1"])
            assert one.control.url != two.control.url
        assert refuses(other)
        assert one.twins["ORS_A1"].is_running
    assert refuses(one.twins["ORS_A1"])
    with pytest.raises(OSError, match="refused"):
        requests_refused(one.control.url)


@pytest.mark.parametrize(
    ("estate", "prepare", "told"),
    [
        ("no-such", None, "the samples are exported-8.1.2, healthy"),
        ("healthy", "occupied", "is not empty; name a directory that is"),
        ("live", None, "reads its configuration from gax; a site is made of"),
    ],
)
def test_what_makes_no_site_is_one_sentence(tmp_path: Path, estate: str, prepare: str | None, told: str) -> None:
    if prepare:
        (tmp_path / "site").mkdir()
        (tmp_path / "site" / prepare).touch()
    if estate == "live":
        live = '[configuration]\nsource = "gax"\nurl = "https://gax/"\nusername = "reader"\n'
        estate = str(own_estate(tmp_path, ESTATE[: ESTATE.index("[configuration]")] + live))
    with pytest.raises(InputError, match=re.escape(told)), Site(estate, tmp_path / "site", store=MemoryStore().of):
        pass


def test_nothing_runs_where_something_does_not_start(tmp_path: Path) -> None:
    text = ESTATE.replace("8.1.400.10", "8.1.200.50").replace("[[application]]", "[[application]]\nhttp = false")
    site = Site(own_estate(tmp_path, text), tmp_path / "site")
    with pytest.raises(Exception, match="needs Cassandra"):
        site.start()
    assert not site.gax.is_running
    assert not site.twins["ORS 1/a"].is_running
