# SPDX-License-Identifier: Apache-2.0
"""A run leaves no directory behind, and clears away what a killed one left."""

import fcntl
from pathlib import Path

from orsgate.sandbox.rundir import RunDirectory, sweep


def left_behind(parent: Path, name: str = "orsgate-sandbox-dead") -> Path:
    """The directory of a run that was killed: everything is there but the lock."""
    run = RunDirectory(parent=parent)
    (run.path / "node0").mkdir()
    (run.path / "node0/data").write_text("data")
    copy = parent / name
    copy.mkdir()
    for path in run.path.iterdir():
        path.rename(copy / path.name)
    run.path.rmdir()
    marker, run._marker = run._marker, None
    assert marker
    marker.close()
    return copy


def test_it_is_gone_at_the_end(tmp_path: Path) -> None:
    run = RunDirectory(parent=tmp_path)
    (run.path / "file").touch()
    run.close()
    assert not list(tmp_path.iterdir())


def test_it_can_be_kept_and_is_not_swept_then(tmp_path: Path) -> None:
    run = RunDirectory(parent=tmp_path, keep=True)
    run.close()
    assert sweep(tmp_path) == []
    assert run.path.is_dir()


def test_the_next_run_removes_what_a_killed_one_left(tmp_path: Path) -> None:
    dead = left_behind(tmp_path)
    RunDirectory(parent=tmp_path).close()
    assert not dead.exists()


def test_a_run_that_lives_is_left_alone(tmp_path: Path) -> None:
    run = RunDirectory(parent=tmp_path)
    assert sweep(tmp_path) == []
    assert run.path.is_dir()
    run.close()


def test_a_directory_that_only_looks_like_one_is_left_alone(tmp_path: Path) -> None:
    for name, text in (("orsgate-sandbox-mine", "something else"), ("orsgate-sandbox-none", None)):
        (tmp_path / name).mkdir()
        if text:
            (tmp_path / name / "sandbox.lock").write_text(text)
    assert sweep(tmp_path) == []
    assert len(list(tmp_path.iterdir())) == 2


def test_two_sweeps_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    dead = left_behind(tmp_path)
    with (dead / "sandbox.lock").open("r+") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert sweep(tmp_path) == []
    assert sweep(tmp_path) == [dead]
