# SPDX-License-Identifier: Apache-2.0
"""The limits of a rehearsal that its command names in its help."""

from __future__ import annotations

MOST_NODES = 6
"""How many nodes a twin has at most, unless more are asked for."""
