# SPDX-License-Identifier: Apache-2.0
"""Every requirement must be able to fail: the healthy sample estate, broken in many ways, and varied harmlessly."""
