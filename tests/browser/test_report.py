"""The report of a system on paper."""

from __future__ import annotations

import re

from django.urls import reverse

from tests.browser.conftest import OpenPage
from tests.browser.drawing import show_charts
from tests.signed import release_for_good, submit_north
from tests.world import build_world


def test_a_report_is_a_paper_of_four_pages(site: str, open_page: OpenPage) -> None:
    world = build_world()
    submit_north(world)
    made = release_for_good(world.round)
    page = open_page(world.lead)
    page.goto(reverse("results_report", args=[made.pk, world.assessment.pk]))
    show_charts(page)
    paper = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 4
