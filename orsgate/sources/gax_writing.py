# SPDX-License-Identifier: Apache-2.0
"""Single objects of GAX, and how one is written: ``PUT /gax/api/cfg/objects/{type}/{dbid}`` with the whole object.

Source: the clients that ``orsgate.sources.gax`` names, which find an object by its name, take its DBID, and put it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orsgate.sources.http.answers import Answer
from orsgate.sources.http.trouble import other_shape
from orsgate.sources.option_edits import GAX
from orsgate.sources.sessions import Kind
from orsgate.sources.writing import Interface


class _Writing(Interface):
    style = GAX

    def named(self, kind: Kind, name: str) -> Mapping[str, str]:
        return {"brief": "true", "type": kind.name, "name": name}

    def listed(self, answer: Answer, kind: Kind) -> list[Any]:
        found = answer.json()
        if not isinstance(found, list):
            raise other_shape(answer.asked, answer.call, f"a list of {kind.name}")
        return found

    def one(self, answer: Answer, kind: Kind) -> Any:
        found = answer.json()
        if isinstance(found, list) and len(found) == 1:
            found = found[0]
        if not isinstance(found, dict):
            raise other_shape(answer.asked, answer.call, f"a {kind.name}")
        return found

    def said_no(self, answer: Answer) -> str:  # what GAX says of a write is documented nowhere; its status counts
        del answer
        return ""


GAX_WRITING = _Writing()
