"""Loading organisations: the new is added, the same is left alone, and the past stays as it was."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from django.http import Http404
from time_machine import TimeMachineFixture

from surveys.actions.organisation_statements import Figure, State, Statements, Step
from surveys.actions.organisations import Load, OpenCount, Outcome, load
from surveys.actions.row_problems import RowsRefused
from surveys.models import Event, Organisation, OrganisationCode, OrganisationName, Population, Succession
from tests.factories import make_nation, make_person

pytestmark = pytest.mark.django_db

START = datetime.date(2022, 7, 1)
LAST = datetime.date(2026, 3, 31)
CHANGE = datetime.date(2026, 4, 1)
TODAY = datetime.date(2026, 11, 23)

NATION = State(2, START, kind="national", name="England", opens=True)
REGION = State(3, START, "Y59", "region", "South East", ons_code="E40000005", parent="England", opens=True)
FRIMLEY = State(
    4, START, "QNQ", "ics", "Frimley", "NHS Frimley Integrated Care Board", "E54000034", "Y59", opens=True
)
SUSSEX = State(
    5,
    START,
    "QNX",
    "ics",
    "Sussex",
    "NHS Sussex Integrated Care Board",
    "E54000053",
    "Y59",
    opened_on=START,
    populations=(Figure("registered", 2025, 1_859_376, "A list"),),
    opens=True,
)
COUNTRY = (NATION, REGION, FRIMLEY, SUSSEX)
THAMES = State(2, CHANGE, "S0E4D", "ics", "Thames Valley", ons_code="E54000070", parent="Y59", opens=True)
FRIMLEY_ENDS = State(3, LAST, "QNQ", closed_on=LAST)


@pytest.fixture(autouse=True)
def _on_a_day_after_the_change(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC))


def say(*states: State, steps: tuple[Step, ...] = (), dry_run: bool = False) -> Load:
    return load(by=None, statements=Statements("file.csv", states, steps), dry_run=dry_run)


def problems(*states: State, steps: tuple[Step, ...] = ()) -> tuple[str, ...]:
    before = rows()
    with pytest.raises(RowsRefused) as refused:
        say(*states, steps=steps)
    assert rows() == before
    return tuple(str(problem) for problem in refused.value.problems)


def rows() -> tuple[int, ...]:
    tables = (Organisation, OrganisationName, OrganisationCode, Population, Succession, Event)
    return tuple(table._default_manager.count() for table in tables)


def statuses(load: Load) -> dict[str, str]:
    return {outcome.what: outcome.status for outcome in load.organisations}


def as_at(day: datetime.date) -> dict[str, tuple[str, str | None, str | None, str | None]]:
    """Name to ODS code, ONS code, official name and the parent's name, of what is open on the day."""
    organisations = list(Organisation.objects.as_at(day).open_on(day))
    names = {organisation.pk: organisation.name for organisation in organisations}
    return {
        row.name: (row.ods_code, row.ons_code, row.official_name, names.get(row.parent_id))
        for row in organisations
    }


def test_a_country_is_loaded_whatever_the_order_of_its_rows() -> None:
    report = say(*reversed(COUNTRY))

    assert statuses(report) == {
        "England, national body": "created",
        "South East (Y59), region": "created",
        "Frimley (QNQ), integrated care system": "created",
        "Sussex (QNX), integrated care system": "created",
    }
    assert report.open_systems == (OpenCount(START, 2), OpenCount(TODAY, 2))
    assert as_at(START) == {
        "England": (None, None, "England", None),
        "South East": ("Y59", "E40000005", "South East", "England"),
        "Frimley": ("QNQ", "E54000034", "NHS Frimley Integrated Care Board", "South East"),
        "Sussex": ("QNX", "E54000053", "NHS Sussex Integrated Care Board", "South East"),
    }
    assert as_at(START - datetime.timedelta(days=1)) == {}
    assert list(Population.objects.values_list("measure", "year", "people", "source")) == [
        ("registered", 2025, 1_859_376, "A list")
    ]


