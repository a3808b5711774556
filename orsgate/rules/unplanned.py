# SPDX-License-Identifier: Apache-2.0
"""Step 9: against the baseline only planned changes happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from orsgate.estate.differences import Difference
from orsgate.estate.estate import Estate
from orsgate.estate.evidence_files import Baseline
from orsgate.estate.items import Aspect
from orsgate.estate.judgement import Findings, Judgement
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.ring import Ring
from orsgate.estate.wording import listed
from orsgate.rules.classify import Result, classify
from orsgate.rules.compared import Compared, compare_configurations
from orsgate.rules.planned import Classified, Sort
from orsgate.rules.taking_back import taking_back

EXPECTED = "as in the baseline: {}"
ASK_FOR = " Or, if somebody wants it, name it as [[planned_change]] in the estate file."
_NAMEABLE = {
    Aspect.OPTION, Aspect.ANNEX, Aspect.SHARED, Aspect.CONNECTION, Aspect.REDUNDANCY, Aspect.BACKUP, Aspect.MEMBER,
    Aspect.TRANSACTION,
}  # fmt: skip
"""What an entry ``[[planned_change]]`` can name."""


def only_planned_changes(estate: Estate) -> Judgement:
    """Every difference from the baseline is one that steps 2 to 8 ask for, or that the estate file names.

    Version and arguments are step 9's own. What is new and nobody asked for is a note, what is outside the scope is listed.
    """
    findings = Findings()
    baseline = estate.baseline
    findings.rests_on(estate.basis, baseline.configuration.basis)
    _is_of_before(findings, estate, baseline)
    compared = compare_configurations(baseline.configuration, estate.configuration)
    ring = baseline.cassandra if isinstance(baseline.cassandra, Ring) else None
    result = classify(baseline.configuration, ring, estate, compared.found)
    _evidence(findings, estate, baseline, result)
    _gaps(findings, estate, compared)
    whole = {each.key.object for each in result.classified if each.key.aspect is Aspect.APPLICATION}
    for each in result.classified:
        # Of an application that is there on one side only, that says everything.
        if each.of.sort is Sort.UNPLANNED and (each.key.aspect is Aspect.APPLICATION or each.key.object not in whole):
            _violation(findings, each)
        elif each.of.unknown is not None:
            item = f"{each.key.aspect} {each.key.name}"
            findings.gap(each.key.object, replace(each.of.unknown, cause=f"{item} changed, and {each.of.why}"))
    _notes(findings, result)
    return findings.judgement()


def _is_of_before(findings: Findings, estate: Estate, baseline: Baseline) -> None:
    """A baseline that was made after the installation does not tell what was there before it."""
    installed = estate.snapshot.estate.estate.installed_at
    if installed is not None and baseline.created >= installed:
        cause = f"the baseline {baseline.place} was made after 8.1.4 was installed (installed_at), so it is not what was before"
        findings.gap("baseline", Unknown(cause, baseline.place, Failure.REJECTED))
    if baseline.estate_name != estate.name:
        found = f'the baseline is of the estate "{baseline.estate_name}"'
        findings.violation("baseline", found, f'a baseline of "{estate.name}"', baseline.place)


def _violation(findings: Findings, each: Classified) -> None:
    difference, key = each.difference, each.key
    expected = EXPECTED.format(_state(difference.before.text if difference.before else None, key.aspect))
    fix = taking_back(difference) + (ASK_FOR if key.aspect in _NAMEABLE else "")
    findings.violation(
        key.object, f"{described(difference)}{f' ({each.of.why})' if each.of.why else ''}", expected, difference.where, fix
    )


def described(difference: Difference) -> str:
    """What is different now, in words: the item, what it is, and what it was."""
    item = " ".join(part for part in (difference.key.aspect.value, difference.key.name) if part)
    before, after = (value.text if value else None for value in (difference.before, difference.after))
    match difference.sort:
        case "added":
            return f"{item} is new{_with(after)}"
        case "removed":
            return f"{item} is not there any more{_with(before, 'it was ')}"
        case _:
            other = ", another one" if before == after else ""
            return f"{item} is {_shown(after)}{other}; it was {_shown(before)}"


def _with(value: str | None, lead: str = "") -> str:
    return f": {lead}{value}" if value else ""


def _shown(value: str | None) -> str:
    return value or "empty"


def _state(before: str | None, aspect: Aspect) -> str:
    if before is None:
        return "not there"
    return before or ("there" if aspect in {Aspect.CONNECTION, Aspect.TENANT} else "the empty value")


def _evidence(findings: Findings, estate: Estate, baseline: Baseline, result: Result) -> None:
    """Of every application and cluster in scope: how many differences of which sort were seen."""
    counts: dict[str, Counter[Sort]] = {}
    asked: dict[str, dict[str, None]] = {}
    for each in result.classified:
        counts.setdefault(each.key.object, Counter())[each.of.sort] += 1
        if each.of.asked_by:
            asked.setdefault(each.key.object, {})[each.of.asked_by] = None
    names = [application.name for application in estate.in_scope] + [cluster.transaction for cluster in estate.clusters]
    gone = [name for name, found in counts.items() if name not in names and Sort.OUTSIDE not in found]
    for name in dict.fromkeys((*names, *gone)):
        findings.evidence(name, _counted(counts.get(name, Counter()), asked.get(name, {})), baseline.place)


def _counted(counts: Counter[Sort], asked: Mapping[str, None]) -> str:
    if not counts:
        return "as in the baseline"
    number = counts.total()
    sorts = ", ".join(f"{count} {sort}" for sort in Sort if (count := counts[sort]))
    by = f", asked for by {listed(sorted(asked))}" if asked else ""
    return f"{number} difference{'s' * (number != 1)} from the baseline: {sorts}{by}"


def _gaps(findings: Findings, estate: Estate, compared: Compared) -> None:
    left_out = {each.name for each in estate.scope.excluded} | set(estate.scope.disabled)
    for each in compared.undecided:
        if each.object not in left_out:
            findings.gap(each.object, each.unknown)


def _notes(findings: Findings, result: Result) -> None:
    """One note for each kind of note and option, however many applications it concerns."""
    alike: dict[tuple[str, str], list[str]] = {}
    outside: dict[tuple[str, str], int] = {}
    for each in result.classified:
        if each.of.sort is Sort.NOTE:
            alike.setdefault((f"{each.key.aspect} {each.key.name}".rstrip(), each.of.why), []).append(each.key.object)
        elif each.of.sort is Sort.OUTSIDE:
            outside[each.key.object, each.of.why] = outside.get((each.key.object, each.of.why), 0) + 1
    for (item, why), objects in alike.items():
        findings.note(f"{item}: {why} ({listed(objects, 3)})")
    _outside(findings, outside.items())
    for entry in result.unused:
        findings.note(f"{entry} names no difference from the baseline")


def _outside(findings: Findings, found: Iterable[tuple[tuple[str, str], int]]) -> None:
    for (name, why), count in found:
        findings.note(f"outside the scope: {name} ({why}) has {count} difference{'s' * (count != 1)} from the baseline")
