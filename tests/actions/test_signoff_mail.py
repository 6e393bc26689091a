"""Whoever has to act next hears of it, and nobody else; the words of a reason stay on the site."""

from __future__ import annotations

from typing import Any

import pytest

from surveys.actions.assessments import return_assessment, send_for_signoff, submit
from surveys.models import Message, Person
from surveys.permissions import Role
from tests.actions.test_assessments import answer, give_back, send, sign
from tests.factories import make_membership, make_person
from tests.signed import close
from tests.world import World

SITE = "https://survey.example/"


@pytest.fixture
def answered(world: World) -> World:
    """The country, with one answer to send, and people of the own system who must hear nothing of it."""
    answer(world)
    gone = make_person("Gwen Gone", role="approver", organisation=world.own)
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    return world


def told() -> list[tuple[str, str, str, str]]:
    """Every message: its kind, to whom, about what, and who caused it."""
    found = Message.objects.select_related("person", "queued_by").order_by("pk")
    return [
        (row.kind, row.person.name if row.person else "", row.subject, str(row.queued_by)) for row in found
    ]


def addresses(message: Message) -> list[str]:
    return [line for line in message.body.splitlines() if line.startswith("http")]


def page(world: World, path: str = "") -> list[str]:
    return [f"{SITE}assessments/{world.assessment.pk}/{path}"]


def returned_by(world: World, who: Person) -> None:
    return_assessment(by=who, assessment_id=world.assessment.pk, reason="Secret reason.", site=SITE)


def test_approvers_are_asked_to_sign(answered: World) -> None:
    send_for_signoff(by=answered.lead, assessment_id=answered.assessment.pk, site=SITE)

    assert told() == [
        (
            "sent_for_signoff",
            "April Approver",
            "For your sign-off: Ambleshire, Spring round",
            "Lena Lead",
        )
    ]
    message = Message.objects.get()
    assert (message.assessment, message.round) == (answered.assessment, answered.round)
    assert addresses(message) == page(answered, "sign-off/")
    assert "It must be signed before" in message.body


def test_leads_hear_of_a_return_by_the_approver(answered: World) -> None:
    send(answered)
    returned_by(answered, answered.approver)

    subject = "Returned for changes: Ambleshire, Spring round"
    assert told() == [("returned", "Lena Lead", subject, "April Approver")]
    message = Message.objects.get()
    assert addresses(message) == page(answered)
    assert "Secret reason" not in message.body
    assert "Answers can be changed again, and it has to be sent and signed again." in message.body


def test_nobody_is_promised_time_that_there_is_not(answered: World) -> None:
    send(answered)
    sign(answered)
    close(answered.round)
    returned_by(answered, answered.administrator)

    assert [message.body.splitlines()[2:4] for message in Message.objects.all()] == [
        [
            "Ada Administrator has returned the assessment of Ambleshire, Spring round, for changes.",
            (
                "There is no time left to make them as things are. The round is closed, so answers can no "
                "longer be changed."
            ),
        ]
    ] * 2


def test_the_lead_and_the_approver_hear_of_a_return_by_the_programme(answered: World) -> None:
    send(answered)
    sign(answered)
    returned_by(answered, answered.regional_analyst)

    subject = "Returned for changes: Ambleshire, Spring round"
    assert told() == [
        ("returned", "Lena Lead", subject, "Reggie Region"),
        ("returned", "April Approver", subject, "Reggie Region"),
    ]


def test_a_signature_leaves_a_record_with_everybody_concerned(answered: World) -> None:
    send(answered)
    answered.assessment.refresh_from_db()
    copy = submit(
        by=answered.approver,
        assessment_id=answered.assessment.pk,
        name="Dr April Approver",
        job_title="Chief executive",
        sent_at=answered.assessment.sent_at,
        site=SITE,
    )

    subject = "Signed and submitted: Ambleshire, Spring round"
    assert told() == [
        ("submitted", "Lena Lead", subject, "April Approver"),
        ("submitted", "April Approver", subject, "April Approver"),
    ]
    for message in Message.objects.all():
        assert addresses(message) == page(answered, "submissions/1/")
        assert copy.sha256 in message.body.splitlines()
        assert "Dr April Approver has signed" in message.body


def test_somebody_with_two_roles_gets_one_message(answered: World) -> None:
    make_membership(answered.lead, Role.APPROVER, answered.own)
    make_membership(answered.approver, Role.LEAD, answered.own)
    send(answered)
    sign(answered)
    returned_by(answered, answered.administrator)

    assert [name for _, name, *_ in told()] == ["April Approver", "Lena Lead"]


def test_nobody_is_written_to_about_what_they_did_themselves(answered: World) -> None:
    make_membership(answered.lead, Role.APPROVER, answered.own)
    lead = Person.objects.get(pk=answered.lead.pk)

    send_for_signoff(by=lead, assessment_id=answered.assessment.pk, site=SITE)
    returned_by(answered, lead)

    assert [(kind, name) for kind, name, *_ in told()] == [("sent_for_signoff", "April Approver")]


def test_without_an_address_of_the_site_nothing_is_sent(answered: World) -> None:
    send(answered)
    sign(answered)
    give_back(answered, answered.administrator)
    assert told() == []


def test_names_with_markup_stay_as_they_are(answered: World, settings: Any) -> None:
    settings.SUPPORT_EMAIL = "help@survey.example"
    Person.objects.filter(pk=answered.lead.pk).update(name="Lena <b>O'Lead</b>")
    answered.lead.refresh_from_db()

    send_for_signoff(by=answered.lead, assessment_id=answered.assessment.pk, site=SITE)

    body = Message.objects.get().body
    assert "Lena <b>O'Lead</b> has sent" in body
    assert "write to help@survey.example." in body
