"""Working offline: the workbook goes out, comes back, is checked on a page, and is taken in or not at all."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from surveys.actions.answers import AnswerSave, save_answers
from surveys.imports.workbook_package import SAVE_AS
from surveys.models import Answer, Person
from surveys.questionnaires.responses import Response
from surveys.questionnaires.worksheet import Heading
from tests.factories import make_answer
from tests.signed import OWN, close, submit
from tests.together import together
from tests.views.signed_in import client_of, post, shown, summary, visit
from tests.workbook_editing import EditedWorkbook, downloaded
from tests.world import World, build_world

pytestmark = pytest.mark.django_db

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOO_LARGE = (
    "The file is larger than 2 MB, which no workbook of this service is. Remove pictures and sheets of "
    "your own, and upload it again."
)
NOT_A_WORKBOOK = f"The file is not an Excel workbook (.xlsx), whatever its name. {SAVE_AS}"
HOSTILE_TEXT = "<script>alert(1)</script>"


def address(world: World, name: str = "upload_workbook", *more: int) -> str:
    return reverse(name, args=[world.assessment.pk, *more])


def upload(
    world: World, workbook: EditedWorkbook, person: Person | None = None, name: str = "mine.xlsx"
) -> Any:
    """The answer to sending a workbook."""
    file = SimpleUploadedFile(name, workbook.saved(), content_type=XLSX)
    return post(person or world.lead, address(world), {"workbook": file})


def carried(response: Any) -> str:
    """What the page with the changes carries for the next step."""
    return str(response.context["changes"])


def take_in(world: World, changes: str, person: Person | None = None, **choices: str) -> Any:
    """The answer to the button of that page; `linked_data="workbook"` chooses for that question."""
    data = {"changes": changes} | {f"keep:{code}": choice for code, choice in choices.items()}
    return post(person or world.lead, address(world, "take_in_workbook"), data)


def save(world: World, code: str, response: Response, seen: int = 0) -> None:
    save_answers(
        by=world.contributor, assessment_id=world.assessment.pk, saves=[AnswerSave(code, seen, response)]
    )


def levels(world: World) -> dict[str, int | None]:
    rows = Answer.objects.filter(assessment=world.assessment)
    return dict(rows.values_list("question__code", "level"))


class TestDownload:
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
    def test_whoever_reads_the_assessment_gets_its_workbook(
        self, world: World, who: str, status: int
    ) -> None:
        assert visit(getattr(world, who), address(world, "workbook")).status_code == status

    def test_it_is_a_file_with_a_name_that_says_what_it_is(self, world: World) -> None:
        response = visit(world.lead, address(world, "workbook"))
        assert response["Content-Type"] == XLSX
        start = f'attachment; filename="{world.assessment.ods_code}-spring-round-answers-'
        assert re.fullmatch(rf'{start}\d{{4}}-\d\d-\d\d\.xlsx"', response["Content-Disposition"])
        steps = {row[0]: row[1] for row in EditedWorkbook(response.content).sheets["Start here"]}
        back = f"http://testserver{address(world)}"
        assert steps["Step 3"] == f"Save the file as an Excel workbook (.xlsx) and bring it back at {back}"

    def test_somebody_who_has_not_signed_in_is_asked_to(self, world: World) -> None:
        response = Client().get(address(world, "workbook"))
        assert (response.status_code, response["Location"].split("?")[0]) == (302, reverse("sign_in"))

    def test_it_takes_few_queries(self, world: World, django_assert_max_num_queries: Any) -> None:
        client = client_of(world.lead)
        client.get(address(world, "workbook"))
        with django_assert_max_num_queries(8):
            client.get(address(world, "workbook"))


class TestUpload:
    @pytest.mark.parametrize(
        ("who", "status"),
        [
            ("lead", 200),
            ("contributor", 200),
            ("approver", 404),
            ("regional_analyst", 404),
            ("administrator", 404),
            ("sister_lead", 404),
            ("newcomer", 404),
        ],
    )
    def test_who_answers_brings_it_back(self, world: World, who: str, status: int) -> None:
        person = getattr(world, who)
        workbook = downloaded(world.lead, world.assessment)
        assert visit(person, address(world)).status_code == status
        assert upload(world, workbook, person).status_code == status

    def test_the_page_begins_without_a_problem(self, world: World) -> None:
        response = visit(world.lead, address(world))
        assert (summary(response), "There is a problem" in shown(response)) == ([], False)

    def test_a_contributor_without_a_section_does_not(self, world: World) -> None:
        world.assessment.section_assignments.all().delete()
        assert visit(world.contributor, address(world)).status_code == 404

    def test_the_page_shows_what_would_change_and_saves_nothing(self, world: World) -> None:
        make_answer(world.assessment, "training", world.lead, Response(level=1, comment=HOSTILE_TEXT))
        workbook = downloaded(world.lead, world.assessment)
        response = upload(world, workbook.fill("linked_data", "4 Embedded").fill("training", "2 Patchy"))
        page = shown(response)
        assert response.status_code == 200
        assert "<h2>2 answers would change</h2>" in page
        assert "Save 2 answers" in page
        assert f"Comment: {HOSTILE_TEXT}" in page
        assert HOSTILE_TEXT not in response.content.decode()
        assert levels(world) == {"training": 1}

    def test_a_workbook_that_changes_nothing_says_so(self, world: World) -> None:
        page = shown(upload(world, downloaded(world.lead, world.assessment)))
        assert "Nothing would change: every answer is already as it is in the workbook." in page
        assert 'type="submit">Save' not in page

    def test_problems_are_listed_by_sheet_and_cell_and_nothing_can_be_saved(self, world: World) -> None:
        workbook = downloaded(world.lead, world.assessment).fill("practice_share", HOSTILE_TEXT)
        response = upload(world, workbook.fill("training", "2 Patchy"))
        page = shown(response)
        assert "1 cell of the workbook must be put right first" in page
        assert f"<span>{workbook.place('practice_share').split()[-1]}</span>" in page
        assert (
            f'<span dir="auto">“{HOSTILE_TEXT}” is not a number. Type the number alone, such as 12 or 3.5.'
            "</span>"
        ) in page
        assert HOSTILE_TEXT not in response.content.decode()
        assert 'name="changes"' not in page

    @pytest.mark.parametrize(
        ("file", "message"),
        [
            (None, "Choose the workbook that you filled in"),
            (
                SimpleUploadedFile("empty.xlsx", b""),
                "The file is empty. Choose the workbook that you filled in.",
            ),
            (
                SimpleUploadedFile("answers.xlsx", b"code,answer\n"),
                NOT_A_WORKBOOK,
            ),
            (SimpleUploadedFile("large.xlsx", bytes(2_000_001)), TOO_LARGE),
            (SimpleUploadedFile("far_too_large.xlsx", bytes(10_500_000)), TOO_LARGE),
        ],
        ids=["none", "empty", "csv", "large", "far too large"],
    )
    def test_a_file_that_is_no_workbook_is_refused_beside_the_field(
        self, world: World, file: SimpleUploadedFile | None, message: str
    ) -> None:
        response = post(world.lead, address(world), {"workbook": file} if file else {})
        assert (response.status_code, summary(response)) == (200, [message])
        assert 'href="#id_workbook"' in shown(response)

    def test_the_workbook_of_another_system_is_refused_by_name(self, world: World) -> None:
        workbook = downloaded(world.sister_lead, world.sister_assessment)
        response = upload(world, workbook)
        assert response.status_code == 200
        assert summary(response)[0].startswith("This workbook belongs to another system: Borderland (")

    def test_a_name_full_of_mischief_is_only_shown(self, world: World) -> None:
        workbook = downloaded(world.lead, world.assessment).fill("training", "2 Patchy")
        response = upload(world, workbook, name="../../<b>\u202eslx\0.xlsx")
        assert response.status_code == 200
        assert "<b>" not in response.content.decode()

    def test_a_closed_round_still_offers_the_workbook_but_takes_none(self, world: World) -> None:
        workbook = downloaded(world.lead, world.assessment)
        close(world.round)
        page = shown(visit(world.lead, address(world)))
        closed = "The round is closed, so answers can no longer be changed."
        assert f"A workbook cannot be taken in now. {closed}" in page
        assert 'type="file"' not in page
        response = upload(world, workbook)
        assert (response.status_code, summary(response)) == (409, [closed])

    def test_it_takes_few_queries(self, world: World, django_assert_max_num_queries: Any) -> None:
        client = client_of(world.lead)
        client.get(address(world))
        with django_assert_max_num_queries(8):
            client.get(address(world))


class TestTakingIn:
    def test_all_of_it_is_saved_and_said(self, world: World) -> None:
        workbook = downloaded(world.lead, world.assessment)
        page = upload(world, workbook.fill("linked_data", "4 Embedded").fill("training", "2 Patchy"))
        client = client_of(world.lead)
        response = client.post(address(world, "take_in_workbook"), {"changes": carried(page)}, follow=True)
        assert response.redirect_chain == [(address(world, "assessment"), 302)]
        assert "2 answers are taken in from the workbook." in shown(response)
        assert levels(world) == {"linked_data": 4, "training": 2}

    def test_sending_it_twice_changes_nothing_more(self, world: World) -> None:
        changes = carried(
            upload(world, downloaded(world.lead, world.assessment).fill("training", "2 Patchy"))
        )
        assert [take_in(world, changes).status_code for _ in range(2)] == [302, 302]
        assert Answer.objects.get().version == 1

    def test_two_tabs_with_two_workbooks_do_not_overwrite_each_other_unseen(self, world: World) -> None:
        first = carried(upload(world, downloaded(world.lead, world.assessment).fill("training", "2 Patchy")))
        second = carried(upload(world, downloaded(world.lead, world.assessment).fill("training", "3")))
        assert take_in(world, first).status_code == 302
        response = take_in(world, second)
        assert "Somebody else saved an answer while you were looking at this page" in shown(response)
        assert levels(world) == {"training": 2}

    def test_a_dispute_needs_a_choice_for_each_question(self, world: World) -> None:
        workbook = downloaded(world.lead, world.assessment)
        save(world, "linked_data", Response(level=4))
        save(world, "shared_platform", Response(level=4))
        page = upload(world, workbook.fill("linked_data", "5 Leading").fill("shared_platform", "1"))
        assert "Changed by somebody else meanwhile" in shown(page)
        response = take_in(world, carried(page), linked_data="workbook")
        assert (response.status_code, summary(response)) == (
            200,
            ["Choose which answer counts: How mature is shared platform?"],
        )
        assert re.findall(r'value="(\w+)"[^>]*checked', shown(response)) == ["workbook"]
        assert levels(world) == {"linked_data": 4, "shared_platform": 4}
        done = take_in(world, carried(response), linked_data="workbook", shared_platform="stored")
        assert done.status_code == 302
        assert levels(world) == {"linked_data": 5, "shared_platform": 4}

    def test_nothing_is_chosen_while_cells_are_to_be_put_right(self, world: World) -> None:
        workbook = downloaded(world.lead, world.assessment).fill("training", "good")
        save(world, "linked_data", Response(level=4))

        page = shown(upload(world, workbook.fill("linked_data", "5 Leading")))

        assert "You choose which one counts once the cells are put right." in page
        assert 'type="radio"' not in page

    def test_a_choice_about_an_answer_that_has_changed_again_is_asked_anew(self, world: World) -> None:
        workbook = downloaded(world.lead, world.assessment)
        save(world, "linked_data", Response(level=4))
        save(world, "shared_platform", Response(level=4))
        page = upload(world, workbook.fill("linked_data", "5 Leading").fill("shared_platform", "1"))
        save(world, "linked_data", Response(level=2), seen=1)
        response = take_in(world, carried(page), linked_data="workbook", shared_platform="workbook")
        ticked = [bool(field.value()) for _, field in response.context["disputes"]]
        assert ticked == [False, True]
        assert levels(world) == {"linked_data": 2, "shared_platform": 4}

    def test_keeping_what_is_saved_changes_nothing(self, world: World) -> None:
        workbook = downloaded(world.lead, world.assessment)
        save(world, "linked_data", Response(level=4))
        page = upload(world, workbook.fill("linked_data", "5 Leading"))
        client = client_of(world.lead)
        data = {"changes": carried(page), "keep:linked_data": "stored"}
        response = client.post(address(world, "take_in_workbook"), data, follow=True)
        assert "Nothing had to be changed: the answers are as you wanted them." in shown(response)
        assert levels(world) == {"linked_data": 4}

    def test_one_answer_is_one(self, world: World) -> None:
        changes = carried(
            upload(world, downloaded(world.lead, world.assessment).fill("training", "2 Patchy"))
        )
        client = client_of(world.lead)
        response = client.post(address(world, "take_in_workbook"), {"changes": changes}, follow=True)
        assert "1 answer is taken in from the workbook." in shown(response)

    @pytest.mark.parametrize("changes", ["", "made up", "\0"])
    def test_what_the_page_did_not_carry_is_refused(self, world: World, changes: str) -> None:
        response = take_in(world, changes)
        assert response.status_code == 409
        message = "What you checked is no longer valid, so nothing was changed. Upload the workbook again."
        assert message in shown(response)

    def test_what_another_person_has_checked_is_refused(self, world: World) -> None:
        workbook = downloaded(world.contributor, world.assessment).fill("linked_data", "4 Embedded")
        changes = carried(upload(world, workbook, world.contributor))
        assert take_in(world, changes, world.lead).status_code == 409
        assert levels(world) == {}

    def test_a_section_taken_back_meanwhile_is_not_written(self, world: World) -> None:
        workbook = downloaded(world.contributor, world.assessment).fill("linked_data", "4 Embedded")
        changes = carried(upload(world, workbook, world.contributor))
        world.assessment.section_assignments.all().delete()
        assert take_in(world, changes, world.contributor).status_code == 404
        assert levels(world) == {}

    def test_a_round_that_closes_meanwhile_takes_nothing_and_says_why(self, world: World) -> None:
        changes = carried(
            upload(world, downloaded(world.lead, world.assessment).fill("training", "2 Patchy"))
        )
        close(world.round)
        response = take_in(world, changes)
        assert response.status_code == 409
        assert "The round is closed, so answers can no longer be changed." in shown(response)
        assert levels(world) == {}

    def test_a_session_that_ended_keeps_the_changes_for_after_signing_in(self, world: World) -> None:
        changes = carried(
            upload(world, downloaded(world.lead, world.assessment).fill("training", "2 Patchy"))
        )
        response = Client().post(address(world, "take_in_workbook"), {"changes": changes})
        assert response.status_code == 401
        assert (changes in shown(response), response.context["kept"].texts) == (True, ())

    def test_the_largest_workbook_that_can_be_is_carried_and_taken_in(self, world: World) -> None:
        workbook = downloaded(world.lead, world.assessment)
        text = "".join(chr(0x4E00 + place * 7919 % 20_000) for place in range(5_000))
        for code in ("linked_data", "shared_platform", "training", "recruitment"):
            workbook.fill(code, text, Heading.COMMENT)
        page = upload(world, workbook)
        assert take_in(world, carried(page)).status_code == 302
        assert Answer.objects.filter(comment=text).count() == 4


@pytest.mark.django_db(transaction=True)
def test_a_double_click_saves_once() -> None:
    world = build_world()
    changes = carried(upload(world, downloaded(world.lead, world.assessment).fill("training", "2 Patchy")))
    answers = together(*[lambda: take_in(world, changes).status_code] * 2)
    assert answers == [302, 302]
    assert Answer.objects.get().version == 1


class TestSubmittedCopy:
    @pytest.mark.parametrize(
        ("who", "status"),
        [("contributor", 200), ("national_analyst", 200), ("sister_lead", 404), ("newcomer", 404)],
    )
    def test_whoever_reads_the_assessment_gets_its_copies(self, world: World, who: str, status: int) -> None:
        submit(world.assessment, world.approver, OWN)
        response = visit(getattr(world, who), address(world, "submission_xlsx", 1))
        assert response.status_code == status

    def test_it_is_a_file_with_a_name_that_says_what_it_is(self, world: World) -> None:
        submit(world.assessment, world.approver, OWN)
        response = visit(world.lead, address(world, "submission_xlsx", 1))
        assert (response["Content-Type"], response["Content-Disposition"]) == (
            XLSX,
            f'attachment; filename="{world.assessment.ods_code}-spring-round-submission-1.xlsx"',
        )
        assert list(EditedWorkbook(response.content).sheets) == ["Signed copy", "Answers"]

    def test_a_copy_that_there_is_not_is_not_found(self, world: World) -> None:
        assert visit(world.lead, address(world, "submission_xlsx", 1)).status_code == 404
