# SPDX-License-Identifier: Apache-2.0
"""Lines of keys in odd TOML, and text that is no estate file at all."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orsgate.estate.file import LoadedEstate, load_estate_file
from orsgate.estate.mistakes import EstateFileError, Mistake
from orsgate.estate.toml_lines import KeyPath, Lines
from orsgate.estate.toml_text import toml_key, toml_string

ODD = """\
# comment
top.dotted."quoted key" = 1
'literal.key' = 2
"esc\\u0061ped" = 3
text = \"\"\"
[no.table]
fake = 1
\"\"\"  # comment
after = 4
literal = '''
[[application]]
name = "no"
'''
inline = { a = 1, b.c = [ { d = 2 }, { d = 3 } ] }
many = [
  # a comment between
  "x",
  { y = 1 },  # another
  [ "z",
    "zz" ],
]
[sub.below]
k = 1
[sub]
k = 2
[[app]]
name = "first"
[app.inner.deep]
x = 1
[[app.list]]
y = 1
[[app.list]]
y = 2
[[app]]
name = "second"
[app.inner]
"#x" = 1
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("top",), 2),
        (("top", "dotted", "quoted key"), 2),
        (("literal.key",), 3),
        (("literal",), 10),
        (("escaped",), 4),
        (("text",), 5),
        (("fake",), None),
        (("no", "table"), None),
        (("after",), 9),
        (("application",), None),
        (("inline", "a"), 14),
        (("inline", "b", "c", 1, "d"), 14),
        (("many",), 15),
        (("many", 0), 17),
        (("many", 1, "y"), 18),
        (("many", 2), 19),
        (("many", 2, 1), 20),
        (("many", 9), 15),
        (("sub", "below", "k"), 23),
        (("sub", "below"), 22),
        (("sub", "k"), 25),
        (("sub",), 24),
        (("app",), 26),
        (("app", 0), 26),
        (("app", 0, "name"), 27),
        (("app", 0, "inner", "deep", "x"), 29),
        (("app", 0, "list", 1, "y"), 33),
        (("app", 1), 34),
        (("app", 1, "name"), 35),
        (("app", 1, "inner", "#x"), 37),
        (("app", 1, "inner", "missing"), 36),
        (("app", 7, "name"), 26),
        ((), None),
    ],
)
def test_line_of_key(path: KeyPath, line: int | None) -> None:
    tomllib.loads(ODD)
    assert Lines.of(ODD.encode()).line(path) == line


def test_what_the_grammar_does_not_understand_gives_no_wrong_line() -> None:
    lines = Lines.of(b"[[a]]\nx = 1\n[[a]]\nx = = 2\n[[a]]\nx = 3\n")
    assert lines.line(("a", 0, "x")) == 2
    assert lines.line(("a", 2, "x")) in {1, 6}


VALUES = st.recursive(
    st.integers(-5, 5) | st.text(max_size=5) | st.booleans() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=15,
)


def dumps(document: dict[str, Any]) -> str:
    """``document`` as TOML: tables and lists of tables under headers, what is in them inline."""
    plain, headed = [], []
    for key, value in document.items():
        if isinstance(value, dict):
            headed += [f"[{toml_key(key)}]", *map(pair, value, value.values())]
        elif isinstance(value, list) and value and all(isinstance(element, dict) for element in value):
            for element in value:
                headed += [f"[[{toml_key(key)}]]", *map(pair, element, element.values())]
        else:
            plain.append(pair(key, value))
    return "\n".join([*plain, *headed])


def pair(key: str, value: Any) -> str:
    return f"{toml_key(key)} = {inline(value)}"


def inline(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(map(pair, value, value.values()))}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(inline, value))}]"
    return toml_string(value) if isinstance(value, str) else str(value).lower()


def leaves(value: Any, path: KeyPath = ()) -> list[KeyPath]:
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in leaves(inner, (*path, key))]
    return [path]


@pytest.mark.slow
@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=5))
def test_every_key_has_a_line_that_names_it(document: dict[str, Any]) -> None:
    text = dumps(document)
    assert tomllib.loads(text) == document
    lines = Lines.of(text.encode())
    for path in leaves(document):
        line = lines.line(path)
        assert line is not None
        assert toml_key(str(path[-1])) in text.split("\n")[line - 1]


TABLES = st.sampled_from(
    [
        "estate",
        "scope",
        "configuration",
        "application",
        "cluster",
        "cassandra",
        "planned_change",
        "policy",
        "change",
        "active",
    ]
)
KEYS = st.sampled_from(
    ["name", "type", "ports", "members", "exclude", "nodes", "http", "password", "timeout", "source", "application"]
)


def loads_or_says_why(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    mistakes: tuple[Mistake, ...] = ()
    try:
        assert isinstance(load_estate_file(path), LoadedEstate)
    except EstateFileError as error:
        mistakes = error.mistakes
    for mistake in mistakes:
        assert mistake.message.isprintable()
        assert mistake.line is None or 1 <= mistake.line <= content.count(b"\n") + 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary() | st.text().map(str.encode) | st.text("[]{}=\"'.,#\n\\ab1").map(str.encode))
def test_any_bytes(tmp_path: Path, content: bytes) -> None:
    loads_or_says_why(tmp_path / "estate.toml", content)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(TABLES | st.text(max_size=5), VALUES | st.dictionaries(KEYS, VALUES, max_size=5)
       | st.lists(st.dictionaries(KEYS, VALUES, max_size=4), max_size=3), max_size=5))  # fmt: skip
def test_any_toml(tmp_path: Path, document: dict[str, Any]) -> None:
    loads_or_says_why(tmp_path / "estate.toml", dumps(document).encode())
