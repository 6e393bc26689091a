"""What the tables of organisations refuse, whoever writes."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from surveys.models import (
    Affiliation,
    Organisation,
    OrganisationCode,
    OrganisationName,
    Population,
    Succession,
)
from tests.factories import make_nation, make_organisation, make_region, make_system
from tests.models.violation import violates

DAY = datetime.date(2024, 4, 1)
BEFORE = DateRange(datetime.date(2022, 7, 1), DAY)
SINCE = DateRange(DAY, None)
EMPTY = DateRange(empty=True)

pytestmark = pytest.mark.django_db


def test_an_organisation_changes_its_name_code_and_region_on_a_day() -> None:
    nation = make_nation()
    north, south = make_region(nation, "North"), make_region(nation, "South")
    system = Organisation.objects.create(kind="ics", opened_on=datetime.date(2022, 7, 1))
    for name, code, region, period in (("Old", "QAA", north, BEFORE), ("New", "A1B2C", south, SINCE)):
        OrganisationName.objects.create(
            organisation=system, short_name=name, official_name=f"NHS {name}", period=period
        )
        OrganisationCode.objects.create(organisation=system, scheme="ods", code=code, period=period)
        Affiliation.objects.create(organisation=system, parent=region, period=period)

    def known(day: datetime.date) -> tuple[str, str, str, str | None, int]:
        row = Organisation.objects.as_at(day).get(pk=system.pk)
        return (row.name, row.official_name, row.ods_code, row.ons_code, row.parent_id)

    assert known(DAY - datetime.timedelta(days=1)) == ("Old", "NHS Old", "QAA", None, north.pk)
    assert known(DAY) == ("New", "NHS New", "A1B2C", None, south.pk)


def test_the_closing_day_is_the_last_day_of_an_organisation() -> None:
    system = Organisation.objects.create(kind="ics", opened_on=DAY, closed_on=datetime.date(2026, 3, 31))

    def is_open(day: datetime.date) -> bool:
        return Organisation.objects.open_on(day).filter(pk=system.pk).exists()

    days = [DAY - datetime.timedelta(days=1), DAY, datetime.date(2026, 3, 31), datetime.date(2026, 4, 1)]
    assert [is_open(day) for day in days] == [False, True, True, False]


def test_kind_and_life_of_an_organisation() -> None:
    with violates("organisation_kind_known"):
        Organisation.objects.create(kind="club", opened_on=DAY)
    with violates("organisation_closes_after_opening"):
        Organisation.objects.create(kind="ics", opened_on=DAY, closed_on=datetime.date(2024, 3, 31))


def test_names_of_an_organisation() -> None:
    system = make_organisation("ics", "Ambleshire")
    with violates("organisation_one_name_at_a_time"):
        OrganisationName.objects.create(
            organisation=system, short_name="Other", official_name="Other", period=SINCE
        )
    other = Organisation.objects.create(kind="ics", opened_on=DAY)
    with violates("organisation_name_not_blank"):
        OrganisationName.objects.create(
            organisation=other, short_name="", official_name="Other", period=SINCE
        )
    with violates("organisation_name_period_not_empty"):
        OrganisationName.objects.create(
            organisation=other, short_name="Other", official_name="Other", period=EMPTY
        )


def test_codes_of_an_organisation() -> None:
    system = make_organisation("ics", "Ambleshire", "QAA")
    other = Organisation.objects.create(kind="ics", opened_on=DAY)
    with violates("organisation_one_code_at_a_time"):
        OrganisationCode.objects.create(organisation=system, scheme="ods", code="QBB", period=SINCE)
    with violates("organisation_code_held_by_one"):
        OrganisationCode.objects.create(organisation=other, scheme="ods", code="QAA", period=SINCE)
    for scheme, code in (("ods", "QB"), ("ods", "QBBB"), ("ods", "qbb"), ("ons", "QBB"), ("nhs", "QBB")):
        with violates("organisation_code_well_formed"):
            OrganisationCode.objects.create(organisation=other, scheme=scheme, code=code, period=SINCE)
    with violates("organisation_code_period_not_empty"):
        OrganisationCode.objects.create(organisation=other, scheme="ods", code="QBB", period=EMPTY)
    OrganisationCode.objects.create(organisation=system, scheme="ons", code="E54000001", period=SINCE)


def test_parents_of_an_organisation() -> None:
    nation = make_nation()
    region = make_region(nation)
    system = make_system(region)
    with violates("organisation_one_parent_at_a_time"):
        Affiliation.objects.create(organisation=system, parent=nation, period=SINCE)
    with violates("organisation_not_its_own_parent"):
        Affiliation.objects.create(organisation=nation, parent=nation, period=SINCE)
    with violates("affiliation_period_not_empty"):
        Affiliation.objects.create(organisation=nation, parent=region, period=EMPTY)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"measure": "guessed"}, "population_measure_known"),
        ({"people": 0}, "population_above_zero"),
        ({"year": 1900}, "population_year_plausible"),
        ({}, "population_once_a_year"),
    ],
)
def test_populations(changes: dict[str, object], constraint: str) -> None:
    system = make_organisation("ics", "Ambleshire")
    values = {"measure": "resident", "year": 2022, "people": 10, "source": "A source"}
    Population.objects.create(organisation=system, **values)
    with violates(constraint):
        Population.objects.create(organisation=system, **(values | changes))


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"kind": "rename"}, "succession_kind_known"),
        ({"extent": "part", "population_share": Decimal("1.5")}, "succession_share_is_a_share"),
        ({"extent": "part", "population_share": Decimal(0)}, "succession_share_is_a_share"),
        ({"population_share": Decimal("0.5")}, "succession_whole_takes_all"),
        ({}, "succession_once_a_day"),
    ],
)
def test_successions(changes: dict[str, object], constraint: str) -> None:
    old, new = make_organisation("ics", "Old"), make_organisation("ics", "New")
    values = {"kind": "merger", "extent": "whole", "population_share": Decimal(1), "effective_on": DAY}
    Succession.objects.create(predecessor=old, successor=new, **values)
    with violates(constraint):
        Succession.objects.create(predecessor=old, successor=new, **(values | changes))


def test_an_organisation_does_not_succeed_itself() -> None:
    system = make_organisation("ics", "Ambleshire")
    with violates("succession_to_another_organisation"):
        Succession.objects.create(
            predecessor=system, successor=system, kind="split", extent="part", effective_on=DAY
        )
