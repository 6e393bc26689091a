"""What a new national analyst asks first, answered from the overview in at most three clicks each.

The answers are worked out here from the released scores themselves, and not by what the pages are made of.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import median, quantiles

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from surveys.models import Assessment, Person, Release, ReleasedAnswer, Result
from tests.browser.conftest import OpenPage
from tests.signed import release_for_good
from tests.views.test_results_cost import two_rounds

ENGAGEMENT, RECORDS = "Patient and public engagement", "Shared care records"


@dataclass
class Reader:
    """A window on the overview of the newest release, and how many clicks were made since."""

    page: Page
    made: Release
    clicks: int = 0

    def click(self, name: str) -> None:
        """Follow the first link of this name."""
        self.page.get_by_role("link", name=name, exact=True).first.click()
        self.clicks += 1
        expect(self.page.locator("main h1")).to_be_visible()


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def reader(request: pytest.FixtureRequest, site: str, open_page: OpenPage) -> Reader:
    """The analyst of a country with two rounds, with scripts and without."""
    before, now = two_rounds()
    release_for_good(before)
    made = release_for_good(now)
    analyst = Person.objects.filter(memberships__role="national_analyst").latest("pk")
    page = open_page(analyst, javascript=request.param)
    page.goto(reverse("results_overview", args=[made.pk]))
    return Reader(page, made)


def shown(value: Decimal) -> str:
    return str(value.quantize(Decimal("0.1"), ROUND_HALF_UP))


def scores(made: Release, code: str) -> dict[int, Decimal]:
    """The released scores on a dimension by assessment."""
    rows = Result.objects.filter(release=made, measure="dimension", code=code, score__isnull=False)
    return dict(rows.values_list("assessment_id", "score"))


def names(made: Release) -> dict[str, str]:
    """The scored dimensions by code."""
    content = made.round.questionnaire.content
    codes = Result.objects.filter(release=made, measure="dimension").values_list("code", flat=True)
    return {each.code: each.name for each in content.dimensions if each.code in set(codes)}


def test_where_do_systems_differ_most(reader: Reader) -> None:
    """It is the heading of the overview, and the first line of its table."""
    widths = {}
    for code, name in names(reader.made).items():
        q1, _, q3 = quantiles(scores(reader.made, code).values(), n=4, method="inclusive")
        widths[name] = q3 - q1
    widest = [name for name in widths if widths[name] == max(widths.values())]
    heading = reader.page.locator("main h1").inner_text()
    assert [name for name in widest if f"“{name}”" in heading] == widest
    assert f"{shown(max(widths.values()))} levels" in heading
    table = reader.page.get_by_role("table", name="How systems differ on each dimension")
    assert table.locator("tbody th").first.inner_text() in widest
    assert reader.clicks == 0


def test_which_region_is_behind_on_public_engagement(reader: Reader) -> None:
    code = next(code for code, name in names(reader.made).items() if name == ENGAGEMENT)
    regions = defaultdict(list)
    for row in Assessment.objects.filter(pk__in=scores(reader.made, code)):
        regions[row.region_name].append(scores(reader.made, code)[row.pk])
    medians = {name: shown(median(values)) for name, values in regions.items()}
    behind = sorted(name for name in medians if medians[name] == min(medians.values()))
    reader.click(ENGAGEMENT)
    told = reader.page.get_by_text("By region, the median is lowest in").inner_text()
    found = re.match(r"By region, the median is lowest in (.*) \((\d\.\d)\) and highest in", told)
    assert found is not None
    assert (sorted(re.split(", | and (?!Yorkshire)|; ", found[1])), found[2]) == (
        behind,
        min(medians.values()),
    )
    assert reader.clicks == 1


def test_who_improved_most(reader: Reader) -> None:
    """The first of the largest rises has the largest change of the table."""
    reader.click("Change")
    told = reader.page.get_by_text("The largest rises:").inner_text()
    first = re.match(r"The largest rises: (.*?) \((\+\d\.\d)\)", told)
    assert first is not None
    figure = reader.page.locator("figure").nth(1)
    rows = figure.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent.trim()))"
    )
    changes = {row[0]: Decimal(row[4]) for row in rows if re.fullmatch(r"[+-]?\d\.\d", row[4])}
    assert len(changes) > 30
    assert (changes[first[1]], first[2]) == (max(changes.values()), f"+{max(changes.values())}")
    assert reader.clicks == 1


def test_whom_should_a_system_talk_to_about_shared_care_records(reader: Reader) -> None:
    """From its cell of the table of every system to its answers, and on to who could help."""
    code = next(code for code, name in names(reader.made).items() if name == RECORDS)
    values = scores(reader.made, code)
    lowest = min(values, key=lambda key: values[key])
    offering = ReleasedAnswer.objects.filter(release=reader.made, consent=True).values_list(
        "assessment_id", flat=True
    )
    near = {
        key
        for key in set(offering) & set(values)
        if 1 <= (values[key] - values[lowest]).quantize(Decimal(1), ROUND_HALF_UP) <= 2
    }
    system = Assessment.objects.get(pk=lowest).organisation_name
    answers = reverse("results_answers", args=[reader.made.pk, lowest, code])
    reader.page.locator(f'main table a[href="{answers}"]').click()
    reader.clicks += 1
    reader.click(f"Who could help {system} with this")
    found = {
        int((link.get_attribute("href") or "").rstrip("/").rpartition("/")[2])
        for link in reader.page.locator("main .nhsuk-card h2 a").all()
    }
    assert near
    assert found == near
    assert reader.clicks == 2
