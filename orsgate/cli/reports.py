# SPDX-License-Identifier: Apache-2.0
"""The reports that a run can write, several at once: an option for each, and what writes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

if TYPE_CHECKING:
    from orsgate.cli.outputs import Outputs
    from orsgate.reporting.history.stored import StoredRun
    from orsgate.reporting.reporter import FileReporter

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Report:
    """A report.

    Attributes:
        name: of its option.
        told: the help of that.
        reporter: ``module:class``, imported where the report is asked for.
    """

    name: str
    told: str
    reporter: str

    @property
    def parameter(self) -> str:
        """The argument that its option becomes."""
        return f"{self.name}_path"

    def make(self, outputs: Outputs, previous: StoredRun | None) -> FileReporter:
        """What writes it to where it was asked for, and can say what changed since an earlier run."""
        module, _, name = self.reporter.partition(":")
        return cast("FileReporter", getattr(import_module(module), name)(outputs.path(self.name), previous))


REPORTS = (
    Report("json", "Write results.json", "orsgate.reporting.results_json:JsonReporter"),
    Report("junit", "Write JUnit XML", "orsgate.reporting.junit:JunitReporter"),
    Report("html", "Write the HTML report", "orsgate.reporting.html.render:HtmlReporter"),
    Report("cucumber", "Write Cucumber Messages (NDJSON)", "orsgate.reporting.cucumber:CucumberReporter"),
    Report("csv", "Write a table for spreadsheets", "orsgate.reporting.csv_table:CsvReporter"),
    Report("github", "Write workflow commands that annotate on GitHub", "orsgate.reporting.github:GithubReporter"),
    Report("gitlab", "Write a code quality report for GitLab", "orsgate.reporting.gitlab:GitlabReporter"),
    Report("prometheus", "Write metrics for a textfile collector (*.prom)", "orsgate.reporting.prometheus:PrometheusReporter"),
)


def report_options(command: F) -> F:
    """The options for reports."""
    for report in reversed(REPORTS):
        command = click.option(
            f"--{report.name}", report.parameter, metavar="PATH", help=f"{report.told}; - is standard output."
        )(command)
    return command


def reporters(outputs: Outputs, previous: StoredRun | None = None) -> list[FileReporter]:
    """What writes the reports that were asked for; ``previous`` is an earlier run, for what changed since."""
    return [report.make(outputs, previous) for report in REPORTS if outputs.wants(report.name)]
