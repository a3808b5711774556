# SPDX-License-Identifier: Apache-2.0
"""The runbook of a migration: who runs which command when, and with which access."""
