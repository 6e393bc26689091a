"""The control room of a round: where its systems stand, who works on them, and what needs a hand."""

from __future__ import annotations

import csv
import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains

from surveys.actions.assessments import return_assessment
from surveys.actions.extensions import extend
from surveys.actions.mail import queue_mail
from surveys.emails import Mail
from surveys.models import Assessment, Membership, Message, Organisation, Person, Round, Submission
from surveys.queries.deadlines import moment_in_words
from surveys.questionnaires.responses import Response
from surveys.questionnaires.schema import QuestionKind
from tests.country import make_country
from tests.factories import make_answer, make_round
from tests.pages import as_, text_of
from tests.signed import close, levels, set_status, submit, submit_north
from tests.world import World

DAY = datetime.timedelta(days=1)


def room_of(client: Client, world: World, who: Person, query: str = "") -> Any:
    return as_(client, who).get(f"/rounds/{world.round.pk}/control-room/{query}")


def lines(page: Any) -> list[str]:
    return [line.organisation_name for line in page.context["room"].lines]


def remind(world: World, status: str = "queued", **about: Any) -> Message:
    mail = Mail(to=world.lead.email, subject="Reminder", body="The round closes soon.")
    message = queue_mail(mail=mail, person=world.lead, **{"kind": Message.Kind.REMINDER, **about})
    if status == "failed":
        now = timezone.now()
        Message.objects.filter(pk=message.pk).update(
            status=status, attempts=1, tried_at=now, last_error="The mailbox does not exist."
        )
    return message


@pytest.mark.parametrize(
    ("who", "systems"),
    [
        ("administrator", ["Ambleshire", "Borderland", "Cliffshire"]),
        ("national_analyst", ["Ambleshire", "Borderland", "Cliffshire"]),
        ("regional_analyst", ["Ambleshire", "Borderland"]),
        ("far_regional_analyst", ["Cliffshire"]),
    ],
)
def test_staff_follow_the_systems_of_their_reach(
    client: Client, world: World, who: str, systems: list[str]
) -> None:
    submit(world.far_assessment, world.far_approver, {})
    page = room_of(client, world, getattr(world, who))
    assert lines(page) == systems
    assert page.context["room"].systems == len(systems)
    file = client.get(f"/rounds/{world.round.pk}/control-room.csv")
    rows = list(csv.DictReader(b"".join(file.streaming_content).decode().splitlines()))
    assert [row["system"] for row in rows] == systems
    chart = client.get(f"/rounds/{world.round.pk}/burn-up.csv")
    days = list(csv.DictReader(b"".join(chart.streaming_content).decode().splitlines()))
    assert {row["systems"] for row in days} == {str(len(systems))}
    assert days[-1]["submitted"] == str(systems.count("Cliffshire"))
    assert {(row["round"], row["synthetic"], row["downloaded_at"][:2]) for row in days} == {
        (world.round.title, "no", "20")
    }


def test_a_system_is_one_row_with_everything_that_needs_a_hand(client: Client, world: World) -> None:
    make_answer(world.assessment, "linked_data", world.lead, Response(level=5))
    make_answer(world.assessment, "sectors", world.lead, Response(options=("none",)))
    set_status(world.assessment, Assessment.Status.IN_PROGRESS)
    extend(
        by=world.administrator,
        assessment_id=world.assessment.pk,
        until=world.round.closes_at + 7 * DAY,
        reason="Illness in the team",
    )
    remind(world, assessment_id=world.assessment.pk)
    remind(world, "failed", assessment_id=world.assessment.pk)
    remind(world, "failed", kind=Message.Kind.INVITATION)
    remind(world, "failed", kind=Message.Kind.MENTION, assessment_id=world.far_assessment.pk)
    page = room_of(client, world, world.administrator)
    own, sister, far = page.context["room"].lines
    assert (own.answered, own.asked, own.flags, own.reminders, own.undelivered) == (2, 11, 1, 2, 2)
    assert [(each.name, each.answered, each.asked, each.stage) for each in own.dimensions] == [
        ("Data platform", 2, 5, "some"),
        ("Skills", 0, 6, "none"),
    ]
    assert own.last_activity_at == world.assessment.answers.latest("answered_at").answered_at
    assert (own.leads, own.approvers) == (("Lena Lead",), ("April Approver",))
    assert own.more_time.reason == "Illness in the team"
    assert (sister.flags, sister.reminders, sister.undelivered, sister.more_time) == (0, 0, 0, None)
    assert sister.last_activity_at is None
    assert far.undelivered == 1
    words = text_of(page)
    assert "0 of 3 systems submitted. 2 not started, 1 in progress." in words
    assert "1 answer flagged" in words
    assert "2 messages not delivered" in words
    assert f"Extended by {world.administrator.name} on" in words
    assert ": Illness in the team" in words
    assert "Give more time" in words


