"""The organisation files that the project ships, loaded by the command."""

from __future__ import annotations

import datetime
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Sum
from time_machine import TimeMachineFixture

from surveys.models import Organisation, OrganisationCode, OrganisationName, Population, Succession
from tests.commands.running import refused_by, said_by

pytestmark = pytest.mark.django_db

FILES = Path(settings.BASE_DIR) / "reference" / "organisations"
SYSTEMS = FILES / "ics-2022.csv"
CHANGES = FILES / "icb-changes-2026-04-01.csv"
LAST_DAY, FIRST_DAY = datetime.date(2026, 3, 31), datetime.date(2026, 4, 1)


@pytest.fixture(autouse=True)
def _on_a_day_after_the_change(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC))


def systems(day: datetime.date) -> dict[str, Organisation]:
    """ODS code to system, as open on the day."""
    found = Organisation.objects.filter(kind="ics").as_at(day).open_on(day)
    return {system.ods_code: system for system in found}


def codes(ods_code: str, day: datetime.date) -> str | None:
    return Organisation.objects.as_at(day).get(ods_code=ods_code).ons_code


def test_the_nation_the_regions_and_the_systems() -> None:
    said = said_by("load_organisations", SYSTEMS).splitlines()

    assert said[:3] == [
        str(SYSTEMS),
        "organisations: 50 created, 0 changed, 0 unchanged, 0 errors",
        "  created: England, national body (row 2)",
    ]
    assert said[-2:] == ["systems open on 2022-07-01: 42", "systems open on 2026-11-23: 42"]
    assert Counter(Organisation.objects.values_list("kind", flat=True)) == {
        "national": 1,
        "region": 7,
        "ics": 42,
    }
    regions = Organisation.objects.filter(kind="region").as_at(LAST_DAY).order_by("ods_code")
    assert [(region.ods_code, region.name) for region in regions] == [
        ("Y56", "London"),
        ("Y58", "South West"),
        ("Y59", "South East"),
        ("Y60", "Midlands"),
        ("Y61", "East of England"),
        ("Y62", "North West"),
        ("Y63", "North East and Yorkshire"),
    ]
    names = {region.pk: region.name for region in regions}
    assert Counter(names[system.parent_id] for system in systems(LAST_DAY).values()) == {
        "London": 5,
        "South West": 7,
        "South East": 6,
        "Midlands": 11,
        "East of England": 6,
        "North West": 3,
        "North East and Yorkshire": 4,
    }


def test_populations_add_up_to_the_totals_of_their_sources() -> None:
    said_by("load_organisations", SYSTEMS)

    totals = Population.objects.order_by("measure").values_list("measure", "year").annotate(Sum("people"))
    assert list(totals) == [("registered", 2025, 63_769_849), ("resident", 2022, 57_106_398)]


def test_every_code_is_kept_with_its_time() -> None:
    said_by("load_organisations", SYSTEMS)

    assert codes("QXU", datetime.date(2023, 3, 31)) == "E54000052"
    assert codes("QXU", datetime.date(2023, 4, 1)) == "E54000063"
    assert codes("QNX", datetime.date(2023, 3, 31)) == "E54000053"
    assert codes("QNX", datetime.date(2023, 4, 1)) == "E54000064"
    assert codes("Y61", datetime.date(2024, 3, 31)) == "E40000007"
    assert codes("Y61", datetime.date(2024, 4, 1)) == "E40000013"
    assert codes("Y62", datetime.date(2024, 3, 31)) == "E40000010"
    assert codes("Y62", datetime.date(2024, 4, 1)) == "E40000014"
    assert OrganisationCode.objects.filter(scheme="ods").count() == 49
    assert OrganisationCode.objects.filter(scheme="ons").count() == 53


def test_loading_again_changes_nothing() -> None:
    said_by("load_organisations", SYSTEMS)

    assert said_by("load_organisations", SYSTEMS).splitlines() == [
        str(SYSTEMS),
        "organisations: 0 created, 0 changed, 50 unchanged, 0 errors",
        "systems open on 2022-07-01: 42",
        "systems open on 2026-11-23: 42",
    ]


def test_a_script_can_ask_for_silence() -> None:
    assert said_by("load_organisations", SYSTEMS, "--verbosity", 0) == ""
    assert Organisation.objects.count() == 50


