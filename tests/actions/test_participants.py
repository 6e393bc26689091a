"""After a round has opened, a system is added or withdrawn with a reason, and what is out stays as it is."""

from __future__ import annotations

import datetime

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import Http404
from django.utils import timezone

from surveys.actions.answers import AnswerSave, save_answers
from surveys.actions.assessments import return_assessment, send_for_signoff
from surveys.actions.extensions import extend
from surveys.actions.handing_out import hand_out
from surveys.actions.participants import add_participant, restore_participant, withdraw_participant
from surveys.actions.refusals import Refused
from surveys.actions.releases import correct, publish, release_provisionally
from surveys.actions.rounds import close_round
from surveys.models import (
    Assessment,
    Event,
    LeftOut,
    Organisation,
    OrganisationName,
    Participant,
    Person,
    Round,
)
from surveys.permissions import Permission, visible_to
from surveys.queries.burn_up import standings
from surveys.queries.control_room import control_room, every_line, room_frame
from surveys.queries.deadlines import WITHDRAWN, day_in_words
from surveys.queries.home import home
from surveys.queries.progress import progress
from surveys.queries.release_check import release_check
from surveys.queries.reminder_recipients import recipients
from surveys.queries.results.correction import correction
from surveys.queries.results.listing import rounds_with_results, same_systems
from surveys.queries.results.released import read as read_release
from surveys.queries.results.released import readable_releases
from surveys.queries.rounds import closing_page, round_page, rounds_for
from surveys.questionnaires.responses import Response
from tests.factories import make_person, make_round, make_system
from tests.models.violation import refused_by_trigger, violates
from tests.refusals import refusal
from tests.signed import close, release, release_for_good, set_status, submit_north
from tests.together import together
from tests.world import World, build_world

WHY = "The board asked for it."


def withdraw(world: World, assessment: Assessment | None = None) -> Assessment:
    """The administrator takes a system out of the round: the own one, unless another is named."""
    row = assessment or world.assessment
    return withdraw_participant(by=world.administrator, assessment_id=row.pk, reason=WHY)


def restore(world: World) -> Assessment:
    return restore_participant(
        by=world.administrator, assessment_id=world.assessment.pk, reason="A misunderstanding."
    )


def newcomer(world: World, name: str = "Downland") -> Organisation:
    """A system of the north that nobody chose, with a lead and an approver."""
    system = make_system(world.north, name)
    make_person(f"{name} Lead", role="lead", organisation=system)
    make_person(f"{name} Approver", role="approver", organisation=system)
    return system


def add(world: World, system: Organisation, reason: str = WHY) -> Assessment:
    return add_participant(
        by=world.administrator, round_id=world.round.pk, organisation_id=system.pk, reason=reason
    )


def stored(assessment: Assessment) -> tuple[object, ...]:
    row = Assessment.objects.get(pk=assessment.pk)
    return row.status, row.withdrawn_at is not None, row.withdrawn_by, row.withdrawal_reason


def test_an_added_system_stands_in_the_round_as_on_the_rounds_day(world: World) -> None:
    """It was renamed since; the round keeps the name of its day."""
    system = newcomer(world)
    name = OrganisationName.objects.get(organisation=system)
    today = world.round.participants_as_at
    name.period = DateRange(name.period.lower, today + datetime.timedelta(days=1))
    name.save()
    OrganisationName.objects.create(
        organisation=system,
        short_name="Upland",
        official_name="NHS Upland",
        period=DateRange(today + datetime.timedelta(days=1), None),
    )
    made = add(world, system, reason="  It joined late. ")
    assert (
        made.organisation_name,
        made.ods_code,
        made.region,
        made.region_name,
        made.status,
        made.added_by,
        made.added_reason,
    ) == (
        "Downland",
        "".join(system.codes.values_list("code", flat=True)),
        world.north,
        "North",
        "not_started",
        world.administrator,
        "It joined late.",
    )
    assert Participant.objects.filter(round=world.round, organisation=system).count() == 1
    told = Event.objects.get(verb="assessment.added")
    assert (told.subject, told.reason, told.assessment_id) == (
        "Downland, Spring round",
        "It joined late.",
        made.pk,
    )