def test_an_extension_that_the_closing_time_has_overtaken_is_not_shown(client: Client, world: World) -> None:
    extend(
        by=world.administrator,
        assessment_id=world.assessment.pk,
        until=world.round.closes_at + DAY,
        reason="Illness",
    )
    world.round.closes_at += 30 * DAY
    world.round.save()
    page = room_of(client, world, world.administrator)
    assert page.context["room"].lines[0].more_time is None


def test_who_returned_it_and_why_is_said(client: Client, world: World) -> None:
    submit_north(world)
    return_assessment(
        by=world.national_analyst, assessment_id=world.assessment.pk, reason="Say which sectors."
    )
    page = room_of(client, world, world.national_analyst, "?status=returned")
    assert lines(page) == ["Ambleshire"]
    words = text_of(page)
    assert f"Returned by {world.national_analyst.name} on" in words
    assert ": Say which sectors." in words
    assert "The table shows 1." in words
    assert "Give more time" not in words


def test_a_late_submission_says_when_it_came(client: Client, world: World) -> None:
    submit(world.assessment, world.approver, {})
    assert room_of(client, world, world.administrator).context["room"].lines[0].late == ""
    world.round.closes_at = timezone.now() - datetime.timedelta(minutes=1)
    world.round.save()
    page = room_of(client, world, world.administrator)
    own, sister, _ = page.context["room"].lines
    signed_at = Submission.objects.get().signed_at
    assert own.late == f"Submitted on {moment_in_words(signed_at)}, after the closing time"
    assert sister.late == ""
    assert own.late in text_of(page)


def test_people_who_left_or_are_switched_off_are_not_named(client: Client, world: World) -> None:
    Person.objects.filter(pk=world.lead.pk).update(is_active=False)
    Membership.objects.filter(person=world.approver).update(ended_at=timezone.now())
    page = room_of(client, world, world.administrator)
    assert (page.context["room"].lines[0].leads, page.context["room"].lines[0].approvers) == ((), ())
    assert "Lead: nobody Approver: nobody" in text_of(page)


@pytest.mark.parametrize(
    ("query", "systems", "said"),
    [
        ("?region=north", ["Ambleshire", "Borderland"], ""),
        ("?region=south&status=not_started", ["Cliffshire"], ""),
        ("?region=north&status=submitted", ["Ambleshire", "Borderland"], ""),
        ("?region=south&status=submitted", [], "No system of this region has this status now."),
        ("?region=west", ["Ambleshire", "Borderland", "Cliffshire"], "There is no such region"),
        ("?status=lost", ["Ambleshire", "Borderland", "Cliffshire"], "No system has that status now"),
        ("?page=99", ["Ambleshire", "Borderland", "Cliffshire"], ""),
    ],
)
def test_filters_choose_a_region_and_a_status(
    client: Client, world: World, query: str, systems: list[str], said: str
) -> None:
    submit_north(world)
    page = room_of(client, world, world.national_analyst, query)
    assert page.status_code == 200
    assert lines(page) == systems
    assert page.context["room"].found == len(systems)
    assert said in text_of(page)


