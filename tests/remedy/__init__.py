# SPDX-License-Identifier: Apache-2.0
"""Tests of planning and making a rehearsal."""
