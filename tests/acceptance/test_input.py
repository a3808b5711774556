# SPDX-License-Identifier: Apache-2.0
"""Bad input: one clear sentence, the right exit code, nothing lost, no traceback."""

from __future__ import annotations

import json
import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from orsgate.probes.transport import Target
from tests.acceptance.conftest import orsgate
from tests.faults.workshop import Workshop, open_workshop, replaced

pytestmark = pytest.mark.slow  # a process of the program for each


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return open_workshop(tmp_path / "estate")


def audit(workshop: Workshop, *arguments: object):
    return orsgate("audit", workshop.path("estate.toml"), "--offline", *arguments)


def outcome(path: Path, name: str) -> dict[str, Any]:
    return next(result for result in json.loads(path.read_text())["results"] if result["id"] == name)


def test_no_application_in_scope_is_not_go(workshop, tmp_path):
    text = workshop.read("estate.toml").replace("expected_applications = 6\n", "").replace("multimedia = true\n", "")
    workshop.write("estate.toml", text + '\n[scope]\nexclude = [{ application = "*", reason = "nothing to judge" }]\n')
    ended = audit(workshop, "--json", tmp_path / "r.json")
    assert ended.code in {1, 3}
    assert "no subject is in scope" in ended.out
    assert outcome(tmp_path / "r.json", "ORS-0201")["outcome"] == "error"


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "holds no option"),
        (b"\n\n", "holds no option"),
        (b"[orchestration]\nmcr-pull-limit\n", "has a line that is not understood"),
        (b"a=1\n[orchestration]\nb=2\n", "has a line that is not understood"),
        (b"[orchestration]\na=\x81\n", "has a line that is not understood"),
        ("[orchestration]\na=1\n".encode("utf-16"), "is UTF-16 text"),
    ],
)
def test_a_current_export_that_is_not_whole_blocks(content, cause, workshop, tmp_path):
    workshop.write("exports/ORS_B1_B.cfg", content)
    ended = audit(workshop, "--json", tmp_path / "r.json")
    assert ended.code in {1, 3}
    assert cause in ended.out
    assert outcome(tmp_path / "r.json", "ORS-0201")["outcome"] == "blocked"
    assert cause in outcome(tmp_path / "r.json", "ORS-0201")["root_cause"]
    assert "Traceback" not in ended.said


def test_an_export_that_is_a_directory_or_missing_blocks(workshop, tmp_path):
    workshop.path("exports/ORS_A1.cfg").unlink()
    workshop.path("exports/ORS_A1.cfg").mkdir()
    workshop.path("exports/ORS_A2.cfg").unlink()
    ended = audit(workshop, "--json", tmp_path / "r.json")
    assert ended.code in {1, 3}
    assert "is not a file" in ended.out
    assert "is not there" in ended.out
    assert outcome(tmp_path / "r.json", "ORS-0202")["outcome"] == "blocked"


def asking(workshop: Workshop, port: int, nowhere: Target, *more: str) -> None:
    """Names one node, by Thrift at ``port``; by the native protocol nobody is there."""
    said = "\n".join((f'nodes = ["127.0.0.1:{port}"]', f"native_port = {nowhere.port}", *more))
    replaced("estate.toml", 'nodes = ["127.0.1.1:9160", "127.0.1.2:9160"]', said)(workshop)


def test_a_ring_that_does_not_answer_is_not_go_and_costs_its_deadline(workshop, nowhere):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        asking(workshop, silent.getsockname()[1], nowhere, "timeout = 1.0")
        ended = orsgate("audit", workshop.path("estate.toml"))
        asked = f"127.0.0.1:{silent.getsockname()[1]}"
    assert ended.code == 3
    assert asked in ended.out
    assert "Traceback" not in ended.said


def test_a_refused_ring_is_no_go(workshop, nowhere):
    asking(workshop, nowhere.port, nowhere)
    ended = orsgate("audit", workshop.path("estate.toml"))
    assert ended.code == 1
    assert "ORS-0503" in ended.out


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (("audit", "nothing.toml"), "nothing.toml"),
        (("judge", "nothing.json"), "cannot be read"),
        (("judge",), "Missing argument"),
        (("audit",), "Missing argument"),
        (("adit", "x"), 'No such command "adit"; did you mean "audit"?'),
        (("x",), 'No such command "x"; see orsgate --help'),
        (("explain", "ORS-9999"), "is no requirement"),
        (("collect", "estate.toml"), "--snapshot"),
        (("audit", "estate.toml", "--timeout", "0"), "--timeout"),
        (("audit", "estate.toml", "--json", "r", "--html", "r"), "both go to"),
        (("audit", "estate.toml", "--json", "-", "--junit", "-"), "both go to"),
        (("audit", "estate.toml", "--json", "."), "is a directory"),
        (("audit", "estate.toml", "--features", "nothing"), "holds no feature file"),
    ],
)
def test_wrong_usage_is_exit_2_with_one_sentence(arguments, cause, workshop):
    ended = orsgate(*arguments, cwd=workshop.directory)
    assert ended.code == 2, ended.said
    assert cause in ended.err
    assert "Traceback" not in ended.err


def test_every_mistake_of_an_estate_file_is_told_at_once(workshop):
    text = (
        workshop.read("estate.toml")
        .replace('from_release = "8.1.200.50"', 'form_release = "8.1"')
        .replace("multimedia = true", "multimedia = 1")
    )
    workshop.write("estate.toml", text)
    ended = audit(workshop)
    assert ended.code == 2
    assert 'did you mean "from_release"' in ended.err
    assert "multimedia" in ended.err


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"schema": "orsgate/snapshot/2"}', "no json"])
def test_what_is_no_snapshot_is_exit_2(content, tmp_path):
    (tmp_path / "s.json").write_text(content)
    ended = orsgate("judge", tmp_path / "s.json")
    assert ended.code == 2
    assert "is not a snapshot" in ended.err


def test_results_that_cannot_be_written_are_exit_4_and_leave_the_others_alone(workshop, tmp_path):
    (tmp_path / "r.json").write_text("kept")
    (tmp_path / "file").write_text("in the way")
    ended = audit(workshop, "--json", tmp_path / "r.json", "--html", tmp_path / "file" / "r.html")
    assert ended.code == 4
    assert "cannot write the report" in ended.err
    assert "Traceback" not in ended.err
    assert (tmp_path / "r.json").read_text() == "kept"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["estate", "file", "r.json"]


def test_standard_output_takes_one_result_and_the_console_goes_to_standard_error(workshop):
    ended = audit(workshop, "--json", "-")
    assert json.loads(ended.out)["schema"] == "orsgate/report/1"
    assert "INCONCLUSIVE" in ended.err


def test_quiet_says_the_verdict_only(workshop):
    ended = audit(workshop, "--quiet")
    assert len(ended.out.strip().splitlines()) == 1


def test_parent_directories_of_results_are_made(workshop, tmp_path):
    target = tmp_path / "a" / "b" / "r.xml"
    audit(workshop, "--junit", target)
    assert target.read_text().startswith("<?xml")


def test_a_run_whose_deadline_passes_is_inconclusive(workshop, nowhere):
    listening = socket.create_server(("127.0.0.1", 0))
    accepted: list[socket.socket] = []

    def accept() -> None:
        while True:
            try:
                accepted.append(listening.accept()[0])
            except OSError:
                return

    threading.Thread(target=accept, daemon=True).start()
    asking(workshop, listening.getsockname()[1], nowhere)
    ended = orsgate("audit", workshop.path("estate.toml"), "--timeout", "1")
    listening.close()
    assert ended.code == 3
    assert "the deadline of the run passed" in ended.out
