"""A system's profile: against all systems, its region, and its own earlier round on comparable questions."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from surveys.actions.questionnaires import publish
from surveys.actions.releases import correct
from surveys.models import Assessment, Organisation, Questionnaire, Release, Round
from surveys.queries.results.profile import Profile, profile
from surveys.questionnaires.schema import ComparedQuestion, Comparison, ComparisonStatus
from tests.factories import SMALL_CONTENT, make_round, maturity_question, publish_content
from tests.points import POINTS_CONTENT
from tests.signed import levels, release, release_for_good, submit, submit_north
from tests.world import World

FAR = levels(linked_data=2, shared_platform=2, training=1, recruitment=1)
YEAR = datetime.timedelta(days=365)


def earlier_round(
    world: World,
    *systems: Organisation,
    questionnaire: Questionnaire | None = None,
    title: str = "Autumn round",
    years: int = 1,
    **chosen: int,
) -> Release:
    """A round that closed before the world's round, published, with the same levels for all its systems."""
    survey_round = make_round(
        questionnaire or world.questionnaire,
        *systems,
        title=title,
        opens_at=world.round.opens_at - YEAR * years,
        closes_at=world.round.closes_at - YEAR * years,
    )
    for assessment in Assessment.objects.filter(round=survey_round):
        submit(assessment, world.approver, levels(**chosen))
    return release_for_good(survey_round)


def own_profile(world: World, made: Release) -> Profile:
    """The profile of the system `own`, as its lead reads it."""
    return profile(world.lead, made.pk, world.assessment.pk)


def test_each_dimension_stands_beside_all_systems_and_the_region(world: World) -> None:
    """Skills: own 2.5, sister 4.5, far 1."""
    submit_north(world)
    submit(world.far_assessment, world.far_approver, FAR)
    page = own_profile(world, release_for_good(world.round))
    _, skills = page.dimensions
    assert skills.national is not None
    assert skills.region is not None
    assert (skills.shown, skills.count) == ("2.5", "2 of 2")
    assert (skills.national.median, skills.national.count) == ("2.5", "3 of 3")
    assert (skills.national.middle_half, skills.national.middle_80_percent) == ("1.8 to 3.5", "1.3 to 4.1")
    assert (skills.region.median, skills.region.count) == ("3.5", "2 of 2")


def test_the_sentences_do_not_rank(world: World) -> None:
    """They say above, within or below the middle half."""
    submit_north(world)
    submit(world.far_assessment, world.far_approver, FAR)
    assert own_profile(world, release_for_good(world.round)).sentences == (
        "Ambleshire has a score on 2 of 2 dimensions.",
        "It lies above the middle half of systems on 1 dimension, within it on 1 and below it on 0.",
    )


def test_the_chart_draws_the_numbers_of_the_table(world: World) -> None:
    """Score, spread and region's median are the same objects."""
    submit_north(world)
    page = own_profile(world, release_for_good(world.round))
    for row, line in zip(page.chart.rows, page.dimensions, strict=True):
        assert line.national is not None
        assert line.region is not None
        assert line.region.spread is not None
        assert (row.score, row.national, row.region_median) == (
            line.score,
            line.national.spread,
            line.region.spread.median,
        )
    assert (page.chart.system, page.chart.region, page.chart.previous_round) == ("Ambleshire", "North", "")


def test_the_page_says_who_signed(world: World) -> None:
    """The submission that the release was made from, not one that came after."""
    submit_north(world)
    made = release_for_good(world.round)
    submit(world.assessment, world.contributor, levels(training=5))
    signature = own_profile(world, made).system.signature
    assert signature is not None
    assert (signature.submission, signature.name, signature.job_title) == (
        1,
        "April Approver",
        "Chief executive",
    )


def test_the_public_sees_the_office_that_signed_and_not_the_person(world: World) -> None:
    """A name is personal data; the office is what matters outside."""
    submit_north(world)
    Round.objects.update(audience=Round.Audience.PUBLIC)
    made = release_for_good(Round.objects.get(pk=world.round.pk))
    signature = profile(AnonymousUser(), made.pk, world.assessment.pk).system.signature
    assert signature is not None
    assert (signature.name, signature.job_title) == ("", "Chief executive")


