# SPDX-License-Identifier: Apache-2.0
"""What changed between runs: two results.json files compared, and all those of a directory as a history."""
