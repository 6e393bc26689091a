"""The deciles of three rounds, as they are drawn."""

from __future__ import annotations

from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.reading import cells
from tests.earlier import earlier_round
from tests.signed import levels, release_for_good, submit
from tests.world import build_world

LOW = levels(linked_data=2, shared_platform=1, training=2, recruitment=2)
HIGH = levels(linked_data=4, shared_platform=5, training=2, recruitment=2)

HEIGHTS = """chart => {
  const { yaxis } = chart._fullLayout;
  const top = chart.querySelector(".main-svg").getBoundingClientRect().top + yaxis._offset;
  const trace = [...chart.querySelectorAll(".cartesianlayer .trace")]
    .find((each) => each.__data__[0].trace.name === "Median");
  return [...trace.querySelectorAll(".point")].map((point) => {
    const { top: above, bottom } = point.getBoundingClientRect();
    return yaxis.p2l((above + bottom) / 2 - top);
  });
}"""


def test_the_median_of_each_round_stands_where_its_table_says(site: str, open_page: OpenPage) -> None:
    world = build_world()
    for years, given in ((2, LOW), (1, HIGH)):
        rounds = earlier_round(world, {world.own: given, world.far: LOW}, title=f"Round {years}", years=years)
        release_for_good(rounds)
    submit(world.assessment, world.approver, HIGH)
    submit(world.far_assessment, world.far_approver, HIGH)
    made = release_for_good(world.round)
    page = open_page(world.lead)
    page.goto(reverse("results_change", args=[made.pk]) + "?dimension=data_platform")
    figure = page.locator("figure").last
    chart = figure.locator(".app-figure__chart")
    chart.scroll_into_view_if_needed()
    expect(chart.locator(".main-svg").first).to_be_visible()
    medians = [float(row[6]) for row in cells(figure.locator("table"))[1:]]
    assert medians == [1.5, 3.0, 4.5]
    assert [round(height, 1) for height in chart.evaluate(HEIGHTS)] == medians
