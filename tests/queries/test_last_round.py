"""What stands beside a question from the round before: whose answer, and whether it can be confirmed."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import timezone

from surveys.actions.releases import correct
from surveys.models import Assessment, Organisation, Questionnaire, Round, Succession
from surveys.queries.answer_words import AnswerWords
from surveys.queries.instruments import instrument_of
from surveys.queries.last_round import Beside, last_round, last_round_now
from surveys.questionnaires.responses import EMPTY, Response
from surveys.questionnaires.schema import ComparedQuestion, Comparison, ComparisonStatus
from tests.earlier import earlier_round
from tests.factories import SMALL_CONTENT, make_round, make_system, maturity_question, publish_content
from tests.signed import close, release_for_good, set_status, submit
from tests.world import World

YES = Response(level=3, comment="Not yet social care.")


def beside(world: World, code: str = "linked_data") -> Beside:
    """What stands beside a question of the system's assessment now."""
    return last_round_now(world.assessment.pk, instrument_of(world.assessment.pk))[code]


def names(found: Beside) -> list[str]:
    return [answer.organisation_name for answer in found.answers]


def test_nothing_stands_beside_the_questions_of_a_first_round(world: World) -> None:
    assert last_round_now(world.assessment.pk, instrument_of(world.assessment.pk)) == {}


def test_the_answer_is_shown_with_its_comment_and_who_signed_it(world: World) -> None:
    made = earlier_round(world, {world.own: {"linked_data": YES}, world.sister: {"linked_data": EMPTY}})
    day = timezone.localtime()
    found = beside(world)

    (answer,) = found.answers
    assert (found.round_id, found.round_title) == (made.pk, "Autumn round")
    assert (found.new, found.comparable, found.relation) == (False, True, "")
    assert (answer.organisation_name, answer.own, answer.part) == ("Ambleshire", True, False)
    assert answer.words == AnswerWords("3 Established", "Not yet social care.")
    assert answer.signed == (
        f"Signed by April Approver, Chief executive, on {day:%A} {day.day} {day:%B} {day.year}."
    )
    assert (answer.answered, answer.released_as) == ("", "")
    assert found.confirmable == YES


def test_the_latest_copy_of_the_latest_round_counts(world: World) -> None:
    earlier_round(world, {world.own: {"linked_data": Response(level=1)}}, title="Long ago", years=2)
    made = earlier_round(world, {world.own: {"linked_data": Response(level=2)}})
    submit(Assessment.objects.get(round=made, organisation=world.own), world.approver, {"linked_data": YES})

    assert beside(world).confirmable == YES


def test_a_round_without_a_signature_is_passed_over(world: World) -> None:
    earlier_round(world, {world.own: {"linked_data": YES}}, title="Long ago", years=2)
    earlier_round(world, {world.sister: {"linked_data": EMPTY}})

    assert beside(world).round_title == "Long ago"


@pytest.mark.parametrize("status", [Round.Status.DRAFT, Round.Status.OPEN])
def test_a_round_that_still_takes_answers_does_not_count(world: World, status: str) -> None:
    set_status(earlier_round(world, {world.own: {"linked_data": YES}}), status)

    assert last_round_now(world.assessment.pk, instrument_of(world.assessment.pk)) == {}


def test_a_later_round_and_another_instrument_do_not_count(world: World) -> None:
    other = publish_content(key="other")
    earlier_round(world, {world.own: {"linked_data": YES}}, title="Later", years=-1)
    earlier_round(world, {world.own: {"linked_data": YES}}, questionnaire=other)

    assert last_round_now(world.assessment.pk, instrument_of(world.assessment.pk)) == {}


def test_another_level_that_was_published_is_said(world: World) -> None:
    """The second copy came after the results were published, and was never released."""
    made = earlier_round(world, {world.own: {"linked_data": YES, "training": Response(level=1)}})
    release_for_good(made)
    again = {"linked_data": Response(level=5), "training": Response(level=1)}
    submit(Assessment.objects.get(round=made, organisation=world.own), world.approver, again)

    assert [answer.released_as for answer in beside(world).answers] == ["3 Established"]
    assert [answer.released_as for answer in beside(world, "training").answers] == [""]

    correct(by=None, round_id=made.pk, note="A second copy was signed.")
    assert [answer.released_as for answer in beside(world).answers] == [""]


def test_an_answer_that_was_not_given_cannot_be_confirmed(world: World) -> None:
    earlier_round(world, {world.own: {"linked_data": Response(comment="We do not know.")}})

    assert [answer.words for answer in beside(world).answers] == [AnswerWords("", "We do not know.")]
    assert [answer.words for answer in beside(world, "training").answers] == [AnswerWords("", "")]
    assert [beside(world, code).confirmable for code in ("linked_data", "training")] == [None, None]
    assert [beside(world, code).blank for code in ("linked_data", "training")] == [False, True]
    assert [beside(world, code).sentence for code in ("linked_data", "training")] == [
        "Last round: not answered.",
        "",
    ]


def test_each_organisation_of_a_merger_stands_under_its_name(world: World) -> None:
    """It is no longer the same organisation, so nothing can be confirmed; nor is anything averaged."""
    earlier_round(world, {world.sister: {"linked_data": YES}, world.far: {"linked_data": Response(level=1)}})
    became(world.sister, world.own)
    became(world.far, world.own)
    found = beside(world)

    assert names(found) == ["Borderland", "Cliffshire"]
    assert [(answer.own, answer.part) for answer in found.answers] == [(False, False), (False, False)]
    assert [answer.words.value for answer in found.answers] == ["3 Established", "1 Ad hoc"]
    assert found.sentence == "Last round: Borderland: 3 Established; Cliffshire: 1 Ad hoc."
    assert found.confirmable is None