def test_totals_are_those_of_the_region(client: Client, world: World) -> None:
    submit_north(world)
    room = room_of(client, world, world.administrator, "?region=north").context["room"]
    assert (room.submitted, room.systems) == (2, 2)
    assert room.burn_up.title == "Systems in North that have submitted, by day"


def test_the_burn_up_stands_beside_the_round_before(client: Client, world: World) -> None:
    before = make_round(
        world.questionnaire,
        world.own,
        world.far,
        title="Autumn round",
        opens_at=world.round.opens_at - 200 * DAY,
        closes_at=world.round.closes_at - 200 * DAY,
    )
    row = Assessment.objects.get(round=before, organisation=world.own)
    submit(row, world.approver, {})
    close(before)
    submit(world.assessment, world.approver, {})
    submit(world.assessment, world.approver, {})
    chart = room_of(client, world, world.administrator).context["room"].burn_up
    this, earlier = chart.lines
    assert (this.name, this.systems, len(this.days), this.submitted(this.last)) == ("Spring round", 3, 1, 1)
    assert (earlier.name, earlier.systems, len(earlier.days)) == ("Autumn round", 2, 1)
    assert chart.notes == ()
    # What is not theirs is in no line.
    far = room_of(client, world, world.far_regional_analyst).context["room"].burn_up
    assert [(line.name, line.systems, len(line.days)) for line in far.lines] == [
        ("Spring round", 1, 0),
        ("Autumn round", 1, 0),
    ]


def test_a_draft_has_a_control_room_without_systems(client: Client, world: World) -> None:
    draft = make_round(world.questionnaire, world.own, title="Draft", status=Round.Status.DRAFT)
    page = as_(client, world.administrator).get(f"/rounds/{draft.pk}/control-room/")
    assert "There is no system in this round yet." in text_of(page)
    file = client.get(f"/rounds/{draft.pk}/control-room.csv")
    assert len(list(file.streaming_content)) == 1
    assert len(list(client.get(f"/rounds/{draft.pk}/burn-up.csv").streaming_content)) == 1
    assert as_(client, world.national_analyst).get(f"/rounds/{draft.pk}/control-room/").status_code == 404


def test_the_file_has_a_row_for_each_system_and_two_columns_for_each_dimension(
    client: Client, world: World
) -> None:
    make_answer(world.assessment, "linked_data", world.lead, Response(level=3))
    extend(
        by=world.administrator,
        assessment_id=world.assessment.pk,
        until=world.round.closes_at + DAY,
        reason="=Illness",
    )
    file = as_(client, world.administrator).get(f"/rounds/{world.round.pk}/control-room.csv?region=north")
    assert file["Content-Disposition"] == 'attachment; filename="spring-round-control-room.csv"'
    own, sister = csv.DictReader(b"".join(file.streaming_content).decode().splitlines())
    assert (own["system"], own["answered"], own["asked"], own["leads"]) == (
        "Ambleshire",
        "1",
        "10",
        "Lena Lead",
    )
    assert own["extension_reason"] == "'=Illness"
    assert own["extension_granted_by"] == world.administrator.name
    per_dimension = [own[name] for name in own if name.endswith("_answered")]
    assert sum(int(count) for count in per_dimension) == 1
    assert (sister["system"], sister["extension_reason"], sister["last_activity_at"]) == (
        "Borderland",
        "",
        "",
    )


