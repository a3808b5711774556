# SPDX-License-Identifier: Apache-2.0
"""Asking over HTTP: one absolute deadline an answer, bounded in size, no proxy, and no redirect followed unasked."""
