# SPDX-License-Identifier: Apache-2.0
"""What a page shows of a value: nothing invisible in it, no more of it than a person reads, and paths as short as can be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from orsgate.reporting.text import beginning, visible

if TYPE_CHECKING:
    from markupsafe import Markup

MOST_LETTERS = 3_000
"""Characters shown of one value; results.json has them all."""


class Harmless:
    """Makes values fit for a page; autoescaping comes after it.

    Args:
        estate_path: the estate file; paths beside it are shown relative to its directory. Empty to leave paths alone.
    """

    def __init__(self, estate_path: str = "") -> None:
        end = max(estate_path.rfind("/"), estate_path.rfind("\\")) + 1
        self.directory = estate_path[:end] if estate_path[:end].strip("./\\") else ""
        self._directory = re.compile(rf"(?<![^\s\"'(,;:=]){re.escape(self.directory)}") if self.directory else None

    def __call__(self, value: Any) -> Any:
        """``value`` as the page shows it; what is markup already, or no text, is left as it is."""
        if type(value) is not str:
            return value
        return self.shown(self._directory.sub("", value) if self._directory and self.directory in value else value)

    @staticmethod
    def shown(text: str) -> str:
        """``text`` made visible, and cut where nobody would read on."""
        return visible(beginning(text, MOST_LETTERS))

    def plain(self, value: str) -> Markup:
        """``value`` as the text of an element, never for an attribute: quotation marks stay as short as they are."""
        from markupsafe import Markup  # noqa: PLC0415 - heavy imports are lazy

        text = str(Markup.escape(self(value)))
        return Markup(text.replace("&#34;", '"').replace("&#39;", "'"))  # noqa: S704 - escaped
