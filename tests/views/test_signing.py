"""Signing, returning, and the copies that were signed."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from surveys.actions.answers import AnswerSave, save_answers
from surveys.models import Assessment, Round, Submission, Succession
from surveys.queries.signoff_sections import EarlierValue, ScoreLine
from surveys.questionnaires.responses import Response
from surveys.questionnaires.schema import (
    Dimension,
    Option,
    Question,
    QuestionKind,
    ScoringMethod,
)
from tests.actions.test_answers import EVERY_KIND
from tests.actions.test_assessments import answer, give_back, send, sign
from tests.earlier import earlier_round
from tests.factories import SMALL_CONTENT, make_answer, make_assessment, make_round, publish_content
from tests.signed import levels
from tests.views.signed_in import client_of, post, shown, summary, visit
from tests.world import World

Status = Assessment.Status
SIGNED = {"name": "Dr April Approver", "job_title": "Chief executive", "agreed": "on"}


def signoff(world: World) -> str:
    return reverse("signoff", args=[world.assessment.pk])


def copy(world: World, number: int = 1) -> str:
    return reverse("submission", args=[world.assessment.pk, number])


def returning(world: World) -> str:
    return reverse("return_assessment", args=[world.assessment.pk])


def sent_at(world: World) -> str:
    found = Assessment.objects.get(pk=world.assessment.pk).sent_at
    return found.isoformat() if found else ""


class TestSignoff:
    @pytest.mark.parametrize(
        ("who", "status"),
        [
            ("approver", 200),
            ("lead", 404),
            ("contributor", 404),
            ("sister_approver", 404),
            ("regional_analyst", 404),
            ("administrator", 404),
            ("newcomer", 404),
        ],
    )
    def test_who_signs(self, world: World, who: str, status: int) -> None:
        answer(world)
        send(world)
        person = getattr(world, who)
        assert visit(person, signoff(world)).status_code == status
        posted = post(person, signoff(world), {**SIGNED, "sent_at": sent_at(world)})
        assert posted.status_code == (302 if status == 200 else 404)
        assert Submission.objects.count() == (1 if status == 200 else 0)

    def test_everything_that_is_signed_is_on_one_page(self, world: World) -> None:
        for code, given in EVERY_KIND.items():
            make_answer(world.assessment, code, world.lead, given)
        Assessment.objects.filter(pk=world.assessment.pk).update(status=Status.IN_PROGRESS)
        send(world)

        response = visit(world.approver, signoff(world))

        page, words = response.context["page"], shown(response)
        assert [section.score for section in page.sections] == [
            ScoreLine("", 1, 2, withheld=True, then="", now="", both=0),
            ScoreLine("", 1, 2, withheld=True, then="", now="", both=0),
        ]
        assert [
            (section.name, section.gaps, section.changed, section.looked_at, section.comments)
            for section in page.sections
        ] == [("Data platform", 0, 0, 0, 1), ("Skills", 1, 0, 1, 0)]
        assert page.last_round == ""
        for said in (
            "Lena Lead sent this on",
            "9 of 10 questions are answered. You can sign with gaps",
            "Required, not answered",
            "How mature is recruitment?",
            "Not yet social care.",
            "Its score is withheld: 1 of 2 scored questions are answered.",
            "<strong>Look again:</strong> Level 5 is one of the highest.",
            "A score is withheld when fewer than 60% of its scored questions are answered.",
            "Not applicable: We share our neighbour's.",
            "Not asked, given the other answers",
            world.round.declaration,
            'value="April Approver"',
        ):
            assert said in words

    def test_the_day_that_the_declaration_is_about_is_on_the_page(self, world: World) -> None:
        Round.objects.filter(pk=world.round.pk).update(reference_date=datetime.date(2026, 3, 31))
        answer(world)
        section = shown(visit(world.lead, reverse("section", args=[world.assessment.pk, "skills"])))
        send(world)
        page = shown(visit(world.approver, signoff(world)))

        assert re.findall(r"<p>(.* reference date of this round.*)</p>", section) == [
            "Answer as things were on 31 March 2026, the reference date of this round."
        ]
        assert re.findall(r"<p>(The reference date.*)</p>", page) == [
            "The reference date of this round is 31 March 2026."
        ]

    def test_a_score_is_shown_to_one_decimal_place(self, world: World) -> None:
        make_answer(world.assessment, "training", world.lead, Response(level=2))
        make_answer(world.assessment, "recruitment", world.lead, Response(level=5))
        answer(world)
        send(world)

        response = visit(world.approver, signoff(world))

        page = response.context["page"]
        assert [section.score.value for section in page.sections] == ["", "3.5"]
        assert not page.percent
        assert "Score 3.5, from 2 of 2 scored questions." in " ".join(shown(response).split())

    def test_an_answer_that_may_not_stand_is_no_answer_in_the_scores(self, world: World) -> None:
        make_answer(world.assessment, "training", world.lead, Response(level=2))
        make_answer(world.assessment, "recruitment", world.lead, Response(options=("x",)))
        answer(world)
        send(world)

        response = visit(world.approver, signoff(world))

        assert [section.score.answered for section in response.context["page"].sections] == [1, 1]
        assert "1 answer needs changing before it can be counted. It is marked below." in shown(response)
        assert "<strong>Needs changing:</strong>" in shown(response)

    def test_signing_leads_to_the_copy(self, world: World) -> None:
        answer(world)
        send(world)

        response = post(world.approver, signoff(world), {**SIGNED, "sent_at": sent_at(world)})

        submission = Submission.objects.get()
        assert response.headers["Location"] == copy(world)
        assert (submission.signed_by_name, submission.signed_by_job_title) == (
            "Dr April Approver",
            "Chief executive",
        )
        again = visit(world.approver, signoff(world))
        assert "This assessment is signed and submitted." in shown(again)
        assert "Sign and submit" not in shown(again)

    def test_what_is_missing_is_said_and_what_was_typed_stays(self, world: World) -> None:
        answer(world)
        send(world)

        response = post(world.approver, signoff(world), {"name": "April", "sent_at": sent_at(world)})

        assert summary(response) == ["Enter your job title", "Tick the box to agree to the declaration"]
        assert 'value="April"' in shown(response)
        assert Submission.objects.count() == 0

    def test_a_name_that_is_too_long_is_said(self, world: World) -> None:
        answer(world)
        send(world)
        response = post(
            world.approver, signoff(world), {**SIGNED, "name": "x" * 151, "sent_at": sent_at(world)}
        )
        assert summary(response) == ["Your name must have 150 characters or fewer"]

    @pytest.mark.parametrize("seen", ["", "rubbish", "2020-01-01", "2020-01-01T00:00:00+00:00"])
    def test_a_page_that_is_not_of_the_version_sent_signs_nothing(self, world: World, seen: str) -> None:
        answer(world)
        send(world)

        response = post(world.approver, signoff(world), {**SIGNED, "sent_at": seen})

        assert response.status_code == 409
        said = "The assessment was returned and sent again since you opened this page. "
        assert summary(response) == [f"{said}Read it again before you sign."]
        assert f'name="sent_at" value="{sent_at(world)}"' in shown(response)
        assert 'value="Dr April Approver"' in shown(response)

    def test_the_second_of_two_clicks_is_told(self, world: World) -> None:
        answer(world)
        send(world)
        data = {**SIGNED, "sent_at": sent_at(world)}
        post(world.approver, signoff(world), data)

        response = post(world.approver, signoff(world), data)

        assert response.status_code == 409
        assert summary(response) == ["The assessment is already submitted. Nothing was signed a second time."]
        assert copy(world) in shown(response)

    def test_what_is_not_sent_cannot_be_signed(self, world: World) -> None:
        answer(world)
        assert "This assessment is not waiting for sign-off." in shown(visit(world.approver, signoff(world)))
        response = post(world.approver, signoff(world), SIGNED)
        assert response.status_code == 409

    def test_after_the_deadline_there_is_no_form(self, world: World) -> None:
        answer(world)
        send(world)
        Round.objects.update(closes_at=timezone.now())

        page = shown(visit(world.approver, signoff(world)))

        assert "It cannot be signed now: The deadline was" in page
        assert "Sign and submit" not in page

    def test_a_second_signature_sees_what_changed(self, world: World) -> None:
        answer(world)
        send(world)
        sign(world)
        give_back(world, world.administrator)
        answer(world, seen=1, level=5)
        send(world)

        response = visit(world.approver, signoff(world))

        changes = response.context["page"].changes
        assert [(each.code, each.before.value, each.after.value) for each in changes] == [
            ("linked_data", "3 Established", "5 Leading")
        ]
        assert "What changed since copy 1" in shown(response)

    def test_what_was_answered_in_the_round_before_stands_beside_the_answer(self, world: World) -> None:
        then = {
            **levels(linked_data=3, shared_platform=1, training=2, recruitment=4),
            "analysts": Response(number=Decimal(12)),
        }
        earlier_round(world, {world.own: then})
        for code, given in {
            **levels(shared_platform=4, training=2, recruitment=5),
            "analysts": Response(number=Decimal(14)),
            "clarity": Response(options=("clear",)),
        }.items():
            make_answer(world.assessment, code, world.lead, given)
        answer(world)
        send(world)

        response = visit(world.approver, signoff(world))

        page = response.context["page"]
        assert page.last_round == "Autumn round"
        assert [(section.changed, section.looked_at) for section in page.sections] == [(1, 1), (3, 1)]
        assert [section.score for section in page.sections] == [
            ScoreLine("3.5", 2, 2, withheld=False, then="2.0", now="3.5", both=2),
            ScoreLine("3.5", 2, 2, withheld=False, then="3.0", now="3.5", both=2),
        ]
        assert {
            each.code: (each.before.words, each.before.changed)
            for each in page.sections[1].answers
            if each.before
        } == {
            "training": ("2 Patchy", False),
            "recruitment": ("4 Embedded", True),
            "analysts": ("12 WTE", True),
            "time_split": ("Not answered", False),
            "clarity": ("Not answered", True),
            "peer_offer": ("Not answered", False),
        }
        words = " ".join(shown(response).split())
        assert "On the 2 questions answered in both rounds: 2.0 in Autumn round, 3.5 now." in words
        assert "<strong>5 Leading</strong>" in words

    def test_what_was_confirmed_as_still_true_is_said_and_signed(self, world: World) -> None:
        earlier_round(world, {world.own: levels(linked_data=3, training=2)})
        save_answers(
            by=world.lead,
            assessment_id=world.assessment.pk,
            saves=[AnswerSave("training", 0, Response())],
            confirm="training",
        )
        answer(world)
        send(world)

        page = visit(world.approver, signoff(world))
        signed = sign(world)
        shown_copy = visit(world.lead, copy(world)).context["page"]

        answers = {each.code: each for section in page.context["page"].sections for each in section.answers}
        assert {code for code, each in answers.items() if each.confirmed} == {"training"}
        assert shown(page).count("The same, confirmed as still true") == 1
        answered = json.loads(signed.content)["answered"]
        assert {code: each.get("confirmed_from") for code, each in answered.items()} == {
            "linked_data": None,
            "training": "Autumn round",
        }
        assert shown_copy.sections[1].answers[0].given.endswith(", confirmed from Autumn round")

    def test_each_predecessor_of_a_merged_system_is_named(self, world: World) -> None:
        for succeeded in (world.sister, world.far):
            Succession.objects.create(
                kind="merger",
                predecessor=succeeded,
                successor=world.own,
                extent="whole",
                effective_on=world.round.participants_as_at,
            )
        earlier_round(world, {world.sister: levels(training=2), world.far: levels(training=4)})
        make_answer(world.assessment, "training", world.lead, Response(level=2))
        answer(world)
        send(world)

        page = visit(world.approver, signoff(world)).context["page"]

        before = page.sections[1].answers[0].before
        assert before == EarlierValue("Borderland: 2 Patchy\nCliffshire: 4 Embedded", "", None)
        assert page.sections[1].changed == 0
        assert page.sections[1].score.then == ""

    def test_a_question_asked_in_other_words_or_for_the_first_time_is_not_compared(
        self, world: World
    ) -> None:
        first, *others = SMALL_CONTENT.dimensions[0].questions
        then = publish_content(
            version="0.9",
            dimensions=(
                replace(SMALL_CONTENT.dimensions[0], questions=(replace(first, text="Linked?"), *others[1:])),
                SMALL_CONTENT.dimensions[1],
            ),
        )
        earlier_round(world, {world.own: levels(linked_data=2, training=2)}, questionnaire=then)
        answer(world)
        send(world)

        response = visit(world.approver, signoff(world))

        linked, shared, *_ = response.context["page"].sections[0].answers
        assert linked.before == EarlierValue("2 Patchy", "Not comparable with now", None)
        assert shared.before == EarlierValue("", "New question", None)
        assert "Not comparable with now" in shown(response)

    def test_a_questionnaire_without_scores_has_none_to_show(self, world: World) -> None:
        number = Question(code="beds", kind=QuestionKind.NUMBER, text="How many beds are there?")
        questionnaire = publish_content(
            key="plain",
            gap=None,
            groups=(),
            dimensions=(Dimension(code="facts", name="Facts", questions=(number,)),),
        )
        assessment = make_assessment(make_round(questionnaire, title="Plain"), world.own)
        Assessment.objects.filter(pk=assessment.pk).update(
            status=Status.AWAITING_SIGNOFF, sent_at=timezone.now(), sent_by=world.lead
        )

        response = visit(world.approver, reverse("signoff", args=[assessment.pk]))

        assert "This questionnaire has no scored questions." in shown(response)
        assert [section.score for section in response.context["page"].sections] == [None]

    def test_a_points_questionnaire_shows_percentages(self, world: World) -> None:
        choice = Question(
            code="plan",
            kind=QuestionKind.SINGLE_CHOICE,
            text="Is there a plan?",
            scored=True,
            options=(Option("yes", "Yes", points=4), Option("no", "No", points=0)),
        )
        questionnaire = publish_content(
            key="points",
            scoring=ScoringMethod.POINTS,
            scale=None,
            gap=None,
            groups=(),
            dimensions=(Dimension(code="plans", name="Plans", questions=(choice,)),),
        )
        assessment = make_assessment(make_round(questionnaire, title="Points"), world.own)
        make_answer(assessment, "plan", world.lead, Response(options=("yes",)))
        Assessment.objects.filter(pk=assessment.pk).update(
            status=Status.AWAITING_SIGNOFF, sent_at=timezone.now(), sent_by=world.lead
        )

        page = shown(visit(world.approver, reverse("signoff", args=[assessment.pk])))

        assert "100.0%" in page
        assert "Each score is a percentage of the points that can be had." in page

    def test_the_page_takes_at_most_eight_queries(
        self, world: World, django_assert_max_num_queries: Callable[[int], Any]
    ) -> None:
        answer(world)
        send(world)
        sign(world)
        give_back(world, world.administrator)
        send(world)
        client = client_of(world.approver)
        with django_assert_max_num_queries(8):
            assert client.get(signoff(world)).status_code == 200


class TestReturning:
    @pytest.mark.parametrize(
        ("who", "status"),
        [
            ("approver", 200),
            ("regional_analyst", 200),
            ("national_analyst", 200),
            ("administrator", 200),
            ("lead", 404),
            ("contributor", 404),
            ("sister_approver", 404),
            ("far_regional_analyst", 404),
            ("newcomer", 404),
        ],
    )
    def test_who_sees_the_page(self, world: World, who: str, status: int) -> None:
        assert visit(getattr(world, who), returning(world)).status_code == status
        posted = post(getattr(world, who), returning(world), {"reason": "x"})
        assert posted.status_code == (409 if status == 200 else 404)

    def test_the_approver_returns_it(self, world: World) -> None:
        answer(world)
        send(world)

        response = post(world.approver, returning(world), {"reason": "Fill\r\nthe gaps."})

        found = Assessment.objects.get(pk=world.assessment.pk)
        assert response.headers["Location"] == reverse("assessment", args=[found.pk])
        assert (found.status, found.return_reason) == (Status.RETURNED, "Fill\nthe gaps.")

    def test_a_reason_is_needed_and_kept_when_refused(self, world: World) -> None:
        answer(world)
        empty = post(world.approver, returning(world), {"reason": "  "})
        long = post(world.approver, returning(world), {"reason": "x" * 2001})
        refused = post(world.approver, returning(world), {"reason": "My <reason>"})

        assert summary(empty) == ["Say what should be changed"]
        assert summary(long) == ["Use 2000 characters or fewer. You used 2001."]
        assert refused.status_code == 409
        assert "My &lt;reason&gt;" in refused.content.decode()

    @pytest.mark.parametrize(
        ("who", "round_status", "submitted", "said"),
        [
            ("approver", "open", True, "It is submitted. If something is wrong, ask the programme team"),
            ("approver", "open", False, "It is in progress, so there is nothing to return."),
            ("administrator", "open", False, "It is in progress, so there is nothing to return."),
            ("administrator", "published", True, "The results that are released stay as they are."),
            ("administrator", "published", True, "Until when can the system correct it?"),
            ("administrator", "closed", True, "Until when can the system correct it? (optional)"),
            ("national_analyst", "published", True, "only an administrator can return a submission"),
            ("national_analyst", "closed", True, "The system cannot change anything as things are. The"),
            ("administrator", "open", True, "results leave it out"),
        ],
    )
    def test_the_page_says_what_can_be_done(
        self, world: World, who: str, round_status: str, submitted: bool, said: str
    ) -> None:
        answer(world)
        if submitted:
            send(world)
            sign(world)
        Round.objects.update(status=round_status)

        assert said in shown(visit(getattr(world, who), returning(world)))

    def test_the_approver_has_no_form_after_the_deadline(self, world: World) -> None:
        answer(world)
        send(world)
        Round.objects.update(closes_at=timezone.now())
        assert "The deadline was" in shown(visit(world.approver, returning(world)))

    def test_the_programme_returns_a_submission(self, world: World) -> None:
        answer(world)
        send(world)
        sign(world)

        response = post(world.regional_analyst, returning(world), {"reason": "Level 5 needs evidence."})

        assert response.status_code == 302
        page = shown(visit(world.lead, copy(world)))
        assert "The assessment was returned after this copy was signed." in page

    @pytest.mark.parametrize(
        ("round_status", "said"),
        [
            ("open", "The assessment is returned. The ICS data lead can change it again."),
            (
                "closed",
                (
                    "The assessment is returned. The system cannot change anything as things are. "
                    "The round is closed, so answers can no longer be changed."
                ),
            ),
        ],
    )
    def test_what_the_return_means_is_said_as_it_is(self, world: World, round_status: str, said: str) -> None:
        answer(world)
        send(world)
        sign(world)
        Round.objects.update(status=round_status)
        client = client_of(world.administrator)

        response = client.post(returning(world), {"reason": "Level 5 needs evidence."}, follow=True)

        assert [str(message) for message in response.context["messages"]] == [said]


class TestCopies:
    @pytest.fixture
    def signed(self, world: World) -> Submission:
        make_answer(world.assessment, "sectors", world.contributor, EVERY_KIND["sectors"])
        answer(world)
        send(world)
        return sign(world)

    @pytest.mark.parametrize(
        ("who", "status"),
        [
            ("lead", 200),
            ("contributor", 200),
            ("approver", 200),
            ("regional_analyst", 200),
            ("administrator", 200),
            ("sister_lead", 404),
            ("far_regional_analyst", 404),
            ("newcomer", 404),
        ],
    )
    def test_who_reads_a_copy(self, world: World, signed: Submission, who: str, status: int) -> None:
        file = reverse("submission_json", args=[world.assessment.pk, 1])
        assert visit(getattr(world, who), copy(world)).status_code == status
        assert visit(getattr(world, who), file).status_code == status

    def test_the_copy_shows_what_was_signed_and_its_fingerprint(
        self, world: World, signed: Submission
    ) -> None:
        page = visit(world.lead, copy(world))

        assert "".join(page.context["page"].fingerprint) == signed.sha256
        for said in ("Dr April Approver", "Chief executive", "Another sector: Hospices", "3 Established"):
            assert said in shown(page)
        first, second, *_ = page.context["page"].sections[0].answers
        assert (first.given[:11], second.given, second.asked) == ("Lena Lead, ", "", True)

    def test_the_file_is_exactly_what_was_hashed(self, world: World, signed: Submission) -> None:
        Round.objects.update(title="Spring round")
        response = visit(world.lead, reverse("submission_json", args=[world.assessment.pk, 1]))

        assert hashlib.sha256(response.content).hexdigest() == signed.sha256
        assert response.headers["Content-Type"] == "application/json"
        assert response.headers["Content-Disposition"] == (
            f'attachment; filename="{world.assessment.ods_code}-spring-round-submission-1.json"'
        )

    def test_the_file_of_a_synthetic_round_says_so(self, world: World, signed: Submission) -> None:
        Round.objects.update(title="!", synthetic=True)

        response = visit(world.lead, reverse("submission_json", args=[world.assessment.pk, 1]))

        assert response.headers["Content-Disposition"] == (
            f'attachment; filename="synthetic-{world.assessment.ods_code}-round-submission-1.json"'
        )

    def test_later_answers_do_not_change_the_copy(self, world: World, signed: Submission) -> None:
        give_back(world, world.administrator)
        answer(world, seen=1, level=5)

        assert "3 Established" in shown(visit(world.lead, copy(world)))
        assert "5 Leading" not in shown(visit(world.lead, copy(world)))

    def test_a_later_copy_says_what_changed(self, world: World, signed: Submission) -> None:
        give_back(world, world.administrator)
        answer(world, seen=1, level=5)
        send(world)
        sign(world)

        first, second = (visit(world.lead, copy(world, number)) for number in (1, 2))

        assert "This is not the latest copy." in shown(first)
        assert (first.context["page"].changes, first.context["page"].previous) == ((), 0)
        assert [
            (each.code, each.before.value, each.after.value) for each in second.context["page"].changes
        ] == [("linked_data", "3 Established", "5 Leading")]
        assert second.context["page"].latest

    def test_a_copy_signed_again_without_a_change_says_so(self, world: World, signed: Submission) -> None:
        give_back(world, world.administrator)
        send(world)
        sign(world)
        assert "No answer and no comment has changed." in shown(visit(world.lead, copy(world, 2)))

    @pytest.mark.parametrize("number", [0, 2, 10**30])
    def test_there_is_no_such_copy(self, world: World, signed: Submission, number: int) -> None:
        assert visit(world.lead, copy(world, number)).status_code == 404
        file = reverse("submission_json", args=[world.assessment.pk, number])
        assert visit(world.lead, file).status_code == 404

    def test_a_copy_takes_at_most_eight_queries(
        self, world: World, signed: Submission, django_assert_max_num_queries: Callable[[int], Any]
    ) -> None:
        client = client_of(world.lead)
        with django_assert_max_num_queries(8):
            client.get(copy(world))
