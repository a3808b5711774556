# SPDX-License-Identifier: Apache-2.0
"""Probes measure what is live and only ever read; what they cannot learn becomes an ``Unknown`` with its cause."""
