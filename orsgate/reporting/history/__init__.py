# SPDX-License-Identifier: Apache-2.0
"""What changed between runs: two results.json files compared, and all those of a directory as a history."""

from orsgate.reporting.history.comparing import difference_between, since
from orsgate.reporting.history.difference import Compared
from orsgate.reporting.history.gathering import history_of
from orsgate.reporting.history.reading import read_run
from orsgate.reporting.history.stored import StoredRun
from orsgate.reporting.history.timeline import History

__all__ = ["Compared", "History", "StoredRun", "difference_between", "history_of", "read_run", "since"]
