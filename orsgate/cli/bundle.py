# SPDX-License-Identifier: Apache-2.0
"""The command ``bundle``: what a run leaves as one signed file, and whether such a file is still that."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orsgate.cli.options import passphrase_option
from orsgate.cli.say import say
from orsgate.verdict.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orsgate.evidence.bundle.verifying import Intact

_PATH = click.Path(path_type=Path)
_MAKE = "make"
MOST_SHOWN = 100
"""Findings that are said; somebody may have made an archive of ten thousand."""
MEANS = (
    "Intact means: since the holder of this key signed it, not one byte was changed, added, removed or moved, and its files are "
    "of one run."
)
MEANS_NOT = (
    "It does not mean that the verdict is GO or was right, that what was typed or attested is true, that the estate is still as "
    "it was read, or that the times are right, which are those of the hosts that ran orsgate. Whose key it is must be known from "
    "elsewhere."
)


class _MakingByDefault(click.Group):
    """Takes what names no command for the arguments of ``make``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments of the command that is meant."""
        if args and args[0] not in {*self.commands, *ctx.help_option_names}:
            args = [_MAKE, *args]
        return super().parse_args(ctx, args)


@click.group(cls=_MakingByDefault)
def bundle() -> None:
    """Pack and sign what a run leaves, or verify such a bundle.

    orsgate bundle RESULTS.json --output FILE --sign KEY packs, orsgate bundle verify FILE --key PUBLIC_KEY verifies.
    """


@bundle.command(_MAKE)
@click.argument("results", type=_PATH, metavar="RESULTS.json")
@click.option("--output", type=_PATH, metavar="FILE", required=True, help="Where the bundle goes.")
@click.option("--sign", type=_PATH, metavar="KEY", required=True, help="Sign it with this private key of orsgate keygen.")
@passphrase_option
@click.option("--snapshot", type=_PATH, metavar="PATH", help="What --snapshot wrote in the same run.")
@click.option("--report", type=_PATH, metavar="PATH", help="What --html wrote in the same run.")
@click.option("--waivers", type=_PATH, multiple=True, metavar="FILE", help="The waivers that the run was given; repeatable.")
@click.option("--attestations", type=_PATH, metavar="DIR", help="Where the attestations lie, with their evidence.")
@click.option("--features", type=_PATH, metavar="DIR", help="A team's own requirements, where the run was given any.")
@click.option("--record", type=_PATH, metavar="FILE", help="The readiness record that verify was given.")
@click.option("--force", is_flag=True, help="Replace another bundle, or whatever else FILE is.")
def make(
    results: Path,
    output: Path,
    sign: Path,
    passphrase_env: str | None,
    passphrase_file: Path | None,
    snapshot: Path | None,
    report: Path | None,
    waivers: tuple[Path, ...],
    attestations: Path | None,
    features: Path | None,
    record: Path | None,
    *,
    force: bool,
) -> int:
    """Pack what a run leaves, and sign it.

    RESULTS.json is what --json wrote. The catalogue and the feature files of this package are packed too. Files that are not of
    the same run are refused, and so are results that say better of a snapshot than judging it anew gives. The same files and key
    give the same bundle, byte for byte. Another file at FILE is not replaced.
    """
    from hashlib import sha256

    from orsgate.cli.outputs import STDOUT, Outputs
    from orsgate.cli.prompt import passphrase_of
    from orsgate.cli.rejudging import require_not_better
    from orsgate.estate.snapshot import load
    from orsgate.estate.wording import several
    from orsgate.evidence.bundle.contents import Given, read_contents
    from orsgate.evidence.bundle.making import bundled, put
    from orsgate.evidence.bundle.names import RECORD, RESULTS, SNAPSHOT
    from orsgate.evidence.bundle.told import told
    from orsgate.evidence.keys import load_signing_key
    from orsgate.reporting.results_json import run_id

    if str(output) == STDOUT:
        raise click.UsageError("--output needs a file: what a stream does to a bundle on its way could change it")
    given = Given(results, snapshot, report, waivers, attestations, features, record)
    Outputs({"output": str(output)}).keep_off(
        (*([passphrase_file] if passphrase_file else []), sign, *(path for _, path in given.paths()))
    )
    files = read_contents(given)
    key = load_signing_key(sign, passphrase_of(passphrase_env, passphrase_file))
    data = bundled(files, key)
    said = told(files[RESULTS], str(results))
    if SNAPSHOT in files:
        require_not_better(said, load(files[SNAPSHOT], str(snapshot)), features, results)
    put(output, data, replace=force)
    run = run_id(sha256(files[RESULTS]).hexdigest())
    say(f"{output}: {several(len(files), 'file')} of the run {run}, signed by the key")
    say(f"  {key.key_id}")
    if (read := said.record) is not None and RECORD not in files:
        say(f"without the readiness record {read.file}, of which it holds the SHA-256; --record packs it")
    return ExitCode.GO


@bundle.command()
@click.argument("file", type=_PATH, metavar="FILE")
@click.option("--key", type=_PATH, metavar="PUBLIC_KEY", required=True, help="The public key of who must have signed it.")
@click.option("--extract", type=_PATH, metavar="DIR", help="Where its files go, if it is intact; a new directory.")
def verify(file: Path, key: Path, extract: Path | None) -> int:
    """Tell whether a bundle is what was signed, and if not, what was changed.

    FILE is the bundle. Nothing is asked on the network and nothing is written, but for --extract. Ends with 0 where it is intact
    and signed by PUBLIC_KEY, whatever the verdict in it, and with 5 where it is not.
    """
    from orsgate.discovery.new_directory import new_directory, refuse_what_is_there
    from orsgate.estate.wording import several
    from orsgate.evidence.bundle.contents import read_bundle
    from orsgate.evidence.bundle.names import ENVELOPE
    from orsgate.evidence.bundle.verifying import NotIntact, verified
    from orsgate.evidence.keys import load_public_key

    public = load_public_key(key)
    if extract is not None:
        refuse_what_is_there(extract)
    found = verified(read_bundle(file), public)
    if isinstance(found, NotIntact):
        say(f"NOT INTACT: {file} must not be relied on ({several(len(found.findings), 'finding')})")
        for finding in found.findings[:MOST_SHOWN]:
            say(f"  {finding}")
        if (more := len(found.findings) - MOST_SHOWN) > 0:
            say(f"  and {more:,} more")
        return ExitCode.NOT_INTACT
    say(f"INTACT: {file} is what was signed by {key}")
    for line in _told(found):
        say(line)
    if extract is not None:
        with new_directory(extract) as directory:
            for name, data in ((ENVELOPE, found.envelope), *found.files.items()):
                directory.write_below(name, data)
        say(f"{extract}: its files")
    say(MEANS)
    say(MEANS_NOT)
    return ExitCode.GO


def _told(found: Intact) -> Iterator[str]:
    from orsgate.evidence.bundle.names import RECORD

    run = found.told
    yield f"  verdict   {run.verdict_sentence}"
    yield from (f"            {notice}" for notice in run.notices)
    yield f"  estate    {run.estate.name}, {run.estate.from_release} to {run.estate.to_release}, {run.phase}"
    yield f"  run       {found.run}, judged {run.finished}, facts of {run.collected}, orsgate {run.tool.version}"
    yield f"  signed by {found.keyid}"
    yield f"  files     {len(found.subjects)}, each with its SHA-256"
    yield from (f"    {digest}  {name}" for name, digest in found.subjects.items())
    if run.record is not None and RECORD not in found.files:
        yield "  not in it  the readiness record that the run read"
        yield f"    {run.record.sha256}  {run.record.file}"
