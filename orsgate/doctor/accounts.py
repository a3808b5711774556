# SPDX-License-Identifier: Apache-2.0
"""Accounts: whether a name is given, and whether its password can be had; nobody is logged in to, and no password is shown."""

from __future__ import annotations

from collections.abc import Iterator

from orsgate.collection.passwords import check_password
from orsgate.doctor.checks import Check, Topic, failed
from orsgate.doctor.trouble import trouble_of
from orsgate.estate.file import LoadedEstate
from orsgate.estate.schema import CassandraSection, ConfigurationSection


def account(
    loaded: LoadedEstate, what: Topic, section: CassandraSection | ConfigurationSection, user: str, *, can_ask: bool
) -> Iterator[Check]:
    """The account that a section names, and its password.

    Args:
        loaded: the estate file.
        what: the part that needs it.
        section: that names it.
        user: how sentences call it, such as ``Cassandra user reader``.
        can_ask: whether there is a terminal on which a person could be asked.
    """
    yield Check(what, section.username or "", "account named", "ok", f"{user} is named in {loaded.where(what, 'username')}")
    yield _password(loaded, what, section, user, can_ask=can_ask)


def _password(
    loaded: LoadedEstate, what: Topic, section: CassandraSection | ConfigurationSection, user: str, *, can_ask: bool
) -> Check:
    variable, file = section.password_env, section.password_file
    whose = f"the password of the {user}"
    if variable is None and file is None:
        how = "password, from a terminal"
        if can_ask:
            return Check(what, whose, how, "later", f"{whose} will be asked for on the terminal")
        text = f"{whose} is to be asked for, and there is no terminal to ask on"
        return Check(what, whose, how, "missing", text, "set password_env or password_file, or run it on a terminal")
    subject = variable if variable is not None else str(loaded.resolve(file or ""))
    how = "password, from an environment variable" if variable is not None else "password, from a file only its owner can read"
    unknown = check_password(loaded, user, variable, file)
    if unknown is not None:
        return failed(what, subject, how, trouble_of(unknown))
    return Check(what, subject, how, "ok", f"{whose} can be had from {subject}")
