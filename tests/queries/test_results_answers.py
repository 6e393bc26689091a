"""The answers behind a score: levels for every reader, words only for those who may read the assessment."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from surveys.models import Release, Round
from surveys.queries.results.answers import NOT_SHOWN, AnswersBehind, answers_behind
from surveys.questionnaires.responses import Response
from tests.factories import make_answer
from tests.signed import OWN, SISTER, levels, release, release_for_good, submit, submit_north
from tests.world import World

PRIVATE = ("Cuts in Ambleshire.", "Hospices in Ambleshire")
"""Words that the system `own` wrote for itself and the programme."""


def said(page: AnswersBehind) -> dict[str, tuple[str, str, str]]:
    """Value, reason and comment by question code."""
    return {
        line.code: (line.value, line.reason, line.comment)
        for section in page.sections
        for line in section.lines
    }


def everything(page: AnswersBehind) -> str:
    """All the words of the page's sections."""
    return " ".join(
        str(getattr(line, field.name))
        for section in page.sections
        for line in section.lines
        for field in fields(line)
    )


def published(world: World) -> Release:
    """Own and sister have submitted, and their results are published."""
    submit_north(world)
    return release_for_good(world.round)


def test_the_owner_reads_every_word(world: World) -> None:
    """Each kind of question as people read it; a condition that did not hold; what was left empty."""
    made = published(world)
    page = answers_behind(world.lead, made.pk, world.assessment.pk, "data_platform")
    assert said(page) == {
        "linked_data": ("4 Embedded", "", ""),
        "shared_platform": ("3 Established", "", ""),
        "practice_share": ("Not answered", "", ""),
        "sectors": ("Acute hospitals\nAnother sector: Hospices in Ambleshire", "", ""),
        "why_no_sectors": (
            "Not asked: only if the answer to “Which sectors supply data?” includes “None”",
            "",
            "",
        ),
    }
    assert page.sees_text


def test_the_descriptor_of_the_chosen_level_stands_beside_it(world: World) -> None:
    """A number means nothing without it."""
    made = published(world)
    (section,) = answers_behind(world.lead, made.pk, world.assessment.pk, "data_platform").sections
    assert [line.descriptor for line in section.lines[:3]] == [
        "Embedded: linked data.",
        "Established: shared platform.",
        "",
    ]


def test_numbers_splits_and_single_choices_are_written_out(world: World) -> None:
    """With their units."""
    submit(
        world.assessment,
        world.approver,
        {
            "analysts": Response(number=Decimal("12.5")),
            "time_split": Response(parts=(("reporting", Decimal(60)), ("strategy", Decimal(40)))),
            "clarity": Response(options=("unclear",)),
        },
    )
    made = release_for_good(world.round)
    _, facts = answers_behind(world.sister_lead, made.pk, world.assessment.pk, "skills").sections
    assert [line.value for line in facts.lines] == [
        "12.5 WTE",
        "Reporting: 60%\nStrategy: 40%",
        "Unclear",
        "Not answered",
    ]


def test_sections_carry_their_scores(world: World) -> None:
    """A section without a scored question has none."""
    made = published(world)
    page = answers_behind(world.lead, made.pk, world.assessment.pk, "skills")
    assert [(section.name, section.shown, section.count) for section in page.sections] == [
        ("People", "2.5", "2 of 2"),
        ("Facts", "", "0 of 0"),
    ]
    assert (page.shown, page.count) == ("2.5", "2 of 2")


@pytest.mark.parametrize(
    "who", ["lead", "contributor", "approver", "regional_analyst", "national_analyst", "administrator"]
)
def test_comments_are_read_by_those_who_may_read_the_assessment(world: World, who: str) -> None:
    """The system's own people and those who follow it."""
    made = published(world)
    page = answers_behind(getattr(world, who), made.pk, world.assessment.pk, "skills")
    assert said(page)["training"] == ("2 Patchy", "", "Cuts in Ambleshire.")


