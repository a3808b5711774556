# SPDX-License-Identifier: Apache-2.0
"""Trying a deployment (step 10): who answers, sessions from their start to their end, and what happens when a Primary stops."""
