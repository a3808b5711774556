# SPDX-License-Identifier: Apache-2.0
"""The procedure as data: every word of it, every requirement, and nothing without a reason."""

from __future__ import annotations

import hashlib
from itertools import pairwise

from orsgate.rules.catalogue import STEPS, catalogue
from orsgate.rules.procedure import procedure

WORDS_SHA256 = "e3fc344da49d53c642b3c9f37a243223363d96262ccbc45dace813111fe455b7"
"""Of the words of the published text from its title to its end, with one blank between them: without the numbers of steps,
bullets, emphasis and the address of a link."""


def test_it_is_the_procedure_word_for_word():
    words = " ".join(sentence.text for sentence in procedure()).split()
    assert hashlib.sha256(" ".join(words).encode()).hexdigest() == WORDS_SHA256


def test_every_requirement_is_traced_to_a_sentence_of_its_step():
    found = {requirement for sentence in procedure() for requirement in sentence.requirements}
    assert found == set(catalogue())
    own = {
        requirement for sentence in procedure() for requirement in sentence.requirements
        if catalogue()[requirement].step == sentence.step
    }  # fmt: skip
    assert own == set(catalogue())


def test_every_sentence_is_judged_or_says_why_nothing_can():
    for sentence in procedure():
        assert bool(sentence.requirements) != bool(sentence.why), sentence.text
        assert list(sentence.requirements) == sorted(set(sentence.requirements))


def test_the_steps_stand_in_order():
    steps = [sentence.step for sentence in procedure()]
    assert steps[0] == 0
    assert set(steps[1:]) == set(STEPS)
    assert all(before <= after for before, after in pairwise(steps))