def test_an_added_system_counts_and_can_answer(world: World) -> None:
    system = newcomer(world)
    lead = Person.objects.get(name="Downland Lead")
    made = add(world, system)
    assert room_frame(world.administrator, world.round.pk).this.systems == 4
    save_answers(by=lead, assessment_id=made.pk, saves=[AnswerSave("training", 0, Response(level=2))])
    state = home(lead).current[0].state
    assert state.added is not None
    assert (state.added.by, state.added.reason) == ("Ada Administrator", WHY)


def test_adding_is_refused_with_what_is_missing(world: World) -> None:
    lonely = make_system(world.north, "Emptyshire")
    assert refusal(add, world=world, system=lonely) == (
        "It cannot take part yet. Emptyshire has no data lead with an active account. "
        "Emptyshire has no approver with an active account."
    )
    assert refusal(add, world=world, system=world.north) == (
        "There is no such system on the round's day. Choose one from the list."
    )
    assert refusal(add, world=world, system=newcomer(world), reason=" \n ") == (
        "Give a reason: it is kept with what was done."
    )
    assert refusal(add, world=world, system=world.own) == (
        "Ambleshire takes part in the round already. Nothing was changed."
    )
    assert Assessment.objects.filter(round=world.round).count() == 3
    assert not Event.objects.filter(verb="assessment.added").exists()


@pytest.mark.parametrize("status", ["draft", "provisional", "published"])
def test_no_system_is_added_before_the_opening_or_after_a_release(world: World, status: str) -> None:
    set_status(world.round, status)
    label = Round.Status(status).label
    assert refusal(add, world=world, system=newcomer(world)) == (
        f"“Spring round” is at the stage “{label}”. A system can be added while a round is open, or closed "
        "and not released yet. Before that, choose the systems; after it, the next round is theirs."
    )


def test_a_withdrawn_system_keeps_everything_and_changes_nothing(world: World) -> None:
    save_answers(
        by=world.lead,
        assessment_id=world.assessment.pk,
        saves=[AnswerSave("training", 0, Response(level=2))],
    )
    withdraw(world)
    assert stored(world.assessment) == ("in_progress", True, world.administrator, WHY)
    assert world.assessment.answers.get().level == 2
    answer = [AnswerSave("training", 1, Response(level=5))]
    about = {"assessment_id": world.assessment.pk}
    assert refusal(save_answers, by=world.lead, saves=answer, **about) == WITHDRAWN
    assert refusal(send_for_signoff, by=world.lead, **about) == WITHDRAWN
    work = {"dimension_code": "skills", "person_id": world.contributor.pk, "site": ""}
    assert refusal(hand_out, by=world.lead, **work, **about) == WITHDRAWN
    more = timezone.now() + datetime.timedelta(days=60)
    assert refusal(extend, by=world.administrator, until=more, reason="Illness", **about) == (
        "The system was withdrawn from the round. Let it take part again before you give time."
    )
    set_status(Assessment.objects.get(pk=world.assessment.pk), "submitted")
    assert refusal(return_assessment, by=world.administrator, reason="Look again", **about) == (
        f"Nothing was returned. {WITHDRAWN}"
    )
    told = Event.objects.get(verb="assessment.withdrawn")
    assert (told.subject, told.reason, told.detail) == (
        "Ambleshire, Spring round",
        WHY,
        {"status": "in_progress"},
    )


def test_its_people_read_why_it_was_withdrawn(world: World) -> None:
    withdraw(world)
    (own,) = home(world.lead).current
    assert own.state.withdrawn is not None
    assert (own.state.withdrawn.by, own.state.withdrawn.reason, own.state.withdrawn.day) == (
        "Ada Administrator",
        WHY,
        day_in_words(timezone.now()),
    )
    assert (own.state.over, own.state.time_left, own.next_step.words) == (True, "", WITHDRAWN)


