# SPDX-License-Identifier: Apache-2.0
"""Session ids wherever they stand, and a beginning of the body that can be shown."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from orsgate.estate.deployment import well_formed
from orsgate.probes.ors.reading import LONGEST_BODY, other_session_in, session_in, shown, text_of

ID = "KL8938QSD91ER2RN2NR1397738000001"


@pytest.mark.parametrize(
    ("body", "cookies", "session"),
    [
        (f'{{"_sessionid": "{ID}"}}', (), ID),
        (f'{{"sessionid": "{ID}"}}', (), ID),
        (f'{{"session_id": "{ID}"}}', (), ID),
        (f'{{"sessionId": "~12~{ID}"}}', (), f"~12~{ID}"),
        (f'{{"result": [1, {{"data": {{"SessionID": "{ID}"}}}}]}}', (), ID),
        (f'{{"deep": {{"sessionid": "inner"}}, "sessionid": "{ID}"}}', (), ID),
        (f'{{"ORSSESSIONID": "{ID}"}}', (), ID),
        ('{"sessionid": 17}', (), "17"),
        ('{"sessionid": "malformed id"}', (), "malformed id"),
        ('{"sessionid": ""}', (f"ORSSESSIONID={ID}; Path=/",), ID),
        ('{"sessionid": null, "state": "idle"}', (), ""),
        ('{"session": "x", "ids": ["y"]}', (), ""),
        ("", ("other=1", f'ORSSESSIONID="{ID}"; HttpOnly'), ID),
        ("", (f"orssessionid={ID}",), ID),
        ("", ("ORSSESSIONID=; Path=/",), ""),
        ("not yet", (f"ORSSESSIONID={ID}",), ID),
        (f'{{"sessionid": "{ID}"}}', ("ORSSESSIONID=another",), ID),
        (f"<response><sessionid>{ID}</sessionid></response>", (), ID),
        (f"<r xmlns:o='o'><o:session-id kind='x'>\n{ID}\n</o:session-id></r>", (), ID),
        (f'<response sessionid="{ID}"/>', (), ID),
        (f"sessionid={ID}&x=y", (), ID),
        (f"Session-ID: {ID}\r\n", (), ID),
        (f"{ID}\r\n", (), ID),
        (f"~1~{ID}", (), f"~1~{ID}"),
        (ID[:-1], (), ID[:-1]),
        ("OK", (), ""),
        ("Unauthorized", (), ""),
        ("<html><body>Sorry, 500</body></html>", (), ""),
        ('{"sessionid": "cut', (), "cut"),
        ("[" * 5000, (), ""),
        ('{"a":' * 5000, (), ""),
    ],
)  # fmt: skip
def test_where_a_session_id_may_stand(body, cookies, session):
    assert session_in(body, cookies) == session


@given(some.text(), some.lists(some.text()))
def test_no_answer_breaks_the_reading(body, cookies):
    found = session_in(body, cookies)
    assert len(found) <= 200
    found.encode()


@pytest.mark.slow
@given(
    some.recursive(
        some.none() | some.text() | some.integers(), lambda each: some.lists(each) | some.dictionaries(some.text(), each)
    )
)
def test_no_json_breaks_the_reading(value):
    session_in(json.dumps(value), ()).encode()


@given(some.binary())
def test_what_is_shown_is_short_and_printable(body):
    text = shown(text_of(body))
    assert len(text) <= LONGEST_BODY
    assert text.isprintable()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  a\r\n\tb  ", "a b"),
        ("\x1b[31mred\u202e", "[31mred"),
        ("password=hunter2 and more", "password=(secret, not shown) and more"),
        ('{"password": "hunter2"}', '{"password": (secret, not shown)'),
        ("see http://u:hunter2@host/", "see (secret, not shown)"),
    ],
)
def test_what_is_shown_is_harmless(text, kept):
    assert shown(text) == kept


def test_only_a_beginning_is_shown():
    assert shown("ab " * 5000) == ("ab " * 99 + "...")[:300]


@pytest.mark.slow
def test_no_body_takes_long_to_read():
    began = time.process_time()
    for body in ("<sessionid" * 100_000, "sessionid=" * 100_000, "session_" * 120_000, "~" * 1_000_000, "<a " * 300_000):
        session_in(body, (body[:8000],))
        shown(body)
    assert time.process_time() - began < 10  # a reading that is not linear takes minutes


@pytest.mark.parametrize(
    ("session", "is_well_formed"),
    [
        (ID, True), (f"~1~{ID}", True), (f"~~{ID}", False), (f"~1{ID}", False), (ID[:-1], False), (ID + "1", False), ("", False),
        (ID + "\n", False), ("~" * 32, True), ("é" * 32, False), (f"~a~{ID}", False), (f" {ID}", False),
    ],
)  # fmt: skip
def test_what_a_session_id_looks_like(session, is_well_formed):
    assert well_formed(session) is is_well_formed


@pytest.mark.parametrize(
    ("session", "cookies", "other"),
    [
        ("A1", ["ORSSESSIONID=A1; Path=/"], ""), ("A1", [], ""), ("A1", ["JSESSIONID=B2"], ""), ("", ["ORSSESSIONID=B2"], ""),
        ("A1", ["ORSSESSIONID=B2; Path=/"], "B2"), ("A1", ["ORSSESSIONID=~7~A1"], ""), ("~7~A1", ["ORSSESSIONID=A1"], ""),
        ("A1", ["ORSSESSIONID=~7~B2"], "~7~B2"), ("A1", ["ORSSESSIONID="], ""),
    ],
)  # fmt: skip
def test_a_cookie_with_another_session_is_seen(session, cookies, other):
    assert other_session_in(session, cookies) == other
