# SPDX-License-Identifier: Apache-2.0
"""Makes the lock file of a Cassandra release: ``python -m orsgate.sandbox.lock 1.1.12``."""

from __future__ import annotations

import json
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from orsgate.sandbox.jars import digest

_LOCKS = Path(__file__).parent / "locks"


def lock(release: str, directory: Path = _LOCKS) -> Path:
    """Resolves and fetches all jars of a release and writes down what they are; gives the lock file."""
    from jgo.maven import MavenContext  # noqa: PLC0415  # heavy

    with tempfile.TemporaryDirectory() as repository:
        context = MavenContext(repo_cache=Path(repository), timeout=60)
        wanted = context.create_dependency(f"org.apache.cassandra:cassandra-all:{release}")
        inputs, transitive = context.resolver.resolve([wanted])
        jars = [dependency.artifact for dependency in (*inputs, *transitive)]
        with ThreadPoolExecutor(6) as pool:
            files = list(pool.map(lambda jar: Path(jar.resolve()), jars))
        entries = [
            {
                "group": jar.groupId,
                "artifact": jar.artifactId,
                "version": jar.version,
                "classifier": jar.classifier,
                "extension": jar.packaging,
                "sha256": digest(file),
                "size": file.stat().st_size,
            }
            for jar, file in zip(jars, files, strict=True)
        ]
    path = directory / f"cassandra-{release}.json"
    path.write_text(json.dumps({"release": release, "artifacts": entries}, indent=1) + "\n", "utf-8")
    return path


if __name__ == "__main__":
    for name in sys.argv[1:]:
        sys.stdout.write(f"{lock(name)}\n")
