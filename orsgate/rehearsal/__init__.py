# SPDX-License-Identifier: Apache-2.0
"""Rehearsing: a twin of the ring on this machine, and what it does with what the application options ask for."""
