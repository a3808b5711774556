# SPDX-License-Identifier: Apache-2.0
"""What an estate file asks for and this version cannot do is refused with its line, never ignored."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import orsgate
from tests.faults.workshop import open_workshop

pytestmark = pytest.mark.slow  # a process of the program for each


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        (
            'source = "files"',
            'source = "gax"\nurl = "https://gax:8080"\nusername = "reader"',
            "the password of the account reader",
        ),
        ('source = "files"', 'source = "gws"\nurl = "http://gws:8080"\nusername = "reader"', "add --allow-http"),
        (
            'source = "files"',
            'source = "gax"\nurl = "https://gax:8080"\nusername = "reader"\nca_file = "estate.toml"',
            "estate.toml holds no certificate in PEM",
        ),
        ("[cassandra]", '[cassandra]\nca_file = "nothing.pem"', "nothing.pem cannot be read: No such file or directory"),
        ("[cassandra]", '[cassandra]\nca_file = "estate.toml"', "estate.toml holds no certificate in PEM"),
        ("[cassandra]", '[cassandra]\nclient_cert = "nothing.pem"', "nothing.pem cannot be read"),
        ("[cassandra]", '[cassandra]\nusername = "ors"\npassword_env = "ORSGATE_NOT_SET"', "ORSGATE_NOT_SET, which is not set"),
        ("[cassandra]", '[cassandra]\nusername = "ors"\npassword_file = "nothing"', "cannot be read from"),
    ],
)
def test_it_is_refused(old, new, cause, tmp_path):
    workshop = open_workshop(tmp_path / "estate")
    workshop.write("estate.toml", workshop.read("estate.toml").replace(old, new, 1))
    ended = orsgate("audit", workshop.path("estate.toml"))
    assert ended.code == 2, ended.said
    assert cause in ended.err
    assert "Traceback" not in ended.err
