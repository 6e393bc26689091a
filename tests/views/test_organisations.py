"""Organisations as on a day, and one with its life."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from surveys.models import (
    Affiliation,
    Organisation,
    OrganisationCode,
    OrganisationName,
    Population,
    Succession,
)
from tests.factories import make_nation, make_person, make_system
from tests.pages import as_, text_of
from tests.world import World

TURN = datetime.date(2026, 4, 1)


def test_only_administrators_have_the_pages(client: Client, world: World) -> None:
    paths = ["/organisations/", f"/organisations/{world.own.pk}/"]
    for path in paths:
        assertRedirects(client.get(path), f"/sign-in/?next={path}", fetch_redirect_response=False)
    for who in ("lead", "approver", "regional_analyst", "national_analyst", "newcomer"):
        as_(client, getattr(world, who))
        assert [client.get(path).status_code for path in paths] == [404, 404]
    as_(client, world.administrator)
    assert [client.get(path).status_code for path in paths] == [200, 200]
    assert [client.post(path).status_code for path in paths] == [405, 405]
    assert client.get(f"/organisations/{'9' * 30}/").status_code == 404


def merged(world: World) -> Organisation:
    """The system that own and sister became on 1 April 2026."""
    for system in (world.own, world.sister):
        system.closed_on = TURN - datetime.timedelta(days=1)
        system.save()
    later = make_system(world.north, "Amble and Border")
    later.opened_on = TURN
    later.save()
    Succession.objects.create(
        predecessor=world.own,
        successor=later,
        effective_on=TURN,
        kind="merger",
        extent="whole",
        population_share=1,
    )
    Succession.objects.create(
        predecessor=world.sister,
        successor=later,
        effective_on=TURN,
        kind="split",
        extent="part",
        population_share=Decimal("0.589"),
        share_source="A national file",
    )
    return later


def systems(response: Any) -> list[tuple[str, list[str]]]:
    """The systems of each region on the page."""
    return [
        (group.region.name if group.region else "", [system.name for system in group.systems])
        for group in response.context["directory"].groups
    ]


def test_the_list_is_as_on_the_day_asked_for(client: Client, world: World) -> None:
    merged(world)
    as_(client, world.administrator)
    assert systems(client.get("/organisations/?on=2026-03-31")) == [
        ("North", ["Ambleshire", "Borderland"]),
        ("South", ["Cliffshire"]),
    ]
    assert systems(client.get("/organisations/?on=2026-04-01")) == [
        ("North", ["Amble and Border"]),
        ("South", ["Cliffshire"]),
    ]
    assertContains(client.get("/organisations/?on=1990-01-01"), "No organisation exists on this day.")


@pytest.mark.parametrize(
    "on", ["yesterday", "2026-02-30", "0000-00-00", "%00", "1" * 500, "2026-04-01T00:00"]
)
def test_a_day_that_cannot_be_says_so_and_shows_today(client: Client, world: World, on: str) -> None:
    page = as_(client, world.administrator).get(f"/organisations/?on={on}")
    assertContains(page, "Enter a real date, such as 2026-04-01")
    assert systems(page) == [("North", ["Ambleshire", "Borderland"]), ("South", ["Cliffshire"])]


def test_organisations_without_name_code_or_region_are_listed(client: Client, world: World) -> None:
    OrganisationName.objects.filter(organisation=world.own).delete()
    OrganisationCode.objects.filter(organisation=world.sister).delete()
    Affiliation.objects.filter(organisation__in=[world.own, world.sister]).delete()
    words = text_of(as_(client, world.administrator).get("/organisations/"))
    assert "North " in words
    assert "No system on this day." in words
    assert (
        f"Without a region on this day Borderland (no ODS code) Organisation {world.own.pk} (no name known)"
        in words
    )


def test_nothing_but_a_nation_is_a_page(client: Client, db: None) -> None:
    nation = make_nation()
    as_(client, make_person("Ada Administrator", role="administrator", organisation=nation))
    assertContains(client.get("/organisations/"), "0 systems in 0 regions")
    assertContains(client.get(f"/organisations/{nation.pk}/"), "England")


def test_the_life_of_an_organisation(client: Client, world: World) -> None:
    later = merged(world)
    OrganisationName.objects.filter(organisation=world.own).update(period=DateRange(None, TURN))
    OrganisationName.objects.create(
        organisation=world.own,
        short_name="Renamed",
        official_name="NHS Renamed",
        period=DateRange(TURN, None),
    )
    Population.objects.create(
        organisation=world.own, measure="resident", year=2022, people=1234567, source="An estimate"
    )
    as_(client, world.administrator)
    words = text_of(client.get(f"/organisations/{world.own.pk}/"))
    assert "Kind Integrated care system Exists since 1 July 2022 Last day 31 March 2026" in words
    assert "Ambleshire NHS Ambleshire From The beginning To 31 March 2026" in words
    assert "Renamed NHS Renamed From 1 April 2026 To Still so" in words
    assert "Residents Year 2022 People 1,234,567 Source An estimate" in words
    assert "To Amble and Border on 1 April 2026: merger, whole, 100.0% of the people" in words
    assert "Lena Lead , ICS data lead" in words
    assert "Spring round : not started" in words
    words = text_of(client.get(f"/organisations/{later.pk}/"))
    assert (
        "From Borderland on 1 April 2026: split, part, 58.9% of the people (source: A national file)" in words
    )
    assert "Nobody has a role here." in words


def test_an_organisation_of_which_nothing_is_known_is_a_page(client: Client, world: World) -> None:
    bare = Organisation.objects.create(kind="ics", opened_on=TURN)
    page = as_(client, world.administrator).get(f"/organisations/{bare.pk}/")
    assertContains(page, f"Organisation {bare.pk} (no name known)")


def test_a_name_to_come_or_gone_still_names_the_organisation(client: Client, world: World) -> None:
    """The last name that has begun; before the first one, the first."""
    future = DateRange(datetime.date(2090, 1, 1), None)
    OrganisationName.objects.filter(organisation=world.own).update(period=future)
    OrganisationName.objects.filter(organisation=world.sister).update(period=DateRange(None, TURN))
    as_(client, world.administrator)
    for system, name in ((world.own, "Ambleshire"), (world.sister, "Borderland")):
        assert client.get(f"/organisations/{system.pk}/").context["page"].name == name
