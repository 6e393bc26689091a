"""A round is set up, opened, extended, closed and reopened: once, by who may, and with a record of it."""

from __future__ import annotations

import datetime
import threading
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import Http404
from django.utils import timezone

from surveys.actions.answers import AnswerSave, save_answers
from surveys.actions.extensions import extend
from surveys.actions.moderation_plan import plan_moderation
from surveys.actions.people import deactivate
from surveys.actions.refusals import Refused
from surveys.actions.rounds import (
    DEFAULT_DECLARATION,
    RoundDetails,
    change_round,
    choose_all_systems,
    choose_participants,
    close_round,
    create_round,
    details_of,
    open_round,
    reopen_round,
)
from surveys.models import (
    Affiliation,
    Assessment,
    Event,
    Extension,
    Membership,
    ModerationPlan,
    Organisation,
    OrganisationCode,
    OrganisationName,
    Participant,
    Questionnaire,
    Round,
)
from surveys.queries.assessments import assessment_state
from surveys.queries.deadlines import moment_in_words
from surveys.queries.round_setup import setup
from surveys.questionnaires.responses import Response
from tests.factories import make_person, make_round, make_system
from tests.refusals import refusal
from tests.together import together
from tests.world import World, build_world

Status = Round.Status
DAY = datetime.timedelta(days=1)


def details(world: World, **changes: object) -> RoundDetails:
    """A round of the world's questionnaire that opens tomorrow for a month."""
    now = timezone.now()
    given = RoundDetails(
        title="Autumn round",
        questionnaire_id=world.questionnaire.pk,
        opens_at=now + DAY,
        closes_at=now + 31 * DAY,
        reference_date=timezone.localdate(),
        participants_as_at=timezone.localdate(),
        purpose="To see where help is needed.",
    )
    return replace(given, **changes)


def draft(world: World, *systems: Organisation, **fields: object) -> Round:
    """A draft round with these participants."""
    return make_round(world.questionnaire, *systems, title="Autumn round", status=Status.DRAFT, **fields)


def status(survey_round: Round) -> str:
    """The status as it is stored."""
    return Round.objects.get(pk=survey_round.pk).status


def events(survey_round: Round) -> list[tuple[str, str, str]]:
    """What was recorded of the round, oldest first: verb, who, reason."""
    rows = Event.objects.filter(round_id=survey_round.pk).order_by("pk")
    return list(rows.values_list("verb", "person_name", "reason"))


# Creating and changing


def test_an_administrator_creates_a_draft(world: World) -> None:
    made = create_round(by=world.administrator, details=details(world, title="  Autumn round "))
    made.refresh_from_db()
    assert (made.title, made.status, made.created_by, made.synthetic, made.declaration) == (
        "Autumn round",
        Status.DRAFT,
        world.administrator,
        False,
        DEFAULT_DECLARATION,
    )
    assert events(made) == [("round.created", "Ada Administrator", "")]


def test_what_cannot_be_shown_is_left_out_of_the_texts(world: World) -> None:
    """A title is one plain line: it stands in links, subjects of mail and names of files."""
    given = details(
        world,
        title="Autumn\r\nround\u202e\x01",
        purpose="To see\x0b\r\nwhere help\x1b[31m is needed.",
        declaration="I confirm\u202d that.\r\n",
    )
    made = create_round(by=world.administrator, details=given)
    made.refresh_from_db()
    assert (made.title, made.purpose, made.declaration) == (
        "Autumn round",
        "To see\n\nwhere help[31m is needed.",
        "I confirm that.",
    )


def test_a_command_may_create_a_synthetic_round(world: World) -> None:
    made = create_round(by=None, details=details(world), synthetic=True)
    assert (made.synthetic, made.created_by) == (True, None)