def test_an_organisation_that_took_in_another_stands_first(world: World) -> None:
    earlier_round(world, {world.far: {"linked_data": YES}, world.own: {"linked_data": YES}})
    became(world.far, world.own)

    assert names(beside(world)) == ["Ambleshire", "Cliffshire"]
    assert beside(world).confirmable is None


def test_a_part_of_an_organisation_is_said_to_be_one(world: World) -> None:
    """Also when the part came by way of an organisation between."""
    between = make_system(world.south, "Middleshire")
    earlier_round(world, {world.far: {"linked_data": YES}})
    became(world.far, between, part=True)
    became(between, world.own)
    found = beside(world)

    assert names(found) == ["Cliffshire"]
    assert [answer.part for answer in found.answers] == [True]
    assert found.confirmable is None


@pytest.mark.parametrize(
    ("kind", "days"), [(Succession.Kind.BOUNDARY_TRANSFER, -30), (Succession.Kind.MERGER, 30)]
)
def test_a_new_boundary_and_a_merger_to_come_bring_no_answers(world: World, kind: str, days: int) -> None:
    earlier_round(world, {world.far: {"linked_data": YES}})
    became(world.far, world.own, kind=kind, part=True, days=days)

    assert last_round_now(world.assessment.pk, instrument_of(world.assessment.pk)) == {}


def became(
    before: Organisation,
    after: Organisation,
    *,
    kind: str = Succession.Kind.MERGER,
    part: bool = False,
    days: int = -30,
) -> None:
    """One organisation, or part of it, passes to another, days from now."""
    Succession.objects.create(
        predecessor=before,
        successor=after,
        effective_on=timezone.localdate() + datetime.timedelta(days=days),
        kind=kind,
        extent=Succession.Extent.PART if part else Succession.Extent.WHOLE,
        population_share=None if part else Decimal(1),
    )


def version(number: str, *lines: tuple[str, str, str], previous: str = "0.9") -> Questionnaire:
    """A version whose map says `lines`; it asks the questions of the small one, one with new help."""
    first, *rest = SMALL_CONTENT.dimensions
    questions = (maturity_question("linked_data", help="New help."), *first.questions[1:])
    asked = [question.code for question in SMALL_CONTENT.questions]
    said = {code: ComparedQuestion(code, before, ComparisonStatus(status)) for code, before, status in lines}
    same = {code: ComparedQuestion(code, code, ComparisonStatus.SAME) for code in asked}
    return publish_content(
        version=number,
        dimensions=(replace(first, questions=questions), *rest),
        comparison=Comparison(previous, tuple((same | said).values())),
    )


def before_and_now(world: World, *lines: tuple[str, str, str], previous: str = "1.0") -> Beside:
    """What stands beside a question of a round of a version after the small questionnaire."""
    close(world.round)
    given = {"linked_data": YES, "training": Response(level=2)}
    submit(world.assessment, world.approver, given)
    year = datetime.timedelta(days=365)
    now = make_round(
        version("2.0", *lines, previous=previous),
        world.own,
        title="Next year",
        opens_at=world.round.opens_at + year,
        closes_at=world.round.closes_at + year,
    )
    assessment = Assessment.objects.get(round=now)
    return last_round_now(assessment.pk, instrument_of(assessment.pk))["linked_data"]


def test_a_question_that_is_the_same_in_a_new_version_is_compared(world: World) -> None:
    found = before_and_now(world)
    assert (found.comparable, found.relation, found.confirmable) == (True, "", YES)


def test_a_reworded_question_says_what_it_was(world: World) -> None:
    found = before_and_now(
        world,
        ("linked_data", "training", "reworded_comparable"),
        ("training", "linked_data", "reworded_comparable"),
    )
    assert found.relation == (
        "The question has been reworded since. The answers can still be compared. "
        "It was: “How mature is training?”"
    )
    assert (found.comparable, found.confirmable) == (True, Response(level=2))


def test_a_question_that_means_something_else_now_is_shown_and_not_compared(world: World) -> None:
    found = before_and_now(world, ("linked_data", "linked_data", "reworded_not_comparable"))
    assert found.relation == "The question has been reworded since, so that the answers cannot be compared."
    assert [answer.words.value for answer in found.answers] == ["3 Established"]
    assert (found.comparable, found.confirmable) == (False, None)


def test_a_new_question_says_so(world: World) -> None:
    found = before_and_now(world, ("linked_data", "", "new"))
    assert found.relation == "This question is new: it was not asked in Spring round."
    assert (found.new, found.answers, found.confirmable) == (True, (), None)


def test_a_version_further_off_is_shown_and_not_compared(world: World) -> None:
    found = before_and_now(world, previous="1.5")
    assert found.relation == (
        "The questionnaire does not say whether this is still the same question, so the answers are not "
        "compared. It was: “How mature is linked data?”"
    )
    assert [answer.words.value for answer in found.answers] == ["3 Established"]
    assert (found.comparable, found.confirmable) == (False, None)


def test_pages_read_it_once(world: World, django_assert_num_queries: object) -> None:
    earlier_round(world, {world.own: {"linked_data": YES}})
    asked_by = instrument_of(world.assessment.pk)
    with django_assert_num_queries(1):  # type: ignore[operator]  # a fixture of pytest-django
        first = last_round(world.assessment.pk, asked_by)
    with django_assert_num_queries(0):  # type: ignore[operator]  # a fixture of pytest-django
        assert last_round(world.assessment.pk, asked_by) == first
