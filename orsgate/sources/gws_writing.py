# SPDX-License-Identifier: Apache-2.0
"""Single objects of GWS, and how one is written: ``PUT /api/v2/platform/configuration/{collection}/{dbid}``.

Source: Genesys, "Platform Configuration API". How an object that is sent is wrapped is not in what could be read of it: it
is sent without a wrapping, and what is read back tells whether it was understood.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orsgate.sources.fields import Fields
from orsgate.sources.http.answers import Answer
from orsgate.sources.http.trouble import other_shape
from orsgate.sources.option_edits import GWS
from orsgate.sources.sessions import Kind
from orsgate.sources.writing import Interface
from orsgate.wire.trouble import ProbeError


class _Writing(Interface):
    style = GWS

    def named(self, kind: Kind, name: str) -> Mapping[str, str]:
        del kind
        return {"name": f'"{name}"'}  # the quotes force text

    def listed(self, answer: Answer, kind: Kind) -> list[Any]:
        found = _inner(answer, kind.collection)
        if not isinstance(found, list):
            raise other_shape(answer.asked, answer.call, f"an object with the list {kind.collection}")
        return found

    def one(self, answer: Answer, kind: Kind) -> Any:
        single = kind.collection.removesuffix("s")
        found = _inner(answer, single)
        if not isinstance(found, dict):
            raise other_shape(answer.asked, answer.call, f"an object with the {single}")
        return found

    def said_no(self, answer: Answer) -> str:
        """The status code within the answer, where it is one that says no."""
        if not answer.start.startswith(b"{"):
            return ""
        try:
            found = answer.json()
        except ProbeError:
            return ""
        code = Fields(found).get("statuscode") if isinstance(found, dict) else None
        if code in {None, 0, "0"}:
            return ""
        return f"statusCode {code}" if isinstance(code, int) else "a statusCode that is not 0"


def _inner(answer: Answer, name: str) -> Any:
    found = answer.json()
    return Fields(found).get(name) if isinstance(found, dict) else None


GWS_WRITING = _Writing()
