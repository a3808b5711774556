# SPDX-License-Identifier: Apache-2.0
"""Deployments made of ORS twins that lie, each with the requirements that have to find it, and harmless ones."""
