# SPDX-License-Identifier: Apache-2.0
"""What the doctor found as lines of text: grouped by part, what is wrong with what to do, and what could be collected here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orsgate.doctor.checks import PARTS, TOPICS, Check, Diagnosis, Part, State
from orsgate.estate.wording import listed, several
from orsgate.reporting.text import visible

MOST_SUBJECTS = 3
"""Subjects shown of checks of one kind that are all well."""
MOST_ALIKE = 12
"""Checks of one kind shown that are not well."""

_WORDS: dict[State, str] = {"ok": "ok", "missing": "MISSING", "unknown": "UNKNOWN", "later": "later"}
_TITLES = {"other": "other: not needed to collect"}
_INDENT = 11


def listing(diagnosis: Diagnosis, *, verbose: bool) -> Iterator[str]:
    """Everything that was tested, grouped by part; ``verbose`` shows each by itself."""
    for topic in TOPICS:
        checks = diagnosis.of(topic)
        if checks:
            yield visible(_TITLES.get(topic, topic))
        for (how, state), alike in _kinds(checks).items():
            if verbose:
                for check in alike:
                    yield from _each(check, f" [{how}]")
            elif state == "ok" and len(alike) > 1:
                yield _line(state, f"{how}: {_subjects(alike)}")
            else:
                for check in alike[:MOST_ALIKE]:
                    yield from _each(check)
                if len(alike) > MOST_ALIKE:
                    yield _line(state, f"{len(alike) - MOST_ALIKE:,} more of this kind ({how}); --verbose shows all")


def summary(diagnosis: Diagnosis) -> Iterator[str]:
    """Which parts could be collected on this host."""
    for part in PARTS:
        yield visible(f"{part}: {_could_be_collected(diagnosis, part, alone=not diagnosis.complete)}")
    others = len(diagnosis.obstacles("other"))
    if others:
        yield f"other: {several(others, 'thing')} missing, which collecting does not need"


def _kinds(checks: Sequence[Check]) -> dict[tuple[str, State], list[Check]]:
    """The checks of each kind with one outcome, the kinds in their order."""
    kinds = list(dict.fromkeys(check.how for check in checks))
    found: dict[tuple[str, State], list[Check]] = {}
    for check in sorted(checks, key=lambda check: kinds.index(check.how)):
        found.setdefault((check.how, check.state), []).append(check)
    return found


def _could_be_collected(diagnosis: Diagnosis, part: Part, *, alone: bool) -> str:
    obstacles = diagnosis.obstacles(part)
    if not obstacles and part in diagnosis.not_needed:
        return f"not needed ({diagnosis.not_needed[part]})"
    if not obstacles:
        later = any(check.state == "later" for check in diagnosis.of(part))
        said = "can be collected here" + (", as far as can be told before the run" if later else "")
        return f"{said} (--part {part})" if alone else said
    more = f", and {len(obstacles) - 1} more" if len(obstacles) > 1 else ""
    told = "cannot be collected here" if diagnosis.collectable(part) == "no" else "not known whether it can be collected here"
    return f"{told}: {obstacles[0].text}{more}"


def _each(check: Check, how: str = "") -> Iterator[str]:
    text = check.text if check.subject in check.text else f"{check.subject}: {check.text}"
    yield _line(check.state, text + how)
    if check.fix:
        yield visible(f"{'':{_INDENT}}Fix: {check.fix}")


def _line(state: State, text: str) -> str:
    return visible(f"  {_WORDS[state]:<{_INDENT - 2}}{text}")


def _subjects(checks: Sequence[Check]) -> str:
    return listed([check.subject for check in checks], MOST_SUBJECTS)
