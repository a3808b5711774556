# SPDX-License-Identifier: Apache-2.0
"""The HTML report as people use it: with a mouse or a keyboard, without a script, on a telephone, at night, on paper."""

from __future__ import annotations

import gzip
import json
import os
import re
import unicodedata
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fixtures.at_hand import not_at_hand
from orsgate.estate.json_text import without_halves
from orsgate.rules.catalogue import catalogue
from tests.browser import reports
from tests.browser.conftest import Opened

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

READINESS = sorted(item.id for item in catalogue().values() if "readiness" in item.phases)
WIDE = {"width": 1100, "height": 900}
PICTURE = {"width": 1100, "height": 1650}
NARROW = {"width": 320, "height": 640}
MODES: dict[str, dict[str, Any]] = {
    "script": {}, "no script": {"stripped": True}, "dark": {"color_scheme": "dark"}, "narrow": {"viewport": NARROW},
    "narrow without script": {"viewport": NARROW, "stripped": True}, "large text": {}, "print": {},
}  # fmt: skip
IMAGES = Path(__file__).parents[2] / "docs" / "images"


def enlarge(page: Page) -> None:
    """Text of twice the size, as a person sets it in the browser."""
    page.evaluate("document.documentElement.style.fontSize = '200%'")


def in_mode(page: Page, mode: str) -> None:
    if mode == "large text":
        enlarge(page)
    if mode == "print":
        page.emulate_media(media="print")


def does_not_scroll_sideways(page: Page) -> bool:
    wide, shown = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    return bool(wide <= shown)


def no_axe_violation(page: Page) -> None:
    """No rule of axe is violated, and many were looked at."""
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        not_at_hand("browser", "axe-playwright-python is not installed")
    page.evaluate(Axe().axe_script)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    assert len(found["passes"]) > 20
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", ["no-go", "go", "every"])
def test_axe_finds_nothing(opened: Opened, kind: str, mode: str) -> None:
    with opened(kind, **MODES[mode]) as page:
        in_mode(page, mode)
        no_axe_violation(page)


@pytest.mark.parametrize("kind", ["deployment", "changed", "diff", "history", "comparison"])
def test_axe_finds_nothing_in_the_other_pages_either(opened: Opened, kind: str) -> None:
    for mode in ("script", "dark", "narrow", "large text", "print"):
        with opened(kind, **MODES[mode]) as page:
            in_mode(page, mode)
            no_axe_violation(page)
            assert mode == "print" or does_not_scroll_sideways(page)


@pytest.mark.parametrize("kind", ["diff", "history", "comparison"])
def test_the_other_pages_print_whole(opened: Opened, kind: str) -> None:
    try:
        from pypdf import PdfReader
    except ImportError:
        not_at_hand("browser", "pypdf is not installed")
    with opened(kind, js=False) as page:
        headings = page.locator("h1, h2, h3, th[scope=row]").all_text_contents()
        pdf = page.pdf(prefer_css_page_size=True)
    whole = "".join(_letters(each.extract_text()) for each in PdfReader(BytesIO(pdf)).pages)
    assert len(headings) > 5
    assert [each for each in headings if _letters(each) not in whole] == []


