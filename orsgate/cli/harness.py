# SPDX-License-Identifier: Apache-2.0
"""Running the harness in this process, so that no setting of the user can bend what it judges."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from orsgate.cli.team import Team
from orsgate.home import HarnessError, features_sha256, harness_directory
from orsgate.verdict.run import Run

_WITHOUT = tuple(
    argument
    for name in ("cacheprovider", "terminal", "warnings", "logging", "faulthandler", "junitxml", "pastebin", "doctest",
                 "unittest", "recwarn", "stepwise", "debugging", "unraisableexception", "threadexception")
    for argument in ("-p", f"no:{name}")
)  # fmt: skip
"""Plugins of pytest that a judging session does without: they cost time, or let a user's settings in."""
_REMOVED = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DEBUG")


def vocabulary() -> tuple[ModuleType, ...]:
    """The plugins that ``conftest.py`` names: the engine's own and the core steps."""
    home = _first_on_path()
    spec = importlib.util.spec_from_file_location("orsgate_harness_conftest", home / "conftest.py")
    if spec is None or spec.loader is None:
        raise HarnessError(f"{home}/conftest.py cannot be read; reinstall orsgate")
    conftest = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(conftest)
    return tuple(importlib.import_module(name) for name in conftest.pytest_plugins)


def _first_on_path() -> Path:
    """Make sure that ``steps`` is the harness' own, whatever lies in the working directory, and give its directory."""
    home = harness_directory()
    if sys.path[0] != str(home):
        sys.path.insert(0, str(home))
    return home


def judge(run: Run, team: Team | None = None) -> None:
    """Run every scenario of the harness, and then those of a team, feeding ``run``; it does not finish the run.

    Args:
        run: takes the results.
        team: a team's own requirements.

    Raises:
        HarnessError: if the harness is not there, or broke as a whole.
    """
    home = _first_on_path()
    features = home / "features"
    for planned in team.planned if team else ():
        run.plan(planned, str(team.directory) if team else "")
    run.start(features_sha256([features] if team is None else [features, team.directory]))
    core = vocabulary()
    _session(run, home, features, core)
    if team is not None and not run.interrupted:
        with team.binding() as binding:
            _session(run, binding.parent, binding, (*core, *team.modules))


def _session(run: Run, root: Path, tests: Path, plugins: Iterable[ModuleType]) -> None:
    import pytest
    import pytest_bdd.plugin

    from orsgate.gate import Gate
    from orsgate.plugin import GATE

    options = [
        str(tests), "-c", str(harness_directory() / "pytest.ini"), "--rootdir", str(root), "--confcutdir", str(root),
        *_WITHOUT, "--assert=plain", "--capture=sys", "--continue-on-collection-errors",
    ]  # fmt: skip

    class _Registrar:
        """Registers the gate under its name before anything is configured."""

        @staticmethod
        def pytest_addoption(pluginmanager: pytest.PytestPluginManager) -> None:
            pluginmanager.register(Gate(run), GATE)

    with _own_environment():
        # Plugins given as modules: for one given by name pytest reads the metadata of every installed package.
        code = pytest.main(options, plugins=[_Registrar(), pytest_bdd.plugin, *plugins])
    if code in {pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.INTERNAL_ERROR}:
        causes = "; ".join(problem.message for problem in run.problems) or "pytest did not accept its own options"
        raise HarnessError(f"the harness could not be run: {causes}")


@contextmanager
def _own_environment() -> Iterator[None]:
    """Take away what a user's environment could tell pytest, and give it back afterwards."""
    saved = {name: os.environ.pop(name) for name in _REMOVED if name in os.environ}
    autoload = os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        os.environ.update(saved)
        if autoload is None:
            del os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
        else:
            os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = autoload
