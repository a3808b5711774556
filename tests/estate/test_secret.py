# SPDX-License-Identifier: Apache-2.0
"""Which options are secrets, and that nothing of them is kept but a digest."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orsgate.estate.secret import HIDDEN, LastingRedactor, Redactor, Secret, redacted_line


@pytest.mark.parametrize(
    "name",
    [
        "password", "PASSWD", "db-password", "client_secret", "api-key", "private_key", "encryption-key", "ssl_key", "pwd",
        "auth-token", "key", "tls-key-file", "passphrase",
    ],
)  # fmt: skip
def test_a_secret_is_kept_as_a_digest(name):
    kept = Redactor().value("persistence", name, "hunter2")
    assert isinstance(kept, Secret)
    assert "hunter2" not in repr(kept)
    assert str(kept) == "(secret, not shown)"


@pytest.mark.parametrize("name", ["cassandra-keyspace-name", "keyboard", "monkey-business", "mcr-pull-limit", "expire"])
def test_what_is_no_secret_is_kept_as_it_is(name):
    assert Redactor().value("persistence", name, "value") == "value"


def test_equal_secrets_have_equal_digests_within_a_run_only():
    one, other = Redactor(), Redactor()
    assert one.value("a", "password", "x") == one.value("a", "password", "x")
    assert one.value("a", "password", "x") != one.value("a", "password", "y")
    assert one.value("a", "password", "x") != other.value("a", "password", "x")
    assert one.value("a", "password", "") == ""


LINES = (
    "-app ORS_1 -password {secret} -host cfg",
    "--token {secret}",
    '-password="{secret} more" -host cfg',
    "-password = {secret}",
    "-password= {secret}",
    "password = {secret}",
    "/password:{secret} /host:cfg",
    '"-password" {secret}',
    "C:\\ors\\secret={secret} -x",
    "-url http://svc:{secret}@host/path",
)


@pytest.mark.slow
@pytest.mark.parametrize("line", LINES)
@settings(max_examples=20)
@given(secret=st.from_regex(r"[-/=]{0,2}[A-Za-z0-9]{6,20}", fullmatch=True).filter(lambda text: "cfg" not in text))
def test_no_way_to_write_a_secret_on_a_command_line_shows_it(line, secret):
    told = redacted_line(line.format(secret=secret))
    assert secret.strip("-/=") not in told
    assert HIDDEN in told


@pytest.mark.parametrize("line", ['-app "ORS 1"  -host cfg -port 2020', "C:\\token\\ors.exe -app X", "http://token.example/x -y"])
def test_a_command_line_without_secrets_stays_as_it_is(line):
    assert redacted_line(line) == line


def test_a_lasting_key_digests_secrets_slowly_and_never_whole_files():
    one, other = LastingRedactor(b"kept beside the digests"), LastingRedactor(b"kept beside the digests")
    assert one.value("custom", "password", "geheim") == other.value("custom", "password", "geheim")
    assert one.value("custom", "password", "geheim") != LastingRedactor(b"another").value("custom", "password", "geheim")
    assert one.digest(b"password=geheim") != other.digest(b"password=geheim")
