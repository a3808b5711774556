# SPDX-License-Identifier: Apache-2.0
"""The run as Cucumber Messages, so that every formatter of the Cucumber family shows it."""

from orsgate.reporting.cucumber.messages import CucumberReporter

__all__ = ["CucumberReporter"]
