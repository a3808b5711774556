# SPDX-License-Identifier: Apache-2.0
"""The root of what can go wrong in the sandbox."""

from __future__ import annotations


class SandboxError(Exception):
    """The sandbox cannot do what it was asked to; the message is one that a person can act on."""


class UsageError(SandboxError, ValueError):
    """What was asked for makes no sense, whatever the state of this machine."""
