# SPDX-License-Identifier: Apache-2.0
"""Tests that look for rare faults for as long as they are given."""
