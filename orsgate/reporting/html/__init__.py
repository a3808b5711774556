# SPDX-License-Identifier: Apache-2.0
"""The HTML report: one file without scripts or network, for the person who signs and for the auditor a year later."""

from orsgate.reporting.html.render import HtmlReporter

__all__ = ["HtmlReporter"]
