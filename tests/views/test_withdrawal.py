"""A release that was withdrawn: its pages say why, and nothing is read from it any more."""

from __future__ import annotations

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from surveys.actions.releases import correct, withdraw
from surveys.models import Event, Release, Round, Withdrawal
from surveys.queries.results.released import read
from tests.models.violation import refused_by_trigger
from tests.pages import as_, text_of
from tests.refusals import refusal
from tests.signed import levels, release, release_for_good, submit
from tests.world import World

GIVEN = levels(linked_data=4, shared_platform=3)
REASON = "Two systems were mixed up."


@pytest.fixture
def published(world: World) -> Release:
    """The results of the own system, published."""
    submit(world.assessment, world.approver, GIVEN)
    return release_for_good(world.round)


def overview(made: Release) -> str:
    return reverse("results_overview", args=[made.pk])


def test_the_administrator_withdraws_and_everybody_reads_why(
    world: World, published: Release, client: Client
) -> None:
    address = reverse("withdraw_release", args=[published.pk])
    as_(client, world.administrator)
    assertContains(client.get(address), "This cannot be undone")
    assertContains(client.post(address, {"reason": " "}), "Give a reason")
    assertRedirects(client.post(address, {"reason": REASON}), reverse("results"))

    for who in (world.lead, world.far_lead, world.national_analyst, world.administrator):
        shown = as_(client, who).get(overview(published))
        assert shown.status_code == 410
        assertContains(shown, REASON, status_code=410)
        listed = text_of(client.get(reverse("results")))
        assert "Withdrawn Spring round, published release 1, withdrawn on" in listed
        assert f"Reason: {REASON}" in listed
    assert Event.objects.get(verb="round.results_withdrawn").reason == REASON


@pytest.mark.parametrize(
    "name", ["results_overview_csv", "results_scores_csv", "results_change", "results_gap_csv"]
)
def test_neither_page_nor_file_is_left(world: World, published: Release, client: Client, name: str) -> None:
    as_(client, world.lead).get(overview(published))
    withdraw(by=world.administrator, release_id=published.pk, reason=REASON)
    assert client.get(reverse(name, args=[published.pk])).status_code == 410


def test_what_somebody_has_kept_no_longer_stands(world: World, published: Release, client: Client) -> None:
    etag = as_(client, world.lead).get(overview(published)).headers["ETag"]
    withdraw(by=world.administrator, release_id=published.pk, reason=REASON)
    assert client.get(overview(published), headers={"If-None-Match": etag}).status_code == 410


def test_who_was_not_to_read_it_reads_no_notice(world: World, published: Release, client: Client) -> None:
    withdraw(by=world.administrator, release_id=published.pk, reason=REASON)
    assertRedirects(
        client.get(overview(published)),
        f"/sign-in/?next={overview(published)}",
        fetch_redirect_response=False,
    )
    assert as_(client, world.newcomer).get(overview(published)).status_code == 404
    assertNotContains(client.get(reverse("results")), REASON)
    Round.objects.filter(pk=world.round.pk).update(audience=Round.Audience.PUBLIC)
    assert Client().get(overview(published)).status_code == 410


def test_the_release_before_is_the_newest_again_and_a_correction_can_follow(
    world: World, published: Release, client: Client
) -> None:
    submit(world.assessment, world.approver, {**GIVEN, **levels(linked_data=5)})
    second = correct(by=None, round_id=world.round.pk, note="A level was mistyped.")
    withdraw(by=None, release_id=second.pk, reason=REASON)
    assert read(world.lead, published.pk).head.newer is None
    assertNotContains(as_(client, world.lead).get(overview(published)), "There is a newer release")

    third = correct(by=None, round_id=world.round.pk, note="Now with the right level.")
    assert (third.number, third.kind) == (3, Release.Kind.PUBLISHED)
    assertContains(client.get(reverse("results_correction", args=[third.pk])), "Published release 1")


def test_it_is_withdrawn_once_with_a_reason_and_by_who_manages_rounds(
    world: World, published: Release
) -> None:
    for who in (world.lead, world.national_analyst):
        with pytest.raises(Http404):
            withdraw(by=who, release_id=published.pk, reason=REASON)
    with pytest.raises(Http404):
        withdraw(by=world.administrator, release_id=0, reason=REASON)
    assert refusal(withdraw, by=world.administrator, release_id=published.pk, reason="\u2060") == (
        "Give a reason: everybody who opens these results reads it."
    )
    withdraw(by=world.administrator, release_id=published.pk, reason=REASON)
    assert refusal(withdraw, by=world.administrator, release_id=published.pk, reason=REASON) == (
        "Published release 1 is withdrawn already. Nothing was changed."
    )
    assert Withdrawal.objects.count() == 1


def test_a_provisional_release_can_be_withdrawn_too(world: World, client: Client) -> None:
    submit(world.assessment, world.approver, GIVEN)
    made = release(world.round)
    as_(client, world.administrator)
    assertContains(
        client.get(reverse("publish_round", args=[world.round.pk])),
        reverse("withdraw_release", args=[made.pk]),
    )
    withdraw(by=world.administrator, release_id=made.pk, reason=REASON)
    assert as_(client, world.lead).get(overview(made)).status_code == 410
    assert as_(client, world.newcomer).get(overview(made)).status_code == 404


def test_a_withdrawal_stays_as_it_was_written(world: World, published: Release) -> None:
    row = withdraw(by=world.administrator, release_id=published.pk, reason=REASON)
    with refused_by_trigger("pgtrigger: Cannot update or delete rows from surveys_withdrawal table"):
        Withdrawal.objects.filter(pk=row.pk).update(reason="Never mind.")
