# SPDX-License-Identifier: Apache-2.0
"""What only a person can know: the questions that remedies ask, and the answers that were given."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from orsgate.discovery.cfg_text import cfg_text
from orsgate.estate.export import Export, Option, Section
from orsgate.estate.mistakes import InputError, did_you_mean, quoted
from orsgate.estate.secret import is_secret, says_secret

SERVER_INFO = "Server Info"
"""In place of a section: a field of the Server Info tab."""
_EXAMPLE = "ORS_A1:orchestration/mcr-pull-limit=500"


def any_value(_: str) -> str:
    """What no answer can be wrong for."""
    return ""


@dataclass(frozen=True, slots=True)
class Question:
    """A value that a remedy needs and that nothing determines.

    Attributes:
        object: the Application, or the Transaction where all members of a cluster need the same.
        section: of the option; ``Server Info`` for a field of that tab.
        option: its name, or that of the field.
        text: what is asked, one sentence without its end.
        requirements: the ids that need it.
        subjects: whom it is about, besides the object.
        suggestion: what is usual here; it is offered, and never taken unasked.
        wrong: why an answer will not do, in words; empty where it will.
    """

    object: str
    section: str
    option: str
    text: str
    requirements: tuple[str, ...]
    subjects: tuple[str, ...] = ()
    suggestion: str | None = None
    wrong: Callable[[str], str] = field(default=any_value, compare=False)

    @property
    def key(self) -> str:
        """How ``--set`` names it."""
        return f"{self.object}:{self.section}/{self.option}"

    def why_not(self, value: str) -> str:
        """Why ``value`` is no answer; empty where it is one."""
        return unfit(self.section, self.option, value) or self.wrong(value)


def unfit(section: str, option: str, value: str) -> str:
    """Why a ``.cfg`` file cannot hold an option, in words; empty where it can."""
    export = Export("", (Section(section, 0, True, (Option(option, value, 0),)),))
    lost = next(iter(cfg_text(export).left_out), None)
    return lost.why if lost else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, as it was given.

    Attributes:
        object: a name, or a pattern with ``*`` and ``?``.
        where: how to name it in a sentence.
    """

    object: str
    section: str
    option: str
    value: str
    where: str

    def is_for(self, question: Question) -> bool:
        """Whether it answers ``question``."""
        return self.names(question.object, question.section, question.option)

    def names(self, name: str, section: str, option: str) -> bool:
        """Whether it is about that option of that object."""
        return (section, option) == (self.section, self.option) and (name == self.object or fnmatchcase(name, self.object))


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers; a name counts more than a pattern, and of equals the later one."""

    given: tuple[Answer, ...] = ()

    def to(self, question: Question) -> str | None:
        """The answer to a question; None where there is none.

        Raises:
            InputError: the answer will not do.
        """
        fitting = [answer for answer in self.given if answer.is_for(question)]
        exact = [answer for answer in fitting if answer.object == question.object]
        if not fitting:
            return None
        answer = (exact or fitting)[-1]
        if why := question.why_not(answer.value):
            hidden = says_secret(answer.section) or says_secret(answer.option) or is_secret(answer.value)
            raise InputError(f"{answer.where}: {'the value' if hidden else quoted(answer.value)} will not do: {why}")
        return answer.value

    def unused(self, questions: Iterable[Question]) -> tuple[Answer, ...]:
        """The answers that none of ``questions`` needs."""
        asked = list(questions)
        return tuple(answer for answer in self.given if not any(answer.is_for(question) for question in asked))

    def with_answer(self, question: Question, value: str) -> Answers:
        """These answers and one more."""
        answer = Answer(question.object, question.section, question.option, value, f"the answer for {question.key}")
        return Answers((*self.given, answer))


def require_objects(answers: Answers, names: Sequence[str]) -> None:
    """Make sure that each answer names something that exists.

    Raises:
        InputError: one does not.
    """
    for answer in answers.given:
        if not any(name == answer.object or fnmatchcase(name, answer.object) for name in names):
            told = f"{quoted(answer.object)} is no Application or Transaction of this estate"
            raise InputError(f"{answer.where}: {told}{did_you_mean(answer.object, names)}")


def parsed(text: str) -> Answer:
    """An answer as ``--set`` gives it, ``OBJECT:SECTION/OPTION=VALUE``.

    Raises:
        InputError: it is none.
    """
    name, colon, rest = text.partition(":")
    key, equals, value = rest.partition("=")
    section, slash, option = key.partition("/")
    if not (colon and equals and slash and name.strip() and section.strip() and option.strip()):
        raise InputError(f"--set {quoted(text)}: is not OBJECT:SECTION/OPTION=VALUE, such as {_EXAMPLE}")
    name, section, option = name.strip(), section.strip(), option.strip()
    return Answer(name, section, option, value.strip(), f"--set {name}:{section}/{option}")


def read_answers(path: Path) -> tuple[Answer, ...]:
    """The answers in a TOML file: a table for each object, in it ``"section/option" = "value"``.

    Raises:
        InputError: it cannot be read, or holds something else.
    """
    try:
        document = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: is not valid TOML: {error}") from None
    found: list[Answer] = []
    for name, table in document.items():
        if not isinstance(table, Mapping):
            raise InputError(f'{path}: {quoted(name)} stands in no table; write [OBJECT] above "section/option" = "value"')
        for key, value in table.items():
            section, slash, option = key.partition("/")
            if not (slash and section and option):
                raise InputError(f'{path}: [{name}] {quoted(key)} does not name an option; write "section/option"')
            if isinstance(value, bool) or not isinstance(value, str | int):
                raise InputError(f"{path}: [{name}] {quoted(key)} is neither text nor a whole number; write it in quotes")
            found.append(Answer(name, section, option, str(value), f"{path}: [{name}] {key}"))
    return tuple(found)
