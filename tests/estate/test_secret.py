# SPDX-License-Identifier: Apache-2.0
"""Which options are secrets, and that nothing of them is kept but a digest."""

from __future__ import annotations

import pytest

from orsgate.estate.secret import Redactor, Secret


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