def test_the_same_file_again_changes_nothing() -> None:
    say(*COUNTRY)
    before = rows()

    assert set(statuses(say(*COUNTRY)).values()) == {"unchanged"}
    assert rows() == before


def test_a_dry_run_reports_and_stores_nothing() -> None:
    report = say(*COUNTRY, dry_run=True)

    assert set(statuses(report).values()) == {"created"}
    assert report.open_systems == (OpenCount(START, 2), OpenCount(TODAY, 2))
    assert rows() == (0, 0, 0, 0, 0, 0)


def test_what_was_added_and_changed_is_in_the_audit_trail() -> None:
    say(*COUNTRY)
    say(State(2, datetime.date(2023, 4, 1), "QNX", ons_code="E54000064"))

    latest = Event.objects.first()
    assert latest is not None
    assert (latest.person_name, latest.verb, latest.subject, latest.detail) == (
        "command line",
        "organisation.changed",
        "Sussex (QNX)",
        {"file": "file.csv", "changes": ["ONS code E54000064 from 2023-04-01 (was E54000053)"]},
    )
    assert sorted(Event.objects.values_list("verb", "subject")) == [
        ("organisation.added", "England"),
        ("organisation.added", "Frimley (QNQ)"),
        ("organisation.added", "South East (Y59)"),
        ("organisation.added", "Sussex (QNX)"),
        ("organisation.changed", "Sussex (QNX)"),
    ]


def test_only_people_who_look_after_organisations_may_load_them() -> None:
    nation = make_nation()
    lead = make_person("Lena Lead", role="national_analyst", organisation=nation)

    with pytest.raises(Http404):
        load(by=lead, statements=Statements("file.csv", COUNTRY))

    administrator = make_person("Ada Administrator", role="administrator", organisation=nation)
    load(by=administrator, statements=Statements("file.csv", (REGION,)))
    assert list(Event.objects.values_list("person_name", "subject")) == [
        ("Ada Administrator", "South East (Y59)")
    ]


def test_a_code_changes_from_its_day_on_and_the_past_keeps_the_earlier_one() -> None:
    say(*COUNTRY)
    say(State(2, datetime.date(2023, 4, 1), "QNX", ons_code="E54000064"))

    assert as_at(datetime.date(2023, 3, 31))["Sussex"][1] == "E54000053"
    assert as_at(datetime.date(2023, 4, 1))["Sussex"][1] == "E54000064"
    assert set(statuses(say(*COUNTRY)).values()) == {"unchanged"}


def test_a_system_moves_to_another_region() -> None:
    south = State(2, START, "Y58", "region", "South West", parent="england", opens=True)
    say(*COUNTRY, south)
    say(State(2, CHANGE, "QNQ", parent="south west"))

    assert as_at(LAST)["Frimley"][3] == "South East"
    assert as_at(CHANGE)["Frimley"][3] == "South West"


def test_a_name_changes_with_its_official_name() -> None:
    say(*COUNTRY)

    assert problems(State(2, CHANGE, "QNQ", name="Frimley and Slough")) == (
        (
            "row 2: The record calls Frimley (QNQ) by another name, and the official name is blank. "
            "Give the official name as well."
        ),
    )
    say(State(2, CHANGE, "QNQ", name="Frimley and Slough", official_name="NHS Frimley and Slough"))

    assert as_at(LAST)["Frimley"][2] == "NHS Frimley Integrated Care Board"
    assert as_at(CHANGE)["Frimley and Slough"][2] == "NHS Frimley and Slough"
    assert set(statuses(say(State(2, CHANGE, "QNQ", name="Frimley and Slough"))).values()) == {"unchanged"}


def test_the_nation_gets_a_code_when_one_is_known() -> None:
    say(*COUNTRY)

    assert statuses(say(State(2, CHANGE, "Z99", "national", "England", opens=True))) == {
        "England (Z99), national body": "changed"
    }
    assert as_at(CHANGE)["England"][0] == "Z99"


