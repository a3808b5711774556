# SPDX-License-Identifier: Apache-2.0
"""The HTML report: one file without network, complete without its script, for the person who signs and for the auditor a year later."""

from orsgate.reporting.html.changes import Change, Changes
from orsgate.reporting.html.render import HtmlReporter

__all__ = ["Change", "Changes", "HtmlReporter"]
