# SPDX-License-Identifier: Apache-2.0
"""The whole program, as its user runs it."""
