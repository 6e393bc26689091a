"""What the round costs the systems in time: for administrators, of submitted systems, without names."""

from __future__ import annotations

import csv
import datetime
import io
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from surveys.models import Assessment, WorkSpell
from surveys.queries.round_time import RoundTime
from tests.factories import make_round
from tests.signed import OWN, submit
from tests.views.signed_in import shown, visit
from tests.world import World

BEGAN = timezone.now() - datetime.timedelta(hours=5)


def worked(assessment: Assessment, dimension: str, start: int, end: int) -> None:
    """A spell from `start` to `end`, in minutes after BEGAN."""
    WorkSpell.objects.create(
        assessment=assessment,
        dimension=assessment.round.questionnaire.dimensions.get(code=dimension),
        started_at=BEGAN + datetime.timedelta(minutes=start),
        ended_at=BEGAN + datetime.timedelta(minutes=end),
    )


def room(world: World) -> str:
    return reverse("round", args=[world.round.pk])


@pytest.fixture
def worked_on(world: World) -> World:
    """Own took 30 minutes for the platform and 12 for skills, sister 40; far has not submitted."""
    worked(world.assessment, "data_platform", 0, 20)
    worked(world.assessment, "data_platform", 10, 30)
    worked(world.assessment, "skills", 30, 42)
    worked(world.sister_assessment, "data_platform", 0, 40)
    worked(world.far_assessment, "data_platform", 0, 200)
    submit(world.assessment, world.approver, OWN)
    submit(world.sister_assessment, world.sister_approver, OWN)
    return world


def lines(time: RoundTime) -> list[tuple[str, int, str, str, int]]:
    return [
        (each.code, each.estimated_minutes, each.median, each.middle_half, each.taken.n if each.taken else 0)
        for each in time.sections
    ]


def test_the_median_is_of_submitted_systems_with_their_number(worked_on: World) -> None:
    response = visit(worked_on.administrator, room(worked_on))

    assert lines(response.context["time"]) == [
        ("data_platform", 27, "35", "33 to 38", 2),
        ("skills", 36, "12", "12 to 12", 1),
    ]
    words = re.sub(r"<[^>]+>", " ", shown(response))
    assert "The 2 systems that have submitted count." in words
    assert "The estimate for all sections together is 1 hour 3 minutes." in words
    assert "1 of 2" in words


def test_nothing_is_made_up_before_anybody_submits(world: World) -> None:
    worked(world.far_assessment, "skills", 0, 5)
    response = visit(world.administrator, room(world))

    assert [line[2:] for line in lines(response.context["time"])] == [("", "", 0), ("", "", 0)]
    assert "0 of 0" in shown(response)


@pytest.mark.parametrize("who", ["national_analyst", "regional_analyst", "lead"])
def test_only_administrators_see_it(worked_on: World, who: str) -> None:
    response = visit(getattr(worked_on, who), room(worked_on))
    assert "time" not in response.context
    assert "Time by section" not in shown(response)


def test_a_draft_has_no_time(world: World) -> None:
    draft = make_round(world.questionnaire, world.own, title="Draft", status="draft")
    assert "Time by section" not in shown(visit(world.administrator, reverse("round", args=[draft.pk])))


def test_the_file_has_every_system_and_section(worked_on: World) -> None:
    response = visit(worked_on.administrator, reverse("round_time_csv", args=[worked_on.round.pk]))

    text = b"".join(response.streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [
        (row["system"], row["status"], row["dimension_code"], row["estimated_minutes"], row["minutes_taken"])
        for row in rows
    ] == [
        ("Ambleshire", "Submitted", "data_platform", "27", "30"),
        ("Ambleshire", "Submitted", "skills", "36", "12"),
        ("Borderland", "Submitted", "data_platform", "27", "40"),
        ("Borderland", "Submitted", "skills", "36", ""),
        ("Cliffshire", "Not started", "data_platform", "27", "200"),
        ("Cliffshire", "Not started", "skills", "36", ""),
    ]
    assert not {"person", "by"} & set(rows[0])
    assert response.headers["Content-Disposition"] == 'attachment; filename="spring-round-time.csv"'
