"""Results say which levels were moderated, wherever a level or a score of the system stands."""

from __future__ import annotations

import csv
from typing import Any

import pytest

from surveys.actions.releases import publish, release_provisionally
from surveys.models import Release
from tests.moderated import accepted, begin, challenged, decided, proposed
from tests.pages import text_of
from tests.signed import release, submit_north
from tests.views.signed_in import visit
from tests.world import World

pytestmark = pytest.mark.django_db


def moderated(world: World) -> Release:
    """Own: linked data from 4 to 2, and training confirmed at 2; published."""
    begin(world)
    accepted(world, proposed(world))
    moderation = proposed(world, question_code="training", level=4)
    challenged(world, moderation)
    decided(world, moderation, 2)
    release_provisionally(by=None, round_id=world.round.pk)
    return publish(by=None, round_id=world.round.pk)


def words(world: World, made: Release, path: str, who: Any = None) -> str:
    return text_of(visit(who or world.national_analyst, f"/results/{made.pk}/{path}"))


def test_a_profile_and_a_report_say_how_many_levels_were_moderated(world: World) -> None:
    made = moderated(world)
    own, sister = world.assessment.pk, world.sister_assessment.pk
    for path in (f"systems/{own}/", f"systems/{own}/report/"):
        assert "Moderated: 2 of 4 levels, 1 of them changed." in words(world, made, path)
        assert "Not moderated" not in words(world, made, path)
    assert "Not moderated: nobody outside the system" in words(world, made, f"systems/{sister}/")


def test_the_source_of_every_figure_says_it(world: World) -> None:
    made = moderated(world)
    assert "Self-assessed by each system, 2 levels moderated. Spring round" in words(world, made, "")


def test_results_without_moderation_say_so(world: World) -> None:
    submit_north(world)
    made = release(world.round)
    assert "Self-assessed by each system, not moderated. Spring round" in words(world, made, "")
    assert "Moderated levels" not in words(world, made, "questions/linked_data/")


def test_the_answers_of_a_system_show_all_three_levels(world: World) -> None:
    page = words(world, moderated(world), f"systems/{world.assessment.pk}/dimensions/data_platform/")
    assert (
        "How mature is linked data? 2 Patchy Patchy: linked data. "
        "Moderated: self-assessed 4, proposed 2, final 2." in page
    )


def test_a_question_names_moderated_systems_to_programme_staff(world: World) -> None:
    made = moderated(world)
    page = words(world, made, "questions/linked_data/")
    assert (
        "Moderated levels 1 level moderated, 1 of them changed. The final levels are shown. "
        "Ambleshire self-assessed 4, proposed 2, final 2" in page
    )
    assert "0 of them changed" in words(world, made, "questions/training/")
    public = words(world, made, "questions/linked_data/", world.sister_lead)
    assert "1 level moderated, 1 of them changed." in public
    assert "self-assessed 4" not in public


def test_the_region_asked_for_has_its_own_moderated_levels(world: World) -> None:
    made = moderated(world)
    south = visit(world.national_analyst, f"/results/{made.pk}/questions/linked_data/?region=south")
    assert "Moderated levels" not in text_of(south)
    north = visit(world.national_analyst, f"/results/{made.pk}/questions/linked_data/?region=north")
    assert "Moderated levels" in text_of(north)


def test_the_download_of_a_question_has_the_levels_before(world: World) -> None:
    made = moderated(world)
    response = visit(world.national_analyst, f"/results/{made.pk}/questions/linked_data.csv")
    rows = list(csv.DictReader(b"".join(response.streaming_content).decode().splitlines()))
    of_systems = {row["system"]: row for row in rows if row["scope"] == "system"}
    kept = ("value", "self_assessed_level", "proposed_level")
    assert {name: tuple(row[each] for each in kept) for name, row in of_systems.items()} == {
        "Ambleshire": ("2", "4", "2"),
        "Borderland": ("2", "", ""),
        "Cliffshire": ("", "", ""),
    }


def test_the_signed_copy_stays_and_says_what_was_moderated(world: World) -> None:
    moderated(world)
    page = text_of(visit(world.lead, f"/assessments/{world.assessment.pk}/submissions/1/"))
    assert "4 Embedded Moderation. Accepted: level 2 proposed, final level 2" in page
    assert "2 Patchy Moderation. Decided: level 4 proposed, final level 2" in page
    sister = text_of(visit(world.sister_lead, f"/assessments/{world.sister_assessment.pk}/submissions/1/"))
    assert "Moderation." not in sister


def test_before_publication_a_system_sees_its_own_moderated_levels_alone(world: World) -> None:
    begin(world)
    accepted(world, proposed(world))
    made = release_provisionally(by=None, round_id=world.round.pk)
    own = words(world, made, "questions/linked_data/", world.lead)
    assert "Ambleshire self-assessed 4, proposed 2, final 2" in own
    sister = words(world, made, "questions/linked_data/", world.sister_lead)
    assert "Moderated levels" not in sister
    assert "Self-assessed by each system, moderated in part." in words(world, made, "", world.sister_lead)