def test_a_revised_population_is_reported_with_the_figure_before() -> None:
    say(*COUNTRY)

    report = say(replace(SUSSEX, populations=(Figure("registered", 2025, 1_860_000, "A later list"),)))

    assert report.organisations == (
        Outcome(
            (5,),
            "Sussex (QNX), integrated care system",
            "changed",
            ("registered population of 2025: 1,860,000 (was 1,859,376 from A list)",),
        ),
    )
    assert list(Population.objects.values_list("people", "source")) == [(1_860_000, "A later list")]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (
            replace(SUSSEX, ons_code="E54000064"),
            (
                "The record gives Sussex (QNX) the ONS code E54000053 from 2022-07-01. The file says "
                "E54000064 from "
                "2022-07-01. The past is not rewritten. To record a change, give in “from” the day on "
                "which it "
                "began, later than every change that is recorded."
            ),
        ),
        (
            replace(SUSSEX, name="Sussex Coast", official_name="NHS Sussex Coast"),
            (
                "The record gives Sussex (QNX) the name Sussex (NHS Sussex Integrated Care Board) from "
                "2022-07-01. "
                "The file says Sussex Coast (NHS Sussex Coast) from 2022-07-01. The past is not "
                "rewritten. To record "
                "a change, give in “from” the day on which it began, later than every change that is "
                "recorded."
            ),
        ),
        (
            replace(SUSSEX, opened_on=datetime.date(2021, 4, 1)),
            (
                "The record says that Sussex (QNX) opened on 2022-07-01, the file 2021-04-01. "
                "The past is not rewritten. Check the date."
            ),
        ),
        (
            State(5, datetime.date(2021, 4, 1), "QNX", ons_code="E54000001"),
            "Sussex (QNX) opened on 2022-07-01, after 2021-04-01. Check the dates.",
        ),
        (
            replace(SUSSEX, kind="region"),
            (
                "Sussex (QNX) is recorded as: integrated care system. An organisation's kind never changes. "
                "Check the code."
            ),
        ),
        (
            replace(SUSSEX, ons_code="E54000034", since=CHANGE),
            "The ONS code E54000034 is that of Frimley (QNQ). A code belongs to one organisation at a time.",
        ),
        (
            State(5, CHANGE, "QNX", name="frimley", official_name="NHS Frimley"),
            "Frimley (QNQ) is already called “frimley”. Check the ODS code and the name.",
        ),
        (
            State(5, CHANGE, "QQQ", ons_code="E54000064"),
            (
                "No organisation has the ODS code QQQ. Check the code. A new organisation needs a row that "
                "opens it."
            ),
        ),
        (
            State(5, CHANGE, "QQQ", "ics", opens=True),
            "QQQ is new and says nothing in: name, parent. Fill these in; if it is not new, check its code.",
        ),
        (
            replace(SUSSEX, ods_code="QNY", ons_code=""),
            "Sussex (QNX) is already called “Sussex”. Check the ODS code and the name.",
        ),
        (
            State(5, CHANGE, "QNX", parent="Y99"),
            "No organisation has the code or name “Y99”. Check it, or add a row for that organisation.",
        ),
        (
            State(5, CHANGE, "QNX", parent="QNQ"),
            (
                "Frimley (QNQ) cannot be the parent of Sussex (QNX). "
                "A region belongs to the nation, and a system to a region."
            ),
        ),
        (
            State(5, LAST, "QNX", closed_on=datetime.date(2022, 6, 30)),
            (
                "Sussex (QNX) cannot close on 2022-06-30: the record says something of it from 2022-07-01. "
                "Check the date."
            ),
        ),
    ],
)
def test_what_would_rewrite_the_past_or_cannot_be_is_refused(state: State, expected: str) -> None:
    say(*COUNTRY)

    assert problems(state) == (f"row 5: {expected}",)


def test_every_problem_is_told_and_nothing_of_the_file_is_stored() -> None:
    wrong_parent = replace(SUSSEX, parent="Y99")
    wrong_name = replace(FRIMLEY, name="", row=9)

    assert problems(NATION, REGION, wrong_parent, wrong_name) == (
        "row 5: No organisation has the code or name “Y99”. Check it, or add a row for that organisation.",
        "row 9: QNQ is new and says nothing in: name. Fill these in; if it is not new, check its code.",
    )


