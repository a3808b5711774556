# SPDX-License-Identifier: Apache-2.0
"""What orsgate costs, measured as ratios on the machine at hand; no test rests on it."""
