# SPDX-License-Identifier: Apache-2.0
"""The policy of the pages: exactly their own style sheet, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from orsgate.estate.differences import Difference
from orsgate.estate.items import Aspect, Key, Value
from orsgate.estate.judgement import Outcome
from orsgate.reporting.comparison.html import page_of as comparison_page
from orsgate.reporting.comparison.model import ComparedSide, Comparison
from orsgate.reporting.history.comparing import difference_between
from orsgate.reporting.history.html_diff import page_of as diff_page
from orsgate.reporting.history.html_history import page_of as history_page
from orsgate.reporting.history.timeline import History
from orsgate.rules.planned import Classified, unplanned
from tests.reporting.history.stored import START, result, run
from tests.reporting.history.test_history import NOW, outcomes
from tests.reporting.pages import Page


@pytest.fixture(params=["diff", "history", "comparison"])
def source(request: pytest.FixtureRequest) -> str:
    if request.param == "diff":
        found = difference_between(run(result(Outcome.PASS)), run(result(Outcome.FAIL), days=1))
        return "".join(diff_page(found, ("a.json", "b.json")))
    if request.param == "comparison":
        states = ComparedSide("before", START), ComparedSide("after")
        differing = Difference(Key("ORS_1", Aspect.OPTION, "log/verbose"), Value("standard"), Value("debug", "ORS_1.cfg:3"))
        return "".join(comparison_page(Comparison(*states, "Sample", (Classified(differing, unplanned()),))))
    return "".join(history_page(History("runs", NOW, (outcomes(Outcome.FAIL, Outcome.PASS),), (), ())))


def test_the_policy_lets_in_the_style_sheet_by_its_digest_and_nothing_else(source: str) -> None:
    (style,) = re.findall(r"<style>(.*?)</style>", source, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = [each["content"] for each in Page(source).all("meta") if each.get("http-equiv") == "Content-Security-Policy"]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_nothing_comes_from_elsewhere_and_no_style_stands_beside_the_sheet(source: str) -> None:
    page = Page(source)
    for name, attributes in page.elements:
        assert name not in {"script", "link", "img", "iframe", "object"}
        assert not {"src", "style", "srcset"} & set(attributes)
        assert not any(key.startswith("on") for key in attributes)
        assert str(attributes.get("href", "#")).startswith("#")
    assert "url(" not in source


def test_every_link_leads_somewhere_and_every_id_is_there_once(source: str) -> None:
    page = Page(source)
    assert len(set(page.ids)) == len(page.ids)
    assert {str(each["href"])[1:] for each in page.all("a")} <= set(page.ids)


def test_every_table_has_a_caption_and_heads(source: str) -> None:
    page = Page(source)
    assert len(page.all("table")) == len(page.all("caption")) == len(page.all("thead")) > 0
