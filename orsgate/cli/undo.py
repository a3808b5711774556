# SPDX-License-Identifier: Apache-2.0
"""The command ``undo``: what ``fix`` changed is taken back, in its files or in GAX and GWS."""

from __future__ import annotations

from pathlib import Path

import click

from orsgate.cli.applying import JOURNAL, require_acceptance, require_confirmation, said, writing
from orsgate.cli.options import http_option
from orsgate.cli.say import say
from orsgate.estate.wording import several
from orsgate.verdict.exit_codes import ExitCode

_CHANGES = "changes.json"


@click.command()
@click.argument("path", metavar="PATH", type=click.Path(path_type=Path))
@click.argument("estate", metavar="[ESTATE]", required=False)
@click.option(
    "--directory",
    type=click.Path(path_type=Path),
    metavar="OUT",
    help="Where to write the original files; it must be new or empty. With a directory that fix wrote.",
)
@click.option("--accept-undocumented-api", is_flag=True, help="Write through GAX or GWS, though Genesys does not document how.")
@click.option("--confirm", metavar="NAME", help="The name of the estate, where there is no terminal to type it on.")
@http_option
@click.option("--verbose", is_flag=True, help="Show the details of an internal error.")
@click.option("--quiet", is_flag=True, help="Show nothing but errors, and what was not taken back.")
def undo(
    path: Path,
    estate: str | None,
    directory: Path | None,
    confirm: str | None,
    *,
    accept_undocumented_api: bool,
    allow_http: bool,
    verbose: bool,
    quiet: bool,
) -> int:
    """Take back what fix changed.

    PATH is the journal of fix --apply, or a directory that fix wrote. With a journal, ESTATE is the estate file that fix was
    given, and each option that the journal says was changed is put back in GAX or GWS, last first; what others changed since is
    left as it is and named. It may be run again after whatever happened. With a directory, the original option files are
    written to OUT. Ends with 1 when something could not be taken back, and with 3 when that is not known.
    """
    from orsgate.estate.mistakes import InputError

    del verbose
    if not path.exists():
        raise InputError(
            f"{path}: the journal cannot be read: it is not there; name the journal of fix --apply, or what fix wrote"
        )
    if path.is_dir():
        return _files(path, directory, estate, quiet=quiet)
    return _journal(path, estate, directory, confirm, accepted=accept_undocumented_api, allow_http=allow_http, quiet=quiet)


def _files(path: Path, directory: Path | None, estate: str | None, *, quiet: bool) -> int:
    from orsgate.estate.mistakes import InputError
    from orsgate.remedy.undo_files import undo_files

    if not (path / _CHANGES).is_file():
        raise InputError(f"{path}: there is no {_CHANGES} in it, so it is no directory that orsgate fix wrote")
    if directory is None or estate is not None:
        journal = path / JOURNAL
        hint = f"; to take back what was applied, name the journal: orsgate undo {journal} ESTATE" if journal.exists() else ""
        raise InputError(f"{path}: name with --directory where to write the original files, and no estate file{hint}")
    undo_files(path, directory)
    if not quiet:
        say(f"{directory}: the original files, readable by their owner only")
    return ExitCode.GO


def _journal(
    path: Path, estate: str | None, directory: Path | None, confirm: str | None, *, accepted: bool, allow_http: bool, quiet: bool
) -> int:
    from orsgate.collection.writing import require_writable_source
    from orsgate.estate.file import load_estate_file
    from orsgate.estate.journal import Journal, read_journal
    from orsgate.estate.mistakes import InputError
    from orsgate.remedy.undo import undo as take_back

    if directory is not None:
        raise InputError("--directory is for a directory that orsgate fix wrote, and not for a journal")
    entries = list(read_journal(path))  # a name that is mistyped must make no journal
    if estate is None:
        raise InputError(f"{path}: name the estate file too, which says how the system is reached: orsgate undo {path} ESTATE")
    loaded = load_estate_file(estate)
    require_writable_source(loaded)
    require_acceptance(loaded, "taken back", accepted=accepted)
    if not quiet:
        announced = [entry.facts for entry in entries if entry.step == "write" and not entry.of]
        objects = {(facts.get("kind"), facts.get("object")) for facts in announced}
        say(f"{path}: a journal of {several(len(objects), 'object')}")
    require_confirmation(loaded, confirm)
    with writing(loaded, None, allow_http=allow_http, quiet=quiet) as (writer, observer, stop), Journal(path) as journal:
        found = take_back(journal, writer, observer, estate=loaded.file.estate.name, stop=stop)
    return said(found, path, "taken back", quiet=quiet)
