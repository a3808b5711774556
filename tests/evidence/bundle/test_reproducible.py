# SPDX-License-Identifier: Apache-2.0
"""The same files and key give the same bundle, wherever and whenever it is made."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from orsgate.estate.estate import Estate
from orsgate.evidence.bundle.archive import pack
from orsgate.evidence.bundle.making import bundled
from orsgate.evidence.keys import write_key_pair
from tests.evidence.bundle.made import TEAM, Left, left
from tests.evidence.made import key
from tests.faults.workshop import open_workshop

FORM = "5a0e591cf405d82d"


def test_the_order_of_what_is_given_means_nothing(run: Left) -> None:
    assert bundled(dict(reversed(run.files.items())), key()) == run.data
    assert bundled(run.files, key()) == run.data


def test_the_form_is_always_the_same() -> None:
    """Another release of Python must not write another archive: who verifies a bundle packs it anew."""
    data = pack(b"{}", {"results.json": b"made up\n" * 100, "attestations/\u00e9.txt": b""})
    assert hashlib.sha256(data).hexdigest().startswith(FORM)


ELSEWHERE = {
    "far east": ({"TZ": "Pacific/Kiritimati", "LC_ALL": "C"}, 0o077),
    "far west": ({"TZ": "Pacific/Niue", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}, 0o000),
    "ascii": ({"TZ": "UTC", "LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONHASHSEED": "2", "SOURCE_DATE_EPOCH": "1"}, 0o027),
}


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="there is no umask")
def test_time_zone_umask_locale_and_directory_mean_nothing(tmp_path: Path) -> None:
    made = left(tmp_path / "first", team=TEAM, judged=Estate(open_workshop(tmp_path / "estate").collected()))
    write_key_pair(tmp_path / "k", tmp_path / "k.pub", None)
    bundles = {}
    for number, (name, (environment, umask)) in enumerate(ELSEWHERE.items()):
        there = _moved(tmp_path / "first", tmp_path / name, number, backwards=bool(number % 2))
        arguments = [
            "r.json", "--output", "b.zip", "--sign", str(tmp_path / "k"), "--snapshot", "s.json", "--report", "r.html",
            "--waivers", "w.toml", "--attestations", "attestations", "--features", "team",
            "--record", "record.json",
        ]  # fmt: skip
        ran = subprocess.run(
            [sys.executable, "-m", "orsgate", "bundle", *arguments], cwd=there, env=os.environ | environment, umask=umask,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        bundles[name] = (there / "b.zip").read_bytes()
    assert len(set(bundles.values())) == 1
    assert len(bundles["ascii"]) > sum(map(len, made.files.values()))


def _moved(first: Path, there: Path, number: int, *, backwards: bool) -> Path:
    """The same files, made in another order, with other times and modes."""
    shutil.copytree(TEAM, there / "team")
    for path in sorted(first.rglob("*"), reverse=backwards):
        if path.is_file():
            target = there / path.relative_to(first)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
            target.chmod(0o600 if backwards else 0o755)
            os.utime(target, (number * 10**8, number * 10**8))
    return there
