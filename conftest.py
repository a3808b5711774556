# SPDX-License-Identifier: Apache-2.0
"""Names the plugins of the harness, and nothing else."""

pytest_plugins = (
    "orsgate.plugin",
    "steps.cassandra",
    "steps.changes",
    "steps.cluster",
    "steps.conditions",
    "steps.deployment",
    "steps.exports",
    "steps.installation",
    "steps.inventory",
    "steps.keyspace",
    "steps.migration",
    "steps.multimedia",
    "steps.options",
    "steps.persistence",
    "steps.redundancy",
    "steps.rehearsal",
)