def test_the_earlier_round_is_compared_question_by_question(world: World) -> None:
    """Skills went from 2 to 2.5 on both its questions."""
    earlier_round(world, world.own, linked_data=4, shared_platform=3, training=2, recruitment=2)
    submit_north(world)
    page = own_profile(world, release_for_good(world.round))
    platform, skills = page.dimensions
    assert page.earlier is not None
    assert page.earlier.head.round_title == "Autumn round"
    assert (platform.changed, skills.changed) == (
        "0.0 levels, 2 of 2 questions",
        "+0.5 levels, 2 of 2 questions",
    )
    assert [row.previous for row in page.chart.rows] == [Decimal("3.5"), Decimal(2)]
    assert page.chart.previous_round == "Autumn round"


def test_a_question_answered_in_one_round_only_is_left_out_of_the_change(world: World) -> None:
    """The mark of the earlier round is then left out of the chart: the distance would not be the change."""
    earlier_round(world, world.own, linked_data=4, shared_platform=3, training=1)
    submit_north(world)
    _, skills = own_profile(world, release_for_good(world.round)).dimensions
    # One of two is below 60 %, so the change is withheld like any other score.
    assert skills.changed == "Not shown, 1 of 2 questions answered in both rounds"
    assert skills.drawn_before is None


def test_questions_that_were_reworded_are_compared_only_if_the_questionnaire_says_so(world: World) -> None:
    """Training was reworded and cannot be compared; coaching is new; recruitment stayed as it was."""
    platform, skills = SMALL_CONTENT.dimensions
    people, facts = skills.sections
    reworded = replace(people.questions[0], text="How mature is all training?")
    questions = (reworded, people.questions[1], maturity_question("coaching"))
    status = {
        "training": ComparisonStatus.REWORDED_NOT_COMPARABLE,
        "coaching": ComparisonStatus.NEW,
    }
    codes = [
        *(question.code for question in platform.all_questions),
        *(question.code for question in questions),
        *(question.code for question in facts.questions),
    ]
    comparison = Comparison(
        previous_version="1.0",
        questions=tuple(
            ComparedQuestion(
                code,
                "" if code == "coaching" else code,
                status.get(code, ComparisonStatus.SAME),
            )
            for code in codes
        ),
    )
    newer = publish_content(
        version="2.0",
        dimensions=(platform, replace(skills, sections=(replace(people, questions=questions), facts))),
        comparison=comparison,
    )
    earlier_round(world, world.own, linked_data=4, shared_platform=3, training=1, recruitment=1)
    survey_round = make_round(newer, world.own, title="New questions")
    submit(
        survey_round.assessments.get(),
        world.approver,
        levels(linked_data=4, shared_platform=4, training=5, recruitment=3, coaching=5),
    )
    made = release_for_good(survey_round)
    platform_line, skills_line = profile(world.lead, made.pk, survey_round.assessments.get().pk).dimensions
    assert platform_line.changed == "+0.5 levels, 2 of 2 questions"
    assert platform_line.drawn_before == Decimal("3.5")
    assert skills_line.changed == "+2.0 levels, 1 of 1 question"
    # 1 then and 3 now on recruitment alone; the score now, on three questions, is 4.3: no mark for then.
    assert skills_line.drawn_before is None


def test_versions_that_no_map_joins_are_not_compared(world: World) -> None:
    """The page says that nothing is compared, and why."""
    other = publish_content(version="9.0")
    earlier_round(world, world.own, questionnaire=other, training=1, recruitment=1)
    submit_north(world)
    page = own_profile(world, release_for_good(world.round))
    assert page.earlier is not None
    assert (page.earlier.comparable, page.compares, page.chart.previous_round) == (False, False, "")
    assert [line.changed for line in page.dimensions] == ["", ""]
    assert page.sentences[-1] == (
        "Nothing is compared with Autumn round: the questionnaire names no question as comparable with that "
        "round's."
    )


def test_levels_and_points_are_not_compared(world: World) -> None:
    """Even where a questionnaire of the same key changed its way of scoring."""
    in_points = publish(by=None, content=replace(POINTS_CONTENT, key="small", version="0.9"))
    earlier_round(world, world.own, questionnaire=in_points.questionnaire)
    submit_north(world)
    page = own_profile(world, release_for_good(world.round))
    assert page.earlier is not None
    assert not page.compares


def test_the_newest_release_of_the_last_round_before_counts(world: World) -> None:
    """Not one of an older round, nor one that was corrected since."""
    earlier_round(world, world.own, title="Oldest round", years=2, training=5, recruitment=5)
    first = earlier_round(world, world.own, training=1, recruitment=1)
    row = first.round.assessments.get()
    submit(row, world.approver, levels(training=2, recruitment=2))
    second = correct(by=None, round_id=first.round_id, note="Signed again.")
    submit_north(world)
    page = own_profile(world, release_for_good(world.round))
    assert page.earlier is not None
    assert page.earlier.head.id == second.pk


