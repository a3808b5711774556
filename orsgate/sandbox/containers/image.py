# SPDX-License-Identifier: Apache-2.0
"""The image of a Cassandra release, built once from this package's Dockerfile."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from orsgate.sandbox.containers.daemon import NotAtHandError, ensure_image
from orsgate.sandbox.errors import SandboxError
from orsgate.sandbox.jars import digest

if TYPE_CHECKING:
    from docker import DockerClient

BASE_VARIABLE = "ORSGATE_CONTAINER_BASE"
"""The environment variable that names another base image."""
DEFAULT_BASE = "debian:stable-slim"
LABEL = "orsgate.sandbox.image"
"""The label that every image of the sandbox carries; its value is the release."""

_HOME = Path("/opt/orsgate")
JAVA = _HOME / "java" / "bin" / "java"
"""Where Java is in the image."""


def jars_inside(jars: Sequence[Path]) -> list[Path]:
    """Where the jars are in the image."""
    return [_HOME / "jars" / jar.name for jar in jars]


def ensure_release_image(client: DockerClient, release: str, jars: Sequence[Path], java_home: Path) -> str:
    """The tag of the image of a release; built where the daemon does not have it yet.

    The tag holds a digest of all that goes into the image, so that one that was built of something else is never used.

    Args:
        client: of the daemon.
        release: of Cassandra.
        jars: of the release.
        java_home: the directory of a Java run time.

    Raises:
        NotAtHandError: the default base image cannot be had.
        SandboxError: another base image was named and cannot be had, or the image cannot be built.
    """
    from docker.errors import BuildError, ImageNotFound  # noqa: PLC0415  # of the optional dependencies
    from testcontainers.core.image import DockerImage  # noqa: PLC0415

    base, base_id = _base(client)
    dockerfile = (resources.files("orsgate.sandbox.containers") / "Dockerfile").read_bytes()
    content = _digest([dockerfile, base_id.encode(), _tree(java_home).encode(), *(digest(jar).encode() for jar in jars)])
    tag = f"orsgate-cassandra:{release}-{content[:16]}"
    try:
        client.images.get(tag)
    except ImageNotFound:
        with tempfile.TemporaryDirectory(prefix="orsgate-image-") as directory:
            context = Path(directory)
            (context / "Dockerfile").write_bytes(dockerfile)
            shutil.copytree(java_home, context / "java", symlinks=True)
            (context / "jars").mkdir()
            for jar in jars:
                shutil.copyfile(jar, context / "jars" / jar.name)
            try:
                DockerImage(
                    context, tag=tag, clean_up=False, buildargs={"BASE": base_id}, labels={LABEL: release}, forcerm=True
                ).build()
            except BuildError as error:
                raise SandboxError(f'The image of Cassandra {release} cannot be built on "{base}": {error.msg}') from error
    return tag


def _base(client: DockerClient) -> tuple[str, str]:
    """Name and id of the base image."""
    if own := os.environ.get(BASE_VARIABLE):
        try:
            return own, ensure_image(client, own, f"{BASE_VARIABLE} names it")
        except NotAtHandError as error:  # whoever names one means it
            raise SandboxError(f"The base image cannot be used: {error}") from error
    remedy = f"name another base with glibc, sh and sleep in {BASE_VARIABLE}"
    return DEFAULT_BASE, ensure_image(client, DEFAULT_BASE, remedy)


@cache
def _tree(directory: Path) -> str:
    """A digest of all files below a directory, their names and whether they can be run."""
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    return _digest(f"{path.relative_to(directory)} {os.access(path, os.X_OK)} {digest(path)}".encode() for path in files)


def _digest(parts: Iterable[bytes]) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()
