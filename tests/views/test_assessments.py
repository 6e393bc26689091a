"""An assessment's task list, the check of its answers, and sending it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from surveys.models import Assessment, Extension, Membership, Round
from surveys.questionnaires.responses import Response
from tests.actions.test_answers import EVERY_KIND
from tests.actions.test_assessments import answer, give_back, send, sign
from tests.earlier import earlier_round
from tests.factories import make_answer
from tests.signed import levels, submit
from tests.views.signed_in import client_of, post, shown, visit
from tests.world import World

Status = Assessment.Status
READERS = [
    ("lead", 200),
    ("contributor", 200),
    ("approver", 200),
    ("regional_analyst", 200),
    ("national_analyst", 200),
    ("administrator", 200),
    ("sister_lead", 404),
    ("far_regional_analyst", 404),
    ("newcomer", 404),
]


def tasks(world: World) -> str:
    return reverse("assessment", args=[world.assessment.pk])


def check(world: World) -> str:
    return reverse("check_answers", args=[world.assessment.pk])


class TestTaskList:
    @pytest.mark.parametrize(("who", "status"), READERS)
    def test_who_reads_it(self, world: World, who: str, status: int) -> None:
        assert visit(getattr(world, who), tasks(world)).status_code == status
        assert visit(getattr(world, who), check(world)).status_code == status

    def test_a_stranger_signs_in_first(self, world: World) -> None:
        assert Client().get(tasks(world)).status_code == 302

    def test_it_says_what_is_done_and_who_holds_what(self, world: World) -> None:
        make_answer(world.assessment, "linked_data", world.lead, Response(level=2))
        make_answer(world.assessment, "sectors", world.lead, Response(options=("acute",)))
        for code in ("training", "recruitment"):
            make_answer(world.assessment, code, world.lead, Response(level=2))
        for code in ("analysts", "time_split", "clarity", "peer_offer"):
            given = EVERY_KIND.get(code) or Response(number=Decimal(3))
            make_answer(world.assessment, code, world.lead, given)

        page = visit(world.lead, tasks(world)).context["page"]

        assert [(task.name, task.status_label, task.hint) for task in page.sections] == [
            (
                "Data platform",
                "In progress",
                (
                    "2 of 4 questions answered, 1 required left. Held by Connie Contributor. "
                    "Takes about 27 minutes."
                ),
            ),
            ("Skills", "Complete", "6 of 6 questions answered. Not handed to anybody."),
        ]
        assert (page.completion.answered, page.completion.asked) == (8, 10)
        assert [replace(task, minutes_taken=18).time for task in page.sections] == [
            "Takes about 27 minutes, 18 minutes so far.",
            "Took 18 minutes.",
        ]
        assert replace(page.sections[1], minutes_taken=1).time == "Took 1 minute."

    @pytest.mark.parametrize(
        ("who", "words"),
        [
            ("lead", "Answer the 9 questions that are left, then check and send for sign-off."),
            ("contributor", "Answer what was handed to you."),
            (
                "approver",
                "The ICS data lead and colleagues are answering. You can sign once it is sent to you.",
            ),
            ("regional_analyst", "The system is answering."),
        ],
    )
    def test_the_next_step_while_it_is_answered(self, world: World, who: str, words: str) -> None:
        answer(world)
        assert visit(getattr(world, who), tasks(world)).context["page"].next_step.words == words

    def test_the_next_step_of_a_contributor_without_a_section(self, world: World) -> None:
        world.assessment.section_assignments.all().delete()
        step = visit(world.contributor, tasks(world)).context["page"].next_step
        assert (step.words, step.mine) == (
            "Nothing has been handed to you yet. Ask the ICS data lead.",
            False,
        )

    def test_the_next_steps_at_the_end(self, world: World) -> None:
        for code, response in EVERY_KIND.items():
            make_answer(world.assessment, code, world.lead, response)
        last = visit(world.lead, tasks(world)).context["page"].next_step
        make_answer(world.assessment, "recruitment", world.lead, Response(level=1))
        Assessment.objects.filter(pk=world.assessment.pk).update(status=Status.IN_PROGRESS)
        complete = visit(world.lead, tasks(world))
        send(world)
        waiting = visit(world.lead, tasks(world)).context["page"].next_step
        to_sign = visit(world.approver, tasks(world))
        sign(world)
        done = visit(world.lead, tasks(world))

        assert last.words == "Answer the last question, then check and send for sign-off."
        assert complete.context["page"].next_step.words == (
            "Everything is answered. Check it and send it for sign-off."
        )
        assert f'href="{check(world)}"' in shown(complete)
        assert waiting.words == "Waiting for the approver to sign it."
        assert to_sign.context["page"].next_step.mine
        assert reverse("signoff", args=[world.assessment.pk]) in shown(to_sign)
        assert done.context["page"].next_step.words == "Submitted. There is nothing left to do."
        assert reverse("submission", args=[world.assessment.pk, 1]) in shown(done)

    def test_after_a_return_the_next_step_is_what_was_asked_for(self, world: World) -> None:
        answer(world)
        send(world)
        give_back(world, by=world.approver)

        lead, contributor = (visit(person, tasks(world)) for person in (world.lead, world.contributor))

        assert lead.context["page"].next_step.words == (
            "Make the changes that April Approver asks for, then check and send for sign-off again."
        )
        assert f'<a class="nhsuk-button" href="{check(world)}">' in shown(lead)
        assert contributor.context["page"].next_step.words == "Answer what was handed to you."

    def test_what_is_submitted_asks_for_nothing_more(self, world: World) -> None:
        answer(world)
        before = shown(visit(world.lead, tasks(world)))
        send(world)
        sent = shown(visit(world.lead, tasks(world)))
        sign(world)
        submitted = shown(visit(world.lead, tasks(world)))

        work = ("The deadline is", "The questions that are left", "Who answers what", "Answer in a workbook")
        assert [[words in page for words in work] for page in (before, sent, submitted)] == [
            [True, True, True, True],
            [True, False, True, True],
            [False, False, False, False],
        ]
        assert "Download as a workbook" in submitted

    @pytest.mark.parametrize(
        ("who", "labels"),
        [
            ("lead", ["Home"]),
            ("contributor", ["Home"]),
            ("approver", ["Home"]),
            ("regional_analyst", ["Home", "Spring round"]),
            ("national_analyst", ["Home", "Spring round"]),
            ("administrator", ["Home", "Spring round"]),
        ],
    )
    def test_whoever_follows_the_round_is_led_back_to_it(
        self, world: World, who: str, labels: list[str]
    ) -> None:
        Round.objects.update(title="Spring round")
        person = getattr(world, who)

        crumbs = visit(person, tasks(world)).context["crumbs"]

        assert [crumb.label for crumb in crumbs] == labels
        assert {visit(person, crumb.url).status_code for crumb in crumbs} == {200}

    def test_what_was_not_signed_in_time_says_so(self, world: World) -> None:
        answer(world)
        send(world)
        Round.objects.update(closes_at=timezone.now())

        step = visit(world.approver, tasks(world)).context["page"].next_step

        assert step.words.startswith("It was sent for sign-off, but not signed in time. The deadline was")
        assert not step.mine

    def test_a_round_that_is_over_says_so(self, world: World) -> None:
        Round.objects.update(status=Round.Status.CLOSED)
        page = visit(world.lead, tasks(world)).context["page"]
        assert page.next_step.words == "The round is closed, so answers can no longer be changed."
        assert page.state.time_left == ""

    def test_an_extension_is_said_with_its_reason(self, world: World) -> None:
        until = timezone.now() + datetime.timedelta(days=60)
        Extension.objects.create(
            assessment=world.assessment,
            until=until,
            reason="A merger is under way.",
            granted_by=world.administrator,
        )

        own, sister = (visit(person, tasks(world)) for person in (world.lead, world.national_analyst))

        assert "(in 60 days)" in shown(own)
        granted = "More time was granted by Ada Administrator. Reason: A merger is under way."
        assert granted in shown(own)
        assert granted in shown(sister)

    def test_a_submission_after_the_closing_time_says_so(self, world: World) -> None:
        submit(world.assessment, world.approver, {})
        assert "after the closing time of the round" not in shown(visit(world.lead, tasks(world)))
        world.round.closes_at = timezone.now() - datetime.timedelta(minutes=1)
        world.round.save()
        page = visit(world.lead, tasks(world))
        assert [copy.late for copy in page.context["page"].copies] == [True]
        assert ", after the closing time of the round" in shown(page)

    def test_a_return_shows_its_reason_until_it_is_sent_again(self, world: World) -> None:
        answer(world)
        send(world)
        give_back(world, reason="Fill the gaps.\nAll of them.")

        assert "April Approver returned the assessment on" in shown(visit(world.lead, tasks(world)))
        assert "Fill the gaps.<br>All of them." in shown(visit(world.contributor, tasks(world)))
        answer(world, seen=1, level=5)
        assert "Fill the gaps." in shown(visit(world.lead, tasks(world)))
        send(world)
        assert "Fill the gaps." not in shown(visit(world.lead, tasks(world)))

    @pytest.mark.parametrize("page", [tasks, check])
    def test_a_page_takes_at_most_eight_queries(
        self,
        world: World,
        page: Callable[[World], str],
        django_assert_max_num_queries: Callable[[int], Any],
    ) -> None:
        answer(world)
        send(world)
        sign(world)
        Extension.objects.create(
            assessment=world.assessment,
            until=timezone.now() + datetime.timedelta(days=60),
            reason="More time.",
            granted_by=world.administrator,
        )
        client = client_of(world.lead)
        with django_assert_max_num_queries(8):
            assert client.get(page(world)).status_code == 200


class TestCheck:
    def test_every_gap_and_doubt_is_a_link_to_its_question(self, world: World) -> None:
        make_answer(world.assessment, "linked_data", world.lead, Response(comment="We do not know yet."))
        make_answer(world.assessment, "practice_share", world.lead, Response(number=Decimal(140)))
        make_answer(world.assessment, "sectors", world.lead, Response(options=("acute",)))
        make_answer(world.assessment, "why_no_sectors", world.lead, Response(text="None yet."))
        make_answer(world.assessment, "training", world.lead, Response(level=2))
        make_answer(world.assessment, "recruitment", world.lead, Response(level=2))
        for code in ("analysts", "time_split", "clarity"):
            make_answer(world.assessment, code, world.lead, EVERY_KIND[code])

        response = visit(world.lead, check(world))

        platform, skills = response.context["page"].sections
        assert [(point.code, point.label, point.why) for point in platform.points] == [
            ("linked_data", "Required, not answered", "There is a comment, but no answer."),
            ("shared_platform", "Required, not answered", ""),
            ("practice_share", "Needs changing", "Enter a percentage between 0 and 100."),
            (
                "why_no_sectors",
                "Not counted",
                "It is answered, but not asked, given the other answers. The answer is kept, not counted.",
            ),
        ]
        assert [(point.code, point.label) for point in skills.points] == [
            ("peer_offer", "Optional, not answered")
        ]
        assert (platform.withheld, skills.withheld) == (True, False)
        section = reverse("section", args=[world.assessment.pk, "data_platform"])
        assert f'href="{section}#question-linked_data"' in shown(response)
        assert 'id="question-linked_data"' in shown(visit(world.lead, section))

    def test_a_complete_assessment_has_nothing_to_look_at(self, world: World) -> None:
        trained = Response(level=5, comment="Everybody has been on the course.")
        for code, given in (EVERY_KIND | {"training": trained}).items():
            make_answer(world.assessment, code, world.lead, given)
        make_answer(world.assessment, "recruitment", world.lead, Response(level=1))

        response = visit(world.lead, check(world))

        assert response.context["page"].clear
        assert "Every question that is asked has an answer." in shown(response)

    def test_the_time_that_is_left_is_in_words(self, world: World) -> None:
        response = visit(world.lead, check(world))

        withheld = (
            "Its score will be withheld as things are: a score needs answers to 60% of its scored questions."
        )
        assert re.findall(r"<p>(.*should take about.*)</p>", shown(response)) == [
            "Required and not answered: 4 questions, which should take about 20 minutes.",
            "Optional and not answered: 6 questions, which should take about 33 minutes.",
            f"0 of 4 answered. What is required and left should take about 10 minutes. {withheld}",
            f"0 of 6 answered. What is required and left should take about 10 minutes. {withheld}",
        ]

    def test_what_asks_for_a_second_look_is_listed_and_stops_nobody(self, world: World) -> None:
        earlier_round(world, {world.own: levels(training=2, recruitment=4)})
        make_answer(world.assessment, "training", world.lead, Response(level=4))
        make_answer(world.assessment, "recruitment", world.lead, Response(level=4, comment="All posts."))
        answer(world)

        response = visit(world.lead, check(world))

        flagged = response.context["page"].flagged
        assert {(point.code, point.label) for point in flagged} == {("training", "Look again")}
        assert [point.why for point in flagged] == [
            "This is 2 levels higher than in Autumn round. Say in the comment what changed.",
            (
                "Level 4 is one of the highest. "
                "Say in the comment what shows that it is true, or add evidence."
            ),
        ]
        assert "2 answers ask for a second look." in shown(response)
        assert "Send for sign-off</button>" in shown(response)

    def test_gaps_are_said_plainly_before_sending(self, world: World) -> None:
        answer(world)

        page = shown(visit(world.lead, check(world)))

        assert "3 required questions not answered" in page
        assert "The scores of “Data platform”, “Skills” will be withheld" in page
        assert "Send for sign-off</button>" in page

    def test_a_contributor_is_told_of_their_own_questions_alone(self, world: World) -> None:
        make_answer(world.assessment, "training", world.lead, Response(level=5))
        make_answer(world.assessment, "linked_data", world.contributor, Response(level=5))

        response = visit(world.contributor, check(world))

        points = [point for section in response.context["page"].sections for point in section.points]
        assert [(point.code, point.label) for point in points] == [
            ("linked_data", "Look again"),
            ("shared_platform", "Required, not answered"),
            ("practice_share", "Optional, not answered"),
            ("sectors", "Optional, not answered"),
        ]
        assert "Only the questions that were handed to you are listed here." in shown(response)

    def test_who_will_be_asked_to_sign_is_said(self, world: World) -> None:
        answer(world)
        asked = shown(visit(world.lead, check(world)))
        Membership.objects.filter(person=world.approver).update(ended_at=timezone.now())

        assert "An e-mail asks April Approver to read and sign it." in asked
        assert "Nobody is approver of Ambleshire yet, so nobody could sign it." in shown(
            visit(world.lead, check(world))
        )

    @pytest.mark.parametrize("who", ["contributor", "approver", "administrator"])
    def test_only_the_lead_finds_the_button(self, world: World, who: str) -> None:
        answer(world)
        assert "Send for sign-off</button>" not in shown(visit(getattr(world, who), check(world)))


class TestSending:
    def where(self, world: World) -> str:
        return reverse("send_for_signoff", args=[world.assessment.pk])

    def test_the_lead_sends_it(self, world: World) -> None:
        answer(world)

        response = post(world.lead, self.where(world))

        assert response.headers["Location"] == tasks(world)
        assert Assessment.objects.get(pk=world.assessment.pk).status == Status.AWAITING_SIGNOFF
        assert "waiting for sign-off" in shown(visit(world.lead, check(world)))

    def test_a_refusal_is_a_sentence_on_the_page(self, world: World) -> None:
        response = post(world.lead, self.where(world))

        assert response.status_code == 409
        assert response.context["messages_of_form"] == (
            "Nothing has been answered yet, so there is nothing to sign. Answer a section first.",
        )

    @pytest.mark.parametrize("who", ["contributor", "approver", "sister_lead", "administrator", "newcomer"])
    def test_nobody_else_sends_it(self, world: World, who: str) -> None:
        answer(world)
        assert post(getattr(world, who), self.where(world)).status_code == 404

    def test_it_takes_a_form(self, world: World) -> None:
        assert visit(world.lead, self.where(world)).status_code == 405