def _letters(text: str) -> str:
    """A text without blanks and ligatures, which are not what was written but how it is set."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@pytest.mark.parametrize("kind", ["no-go", "go", "every", "hostile", "large"])
def test_no_page_scrolls_sideways(opened: Opened, kind: str) -> None:
    for context in (MODES["narrow"], MODES["narrow without script"]):
        with opened(kind, **context) as page:
            assert does_not_scroll_sideways(page)
    with opened(kind, viewport=WIDE) as page:
        assert does_not_scroll_sideways(page)
        enlarge(page)
        assert does_not_scroll_sideways(page)


@pytest.mark.parametrize("js", [True, False])
def test_everything_is_there(opened: Opened, js: bool) -> None:  # noqa: FBT001 - a parameter of the test
    with opened("go", js=js) as page:
        text = page.inner_text("body")
        assert "GO; " in text
        assert "Given persistence is Cassandra" not in text
        assert page.locator("#tools").is_visible() is js
        page.click("a[href='#all-passed']")
        assert page.locator("#all-passed").is_visible()
        summary = page.locator("summary", has_text="ORS-0501")
        assert "passed" in summary.evaluate("node => getComputedStyle(node, '::before').content")
        summary.click()
        body = page.locator("#ORS-0501")
        assert "Given persistence is Cassandra" in body.inner_text()
        assert "Cassandra 1.1.12" in page.locator("details", has=body).inner_text()


def test_search_filter_and_sort(opened: Opened) -> None:
    def shown() -> list[str]:
        found = page.locator(".all summary b").all()
        return [each.inner_text() for each in found if each.is_visible()]

    with opened("no-go") as page:
        every = shown()
        assert sorted(every) == READINESS
        assert every[0] == "ORS-0201"
        page.select_option("#tools label:has-text('Sorted by') select", "step")
        assert shown() == READINESS
        page.select_option("#tools label:has-text('Sorted by') select", "severity")
        severities = [catalogue()[name].severity for name in shown()]
        assert severities == sorted(severities, key=["blocker", "warning", "advice"].index)
        page.select_option("#tools label:has-text('Sorted by') select", "state")
        assert shown() == every
        page.fill("#tools input", "Warm  STANDBY")
        assert "ORS-0302" in shown()
        assert len(shown()) < 10
        assert page.inner_text("#tools output") == f"{len(shown())} of {len(READINESS)} shown"
        page.fill("#tools input", "")
        page.select_option("#tools label:has-text('State') select", "\N{BALLOT X} failed")
        failed = shown()
        assert page.inner_text(".counts .fail b") == str(len(failed))
        page.select_option("#tools label:has-text('Severity') select", "advice")
        assert shown() == []
        assert not page.locator("#all-failed").is_visible()
        page.click(".causes a[href='#ORS-0107']")
        assert page.locator("#ORS-0107").is_visible()
        assert sorted(shown()) == READINESS


def test_a_keyboard_is_enough(opened: Opened) -> None:
    focus = "document.activeElement"
    with opened("no-go", viewport=WIDE) as page:
        page.keyboard.press("Tab")
        assert page.evaluate(f"{focus}.textContent") == "Skip to the report"
        page.keyboard.press("Enter")
        assert page.evaluate(f"{focus}.id") == "main"
        seen = []
        for _ in range(400):
            page.keyboard.press("Tab")
            tag, name, outline, visible = page.evaluate(
                "(node => [node.tagName, node.textContent, getComputedStyle(node).outlineStyle, node.checkVisibility()])"
                f"({focus})"
            )
            if tag == "BODY":
                break
            assert (outline, visible) == ("solid", True), name
            seen.append(tag)
        assert seen.count("SUMMARY") == len(READINESS)
        assert {"A", "INPUT", "SELECT"} <= set(seen)
        summary = page.locator("summary", has_text="ORS-0502")
        summary.focus()
        page.keyboard.press("Enter")
        assert page.locator("#ORS-0502").is_visible()
        page.locator(".counts a[href='#all-failed']").focus()
        page.keyboard.press("Enter")
        assert page.evaluate("location.hash") == "#all-failed"


@pytest.mark.parametrize("js", [True, False])
@pytest.mark.parametrize("kind", ["go", "no-go"])
def test_it_prints(opened: Opened, kind: str, js: bool) -> None:  # noqa: FBT001
    try:
        from pypdf import PdfReader
    except ImportError:
        not_at_hand("browser", "pypdf is not installed")
    with opened(kind, js=js) as page:
        run = page.inner_text(".eyebrow b:last-of-type")
        assert re.fullmatch("[0-9a-f]{12}", run)
        pages = [each.extract_text() for each in PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages]
    for number, text in enumerate(pages, 1):
        assert f"run {run}" in text
        assert f"{number} / {len(pages)}" in text
    whole = "\n".join(pages)
    assert sum("Requirements and outcomes" in text for text in pages) > 1
    assert "Given persistence is Cassandra" in whole
    assert all(name in whole for name in READINESS)
    assert "Signature" in pages[0]
    assert "Sorted by" not in whole
    assert re.findall(".{0,9}[\ufb00-\ufb06].{0,9}", whole) == [], "an id with ff, copied from the PDF, would not be found"


@pytest.mark.parametrize("js", [True, False])
def test_hostile_content_is_only_shown(opened: Opened, js: bool) -> None:  # noqa: FBT001
    with opened("hostile", js=js) as page:
        assert page.title().startswith("NO-GO: </script><script>")
        assert page.locator("script").count() == page.locator("style").count() == 1
        assert page.locator("img").count() == 0
        comments = "document.createTreeWalker(document, NodeFilter.SHOW_COMMENT).nextNode()"
        assert page.evaluate(comments) is None
        assert page.locator("h1").is_visible()
        text = page.evaluate("document.body.textContent")
        assert "␛[2J␀[U+202E]evil[U+2066]" in text
        assert "[U+D800]" in text
        assert "{{ 7*7 }}" in text
        assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
        assert "x" * 10_000 not in text
        assert without_halves(reports.HOSTILE) in results(page, js=js)["scope"]["applications"]


def results(page: Page, *, js: bool) -> dict[str, Any]:
    """The results as a person saves them: plain with a script, compressed without."""
    with page.expect_download() as saved:
        page.click("#results")
    data = saved.value.path().read_bytes()
    assert saved.value.suggested_filename.endswith(".json" if js else ".json.gz")
    found: dict[str, Any] = json.loads(data if js else gzip.decompress(data))
    return found


@pytest.mark.parametrize("js", [True, False])
def test_the_results_can_be_saved(opened: Opened, js: bool) -> None:  # noqa: FBT001
    with opened("go", js=js) as page:
        found = results(page, js=js)
        assert (found["schema"], found["verdict"]) == ("orsgate/report/1", "go")
        if js:
            assert results(page, js=js) == found


def test_sizes_and_the_time_to_open(opened: Opened, report: Callable[[str], Path]) -> None:
    assert report("go").stat().st_size <= 80 * 1024
    assert report("large").stat().st_size < 1_000_000
    times = []
    for _ in range(3):
        with opened("large") as page:
            times.append(page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
    assert min(times) < 1_000, times


def test_a_large_estate_is_drawn_readably(opened: Opened) -> None:
    with opened("large", viewport=WIDE) as page:
        page.locator("#estate").scroll_into_view_if_needed()
        assert page.locator(".estate svg").count() == 5
        assert page.locator(".estate text", has_text="18 more pairs, 18 of them with trouble").count() == 4
        heights = page.locator(".estate svg").evaluate_all("all => all.map(node => node.getBoundingClientRect().height)")
        assert max(heights) < 400


@pytest.mark.parametrize("kind", ["no-go", "go"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_for_the_documentation(opened: Opened, kind: str, scheme: str, tmp_path: Path) -> None:
    """Takes them every time, and puts them into docs/ where ORSGATE_WRITE_PICTURES is set (``make pictures``)."""
    name = f"report-{kind}-{scheme}.png"
    with opened(kind, viewport=PICTURE, color_scheme=scheme) as page:
        data = page.screenshot(path=tmp_path / name)
    assert data.startswith(b"\x89PNG")
    assert len(data) < 250_000
    if os.environ.get("ORSGATE_WRITE_PICTURES"):
        IMAGES.mkdir(exist_ok=True)
        (IMAGES / name).write_bytes(data)
    assert (IMAGES / name).is_file()
    assert f"images/{name}" in (IMAGES.parent / "report.md").read_text(encoding="utf-8")
