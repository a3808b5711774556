# SPDX-License-Identifier: Apache-2.0
"""The console report: ten steps, what failed and what to do, what is not known, and the verdict last."""

from orsgate.reporting.console.reporter import ConsoleReporter

__all__ = ["ConsoleReporter"]
