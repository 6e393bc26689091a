"""The pages of who takes part in a round that has opened, and what the system's own people see."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from surveys.actions.participants import add_participant, withdraw_participant
from surveys.models import Assessment, Round
from surveys.queries.deadlines import WITHDRAWN, day_in_words
from tests.actions.test_participants import newcomer
from tests.factories import make_system
from tests.pages import as_, text_of
from tests.signed import set_status
from tests.world import World

WHY = "The system merged & left."


def withdraw(world: World) -> None:
    withdraw_participant(by=world.administrator, assessment_id=world.assessment.pk, reason=WHY)


def systems(world: World) -> str:
    return f"/rounds/{world.round.pk}/participants/"


def test_the_page_lists_the_systems_withdrawn_ones_first(client: Client, world: World) -> None:
    add_participant(
        by=world.administrator,
        round_id=world.round.pk,
        organisation_id=newcomer(world).pk,
        reason="It asked to join.",
    )
    withdraw_participant(by=world.administrator, assessment_id=world.far_assessment.pk, reason=WHY)
    page = as_(client, world.administrator).get(systems(world))
    day = day_in_words(timezone.now())
    assert [line.organisation_name for line in page.context["page"].lines] == [
        "Cliffshire",
        "Ambleshire",
        "Borderland",
        "Downland",
    ]
    words = text_of(page)
    assert "3 systems take part, and 1 is withdrawn." in words
    assert f"Withdrawn by Ada Administrator on {day}: The system merged & left." in words
    assert f"Added by Ada Administrator on {day}: It asked to join." in words


def test_many_systems_stand_on_several_pages(client: Client, world: World) -> None:
    for number in range(50):
        system = make_system(world.north, f"System {number:02d}")
        Assessment.objects.create(
            round=world.round,
            organisation=system,
            organisation_name=f"System {number:02d}",
            ods_code=f"Z{number:02d}",
            region=world.north,
            region_name="North",
        )
    page = as_(client, world.administrator).get(f"{systems(world)}?page=2")
    assert [line.organisation_name for line in page.context["page"].lines] == [
        "System 48",
        "System 49",
        "Cliffshire",
    ]
    assert "53 systems take part." in text_of(page)


def test_the_list_takes_as_many_queries_for_many_systems(
    client: Client, world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """Session, person, memberships, twice the round, how many there are, how many take part, the systems."""
    withdraw(world)
    as_(client, world.administrator).get(systems(world))
    with django_assert_max_num_queries(8):
        client.get(systems(world))


def test_a_system_is_added_from_a_list_of_those_that_are_not_in_it(client: Client, world: World) -> None:
    system = newcomer(world)
    as_(client, world.administrator)
    address = f"{systems(world)}add/"
    page = client.get(address)
    _, *groups = page.context["form"].fields["organisation_id"].choices
    assert groups == [("North", [(system.pk, f"Downland ({system.codes.get().code})")])]
    sent = {"organisation_id": str(system.pk), "reason": "It asked to join."}
    assertRedirects(client.post(address, sent), systems(world), fetch_redirect_response=False)
    assertContains(client.get(systems(world)), "Downland takes part from now on.")
    again = client.post(address, sent)
    assertContains(again, "Choose a system from the list. It may have been added meanwhile")
    assertContains(again, "It asked to join.")
    assert Assessment.objects.filter(round=world.round, organisation=system).count() == 1


def test_a_system_that_lacks_something_is_refused_and_the_reason_stays(client: Client, world: World) -> None:
    lonely = make_system(world.north, "Emptyshire")
    page = as_(client, world.administrator).post(
        f"{systems(world)}add/", {"organisation_id": str(lonely.pk), "reason": "It asked to join."}
    )
    assertContains(page, "Emptyshire has no data lead with an active account.")
    assertContains(page, "It asked to join.")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("open", "is in this round."),
        ("published", "The round is at the stage “Published”. A system can be added while a round is open"),
    ],
)
def test_where_nothing_can_be_added_the_page_says_why(
    client: Client, world: World, status: str, said: str
) -> None:
    set_status(world.round, status)
    page = as_(client, world.administrator).get(f"{systems(world)}add/")
    assertContains(page, said)
    assertNotContains(page, "Add the system")


def test_a_system_is_withdrawn_after_a_look_and_takes_part_again(client: Client, world: World) -> None:
    as_(client, world.administrator)
    address = f"/assessments/{world.assessment.pk}/withdraw/"
    back = f"/assessments/{world.assessment.pk}/take-part-again/"
    assertContains(client.get(address), "everything that it answered and signed is kept")
    assertNotContains(client.get(address), "results that are released already stay")
    assertContains(client.get(back), "Ambleshire takes part in this round.")
    assertContains(client.post(address, {"reason": ""}), "Give a reason")
    assertRedirects(client.post(address, {"reason": WHY}), systems(world), fetch_redirect_response=False)
    assertContains(client.get(systems(world)), "Ambleshire is withdrawn from the round.")
    assertContains(client.get(address), "It was withdrawn by Ada Administrator")
    assertContains(client.post(address, {"reason": "Once more"}), "Nothing was changed.")
    assertContains(client.get(back), "It goes on from where it stood: not started.")
    assertRedirects(client.post(back, {"reason": "A misunderstanding."}), systems(world))
    world.assessment.refresh_from_db()
    assert (world.assessment.withdrawn_at, world.assessment.withdrawal_reason) == (None, "")


def test_with_results_out_the_page_says_what_becomes_of_them(client: Client, world: World) -> None:
    set_status(world.round, Round.Status.PUBLISHED)
    page = as_(client, world.administrator).get(f"/assessments/{world.assessment.pk}/withdraw/")
    assertContains(page, "results that are released already stay as they are")


def test_its_people_see_it_on_their_pages_with_the_reason(client: Client, world: World) -> None:
    withdraw(world)
    as_(client, world.lead)
    for address in ("/", f"/assessments/{world.assessment.pk}/"):
        words = text_of(client.get(address))
        assert "by Ada Administrator" in words
        assert "The system merged & left." in words
        assert WITHDRAWN in words
    section = client.get(f"/assessments/{world.assessment.pk}/sections/data_platform/")
    assert WITHDRAWN in text_of(section)
    assertNotContains(section, "Save")


def test_an_added_system_reads_that_it_was_added(client: Client, world: World) -> None:
    made = add_participant(
        by=world.administrator,
        round_id=world.round.pk,
        organisation_id=newcomer(world).pk,
        reason="It asked to join.",
    )
    page = text_of(as_(client, world.administrator).get(f"/assessments/{made.pk}/"))
    day = day_in_words(timezone.now())
    assert f"Ada Administrator added this system to the round on {day}. Reason: It asked to join." in page


def test_staff_see_it_on_the_page_of_the_round_and_another_region_does_not(
    client: Client, world: World
) -> None:
    withdraw(world)
    address = f"/rounds/{world.round.pk}/"
    for who in (world.administrator, world.regional_analyst, world.lead):
        words = text_of(as_(client, who).get(address))
        assert "Withdrawn from this round" in words
        assert "The system merged & left." in words
    assertNotContains(as_(client, world.far_regional_analyst).get(address), "Withdrawn from this round")
    assertContains(as_(client, world.regional_analyst).get(address), "0 of 1")
