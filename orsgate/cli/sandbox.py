# SPDX-License-Identifier: Apache-2.0
"""The command ``sandbox``: real servers on this machine to try things out."""

from __future__ import annotations

import click


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return ["cassandra"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name != "cassandra":
            return None
        from orsgate.sandbox.command import cassandra

        return cassandra


@click.group(cls=_Lazy)
def sandbox() -> None:
    """Start real servers on this machine to try things out."""