@pytest.mark.parametrize("who", ["lead", "approver", "regional_analyst", "national_analyst", "newcomer"])
def test_nobody_else_manages_rounds(world: World, who: str) -> None:
    stranger = getattr(world, who)
    given = draft(world, world.own)
    acts = [
        lambda: create_round(by=stranger, details=details(world)),
        lambda: change_round(by=stranger, round_id=given.pk, details=details(world)),
        lambda: choose_participants(by=stranger, round_id=given.pk, organisation_ids=[]),
        lambda: choose_all_systems(by=stranger, round_id=given.pk),
        lambda: open_round(by=stranger, round_id=given.pk),
        lambda: close_round(by=stranger, round_id=world.round.pk),
        lambda: reopen_round(by=stranger, round_id=given.pk, closes_at=timezone.now() + DAY, reason="x"),
        lambda: extend(
            by=stranger, assessment_id=world.assessment.pk, until=timezone.now() + 90 * DAY, reason="x"
        ),
    ]
    for act in acts:
        with pytest.raises(Http404):
            act()
    assert (status(given), status(world.round), Extension.objects.count()) == (Status.DRAFT, Status.OPEN, 0)


def test_a_round_that_is_not_there_is_not_found(world: World) -> None:
    with pytest.raises(Http404):
        open_round(by=world.administrator, round_id=0)
    with pytest.raises(Http404):
        extend(by=world.administrator, assessment_id=0, until=timezone.now(), reason="x")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": " "}, "A round needs a title of at most 120 characters, and a declaration."),
        ({"title": "\u200b\x01"}, "A round needs a title of at most 120 characters, and a declaration."),
        ({"title": "x" * 121}, "A round needs a title of at most 120 characters, and a declaration."),
        ({"declaration": ""}, "A round needs a title of at most 120 characters, and a declaration."),
        ({"closes_at": timezone.now()}, "The closing time must be after the opening time."),
        ({"audience": "somebody"}, "Choose who may read the published results."),
        (
            {"questionnaire_id": 0},
            "Choose a published questionnaire. A questionnaire can be used once it is published.",
        ),
        (
            {"title": "Spring round"},
            "There is already a round called “Spring round”. Choose another title.",
        ),
    ],
)
def test_details_that_cannot_be_stored_are_refused(
    world: World, changes: dict[str, object], sentence: str
) -> None:
    wrong = details(world, **changes)
    assert refusal(create_round, by=world.administrator, details=wrong) == sentence
    given = draft(world)
    assert refusal(change_round, by=world.administrator, round_id=given.pk, details=wrong) == sentence
    assert Round.objects.count() == 2


def test_a_draft_can_be_changed_and_what_changed_is_kept(world: World) -> None:
    made = create_round(by=world.administrator, details=details(world))
    wanted = replace(details_of(made), title="Winter round", reference_date=datetime.date(2026, 3, 31))
    change_round(by=world.administrator, round_id=made.pk, details=wanted)
    made.refresh_from_db()
    assert details_of(made) == wanted
    assert Event.objects.get(verb="round.changed").detail == {
        "title": "Winter round",
        "reference_date": "2026-03-31",
    }


def test_saving_the_same_again_records_nothing(world: World) -> None:
    made = create_round(by=world.administrator, details=details(world))
    change_round(by=world.administrator, round_id=made.pk, details=details_of(made))
    assert events(made) == [("round.created", "Ada Administrator", "")]


def test_the_second_of_two_editors_is_told_before_overwriting(world: World) -> None:
    made = create_round(by=world.administrator, details=details(world))
    seen = details_of(made).fingerprint
    first = replace(details_of(made), title="First title")
    change_round(by=world.administrator, round_id=made.pk, details=first, seen=seen)
    second = replace(details_of(made), title="Second title")
    sentence = refusal(change_round, by=world.administrator, round_id=made.pk, details=second, seen=seen)
    assert sentence == (
        "Somebody else has changed this round since you opened this page. Nothing of yours is saved yet. "
        "Look at what they saved, then save again to put yours in its place."
    )
    change_round(by=world.administrator, round_id=made.pk, details=second, seen=first.fingerprint)
    assert Round.objects.get(pk=made.pk).title == "Second title"


