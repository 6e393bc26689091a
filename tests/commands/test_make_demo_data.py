"""The command that `make demo` runs."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from surveys.models import Round
from tests.commands.running import refused_by, said_by
from tests.factories import make_nation, make_region, make_system, publish_content

pytestmark = pytest.mark.django_db

PASSWORD = "plenty-of-syllables"
ACCOUNTS = [
    "  Accounts to sign in with, each with the password plenty-of-syllables",
    "    contributor@ambleshire.example  Contributor, Ambleshire",
    "    lead@ambleshire.example         ICS data lead, Ambleshire",
    "    approver@ambleshire.example     Approver, Ambleshire",
    "    contributor@cliffshire.example  Contributor, Cliffshire",
    "    lead@cliffshire.example         ICS data lead, Cliffshire",
    "    approver@cliffshire.example     Approver, Cliffshire",
    "    analyst@north.example           Regional analyst, North",
    "    analyst@ruritania.example       National analyst, Ruritania",
    "    administrator@ruritania.example  Programme administrator, Ruritania",
]


@pytest.fixture
def small_country() -> None:
    nation = make_nation("Ruritania")
    make_system(make_region(nation, "North"), "Ambleshire")
    make_system(make_region(nation, "South"), "Cliffshire")
    publish_content()


def test_it_says_what_it_makes_and_how_to_sign_in(small_country: None, settings: Settings) -> None:
    settings.DEMO = True

    said = said_by("make_demo_data", "--password", PASSWORD).splitlines()

    assert said[:2] == [
        "  Making the synthetic rounds",
        "  10 people, 9 of them with an account to sign in with",
    ]
    assert [line.split() for line in said[5:]] == [line.split() for line in ACCOUNTS]
    assert Round.objects.filter(synthetic=True).count() == 3
    assert said_by("make_demo_data", "--password", PASSWORD).splitlines()[1] == "  They are there already."


def test_the_password_may_come_from_the_environment(
    small_country: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO = True
    monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)

    assert ACCOUNTS[0] in said_by("make_demo_data").splitlines()


def test_it_refuses_where_real_people_could_be(small_country: None) -> None:
    assert refused_by("make_demo_data", "--password", PASSWORD) == (
        "Demo accounts all share one password, so they are made only where the setting DEMO is true. "
        "Use make demo, or set DEMO=true for a site that no real person uses."
    )
    assert Round.objects.count() == 0
