# SPDX-License-Identifier: Apache-2.0
"""Trying a deployment (step 10): what it answers, logs and does, as the facts of the part ``http``."""
