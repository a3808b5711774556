# SPDX-License-Identifier: Apache-2.0
"""What collecting the part ``configuration`` needs: exports, or a live source with its account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from orsgate.collection.beginning import empty_snapshot
from orsgate.doctor.accounts import account
from orsgate.doctor.checks import Check, failed
from orsgate.doctor.files import directory_trouble, file_check
from orsgate.doctor.trouble import Trouble
from orsgate.doctor.web import web_checks
from orsgate.estate.crosschecks import LIVE_SOURCES
from orsgate.estate.decisions import needs_rollback_export
from orsgate.estate.estate import Estate
from orsgate.estate.export import Export
from orsgate.estate.file import LoadedEstate
from orsgate.estate.inventory import Application
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.mistakes import InputError
from orsgate.estate.secret import Redactor
from orsgate.sources.files import read_files
from orsgate.sources.manifests import MANIFEST, check_manifest
from orsgate.wire.deadline import Limits
from orsgate.wire.resolve import Resolver

_ROLLBACK = "rollback export, read"
MOST_CHANGES = 5
"""Changed rollback exports that are named."""
_MAKES_THEM = "; orsgate export makes them"


def read_estate(loaded: LoadedEstate) -> Estate:
    """The estate with the files that the estate file names, and nothing that a server would have to tell."""
    return Estate(replace(empty_snapshot(loaded), configuration=read_files(loaded, Redactor())))


def source_checks(loaded: LoadedEstate, resolver: Resolver, limits: Limits, *, can_ask: bool) -> Iterator[Check]:
    """What the source of the configuration needs: nothing for typed applications, files for mutagen, a server for the others.

    Args:
        loaded: the estate file.
        resolver: for the address of a live source.
        limits: of asking it.
        can_ask: whether there is a terminal on which a person could be asked.
    """
    section = loaded.file.configuration
    if section.source in LIVE_SOURCES:
        yield from web_checks(loaded, resolver, limits)
        user = f"account {section.username} of {section.source.upper()}"
        yield from account(loaded, "configuration", section, user, can_ask=can_ask)
    for number, name in enumerate(section.files or ()):
        yield file_check(loaded, "configuration", name, f"the {section.source} export", "configuration", "files", number)


def export_checks(loaded: LoadedEstate, estate: Estate) -> Iterator[Check]:
    """The exports of options, Annexes and rollback options.

    Args:
        loaded: the estate file.
        estate: as ``read_estate`` gives it.
    """
    yield from _exports(loaded, estate)
    yield from _rollback(loaded, estate)


def _exports(loaded: LoadedEstate, estate: Estate) -> Iterator[Check]:
    """The current options and the Annex of every application in scope, and the Annex of every cluster in scope.

    Of applications that come from elsewhere only current options are read from files, where the estate file names them.
    """
    typed = loaded.file.configuration.source == "files"
    for application in estate.in_scope:
        whose, named = f"the current export of {application.name}", application.origin.at("options")
        if typed or not _not_given(application.options):
            yield _export(application.options, whose, "current export, read", named)
        if typed and application.annex is not None:
            whose = f"the Annex of {application.name}"
            yield _export(application.annex, whose, "Annex of an application, read", application.origin.at("annex"))
    for cluster in estate.clusters if typed else ():
        if cluster.shared is not None:
            whose = f"the Annex of {cluster.transaction}"
            yield _export(cluster.shared, whose, "Annex of a cluster, read", cluster.origin.at("options"))


def _rollback(loaded: LoadedEstate, estate: Estate) -> Iterator[Check]:
    """The directory of rollback exports, and those that must be in it."""
    directory, named = loaded.file.estate.rollback, loaded.where("estate", "rollback")
    live = loaded.file.configuration.source != "files"
    how, whose = "rollback directory, listed", "the directory of the rollback exports"
    if directory is None:
        text, fix = (
            "no directory of rollback exports is given",
            f"name the directory of the exports of step 1 as rollback in {named}{_MAKES_THEM if live else ''}",
        )
        yield Check("other", "[estate] rollback", how, "missing", text, fix)
        return
    path = loaded.resolve(directory)
    if trouble := directory_trouble(path, whose, named):
        if live and trouble.failure is Failure.MISSING:
            trouble = replace(trouble, fix=f"orsgate export {loaded.path} makes it; or correct its name in {named}")
        yield failed("other" if trouble.failure is Failure.MISSING else "configuration", str(path), how, trouble)
        return
    if not live:
        yield Check("configuration", str(path), how, "ok", f"{whose} can be read")
    else:
        text = f"{whose} can be read; which exports it must hold is known only after the configuration was read"
        yield Check("configuration", str(path), how, "later", text)
    if (path / MANIFEST).exists():
        yield _manifest(path)
    for application in estate.in_scope:
        if _must_have_rollback(estate, application):
            yield _export(application.rollback, f"the rollback export of {application.name}", _ROLLBACK, named)


def _manifest(directory: Path) -> Check:
    """Whether the rollback exports are those that were written; collecting does not need that, and the way back does."""
    subject, how = str(directory / MANIFEST), "rollback manifest, compared"
    fix = "restore what was written from where it is kept besides; export again only while nothing has been changed"
    try:
        changes = check_manifest(directory)
    except InputError as error:
        return Check("other", subject, how, "missing", str(error), fix)
    if not changes:
        return Check("other", subject, how, "ok", f"{directory} holds what {MANIFEST} says")
    more = f"; and {len(changes) - MOST_CHANGES} more" if len(changes) > MOST_CHANGES else ""
    text = f"{directory} does not hold what {MANIFEST} says: {'; '.join(changes[:MOST_CHANGES])}{more}"
    return Check("other", subject, how, "missing", text, fix)


def _must_have_rollback(estate: Estate, application: Application) -> bool:
    return needs_rollback_export(estate, application) and application.rollback is not None


def _not_given(export: Export | Unknown | None) -> bool:
    return isinstance(export, Unknown) and export.failure is Failure.NOT_GIVEN


def _export(export: Export | Unknown | None, whose: str, how: str, named: str) -> Check:
    """What came of reading one export; whether each of its lines is understood is another question."""
    if isinstance(export, Export):
        return Check("configuration", export.place, how, "ok", f"{whose} can be read")
    if export is None or export.failure is Failure.NOT_GIVEN:
        trouble = Trouble(f"{whose} is not given", f"name it in {named}", Failure.NOT_GIVEN)
        return failed("configuration", whose, how, trouble)
    fix = f"put it there, or correct its name in {named}" if export.failure is Failure.MISSING else f"correct it, or {named}"
    return failed("configuration", export.where, how, Trouble(export.cause, fix, export.failure))
