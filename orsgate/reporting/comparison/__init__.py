# SPDX-License-Identifier: Apache-2.0
"""A comparison of two states of a configuration, as text, JSON and HTML."""
