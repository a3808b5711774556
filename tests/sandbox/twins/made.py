# SPDX-License-Identifier: Apache-2.0
"""Small trees and estates for tests of the twins, and sessions with them."""

from pathlib import Path

import requests

from orsgate.estate.file import LoadedEstate, load_estate_file
from orsgate.sandbox.twins.gax import GaxTwin
from orsgate.sandbox.twins.server import DEFAULT_PASSWORD, DEFAULT_USERNAME
from orsgate.sandbox.twins.tree import Tree, TreeApplication, TreeHost, TreeTenant, TreeTransaction

TIMEOUT = 5.0
ACCOUNT = (DEFAULT_USERNAME, DEFAULT_PASSWORD)

PRIMARY = TreeApplication(
    dbid=101,
    name="ORS_1",
    type=161,
    version="8.1.200.50",
    host=100,
    backup=102,
    connections=(103, 900_001),
    tenants=(1, 101),
    ports=(("default", 7200), ("http", 7210)),
    redundancy=2,
    arguments="-app ORS_1",
    options=(
        ("orchestration", (("functions-by-urs", "true"), ("#off", "1"))),
        ("persistence", (("password", "s3cret"),)),
        ("empty", ()),
    ),
    annex=(("own", (("note", "1.50"),)),),
)
BACKUP = TreeApplication(dbid=102, name="ORS_1_B", type=161, version="8.1", host=100, primary=False, enabled=False)
SIP = TreeApplication(dbid=103, name="SIP_1", type=1)
CLUSTER = TreeTransaction(101, "ORS_Cluster", 21, tenant=1, annex=(("cluster", (("ORS_1", "DC1"), ("#ORS_9", "DC2"))),))
TREE = Tree(
    applications=(PRIMARY, BACKUP, SIP),
    hosts=(TreeHost(100, "ors-1"),),
    tenants=(TreeTenant(1, "Environment"), TreeTenant(101, "Sales")),
    transactions=(CLUSTER,),
)

ESTATE = """\
[estate]
name = "Twins (made up)"
from_release = "8.1.200.50"
to_release = "8.1.400.27"

"""


def many(count: int, options: int = 0) -> Tree:
    """A tree of many applications."""
    section = tuple((f"option-{number}", f"a value of about the usual length, {number}") for number in range(options))
    return Tree(
        tuple(
            TreeApplication(100 + number, f"ORS_{number}", 161, options=(("orchestration", section),)) for number in range(count)
        )
    )


def estate(directory: Path, text: str, **files: str) -> LoadedEstate:
    """An estate file that goes on with ``text``, and files beside it by their stems."""
    for stem, content in files.items():
        (directory / f"{stem}.cfg").write_text(content, "utf-8")
    path = directory / "estate.toml"
    path.write_text(ESTATE + text, "utf-8")
    return load_estate_file(path)


def logged_in(twin: GaxTwin) -> requests.Session:
    """A session with a GAX twin."""
    session = requests.Session()
    account = {"username": ACCOUNT[0], "password": ACCOUNT[1], "isPasswordEncrypted": False}
    session.post(f"{twin.url}/gax/api/session/login", json=account, timeout=TIMEOUT).raise_for_status()
    return session
