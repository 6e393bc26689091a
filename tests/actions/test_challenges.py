"""Systems challenge provisional results, the programme team answers, and publication waits for it."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.http import Http404
from django.utils import timezone

from surveys.actions.challenges import answer_challenge, give_time_to_challenge, raise_challenge
from surveys.actions.participants import withdraw_participant
from surveys.actions.refusals import Refused
from surveys.actions.releases import publish, release_provisionally, withdraw
from surveys.models import Challenge, ChallengeAnswer, ChallengeWindow, Event, Message, Person, Release, Round
from surveys.queries.challenge_time import challenge_time, usual_end
from surveys.queries.deadlines import moment_in_words
from tests.factories import make_membership
from tests.refusals import refusal
from tests.signed import OWN, close, levels, release, release_for_good, submit, submit_north
from tests.together import together
from tests.world import World, build_world

SITE = "https://survey.example/"
WRONG = "We answered for Ambleshire alone."


@pytest.fixture
def provisional(world: World) -> World:
    """Own and sister have provisional results and two weeks to challenge them."""
    submit_north(world)
    release(world.round, challenges=True)
    world.round.refresh_from_db()
    return world


def challenged(world: World, by: Person | None = None, **changes: Any) -> Challenge:
    given = {"assessment_id": world.assessment.pk, "text": WRONG, "dimension_code": "data_platform"}
    return raise_challenge(by=by or world.lead, **(given | changes))


def answered(world: World, challenge: Challenge, **changes: Any) -> ChallengeAnswer:
    given = {"by": world.administrator, "upheld": True, "text": "We return it to you."}
    return answer_challenge(challenge_id=challenge.pk, **(given | changes))


def mail() -> list[tuple[str, str, str]]:
    """Kind, address and subject of each message, in order."""
    return list(Message.objects.order_by("pk").values_list("kind", "address", "subject"))


def last_event(verb: str) -> tuple[str, str, str, dict[str, Any]]:
    """Who, what, why and the detail of the newest event with this verb."""
    event = Event.objects.filter(verb=verb).latest("pk")
    return event.person_name, event.subject, event.reason, event.detail


def test_a_lead_challenges_a_score_and_the_administrators_are_told(provisional: World) -> None:
    row = challenged(provisional, site=SITE)

    assert (row.about, row.text, row.raised_by, row.release) == (
        "Data platform",
        WRONG,
        provisional.lead,
        Release.objects.get(),
    )
    about = "Ambleshire, Spring round, about “Data platform”"
    assert last_event("challenge.raised") == ("Lena Lead", about, WRONG, {"challenge": row.pk})
    assert mail() == [
        (
            "challenge_raised",
            provisional.administrator.email,
            "Challenge to answer: Ambleshire, Spring round",
        )
    ]
    assert f"{SITE}challenges/{row.pk}/" in Message.objects.get().body
    assert WRONG not in Message.objects.get().body


def test_an_approver_challenges_an_answer(provisional: World) -> None:
    row = challenged(provisional, by=provisional.approver, dimension_code="", question_code="linked_data")
    assert (row.about, row.dimension) == ("How mature is linked data?", None)
    assert mail() == []


@pytest.mark.parametrize(
    "who",
    ["contributor", "sister_lead", "far_lead", "regional_analyst", "national_analyst", "administrator"],
)
def test_nobody_else_challenges_for_a_system(provisional: World, who: str) -> None:
    with pytest.raises(Http404):
        challenged(provisional, by=getattr(provisional, who))
    assert Challenge.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"dimension_code": ""}, "Choose the dimension or the question that the challenge is about."),
        ({"dimension_code": "nowhere"}, "Choose the dimension or the question that the challenge is about."),
        (
            {"question_code": "linked_data"},
            "Choose the dimension or the question that the challenge is about.",
        ),
        ({"text": " \u200b "}, "Say what is wrong, and how you know."),
    ],
)
def test_a_challenge_says_what_it_is_about_and_what_is_wrong(
    provisional: World, changes: dict[str, str], said: str
) -> None:
    assert refusal(challenged, world=provisional, **changes) == said


def test_a_second_click_raises_nothing(provisional: World) -> None:
    challenged(provisional)
    assert refusal(challenged, world=provisional) == (
        "This challenge was raised already and waits for an answer. It was not raised twice."
    )
    challenged(provisional, text="And the skills are wrong.", dimension_code="skills")
    assert Challenge.objects.count() == 2


def test_the_same_can_be_said_again_once_it_is_answered(provisional: World) -> None:
    answered(provisional, challenged(provisional), upheld=False, text="The copy says so.")
    challenged(provisional)
    assert Challenge.objects.count() == 2


def test_a_system_without_results_has_nothing_to_challenge(provisional: World) -> None:
    said = refusal(
        challenged,
        world=provisional,
        by=provisional.far_lead,
        assessment_id=provisional.far_assessment.pk,
    )
    assert said == "There are no results of Cliffshire to challenge."


def test_a_system_that_left_the_round_challenges_nothing(provisional: World) -> None:
    withdraw_participant(
        by=provisional.administrator, assessment_id=provisional.assessment.pk, reason="Merged."
    )
    assert refusal(challenged, world=provisional) == "There are no results of Ambleshire to challenge."


def test_results_that_are_withdrawn_cannot_be_challenged(provisional: World) -> None:
    withdraw(by=provisional.administrator, release_id=Release.objects.get().pk, reason="Wrong file.")
    assert refusal(challenged, world=provisional) == "There are no results of Ambleshire to challenge."


def test_before_the_release_after_the_time_and_once_published_there_is_no_challenge(world: World) -> None:
    submit_north(world)
    close(world.round)
    nothing = "There are no provisional results to challenge yet. Nothing was sent."
    assert refusal(challenged, world=world) == nothing
    release_provisionally(by=None, round_id=world.round.pk)
    assert refusal(challenged, world=world) == "No time has been set for challenges. Nothing was sent."
    end = timezone.now() + datetime.timedelta(days=1)
    give_time_to_challenge(by=world.administrator, round_id=world.round.pk, until=end, reason="Forgotten.")
    with time_machine.travel(end, tick=False):
        ended = f"The time for challenges ended on {moment_in_words(end)}. Nothing was sent."
        assert refusal(challenged, world=world) == ended
        publish(by=world.administrator, round_id=world.round.pk)
    over = "The results are published, so they can no longer be challenged. Nothing was sent."
    assert refusal(challenged, world=world) == over


def test_an_answer_is_kept_with_who_gave_it_and_leads_and_approvers_are_told(provisional: World) -> None:
    make_membership(provisional.lead, "approver", provisional.own)
    row = challenged(provisional)
    given = answered(provisional, row, site=SITE)

    assert (given.upheld, given.text, given.answered_by) == (
        True,
        "We return it to you.",
        provisional.administrator,
    )
    subject = "Challenge upheld: Ambleshire, Spring round"
    assert mail() == [
        ("challenge_answered", provisional.approver.email, subject),
        ("challenge_answered", provisional.lead.email, subject),
    ]
    assert last_event("challenge.answered") == (
        "Ada Administrator",
        "Ambleshire, Spring round, about “Data platform”",
        "We return it to you.",
        {"challenge": row.pk, "outcome": "upheld"},
    )


def test_a_challenge_is_answered_once(provisional: World) -> None:
    row = challenged(provisional)
    answered(provisional, row, upheld=False, text="The copy says so.")
    assert refusal(answered, world=provisional, challenge=row) == (
        "Ada Administrator has answered this challenge already. Nothing was changed."
    )
    assert last_event("challenge.answered")[3]["outcome"] == "not upheld"


def test_an_answer_says_why_and_is_given_by_administrators(provisional: World) -> None:
    row = challenged(provisional)
    assert refusal(answered, world=provisional, challenge=row, text=" ") == (
        "Say what will be done, or why the challenge is not upheld: the system reads it."
    )
    for who in ("lead", "approver", "regional_analyst", "national_analyst"):
        with pytest.raises(Http404):
            answered(provisional, row, by=getattr(provisional, who))
    with pytest.raises(Http404):
        answer_challenge(by=provisional.administrator, challenge_id=0, upheld=True, text="x")
    assert ChallengeAnswer.objects.count() == 0


def test_a_provisional_release_tells_the_systems_until_when_they_may_challenge(world: World) -> None:
    """Those with results, and of those the leads and approvers."""
    submit_north(world)
    close(world.round)
    until = usual_end(timezone.now())
    release_provisionally(by=world.administrator, round_id=world.round.pk, challenge_until=until, site=SITE)

    told = sorted((kind, address) for kind, address, _ in mail())
    assert told == sorted(
        ("results_to_check", person.email)
        for person in (world.lead, world.approver, world.sister_lead, world.sister_approver)
    )
    body = Message.objects.get(address=world.lead.email).body
    assert f"until {moment_in_words(until)}" in body
    assert f"{SITE}assessments/{world.assessment.pk}/challenges/" in body
    stored = until.astimezone(datetime.UTC).isoformat()
    assert last_event("round.challenge_time_given") == (
        "Ada Administrator",
        "Spring round",
        "",
        {"challenge_until": stored},
    )


def test_a_second_provisional_release_leaves_the_time_as_it_is_and_tells_again(provisional: World) -> None:
    end = challenge_time(provisional.round).until
    submit(provisional.assessment, provisional.approver, {**OWN, **levels(linked_data=1)})
    again: dict[str, Any] = {"by": provisional.administrator, "round_id": provisional.round.pk}
    later = timezone.now() + datetime.timedelta(days=60)
    assert refusal(release_provisionally, **again, challenge_until=later) == (
        "Systems have time for challenges already, so none was given. Nothing was released."
    )
    release_provisionally(**again, site=SITE)
    assert (Release.objects.count(), challenge_time(provisional.round).until) == (2, end)
    assert {kind for kind, _, _ in mail()} == {"results_to_check"}


def test_the_time_for_challenges_ends_in_the_future(world: World) -> None:
    submit_north(world)
    close(world.round)
    said = refusal(
        release_provisionally, by=world.administrator, round_id=world.round.pk, challenge_until=timezone.now()
    )
    assert said == "The time for challenges must end in the future."
    assert Release.objects.count() == 0


def test_time_for_challenges_is_made_longer_with_a_reason(provisional: World) -> None:
    before = challenge_time(provisional.round).until
    assert before is not None
    more: dict[str, Any] = {"by": provisional.administrator, "round_id": provisional.round.pk}
    later = before + datetime.timedelta(days=7)
    assert refusal(give_time_to_challenge, **more, until=later, reason=" ") == (
        "Give a reason: it is kept with what was done."
    )
    assert refusal(give_time_to_challenge, **more, until=before, reason="Holidays.") == (
        f"The new end must be later than {moment_in_words(before)}. Time that was given is not taken back."
    )
    give_time_to_challenge(**more, until=later, reason="Holidays.", site=SITE)
    assert challenge_time(provisional.round).until == later
    assert last_event("round.challenge_time_given")[2] == "Holidays."
    assert len(mail()) == 4


def test_time_for_challenges_of_withdrawn_results_tells_nobody(provisional: World) -> None:
    withdraw(by=provisional.administrator, release_id=Release.objects.get().pk, reason="Wrong file.")
    give_time_to_challenge(
        by=provisional.administrator,
        round_id=provisional.round.pk,
        until=timezone.now() + datetime.timedelta(days=60),
        reason="Holidays.",
        site=SITE,
    )
    assert mail() == []


def test_only_administrators_give_time_and_only_while_results_are_provisional(world: World) -> None:
    end = timezone.now() + datetime.timedelta(days=60)
    with pytest.raises(Http404):
        give_time_to_challenge(
            by=world.national_analyst, round_id=world.round.pk, until=end, reason="Holidays."
        )
    assert refusal(
        give_time_to_challenge, by=world.administrator, round_id=world.round.pk, until=end, reason="Holidays."
    ) == ("“Spring round” is at the stage “Open”, and only provisional results can be challenged.")


def test_publishing_waits_for_the_answer_to_every_challenge(provisional: World) -> None:
    row = challenged(provisional)
    asked: dict[str, Any] = {
        "by": provisional.administrator,
        "round_id": provisional.round.pk,
        "reason": "The board meets.",
    }
    assert refusal(publish, **asked) == (
        "Nothing was published. 1 challenge waits for an answer: answer every one first."
    )
    challenged(provisional, dimension_code="skills")
    assert refusal(publish, **asked) == (
        "Nothing was published. 2 challenges wait for an answer: answer every one first."
    )
    for waiting in Challenge.objects.all():
        answered(provisional, waiting, upheld=False, text="The copy says so.")
    publish(**asked)
    assert row.answer.upheld is False


def test_publishing_before_the_time_is_over_needs_a_reason_that_is_kept(provisional: World) -> None:
    asked: dict[str, Any] = {"by": provisional.administrator, "round_id": provisional.round.pk}
    ends = challenge_time(provisional.round).ends
    said = f"Systems may challenge these results until {ends}. Say why they are published before."
    assert refusal(publish, **asked) == said
    publish(**asked, reason="All 42 systems have said yes.")
    assert last_event("round.published")[2] == "All 42 systems have said yes."


def test_once_the_time_is_over_no_reason_is_asked_for_nor_kept(provisional: World) -> None:
    end = challenge_time(provisional.round).until
    assert end is not None
    with time_machine.travel(end, tick=False):
        publish(by=provisional.administrator, round_id=provisional.round.pk, reason="Not asked for.")
    assert last_event("round.published")[2] == ""


@pytest.mark.parametrize(
    ("now", "end"),
    [
        (datetime.datetime(2027, 6, 1, 10, tzinfo=datetime.UTC), "Tuesday 15 June 2027 at 5pm"),
        (datetime.datetime(2027, 6, 4, 10, tzinfo=datetime.UTC), "Friday 18 June 2027 at 5pm"),
        (datetime.datetime(2027, 6, 5, 10, tzinfo=datetime.UTC), "Friday 18 June 2027 at 5pm"),
        (datetime.datetime(2026, 12, 18, 10, tzinfo=datetime.UTC), "Wednesday 6 January 2027 at 5pm"),
        (datetime.datetime(2026, 10, 20, 22, tzinfo=datetime.UTC), "Tuesday 3 November 2026 at 5pm"),
    ],
)
def test_ten_working_days_are_proposed(now: datetime.datetime, end: str) -> None:
    """Without weekends and bank holidays, at 5pm in London whether or not the clocks change between."""
    assert moment_in_words(usual_end(now)) == end


def test_what_is_published_keeps_its_challenges(world: World) -> None:
    submit_north(world)
    release_for_good(world.round)
    assert (ChallengeWindow.objects.count(), Round.objects.get().status) == (0, Round.Status.PUBLISHED)


@pytest.mark.django_db(transaction=True)
def test_publishing_and_challenging_at_once_have_one_outcome() -> None:
    """Whoever holds the round first is done; the other is told. Nothing is published over a challenge."""
    world = build_world()
    submit_north(world)
    release(world.round, challenges=True)

    def attempt_publication() -> str:
        return _said(
            lambda: publish(by=world.administrator, round_id=world.round.pk, reason="The board meets.")
        )

    def attempt_challenge() -> str:
        return _said(lambda: challenged(world))

    published, raised = together(attempt_publication, attempt_challenge)
    world.round.refresh_from_db()
    if world.round.status == Round.Status.PUBLISHED:
        assert (published, Challenge.objects.count()) == ("done", 0)
        assert raised == "The results are published, so they can no longer be challenged. Nothing was sent."
    else:
        assert (raised, Challenge.objects.count()) == ("done", 1)
        assert published == "Nothing was published. 1 challenge waits for an answer: answer every one first."


def _said(act: Any) -> str:
    try:
        act()
    except Refused as refused:
        return refused.message
    return "done"
