"""Anybody who runs the site can have stored results scored again."""

from __future__ import annotations

import pgtrigger
import pytest

from surveys.actions.releases import withdraw
from surveys.models import Release, Result
from tests.commands.running import refused_by, said_by
from tests.signed import release, release_for_good, submit_north
from tests.world import World

FIGURES = "16 scores and 11 answers of {}, worked out again from 2 signed submissions."


@pytest.fixture
def published(world: World) -> Release:
    """The world's round with a provisional and a published release."""
    submit_north(world)
    return release_for_good(world.round)


def test_a_release_that_is_as_it_was_signed_passes(published: Release) -> None:
    said = said_by("check_release", published.pk).splitlines()
    name = "Published release 1 of Spring round"
    assert said[0] == f"{name}: Stored figures: passed. {FIGURES.format('published release 1')}"
    assert [line.split(": ")[1:3] for line in said] == [
        [check, "passed. " + line.split("passed. ")[1]]
        for check, line in zip(
            ("Stored figures", "Stored bounds", "Tables", "Sentences", "Withheld scores"), said, strict=True
        )
    ]


def test_without_a_number_every_release_is_checked(published: Release) -> None:
    said = said_by("check_release")
    assert said.count("Stored figures: passed.") == Release.objects.count() == 2


def test_a_changed_figure_ends_with_code_1_and_its_release(world: World, published: Release) -> None:
    with pgtrigger.ignore():
        Result.objects.filter(release=published, assessment=world.assessment, code="skills").update(score=4)
    fault = "Published release 1 of Spring round: Stored figures: Ambleshire: 1 score not as signed."
    assert refused_by("check_release") == fault


def test_a_release_that_is_withdrawn_or_that_nobody_administers_has_no_pages(world: World) -> None:
    submit_north(world)
    made = release(world.round)
    withdraw(by=world.administrator, release_id=made.pk, reason="Wrong file.")
    stored = ["Stored figures", "Stored bounds"]
    assert [line.split(": ")[1] for line in said_by("check_release", made.pk).splitlines()] == stored
    world.administrator.is_active = False
    world.administrator.save()
    assert [line.split(": ")[1] for line in said_by("check_release", made.pk).splitlines()] == stored


def test_a_number_of_no_release_is_told(published: Release) -> None:
    assert refused_by("check_release", published.pk, 999_999) == (
        "There is no release 999999. Its number stands in the address of its pages."
    )
