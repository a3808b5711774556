# SPDX-License-Identifier: Apache-2.0
"""The HTML report: one file without network, complete without its script, for who signs and who audits."""

from orsgate.reporting.html.render import HtmlReporter

__all__ = ["HtmlReporter"]
