# SPDX-License-Identifier: Apache-2.0
"""The command ``keygen``: a pair of Ed25519 keys."""

from __future__ import annotations

from pathlib import Path

import click

from orsgate.cli.options import passphrase_option
from orsgate.cli.say import say
from orsgate.verdict.exit_codes import ExitCode

_PATH = click.Path(path_type=Path)


@click.command()
@click.option("--private", type=_PATH, metavar="FILE", required=True, help="Where the private key goes, for its owner only.")
@click.option("--public", type=_PATH, metavar="FILE", required=True, help="Where the public key goes.")
@passphrase_option
@click.option("--unprotected", is_flag=True, help="Write the private key without a passphrase.")
def keygen(private: Path, public: Path, passphrase_env: str | None, passphrase_file: Path | None, *, unprotected: bool) -> int:
    """Make a pair of keys to sign readiness records and bundles with.

    The private key signs: orsgate audit --record FILE --sign KEY, orsgate bundle RESULTS --sign KEY. Keep it where only the
    person who answers for the audit can use it. The public key goes to whoever runs step 10 or reads the bundle, by another way
    than what it signed. Nothing is ever replaced.
    """
    from orsgate.cli.prompt import new_passphrase
    from orsgate.estate.key_id import key_id
    from orsgate.evidence.keys import refuse_what_is_there, write_key_pair

    for option, value in (("--passphrase-env", passphrase_env), ("--passphrase-file", passphrase_file)):
        if unprotected and value is not None:
            raise click.UsageError(f"--unprotected writes the key without a passphrase: leave out it or {option}")
    refuse_what_is_there(private, public)
    passphrase = None if unprotected else new_passphrase(passphrase_env, passphrase_file, f"private key {private}")
    shown = write_key_pair(private, public, passphrase)
    protected = "in the open: whoever can read it can sign" if unprotected else "protected by the passphrase"
    say(f"{private}: the private key, {protected}")
    say(f"{public}: the public key; records and bundles name it by its id")
    say(f"  {key_id(shown)}")
    return ExitCode.GO
