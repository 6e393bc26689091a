"""Handing out the work on pages: sections and questions, invitations, leaving colleagues, my questions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from surveys.actions.section_marks import mark_done, request_changes
from surveys.models import Assessment, Message, Person, Round, SectionAssignment
from surveys.queries.instruments import instrument_of
from surveys.questionnaires.responses import Response
from tests.factories import assign_question, assign_section, make_answer, make_membership, make_person
from tests.signed import set_status
from tests.views.signed_in import client_of, post, shown, summary, visit
from tests.world import World

SITE = "http://testserver/"


def section_people(world: World, dimension_code: str = "skills") -> str:
    return reverse("section_people", args=[world.assessment.pk, dimension_code])


def place(world: World, name: str = "assessment_people", *more: Any) -> str:
    return reverse(name, args=[world.assessment.pk, *more])


def held(person: Person) -> list[tuple[str, str | None]]:
    rows = SectionAssignment.objects.filter(person=person).order_by(
        "dimension__position", "question__position"
    )
    return list(rows.values_list("dimension__code", "question__code"))


def link_in(message: Message) -> str:
    """The path of the link to choose a password, in the message as it would be sent."""
    found = re.search(r"http://testserver(/password/\S+)", message.text())
    assert found is not None
    return found[1]


class TestSectionPeople:
    @pytest.mark.parametrize(
        ("who", "status"),
        [
            ("lead", 200),
            ("approver", 200),
            ("administrator", 200),
            ("contributor", 404),
            ("regional_analyst", 404),
            ("sister_lead", 404),
            ("newcomer", 404),
        ],
    )
    def test_who_hands_out(self, world: World, who: str, status: int) -> None:
        data = {"person": str(world.contributor.pk), "what": "whole"}
        assert visit(getattr(world, who), section_people(world)).status_code == status
        assert post(getattr(world, who), section_people(world), data).status_code == (
            302 if status == 200 else 404
        )

    def test_a_section_is_handed_out_and_taken_back(self, world: World) -> None:
        where = section_people(world)
        page = visit(world.lead, where).context["page"]
        assert [each.label for each in page.candidates] == [
            "Connie Contributor (Contributor)",
            "Lena Lead (ICS data lead)",
        ]

        post(world.lead, where, {"person": str(world.contributor.pk), "what": "whole"})
        page = visit(world.lead, where).context["page"]
        assert [(holder.name, holder.what) for holder in page.holders] == [
            ("Connie Contributor", "The whole section")
        ]
        assert [each.name for each in page.candidates] == ["Lena Lead"]

        post(world.lead, where, {"person": str(world.contributor.pk), "question": "", "remove": "yes"})
        assert visit(world.lead, where).context["page"].holders == ()

    def test_single_questions_are_handed_out_and_taken_back(self, world: World) -> None:
        where = section_people(world)
        data = {
            "person": str(world.contributor.pk),
            "what": "questions",
            "questions": ["analysts", "training"],
        }
        post(world.lead, where, data)

        page = visit(world.lead, where).context["page"]
        assert [(holder.question, holder.what) for holder in page.holders] == [
            ("training", "Question 1: How mature is training?"),
            ("analysts", "Question 3: How many analysts are there?"),
        ]
        assert [each.name for each in page.candidates] == ["Connie Contributor", "Lena Lead"]

        back = {"person": str(world.contributor.pk), "question": "training", "remove": "yes"}
        post(world.lead, where, back)
        assert held(world.contributor) == [("data_platform", None), ("skills", "analysts")]

    def test_the_page_says_what_was_handed_to_whom(self, world: World) -> None:
        where, connie = section_people(world), str(world.contributor.pk)
        one: dict[str, Any] = {"person": connie, "what": "questions", "questions": ["training"]}
        two = one | {"questions": ["analysts", "training"]}
        whole = {"person": connie, "what": "whole"}
        back = {"person": connie, "question": "", "remove": "yes"}
        nobody = back | {"person": "2147483647"}

        said = [
            next(iter(client_of(world.lead).post(where, data, follow=True).context["messages"])).message
            for data in (one, one, two, whole, back, back, nobody)
        ]

        assert said == [
            "1 question of “Skills” is handed to Connie Contributor.",
            "Nothing was changed: Connie Contributor held 1 question of “Skills” already.",
            "2 questions of “Skills” are handed to Connie Contributor.",
            "“Skills” is handed to Connie Contributor.",
            "Connie Contributor no longer holds this part of “Skills”. Their answers stay.",
            "Nothing was changed: it had been taken back already.",
            "Nothing was changed: it had been taken back already.",
        ]

    def test_ticked_questions_do_not_count_beside_the_whole_section(self, world: World) -> None:
        data = {"person": str(world.contributor.pk), "what": "whole", "questions": ["training"]}
        post(world.lead, section_people(world), data)
        assert held(world.contributor) == [("data_platform", None), ("skills", None)]

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"person": ""}, "Choose a colleague"),
            ({"person": "abc"}, "Choose a colleague from the list"),
            ({"person": "0"}, "Choose a colleague from the list"),
            ({"person": "9" * 40}, "Choose a colleague from the list"),
            ({"what": ""}, "Choose what you hand over"),
            ({"what": "x"}, "Choose what you hand over"),
            ({"what": "questions"}, "Tick the questions that you hand over"),
            ({"what": "questions", "questions": ["linked_data"]}, "Tick questions from the list"),
        ],
    )
    def test_what_is_wrong_is_said_in_words(self, world: World, changes: dict[str, Any], words: str) -> None:
        data = {"person": str(world.contributor.pk), "what": "whole"} | changes
        response = post(world.lead, section_people(world), data)
        assert (response.status_code, summary(response)) == (200, [words])
        assert SectionAssignment.objects.count() == 1

    @pytest.mark.parametrize("person", ["", "abc", "0", "9" * 40])
    def test_nobody_to_take_it_back_from(self, world: World, person: str) -> None:
        removed = post(world.lead, section_people(world), {"person": person, "remove": "yes"})
        assert (removed.status_code, len(summary(removed))) == (200, 1)

    def test_people_of_other_systems_are_not_offered_nor_taken(self, world: World) -> None:
        stranger = make_person("Sid Sister", role="contributor", organisation=world.sister)

        response = post(world.lead, section_people(world), {"person": str(stranger.pk), "what": "whole"})

        assert summary(response) == ["Choose a colleague from the list"]
        assert "Sid Sister" not in shown(response)
        assert SectionAssignment.objects.count() == 1

    def test_a_colleague_who_left_is_shown_as_such(self, world: World) -> None:
        world.contributor.memberships.update(ended_at=timezone.now())

        page = visit(world.lead, section_people(world, "data_platform")).context["page"]

        assert [(holder.name, holder.lapsed) for holder in page.holders] == [("Connie Contributor", True)]


class TestInviting:
    NEW = {"name": "Nora New", "email": "nora@ambleshire.example", "job_title": ""}

    def test_a_colleague_without_an_account_is_invited_from_a_section_and_answers_it(
        self, world: World
    ) -> None:
        form = visit(world.lead, f"{place(world, 'invite_colleague')}?section=skills")
        assert re.findall(r'value="(\w+)"[^>]* checked', shown(form)) == ["skills"]

        response = post(world.lead, place(world, "invite_colleague"), self.NEW | {"sections": ["skills"]})
        assert response.url == place(world)
        page = visit(world.lead, place(world))
        line = next(each for each in page.context["page"].colleagues if each.name == "Nora New")
        assert line.holds == ("Skills",)
        assert line.account.startswith("No password chosen yet. Invitation: On its way since ")

        client = Client()
        link = link_in(Message.objects.get(kind=Message.Kind.INVITATION))
        chosen = {"new_password1": "correct horse battery", "new_password2": "correct horse battery"}
        assert client.post(client.get(link, follow=True).request["PATH_INFO"], chosen).status_code == 302
        nora = Person.objects.get(name="Nora New")
        assert visit(nora, place(world, "section", "skills")).status_code == 200
        assert visit(nora, place(world, "section", "data_platform")).status_code == 404
        used = Client().get(link, follow=True)
        assert "new_password1" not in shown(used)

    def test_it_is_said_what_became_of_it(self, world: World) -> None:
        response = client_of(world.lead).post(place(world, "invite_colleague"), self.NEW, follow=True)
        assert "Nora New is invited. The link in the e-mail works once" in shown(response)

    def test_an_address_that_is_known_is_told_without_a_second_account(self, world: World) -> None:
        client = client_of(world.lead)
        response = client.post(
            place(world, "invite_colleague"), self.NEW | {"email": world.sister_lead.email}, follow=True
        )
        assert "Sandy Sister had an account already, so it stays as it is." in shown(response)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"name": ""}, "Enter a name"),
            ({"email": "nora"}, "Enter an e-mail address like name@organisation.nhs.uk"),
            ({"email": ""}, "Enter an e-mail address"),
            ({"sections": ["no_such"]}, "Tick sections from the list"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
        self, world: World, changes: dict[str, Any], words: str
    ) -> None:
        response = post(
            world.lead, place(world, "invite_colleague"), self.NEW | {"job_title": "CDIO"} | changes
        )
        assert (response.status_code, summary(response)) == (200, [words])
        assert 'value="CDIO"' in shown(response)
        assert Message.objects.count() == 0

    def test_a_colleague_is_not_invited_a_second_time(self, world: World) -> None:
        response = post(
            world.lead, place(world, "invite_colleague"), self.NEW | {"email": world.contributor.email}
        )
        assert summary(response)[0].startswith("Connie Contributor answers for Ambleshire already.")

    def test_the_invitation_is_sent_again_until_three_times_in_an_hour(self, world: World) -> None:
        post(world.lead, place(world, "invite_colleague"), self.NEW)
        again = place(world, "invite_colleague_again", Person.objects.get(name="Nora New").pk)
        assert [post(world.lead, again, {}).status_code for _ in range(2)] == [302, 302]
        response = post(world.lead, again, {})
        assert "was invited 3 times in the last hour" in summary(response)[0]
        assert Message.objects.count() == 3


class TestColleagues:
    def test_the_page_says_who_holds_what(self, world: World) -> None:
        assign_question(world.assessment, "training", world.contributor, by=world.lead)
        make_membership(world.lead, "contributor", world.own)
        failed = make_person("Fay Failed", role="contributor", organisation=world.own)
        failed.set_unusable_password()
        failed.save()
        page = visit(world.approver, place(world)).context["page"]
        assert [
            (each.name, each.role, each.holds, each.account, each.removable) for each in page.colleagues
        ] == [
            (
                "Connie Contributor",
                "Contributor",
                ("Data platform", "Skills (1 question)"),
                "Can sign in",
                True,
            ),
            ("Fay Failed", "Contributor", (), "No password chosen yet. Invitation: None was sent", True),
            ("Lena Lead", "ICS data lead", (), "Can sign in", False),
        ]
        assert [(each.name, each.work.held_in_words) for each in page.sections] == [
            ("Data platform", "Held by Connie Contributor."),
            ("Skills", "1 question handed to Connie Contributor."),
        ]

    def test_nobody_answers_yet(self, world: World) -> None:
        for person in (world.contributor, world.lead):
            person.memberships.update(ended_at=timezone.now())
        assert "Nobody answers for Ambleshire yet." in shown(visit(world.approver, place(world)))

    def test_somebody_who_leaves_is_removed_and_their_answers_stay(self, world: World) -> None:
        make_answer(world.assessment, "linked_data", world.contributor, Response(level=3))
        where = place(world, "remove_colleague", world.contributor.pk)
        assert "What they hold in this round goes back to not handed out: Data platform." in shown(
            visit(world.lead, where)
        )

        response = client_of(world.lead).post(where, follow=True)

        assert "Connie Contributor is removed. Their answers stay, with their name." in shown(response)
        assert [each.name for each in response.context["page"].colleagues] == ["Lena Lead"]
        assert "Last saved by Connie Contributor on" in shown(
            visit(world.lead, place(world, "section", "data_platform"))
        )
        assert visit(world.contributor, place(world, "assessment").replace("people/", "")).status_code == 404
        assert visit(world.lead, where).status_code == 404

    @pytest.mark.parametrize("who", ["contributor", "sister_lead", "regional_analyst", "newcomer"])
    def test_strangers_find_nothing(self, world: World, who: str) -> None:
        where = place(world, "remove_colleague", world.contributor.pk)
        assert [
            visit(getattr(world, who), where).status_code,
            post(getattr(world, who), where, {}).status_code,
        ] == [
            404,
            404,
        ]

    @pytest.mark.parametrize(
        "address",
        ["assessment_people", "section_people", "my_questions", "section_marks", "assessment", "section"],
    )
    def test_a_page_takes_at_most_eight_queries(
        self, world: World, address: str, django_assert_max_num_queries: Callable[[int], Any]
    ) -> None:
        invited = make_person("Ivy Invited", role="contributor", organisation=world.own)
        invited.set_unusable_password()
        invited.save()
        assign_question(world.assessment, "training", invited, by=world.lead)
        mark_done(
            by=world.lead,
            assessment_id=world.assessment.pk,
            dimension_code="data_platform",
            note="x",
            site=SITE,
        )
        instrument_of(world.assessment.pk)
        more = [] if address in {"assessment", "assessment_people", "my_questions"} else ["data_platform"]
        client = client_of(world.lead)
        with django_assert_max_num_queries(8):
            assert client.get(place(world, address, *more)).status_code == 200


class TestMyQuestions:
    def test_what_is_mine_stands_by_section_with_its_status_and_what_comes_next(self, world: World) -> None:
        assign_question(world.assessment, "training", world.contributor, by=world.lead)
        assign_question(world.assessment, "analysts", world.contributor, by=world.lead)
        make_answer(world.assessment, "linked_data", world.contributor, Response(level=3))
        make_answer(world.assessment, "training", world.lead, Response(level=2))
        make_answer(world.assessment, "practice_share", world.lead, Response(number=101))

        response = visit(world.contributor, place(world, "my_questions"))

        page = response.context["page"]
        assert [(each.name, each.whole) for each in page.sections] == [
            ("Data platform", True),
            ("Skills", False),
        ]
        assert [
            (each.code, each.number, each.status_label)
            for section in page.sections
            for each in section.questions
        ] == [
            ("linked_data", 1, "Answered"),
            ("shared_platform", 2, "Not answered"),
            ("practice_share", 3, "Needs changing"),
            ("sectors", 4, "Not answered"),
            ("why_no_sectors", 5, "Not asked"),
            ("training", 1, "Answered"),
            ("analysts", 3, "Not answered"),
        ]
        assert page.next.code == "shared_platform"
        assert (page.completion.answered, page.completion.asked) == (3, 6)
        assert f"{place(world, 'section', 'data_platform')}#question-shared_platform" in shown(response)

    def test_everything_answered_says_so(self, world: World) -> None:
        world.assessment.section_assignments.all().delete()
        assign_question(world.assessment, "training", world.contributor, by=world.lead)
        make_answer(world.assessment, "training", world.contributor, Response(level=2))
        assert "Everything that is handed to you is answered." in shown(
            visit(world.contributor, place(world, "my_questions"))
        )

    def test_a_lead_sees_what_is_handed_to_them_by_name(self, world: World) -> None:
        where = place(world, "my_questions")
        assert "As ICS data lead you can answer every section" in shown(visit(world.lead, where))
        assign_section(world.assessment, "skills", world.lead, by=world.approver)
        assert [each.name for each in visit(world.lead, where).context["page"].sections] == ["Skills"]

    def test_home_and_the_task_list_lead_there_where_something_is_mine(self, world: World) -> None:
        where = place(world, "my_questions")
        for address in (reverse("home"), place(world, "assessment")):
            assert [where in shown(visit(each, address)) for each in (world.contributor, world.lead)] == [
                True,
                False,
            ]

    def test_a_round_that_is_over_says_so(self, world: World) -> None:
        Round.objects.update(status=Round.Status.CLOSED)
        assert "The round is closed" in shown(visit(world.contributor, place(world, "my_questions")))

    @pytest.mark.parametrize(
        "who", ["approver", "regional_analyst", "administrator", "sister_lead", "newcomer"]
    )
    def test_who_answers_nothing_has_no_such_page(self, world: World, who: str) -> None:
        assert visit(getattr(world, who), place(world, "my_questions")).status_code == 404


class TestTheTaskList:
    def test_a_contributor_reads_who_holds_what_and_opens_only_their_own(self, world: World) -> None:
        page = shown(visit(world.contributor, place(world, "assessment")))
        assert (
            place(world, "section", "data_platform") in page,
            place(world, "section", "skills") in page,
        ) == (
            True,
            False,
        )
        assert "Not handed to anybody." in page
        set_status(world.assessment, Assessment.Status.SUBMITTED)
        assert place(world, "section", "skills") in shown(
            visit(world.contributor, place(world, "assessment"))
        )

    def test_it_says_what_is_done_and_what_is_to_be_changed(self, world: World) -> None:
        given: Any = {"assessment_id": world.assessment.pk, "dimension_code": "data_platform", "site": SITE}
        mark_done(by=world.contributor, note="A note of ours", **given)
        make_answer(world.assessment, "linked_data", world.contributor, Response(level=3))
        page = visit(world.lead, place(world, "assessment")).context["page"]
        assert page.sections[0].status_label == "Done"
        assert "Marked as done by Connie Contributor on" in page.sections[0].hint
        assert page.sections[0].hint.endswith(". Changed since it was marked as done. “A note of ours”")
        outside = visit(world.national_analyst, place(world, "assessment")).context["page"]
        assert "A note of ours" not in outside.sections[0].hint
        request_changes(by=world.lead, note=f"Which sectors?\n{'x' * 200}", **given)
        page = visit(world.lead, place(world, "assessment")).context["page"]
        assert page.sections[0].status_label == "Changes requested"
        assert "Changes requested by Lena Lead on" in page.sections[0].hint
        assert page.sections[0].hint.endswith(f"“Which sectors? {'x' * 124}…”")


def test_a_message_about_work_is_plain_text(world: World) -> None:
    post(world.lead, section_people(world), {"person": str(world.contributor.pk), "what": "whole"})
    text = Message.objects.get().text()
    assert f"{SITE}assessments/{world.assessment.pk}/mine/" in text
    assert EmailMessage(body=text).body == text
