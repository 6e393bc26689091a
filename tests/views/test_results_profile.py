"""The profile of a system and its report: sentence, table, chart and file have the same numbers."""

from __future__ import annotations

import csv
import io

from django.test import Client
from django.urls import reverse

from tests.pages import as_, text_of
from tests.signed import levels, release_for_good, submit
from tests.views.test_results_gap import chart, sent
from tests.world import World


def test_sentence_table_chart_file_and_report_have_the_same_numbers(world: World, client: Client) -> None:
    """Own 3.5 and 2.5, sister 2.5 and 4.5: against the median of both, own is +0.5 and -1.0."""
    submit(
        world.assessment, world.approver, levels(linked_data=4, shared_platform=3, training=2, recruitment=3)
    )
    submit(
        world.sister_assessment,
        world.sister_approver,
        levels(linked_data=2, shared_platform=3, training=5, recruitment=4),
    )
    made = release_for_good(world.round)
    keys = [made.pk, world.assessment.pk]
    page = as_(client, world.lead).get(reverse("results_system", args=keys))
    report = client.get(reverse("results_report", args=keys))
    file = csv.DictReader(io.StringIO(sent(client.get(reverse("results_system_csv", args=keys)))))
    rows = {row["name"]: row for row in file if row["measure"] == "dimension"}
    assert {name: row["score"] for name, row in rows.items()} == {
        "Data platform": "3.5000",
        "Skills": "2.5000",
    }
    assert (rows["Skills"]["median"], rows["Skills"]["q1"], rows["Skills"]["q3"]) == (
        "3.50000",
        "3.000000",
        "4.000000",
    )
    drawn = chart(page, "profile")
    assert (drawn["This system"]["x"], drawn["Median of systems"]["x"]) == ([3.5, 2.5], [3.0, 3.5])
    assert chart(report, "profile") == drawn
    both = (text_of(page), text_of(report))
    for told in (
        "furthest above on “Data platform” and furthest below on “Skills”, against the median of all systems",
        "Furthest above their median Data platform : +0.5 levels",
        "Furthest below their median Skills : -1.0 levels",
        "Skills 2.5 2 of 2 2.7 3.0 3.5 4.0 4.3 3.5",
    ):
        assert [told in each for each in both] == [True, True]
    assert "Skills 2.5 2 of 2 3.5 (2 of 3) 3.0 to 4.0 2.7 to 4.3 3.5 (2 of 2)" in both[0]
