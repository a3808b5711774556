# SPDX-License-Identifier: Apache-2.0
"""The command ``fix``: what steps 2 to 8 ask for, as migrated files and a change list."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orsgate.cli.options import http_option, timeout_option
from orsgate.cli.say import say
from orsgate.verdict.exit_codes import ExitCode

if TYPE_CHECKING:
    from orsgate.remedy.answers import Answers, Question
    from orsgate.remedy.changes import ChangeList
    from orsgate.remedy.fixing import Fix
    from orsgate.remedy.reading import RealEstate


@click.command()
@click.argument("estate", metavar="ESTATE")
@click.option(
    "--directory",
    type=click.Path(path_type=Path),
    metavar="DIR",
    required=True,
    help="Where to write; it must be new or empty, or with --apply what fix wrote before.",
)
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="OBJECT:SECTION/OPTION=VALUE",
    help="A value that only a person can know; repeatable. OBJECT may hold * and ?.",
)
@click.option(
    "--answers",
    "answers_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help='The same in TOML: [OBJECT], and in it "SECTION/OPTION" = "VALUE".',
)
@click.option("--apply", "applying", is_flag=True, help="Write the option changes through GAX or GWS, one object at a time.")
@click.option("--accept-undocumented-api", is_flag=True, help="With --apply: though Genesys does not document how.")
@click.option("--confirm", metavar="NAME", help="With --apply: the name of the estate, where there is no terminal to type it on.")
@timeout_option
@http_option
@click.option("--offline", is_flag=True, help="Do not ask the Cassandra ring, which then determines no value.")
@click.option("--verbose", is_flag=True, help="Show the details of an internal error.")
@click.option("--quiet", is_flag=True, help="Show nothing but errors.")
def fix(
    estate: str,
    directory: Path,
    given: tuple[str, ...],
    answers_path: Path | None,
    confirm: str | None,
    timeout: float | None,
    *,
    applying: bool,
    accept_undocumented_api: bool,
    allow_http: bool,
    offline: bool,
    verbose: bool,
    quiet: bool,
) -> int:
    """Write what steps 2 to 8 ask for: migrated option files and a change list; the configuration itself stays as it is.

    ESTATE is the estate file. DIR gets a .cfg file for each application, the original with as few lines changed as can be, one
    for the Annex of each cluster below clusters, changes.txt in words of Configuration Manager, and changes.json, with which
    orsgate undo gives the originals back. They hold real option values, passwords included, and only their owner can read
    them. What only a person can know is asked for on a terminal, where it was not given. Ends with 3 when a value is still
    needed, when an object was not touched since it is not fully understood, or when configuration or ring could not be read as
    a whole.

    With --apply the options are changed in GAX or GWS as DIR says, if the estate's name is typed to confirm it: each object is
    read, refused if it changed since, written, and read back. orsgate undo takes back exactly what was done.
    """
    from orsgate.cli.applying import apply_changes, require_acceptance
    from orsgate.cli.features import requirements
    from orsgate.cli.progress import progress
    from orsgate.cli.prompt import asking_once
    from orsgate.collection.writing import require_writable_source
    from orsgate.discovery.new_directory import refuse_what_is_there
    from orsgate.estate.file import load_estate_file
    from orsgate.evidence.before import Terms
    from orsgate.remedy.answers import Answers, parsed, read_answers
    from orsgate.remedy.changes_file import has_changes_file, read_changes
    from orsgate.remedy.fixing import fixed, write_fix
    from orsgate.remedy.reading import read_real

    del verbose
    loaded = load_estate_file(estate)
    ask = asking_once()

    def applied(changes: ChangeList) -> int:
        return apply_changes(
            loaded, changes, directory, accept_undocumented_api=accept_undocumented_api, confirm=confirm, ask=ask,
            allow_http=allow_http, quiet=quiet,
        )  # fmt: skip

    if applying:
        require_writable_source(loaded)
        require_acceptance(loaded, "applied", accepted=accept_undocumented_api)
        if has_changes_file(directory):
            if given or answers_path is not None:
                raise click.UsageError(
                    f"{directory} holds a change list already, and what it says is applied; leave out the values"
                )
            return applied(read_changes(directory, loaded.file.estate.name))
    refuse_what_is_there(directory)
    from_file = read_answers(answers_path) if answers_path is not None else ()
    answers = Answers((*from_file, *map(parsed, given)))
    with progress(enabled=not quiet) as observer:
        real = read_real(loaded, Terms(ask, observer, timeout, allow_http=allow_http, offline=offline))
    if sys.stdin.isatty() and not quiet:
        answers = _asked(real, answers)
    found = fixed(loaded, real, answers, {told.requirement.id: told.description.fix for told in requirements()})
    write_fix(directory, loaded, found)
    whole = found.is_whole and (offline or not real.unknown)
    if not quiet:
        _say(directory, found, real)
        if real.unknown and not offline:
            say("What is not known may ask for more changes: make it readable, then run it again into another directory")
        elif whole and found.changes.changes and not applying:
            command = shlex.join(["orsgate", "audit", estate, "--plan", str(directory)])
            say(f"Nothing is changed yet. Judge it as a plan: {command}")
    code = ExitCode.GO if whole else ExitCode.INCONCLUSIVE
    return (applied(found.changes) or code) if applying else code


def _asked(real: RealEstate, answers: Answers) -> Answers:
    """The answers with those that a person gives on the terminal; an answer may lead to another question."""
    from orsgate.remedy.planning import plan

    passed: set[str] = set()
    while questions := [question for question in plan(real.estate, answers).open if question.key not in passed]:
        for question in questions:
            passed.add(question.key)
            value = _ask_for(question)
            if value is not None:
                answers = answers.with_answer(question, value)
    return answers


def _ask_for(question: Question) -> str | None:
    """What a person answers; None where nothing was typed."""
    ids = ", ".join(question.requirements)
    usual = f"; {question.suggestion} is usual here" if question.suggestion is not None else ""
    say(f"{question.text}{usual} [{ids}]", err=True)
    while True:
        typed: str = click.prompt(f"{question.key} (empty: leave it open)", default="", show_default=False, err=True)
        value = typed.strip()
        if not value:
            return None
        why = question.why_not(value)
        if not why:
            return value
        say(f"That will not do: {why}", err=True)


def _say(directory: Path, found: Fix, real: RealEstate) -> None:
    from orsgate.remedy.change_text import needs_of

    for line in found.lines():
        say(line)
    for cause in real.unknown:
        say(f"not known: {cause}")
    for answer in found.unused:
        say(f"not needed{', as far as is known' * bool(real.unknown)}: {answer.where}")
    number = len(found.migrated.files)
    say(f"{directory}: {number} migrated file{'s' * (number != 1)}, changes.txt and changes.json, readable by their owner only")
    say("They hold real option values, passwords included.")
    if needs := needs_of(found.changes):
        wanted = f"{len(needs)} value{'s' * (len(needs) != 1)} needed: give each with --set or --answers"
        say(f"{wanted}, and run it again with another --directory, or after {directory} was deleted; nothing is replaced")
