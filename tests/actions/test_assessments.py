"""Sending, signing, returning and handing out sections: by whom, when, and when two people do it at once."""

from __future__ import annotations

import datetime
import hashlib
import json
from functools import partial
from typing import Any

import pytest
from django.http import Http404
from django.utils import timezone

from surveys.actions.answers import AnswerSave, save_answers
from surveys.actions.assessments import (
    return_assessment,
    send_for_signoff,
    submit,
)
from surveys.actions.refusals import Refused
from surveys.models import (
    Assessment,
    Event,
    Extension,
    Person,
    Round,
    Submission,
)
from surveys.questionnaires.responses import Response
from surveys.questionnaires.signed_copy import responses_from
from tests.actions.test_answers import EVERY_KIND
from tests.factories import make_person
from tests.together import together
from tests.world import World, build_world

Status = Assessment.Status


def answer(world: World, code: str = "linked_data", seen: int = 0, level: int = 3) -> None:
    save_answers(
        by=world.lead,
        assessment_id=world.assessment.pk,
        saves=[AnswerSave(code, seen, Response(level=level))],
    )


def send(world: World, by: Person | None = None) -> None:
    send_for_signoff(by=by or world.lead, assessment_id=world.assessment.pk)


def sign(world: World, by: Person | None = None, **changes: Any) -> Submission:
    world.assessment.refresh_from_db()
    given: dict[str, Any] = {
        "name": "Dr April Approver",
        "job_title": "Chief executive",
        "sent_at": world.assessment.sent_at,
    }
    return submit(by=by or world.approver, assessment_id=world.assessment.pk, **given | changes)


def give_back(world: World, by: Person | None = None, reason: str = "Check the levels.") -> None:
    return_assessment(by=by or world.approver, assessment_id=world.assessment.pk, reason=reason)


def status(world: World) -> str:
    return Assessment.objects.get(pk=world.assessment.pk).status


def events(world: World) -> list[tuple[str, str, str]]:
    found = Event.objects.filter(assessment_id=world.assessment.pk).order_by("pk")
    return list(found.values_list("verb", "person_name", "reason"))


def close(world: World, to: str = Round.Status.CLOSED) -> None:
    Round.objects.filter(pk=world.round.pk).update(status=to)


def run_out(world: World) -> None:
    Round.objects.filter(pk=world.round.pk).update(closes_at=timezone.now())


class TestSending:
    def test_an_assessment_with_gaps_may_be_sent(self, world: World) -> None:
        answer(world)
        send(world)

        world.assessment.refresh_from_db()
        assert world.assessment.status == Status.AWAITING_SIGNOFF
        assert world.assessment.sent_by == world.lead
        assert world.assessment.sent_at is not None
        assert events(world) == [("assessment.sent", "Lena Lead", "")]

    def test_an_assessment_without_answers_is_not_sent(self, world: World) -> None:
        with pytest.raises(Refused, match="Nothing has been answered yet"):
            send(world)
        assert status(world) == Status.NOT_STARTED

    def test_it_is_sent_once(self, world: World) -> None:
        answer(world)
        send(world)
        with pytest.raises(Refused, match="already waiting for sign-off: Lena Lead sent it"):
            send(world)
        sign(world)
        with pytest.raises(Refused, match="has been submitted"):
            send(world)

    def test_an_assessment_that_is_not_there_cannot_be_sent(self, world: World) -> None:
        with pytest.raises(Http404):
            send_for_signoff(by=world.lead, assessment_id=10**9)

    def test_it_is_not_sent_after_the_deadline(self, world: World) -> None:
        answer(world)
        run_out(world)
        with pytest.raises(Refused, match="The deadline was"):
            send(world)

    @pytest.mark.parametrize(
        "who", ["contributor", "approver", "sister_lead", "regional_analyst", "administrator", "newcomer"]
    )
    def test_only_the_lead_sends(self, world: World, who: str) -> None:
        answer(world)
        with pytest.raises(Http404):
            send(world, getattr(world, who))
        assert status(world) == Status.IN_PROGRESS