@pytest.mark.parametrize("who", ["sister_lead", "far_lead", "far_approver", "far_regional_analyst"])
@pytest.mark.parametrize("dimension", ["data_platform", "skills"])
def test_nobody_else_reads_a_word_that_was_not_meant_for_them(world: World, who: str, dimension: str) -> None:
    """Levels yes; comments, reasons and the text of other options no."""
    made = published(world)
    page = answers_behind(getattr(world, who), made.pk, world.assessment.pk, dimension)
    assert [words for words in PRIVATE if words in everything(page)] == []
    assert not page.sees_text


def test_the_reason_why_a_question_does_not_apply_is_for_the_same_readers(world: World) -> None:
    """That it does not apply is for all."""
    made = published(world)
    for who, reason in (("sister_lead", "No platform in Borderland."), ("lead", "")):
        page = answers_behind(getattr(world, who), made.pk, world.sister_assessment.pk, "data_platform")
        assert said(page)["shared_platform"] == ("Not applicable", reason, "")


def test_a_text_is_shown_to_other_systems_only_with_consent(world: World) -> None:
    """Own agreed, the sister did not."""
    made = published(world)
    agreed = answers_behind(world.far_lead, made.pk, world.assessment.pk, "skills")
    refused = answers_behind(world.far_lead, made.pk, world.sister_assessment.pk, "skills")
    assert said(agreed)["peer_offer"][0] == "Our tested pipelines."
    assert said(refused)["peer_offer"][0] == NOT_SHOWN


def test_consent_to_show_other_systems_is_not_consent_to_show_the_public(world: World) -> None:
    """The public reads levels and choices, and no free text at all."""
    Round.objects.update(audience=Round.Audience.PUBLIC)
    world.round.refresh_from_db()
    made = published(world)
    for person in (AnonymousUser(), world.newcomer):
        page = answers_behind(person, made.pk, world.assessment.pk, "skills")
        assert said(page)["peer_offer"][0] == NOT_SHOWN
        assert said(page)["training"] == ("2 Patchy", "", "")
        assert "pipelines" not in everything(page)


def test_an_edit_after_the_release_is_not_shown(world: World) -> None:
    """These are the frozen answers."""
    made = published(world)
    make_answer(world.assessment, "training", world.lead, Response(level=5, comment="After the release."))
    page = answers_behind(world.lead, made.pk, world.assessment.pk, "skills")
    assert said(page)["training"] == ("2 Patchy", "", "Cuts in Ambleshire.")


def test_a_system_that_did_not_submit_has_no_answers(world: World) -> None:
    """Whatever it has typed since."""
    make_answer(world.far_assessment, "training", world.far_lead, Response(level=5))
    made = published(world)
    page = answers_behind(world.far_lead, made.pk, world.far_assessment.pk, "skills")
    assert (page.sections, page.shown) == ((), "not submitted")


@pytest.mark.parametrize("who", ["sister_lead", "far_lead", "newcomer"])
def test_before_publication_the_answers_of_others_do_not_exist(world: World, who: str) -> None:
    """404, as for the profile."""
    submit_north(world)
    made = release(world.round)
    with pytest.raises(Http404):
        answers_behind(getattr(world, who), made.pk, world.assessment.pk, "skills")


def test_a_dimension_that_does_not_exist_is_not_found(world: World) -> None:
    """Whatever is typed into the address."""
    made = published(world)
    with pytest.raises(Http404):
        answers_behind(world.lead, made.pk, world.assessment.pk, "nothing")


def test_the_world_has_words_that_could_leak() -> None:
    """The tests above would prove nothing otherwise."""
    assert [OWN["training"].comment, OWN["sectors"].other] == list(PRIVATE)
    assert SISTER["shared_platform"].reason == "No platform in Borderland."
    assert levels(training=1) == {"training": Response(level=1)}
