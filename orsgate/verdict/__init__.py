# SPDX-License-Identifier: Apache-2.0
"""From judgements to results, from results to a verdict and an exit code, as a stream of events."""
