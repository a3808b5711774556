# SPDX-License-Identifier: Apache-2.0
"""Step 1: the exports of options, current ones and the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from orsgate.estate.decisions import is_new, needs_rollback_export
from orsgate.estate.estate import Estate
from orsgate.estate.export import BLANKS, Export, Option
from orsgate.estate.inventory import Application
from orsgate.estate.judgement import Findings, Judgement, not_applicable
from orsgate.estate.knowledge import Basis, Failure, Unknown
from orsgate.estate.options import certainty
from orsgate.estate.wording import listed
from orsgate.rules.subjects import every_application

Read = Export | Unknown | None
NOT_GIVEN = Failure.NOT_GIVEN
NOTHING_THERE = frozenset({Failure.MISSING, NOT_GIVEN})
"""Failures that mean that there is no file, not that one could not be read."""


def rollback_exports_are_there(estate: Estate) -> Judgement:
    """Every Primary has a rollback export that can be read and holds an option; so has every Backup that is not new."""
    findings = Findings()
    for application in every_application(estate):
        if is_new(estate, application):
            if application.primary is False:
                findings.evidence(application.name, _why_new(estate, application), application.origin.at("new"))
                findings.rests_on(Basis.DECLARED, estate.basis)
                continue
            if isinstance(application.primary, Unknown) and _trouble(application.rollback):
                findings.gap(application.name, application.primary)
                continue
        _judge_rollback(findings, estate, application)
    return findings.judgement()


def _why_new(estate: Estate, application: Application) -> str:
    if application.new:
        return "a new Backup; it has no state before the migration to go back to"
    return f"a Backup, and ORS {estate.origin.family_text} had none: it has no state before the migration to go back to"


def _trouble(rollback: Read) -> tuple[str, str] | None:
    """What is wrong with a rollback export, and where; None for one that is readable, parses and holds an option."""
    if not isinstance(rollback, Export):
        return (rollback.cause, rollback.where) if rollback else ("it has no rollback export", "")
    if problem := rollback.incomplete:
        found = f"its rollback export has a line that is not understood ({problem.text}: {problem.kind})"
        return found, rollback.where(problem.line)
    return None if rollback.has_options else ("its rollback export holds no option", rollback.place)


def _judge_rollback(findings: Findings, estate: Estate, application: Application) -> None:
    rollback = application.rollback
    if trouble := _trouble(rollback):
        found, where = trouble
        if rollback is None and (directory := estate.configuration.rollback_directory):
            found = f"{found}; looked for {application.name}.cfg and {application.name}.conf in {directory}"
        expected = "a rollback export that can be read whole and holds at least one option"
        findings.violation(application.name, found, expected, where or application.origin.at())
    elif isinstance(rollback, Export):
        findings.evidence(application.name, f"rollback export: {_size(rollback)}", rollback.place)


def _size(export: Export) -> str:
    count = sum(1 for _ in export.enabled_options())
    saved = f", file time {export.modified}" if export.modified else ""
    return f"{count} option{'' if count == 1 else 's'}{saved}"


def exports_read_back_whole(estate: Estate) -> Judgement:
    """The rollback export and the current export of every application can be read back whole, line by line."""
    findings = Findings()
    for application in every_application(estate):
        for kind, export in _files(estate, application):
            if isinstance(export, Unknown):
                findings.gap(application.name, export)
                continue
            for problem in export.problems:
                found = f"{kind}: {problem.text or 'a line'}: {problem.kind}"
                expected = "only sections, options, comments and blank lines, each option once"
                findings.violation(application.name, found, expected, export.where(problem.line))
            if not export.read_back:
                found = f"{kind}: written and read again, its sections and options are others"
                findings.violation(application.name, found, "the same sections and options", export.place)
            findings.evidence(application.name, f"{kind}: {_size(export)}, encoding {export.encoding}", export.place)
    if not findings.judgement().subjects:
        missing = Unknown("there is no export to read back", estate.configuration.rollback_directory or "", Failure.MISSING)
        findings.gap("exports", missing)
    return findings.judgement()


def _files(estate: Estate, application: Application) -> Iterator[tuple[str, Export | Unknown]]:
    """The export files of an application; a rollback export that is not there is left out, as ORS-0101 names it."""
    rollback = _rollback(estate, application)
    if rollback is not None:
        yield "rollback export", rollback
    if not estate.configuration.by_account:
        missing = Unknown(f"the current export of {application.name} is not given", application.origin.at(), NOT_GIVEN)
        yield "current export", application.options or missing
    elif application.exported is not None:
        yield "export", application.exported


def _rollback(estate: Estate, application: Application) -> Read:
    """The rollback export of an application; None where it is known that there is none, or that there need not be one."""
    rollback = application.rollback
    owed = needs_rollback_export(estate, application)
    if isinstance(rollback, Unknown) and (rollback.failure is Failure.MISSING or not (owed or _is_file(rollback))):
        return None
    return rollback


def _is_file(export: Read) -> bool:
    """Whether there is a file, be it unreadable."""
    return isinstance(export, Export) or (export is not None and export.failure not in NOTHING_THERE)


def rollback_is_the_state_before(estate: Estate) -> Judgement:
    """Where steps 2-8 have changed the options of one application, no rollback export is what is current now."""
    findings = Findings()
    alike: list[tuple[Application, Export]] = []
    changed: list[str] = []
    for application in every_application(estate):
        before, now = _rollback(estate, application), application.options
        if before is None:
            continue
        if unknown := estate.rollback_certainty(application) or estate.certainty(application):
            findings.gap(application.name, unknown)
        elif isinstance(before, Export) and isinstance(now, Export):
            count = _differences(before, now)
            text = f"the rollback export differs from the current options in {count} of them" if count else "unchanged"
            findings.evidence(application.name, text, before.place)
            if count:
                changed.append(application.name)
            else:
                alike.append((application, before))
    for application, before in alike if changed else ():
        found = f"its rollback export is the same as its current options, while {changed[0]} has changed"
        findings.violation(application.name, found, "the options as they were before steps 2-8", before.place)
    return findings.judgement("no application has a rollback export and current options to compare")


def _differences(before: Export, now: Export) -> int:
    return len({key for key, _ in before.content().items() ^ now.content().items()})


def no_drift(estate: Estate) -> Judgement:
    """The options read live are those of the export that the estate file names besides."""
    if not estate.configuration.by_account:
        return not_applicable("the configuration is read from files, so there is nothing to compare them with")
    if estate.snapshot.plan:
        return not_applicable(f"the options that are judged are those of the plan {estate.snapshot.plan}")
    findings = Findings()
    for application in every_application(estate):
        if application.exported is None:
            continue
        name = application.name
        live, exported = _by_key(application.options), _by_key(application.exported)
        unknown = estate.certainty(application)
        unknown_export = certainty(application.exported, f"the export of {name} that the estate file names")
        for gap in (unknown, unknown_export):
            if gap:
                findings.gap(name, gap)
        for key in dict.fromkeys((*live, *exported)):
            here, there = live.get(key), exported.get(key)
            # What is absent on a side that is not fully known may stand in the line that was not understood.
            if (here is None and unknown) or (there is None and unknown_export) or _trimmed(here) == _trimmed(there):
                continue
            expected = f"{'/'.join(key)} {_as_set(there)} in the export"
            where = _place(application.options, here) if here else _place(application.exported, there)
            findings.violation(name, f"{'/'.join(key)} {_as_set(here)} live", expected, where)
        if isinstance(application.exported, Export):
            findings.evidence(name, f"{len(live)} options live, {len(exported)} in the export", application.exported.place)
    return findings.judgement("the estate file names no export besides the live source")


def _by_key(export: Read) -> dict[tuple[str, str], Option]:
    """Enabled options by section and name without blanks around them, which no export file can hold."""
    if not isinstance(export, Export):
        return {}
    return {(section.name.strip(BLANKS), option.name.strip(BLANKS)): option for section, option in export.enabled_options()}


def _trimmed(option: Option | None) -> object:
    value = option.value if option else None
    return value.strip(BLANKS) if isinstance(value, str) else value


def _as_set(option: Option | None) -> str:
    return f"= {option.value}" if option else "is not set"


def _place(export: Read, option: Option | None) -> str:
    return export.where(option.line if option else 0) if isinstance(export, Export) else ""


def no_file_saved_twice(estate: Estate) -> Judgement:
    """No two applications that are not one pair have the same file, byte for byte, as export."""
    findings = Findings()
    for kind, of in _KINDS:
        _judge_same_files(findings, estate, kind, of)
    return findings.judgement("there are fewer than two export files to compare")


_KINDS: tuple[tuple[str, Callable[[Application], Read]], ...] = (
    ("rollback export", lambda application: application.rollback),
    ("current export", lambda application: application.options),
)


def _judge_same_files(findings: Findings, estate: Estate, kind: str, of: Callable[[Application], Read]) -> None:
    groups: dict[str, list[tuple[Application, Export]]] = {}
    files = [(item, found) for item in every_application(estate) if _is_file(found := of(item))]
    if len(files) < 2:
        return
    for application, found in files:
        if isinstance(found, Unknown):
            findings.gap(application.name, found)
        elif isinstance(found, Export) and found.digest and found.has_options:
            groups.setdefault(found.digest, []).append((application, found))
    for group in groups.values():
        names = [application.name for application, _ in group]
        if len({_node(estate, name) for name in names}) > 1:
            places = listed([export.place for _, export in group])
            told = f"the {kind} of all of them is the same, byte for byte: {places}"
            findings.violation(", ".join(names), told, "an export of its own for each application", group[0][1].place)
        elif len(names) > 1:
            findings.rests_on(estate.basis)
        for application, export in group:
            same = "alone in" if len(names) == 1 else f"the same in {len(names)} applications, with"
            findings.evidence(application.name, f"{kind}: {same} these bytes", export.place)


def _node(estate: Estate, name: str) -> str:
    """The Primary of a Backup; else the application itself."""
    primaries = estate.primaries_of.get(name, ())
    return primaries[0].name if primaries else name
