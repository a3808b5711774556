# SPDX-License-Identifier: Apache-2.0
"""The command ``sandbox``: real servers and twins of proprietary ones, on this machine, to try things out."""

from __future__ import annotations

import importlib

import click

_COMMANDS = {
    "cassandra": "orsgate.sandbox.command",
    "estate": "orsgate.sandbox.site.command",
    "gax": "orsgate.sandbox.twins.command",
    "gws": "orsgate.sandbox.twins.command",
}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(importlib.import_module(_COMMANDS[cmd_name]), cmd_name)
        return command if isinstance(command, click.Command) else None


@click.group(cls=_Lazy)
def sandbox() -> None:
    """Start real servers on this machine to try things out, and twins that stand in for GAX, GWS and ORS."""