def test_a_change_cannot_be_put_before_one_that_is_recorded() -> None:
    say(*COUNTRY)
    say(State(2, datetime.date(2023, 4, 1), "QNX", ons_code="E54000064"))

    assert problems(State(2, datetime.date(2022, 12, 1), "QNX", ons_code="E54000099")) == (
        (
            "row 2: The record gives Sussex (QNX) the ONS code E54000053 from 2022-07-01 to 2023-04-01. "
            "The file says "
            "E54000099 from 2022-12-01. The past is not rewritten. To record a change, give in “from” the "
            "day on "
            "which it began, later than every change that is recorded."
        ),
    )


def test_nothing_is_put_before_the_record_of_it_begins() -> None:
    say(NATION, REGION, replace(SUSSEX, since=datetime.date(2023, 1, 1)))

    assert problems(State(2, datetime.date(2022, 8, 1), "QNX", ons_code="E54000053")) == (
        (
            "row 2: The record gives Sussex (QNX) the ONS code E54000053 from 2023-01-01. The file says "
            "E54000053 from 2022-08-01. The past is not rewritten. To record a change, give in “from” the "
            "day on "
            "which it began, later than every change that is recorded."
        ),
    )


def test_two_organisations_with_one_name_must_be_told_apart_by_code() -> None:
    london = State(6, START, "Y56", "region", "London", parent="England", opens=True)
    london_system = State(7, START, "QLO", "ics", "London", parent="Y56", opens=True)
    say(*COUNTRY, london, london_system)

    assert problems(State(2, CHANGE, "QNX", parent="London")) == (
        "row 2: More than one organisation is called “London”. Give its ODS code.",
    )


def test_one_system_ends_and_another_begins() -> None:
    say(*COUNTRY)
    step = Step(4, CHANGE, "QNQ", "S0E4D", "split", "part", Decimal("0.588619"), "A list")
    transfer = Step(5, CHANGE, "QNQ", "QNX", "boundary_transfer", "part", Decimal("0.411381"), "A list")

    report = say(THAMES, FRIMLEY_ENDS, steps=(step, transfer))

    assert statuses(report) == {
        "Thames Valley (S0E4D), integrated care system": "created",
        "Frimley (QNQ), integrated care system": "changed",
    }
    assert report.successions == (
        Outcome((4,), "Frimley (QNQ) to Thames Valley (S0E4D) on 2026-04-01: split, part", "created"),
        Outcome((5,), "Frimley (QNQ) to Sussex (QNX) on 2026-04-01: boundary transfer, part", "created"),
    )
    assert [(count.day.isoformat(), count.systems) for count in report.open_systems] == [
        ("2022-07-01", 2),
        ("2026-03-31", 2),
        ("2026-04-01", 2),
        ("2026-11-23", 2),
    ]
    assert sorted(as_at(LAST)) == ["England", "Frimley", "South East", "Sussex"]
    assert sorted(as_at(CHANGE)) == ["England", "South East", "Sussex", "Thames Valley"]
    assert list(Succession.objects.order_by("pk").values_list("population_share", flat=True)) == [
        Decimal("0.588619"),
        Decimal("0.411381"),
    ]
    again = say(THAMES, FRIMLEY_ENDS, steps=(step, transfer))
    assert set(statuses(again).values()) == {"unchanged"}
    assert {outcome.status for outcome in again.successions} == {"unchanged"}
    assert set(statuses(say(*COUNTRY)).values()) == {"unchanged"}


def test_a_whole_organisation_passes_on_all_its_people() -> None:
    say(*COUNTRY)
    say(THAMES, FRIMLEY_ENDS, steps=(Step(4, CHANGE, "QNQ", "S0E4D", "merger", "whole"),))

    assert list(Succession.objects.values_list("kind", "extent", "population_share")) == [
        ("merger", "whole", Decimal(1))
    ]
    event = Event.objects.get(verb="organisation.successions_added")
    assert event.detail["successions"] == [
        "Frimley (QNQ) to Thames Valley (S0E4D) on 2026-04-01: merger, whole"
    ]