def test_once_the_round_is_over_the_flags_are_those_for_a_reviewer(client: Client, world: World) -> None:
    """Own signed three levels that are all the highest; what the sister typed was never signed."""
    submit(world.assessment, world.approver, levels(training=5, recruitment=5, linked_data=5))
    make_answer(world.sister_assessment, "training", world.sister_lead, Response(level=5))
    assert [line.signed for line in room_of(client, world, world.administrator).context["room"].lines] == [
        False
    ] * 3
    close(world.round)
    page = room_of(client, world, world.administrator)
    own, sister, far = page.context["room"].lines
    assert [(line.signed, line.flags) for line in (own, sister, far)] == [(True, 4), (False, 1), (False, 0)]
    words = text_of(page)
    assert "4 flags for a reviewer of Ambleshire" in words
    assertContains(page, f'href="/assessments/{world.assessment.pk}/moderation/"')
    moderation = as_(client, world.regional_analyst).get(f"/assessments/{world.assessment.pk}/moderation/")
    assert text_of(moderation).count("Flag:") == 4
    as_(client, world.administrator)
    assert "1 answer flagged in Borderland" in words
    file = client.get(f"/rounds/{world.round.pk}/flags.csv")
    assert file["Content-Disposition"] == 'attachment; filename="spring-round-flags.csv"'
    rows = list(csv.DictReader(b"".join(file.streaming_content).decode().splitlines()))
    names = ("system", "status", "rule", "dimension", "question_code", "level")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("Ambleshire", "Submitted", "all_equal", "", "", "5"),
        ("Ambleshire", "Submitted", "unproven_top", "Data platform", "linked_data", "5"),
        ("Ambleshire", "Submitted", "unproven_top", "Skills", "training", "5"),
        ("Ambleshire", "Submitted", "unproven_top", "Skills", "recruitment", "5"),
    ]
    assert rows[0]["words"] == "All 3 levels of the questionnaire are 5."
    assert rows[1]["rule_name"] == "Highest level without comment or evidence"


def test_the_room_of_a_round_that_is_over_takes_at_most_eight_queries(
    db: None, client: Client, django_assert_max_num_queries: Any
) -> None:
    made, analyst = make_country()
    close(made)
    as_(client, analyst)
    with django_assert_max_num_queries(16):
        # What never changes is read once by a process: the questionnaire, the signed copies.
        client.get(f"/rounds/{made.pk}/control-room/")
    with django_assert_max_num_queries(8):
        page = client.get(f"/rounds/{made.pk}/control-room/")
    assert sum(line.signed for line in page.context["room"].lines) == 40
    assert sum(line.flags for line in page.context["room"].lines) > 40


@pytest.mark.parametrize("systems", [42, 4200])
def test_it_takes_at_most_eight_queries(
    db: None, client: Client, django_assert_max_num_queries: Any, systems: int
) -> None:
    made, analyst = make_country()
    add_systems(made, systems - 42)
    first = Assessment.objects.filter(round=made).order_by("region_name", "organisation_name", "pk")[0]
    dimension = made.questionnaire.content.dimensions[0]
    code = next(each.code for each in dimension.all_questions if each.kind is QuestionKind.MATURITY)
    make_answer(first, code, analyst, Response(level=5))
    as_(client, analyst)
    client.get(f"/rounds/{made.pk}/control-room/?region=london")
    with django_assert_max_num_queries(8):
        page = client.get(f"/rounds/{made.pk}/control-room/")
    assert page.context["room"].systems == systems
    assert [line.flags for line in page.context["room"].lines] == [1] + [0] * (min(systems, 50) - 1)
    assert page.context["room"].pages == -(-systems // 50)


def add_systems(survey_round: Round, count: int) -> None:
    """Give the round many more systems of one region, which nobody has a role in."""
    known = Assessment.objects.filter(round=survey_round).latest("region_name")
    places = Organisation.objects.bulk_create(
        Organisation(kind="ics", opened_on=known.organisation.opened_on) for _ in range(count)
    )
    Assessment.objects.bulk_create(
        Assessment(
            round=survey_round,
            organisation=place,
            organisation_name=f"Place {number:04d}",
            ods_code="QZZ",
            region=known.region,
            region_name=known.region_name,
        )
        for number, place in enumerate(places)
    )
