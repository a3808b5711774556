# SPDX-License-Identifier: Apache-2.0
"""Reading one estate by each of the four sources."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest import mock

from orsgate.collection.collect import collect
from orsgate.estate.file import load_estate_file
from orsgate.estate.inventory import Configuration
from orsgate.estate.secret import Redactor
from orsgate.estate.snapshot import Snapshot
from orsgate.sandbox.twins.gax import GaxTwin
from orsgate.sandbox.twins.gws import GwsTwin
from orsgate.sandbox.twins.mutagen_raw_shapes import mutagen_raw
from orsgate.sandbox.twins.mutagen_shapes import mutagen_json
from orsgate.sandbox.twins.objects import Tree
from orsgate.sandbox.twins.server import DEFAULT_PASSWORD, Twin
from orsgate.sandbox.twins.tree import tree_of

SOURCES = ("gax", "gws", "raw", "json")
TWINS: dict[str, type[Twin]] = {"gax": GaxTwin, "gws": GwsTwin}
VARIABLE = "ORSGATE_TEST_PASSWORD"


@contextmanager
def password(value: str = DEFAULT_PASSWORD) -> Iterator[None]:
    """The password of the twins in the environment."""
    with mock.patch.dict(os.environ, {VARIABLE: value}):
        yield


def live_estate(estate: Path, source: str, url: str, *more: str) -> Path:
    """An estate file beside ``estate`` that reads the configuration live, and keeps its other tables."""
    return _derived(estate, source, f'url = "{url}"', 'username = "reader"', f'password_env = "{VARIABLE}"', *more)


def mutagen_estate(estate: Path, tree: Tree, kind: str) -> Path:
    """An estate file beside ``estate`` that reads an export of mutagen, which is written too."""
    made = mutagen_raw(tree) if kind == "raw" else mutagen_json(tree)
    (estate.parent / f"{kind}.json").write_text(json.dumps(made), encoding="utf-8")
    return _derived(estate, "mutagen", f'files = ["{kind}.json"]', name=kind)


def _derived(estate: Path, source: str, *lines: str, name: str = "") -> Path:
    text = estate.read_text(encoding="utf-8")
    blocks = [block for block in text.split("\n[") if not block.startswith(("[application]]", "[cluster]]"))]
    kept = "\n[".join(blocks)
    old = [line for line in kept.split("\n") if line.startswith(("source = ", "exported_"))]
    for line in old:
        kept = kept.replace(line + "\n", "", 1)
    if "[configuration]\n" not in kept:
        kept += "\n[configuration]\n"
    head, found, tail = kept.partition("[configuration]\n")
    path = estate.with_name(f"{name or source}.toml")
    path.write_text("".join((head, found, f'source = "{source}"\n', "\n".join(lines), "\n", tail)), encoding="utf-8")
    return path


def tree(estate: Path) -> Tree:
    """The configuration tree that an estate file describes."""
    return tree_of(load_estate_file(estate))


@contextmanager
def as_estate(estate: Path, source: str) -> Iterator[Path]:
    """The estate file of the same estate by another source, which can be read meanwhile."""
    with ExitStack() as stack:
        if source in TWINS:
            twin = stack.enter_context(TWINS[source](tree(estate)))
            stack.enter_context(password())
            yield live_estate(estate, source, twin.url)
        else:
            yield mutagen_estate(estate, tree(estate), source) if source != "files" else estate


def collected(estate: Path, redactor: Redactor | None = None, **options: object) -> Snapshot:
    """The part configuration of an estate, with the secrets under the key of ``redactor``."""
    with mock.patch("orsgate.collection.collect.Redactor", return_value=redactor or Redactor()):
        return collect(load_estate_file(estate), ("configuration",), **options)  # type: ignore[arg-type]


def configuration(estate: Path, redactor: Redactor | None = None) -> Configuration:
    """The configuration of an estate, which must be there."""
    found = collected(estate, redactor).configuration
    assert isinstance(found, Configuration), found
    return found
