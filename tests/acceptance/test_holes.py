# SPDX-License-Identifier: Apache-2.0
"""Holes: ways to make the gate judge less than it should; none of them may end GO, and each names its cause."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.acceptance.conftest import Ended, orsgate

pytestmark = pytest.mark.slow  # a process of the program for each

FEATURE = "features/02_obsolete_options.feature"
Damage = Callable[[Path], None]


def edited(name: str, old: str, new: str) -> Damage:
    def damage(program: Path) -> None:
        path = program / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return damage


def without_steps(program: Path) -> None:
    path = program / FEATURE
    text = path.read_text(encoding="utf-8")
    start = text.index("    Given the options")
    end = text.index("  @ORS-0202")
    path.write_text(text[:start] + "\n" + text[end:], encoding="utf-8")


def line_in(name: str, before: str, line: str) -> Damage:
    """Put a line of code before another, with the same indentation."""
    indent = before[: len(before) - len(before.lstrip())]
    return edited(name, before, f"{indent}{line}\n{before}")


def raising(message: str) -> str:
    return f'raise RuntimeError("{message}")'


def without(*patterns: str) -> Damage:
    def damage(program: Path) -> None:
        paths = [path for pattern in patterns for path in program.glob(pattern)]
        assert paths
        for path in paths:
            path.unlink()

    return damage


def rewritten(name: str, text: str) -> Damage:
    def damage(program: Path) -> None:
        (program / name).write_text(text, encoding="utf-8")

    return damage


_SECOND_THEN = (
    '    Then none of them sets "orchestration/mcr-pull-by-msn-only"\n',
    '    Then none of them sets "orchestration/mcr-pull-by-msn-only"\n    And none of them sets "a/b"\n',
)
_SKIP = '__import__("pytest").skip("not today")'
_FIRST_OF_RULE = "    findings = Findings()"
_RULES = "orsgate/rules/options.py"
_CHOOSING = "    return subjects.every_application"
_NO_SCENARIO = "no scenario carries this id"

DAMAGES: dict[str, tuple[Damage, int, str]] = {
    "undefined step": (edited(FEATURE, "Then none of them sets", "Then nobody at all sets"), 3, "Step definition is not found"),
    "scenario without steps": (without_steps, 3, "no judgement"),
    "mistyped id": (edited(FEATURE, "@ORS-0201", "@ORS-201"), 3, "ORS-201"),
    "another id": (edited(FEATURE, "@ORS-0201", "@ORS-0299"), 3, "ORS-0299"),
    "mistyped severity": (edited(FEATURE, "@blocker", "@blokker"), 3, "blokker"),
    "lower severity": (edited(FEATURE, "@blocker", "@advice"), 3, "are not those of the catalogue"),
    "id twice": (edited(FEATURE, "@ORS-0202", "@ORS-0201"), 3, "2 scenarios carry this id"),
    "deleted feature file": (without(FEATURE), 3, _NO_SCENARIO),
    "unreadable feature file": (rewritten(FEATURE, "no gherkin at all"), 3, "could not be read"),
    "no Why": (edited(FEATURE, "Why:", "Because:"), 3, "description"),
    "failing fixture": (
        line_in("orsgate/plugin.py", "    made = Case(estate)", raising("the fixture broke")), 3, "the fixture broke",
    ),
    "rule that crashes": (line_in(_RULES, _FIRST_OF_RULE, "None + 1"), 3, "TypeError"),
    "rule that skips": (line_in(_RULES, _FIRST_OF_RULE, _SKIP), 3, "not today"),
    "step that skips": (line_in("steps/options.py", _CHOOSING, '__import__("pytest").skip("later")'), 3, "later"),
    "step that expects to fail": (line_in("steps/options.py", _CHOOSING, '__import__("pytest").xfail("known")'), 3, "known"),
    "step that exits": (line_in("steps/options.py", _CHOOSING, '__import__("pytest").exit("enough", 0)'), 130, "interrupted"),
    "two judgements": (edited(FEATURE, *_SECOND_THEN), 3, "2 judgements"),
    "rule without evidence": (edited(_RULES, "findings.evidence(", "(lambda *_: None)("), 3, "there was nothing to judge"),
    "exception in a hook": (
        line_in("orsgate/gate.py", "        case = item.stash.get(CASE, None)\n        judgements", raising("the hook broke")),
        4, "the hook broke",
    ),
    "exception in a reporter": (
        line_in("orsgate/reporting/results_json.py", '    yield "schema", SCHEMA', raising("the reporter broke")),
        4, "the reporter broke",
    ),
    "exception in the console": (
        line_in("orsgate/reporting/console/head.py", "    estate = started.estate\n", raising("the console broke")),
        4, "the console broke",
    ),
    "conftest without steps": (edited("conftest.py", '"steps.options",', ""), 3, "Step definition is not found"),
    "no features at all": (without("features/*.feature"), 3, _NO_SCENARIO),
    "binding module gone": (without("features/test_requirements.py"), 3, _NO_SCENARIO),
    "vocabulary that cannot be imported": (rewritten("steps/options.py", "import nothing_at_all\n"), 4, "nothing_at_all"),
}  # fmt: skip


def sentence(ended: Ended) -> str:
    return re.sub(r"\s+", " ", ended.said)


def test_the_snapshot_is_go_with_an_undamaged_program(go_snapshot, program, tmp_path):
    ended = orsgate("judge", go_snapshot, "--json", tmp_path / "r.json", program=program())
    assert ended.code == 0, ended.said
    assert ended.report(tmp_path / "r.json")["verdict"] == "go"


@pytest.mark.slow
@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_program_never_ends_go(name, go_snapshot, program, tmp_path):
    damage, code, cause = DAMAGES[name]
    damaged = program()
    damage(damaged)
    ended = orsgate("judge", go_snapshot, "--json", tmp_path / "r.json", program=damaged)
    assert ended.code == code, ended.said
    assert cause in sentence(ended)
    assert "Traceback" not in ended.said
    if code == 4:
        assert not (tmp_path / "r.json").exists()
    else:
        assert ended.report(tmp_path / "r.json")["verdict"] == "inconclusive"


USER_SETTINGS: dict[str, dict[str, str]] = {
    "PYTEST_ADDOPTS=--co": {"PYTEST_ADDOPTS": "--co"},
    "PYTEST_ADDOPTS=-k nothing": {"PYTEST_ADDOPTS": "-k nothing --assert=plain"},
    "PYTEST_ADDOPTS of no meaning": {"PYTEST_ADDOPTS": "--no-such-option"},
    "PYTEST_PLUGINS": {"PYTEST_PLUGINS": "hostile_plugin"},
    "PYTHONOPTIMIZE": {"PYTHONOPTIMIZE": "1"},
    "PYTHONOPTIMIZE=2": {"PYTHONOPTIMIZE": "2"},
    "PYTHONWARNINGS=error": {"PYTHONWARNINGS": "error"},
    "NO_COLOR": {"NO_COLOR": "1"},
}


@pytest.fixture(scope="session")
def no_go_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from orsgate.estate.snapshot import dump
    from tests.acceptance.conftest import healthy_snapshot
    from tests.faults.workshop import appended, open_workshop

    workshop = open_workshop(tmp_path_factory.mktemp("no-go") / "estate")
    appended("exports/ORS_A1*.cfg", "[orchestration]\nmcr-pull-by-msn-only=true\n")(workshop)
    path = tmp_path_factory.mktemp("no-go") / "snapshot.json"
    path.write_bytes(dump(healthy_snapshot(workshop)))
    return path


@pytest.mark.slow
@pytest.mark.parametrize("name", USER_SETTINGS)
def test_no_setting_of_a_user_bends_the_verdict(name, go_snapshot, no_go_snapshot):
    assert orsgate("judge", go_snapshot, env=USER_SETTINGS[name]).code == 0
    ended = orsgate("judge", no_go_snapshot, env=USER_SETTINGS[name])
    assert ended.code == 1
    assert "ORS-0201" in ended.out


HOSTILE = """
[tool.pytest.ini_options]
addopts = "--co -q"
python_files = "nothing_*.py"
testpaths = ["elsewhere"]
"""


@pytest.mark.slow
def test_hostile_files_around_the_working_directory_change_nothing(no_go_snapshot, tmp_path):
    here = tmp_path / "a" / "b"
    here.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text(HOSTILE)
    (here / "pytest.ini").write_text("[pytest]\naddopts = --co\n")
    (here / "conftest.py").write_text('raise RuntimeError("a conftest of the user")\n')
    (here / "steps").mkdir()
    (here / "steps" / "__init__.py").write_text("")
    (here / "steps" / "options.py").write_text('raise RuntimeError("steps of the user")\n')
    ended = orsgate("judge", no_go_snapshot, cwd=here)
    assert ended.code == 1, ended.said
    assert "ORS-0201" in ended.out


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (("--only", "ORS-0711"), "leaves nothing to judge"),
        (("--only", "ORS-0201", "--skip", "step:2"), "leaves nothing to judge"),
        (("--only", "ORS-0021"), "is neither an id"),
        (("--only", ""), "is neither an id"),
        (("--skip", "severity:blokker"), 'did you mean "severity:blocker"'),
    ],
)
def test_a_selection_that_is_empty_or_means_nothing_is_usage(arguments, cause, go_snapshot, tmp_path):
    (tmp_path / "r.json").write_text("kept")
    ended = orsgate("judge", go_snapshot, "--json", tmp_path / "r.json", *arguments)
    assert ended.code == 2, ended.said
    assert cause in sentence(ended)
    assert (tmp_path / "r.json").read_text() == "kept"


@pytest.mark.parametrize("arguments", [("--only", "step:2"), ("--skip", "ORS-0109"), ("--only", "severity:blocker")])
def test_a_selection_of_any_kind_is_never_go(arguments, go_snapshot):
    assert orsgate("judge", go_snapshot, *arguments).code == 3
