# SPDX-License-Identifier: Apache-2.0
"""``orsgate rollback-plan`` and ``compare`` with a stored baseline: the way back, and the proof that it was gone."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from orsgate.cli.baseline import baseline as baseline_command
from orsgate.cli.compare import compare
from orsgate.cli.rollback_plan import rollback_plan
from orsgate.estate.mistakes import InputError
from orsgate.verdict.exit_codes import ExitCode
from tests.faults.workshop import Workshop, open_workshop, put


def run(command: object, *arguments: str | Path) -> tuple[Result, int]:
    result = CliRunner().invoke(
        command, [str(argument) for argument in arguments], catch_exceptions=False, standalone_mode=False  # type: ignore[arg-type]
    )  # fmt: skip
    assert isinstance(result.return_value, int)
    return result, result.return_value


@pytest.fixture
def old(tmp_path: Path) -> Workshop:
    workshop = open_workshop(tmp_path / "old", sample="exported-8.1.2")
    put("exports/ORS_A1.cfg", "security/password", "geheim")(workshop)
    return workshop


@pytest.fixture
def baseline(old: Workshop, tmp_path: Path) -> Path:
    """A baseline as `orsgate baseline` stores it; nobody answers where the sample has its ring."""

    _, code = run(baseline_command, old.path("estate.toml"), "--directory", tmp_path / "baseline", "--offline", "--quiet")
    assert code in {ExitCode.GO, ExitCode.INCONCLUSIVE}
    return tmp_path / "baseline"


def test_no_baseline(old):
    with pytest.raises(InputError, match="is no baseline: `orsgate baseline` stores one"):
        run(rollback_plan, old.path("estate.toml"), "--baseline", old.directory)


def test_a_result_is_never_replaced(old, tmp_path):
    (tmp_path / "plan.json").write_text("mine")
    with pytest.raises(InputError, match="is there already"):
        run(rollback_plan, old.path("estate.toml"), "--baseline", old.directory, "--json", tmp_path / "plan.json")


def test_the_way_back_and_its_proof(baseline, old, tmp_path):
    new = open_workshop(tmp_path / "new")
    plan = tmp_path / "plan.json"
    result, code = run(rollback_plan, new.path("estate.toml"), "--baseline", baseline, "--json", plan)
    assert code == ExitCode.GO
    assert "geheim" not in result.output
    assert "Options tab, section security: set password = (secret, not shown)" in result.output
    assert "Delete the application ORS_A1_B" in result.output
    said = json.loads(plan.read_bytes())
    [password] = [change for change in said["changes"] if change["option"] == "password"]
    assert (said["schema"], said["holds_secrets"], password["after"]) == ("orsgate/rollback/1", True, "geheim")
    if os.name != "nt":
        assert plan.stat().st_mode & 0o777 == 0o600
    proof = next(line for line in result.output.splitlines() if "orsgate compare" in line)
    assert proof.split() == ["orsgate", "compare", str(baseline), str(new.path("estate.toml")), "--identical"]
    found, code = run(compare, baseline, new.path("estate.toml"), "--identical")
    assert code == ExitCode.NO_GO
    found, code = run(compare, baseline, old.path("estate.toml"), "--identical")
    assert code == ExitCode.GO
    assert found.output.rstrip().endswith("no difference: B is as A")


def test_secrets_of_a_baseline_are_compared(baseline, old):
    put("exports/ORS_A1.cfg", "security/password", "neues")(old)
    result, code = run(compare, baseline, old.path("estate.toml"))
    assert code == ExitCode.NO_GO
    assert "security/password is (secret, not shown), another one; it was (secret, not shown)" in result.output


def test_a_baseline_that_was_changed_is_no_side(baseline, old):
    path = baseline / "configuration.json"
    path.write_bytes(path.read_bytes() + b"\n")
    for command, arguments in (
        (compare, [baseline, old.path("estate.toml")]),
        (rollback_plan, [old.path("estate.toml"), "--baseline", baseline]),
    ):
        with pytest.raises(InputError, match=r"configuration\.json"):
            run(command, *arguments)


def test_nothing_to_take_back(baseline, old):
    result, code = run(rollback_plan, old.path("estate.toml"), "--baseline", baseline)
    assert code == ExitCode.GO
    assert result.output == "Nothing to take back: the configuration is as the baseline has it.\n"


def test_a_baseline_of_an_installation_with_another_name_is_told(baseline, tmp_path):
    new = open_workshop(tmp_path / "new")
    result, _ = run(rollback_plan, new.path("estate.toml"), "--baseline", baseline)
    assert 'The baseline is of the estate "Sample, as exported from 8.1.2 (made up)", and this is' in result.output


def test_a_baseline_of_other_servers_leads_nowhere_back(baseline, tmp_path):
    new = open_workshop(tmp_path / "new")
    path = new.path("estate.toml")
    path.write_text(path.read_text(encoding="utf-8").replace("ORS_A", "MUC_A").replace("ORS_B", "MUC_B"), encoding="utf-8")
    for export in [*new.path("exports").iterdir(), *new.path("rollback").iterdir()]:
        export.rename(export.with_name(export.name.replace("ORS_", "MUC_")))
    with pytest.raises(InputError, match=r"of whose Orchestration Servers .* has none; name the baseline of this estate"):
        run(rollback_plan, path, "--baseline", baseline)


@pytest.mark.parametrize("command", ["compare", "rollback-plan"])
def test_no_result_goes_into_a_baseline(command, baseline, old):
    kept = sorted(path.name for path in baseline.iterdir())
    into = ("--json", baseline / "result.json")
    words: tuple[Any, ...] = (rollback_plan, old.path("estate.toml"), "--baseline", baseline)
    if command == "compare":
        words = (compare, baseline, old.path("estate.toml"))
    with pytest.raises(InputError, match=r"--json .*result\.json would change the baseline"):
        run(*words, *into)
    assert sorted(path.name for path in baseline.iterdir()) == kept
