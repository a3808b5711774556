# SPDX-License-Identifier: Apache-2.0
"""The README shows the runbook as ``orsgate plan --markdown`` prints it."""

from __future__ import annotations

from pathlib import Path

from orsgate.estate.file import loaded_from
from orsgate.runbook.rows import runbook
from orsgate.runbook.text import markdown

README = Path(__file__).parents[2] / "README.md"
ESTATE = b"""\
[estate]
name = "Made up"
from_release = "8.1.200.50"
to_release = "8.1.400.27"
persistence = "cassandra"

[configuration]
source = "gax"
url = "https://gax:8443"
username = "reader"
"""


def test_the_table_is_what_plan_prints() -> None:
    printed = "\n".join(markdown(runbook("estate.toml", loaded_from(Path("estate.toml"), ESTATE).file)))
    shown = README.read_text(encoding="utf-8").partition("<!-- runbook -->\n")[2].partition("\n<!-- /runbook -->")[0]
    assert shown == printed