class TestSigning:
    def test_a_submission_holds_everything_and_its_hash(self, world: World) -> None:
        saves = [AnswerSave(code, 0, response) for code, response in EVERY_KIND.items()]
        save_answers(by=world.lead, assessment_id=world.assessment.pk, saves=saves)
        send(world)

        submission = sign(world, name="  Dr April Approver ", job_title=" Chief executive")

        content = json.loads(submission.content)
        assert submission.number == 1
        assert submission.sha256 == hashlib.sha256(submission.content.encode()).hexdigest()
        assert submission.signed_by == world.approver
        assert (submission.signed_by_name, submission.signed_by_job_title) == (
            "Dr April Approver",
            "Chief executive",
        )
        assert submission.declaration == world.round.declaration
        assert list(content) == sorted(content)
        assert content["format"] == "ics-data-maturity-survey submission 1"
        assert content["number"] == 1
        assert content["organisation"] == {
            "name": "Ambleshire",
            "ods_code": world.assessment.ods_code,
            "region": "North",
        }
        assert content["round"] == {
            "title": "Spring round",
            "reference_date": world.round.reference_date.isoformat(),
        }
        assert content["questionnaire"] == {
            "key": "small",
            "version": "1.0",
            "title": "Small questionnaire",
            "sha256": world.questionnaire.digest,
        }
        assert responses_from(content["answers"]) == EVERY_KIND
        assert content["answers"]["analysts"] == {"number": "12.5000"}
        assert content["answered"]["linked_data"]["by"] == "Lena Lead"
        assert content["answered"]["linked_data"]["version"] == 1
        assert set(content["answered"]) == set(EVERY_KIND)
        assert content["sent_for_signoff"]["by"] == "Lena Lead"
        assert content["declaration"] == {
            "text": world.round.declaration,
            "signed_by": "Dr April Approver",
            "job_title": "Chief executive",
            "account": "April Approver",
            "signed_at": submission.signed_at.isoformat(),
        }
        unanswered = [each["code"] for each in content["questions"] if each["asked"] and not each["answered"]]
        not_asked = [each["code"] for each in content["questions"] if not each["asked"]]
        assert (len(content["questions"]), unanswered, not_asked) == (11, ["recruitment"], ["why_no_sectors"])
        assert status(world) == Status.SUBMITTED
        assert events(world)[-1] == ("assessment.submitted", "April Approver", "")
        assert Event.objects.latest("pk").detail == {"number": 1, "sha256": submission.sha256}

    def test_a_cleared_answer_is_no_answer_in_the_copy(self, world: World) -> None:
        answer(world)
        save_answers(
            by=world.lead,
            assessment_id=world.assessment.pk,
            saves=[AnswerSave("linked_data", 1, Response())],
        )
        send(world)

        content = json.loads(sign(world).content)
        assert (content["answers"], content["answered"]) == ({}, {})

    def test_the_second_signature_is_told_that_it_is_submitted(self, world: World) -> None:
        answer(world)
        send(world)
        sign(world)
        with pytest.raises(Refused, match=r"already submitted\. Nothing was signed a second time"):
            sign(world)
        assert Submission.objects.count() == 1

    def test_what_was_not_sent_is_not_signed(self, world: World) -> None:
        answer(world)
        with pytest.raises(Refused, match="not waiting for sign-off"):
            sign(world)

    def test_nobody_signs_what_they_have_not_read(self, world: World) -> None:
        answer(world)
        send(world)
        world.assessment.refresh_from_db()
        read = world.assessment.sent_at
        give_back(world)
        answer(world, seen=1, level=5)
        send(world)

        for seen in (read, None):
            with pytest.raises(Refused, match="returned and sent again since you opened this page"):
                sign(world, sent_at=seen)
        assert status(world) == Status.AWAITING_SIGNOFF

    @pytest.mark.parametrize("words", [" ", "\u200b"])
    @pytest.mark.parametrize("missing", ["name", "job_title"])
    def test_a_signature_has_a_name_and_a_job_title(self, world: World, missing: str, words: str) -> None:
        answer(world)
        send(world)
        with pytest.raises(Refused, match="Give your name and your job title"):
            sign(world, **{missing: words})

    def test_the_deadline_holds_for_signing_and_an_extension_moves_it(self, world: World) -> None:
        answer(world)
        send(world)
        run_out(world)
        with pytest.raises(Refused, match=r"cannot be signed or returned now\. The deadline was"):
            sign(world)
        Extension.objects.create(
            assessment=world.assessment,
            until=timezone.now() + datetime.timedelta(hours=1),
            reason="The approver was on leave.",
            granted_by=world.administrator,
        )
        assert sign(world).number == 1

    @pytest.mark.parametrize(
        "who",
        ["contributor", "lead", "sister_approver", "regional_analyst", "administrator", "newcomer"],
    )
    def test_only_the_approver_signs(self, world: World, who: str) -> None:
        answer(world)
        send(world)
        with pytest.raises(Http404):
            sign(world, getattr(world, who))
        assert Submission.objects.count() == 0


