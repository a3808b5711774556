# SPDX-License-Identifier: Apache-2.0
"""``orsgate compare`` with what runs on one side."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from orsgate.cli.compare import compare
from orsgate.sandbox.samples import place_sample
from orsgate.verdict.exit_codes import ExitCode
from tests.sources.reading import TWINS, live_estate, password, tree

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("source", TWINS)
def test_what_runs_is_compared_with_what_was_exported(source, tmp_path):
    """Connections, redundancy and cluster of the files are typed and those of the source are read, and they are the same."""
    sample = place_sample("healthy", tmp_path / "sample")
    with TWINS[source](tree(sample)) as twin, password():
        live = live_estate(sample, source, twin.url)
        same = CliRunner().invoke(compare, [str(sample), str(live)], catch_exceptions=False, standalone_mode=False)
        assert "not the real software" in same.output
        assert same.return_value == ExitCode.GO, same.output
        export = sample.parent / "exports" / "ORS_A1.cfg"
        export.write_text(export.read_text(encoding="utf-8").replace("segment=10240", "segment=1"), encoding="utf-8")
        other = CliRunner().invoke(compare, [str(sample), str(live)], catch_exceptions=False, standalone_mode=False)
        assert other.return_value == ExitCode.NO_GO
        assert "UNPLANNED  option log/segment is 10240; it was 1" in other.output
