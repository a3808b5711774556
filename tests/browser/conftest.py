# SPDX-License-Identifier: Apache-2.0
"""Chromium of this machine, and the reports that it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import reports

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page

Opened = Callable[..., Any]


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The HTML report of a kind that ``reports`` makes, each made once."""
    made: dict[str, Path] = {}
    directory = tmp_path_factory.mktemp("reports")

    def path(kind: str) -> Path:
        if kind not in made:
            made[kind] = reports.write(kind, directory / kind)
        return made[kind]

    return path


@pytest.fixture
def opened(browser: Browser, report: Callable[[str], Path]) -> Opened:
    """Opens a report; it must load nothing, and nothing may go wrong in it.

    ``js=False`` switches scripts off. ``stripped`` takes the script out of the file instead: what is seen is the same, and the
    tools of a test, which are scripts themselves, still run.
    """

    @contextmanager
    def shown(kind: str, *, js: bool = True, stripped: bool = False, **context: Any) -> Iterator[Page]:
        wrong: list[str] = []

        def dismissed(dialog: Dialog) -> None:
            wrong.append(dialog.message)
            dialog.dismiss()

        file = (_stripped(report(kind)) if stripped else report(kind)).as_uri()
        with browser.new_context(java_script_enabled=js, **context) as made:
            made.set_default_timeout(15_000)
            page = made.new_page()
            page.on("pageerror", lambda error: wrong.append(str(error)))
            page.on("console", lambda message: wrong.append(message.text))
            page.on("dialog", lambda dialog: wrong.append(dialog.message))
            page.on("request", lambda request: wrong.extend(_foreign(request.url, file)))
            page.goto(file)
            yield page
            assert wrong == []

    return shown


def _stripped(file: Path) -> Path:
    head, begin, rest = file.read_text("ascii").rpartition("<script>")
    assert begin
    path = file.with_name("stripped.html")
    path.write_text(head + rest.partition("</script>")[2], "ascii")
    return path


def _foreign(url: str, file: str) -> list[str]:
    return [] if url.startswith((file, "blob:", "data:application/gzip")) else [url]