class TestReturning:
    def test_the_approver_returns_it_with_a_reason(self, world: World) -> None:
        answer(world)
        send(world)
        give_back(world, reason=" Check the levels. ")

        world.assessment.refresh_from_db()
        assert world.assessment.status == Status.RETURNED
        assert world.assessment.returned_by == world.approver
        assert world.assessment.return_reason == "Check the levels."
        assert events(world)[-1] == ("assessment.returned", "April Approver", "Check the levels.")
        send(world)
        assert status(world) == Status.AWAITING_SIGNOFF

    @pytest.mark.parametrize("reason", [" ", "\u200b\x01"])
    def test_a_return_needs_a_reason_that_can_be_seen(self, world: World, reason: str) -> None:
        answer(world)
        send(world)
        with pytest.raises(Refused, match="Say what should be changed"):
            give_back(world, reason=reason)

    def test_what_cannot_be_shown_is_left_out_of_the_reason(self, world: World) -> None:
        answer(world)
        send(world)
        give_back(world, reason="Check\x0b\u202e the\r\nlevels.\x01")
        world.assessment.refresh_from_db()
        assert world.assessment.return_reason == "Check\n the\nlevels."

    def test_the_approver_returns_neither_what_was_not_sent_nor_what_is_submitted(self, world: World) -> None:
        answer(world)
        with pytest.raises(Refused, match="not waiting for sign-off"):
            give_back(world)
        send(world)
        sign(world)
        with pytest.raises(Refused, match="ask the programme team to return it"):
            give_back(world)

    @pytest.mark.parametrize("who", ["regional_analyst", "national_analyst", "administrator"])
    def test_the_programme_returns_what_is_submitted_and_the_copy_stays(self, world: World, who: str) -> None:
        answer(world)
        send(world)
        first = sign(world)
        give_back(world, getattr(world, who))
        assert status(world) == Status.RETURNED

        answer(world, seen=1, level=4)
        send(world)
        second = sign(world)

        assert list(Submission.objects.values_list("number", "sha256")) == [
            (1, first.sha256),
            (2, second.sha256),
        ]
        assert first.sha256 != second.sha256

    def test_the_programme_does_not_return_what_is_not_submitted(self, world: World) -> None:
        answer(world)
        send(world)
        with pytest.raises(Refused, match="Only a submitted assessment"):
            give_back(world, world.national_analyst)

    def test_a_submission_is_returned_in_a_closed_round_but_not_once_results_are_out(
        self, world: World
    ) -> None:
        answer(world)
        send(world)
        sign(world)
        for released in (Round.Status.PROVISIONAL, Round.Status.PUBLISHED):
            close(world, released)
            with pytest.raises(Refused, match="The results of this round are released"):
                give_back(world, world.administrator)
        close(world)
        give_back(world, world.administrator)
        assert status(world) == Status.RETURNED

    @pytest.mark.parametrize(
        "who", ["contributor", "lead", "newcomer", "far_regional_analyst", "sister_lead"]
    )
    def test_nobody_else_returns_it(self, world: World, who: str) -> None:
        answer(world)
        send(world)
        with pytest.raises(Http404):
            give_back(world, getattr(world, who))


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    def test_two_signatures_make_one_submission(self) -> None:
        world = build_world()
        second = make_person("Amos Approver", role="approver", organisation=world.own)
        answer(world)
        send(world)

        results = together(lambda: sign(world), lambda: sign(world, second))

        kinds = sorted(type(result).__name__ for result in results)
        assert kinds == ["Refused", "Submission"]
        assert Submission.objects.count() == 1

    def test_an_answer_is_in_the_copy_or_refused_never_lost_between(self) -> None:
        """A lead saves while the assessment is sent and signed: what was stored must have been signed."""
        world = build_world()

        def save(seen: int, level: int) -> Any:
            wanted = AnswerSave("linked_data", seen, Response(level=level))
            return save_answers(by=world.lead, assessment_id=world.assessment.pk, saves=[wanted])

        def send_and_sign() -> Submission:
            send(world)
            return sign(world)

        version = 0
        for number in (1, 2, 3, 4, 5):
            save(version, 1)
            version += 1

            signed, saved = together(send_and_sign, partial(save, version, 5))

            refused = isinstance(saved, Refused)
            expected = Response(level=1 if refused else 5)
            assert responses_from(json.loads(signed.content)["answers"]) == {"linked_data": expected}
            assert signed.number == number
            give_back(world, world.administrator)
            version += 0 if refused else 1
            save(version, 3)
            version += 1