def test_a_withdrawn_system_leaves_every_count(world: World) -> None:
    """The control room, its file, the burn-up, progress, the list, the closing page, reminders, the check."""
    submit_north(world)
    withdraw(world)
    person = world.administrator
    frame = room_frame(person, world.round.pk)
    room = control_room(frame)
    assert (room.systems, room.submitted, [line.organisation_name for line in room.lines]) == (
        2,
        1,
        ["Borderland", "Cliffshire"],
    )
    assert [line.organisation_name for line in every_line(frame)] == ["Borderland", "Cliffshire"]
    assert standings(person, world.round)[0].systems == 2
    page = round_page(person, world.round.pk)
    assert [system.organisation_name for system in progress(person, page).systems] == [
        "Borderland",
        "Cliffshire",
    ]
    (line,) = rounds_for(person)
    assert (line.systems, line.submitted) == (2, 1)
    closing = closing_page(person, world.round.pk)
    assert (closing.systems, closing.submitted, closing.unsubmitted) == (2, 1, ("Cliffshire",))
    withdraw(world, world.far_assessment)
    assert recipients(world.round) == ()
    check = release_check(person, world.round.pk)
    assert (check.responded_in_words, check.prepared.withdrawn) == (
        "1 of 1",
        {world.assessment.pk: "Ambleshire", world.far_assessment.pk: "Cliffshire"},
    )
    close_round(by=person, round_id=world.round.pk)
    assert Event.objects.get(verb="round.closed").detail == {"systems": 1, "submitted": 1}


def test_a_release_that_is_out_keeps_its_systems_and_a_later_one_has_the_others(world: World) -> None:
    submit_north(world)
    first = release_for_good(world.round)
    withdraw(world)
    note = "Ambleshire was withdrawn."
    second = correct(by=world.administrator, round_id=world.round.pk, note=note)

    before, after = (read_release(world.national_analyst, each.pk) for each in (first, second))
    assert [system.name for system in before.systems] == ["Ambleshire", "Borderland", "Cliffshire"]
    assert (before.of, before.responded) == (3, 2)
    assert [system.name for system in after.systems] == ["Borderland", "Cliffshire"]
    assert (after.of, after.responded, after.whole) == (2, 1, True)
    assert Event.objects.get(verb="round.corrected").detail["of"] == 2

    found = correction(world.national_analyst, second.pk, first.pk)
    assert ([each.name for each in found.left], found.joined) == (["Ambleshire"], ())
    assert {line.system.name for line in found.scores} == {"Ambleshire"}

    restore(world)
    third = correct(by=world.administrator, round_id=world.round.pk, note="It is back.")
    again = correction(world.national_analyst, third.pk, second.pk)
    assert ([each.name for each in again.joined], again.left) == (["Ambleshire"], ())
    assert read_release(world.national_analyst, second.pk).of == 2


def test_what_a_release_leaves_out_is_written_once(world: World) -> None:
    submit_north(world)
    withdraw(world)
    made = release(world.round)
    row = LeftOut.objects.get(release=made)
    assert row.assessment == world.assessment
    with violates("left_out_once_a_release"):
        LeftOut.objects.create(release=made, assessment=world.assessment)
    with refused_by_trigger("pgtrigger: Cannot update or delete rows from surveys_leftout table"):
        row.delete()


def test_no_link_leads_to_a_system_that_a_release_leaves_out(world: World) -> None:
    submit_north(world)
    release_for_good(world.round)
    withdraw(world)
    correct(by=world.administrator, round_id=world.round.pk, note="Ambleshire was withdrawn.")
    heads = [head for each in rounds_with_results(world.national_analyst) for head in each.releases]
    key = world.assessment.pk
    counting = [
        head for head in heads if (head.id, key) in same_systems(world.national_analyst, [key], heads)
    ]
    assert {head.name for head in counting} == {"Provisional release 1", "Published release 1"}
    assert {head.name for head in heads} == {*(head.name for head in counting), "Published release 2"}


def test_a_system_without_results_makes_another_release_too(world: World) -> None:
    """N of the results is one less, although no score differs."""
    submit_north(world)
    release(world.round)
    with pytest.raises(Refused, match="No score and no answer differs"):
        release_provisionally(by=world.administrator, round_id=world.round.pk)
    withdraw(world, world.far_assessment)
    assert release_check(world.administrator, world.round.pk).changed == ("Cliffshire",)
    second = release_provisionally(by=world.administrator, round_id=world.round.pk)
    assert read_release(world.national_analyst, second.pk).of == 2


def test_what_was_looked_at_before_the_withdrawal_is_not_released(world: World) -> None:
    submit_north(world)
    close(world.round)
    seen = release_check(world.administrator, world.round.pk).prepared.fingerprint
    withdraw(world, world.far_assessment)
    with pytest.raises(Refused, match="or a system was withdrawn"):
        release_provisionally(by=world.administrator, round_id=world.round.pk, seen=seen)


