# SPDX-License-Identifier: Apache-2.0
"""Names the plugins of the harness, and nothing else."""

pytest_plugins = (
    "orsgate.plugin",
    "steps.options",
)