def test_an_open_round_cannot_be_changed(world: World) -> None:
    sentence = "“Spring round” is at the stage “Open”: its details and its systems are fixed since it opened."
    pk = world.round.pk
    by = world.administrator
    assert refusal(change_round, by=by, round_id=pk, details=details(world)) == sentence
    assert refusal(choose_participants, by=by, round_id=pk, organisation_ids=[]) == sentence
    assert refusal(choose_all_systems, by=by, round_id=pk) == sentence


# Choosing who takes part


def chosen(survey_round: Round) -> set[int]:
    """The organisations that take part."""
    return set(Participant.objects.filter(round=survey_round).values_list("organisation_id", flat=True))


def test_participants_are_replaced_by_the_choice(world: World) -> None:
    given = draft(world, world.own, world.sister)
    wanted = [world.sister.pk, world.far.pk]
    assert choose_participants(by=world.administrator, round_id=given.pk, organisation_ids=wanted) == 2
    assert chosen(given) == {world.sister.pk, world.far.pk}
    assert Event.objects.get(verb="round.participants_chosen").detail == {
        "systems": 2,
        "added": [world.far.pk],
        "removed": [world.own.pk],
    }
    choose_participants(by=world.administrator, round_id=given.pk, organisation_ids=wanted)
    assert Event.objects.filter(verb="round.participants_chosen").count() == 1


def test_only_systems_of_the_day_can_be_chosen(world: World) -> None:
    """Neither a region, nor a system that had ended, nor one that is not there."""
    ended = make_system(world.north, "Oldshire")
    ended.closed_on = timezone.localdate() - DAY
    ended.save()
    given = draft(world, world.own)
    for stranger in (world.north.pk, ended.pk, 0):
        sentence = refusal(
            choose_participants, by=world.administrator, round_id=given.pk, organisation_ids=[stranger]
        )
        assert sentence.startswith("1 of the organisations chosen did not exist as a system on ")
    assert chosen(given) == {world.own.pk}


def test_all_systems_of_the_day_are_chosen_at_once(world: World) -> None:
    """As on the round's day: a system that ended since is in, one that began since is not."""
    day = timezone.localdate() - 30 * DAY
    ended = make_system(world.north, "Oldshire")
    ended.closed_on = day
    ended.save()
    begun = make_system(world.south, "Newshire")
    begun.opened_on = day + DAY
    begun.save()
    given = draft(world, participants_as_at=day)
    assert choose_all_systems(by=world.administrator, round_id=given.pk) == 4
    assert chosen(given) == {world.own.pk, world.sister.pk, world.far.pk, ended.pk}


# Opening


def test_opening_fixes_every_system_as_on_its_day(world: World) -> None:
    """A name and a region that change later do not change the round."""
    day = timezone.localdate() - 30 * DAY
    turn = day + DAY
    OrganisationName.objects.filter(organisation=world.own).update(period=DateRange(None, turn))
    OrganisationName.objects.create(
        organisation=world.own,
        short_name="Renamed",
        official_name="NHS Renamed",
        period=DateRange(turn, None),
    )
    Affiliation.objects.filter(organisation=world.own).update(period=DateRange(None, turn))
    Affiliation.objects.create(organisation=world.own, parent=world.south, period=DateRange(turn, None))
    given = draft(world, world.own, world.far, participants_as_at=day)

    opened = open_round(by=world.administrator, round_id=given.pk)

    rows = Assessment.objects.filter(round=opened).order_by("organisation_name")
    assert list(rows.values_list("organisation_name", "region_name", "region_id", "status")) == [
        ("Ambleshire", "North", world.north.pk, "not_started"),
        ("Cliffshire", "South", world.south.pk, "not_started"),
    ]
    codes = OrganisationCode.objects.filter(organisation__in=[world.own, world.far])
    assert {row.ods_code for row in rows} == set(codes.values_list("code", flat=True))
    assert status(given) == Status.OPEN
    assert events(given) == [("round.opened", "Ada Administrator", "")]