MERGER = Step(6, CHANGE, "QNQ", "S0E4D", "merger", "whole")
SPLIT = Step(7, CHANGE, "QNQ", "QNX", "split", "part", Decimal("0.7"), "A list")


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (
            (replace(MERGER, successor="QNQ"),),
            "row 6: Frimley (QNQ) cannot succeed itself. Give the ODS code of the later organisation.",
        ),
        (
            (replace(MERGER, successor="QQQ"),),
            (
                "row 6: No organisation has the code or name “QQQ”. Check it, or add a row for that "
                "organisation."
            ),
        ),
        (
            (replace(MERGER, effective_on=datetime.date(2026, 5, 1)),),
            "row 6: Frimley (QNQ) does not exist on the day before 2026-05-01. Check the date.",
        ),
        (
            (replace(MERGER, effective_on=LAST),),
            "row 6: Thames Valley (S0E4D) does not exist on 2026-03-31. Check the date.",
        ),
        (
            (replace(MERGER, predecessor="QNX"),),
            (
                "row 6: Sussex (QNX) goes on after 2026-04-01, so this is not a merger. "
                "Add a row that ends Sussex (QNX) on that day, or record a boundary_transfer."
            ),
        ),
        (
            (MERGER, SPLIT),
            "row 7: Frimley (QNQ) cannot go whole to one and also to another. Check the extents.",
        ),
        (
            (replace(SPLIT, row=6, successor="S0E4D"), SPLIT),
            "row 7: The shares of Frimley (QNQ) add up to 1.4, more than 1. Check the shares.",
        ),
        (
            (MERGER, replace(MERGER, row=8, kind="split", extent="part", share=None)),
            (
                "row 8: This succession is recorded as: merger, whole, 1. The past is not rewritten. Check "
                "the row."
            ),
        ),
    ],
)
def test_a_succession_that_cannot_be_is_refused(steps: tuple[Step, ...], expected: str) -> None:
    say(*COUNTRY)

    assert problems(THAMES, FRIMLEY_ENDS, steps=steps) == (expected,)


def test_a_closed_organisation_stays_closed() -> None:
    say(*COUNTRY)
    say(FRIMLEY_ENDS)

    assert problems(replace(FRIMLEY_ENDS, closed_on=START)) == (
        (
            "row 3: The record says that Frimley (QNQ) closed on 2026-03-31; the file says 2022-07-01. "
            "The past is not rewritten. Check the date."
        ),
    )
    assert problems(State(2, CHANGE, "QNQ", ons_code="E54000099")) == (
        "row 2: Frimley (QNQ) closed on 2026-03-31, before 2026-04-01. Check the code and the date.",
    )
    assert problems(State(2, CHANGE, "QNX", parent="QNQ")) == (
        (
            "row 2: Frimley (QNQ) cannot be the parent of Sussex (QNX). "
            "A region belongs to the nation, and a system to a region."
        ),
    )


def test_a_region_cannot_end_while_systems_belong_to_it() -> None:
    say(*COUNTRY)
    region_ends = State(2, LAST, "Y59", closed_on=LAST)
    south = State(3, CHANGE, "Y58", "region", "South", parent="England", opens=True)
    moved = State(4, CHANGE, "QNX", parent="Y58")

    assert problems(region_ends, south, moved) == (
        (
            "row 2: South East (Y59) closes on 2026-03-31, and these still belong to it after that day: "
            "Frimley (QNQ). Give each another parent from that day."
        ),
    )
    say(region_ends, south, moved, replace(moved, row=5, ods_code="QNQ"))

    assert as_at(CHANGE)["Frimley"][3] == "South"
    assert problems(State(6, CHANGE, "QNX", parent="Y59")) == (
        "row 6: South East (Y59) does not exist on 2026-04-01. Check the parent and the date.",
    )
