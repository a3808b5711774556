# SPDX-License-Identifier: Apache-2.0
"""The texts of the requirements keep to the rules of docs/words.md, as far as a machine can tell."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from orsgate.cli.features import Told, requirements

ROOT = Path(__file__).resolve().parents[1]
RULES = ROOT / "docs" / "words.md"
TOLD = requirements()
EACH = pytest.mark.parametrize("told", TOLD, ids=[each.requirement.id for each in TOLD])
MOST_WORDS = 25

_CODE = re.compile(r"`[^`]+`")
_KEY = re.compile(r"\[\[?\w+\]?\](?: \w+)?")
_END = re.compile(r"(?<=[.!?]) ")
_PLACE = (
    r"(?:(?:Options|Annex|Connections|Tenants|Server Info|Start Info|General) tab of [^:]+"
    r"|Estate file(?:, \[\[?\w+\]?\])?|Cassandra administrator|Solution Control Interface): "
)
_CONDITION = r"(?:Then |(?:If|With|Without|For|From|On|Before|After|In|At) [^:]+, )"
_IMPERATIVES = (
    "add|alter|ask|attest|audit|check|choose|clear|compare|compute|consider|copy|correct|"
    "create|delete|do|enable|end|export|find|follow|give|install|keep|leave|let|list|load|"
    "make|migrate|name|open|plan|put|read|remove|restart|run|send|set|spell|start|stop|"
    "take|undo|use|write"
)
_ACTION = re.compile(rf"(?:{_PLACE})*{_CONDITION}?(?:{_IMPERATIVES})\b", re.IGNORECASE)
_DETAIL = r"(?: \([^()]+\))?"
_STEPS = r"(?:title and )?steps? [0-9]+(?:(?:, [0-9]+)* (?:and|to) [0-9]+)?(?:, note)?"
_ITEM = (
    rf"(?:ORS Migration Procedure 8\.1\.2 to 8\.1\.4, {_STEPS}"
    r'|Genesys, "[^"]+", (?:ORS 8\.1\.[34]|GAX 8\.1 Help|Platform SDK)'
    r"|Apache Cassandra, [\w.]+(?: [\w.]+)*"
    r"|measured on (?:Cassandra 1\.1\.12|a twin of the ring)"
    rf"|this catalogue|https://\S+[^\s.;]){_DETAIL}"
)
_SOURCE = re.compile(rf"{_ITEM}(?:; {_ITEM})*\.(?: Unconfirmed: [^.]+(?:\.[^ ][^.]*)*\.)?")


def _sentences(text: str) -> list[str]:
    """The sentences of a text, each command as one word."""
    return _END.split(_CODE.sub("COMMAND", text))


def _tables(heading: str) -> Iterator[tuple[str, ...]]:
    """The rows of the table under a heading of the page, without its head."""
    section = RULES.read_text("utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    yield from (tuple(cell.strip() for cell in row.strip("|").split("|")) for row in rows[2:])


UNWANTED = [word.strip() for _, words, _ in _tables("One thing, one name") for word in words.split(",") if word.strip()]


def _unwanted_in(text: str) -> list[str]:
    words = _KEY.sub("", _CODE.sub("", text))
    return [word for word in UNWANTED if re.search(rf"(?<![\w\[-]){re.escape(word)}s?(?![\w-])", words)]


def test_the_page_names_words_to_avoid():
    assert {"failover", "put right", "in order to", "e.g."} <= set(UNWANTED)
    assert _unwanted_in("Put it right. Or put right the table, i.e. rows") == ["table", "put right", "i.e."]
    assert _unwanted_in("a table, in `a failover`; keys as in [table] and backup-server") == ["table"]


def test_the_forms_refuse_what_has_none():
    for fix in ("The option is deleted.", "Options tab of the application: the option goes.", "If it is set, nothing helps."):
        assert not _ACTION.match(fix)
    for source in ("Procedure, step 3.", 'Genesys, "Clustering".', "Unconfirmed: the name.", "measured on Cassandra 1.1.12"):
        assert not _SOURCE.fullmatch(source)


@EACH
def test_all_parts_are_there_and_whole(told: Told):
    for part in (told.description.why, told.description.fix, told.description.source):
        assert len(part) > 20
        assert part.isascii()
        assert part.endswith(".")
        assert "  " not in part
        assert part.count("`") % 2 == 0


@EACH
def test_a_sentence_is_short(told: Told):
    for sentence in (*_sentences(told.description.why), *_sentences(told.description.fix)):
        assert len(sentence.split()) <= MOST_WORDS, sentence


@EACH
def test_one_thing_has_one_name(told: Told):
    assert not _unwanted_in(f"{told.description.why} {told.description.fix}")


@EACH
def test_why_says_what_breaks_and_not_the_title_again(told: Told):
    why = told.description.why
    assert len(_sentences(why)) <= 2
    title = told.title.lower().split()
    repeated = [" ".join(title[at : at + 4]) for at in range(len(title) - 3)]
    assert not [words for words in repeated if words in why.lower()]


@EACH
def test_fix_is_a_row_of_actions(told: Told):
    for sentence in _sentences(told.description.fix):
        assert _ACTION.match(sentence), sentence


@EACH
def test_the_kind_of_node_is_said(told: Told):
    for part in (told.description.why, told.description.fix):
        kinds = [kind for kind in re.findall(r"(\w+) nodes?\b", _CODE.sub("", part)) if kind != "super"]
        assert not kinds or kinds[0] in {"ORS", "Cassandra"}, part


@EACH
def test_source_has_one_form(told: Told):
    assert _SOURCE.fullmatch(told.description.source), told.description.source


@EACH
def test_a_blocker_rests_on_a_source(told: Told):
    """What is unconfirmed, or a choice of this project, may be said beside a source, but cannot carry a blocker."""
    confirmed = told.description.source.partition(" Unconfirmed:")[0]
    assert told.requirement.severity != "blocker" or not confirmed.startswith("this catalogue")


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted((ROOT / "orsgate" / "rules").glob("*.py")), ids=lambda path: path.stem)
def test_what_rules_say_uses_the_same_words(path: Path):
    """A rule may speak of the failover that orsgate tries, and of the Annex of an object where no tab is meant."""
    tree = ast.parse(path.read_text("utf-8"))
    documentation = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value and node not in documentation:
            unwanted = set(_unwanted_in(node.value)) - {"failover"}
            assert not unwanted or (unwanted == {"Annex of"} and not node.value.startswith("Annex")), node.value


def test_no_feature_file_has_blanks_at_the_end_of_a_line():
    for path in sorted((ROOT / "features").glob("*.feature")):
        assert not re.search(r"[ \t]$", path.read_text("utf-8"), re.MULTILINE), path.name
