"""What a workbook would change, what it may not, and taking it in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.http import Http404

from surveys.actions.answers import AnswerSave, save_answers
from surveys.actions.workbooks import WorkbookFile
from surveys.imports.workbook_review import PendingChanges, Review, review_again, review_workbook, take_in
from surveys.models import Answer, Event, Person
from surveys.queries.answer_words import AnswerWords
from surveys.questionnaires.responses import EMPTY, Response
from surveys.questionnaires.worksheet import Heading
from tests.factories import assign_question, make_answer
from tests.refusals import refusal
from tests.signed import close
from tests.workbook_editing import EditedWorkbook, downloaded
from tests.world import World

pytestmark = pytest.mark.django_db

EVERYTHING = {
    "linked_data": Response(level=3, comment="=1+1\r\nsecond line "),
    "shared_platform": Response(not_applicable=True, reason="No platform.", comment="_x0041_ \ufffe"),
    "practice_share": Response(number=Decimal(45)),
    "sectors": Response(options=("acute", "other"), other="'Hospices' & <others>"),
    "why_no_sectors": Response(text="\u202e\u05e9\u05dc\u05d5\u05dd \U0001f600"),
    "training": Response(comment="A comment without a level"),
    "analysts": Response(number=Decimal("1999.9")),
    "time_split": Response(parts=(("reporting", Decimal(0)), ("strategy", Decimal(100)))),
    "clarity": Response(options=("unclear",)),
    "peer_offer": Response(text="  Our tests.\n\n\tIndented.", consent=False),
}


def save(world: World, person: Person, code: str, response: Response, seen: int = 0) -> None:
    outcome = save_answers(
        by=person, assessment_id=world.assessment.pk, saves=[AnswerSave(code, seen, response)]
    )
    assert outcome.saved == {code}


def review(world: World, workbook: EditedWorkbook, person: Person | None = None) -> Review:
    return review_workbook(person or world.lead, world.assessment.pk, "mine.xlsx", workbook.saved())


def problems(found: Review) -> list[tuple[str, str]]:
    return [(f"{each.at.sheet} {each.at.cell}".strip(), each.message) for each in found.problems]


def changes(found: Review) -> dict[str, tuple[str, str]]:
    """The answers that would change, before and after, without their comments."""
    return {each.code: (each.before.value, each.after.value) for each in found.changes}


def stored(world: World) -> dict[str, Response]:
    rows = Answer.objects.filter(assessment=world.assessment).select_related("question")
    return {answer.question.code: answer.response for answer in rows}


def test_an_untouched_workbook_changes_nothing(world: World) -> None:
    for code, response in EVERYTHING.items():
        make_answer(world.assessment, code, world.lead, response)
    content = downloaded(world.lead, world.assessment)
    found = review(world, content)
    assert (found.nothing_to_do, found.pending.saves) == (True, ())
    assert take_in(world.lead, world.assessment.pk, found.pending, frozenset()).saved == set()
    assert stored(world) == EVERYTHING
    assert set(Answer.objects.values_list("version", flat=True)) == {1}
    assert not Event.objects.filter(verb="assessment.workbook_taken_in").exists()


@pytest.mark.parametrize(
    ("code", "response"),
    [
        ("sectors", Response(options=("acute",), comment="Since April")),
        ("time_split", Response(comment="See the plan")),
    ],
)
def test_a_comment_on_an_answer_of_several_rows_stands_in_the_first_one_alone(
    world: World, code: str, response: Response
) -> None:
    save(world, world.lead, code, response)
    found = review(world, downloaded(world.lead, world.assessment))
    assert (found.nothing_to_do, problems(found)) == (True, [])


def test_an_untouched_workbook_does_not_undo_what_others_did_meanwhile(world: World) -> None:
    save(world, world.lead, "linked_data", Response(level=3))
    workbook = downloaded(world.lead, world.assessment)
    save(world, world.contributor, "linked_data", Response(level=4), seen=1)
    save(world, world.lead, "training", Response(level=2))
    found = review(world, workbook)
    assert (found.nothing_to_do, found.pending.saves) == (True, ())


def test_changes_are_shown_before_and_after_and_nothing_is_saved_yet(world: World) -> None:
    save(world, world.lead, "linked_data", Response(level=3, comment="Not all."))
    save(world, world.lead, "clarity", Response(options=("clear",)))
    workbook = downloaded(world.lead, world.assessment)
    workbook.fill("linked_data", "4").fill("clarity", "").fill("analysts", 12)
    found = review(world, workbook)
    assert changes(found) == {
        "linked_data": ("3 Established", "4 Embedded"),
        "analysts": ("", "12 WTE"),
        "clarity": ("Clear", ""),
    }
    first = found.changes[0]
    assert (first.text, first.section, first.counted) == ("How mature is linked data?", "Data platform", True)
    assert first.after == AnswerWords("4 Embedded", "Not all.")
    assert (found.problems, found.disputes, found.nothing_to_do) == ((), (), False)
    assert stored(world)["linked_data"].level == 3


def test_taking_it_in_stores_all_of_it(world: World) -> None:
    save(world, world.lead, "clarity", Response(options=("clear",)))
    workbook = downloaded(world.lead, world.assessment)
    workbook.fill("linked_data", "4 Embedded").fill("clarity", "")
    found = review(world, workbook)
    outcome = take_in(world.lead, world.assessment.pk, found.pending, frozenset())
    assert outcome.saved == {"linked_data", "clarity"}
    assert stored(world) == {"linked_data": Response(level=4), "clarity": EMPTY}
    assert Event.objects.get(verb="assessment.workbook_taken_in").detail["file"] == "mine.xlsx"


def test_taking_it_in_twice_changes_nothing_the_second_time(world: World) -> None:
    found = review(world, downloaded(world.lead, world.assessment).fill("linked_data", "4 Embedded"))
    take_in(world.lead, world.assessment.pk, found.pending, frozenset())
    again = take_in(world.lead, world.assessment.pk, found.pending, frozenset())
    assert (again.saved, again.complete) == (set(), True)
    assert Answer.objects.get().version == 1


def test_a_question_that_would_not_be_asked_says_so(world: World) -> None:
    workbook = downloaded(world.lead, world.assessment)
    workbook.fill("why_no_sectors", "There are none.", row="text")
    assert [each.counted for each in review(world, workbook).changes] == [False]
    workbook.fill("sectors", "Yes", row="option none")
    assert {each.code: each.counted for each in review(world, workbook).changes} == {
        "sectors": True,
        "why_no_sectors": True,
    }


def test_an_answer_that_both_have_changed_is_shown_twice_and_waits_for_a_choice(world: World) -> None:
    save(world, world.lead, "linked_data", Response(level=3))
    workbook = downloaded(world.lead, world.assessment)
    save(world, world.contributor, "linked_data", Response(level=4, comment="Mine"), seen=1)
    found = review(world, workbook.fill("linked_data", "5 Leading").fill("training", "2 Patchy"))
    (dispute,) = found.disputes
    assert (dispute.code, dispute.section, dispute.by) == (
        "linked_data",
        "Data platform",
        "Connie Contributor",
    )
    assert (dispute.stored, dispute.workbook) == (
        AnswerWords("4 Embedded", "Mine"),
        AnswerWords("5 Leading", ""),
    )
    assert (list(changes(found)), found.pending.shown) == (["training"], {"linked_data": 2})


@pytest.mark.parametrize(
    ("from_workbook", "level", "saved"),
    [(frozenset({"linked_data"}), 5, {"linked_data", "training"}), (frozenset(), 4, {"training"})],
)
def test_the_choice_decides(world: World, from_workbook: frozenset[str], level: int, saved: set[str]) -> None:
    save(world, world.lead, "linked_data", Response(level=3))
    workbook = downloaded(world.lead, world.assessment)
    save(world, world.contributor, "linked_data", Response(level=4), seen=1)
    found = review(world, workbook.fill("linked_data", "5 Leading").fill("training", "2 Patchy"))
    outcome = take_in(world.lead, world.assessment.pk, found.pending, from_workbook)
    assert outcome.saved == saved
    assert stored(world)["linked_data"].level == level


def test_a_change_between_the_page_and_the_choice_saves_nothing(world: World) -> None:
    save(world, world.lead, "linked_data", Response(level=3))
    workbook = downloaded(world.lead, world.assessment)
    save(world, world.contributor, "linked_data", Response(level=4), seen=1)
    found = review(world, workbook.fill("linked_data", "5 Leading").fill("training", "2 Patchy"))
    save(world, world.contributor, "linked_data", Response(level=2), seen=2)
    outcome = take_in(world.lead, world.assessment.pk, found.pending, frozenset({"linked_data"}))
    assert (outcome.complete, set(outcome.conflicts)) == (False, {"linked_data"})
    assert {code: each.level for code, each in stored(world).items()} == {"linked_data": 2}
    again = review_again(world.lead, world.assessment.pk, found.pending)
    assert (again.disputes[0].stored.value, again.pending.shown) == ("2 Patchy", {"linked_data": 3})
    assert list(changes(again)) == ["training"]


def test_the_same_change_by_both_is_no_conflict(world: World) -> None:
    workbook = downloaded(world.lead, world.assessment).fill("linked_data", "4 Embedded")
    save(world, world.contributor, "linked_data", Response(level=4))
    assert review(world, workbook).nothing_to_do


@pytest.mark.parametrize(
    ("code", "heading", "row", "typed", "message"),
    [
        ("practice_share", Heading.ANSWER, "question", 101, "Enter a percentage between 0 and 100."),
        (
            "linked_data",
            Heading.COMMENT,
            "question",
            "word " * 6_000,
            "Use 5,000 characters or fewer. You used 29,999.",
        ),
        (
            "linked_data",
            Heading.REASON,
            "question",
            "Not here",
            "This question cannot be marked “not applicable”.",
        ),
        (
            "sectors",
            Heading.ANSWER,
            "other",
            "Hospices",
            "Choose “Another sector”, or clear the text beside it.",
        ),
        (
            "time_split",
            Heading.ANSWER,
            "part reporting",
            -1,
            "Enter a number between 0 and 100.",
        ),
        (
            "peer_offer",
            Heading.ANSWER,
            "text",
            "bell \x07",
            "The text has characters that cannot be stored. Paste it as plain text, or type it.",
        ),
        (
            "peer_offer",
            Heading.ANSWER,
            "text",
            "word " * 301,
            "Use 300 words or fewer. You used 301.",
        ),
    ],
)
def test_what_may_not_be_stored_is_told_by_cell(
    world: World, code: str, heading: str, row: str, typed: Any, message: str
) -> None:
    workbook = downloaded(world.lead, world.assessment).fill(code, typed, heading, row)
    found = review(world, workbook.fill("training", "2 Patchy"))
    assert problems(found) == [(workbook.place(code, heading, row), message)]
    assert list(changes(found)) == ["training"]


def test_problems_are_in_the_order_of_the_sheets(world: World) -> None:
    workbook = downloaded(world.lead, world.assessment)
    workbook.fill("peer_offer", "word " * 301, row="text").fill("training", "?").fill("practice_share", 101)
    assert [place for place, _ in problems(review(world, workbook))] == [
        workbook.place("practice_share"),
        workbook.place("training"),
        workbook.place("peer_offer", row="text"),
    ]


def test_a_contributor_changes_their_own_section(world: World) -> None:
    workbook = downloaded(world.contributor, world.assessment).fill("linked_data", "4 Embedded")
    found = review(world, workbook, world.contributor)
    assert list(changes(found)) == ["linked_data"]
    outcome = take_in(world.contributor, world.assessment.pk, found.pending, frozenset())
    assert outcome.saved == {"linked_data"}


def test_what_is_not_theirs_is_left_aside_unread(world: World) -> None:
    """Whether it is right or wrong, changed or not: nobody can find out what others have answered."""
    save(world, world.lead, "training", Response(level=2))
    of_the_lead = downloaded(world.lead, world.assessment).fill("linked_data", "4 Embedded")
    for typed in ("2 Patchy", "5 Leading", "no level"):
        found = review(world, of_the_lead.fill("training", typed), world.contributor)
        assert list(changes(found)) == ["linked_data"]
        assert (found.problems, found.disputes) == ((), ())
        assert len(found.of_others) == 6


def test_single_questions_come_back_too(world: World) -> None:
    assign_question(world.assessment, "training", world.contributor, by=world.lead)
    workbook = downloaded(world.contributor, world.assessment).fill("training", "2 Patchy")
    found = review(world, workbook, world.contributor)
    assert (list(changes(found)), found.of_others, found.absent) == (["training"], (), ())


@pytest.mark.parametrize("who", ["approver", "national_analyst", "sister_lead", "newcomer"])
def test_others_may_not_bring_a_workbook_back(world: World, who: str) -> None:
    workbook = downloaded(world.lead, world.assessment)
    with pytest.raises(Http404):
        review(world, workbook, getattr(world, who))


def test_a_closed_round_takes_nothing_in(world: World) -> None:
    workbook = downloaded(world.lead, world.assessment).fill("linked_data", "4 Embedded")
    found = review(world, workbook)
    close(world.round)
    closed = "The round is closed, so answers can no longer be changed."
    assert refusal(review, world=world, workbook=workbook) == closed
    arguments = {"person": world.lead, "assessment_id": world.assessment.pk, "pending": found.pending}
    assert refusal(take_in, **arguments, from_workbook=frozenset()) == closed
    assert refusal(review_again, **arguments) == closed


def test_changes_that_have_become_invalid_ask_for_the_file_again(world: World) -> None:
    pending = PendingChanges(
        WorkbookFile("mine.xlsx", "0" * 64), (AnswerSave("training", 0, Response(level=9)),), {}
    )
    assert refusal(review_again, person=world.lead, assessment_id=world.assessment.pk, pending=pending) == (
        "The workbook cannot be taken in as it is. Upload it again to see why."
    )


def test_versions_that_were_made_up_do_not_overwrite_unseen(world: World) -> None:
    save(world, world.lead, "linked_data", Response(level=3))
    workbook = downloaded(world.lead, world.assessment)
    workbook.fill("linked_data", 7, Heading.VERSION).fill("linked_data", "5 Leading")
    found = review(world, workbook)
    assert [dispute.code for dispute in found.disputes] == ["linked_data"]


def test_reviewing_takes_few_queries(world: World, django_assert_max_num_queries: Any) -> None:
    save(world, world.lead, "linked_data", Response(level=3))
    workbook = downloaded(world.lead, world.assessment)
    save(world, world.contributor, "linked_data", Response(level=4), seen=1)
    file = workbook.fill("linked_data", "5 Leading").fill("training", "2 Patchy").saved()
    with django_assert_max_num_queries(12):
        review_workbook(world.lead, world.assessment.pk, "mine.xlsx", file)