def test_a_withdrawn_system_sees_only_the_provisional_results_that_count_it(world: World) -> None:
    submit_north(world)
    first = release(world.round)
    withdraw(world)
    second = release_provisionally(by=world.administrator, round_id=world.round.pk)
    assert list(readable_releases(world.lead)) == [first]
    assert list(readable_releases(world.sister_lead).order_by("pk")) == [first, second]
    assert [system.name for system in read_release(world.lead, first.pk).systems] == ["Ambleshire"]
    publish(by=world.administrator, round_id=world.round.pk)
    assert readable_releases(world.lead).count() == 2


def test_a_system_takes_part_again_from_where_it_stood(world: World) -> None:
    submit_north(world)
    withdraw(world)
    restore(world)
    assert stored(world.assessment) == ("submitted", False, None, "")
    assert room_frame(world.administrator, world.round.pk).this.systems == 3
    assert [event.verb for event in Event.objects.order_by("pk")][-2:] == [
        "assessment.withdrawn",
        "assessment.restored",
    ]


def test_doing_it_twice_is_refused_with_who_did_it(world: World) -> None:
    withdraw(world)
    day = day_in_words(timezone.now())
    already = f"Ambleshire was withdrawn from the round by Ada Administrator on {day}. Nothing was changed."
    assert refusal(withdraw, world=world) == already
    assert refusal(add, world=world, system=world.own) == already
    restore(world)
    assert refusal(restore, world=world) == "Ambleshire takes part in the round already. Nothing was changed."
    assert Event.objects.filter(verb__startswith="assessment.").count() == 2


def test_the_last_system_stays_and_a_reason_is_given(world: World) -> None:
    withdraw(world, world.far_assessment)
    withdraw(world, world.sister_assessment)
    assert refusal(withdraw, world=world) == "Ambleshire is the last system in the round, so it stays in it."
    about = {"by": world.administrator, "assessment_id": world.far_assessment.pk, "reason": " "}
    needed = "Give a reason: it is kept with what was done."
    assert refusal(restore_participant, **about) == needed
    assert refusal(withdraw_participant, **about | {"assessment_id": world.assessment.pk}) == needed


@pytest.mark.parametrize(
    "who", ["contributor", "lead", "approver", "regional_analyst", "national_analyst", "newcomer"]
)
def test_only_administrators_decide_who_takes_part(world: World, who: str) -> None:
    by = getattr(world, who)
    with pytest.raises(Http404):
        withdraw_participant(by=by, assessment_id=world.assessment.pk, reason=WHY)
    with pytest.raises(Http404):
        restore_participant(by=by, assessment_id=world.assessment.pk, reason=WHY)
    with pytest.raises(Http404):
        add_participant(by=by, round_id=world.round.pk, organisation_id=world.own.pk, reason=WHY)
    with pytest.raises(Http404):
        withdraw_participant(by=world.administrator, assessment_id=0, reason=WHY)
    assert stored(world.assessment) == ("not_started", False, None, "")


def test_its_people_still_read_the_assessment(world: World) -> None:
    withdraw(world)
    readable = visible_to(world.lead, Permission.READ_ASSESSMENT, Assessment.objects.all())
    assert list(readable) == [world.assessment]


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_add_a_system_once_and_withdraw_it_once() -> None:
    world = build_world()
    system = newcomer(world)
    done = together(lambda: add(world, system), lambda: add(world, system))
    made = [one for one in done if isinstance(one, Assessment)]
    refused = [one for one in done if isinstance(one, Refused)]
    assert (len(made), [one.message for one in refused]) == (
        1,
        ["Downland takes part in the round already. Nothing was changed."],
    )
    done = together(lambda: withdraw(world), lambda: withdraw(world))
    assert sorted(type(one).__name__ for one in done) == ["Assessment", "Refused"]
    assert Event.objects.filter(verb="assessment.withdrawn").count() == 1


def test_an_earlier_round_is_left_as_it_was(world: World) -> None:
    earlier = make_round(
        world.questionnaire,
        world.own,
        world.far,
        title="Autumn round",
        status="published",
        opens_at=timezone.now() - datetime.timedelta(days=300),
        closes_at=timezone.now() - datetime.timedelta(days=200),
    )
    withdraw(world)
    assert Assessment.objects.filter(round=earlier).taking_part().count() == 2
    this, before = standings(world.administrator, world.round)
    assert (this.systems, before.systems) == (2, 2)
