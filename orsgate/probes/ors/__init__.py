# SPDX-License-Identifier: Apache-2.0
"""Asking a running ORS over its HTTP interface."""
