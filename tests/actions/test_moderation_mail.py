"""Whoever acts next in moderation is told, once for all levels of a system; words stay on the site."""

from __future__ import annotations

from surveys.actions.moderation import answer_proposal, decide
from surveys.actions.moderation_plan import assign_reviewer, end_review
from surveys.models import Message, Moderation, Person
from surveys.queries.deadlines import moment_in_words
from tests.moderated import begin, peer, proposed
from tests.world import World

SITE = "https://survey.example/"


def mails() -> list[tuple[str, str, str]]:
    """Each message since the last look: its kind, to whom, and its subject."""
    rows = list(Message.objects.order_by("pk"))
    found = [(row.kind, row.person.name if row.person else "", row.subject) for row in rows]
    Message.objects.all().delete()
    return found


def say(world: World, moderation: Moderation, kind: str, by: Person | None = None) -> None:
    answer_proposal(
        by=by or world.lead,
        assessment_id=world.assessment.pk,
        moderation_id=moderation.pk,
        kind=kind,
        text="Secret words of the system.",
        site=SITE,
    )


def settle(world: World, moderation: Moderation, by: Person | None = None) -> None:
    decide(
        by=by or world.national_analyst,
        assessment_id=world.assessment.pk,
        moderation_id=moderation.pk,
        level=moderation.self_assessed,
        reason="Secret reason.",
        site=SITE,
    )


def test_a_reviewer_is_asked(world: World) -> None:
    assign_reviewer(
        by=world.administrator,
        assessment_id=world.assessment.pk,
        email=world.far_lead.email,
        site=SITE,
    )
    message = Message.objects.get()
    assert (message.person, message.assessment, message.round, message.queued_by) == (
        world.far_lead,
        world.assessment,
        world.round,
        world.administrator,
    )
    assert message.subject == "Ada Administrator asks you to review Ambleshire, Spring round"
    assert f"{SITE}assessments/{world.assessment.pk}/moderation/" in message.body


def test_a_system_is_asked_once_for_all_that_waits(world: World) -> None:
    plan = begin(world)
    first = proposed(world, site=SITE)
    proposed(world, question_code="training", level=4, site=SITE)
    subject = "Levels proposed for your answer: Ambleshire, Spring round"
    body = Message.objects.filter(person=world.lead).get().body
    assert f"before {moment_in_words(plan.answers_until)}." in body
    assert "primary care" not in body
    assert mails() == [
        ("level_proposed", "April Approver", subject),
        ("level_proposed", "Lena Lead", subject),
    ]
    for moderation in (first, Moderation.objects.exclude(pk=first.pk).get()):
        say(world, moderation, "accept")
    mails()
    proposed(world, question_code="recruitment", level=4, site=SITE)
    assert [who for _, who, _ in mails()] == ["April Approver", "Lena Lead"]


def test_reviewers_learn_of_the_answers_and_the_lead_reviewer_of_challenges(world: World) -> None:
    begin(world)
    one, other = proposed(world), proposed(world, by=world.administrator, question_code="training", level=4)
    say(world, one, "challenge")
    assert mails() == []
    say(world, other, "accept")
    bodies = {row.person_id: row.body for row in Message.objects.all()}
    assert "Please decide about it." in bodies[world.national_analyst.pk]
    assert "The lead reviewer decides about it." in bodies[world.regional_analyst.pk]
    assert all("Secret" not in body for body in bodies.values())
    subject = "The proposed levels are answered: Ambleshire, Spring round"
    assert mails() == [
        ("proposal_answered", "Ada Administrator", subject),
        ("proposal_answered", "Nadia Nation", subject),
        ("proposal_answered", "Reggie Region", subject),
    ]


def test_a_lead_reviewer_is_not_asked_for_what_is_accepted(world: World) -> None:
    begin(world)
    say(world, proposed(world), "accept")
    assert "It accepts what was proposed." in Message.objects.get().body
    assert [who for _, who, _ in mails()] == ["Reggie Region"]


def asked_to_decide() -> set[str]:
    """Whom the messages since the last look ask for a decision."""
    rows = list(Message.objects.filter(body__contains="Please decide about").select_related("person"))
    Message.objects.all().delete()
    return {row.person.name for row in rows if row.person}


def test_administrators_decide_what_the_lead_reviewer_proposed(world: World) -> None:
    begin(world)
    say(world, proposed(world, by=world.national_analyst), "challenge")
    assert asked_to_decide() == {"Ada Administrator"}
    say(world, proposed(world, question_code="training", level=4), "challenge")
    assert asked_to_decide() == {"Ada Administrator", "Nadia Nation"}


def test_administrators_decide_when_the_lead_reviewer_is_gone(world: World) -> None:
    begin(world)
    Person.objects.filter(pk=world.national_analyst.pk).update(is_active=False)
    say(world, proposed(world), "challenge")
    assert [who for _, who, _ in mails()] == ["Ada Administrator", "Reggie Region"]


def test_a_peer_whose_review_ended_is_not_written_to(world: World) -> None:
    begin(world)
    review = peer(world)
    moderation = proposed(world, by=world.far_lead)
    end_review(by=world.administrator, assessment_id=world.assessment.pk, review_id=review.pk)
    say(world, moderation, "accept")
    assert mails() == []


def test_everybody_learns_when_all_is_decided(world: World) -> None:
    begin(world)
    one, other = proposed(world), proposed(world, question_code="training", level=4)
    Person.objects.filter(pk=world.regional_analyst.pk).update(is_active=False)
    settle(world, one)
    assert mails() == []
    settle(world, other)
    assert all("Secret" not in row.body for row in Message.objects.all())
    subject = "The proposed levels are decided: Ambleshire, Spring round"
    assert mails() == [
        ("level_decided", "April Approver", subject),
        ("level_decided", "Lena Lead", subject),
    ]


def test_nobody_is_written_to_about_what_they_did(world: World) -> None:
    """The administrator proposed one level and decides about the other, which is the last."""
    begin(world)
    one = proposed(world, by=world.administrator)
    other = proposed(world, question_code="training", level=4)
    settle(world, one)
    assert mails() == []
    settle(world, other, by=world.administrator)
    assert [who for _, who, _ in mails()] == ["April Approver", "Lena Lead", "Reggie Region"]


def test_without_an_address_of_the_service_nothing_is_sent(world: World) -> None:
    begin(world)
    proposed(world)
    assert mails() == []
