# SPDX-License-Identifier: Apache-2.0
"""The page of all requirements says what ``orsgate explain`` says, and nothing of it is Markdown by mistake."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from orsgate.cli.catalogue import explain
from orsgate.cli.features import requirements
from orsgate.cli.requirements_page import markdown
from orsgate.rules.catalogue import catalogue

PAGE = Path(__file__).parents[2] / "docs" / "requirements.md"


def test_the_page_is_as_make_docs_writes_it() -> None:
    assert PAGE.read_text("utf-8") == "\n".join(markdown(requirements())) + "\n", "run make docs"


def test_it_has_a_section_for_every_requirement_of_the_catalogue() -> None:
    sections = [line[4:12] for line in markdown(requirements()) if line.startswith("### ")]
    assert sections == sorted(catalogue())


def test_placeholders_and_patterns_stay_text() -> None:
    page = "\n".join(markdown(requirements()))
    assert r"to \<application\>.cfg" in page
    assert r"an \[\[application\]\] for the object" in page


def test_explain_breaks_no_name_and_no_option_of_a_command() -> None:
    told = next(each for each in requirements() if each.requirement.id == "ORS-0708")
    shown = CliRunner().invoke(explain, ["ORS-0708"]).output
    assert f"Fix: {told.description.fix}" in " ".join(shown.split())
    assert max(map(len, shown.splitlines())) <= 100