def test_a_round_may_open_before_answering_begins(world: World) -> None:
    """The list is fixed and people can read; the server takes no answer before the opening time."""
    begins = timezone.now() + 7 * DAY
    given = draft(world, world.own, opens_at=begins)
    open_round(by=world.administrator, round_id=given.pk)
    assessment = Assessment.objects.get(round=given)
    saves = [AnswerSave("linked_data", 0, Response(level=3))]
    with pytest.raises(Refused) as refused:
        save_answers(by=world.lead, assessment_id=assessment.pk, saves=saves)
    assert refused.value.message == (
        f"The round opens on {moment_in_words(begins)}. Nothing can be answered before then."
    )


def test_opening_twice_opens_once(world: World) -> None:
    given = draft(world, world.own)
    open_round(by=world.administrator, round_id=given.pk)
    sentence = refusal(open_round, by=world.administrator, round_id=given.pk)
    assert sentence == "“Autumn round” is already open. Nothing was changed."
    assert Assessment.objects.filter(round=given).count() == 1


def test_what_is_missing_is_named_and_nothing_opens(world: World) -> None:
    Membership.objects.filter(person=world.sister_lead).update(ended_at=timezone.now())
    world.far_approver.is_active = False
    world.far_approver.save()
    given = draft(world, world.own, world.sister, world.far)
    assert refusal(open_round, by=world.administrator, round_id=given.pk) == (
        "The round cannot open yet. Borderland has no data lead with an active account. "
        "Cliffshire has no approver with an active account."
    )
    assert (status(given), Assessment.objects.filter(round=given).count()) == (Status.DRAFT, 0)


def test_a_round_without_systems_cannot_open(world: World) -> None:
    given = draft(world)
    assert refusal(open_round, by=world.administrator, round_id=given.pk) == (
        "The round cannot open yet. No system is chosen to take part."
    )


def test_a_questionnaire_that_is_not_published_stops_the_opening(world: World) -> None:
    unpublished = Questionnaire.objects.create(
        key="plan", version="2", title="Plan", document="{}", digest="0" * 64
    )
    given = draft(world, world.own)
    given.questionnaire = unpublished
    given.save()
    assert refusal(open_round, by=world.administrator, round_id=given.pk) == (
        "The round cannot open yet. “Plan 2” is not published yet."
    )


def test_a_system_without_name_code_or_region_stops_the_opening(world: World) -> None:
    """A parent that is no region is no region either."""
    OrganisationName.objects.filter(organisation=world.own).delete()
    OrganisationCode.objects.filter(organisation=world.sister).delete()
    Affiliation.objects.filter(organisation=world.sister).delete()
    Affiliation.objects.filter(organisation=world.far).update(parent=world.nation)
    given = draft(world, world.own, world.sister, world.far)
    day = timezone.localdate()
    words = f"{day.day} {day:%B %Y}"
    assert [lack.text for lack in setup(given).lacks] == [
        f"Borderland has no ODS code on {words}.",
        f"Borderland has no region on {words}.",
        f"Cliffshire has no region on {words}.",
        f"Organisation {world.own.pk} (no name known) has no name on {words}.",
    ]
    assert refusal(open_round, by=world.administrator, round_id=given.pk).startswith(
        "The round cannot open yet. Borderland has no ODS code"
    )


def test_a_participant_that_is_no_system_on_the_day_stops_the_opening(world: World) -> None:
    """As when the round's day is moved after the systems were chosen."""
    given = draft(world, world.own, participants_as_at=datetime.date(2020, 1, 1))
    assert [lack.text for lack in setup(given).lacks] == ["Ambleshire was not a system on 1 January 2020."]


def moderation_of(given: Round) -> tuple[str, tuple[str, ...]]:
    """What the checklist of a round has found about its moderation, and what it warns of."""
    (check,) = (each for each in setup(given).checks if each.code == "moderation")
    return check.found, check.warnings


