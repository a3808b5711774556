# SPDX-License-Identifier: Apache-2.0
"""Collecting: reads an estate once, through sources and probes, into a snapshot."""
