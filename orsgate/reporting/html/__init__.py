# SPDX-License-Identifier: Apache-2.0
"""The HTML report: one file without network, complete without its script, for who signs and who audits.

``render.HtmlReporter`` writes it. Nothing is imported here, since the words of ``marks`` are the console's too.
"""