def test_a_dry_run_says_so_and_stores_nothing() -> None:
    assert said_by("load_organisations", SYSTEMS, "--dry-run").splitlines()[:2] == [
        f"{SYSTEMS} (dry run: nothing is stored)",
        "organisations: 50 created, 0 changed, 0 unchanged, 0 errors",
    ]
    assert Organisation.objects.count() == 0


def test_the_changes_of_april_2026() -> None:
    said_by("load_organisations", SYSTEMS)
    said = said_by("load_organisations", CHANGES).splitlines()

    assert said[1] == "organisations: 6 created, 13 changed, 0 unchanged, 0 errors"
    assert "successions: 16 created, 0 changed, 0 unchanged, 0 errors" in said
    assert said[-4:] == [
        "systems open on 2022-07-01: 42",
        "systems open on 2026-03-31: 42",
        "systems open on 2026-04-01: 36",
        "systems open on 2026-11-23: 36",
    ]
    before, after = systems(LAST_DAY), systems(FIRST_DAY)
    assert (len(before), len(after)) == (42, 36)
    assert {after[code].name for code in after.keys() - before.keys()} == {
        "Central East",
        "Essex",
        "Norfolk and Suffolk",
        "Surrey and Sussex",
        "Thames Valley",
        "West and North London",
    }
    assert len(before.keys() - after.keys()) == 12
    assert (codes("QRL", LAST_DAY), codes("QRL", FIRST_DAY)) == ("E54000042", "E54000067")
    assert Organisation.objects.filter(kind="region").open_on(FIRST_DAY).count() == 7
    names = dict(OrganisationName.objects.values_list("organisation_id", "short_name"))
    frimley = Succession.objects.filter(predecessor__codes__code="QNQ").order_by("-population_share")
    assert [(names[step.successor_id], step.kind, step.population_share) for step in frimley] == [
        ("Thames Valley", "split", Decimal("0.588619")),
        ("Hampshire and Isle of Wight", "boundary_transfer", Decimal("0.229339")),
        ("Surrey and Sussex", "split", Decimal("0.182042")),
    ]
    assert Succession.objects.count() == 16
    assert Succession.objects.filter(extent="whole", population_share=1).count() == 9
    assert Succession.objects.filter(population_share=None).count() == 4


def test_both_files_may_be_loaded_again_in_any_order() -> None:
    for file in (SYSTEMS, CHANGES):
        said_by("load_organisations", file)

    assert said_by("load_organisations", CHANGES).splitlines()[1:3] == [
        "organisations: 0 created, 0 changed, 19 unchanged, 0 errors",
        "successions: 0 created, 0 changed, 16 unchanged, 0 errors",
    ]
    assert said_by("load_organisations", SYSTEMS).splitlines()[1] == (
        "organisations: 0 created, 0 changed, 50 unchanged, 0 errors"
    )


def test_the_changes_need_the_organisations_that_they_change() -> None:
    said = refused_by("load_organisations", CHANGES).splitlines()

    assert said[0] == (
        f"{CHANGES}, row 2: No organisation has the code or name “Y61”. "
        "Check it, or add a row for that organisation."
    )
    assert said[-1] == "35 errors. Nothing was stored."
    assert Organisation.objects.count() == 0


def test_a_wrong_file_is_refused_with_its_name_and_row(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("kind,ods_code,name,parent,from\nics,QXU,Surrey,Y59,1/7/22\n", encoding="utf-8")

    assert refused_by("load_organisations", path).splitlines() == [
        (
            f"{path}, row 2, column from: “1/7/22” is not a date that we can read. Write the year, month "
            f"and day as "
            "2026-04-01. A spreadsheet may have changed it: format the column as text before you type the "
            "date."
        ),
        "1 error. Nothing was stored.",
    ]
    assert refused_by("load_organisations", tmp_path / "absent.csv").splitlines() == [
        f"{tmp_path / 'absent.csv'}: There is no such file. Check the path.",
        "1 error. Nothing was stored.",
    ]


def test_a_file_full_of_errors_says_how_many_more_there_are(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    rows = "\n".join(f"trust,Q{number:04d},Name,Y59,2022-07-01" for number in range(150))
    path.write_text(f"kind,ods_code,name,parent,from\n{rows}\n", encoding="utf-8")

    assert refused_by("load_organisations", path).splitlines()[-2:] == [
        "... and 50 more.",
        "150 errors. Nothing was stored.",
    ]
