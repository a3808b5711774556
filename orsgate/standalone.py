# SPDX-License-Identifier: Apache-2.0
"""``pytest --estate FILE``: the gate for those who run the requirements as any pytest-bdd project."""

from __future__ import annotations

import io
import sys
from contextlib import suppress

import pytest

from orsgate.collection.collect import collect
from orsgate.estate.estate import Phase
from orsgate.estate.file import load_estate_file
from orsgate.estate.mistakes import InputError
from orsgate.estate.snapshot import PARTS
from orsgate.gate import Gate
from orsgate.home import features_sha256, harness_directory
from orsgate.reporting.console import ConsoleReporter
from orsgate.verdict.exit_codes import ExitCode
from orsgate.verdict.run import Run
from orsgate.verdict.selection import Selection
from orsgate.verdict.waiver_file import load_waivers

_NOT_ITS_OWN = (
    "--environment {} is for tests, which build a ring of their own; an estate is judged on the ring that it names: "
    "leave --environment out beside --estate"
)


class StandaloneGate(Gate):
    """Collects the estate itself, prints the verdict, and sets pytest's exit status to 0, 1 or 3; 4 where it cannot."""

    @classmethod
    def from_config(cls, config: pytest.Config) -> StandaloneGate:
        """Make the gate that the options of pytest ask for."""
        phase: Phase = config.getoption("--phase")
        if (environment := config.getoption("--environment")) not in {None, "live"}:
            pytest.exit(_NOT_ITS_OWN.format(environment), returncode=ExitCode.USAGE)
        try:
            loaded = load_estate_file(config.getoption("--estate"))
            waivers = load_waivers(config.getoption("--waivers"), allow_wide=config.getoption("--allow-wide-waivers"))
            for path in waivers.empty_files:
                sys.stderr.write(f"orsgate: {path} holds no waiver\n")
            snapshot = collect(loaded, PARTS, allow_http=config.getoption("--allow-http"))
            features = harness_directory() / "features"
            if config.args_source is not pytest.Config.ArgsSource.ARGS:
                config.args[:] = [str(features)]
            run = Run(snapshot, phase, Selection(), [ConsoleReporter()], waivers=waivers)
            run.start(features_sha256([features]))
        except InputError as error:
            pytest.exit(str(error), returncode=ExitCode.USAGE)
        except Exception as error:  # noqa: BLE001 - pytest would end with 3, which means inconclusive
            pytest.exit(_broke(error), returncode=ExitCode.INTERNAL)
        return cls(run)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Decide, and end with the exit code of the verdict."""
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
        try:
            session.exitstatus = self.run.finish().exit_code
        except (Exception, SystemExit) as error:  # noqa: BLE001 - pytest would end with 1, which means NO-GO
            session.exitstatus = ExitCode.INTERNAL
            with suppress(OSError):
                sys.stderr.write(f"orsgate: {_broke(error)}\n")


def _broke(error: BaseException) -> str:
    return f"internal error: {type(error).__name__}: {error}"