@pytest.mark.parametrize("who", ["sister", "later"])
def test_another_organisation_or_a_later_round_is_no_earlier_round(world: World, who: str) -> None:
    """Only what the same organisation said before."""
    if who == "sister":
        earlier_round(world, world.sister, training=1, recruitment=1)
    else:
        earlier_round(world, world.own, years=-1, training=1, recruitment=1)
    submit_north(world)
    assert own_profile(world, release_for_good(world.round)).earlier is None


def test_a_provisional_earlier_round_is_not_compared(world: World) -> None:
    """It can still change."""
    survey_round = make_round(
        world.questionnaire,
        world.own,
        title="Autumn round",
        opens_at=world.round.opens_at - YEAR,
        closes_at=world.round.closes_at - YEAR,
    )
    submit(survey_round.assessments.get(), world.approver, levels(training=1, recruitment=1))
    release(survey_round)
    submit_north(world)
    assert own_profile(world, release_for_good(world.round)).earlier is None


def test_a_system_that_did_not_submit_has_a_page_that_says_so(world: World) -> None:
    """No figures, no change."""
    earlier_round(world, world.far, training=1, recruitment=1)
    submit_north(world)
    made = release_for_good(world.round)
    page = profile(world.lead, made.pk, world.far_assessment.pk)
    assert page.sentences == ("Cliffshire did not submit in this round, so it has no results.",)
    assert [(line.shown, line.count) for line in page.dimensions] == [("not submitted", "")] * 2
    assert page.earlier is None


def test_groups_and_gaps_have_their_lines_with_signs(world: World) -> None:
    """Beside all systems, as the dimensions."""
    submit_north(world)
    page = own_profile(world, release_for_good(world.round))
    assert [(line.name.name, line.shown, line.count) for line in page.combined] == [
        ("Overall", "3.0", "2 of 2"),
        ("Infrastructure", "3.5", "1 of 1"),
        ("Culture", "2.5", "1 of 1"),
        ("Infrastructure minus Culture", "+1.0", "2 of 2"),
        ("Infrastructure minus Culture, core dimensions", "+1.0", "2 of 2"),
    ]
    assert [(line.name.name, line.shown) for line in page.sections] == [("People", "2.5")]


def test_with_nothing_scored_by_anybody_there_is_nothing_to_compare(world: World) -> None:
    """All withheld."""
    submit(world.assessment, world.approver, levels(linked_data=2, training=1))
    page = own_profile(world, release_for_good(world.round))
    assert page.sentences == (
        "Ambleshire has a score on 0 of 2 dimensions.",
        "There is nothing to compare.",
    )


def test_before_publication_a_lead_sees_its_own_numbers_alone(world: World) -> None:
    """No national figure, no region; its own earlier round is public already."""
    earlier_round(world, world.own, linked_data=4, shared_platform=3, training=2, recruitment=2)
    submit_north(world)
    page = own_profile(world, release(world.round))
    assert [(line.shown, line.national, line.region) for line in page.dimensions] == [
        ("3.5", None, None),
        ("2.5", None, None),
    ]
    assert page.sentences[0] == "Ambleshire has a score on 2 of 2 dimensions."
    assert page.sentences[1].startswith("Change since Autumn round counts only questions")
    assert (page.chart.notes, page.chart.table.headers) == (
        (),
        ("Dimension", "Ambleshire", "Questions answered", "Ambleshire, Autumn round"),
    )
    assert (page.chart.region, page.chart.subtitle) == ("", page.head.source)
    assert [row.national for row in page.chart.rows] == [None, None]
    assert page.dimensions[1].changed == "+0.5 levels, 2 of 2 questions"


@pytest.mark.parametrize("who", ["sister_lead", "far_lead", "newcomer"])
def test_before_publication_a_sisters_profile_does_not_exist(world: World, who: str) -> None:
    """Not for the next system, not for one of another region, not for a stranger."""
    submit_north(world)
    made = release(world.round)
    with pytest.raises(Http404):
        profile(getattr(world, who), made.pk, world.assessment.pk)


def test_an_assessment_of_another_round_has_no_profile_here(world: World) -> None:
    """The address must fit together."""
    submit_north(world)
    made = release_for_good(world.round)
    stranger = earlier_round(world, world.own, training=1, recruitment=1).round.assessments.get()
    with pytest.raises(Http404):
        profile(world.lead, made.pk, stranger.pk)
