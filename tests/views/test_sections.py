"""A section's page: answering, partial saves, conflicts, nothing typed is ever lost; and who holds it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from surveys.actions.answers import AnswerSave, save_answers
from surveys.forms.answers import stored_form
from surveys.models import Answer, Assessment, Round, SectionAssignment
from surveys.queries.instruments import instrument_of
from surveys.questionnaires.responses import Response
from surveys.questionnaires.schema import NotApplicable
from tests.actions.test_answers import EVERY_KIND, stored
from tests.factories import (
    SMALL_CONTENT,
    assign_question,
    make_answer,
    make_assessment,
    make_round,
    publish_content,
)
from tests.signed import set_status
from tests.views.signed_in import client_of, post, shown, summary, visit
from tests.world import World

Status = Assessment.Status

PLATFORM = {
    "linked_data:version": "0",
    "shared_platform:version": "0",
    "practice_share:version": "0",
    "sectors:version": "0",
    "why_no_sectors:version": "0",
}
SKILLS = {
    "training:version": "0",
    "recruitment:version": "0",
    "analysts:version": "0",
    "time_split:version": "0",
    "clarity:version": "0",
    "peer_offer:version": "0",
}


def address(world: World, dimension_code: str = "data_platform") -> str:
    return reverse("section", args=[world.assessment.pk, dimension_code])


class TestReading:
    @pytest.mark.parametrize(
        ("who", "status", "template"),
        [
            ("lead", 200, "section.html"),
            ("contributor", 200, "section.html"),
            ("approver", 200, "section_read_only.html"),
            ("regional_analyst", 200, "section_read_only.html"),
            ("national_analyst", 200, "section_read_only.html"),
            ("administrator", 200, "section_read_only.html"),
            ("sister_lead", 404, "404.html"),
            ("far_regional_analyst", 404, "404.html"),
            ("newcomer", 404, "404.html"),
        ],
    )
    def test_who_reads_and_who_answers(self, world: World, who: str, status: int, template: str) -> None:
        response = visit(getattr(world, who), address(world))

        assert response.status_code == status
        assert template in [used.name.split("/")[-1] for used in response.templates]

    def test_a_stranger_signs_in_first(self, world: World) -> None:
        response = Client().get(address(world))
        assert response.status_code == 302
        assert response.headers["Location"].startswith(reverse("sign_in"))

    def test_a_contributor_finds_no_section_of_others_until_it_is_submitted(self, world: World) -> None:
        make_answer(world.assessment, "training", world.lead, Response(level=4, comment="We run courses."))
        assert visit(world.contributor, address(world, "skills")).status_code == 404
        set_status(world.assessment, Assessment.Status.SUBMITTED)

        page = shown(visit(world.contributor, address(world, "skills")))

        assert "4 Leading" not in page
        assert "4 Embedded" in page
        assert "We run courses." in page
        assert "<form" not in page.split("<main")[1]

    def test_somebody_with_single_questions_sees_only_those(self, world: World) -> None:
        make_answer(world.assessment, "training", world.lead, Response(level=4, comment="We run courses."))
        make_answer(world.assessment, "time_split", world.lead, Response(comment="By the payroll."))
        assign_question(world.assessment, "time_split", world.contributor, by=world.lead)

        page = shown(visit(world.contributor, address(world, "skills")))

        assert re.findall(r'data-question="(\w+)"', page) == ["time_split"]
        assert ("By the payroll." in page, "We run courses." in page) == (True, False)
        assert "Question 4" in page
        assert re.findall(r"<h2 class=\"nhsuk-heading-l\">(.*)</h2>", page) == ["Facts"]

    def test_a_problem_with_a_single_question_has_the_number_of_the_question(self, world: World) -> None:
        assign_question(world.assessment, "analysts", world.contributor, by=world.lead)
        typed = {"analysts:version": "0", "analysts:number": "many"}

        response = client_of(world.contributor).post(address(world, "skills"), typed)

        assert "Question 3: " in shown(response)

    def test_a_question_of_another_cannot_be_saved(self, world: World) -> None:
        assign_question(world.assessment, "analysts", world.contributor, by=world.lead)
        typed = {
            "analysts:version": "0",
            "analysts:number": "5",
            "training:version": "0",
            "training:level": "4",
        }

        response = client_of(world.contributor).post(address(world, "skills"), typed)

        assert (response.status_code, Answer.objects.count()) == (404, 0)
        assert 'value="5"' in shown(response)

    def test_another_systems_answers_are_not_on_the_page(self, world: World) -> None:
        make_answer(world.sister_assessment, "linked_data", world.sister_lead, Response(comment="Secret"))

        assert "Secret" not in shown(visit(world.lead, address(world)))

    def test_a_page_that_was_made_before_shows_what_holds_now(self, world: World) -> None:
        visit(world.lead, address(world))
        make_answer(world.assessment, "linked_data", world.lead, Response(level=2, comment="Two of them."))
        first = visit(world.lead, address(world)).content.decode()
        save_answers(
            by=world.contributor,
            assessment_id=world.assessment.pk,
            saves=[AnswerSave("linked_data", 1, Response(level=3, comment="All of them."))],
        )
        second = visit(world.lead, address(world)).content.decode()

        assert [text in first for text in ("Two of them.", "All of them.")] == [True, False]
        assert [text in second for text in ("Two of them.", "All of them.")] == [False, True]
        assert f"Last saved by {world.contributor.name} on " in second

    @pytest.mark.parametrize(
        ("who", "links"), [("lead", 5), ("contributor", 5), ("approver", 5), ("national_analyst", 0)]
    )
    def test_each_question_leads_to_its_evidence_and_comments(
        self, world: World, who: str, links: int
    ) -> None:
        """Programme staff read them from the first submission on."""
        page = shown(visit(getattr(world, who), address(world)))

        assert page.count("Evidence, comments and history") == links
        assert page.count(reverse("question", args=[world.assessment.pk, "linked_data"])) == bool(links)

    def test_no_level_is_chosen_beforehand(self, world: World) -> None:
        assert " checked" not in shown(visit(world.lead, address(world)))

    def test_the_page_shows_what_helps_to_answer(self, world: World) -> None:
        page = shown(visit(world.lead, address(world)))

        for words in (
            "Choose the highest level for which every part of the description is true.",
            "A level counts only if every part of its description is true.",
            "Established: linked data.",
            "Linked data shows people, not activity.",
            "Evidence that helps: A coverage table.",
            "Often answered by: Head of business intelligence.",
            "Answer this only if the answer to “Which sectors supply data?” includes “None”.",
            "You can enter up to 50 words",
            "Held by Connie Contributor.",
        ):
            assert words in page

    def test_there_is_no_such_section(self, world: World) -> None:
        assert visit(world.lead, address(world, "no-such")).status_code == 404
        assert post(world.lead, address(world, "no-such"), {}).status_code == 404
        assert visit(world.lead, reverse("section", args=[10**30, "skills"])).status_code == 404

    @pytest.mark.parametrize("who", ["lead", "contributor", "regional_analyst"])
    def test_a_section_takes_at_most_eight_queries(
        self, world: World, who: str, django_assert_max_num_queries: Callable[[int], Any]
    ) -> None:
        for code, response in EVERY_KIND.items():
            make_answer(world.assessment, code, world.lead, response)
        visit(world.lead, address(world))
        client = client_of(getattr(world, who))

        with django_assert_max_num_queries(8):
            assert client.get(address(world)).status_code == 200


class TestSaving:
    def test_every_kind_of_question_can_be_answered(self, world: World) -> None:
        first = post(
            world.lead,
            address(world),
            {
                **PLATFORM,
                "linked_data:level": "3",
                "linked_data:comment": "Not yet social care.",
                "shared_platform:level": ":not-applicable",
                "shared_platform:reason": "We share our neighbour's.",
                "practice_share:number": " 85 % ",
                "sectors:options": ["acute", "other"],
                "sectors:other": "Hospices",
                "then": "skills",
            },
        )
        second = post(
            world.lead,
            address(world, "skills"),
            {
                **SKILLS,
                "training:level": "5",
                "analysts:number": "12.5 WTE",
                "time_split:part.reporting": "60",
                "time_split:part.strategy": "40.0",
                "clarity:options": "unclear",
                "peer_offer:text": 'How we “pair” analysts.\r\nAnd more; 50% \\ "quoted"  ',
                "peer_offer:consent": "no",
                "then": ":check",
            },
        )

        assert (first.status_code, first.headers["Location"]) == (302, address(world, "skills"))
        assert second.headers["Location"] == reverse("check_answers", args=[world.assessment.pk])
        assert stored(world.assessment) == {code: (1, response) for code, response in EVERY_KIND.items()}

    def test_what_is_stored_is_shown_again_and_saves_unchanged(self, world: World) -> None:
        for code, response in EVERY_KIND.items():
            make_answer(world.assessment, code, world.lead, response)
        for dimension in ("data_platform", "skills"):
            page = visit(world.lead, address(world, dimension))
            data: dict[str, Any] = {}
            for entry in page.context["page"].entries:
                for field in stored_form(entry):
                    value = field.value()
                    if value not in {None, ""} if isinstance(value, str) else value:
                        data[field.html_name] = value
            response = post(world.lead, address(world, dimension), data)
            assert response.status_code == 302
        assert stored(world.assessment) == {code: (1, response) for code, response in EVERY_KIND.items()}

    def test_an_answer_can_be_taken_back(self, world: World) -> None:
        make_answer(world.assessment, "linked_data", world.lead, Response(level=3))
        make_answer(
            world.assessment, "shared_platform", world.lead, Response(not_applicable=True, reason="x")
        )
        make_answer(world.assessment, "practice_share", world.lead, Response(number=Decimal(5)))
        make_answer(world.assessment, "sectors", world.lead, Response(options=("acute",)))

        post(
            world.lead,
            address(world),
            {
                "linked_data:version": "1",
                "linked_data:level": ":unanswered",
                "shared_platform:version": "1",
                "shared_platform:level": ":unanswered",
                "shared_platform:reason": "x",
                "practice_share:version": "1",
                "practice_share:number": "",
                "sectors:version": "1",
            },
        )

        assert stored(world.assessment) == {
            code: (2, Response()) for code in ("linked_data", "shared_platform", "practice_share", "sectors")
        }

    def test_a_question_that_was_not_on_the_page_is_left_alone(self, world: World) -> None:
        make_answer(world.assessment, "linked_data", world.lead, Response(level=3))

        response = post(
            world.lead, address(world), {"practice_share:version": "0", "practice_share:number": "5"}
        )

        assert response.headers["Location"] == address(world)
        assert stored(world.assessment)["linked_data"] == (1, Response(level=3))

    def test_a_level_instead_of_not_applicable_drops_the_reason(self, world: World) -> None:
        make_answer(
            world.assessment, "shared_platform", world.lead, Response(not_applicable=True, reason="x")
        )

        post(
            world.lead,
            address(world),
            {"shared_platform:version": "1", "shared_platform:level": "2", "shared_platform:reason": "x"},
        )

        assert stored(world.assessment) == {"shared_platform": (2, Response(level=2))}

    def test_the_page_says_what_became_of_a_save(self, world: World) -> None:
        client = client_of(world.lead)
        data = {"linked_data:version": "0", "linked_data:level": "3", "then": ":stay"}

        first = client.post(address(world), data, follow=True)
        again = client.post(address(world), {**data, "linked_data:version": "1"}, follow=True)

        assert [str(message) for message in first.context["messages"]] == ["“Data platform” is saved."]
        assert [str(message) for message in again.context["messages"]] == ["“Data platform” is saved."]

    @pytest.mark.parametrize("then", ["", "nowhere", "https://evil.example/", "//evil.example"])
    def test_a_forged_place_to_go_to_leads_back_to_the_section(self, world: World, then: str) -> None:
        response = post(world.lead, address(world), {"linked_data:version": "0", "then": then})
        assert response.headers["Location"] == address(world)

    def test_a_save_takes_at_most_eight_queries(
        self, world: World, django_assert_max_num_queries: Callable[[int], Any]
    ) -> None:
        instrument_of(world.assessment.pk)
        client = client_of(world.contributor)
        data = {**PLATFORM, "linked_data:level": "3", "practice_share:number": "5"}

        # A savepoint and its release, which stand for the transaction, are among them.
        with django_assert_max_num_queries(8):
            assert client.post(address(world), data).status_code == 302
        assert len(stored(world.assessment)) == 2


class TestWhatIsWrong:
    def test_valid_answers_are_stored_and_the_others_stay_as_typed(self, world: World) -> None:
        response = post(
            world.lead,
            address(world),
            {
                **PLATFORM,
                "linked_data:level": "4",
                "shared_platform:level": ":not-applicable",
                "practice_share:number": "abc",
                "practice_share:comment": "About half, <b>I think</b>",
                "sectors:options": ["none", "acute"],
                "then": "skills",
            },
        )

        page = shown(response)
        assert response.status_code == 200
        assert summary(response) == [
            "Question 2: Say why this question does not apply",
            "Question 3: Enter a number, such as 12 or 3.5",
            "Question 4: Choose “None” alone, or take it out of your choice",
        ]
        assert 'href="#id_practice_share:number"' in page
        assert 'value="abc"' in page
        assert "About half, &lt;b&gt;I think&lt;/b&gt;" in response.content.decode()
        assert "1 answer is saved." in page
        assert "<title>Error: Data platform" in page
        assert stored(world.assessment) == {"linked_data": (1, Response(level=4))}
        versions = {answer.prefix: answer["version"].value() for answer in response.context["form"].answers}
        assert versions["linked_data"] == 1

    def test_saving_again_after_mending_goes_through(self, world: World) -> None:
        first = post(
            world.lead, address(world), {**PLATFORM, "linked_data:level": "4", "practice_share:number": "x"}
        )
        data = {
            field.html_name: field.value() for answer in first.context["form"].answers for field in answer
        }
        data = {name: value for name, value in data.items() if value not in (None, "", [])}

        second = post(world.lead, address(world), {**data, "practice_share:number": "1,000.5"})
        third = post(world.lead, address(world), {**data, "practice_share:number": "99"})

        assert summary(second) == ["Question 3: Enter a percentage between 0 and 100"]
        assert third.status_code == 302
        assert stored(world.assessment) == {
            "linked_data": (1, Response(level=4)),
            "practice_share": (1, Response(number=Decimal(99))),
        }

    @pytest.mark.parametrize(
        "typed",
        ["", "  ", "-", ".", "+.", "1e5", "NaN", "inf", "1,23", "½", "١٢", "0x10", "9" * 5000, "5 5%%"],
    )
    def test_no_number_breaks_the_page(self, world: World, typed: str) -> None:
        response = post(
            world.lead, address(world), {"practice_share:version": "0", "practice_share:number": typed}
        )

        if typed.strip():
            assert summary(response) == ["Question 3: Enter a number, such as 12 or 3.5"]
            assert response.context["form"].answers[2]["number"].value() == typed
        else:
            assert response.status_code == 302
        assert stored(world.assessment) == {}

    def test_forged_values_are_refused_in_words(self, world: World) -> None:
        response = post(
            world.lead,
            address(world),
            {
                **PLATFORM,
                "linked_data:level": "9",
                "linked_data:comment": "a\x00b",
                "shared_platform:level": "two",
                "sectors:options": ["acute", "forged"],
                "practice_share:number": "-5",
                "why_no_sectors:text": "word " * 51,
            },
        )

        assert summary(response) == [
            "Question 1: Choose one of the levels shown",
            "Question 1: Null characters are not allowed.",
            "Question 2: Choose one of the levels shown",
            "Question 3: Enter a percentage between 0 and 100",
            "Question 4: Choose from the options shown",
            "Question 5: Use 50 words or fewer. You used 51.",
        ]

    def test_the_sum_of_a_split_is_said_at_its_first_part(self, world: World) -> None:
        response = post(
            world.lead,
            address(world, "skills"),
            {**SKILLS, "time_split:part.reporting": "60", "time_split:part.strategy": "30"},
        )
        assert summary(response) == [
            "Question 4: The parts must add up to 100. They add up to 90.",
        ]
        assert 'href="#id_time_split:part.reporting"' in shown(response)

        response = post(
            world.lead,
            address(world, "skills"),
            {**SKILLS, "time_split:part.reporting": "some", "time_split:part.strategy": "400"},
        )
        assert summary(response) == ["Question 4: Enter a number, such as 12 or 3.5"]

    def test_a_problem_is_never_said_beside_a_field_that_the_page_hides(self, world: World) -> None:
        response = post(
            world.lead,
            address(world),
            {
                **PLATFORM,
                "sectors:options": ["acute"],
                "sectors:other": "Hospices",
                "shared_platform:reason": "x",
            },
        )

        assert summary(response) == [
            "Question 2: Choose “not applicable”, or clear the reason for it",
            "Question 4: Choose “Another sector”, or clear the text beside it",
        ]
        answers = response.context["form"].answers
        assert (list(answers[1].errors), list(answers[3].errors)) == (["level"], ["options"])

    def test_not_applicable_beside_a_number_is_one_or_the_other(self, world: World) -> None:
        platform, skills = SMALL_CONTENT.dimensions
        questions = tuple(
            replace(question, not_applicable=NotApplicable())
            if question.code == "practice_share"
            else question
            for question in platform.questions
        )
        questionnaire = publish_content(
            version="2.0", dimensions=(replace(platform, questions=questions), skills)
        )
        assessment = make_assessment(make_round(questionnaire, title="Other"), world.own)
        url = reverse("section", args=[assessment.pk, "data_platform"])
        field = {"practice_share:version": "0"}

        both = post(
            world.lead,
            url,
            {
                **field,
                "practice_share:number": "5",
                "practice_share:not_applicable": "yes",
                "practice_share:reason": "x",
            },
        )
        stray = post(world.lead, url, {**field, "practice_share:number": "5", "practice_share:reason": "x"})
        one = post(
            world.lead, url, {**field, "practice_share:not_applicable": "yes", "practice_share:reason": "x"}
        )

        assert summary(both) == ["Question 3: Give an answer or choose “not applicable”, not both"]
        assert summary(stray) == ["Question 3: Choose “not applicable”, or clear the reason for it"]
        assert one.status_code == 302
        assert stored(assessment) == {"practice_share": (1, Response(not_applicable=True, reason="x"))}


class TestConflicts:
    @pytest.fixture
    def disputed(self, world: World) -> Any:
        """Lena's page after Connie has changed one of the answers on it."""
        make_answer(world.assessment, "linked_data", world.lead, Response(level=1))
        save_answers(
            by=world.contributor,
            assessment_id=world.assessment.pk,
            saves=[AnswerSave("linked_data", 1, Response(level=5, comment="Connie says <five>"))],
        )
        return post(
            world.lead,
            address(world),
            {
                **PLATFORM,
                "linked_data:version": "1",
                "linked_data:level": "2",
                "linked_data:comment": "Lena says two",
                "practice_share:number": "abc",
                "sectors:options": "acute",
            },
        )

    def again(self, world: World, disputed: Any, **typed: str) -> Any:
        data = {
            field.html_name: field.value() for answer in disputed.context["form"].answers for field in answer
        }
        data = {name: value for name, value in data.items() if value not in (None, "", [])}
        changed = {name.replace("__", ":"): value for name, value in typed.items()}
        return post(world.lead, address(world), {**data, **changed})

    def test_both_answers_are_shown_and_nothing_typed_is_lost(self, world: World, disputed: Any) -> None:
        page = shown(disputed)

        assert disputed.status_code == 409
        assert summary(disputed) == [
            "Question 1: Somebody else has changed this answer. Choose which one to keep.",
            "Question 3: Enter a number, such as 12 or 3.5",
        ]
        assert 'href="#id_linked_data:keep_0"' in page
        assert "Connie Contributor saved another answer on" in page
        assert "Connie says &lt;five&gt;" in disputed.content.decode()
        assert "Comment: Lena says two" in page
        assert 'value="abc"' in page
        assert "1 answer is saved." in page
        assert stored(world.assessment)["linked_data"][0] == 2
        assert stored(world.assessment)["sectors"] == (1, Response(options=("acute",)))

    def test_without_a_decision_nothing_is_stored(self, world: World, disputed: Any) -> None:
        response = self.again(world, disputed)

        assert summary(response)[0] == (
            "Question 1: Somebody else has changed this answer. Choose which one to keep."
        )
        assert "Comment: Lena says two" in shown(response)
        assert "Connie says <five>" in shown(response)
        assert stored(world.assessment)["linked_data"] == (2, Response(level=5, comment="Connie says <five>"))

    def test_theirs_can_be_kept(self, world: World, disputed: Any) -> None:
        response = self.again(
            world,
            disputed,
            linked_data__keep="theirs",
            linked_data__level="rubbish",
            practice_share__number="5",
        )

        assert response.status_code == 302
        assert stored(world.assessment)["linked_data"] == (2, Response(level=5, comment="Connie says <five>"))
        assert stored(world.assessment)["practice_share"] == (1, Response(number=Decimal(5)))

    def test_mine_can_be_kept_as_it_is_edited(self, world: World, disputed: Any) -> None:
        response = self.again(
            world,
            disputed,
            linked_data__keep="mine",
            linked_data__level="3",
            linked_data__comment="We agreed on three",
            practice_share__number="5",
        )

        assert response.status_code == 302
        assert stored(world.assessment)["linked_data"] == (3, Response(level=3, comment="We agreed on three"))

    def test_a_third_answer_meanwhile_is_a_conflict_again(self, world: World, disputed: Any) -> None:
        save_answers(
            by=world.contributor,
            assessment_id=world.assessment.pk,
            saves=[AnswerSave("linked_data", 2, Response(level=4, comment="Connie again"))],
        )

        response = self.again(world, disputed, linked_data__keep="mine", practice_share__number="5")

        assert response.status_code == 409
        assert "Connie again" in shown(response)
        assert "Comment: Lena says two" in shown(response)
        assert not response.context["form"].answers[0]["keep"].value()

    def test_what_cannot_be_read_is_shown_as_typed_beside_the_other_answer(self, world: World) -> None:
        make_answer(world.assessment, "practice_share", world.contributor, Response(number=Decimal(40)))
        first = post(
            world.lead, address(world), {"practice_share:version": "0", "practice_share:number": "50"}
        )
        second = self.again(world, first, practice_share__keep="mine", practice_share__number="fifty")

        assert summary(second) == ["Question 3: Enter a number, such as 12 or 3.5"]
        assert second.context["form"].answers[2].typed_words.value == "fifty"
        assert "40%" in shown(second)

    @pytest.mark.parametrize("version", ["", "-1", "abc", "9" * 400, "²"])
    def test_a_version_that_is_none_overwrites_nothing(self, world: World, version: str) -> None:
        make_answer(world.assessment, "linked_data", world.contributor, Response(level=1))

        response = post(
            world.lead, address(world), {"linked_data:version": version, "linked_data:level": "2"}
        )

        assert response.status_code == 409
        assert stored(world.assessment) == {"linked_data": (1, Response(level=1))}


