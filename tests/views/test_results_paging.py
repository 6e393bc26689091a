"""Tables of more systems than a page shows."""

from __future__ import annotations

import csv
import io
import re

from django.test import Client
from django.urls import reverse

from tests.country import make_country
from tests.pages import as_, text_of
from tests.signed import release_for_good
from tests.views.test_results_gap import sent


def test_a_table_of_many_systems_is_parted_and_its_file_is_not(db: None, client: Client) -> None:
    """60 systems: 50 and then 10, in one order, on the overview and on a dimension; what was chosen stays."""
    survey_round, analyst = make_country(60)
    made = release_for_good(survey_round)
    as_(client, analyst)
    for address in (
        reverse("results_overview", args=[made.pk]),
        reverse("results_dimension", args=[made.pk, "data_infrastructure"]),
    ):
        first = client.get(address, {"sort": "name"})
        assert "Systems 1 to 50 of 60. The download has all of them." in text_of(first)
        (link,) = re.findall(r'href="(\?[^"]*)" rel="next"', sent(first))
        second = client.get(address + link.replace("&amp;", "&"))
        assert "Systems 51 to 60 of 60." in text_of(second)
        assert "sort=name" in link
        links = [
            re.findall(rf'href="/results/{made.pk}/systems/(\d+)/"', sent(page)) for page in (first, second)
        ]
        shown = [dict.fromkeys(found) for found in links]
        assert (len(shown[0]), len(shown[1]), len({*shown[0], *shown[1]})) == (50, 10, 60)
    file = sent(client.get(reverse("results_dimension_csv", args=[made.pk, "data_infrastructure"])))
    assert len(list(csv.DictReader(io.StringIO(file)))) == 60


def test_a_country_of_systems_has_no_pages_to_turn(db: None, client: Client) -> None:
    survey_round, analyst = make_country(4)
    made = release_for_good(survey_round)
    page = as_(client, analyst).get(reverse("results_overview", args=[made.pk]))
    assert "The download has all of them" not in text_of(page)
    assert 'rel="next"' not in sent(page)
