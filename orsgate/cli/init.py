# SPDX-License-Identifier: Apache-2.0
"""The command ``init``: writes a commented estate file to start from."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("exports", metavar="[DIRECTORY_OF_EXPORTS]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--csv",
    "listing",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="List of applications; its columns are application, type, version, host, backup, redundancy, connections and tenants.",
)
@click.option(
    "--output",
    default="estate.toml",
    show_default=True,
    metavar="PATH",
    help="Where to write it; - is standard output.",
)
@click.option("--name", metavar="TEXT", help="Name of the estate.")
@click.option("--from-release", metavar="RELEASE", help="Release that runs now, such as 8.1.200.50.")
@click.option("--to-release", metavar="RELEASE", help="Release to install, such as 8.1.400.27.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def init(  # one argument for each option
    *,
    exports: Path | None,
    listing: Path | None,
    output: str,
    name: str | None,
    from_release: str | None,
    to_release: str | None,
    force: bool,
) -> None:
    """Write a commented estate file to start from.

    From a directory of option exports (APPLICATION.cfg or .conf), a CSV list, or both: one [[application]] for each.
    Without either: a template with every table explained.
    """
    from orsgate.estate.starting_point import with_exports
    from orsgate.estate.template import Heading, estate_text
    from orsgate.sources.inventory_csv import read_inventory
    from orsgate.sources.inventory_exports import exports_in, relative_to

    base = Path() if output == "-" else Path(output).parent
    listed = read_inventory(listing) if listing is not None else ()
    files = exports_in(exports) if exports is not None else {}
    named = {application: relative_to(file, base) for application, file in files.items()}
    applications = with_exports(listed, named, from_list=listing is not None)
    text = estate_text(Heading(name, from_release, to_release), applications)
    if output == "-":
        click.echo(text.encode(), nl=False)  # bytes: UTF-8 whatever the console has
        return
    _write(Path(output), text, force=force)
    servers = sum(application.is_ors for application in applications)
    found = f"Orchestration Servers: {servers}, others: {len(applications) - servers}" if applications else "a template"
    click.echo(f"{output}: {found}; go through the lines that say CHECK, then run: orsgate audit {output}")
    click.echo(f"Every step of the migration, in order: orsgate plan {output}")


def _write(path: Path, text: str, *, force: bool) -> None:
    from orsgate.estate.atomic import write_whole
    from orsgate.estate.mistakes import InputError

    if path.is_dir():
        raise InputError(f"{path}: is a directory; name a file with --output")
    if path.exists() and not force:
        raise InputError(f"{path}: exists already; name another file with --output, or replace it with --force")
    try:
        write_whole(path, text.encode())
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from None
