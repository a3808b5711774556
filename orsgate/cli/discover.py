# SPDX-License-Identifier: Apache-2.0
"""The command ``discover``: from a source of the configuration to an estate file and the current options as exports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from orsgate.cli.export import provenance_of, say_left_out
from orsgate.cli.options import http_option, timeout_option
from orsgate.cli.say import say
from orsgate.verdict.exit_codes import ExitCode

if TYPE_CHECKING:
    from orsgate.collection.revealed import Revealed
    from orsgate.discovery.access import SourceAccess
    from orsgate.discovery.cfg_files import Written
    from orsgate.estate.file import LoadedEstate
    from orsgate.estate.template import Heading

_ESTATE, _OPTIONS, _ANNEXES, _CLUSTERS = "estate.toml", "exports", "annex", "cluster"
"""What is written into the directory."""
_TAKEN_OVER = frozenset({"name", "from_release", "to_release", "rollback"})
"""Of ``[estate]``; the source is taken over too."""
_ROLLBACK = "rollback"
"""Where ``export`` puts the exports from before the change, beside the estate file."""


@click.command()
@click.argument("estate", metavar="[ESTATE]", required=False)
@click.option("--source", type=click.Choice(["gax", "gws", "mutagen"]), help="Where to read, without an estate file.")
@click.option("--url", metavar="URL", help="Address of GAX or GWS.")
@click.option("--username", metavar="NAME", help="Account of GAX or GWS; one that may only read is enough.")
@click.option("--password-env", metavar="VARIABLE", help="Environment variable that holds the password; else it is asked for.")
@click.option("--password-file", metavar="FILE", help="File whose first line is the password; only its owner may read it.")
@click.option("--ca-file", metavar="FILE", help="PEM file of the certificate authority to trust.")
@click.option("--server", metavar="HOST:PORT", help="The Configuration Server that must be the one that is read.")
@click.option("--file", "files", multiple=True, metavar="FILE", help="Export of mutagen; repeatable.")
@click.option("--name", metavar="TEXT", help="Name of the estate.")
@click.option("--from-release", metavar="RELEASE", help="Release that runs now.  [default: that of the applications]")
@click.option("--to-release", metavar="RELEASE", help="Release to install, such as 8.1.400.27.")
@click.option(
    "--directory",
    default="discovered",
    show_default=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where to write; it must be new or empty.",
)
@click.option(
    "--reader",
    type=click.Choice(["live", "files"]),
    default="live",
    show_default=True,
    help="What the estate file lets the gate read: the source again, or the exports that are written.",
)
@timeout_option
@http_option
@click.option("--verbose", is_flag=True, help="Show everything that was left out, and the details of an internal error.")
@click.option("--quiet", is_flag=True, help="Show nothing but errors.")
def discover(
    estate: str | None,
    directory: Path,
    reader: Literal["live", "files"],
    timeout: float | None,
    *,
    allow_http: bool,
    verbose: bool,
    quiet: bool,
    **given: Any,
) -> int:
    """Find the ORS applications and clusters of a configuration, and write an estate file with the current options as exports.

    The source is that of ESTATE, an estate file, or of the options. The exports hold real option values, passwords included,
    and are readable by their owner only. Nothing is written when the source reads another environment than --server, or the
    estate file, says. Ends with 3 when not everything could be read.
    """  # fmt: skip
    from orsgate.cli.option_names import option_names
    from orsgate.cli.progress import progress
    from orsgate.cli.prompt import ask
    from orsgate.collection.revealed import read_revealed
    from orsgate.discovery.environment import require_right_environment
    from orsgate.discovery.new_directory import refuse_what_is_there

    with option_names(given=estate is None):
        loaded, heading = _asked(estate, given)
    refuse_what_is_there(directory)
    with option_names(given=estate is None), progress(enabled=not quiet) as observer:
        revealed = read_revealed(loaded, ask, observer, timeout=timeout, allow_http=allow_http)
    unknown = (*require_right_environment(loaded, revealed.configuration), *_not_known(revealed))
    written = _write(loaded, heading, revealed, directory, reader)
    if not quiet:
        _say(heading, revealed, written, unknown, _not_taken_over(loaded) if estate else "", directory, reader, verbose=verbose)
    incomplete = unknown or any(each.not_written for each in written)
    found = any(application.is_ors for application in revealed.configuration.applications)
    return ExitCode.GO if found and not incomplete else ExitCode.INCONCLUSIVE


def _asked(estate: str | None, given: dict[str, Any]) -> tuple[LoadedEstate, Heading]:
    """The source that a person asked for, as an estate file would name it, and what the new estate file is to say first."""
    from orsgate.estate.file import load_estate_file, loaded_from
    from orsgate.estate.mistakes import EstateFileError, InputError
    from orsgate.estate.template import PLACEHOLDER_FROM, PLACEHOLDER_TO, Heading
    from orsgate.estate.toml_text import toml_string, toml_strings

    heading = Heading(given.pop("name"), given.pop("from_release"), given.pop("to_release"))
    section = {key: value for key, value in given.items() if value}
    if estate is not None:
        if section:
            raise click.UsageError("give an estate file or the options of a source, not both")
        loaded = load_estate_file(estate)
        said = loaded.file.estate
        return loaded, Heading(
            heading.name or said.name, heading.from_release or said.from_release, heading.to_release or said.to_release
        )
    if "source" not in section:
        raise click.UsageError("say where to read: an estate file, or --source with --url or --file")
    lines = ["[estate]", 'name = "discovered"', f'from_release = "{PLACEHOLDER_FROM}"', f'to_release = "{PLACEHOLDER_TO}"']
    lines.append("[configuration]")
    for key, value in section.items():
        lines.append(f"{key} = {toml_strings(value) if isinstance(value, tuple) else toml_string(value)}")
    try:
        return loaded_from(Path("options"), "\n".join(lines).encode()), heading
    except EstateFileError as error:
        raise InputError("\n".join(dict.fromkeys(mistake.message for mistake in error.mistakes))) from None


def _write(
    loaded: LoadedEstate, heading: Heading, revealed: Revealed, directory: Path, reader: Literal["live", "files"]
) -> tuple[Written, ...]:
    """Write exports and estate file; the estate file comes last, so that it names only what is there."""
    from orsgate.discovery.cfg_files import write_exports
    from orsgate.discovery.estate_text import discovered_estate
    from orsgate.discovery.exported import (
        ExportedFiles,
        annexes_to_write,
        cluster_annexes_to_write,
        named,
        options_to_write,
    )
    from orsgate.estate.atomic import write_whole

    read, provenance = revealed.configuration, provenance_of(loaded, revealed)
    chosen = {_OPTIONS: options_to_write(read), _ANNEXES: annexes_to_write(read), _CLUSTERS: cluster_annexes_to_write(read)}
    written = {
        name: write_exports(directory / name, objects, provenance, "current") for name, objects in chosen.items() if objects
    }
    paths = {name: named(written[name], name) if name in written else {} for name in chosen}
    rollback = _ROLLBACK if reader == "live" else None
    files = ExportedFiles(paths[_OPTIONS], paths[_ANNEXES], paths[_CLUSTERS], rollback, revealed.read)
    text = discovered_estate(read, heading, _access(loaded, revealed, directory), files, reader)
    write_whole(directory / _ESTATE, text.encode())
    return tuple(written.values())


def _access(loaded: LoadedEstate, revealed: Revealed, directory: Path) -> SourceAccess:
    """How the source is read again from the new estate file, to which its paths are relative."""
    from orsgate.discovery.access import SourceAccess
    from orsgate.sources.inventory_exports import relative_to

    def there(name: str | None) -> str | None:
        return None if name is None else relative_to(loaded.resolve(name), directory)

    section = loaded.file.configuration
    assert section.source != "files"  # noqa: S101 - for mypy; read_revealed refused it
    return SourceAccess(
        source=section.source,
        url=section.url,
        username=section.username,
        password_env=section.password_env,
        password_file=there(section.password_file),
        ca_file=there(section.ca_file),
        server=section.server,
        files=tuple(relative_to(loaded.resolve(name), directory) for name in section.files or ()),
        stand_in=revealed.stand_in,
    )


def _not_known(revealed: Revealed) -> tuple[str, ...]:
    """What keeps the inventory from being complete: what could not be understood, and what the account was not shown."""
    from orsgate.discovery.view import estate_of
    from orsgate.estate.template import PLACEHOLDER_FROM, PLACEHOLDER_TO
    from orsgate.rules.inventory import inventory_is_complete

    return inventory_is_complete(estate_of(revealed.configuration, PLACEHOLDER_FROM, PLACEHOLDER_TO)).causes


def _not_taken_over(loaded: LoadedEstate) -> str:
    """What the estate file that was read says, and the new one does not."""
    file = loaded.file
    said = [f"[estate] {key}" for key in sorted(file.estate.model_fields_set) if key not in _TAKEN_OVER]
    return ", ".join([*said, *(f"[{key}]" for key in sorted(file.model_fields_set - {"estate", "configuration"}))])


def _say(
    heading: Heading,
    revealed: Revealed,
    written: tuple[Written, ...],
    unknown: tuple[str, ...],
    left: str,
    directory: Path,
    reader: Literal["live", "files"],
    *,
    verbose: bool,
) -> None:
    """Show what was found, what was not, and what to do next."""
    from rich.console import Console

    from orsgate.discovery.table import rows, table
    from orsgate.estate.wording import several

    read = revealed.configuration
    if revealed.stand_in:
        say(f"read from a stand-in: {revealed.stand_in}")
    at = f" {read.address}" if read.address else ""
    say(f"{read.source.upper()}{at}, read with the account {read.account}")
    Console(highlight=False).print(table(rows(read, heading.to_release)))
    for remark in read.remarks:
        say(f"note: {remark}")
    for cause in unknown:
        say(f"not known: {cause}")
    for each in written:
        say_left_out(each, verbose=verbose)
    files = ", ".join(f"{each.directory.name}/ ({several(len(each.files), 'file')})" for each in written)
    what = f"{_ESTATE}, {files}: real option values, readable by their owner only" if files else _ESTATE
    say(f"{directory}: {what}")
    estate = directory / _ESTATE
    if left:
        say(f"note: not taken over from the estate file: {left}")
    say(f"Go through the lines of {estate} that say CHECK.")
    if reader == "live":
        say(f"Take the rollback exports of step 1 before anything changes: orsgate export {estate}")
    say(f"Then run: orsgate audit {estate}")
    say(f"Every step of the migration, in order: orsgate plan {estate}")