def test_the_checklist_looks_at_the_moderation_plan(world: World) -> None:
    closes = timezone.make_aware(datetime.datetime(2030, 6, 28, 17))  # noqa: DTZ001 - made aware
    given = draft(world, world.own, closes_at=closes)
    assert moderation_of(given) == (
        "",
        ("No moderation is planned, so nobody can propose another level beside a signed one.",),
    )
    plan = plan_moderation(
        by=world.administrator,
        round_id=given.pk,
        lead_reviewer_id=world.national_analyst.pk,
        answers_until=closes + 7 * DAY,
        seen=None,
    )
    found = "Nadia Nation leads it; systems may answer proposals until Friday 5 July 2030 at 5pm"
    assert moderation_of(given) == (found, ())
    deactivate(by=world.administrator, person_id=world.national_analyst.pk, reason="Left")
    given.closes_at = closes + 10 * DAY
    assert moderation_of(given)[1] == (
        "Nadia Nation may not lead it any more. Choose somebody else.",
        "The time for answers to proposals ends before the round closes.",
    )
    ModerationPlan.objects.filter(pk=plan.pk).update(answers_until=closes + 16 * DAY)
    assert moderation_of(given)[1][1:] == (
        (
            "The time for answers to proposals ends on Sunday 14 July 2030 at 5pm: a Sunday, when few "
            "people are at work."
        ),
    )
    assert setup(given).ready


def test_a_round_brought_in_after_its_closing_time_needs_no_people(world: World) -> None:
    """Nobody answers in it on the pages: its answers come from a file."""
    Membership.objects.filter(organisation=world.own).update(ended_at=timezone.now())
    now = timezone.now()
    given = draft(world, world.own, opens_at=now - 60 * DAY, closes_at=now - 30 * DAY)
    assert (setup(given).ready, setup(given).late) == (True, True)
    open_round(by=world.administrator, round_id=given.pk)
    assert status(given) == Status.OPEN


@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_at_once_one_is_refused() -> None:
    world = build_world()
    given = draft(world, world.own, world.sister, world.far)
    results = together(*[lambda: open_round(by=world.administrator, round_id=given.pk)] * 2)
    assert sorted(str(result) for result in results) == [
        "Autumn round",
        "“Autumn round” is already open. Nothing was changed.",
    ]
    assert Assessment.objects.filter(round=given).count() == 3


# Closing


def test_closing_ends_answering_and_counts_who_submitted(world: World) -> None:
    Assessment.objects.filter(pk=world.assessment.pk).update(status="submitted")
    close_round(by=world.administrator, round_id=world.round.pk)
    assert status(world.round) == Status.CLOSED
    assert Event.objects.get(verb="round.closed").detail == {"systems": 3, "submitted": 1}
    saves = [AnswerSave("linked_data", 0, Response(level=3))]
    with pytest.raises(Refused) as refused:
        save_answers(by=world.sister_lead, assessment_id=world.sister_assessment.pk, saves=saves)
    assert refused.value.message == "The round is closed, so answers can no longer be changed."


def test_closing_twice_closes_once(world: World) -> None:
    close_round(by=world.administrator, round_id=world.round.pk)
    sentence = refusal(close_round, by=world.administrator, round_id=world.round.pk)
    assert sentence == "“Spring round” is already closed. Nothing was changed."


def test_a_draft_cannot_be_closed(world: World) -> None:
    given = draft(world, world.own)
    assert refusal(close_round, by=world.administrator, round_id=given.pk) == (
        "“Autumn round” is at the stage “Draft”, so this cannot be done now. Somebody may have "
        "changed it since you opened this page."
    )


@pytest.mark.django_db(transaction=True)
def test_closing_waits_for_a_save_under_way_and_keeps_it() -> None:
    """The save ends first, and is in; whoever comes after the closing finds the round closed."""
    world = build_world()
    closed = threading.Event()

    def close() -> None:
        try:
            close_round(by=world.administrator, round_id=world.round.pk)
            closed.set()
        finally:
            connection.close()

    closer = threading.Thread(target=close)
    with transaction.atomic():
        saves = [AnswerSave("linked_data", 0, Response(level=3))]
        save_answers(by=world.lead, assessment_id=world.assessment.pk, saves=saves)
        closer.start()
        assert not closed.wait(0.5)
    closer.join(10)
    assert (closed.is_set(), status(world.round), world.assessment.answers.count()) == (
        True,
        Status.CLOSED,
        1,
    )


