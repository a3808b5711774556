# SPDX-License-Identifier: Apache-2.0
"""A team's own requirements: feature files and steps of another directory, judged in a session of their own."""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, get_args

from orsgate.estate.mistakes import InputError
from orsgate.rules.catalogue import Severity
from orsgate.verdict.result import Planned

if TYPE_CHECKING:
    from pytest_bdd.parser import Feature, ScenarioTemplate
    from pytest_bdd.steps import StepFunctionContext

_PHASES = ("readiness", "deployment")
_SCENARIO = re.compile(r"^\s*(?:Scenario|Scenario Outline|Scenario Template|Example):\s*(.*?)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Team:
    """A team's requirements, found to be in order.

    Attributes:
        directory: where their feature files lie.
        planned: one entry for each scenario.
        modules: their own steps, from the Python files of the directory.
    """

    directory: Path
    planned: tuple[Planned, ...]
    modules: tuple[ModuleType, ...]

    @classmethod
    def read(cls, directory: Path, core: Iterable[ModuleType]) -> Team:
        """Read a directory.

        Args:
            directory: holds ``*.feature``, and ``*.py`` with steps of their own.
            core: the modules of the core vocabulary, which they may use and not redefine.

        Raises:
            InputError: if it holds no requirement, one whose id or tags are not as they must be, or a step of the core.
        """
        files = sorted(directory.glob("*.feature")) if directory.is_dir() else []
        if not files:
            raise InputError(f"--features {directory} holds no feature file")
        scenarios = [(path, scenario) for path in files for scenario in _scenarios(path)]
        planned: dict[str, Planned] = {}
        for path, scenario in scenarios:
            found = _planned(scenario, f"{path}:{scenario.line_number}")
            if found.id in planned:
                raise InputError(f"{path}:{scenario.line_number}: {found.id} stands twice")
            planned[found.id] = found
        modules = tuple(_load(path) for path in sorted(directory.glob("*.py")))
        _refuse_clashes(list(_steps(core)), [step for module in modules for step in _steps([module])], scenarios)
        return cls(directory, tuple(planned.values()), modules)

    @contextmanager
    def binding(self) -> Iterator[Path]:
        """A test module that binds the feature files; it lives as long as the context."""
        with tempfile.TemporaryDirectory(prefix="orsgate-team-") as directory:
            path = Path(directory) / "test_team_requirements.py"
            lines = ["from pytest_bdd import scenarios", f"scenarios({str(self.directory.resolve())!r})", ""]
            path.write_text("\n".join(lines), encoding="utf-8")
            yield path


def _scenarios(path: Path) -> list[ScenarioTemplate]:
    """The scenarios of a feature file, none lost: pytest-bdd keeps only the last of those that share a name."""
    found = list(_feature(path).scenarios.values())
    written = _SCENARIO.findall(path.read_text(encoding="utf-8"))
    if len(written) > len(found):
        twice = next((name for name in written if written.count(name) > 1), written[-1])
        raise InputError(f'{path}: {len(written)} scenarios stand there and {len(found)} have a name of their own; see "{twice}"')
    return found


def _feature(path: Path) -> Feature:
    from pytest_bdd.exceptions import GherkinParseError
    from pytest_bdd.feature import get_feature

    try:
        return get_feature(str(path.parent.resolve()), path.name)
    except (GherkinParseError, UnicodeDecodeError, OSError) as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise InputError(f"{path} is not a feature file that can be read: {first}") from None


def _planned(scenario: ScenarioTemplate, where: str) -> Planned:
    from orsgate.gate import ID_TAG

    tags = set(scenario.tags | scenario.feature.tags)
    ids = [tag for tag in tags if ID_TAG.fullmatch(tag)]
    if len(ids) != 1:
        raise InputError(f"{where}: a scenario carries exactly one id such as @ACME-0101, this one {len(ids)}")
    if ids[0].startswith("ORS-"):
        raise InputError(f"{where}: {ids[0]} has the prefix of the core; use one of your own, such as ACME-{ids[0][4:]}")
    step = int(ids[0].rpartition("-")[2][:2])
    if not 1 <= step <= 10:
        raise InputError(f"{where}: the first two digits of {ids[0]} are a step of the procedure, 01 to 10")
    phases = tuple(phase for phase in _PHASES if phase in tags)
    severity: list[Severity] = [name for name in get_args(Severity) if name in tags]
    if not phases or len(severity) != 1:
        raise InputError(f"{where}: {ids[0]} needs @readiness or @deployment, and one of @blocker, @warning, @advice")
    if odd := tags - {ids[0], *phases, severity[0]}:
        raise InputError(f"{where}: {ids[0]} carries tags that mean nothing here: {', '.join(sorted(f'@{tag}' for tag in odd))}")
    return Planned(ids[0], step, phases, severity[0], "passive", "team", scenario.name)


def _load(path: Path) -> ModuleType:
    name = f"orsgate_team_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise InputError(f"{path} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise InputError(f"{path} cannot be loaded: {type(error).__name__}: {error}") from error
    return module


def _steps(modules: Iterable[ModuleType]) -> Iterator[StepFunctionContext]:
    from pytest_bdd.steps import StepNamePrefix, step_function_context_registry

    for module in modules:
        for name, value in list(vars(module).items()):
            if name.startswith(StepNamePrefix.step_def.value):
                context = step_function_context_registry.get(value._get_wrapped_function())  # noqa: SLF001 - pytest has no public way
                if context is not None:
                    yield context


def _refuse_clashes(
    core: list[StepFunctionContext], own: list[StepFunctionContext], scenarios: list[tuple[Path, ScenarioTemplate]]
) -> None:
    texts = {(step.type, step.parser.name) for step in core}
    for step in own:
        if (step.type, step.parser.name) in texts:
            raise InputError(f'the step "{step.parser.name}" is one of the core; give yours another text')
    for path, scenario in scenarios:
        for line in scenario.steps:
            matching = [step for step in own if step.type in {None, line.type} and step.parser.is_matching(line.name)]
            if matching and any(step.type in {None, line.type} and step.parser.is_matching(line.name) for step in core):
                text = f'"{line.name}" matches a step of the core and your own "{matching[0].parser.name}"'
                raise InputError(f"{path}:{line.line_number}: {text}; give yours another text")
