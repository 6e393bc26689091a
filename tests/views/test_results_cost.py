"""What the views of results cost for a country of systems with two rounds."""

from __future__ import annotations

import datetime
import gzip

from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from surveys.models import Assessment, Population, Round
from tests.country import make_country
from tests.factories import make_round
from tests.pages import as_
from tests.signed import release_for_good

YEAR = datetime.timedelta(days=365)


def two_rounds() -> tuple[Round, Round]:
    """A round of 42 systems a year ago, and one now with the same answers, given by the next system."""
    before, _ = make_country(title="Round before")
    Round.objects.filter(pk=before.pk).update(
        opens_at=before.opens_at - YEAR, closes_at=before.closes_at - YEAR
    )
    rows = Assessment.objects.filter(round=before).select_related("organisation").order_by("pk")
    now = make_round(before.questionnaire, *(row.organisation for row in rows), title="This round")
    signed = [row.submissions.get() for row in rows if row.status == Assessment.Status.SUBMITTED]
    for row, copy in zip(Assessment.objects.filter(round=now).order_by("pk"), signed[1:], strict=False):
        copy.pk, copy.assessment = None, row
        copy.save()
    submitted = Assessment.objects.filter(round=now, submissions__isnull=False)
    submitted.update(status=Assessment.Status.SUBMITTED)
    for row in rows:
        Population.objects.create(
            organisation=row.organisation,
            measure="registered",
            year=2025,
            people=400_000 + row.pk * 1_000,
            source="Made up for a test",
        )
    return before, now


def test_each_view_takes_at_most_eight_queries_and_60_kb(
    db: None, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """Once the process has read what never changes."""
    before, now = two_rounds()
    release_for_good(before)
    made = release_for_good(now)
    system = Assessment.objects.filter(round=now).order_by("pk")[3]
    analyst = system.organisation.affiliations.get().parent.affiliations.get().parent.memberships.get().person
    as_(client, analyst)
    addresses = [
        reverse("results_gap", args=[made.pk]) + "?pair=parts-analyst_time_split-strategic_analysis",
        reverse("results_change", args=[made.pk]) + "?dimension=public_engagement",
        reverse("results_compare", args=[made.pk]) + f"?near={system.pk}",
        reverse("results_compare", args=[made.pk]) + "?region=london",
        reverse("results_learn", args=[made.pk]) + f"?system={system.pk}",
        reverse("results_system", args=[made.pk, system.pk]),
        reverse("results_report", args=[made.pk, system.pk]),
    ]
    for address in addresses:
        client.get(address)
        with django_assert_max_num_queries(8):
            page = client.get(address)
        assert page.status_code == 200
        assert len(gzip.compress(page.content)) < 60_000