# Reopening


def test_a_closed_round_is_reopened_with_a_reason_and_a_new_closing_time(world: World) -> None:
    close_round(by=world.administrator, round_id=world.round.pk)
    until = timezone.now() + 10 * DAY
    reopen_round(by=world.administrator, round_id=world.round.pk, closes_at=until, reason="Flooding")
    world.round.refresh_from_db()
    assert (world.round.status, world.round.closes_at) == (Status.OPEN, until)
    assert events(world.round)[-1] == ("round.reopened", "Ada Administrator", "Flooding")
    saves = [AnswerSave("linked_data", 0, Response(level=3))]
    assert save_answers(by=world.lead, assessment_id=world.assessment.pk, saves=saves).complete


def test_reopening_never_leaves_a_system_with_less_time_than_the_others(world: World) -> None:
    """An extension from before that ends before the new closing time does not hold it back."""
    by = world.administrator
    extend(by=by, assessment_id=world.assessment.pk, until=timezone.now() + 40 * DAY, reason="Illness")
    close_round(by=by, round_id=world.round.pk)
    until = timezone.now() + 60 * DAY
    reopen_round(by=by, round_id=world.round.pk, closes_at=until, reason="Flooding")
    found = Assessment.objects.with_deadline().filter(round=world.round)
    assert set(found.values_list("deadline", flat=True)) == {until}


@pytest.mark.parametrize(
    ("days", "reason", "sentence"),
    [
        (10, " ", "Give a reason: it is kept with what was done."),
        (10, "\u200b\x01", "Give a reason: it is kept with what was done."),
        (-1, "Flooding", "The new closing time must be in the future."),
    ],
)
def test_reopening_needs_a_reason_and_a_time_to_come(
    world: World, days: int, reason: str, sentence: str
) -> None:
    close_round(by=world.administrator, round_id=world.round.pk)
    until = timezone.now() + days * DAY
    given = {"round_id": world.round.pk, "closes_at": until, "reason": reason}
    assert refusal(reopen_round, by=world.administrator, **given) == sentence
    assert status(world.round) == Status.CLOSED


def test_a_round_cannot_close_before_it_opens_when_it_is_reopened(world: World) -> None:
    opens = timezone.now() + 5 * DAY
    Round.objects.filter(pk=world.round.pk).update(opens_at=opens)
    close_round(by=world.administrator, round_id=world.round.pk)
    given = {"round_id": world.round.pk, "closes_at": timezone.now() + DAY, "reason": "Early"}
    assert refusal(reopen_round, by=world.administrator, **given) == (
        f"The new closing time must be after the opening time, {moment_in_words(opens)}."
    )


@pytest.mark.parametrize("now", [Status.DRAFT, Status.OPEN, Status.PROVISIONAL, Status.PUBLISHED])
def test_only_a_closed_round_is_reopened(world: World, now: Status) -> None:
    Round.objects.filter(pk=world.round.pk).update(status=now)
    given = {"round_id": world.round.pk, "closes_at": timezone.now() + 90 * DAY, "reason": "Late"}
    with pytest.raises(Refused):
        reopen_round(by=world.administrator, **given)
    assert status(world.round) == now


# Extending


def test_one_system_gets_more_time(world: World) -> None:
    until = world.round.closes_at + 7 * DAY
    given = {"assessment_id": world.assessment.pk, "until": until, "reason": " Illness "}
    extension = extend(by=world.administrator, **given)
    assert (extension.until, extension.reason, extension.granted_by) == (
        until,
        "Illness",
        world.administrator,
    )
    deadlines = Assessment.objects.with_deadline().filter(round=world.round).order_by("organisation_name")
    assert list(deadlines.values_list("deadline", flat=True)) == [
        until,
        world.round.closes_at,
        world.round.closes_at,
    ]
    event = Event.objects.get(verb="assessment.extended")
    assert (event.round_id, event.assessment_id, event.organisation_id, event.reason) == (
        world.round.pk,
        world.assessment.pk,
        world.own.pk,
        "Illness",
    )
    assert event.subject == f"Ambleshire, Spring round, until {moment_in_words(until)}"