class TestWhenNothingCanBeSaved:
    @pytest.mark.parametrize("change", ["deadline", "closed", "awaiting", "submitted"])
    def test_what_was_typed_is_shown_to_copy(self, world: World, change: str) -> None:
        make_answer(world.assessment, "sectors", world.lead, Response(options=("acute",)))
        now = timezone.now()
        if change == "deadline":
            Round.objects.update(closes_at=now)
        elif change == "closed":
            Round.objects.update(status=Round.Status.CLOSED)
        else:
            status = Status.AWAITING_SIGNOFF if change == "awaiting" else Status.SUBMITTED
            Assessment.objects.filter(pk=world.assessment.pk).update(
                status=status, sent_at=now, sent_by=world.lead
            )

        response = post(
            world.lead,
            address(world),
            {
                **PLATFORM,
                "linked_data:level": "3",
                "linked_data:comment": "A long <comment>",
                "practice_share:number": "about half",
                "sectors:version": "1",
                "sectors:options": "acute",
            },
        )

        page = shown(response)
        assert response.status_code == 409
        # What is stored already, and what was left empty, is not listed.
        assert [(each.number, each.lines) for each in response.context["unsaved"]] == [
            (1, ("3 Established", "A long <comment>")),
            (3, ("about half",)),
        ]
        assert "A long &lt;comment&gt;" in response.content.decode()
        assert "It is not saved. Copy what you want to keep before you leave this page." in page
        assert len(response.context["messages_of_form"]) == 1
        assert list(stored(world.assessment)) == ["sectors"]

    def test_a_section_that_was_taken_back_meanwhile_shows_what_was_typed(self, world: World) -> None:
        SectionAssignment.objects.all().delete()

        response = post(
            world.contributor, address(world), {**PLATFORM, "linked_data:comment": "My long text"}
        )

        assert response.status_code == 404
        assert "My long text" in shown(response)
        assert "is not handed to you, or no longer, so nothing was saved." in shown(response)
        assert stored(world.assessment) == {}

    def test_a_cleared_answer_that_cannot_be_saved_says_so(self, world: World) -> None:
        make_answer(world.assessment, "linked_data", world.lead, Response(level=3))
        Round.objects.update(status=Round.Status.CLOSED)

        response = post(
            world.lead, address(world), {"linked_data:version": "1", "linked_data:level": ":unanswered"}
        )

        assert [each.lines for each in response.context["unsaved"]] == [("The answer was cleared.",)]

    @pytest.mark.parametrize("who", ["sister_lead", "far_lead", "newcomer"])
    def test_strangers_learn_nothing(self, world: World, who: str) -> None:
        response = post(getattr(world, who), address(world), {**PLATFORM, "linked_data:comment": "x"})

        assert response.status_code == 404
        assert "Ambleshire" not in shown(response)
        assert stored(world.assessment) == {}

    def test_the_page_before_the_opening_says_when_it_opens(self, world: World) -> None:
        opens = timezone.now() + datetime.timedelta(days=1)
        Round.objects.update(opens_at=opens)

        response = visit(world.lead, address(world))

        assert "The round opens on" in shown(response)
        assert response.context["form"] is None

    def test_a_save_that_is_overtaken_keeps_the_form(self, world: World) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE FUNCTION overtake() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"
            )
            cursor.execute(
                "CREATE TRIGGER overtake BEFORE INSERT ON surveys_answer"
                " FOR EACH ROW EXECUTE FUNCTION overtake()"
            )

        response = post(
            world.lead, address(world), {"linked_data:version": "0", "linked_data:comment": "Typed once"}
        )

        assert response.status_code == 409
        assert response.context["messages_of_form"] == (
            "Somebody else saved at the same moment, so we have not saved yours yet. Choose Save again.",
        )
        assert response.context["form"].answers[0]["comment"].value() == "Typed once"


def test_an_answer_knows_its_author_on_the_page(world: World) -> None:
    make_answer(world.assessment, "linked_data", world.contributor, Response(level=2))
    assert "Last saved by Connie Contributor on" in shown(visit(world.lead, address(world)))
    assert Answer.objects.count() == 1
