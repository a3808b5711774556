# SPDX-License-Identifier: Apache-2.0
"""What is signed: an in-toto Statement v1 with the predicate test-result v0.1, made of the files of a bundle alone.

Field names: https://github.com/in-toto/attestation, spec/v1/statement.md and spec/predicates/test-result.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import rfc8785

from orsgate.estate.judgement import MET, Outcome
from orsgate.estate.mistakes import InputError
from orsgate.evidence.bundle.dsse import canonical_json
from orsgate.evidence.bundle.names import REPORT, RESULTS
from orsgate.evidence.bundle.told import ResultTold, Told
from orsgate.evidence.canonical import NotIntactError
from orsgate.reporting.results_json import run_id
from orsgate.verdict.coherence import not_met
from orsgate.verdict.verdict import VerdictName

TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://in-toto.io/attestation/test-result/v0.1"
SCHEMA = "orsgate/bundle/1"
"""Of the key ``orsgate`` in the predicate, which holds what the predicate has no field for."""


def statement(files: Mapping[str, bytes], said: Told) -> bytes:
    """The statement about the files of a bundle, in canonical JSON (RFC 8785).

    Args:
        files: name -> content, without the envelope.
        said: what their results.json tells.

    Raises:
        InputError: results.json holds text that is no Unicode.
    """
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    failed = [each.id for each in not_met(said)]
    made: dict[str, Any] = {
        "_type": TYPE,
        "subject": [_descriptor(name, digest) for name, digest in digests.items()],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "result": _result(said, failed),
            "configuration": [_descriptor(name, digest) for name, digest in digests.items() if name not in {RESULTS, REPORT}],
            **_tests(said.results, failed),
            "orsgate": _more(said, run_id(digests[RESULTS])),
        },
    }  # fmt: skip
    try:
        return rfc8785.dumps(made)
    except rfc8785.CanonicalizationError as error:
        raise InputError(f"{RESULTS}: cannot be signed: {error}; name what orsgate wrote with --json") from None


def subjects(payload: bytes) -> dict[str, str]:
    """Name of each file -> its SHA-256, as a statement says, in its order.

    Raises:
        NotIntactError: it is no statement about a bundle.
    """
    match canonical_json(payload):
        case {"_type": str(kind), "predicateType": str(predicate), "subject": list(listed)} if (kind, predicate) == (
            TYPE, PREDICATE_TYPE,
        ):  # fmt: skip
            found = dict(map(_subject, listed))
            if len(found) == len(listed):
                return found
    raise NotIntactError("was changed: it is no statement about the files of a bundle")


def _subject(entry: Any) -> tuple[str, str]:
    match entry:
        case {"name": str(name), "digest": {"sha256": str(digest)}}:
            return name, digest
    raise NotIntactError("was changed: it lists something that is no file with its SHA-256")


def _descriptor(name: str, digest: str) -> dict[str, Any]:
    return {"name": name, "digest": {"sha256": digest}}


def _result(said: Told, failed: list[str]) -> Literal["PASSED", "WARNED", "FAILED"]:
    """What is not GO has failed; a GO has warnings where anything was waived, or an ungated requirement is not met.

    Neither has a GO of a plan, of one stage, or of stand-ins, passed: it is none of the estate as it is.
    """
    if said.verdict is not VerdictName.GO or failed:
        return "FAILED"
    return "PASSED" if not said.notices and all(each.outcome in MET for each in said.results) else "WARNED"


def _tests(results: Iterable[ResultTold], failed: list[str]) -> dict[str, list[str]]:
    """Ids by what came out; one that does not apply is in no list."""
    found: dict[str, list[str]] = {"passedTests": [], "warnedTests": [], "failedTests": failed}
    known = frozenset(failed)
    for each in results:
        if each.outcome is Outcome.PASS:
            found["passedTests"].append(each.id)
        elif each.outcome is not Outcome.NOT_APPLICABLE and each.id not in known:
            found["warnedTests"].append(each.id)
    return found


def _more(said: Told, run: str) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "run": run,
        "version": said.tool.version,
        "estate": said.estate.name,
        "phase": said.phase,
        "verdict": said.verdict.value,
        "sentence": said.verdict_sentence,
        "exitCode": said.exit_code,
        "exceptions": said.exceptions,
        "plan": said.plan,
        "stage": said.stage,
        "standIns": list(said.stand_ins),
        "collected": said.collected,
        "started": said.started,
        "finished": said.finished,
        "outcomes": {each.id: each.outcome.value for each in said.results},
    }
