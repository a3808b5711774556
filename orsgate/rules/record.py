# SPDX-License-Identifier: Apache-2.0
"""Step 9: an audit said GO before the installation, and nothing changed since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from orsgate.estate.differences import Difference, differences
from orsgate.estate.estate import Estate
from orsgate.estate.evidence_files import ReadinessRecord
from orsgate.estate.items import FINGERPRINTED, Aspect, Items
from orsgate.estate.judgement import Findings, Judgement
from orsgate.estate.knowledge import Basis, Failure, Unknown
from orsgate.estate.secret import Secret
from orsgate.estate.wording import listed
from orsgate.rules import times
from orsgate.rules.times import shown_time

_NOT_INTACT = frozenset({Failure.MISSING, Failure.UNREADABLE})
_UNDO = "Undo it; or go back to the old release, audit the changed state with --record, and install again."
_AUDIT = 'Audit again before step 9 (`orsgate audit --record FILE`), and install only after it says "GO".'


def ready_and_unchanged(estate: Estate, hours: int = 24) -> Judgement:
    """The readiness record says GO for this estate, is at most ``hours`` older than the installation, and still holds."""
    findings = Findings()
    given = estate.snapshot.record
    if isinstance(given, Unknown) and given.failure in _NOT_INTACT:
        findings.violation(estate.name, given.cause, "a readiness record that is there and intact", given.where, _AUDIT)
        return findings.judgement()
    record = estate.record
    findings.rests_on(estate.basis, Basis.DECLARED)
    _judge_head(findings, estate, record)
    _judge_age(findings, estate, record, hours)
    _judge_signature(findings, estate, record)
    _judge_items(findings, estate, record)
    return findings.judgement()


def _judge_head(findings: Findings, estate: Estate, record: ReadinessRecord) -> None:
    settings = estate.snapshot.estate.estate
    findings.evidence(estate.name, f"{shown_time(record.finished)}: {record.sentence}", record.place)
    if record.verdict != "go":
        found = f'the verdict of the audit was "{record.verdict}": {record.sentence}'
        findings.violation(estate.name, found, 'the verdict "go"', record.place, _AUDIT)
    of_another = (
        ("estate", record.estate_name, settings.name),
        ("from_release", record.from_release, settings.from_release),
        ("to_release", record.to_release, settings.to_release),
    )
    for what, found, expected in of_another:
        if found != expected:
            text = f'the record is for {what} "{found}"'
            findings.violation(estate.name, text, f'{what} "{expected}"', record.place)
    if record.stand_ins:
        findings.note(f"the audit was measured against a stand-in: {listed(record.stand_ins)}")


def _judge_age(findings: Findings, estate: Estate, record: ReadinessRecord, hours: int) -> None:
    installed = estate.snapshot.estate.estate.installed_at
    where = estate.snapshot.estate_where("estate.installed_at")
    if installed is None:
        cause = "when 8.1.4 was installed is not said: write installed_at into [estate]"
        findings.gap(estate.name, Unknown(cause, where, Failure.NOT_GIVEN))
        return
    both = f"the audit ended {shown_time(record.finished)}, and installed_at is {shown_time(installed)}"
    age = installed - record.finished
    findings.evidence(estate.name, both, where)
    if age < timedelta():
        findings.violation(
            estate.name, f"{both}: the audit came after the installation", "an audit before it", record.place, _AUDIT
        )
    elif age > timedelta(hours=hours):
        expected = f"an audit at most {hours} hours before the installation"
        findings.violation(estate.name, f"{both}: {times.hours(age)} before", expected, record.place, _AUDIT)


def _judge_signature(findings: Findings, estate: Estate, record: ReadinessRecord) -> None:
    signature = record.signature
    if signature is not None:
        findings.evidence(estate.name, f"signed with the key {signature.key_id}", record.place)
    if signature is None and record.require_signed:
        found = "the record is not signed"
    elif signature is not None and (signature.demanded is False or (record.require_signed and signature.demanded is not True)):
        found = f"the record is signed with the key {signature.key_id}, which is not the one demanded"
    else:
        if signature is None:
            findings.note("the record is not signed: that it is intact rules out accidents, not tampering")
        elif signature.demanded is None:
            findings.note("the record is signed, and this run demanded no key: --require-signed names the one to trust")
        return
    findings.violation(estate.name, found, "a record signed with the key that --require-signed names", record.place)


def _judge_items(findings: Findings, estate: Estate, record: ReadinessRecord) -> None:
    """What the audit judged is what there is now: an object is compared as a whole where one side alone has it."""
    before, now = _covered(record.as_items), _covered(estate.items)
    of_before, of_now = _objects(before), _objects(now)
    clusters = {cluster.transaction for cluster in estate.configuration.clusters}
    the_same = "the applications and clusters of the audit"
    for name in of_before:
        if name not in of_now:
            gone = "in scope" if name in estate.applications or name in clusters else "there"
            findings.violation(name, f"the audit judged it, and it is not {gone} any more", the_same, record.place, _UNDO)
    for name in of_now:
        if name not in of_before:
            findings.violation(name, "it is there now, and the audit did not judge it", the_same, record.place, _UNDO)
    both = of_before.keys() & of_now.keys()
    found = differences(before.only(both), now.only(both))
    _judge_differences(findings, found.found)
    for (name, _), unknown in found.unknown.items():
        findings.gap(name, unknown)
    for name in of_now:
        if name in both:
            findings.evidence(name, f"{of_now[name]} items compared with the record", record.place)


def _judge_differences(findings: Findings, found: Sequence[Difference]) -> None:
    """What was changed or deleted, and what is new but for options, which the template of the new release may bring."""
    new: dict[str, list[str]] = {}
    for difference in found:
        if difference.sort == "added" and difference.key.aspect is Aspect.OPTION:
            new.setdefault(difference.key.name, []).append(difference.key.object)
        else:
            findings.violation(difference.key.object, _changed(difference), _as_before(difference), difference.where, _UNDO)
    for name, objects in new.items():
        findings.note(f"the option {name} is new since the audit (from the new template?) on {listed(objects)}")


def _covered(items: Items) -> Items:
    values = {key: value for key, value in items.values.items() if key.aspect in FINGERPRINTED}
    return Items(values, {key: unknown for key, unknown in items.unknown.items() if key[1] in FINGERPRINTED})


def _objects(items: Items) -> dict[str, int]:
    """Name of an object -> how many of its items are known."""
    found = dict.fromkeys((name for name, _ in items.unknown), 0)
    for key in items.values:
        found[key.object] = found.get(key.object, 0) + 1
    return found


def _what(difference: Difference) -> str:
    key = difference.key
    return f"{key.aspect} {key.name}" if key.name else str(key.aspect)


def _changed(difference: Difference) -> str:
    if difference.after is None:
        return f"the {_what(difference)} is not there any more"
    if difference.before is None:
        return f"the {_what(difference)} is new" + (f": {difference.after.text}" if difference.after.text else "")
    if isinstance(difference.before.value, Secret) and isinstance(difference.after.value, Secret):
        return f"the {_what(difference)} is another secret"
    return f"the {_what(difference)} is {difference.after.text or 'empty'}"


def _as_before(difference: Difference) -> str:
    if difference.before is None:
        return "as at the audit: not there"
    return f"as at the audit: {difference.before.text or 'there'}"