def test_the_last_extension_holds_when_the_clock_was_put_back_between_them(world: World) -> None:
    given: Any = {"by": world.administrator, "assessment_id": world.assessment.pk, "reason": "Illness"}
    closes_at = world.round.closes_at
    extend(**given, until=closes_at + datetime.timedelta(days=9))
    with time_machine.travel(timezone.now() - datetime.timedelta(hours=1)):
        extend(**given, until=closes_at + datetime.timedelta(days=3))
    row = Assessment.objects.with_deadline().get(pk=world.assessment.pk)
    assert row.deadline == closes_at + datetime.timedelta(days=3)
    assert assessment_state(world.lead, row.pk).window.deadline == row.deadline


def test_an_extension_needs_a_reason_and_a_later_time(world: World) -> None:
    by, pk = world.administrator, world.assessment.pk
    after = world.round.closes_at + DAY
    assert refusal(extend, by=by, assessment_id=pk, until=after, reason="\u2060") == (
        "Give a reason: it is kept with what was done."
    )
    assert refusal(extend, by=by, assessment_id=pk, until=timezone.now(), reason="Illness") == (
        "The new deadline must be in the future."
    )
    sentence = refusal(extend, by=by, assessment_id=pk, until=world.round.closes_at, reason="Illness")
    assert sentence == (
        "The new deadline must be after the closing time of the round, "
        f"{moment_in_words(world.round.closes_at)}."
    )
    assert Extension.objects.count() == 0


def test_a_system_gets_time_for_itself_after_its_round_has_closed(world: World) -> None:
    close_round(by=world.administrator, round_id=world.round.pk)
    until = timezone.now() + DAY
    given = {"assessment_id": world.assessment.pk, "until": until, "reason": "Illness"}
    assert extend(by=world.administrator, **given).after_closing
    rows = Assessment.objects.with_deadline().filter(round=world.round).order_by("organisation_name")
    assert [(row.reopened, row.deadline) for row in rows] == [
        (True, until),
        (False, world.round.closes_at),
        (False, world.round.closes_at),
    ]
    Assessment.objects.filter(pk=world.sister_assessment.pk).update(status=Assessment.Status.SUBMITTED)
    given["assessment_id"] = world.sister_assessment.pk
    assert refusal(extend, by=world.administrator, **given) == (
        "It is submitted. Return it to the system, and say there until when it has time."
    )


def test_time_for_one_system_counts_as_any_other_once_the_round_is_open_again(world: World) -> None:
    close_round(by=world.administrator, round_id=world.round.pk)
    until, closes = timezone.now() + DAY, timezone.now() + 90 * DAY
    extend(by=world.administrator, assessment_id=world.assessment.pk, until=until, reason="Illness")
    reopen_round(by=world.administrator, round_id=world.round.pk, closes_at=closes, reason="Flooding")
    row = Assessment.objects.with_deadline().get(pk=world.assessment.pk)
    assert (row.reopened, row.deadline) == (False, closes)


def test_no_system_needs_more_time_in_a_draft(world: World) -> None:
    Round.objects.filter(pk=world.round.pk).update(status=Status.DRAFT)
    given = {"assessment_id": world.assessment.pk, "until": timezone.now() + DAY, "reason": "Illness"}
    assert refusal(extend, by=world.administrator, **given) == (
        "“Spring round” is at the stage “Draft”, so no system needs more time yet."
    )


def test_a_second_lead_is_no_second_need(world: World) -> None:
    """The checklist asks for somebody in each role, not for one person only."""
    make_person("Second Lead", role="lead", organisation=world.own)
    assert setup(draft(world, world.own)).ready
