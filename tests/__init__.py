# SPDX-License-Identifier: Apache-2.0
"""Tests of orsgate; they mirror the package, plus acceptance/ and faults/."""
