"""A release of 420 systems: its pages show a part of them, and the same figures as plain counting gives."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from bench.many import release_many
from surveys.analysis.change import change
from surveys.analysis.ranks import rank_ranges
from surveys.analysis.variation import spread
from surveys.models import Assessment, Person, Release, ReleasedAnswer, Result
from surveys.queries.releases import held_by
from surveys.queries.results.change import comparable_codes
from surveys.queries.results.dimension import dimension_results
from surveys.queries.results.gap import gap_results
from surveys.queries.results.learn_from import learn_from
from surveys.queries.results.overview import overview
from surveys.queries.results.question import question_results
from surveys.queries.results.question_charts import question_chart
from surveys.queries.results.ranking import scored_items
from surveys.queries.results.released import read
from surveys.queries.results.round_changes import round_changes
from surveys.queries.results.round_pair import earlier_rounds
from surveys.queries.results.selection import Selection
from surveys.questionnaires.schema import QuestionKind
from surveys.questionnaires.scoring import dimension_scorer, scorer_of
from tests.country import make_country
from tests.pages import as_, text_of
from tests.signed import release_for_good
from tests.views.test_results_gap import sent

SYSTEMS = 420
DIMENSION = "public_engagement"


@pytest.fixture
def many(db: None) -> tuple[Release, Person]:
    survey_round, analyst = make_country(12)
    return release_many(release_for_good(survey_round), SYSTEMS), analyst


def test_every_figure_is_that_of_plain_counting(many: tuple[Release, Person]) -> None:
    """Spreads as PostgreSQL works them out, ranges and changes system by system, levels one by one."""
    made, analyst = many
    content = made.round.questionnaire.content
    dimension = next(each for each in content.dimensions if each.code == DIMENSION)
    held = held_by(made)
    of_measure = Result.objects.filter(release=made, measure="dimension", code=DIMENSION)
    scores = dict(of_measure.values_list("assessment_id", "score"))
    known = [value for value in scores.values() if value is not None]
    page = dimension_results(analyst, made.pk, DIMENSION)

    assert page.summary is not None
    assert page.summary.spread == spread(known, SYSTEMS)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY score) FROM surveys_result "
            "WHERE release_id = %s AND measure = 'dimension' AND code = %s",
            [made.pk, DIMENSION],
        )
        (middle,) = cursor.fetchone()
    assert float(page.summary.spread.median) == pytest.approx(middle)
    items = {key: scored_items(content, dimension, system.answers) for key, system in held.items()}
    ranges = rank_ranges(items, dimension_scorer(content, dimension), content.minimum_share)
    lines = {line.system.assessment_id: line for line in page.lines}
    assert len(lines) == SYSTEMS
    assert {key: line.rank for key, line in lines.items() if line.rank} == ranges
    assert {key: line.value for key, line in lines.items() if line.score} == scores

    before = earlier_rounds(analyst, page.released)[0]
    changes = plain_changes(made, before.id, [question.code for question in dimension.all_questions])
    assert {key: line.change for key, line in lines.items() if line.change} == changes

    for order in ("score", "change"):
        arranged = page.arranged(Selection(order=order, descending=True)).lines
        figures = [line.value if order == "score" else line.difference for line in arranged]
        shown = [figure for figure in figures if figure is not None]
        assert (shown, figures[len(shown) :]) == (
            sorted(shown, reverse=True),
            [None] * (SYSTEMS - len(shown)),
        )

    code = next(
        question.code for question in dimension.all_questions if question.kind is QuestionKind.MATURITY
    )
    counts = levels_chosen(made, code)
    (_, agreed), *_ = question_results(analyst, made.pk, code).agreements
    assert [count for _, count in agreed.counts] == [counts[level] for level in (1, 2, 3, 4, 5)]


def plain_changes(made: Release, before_id: int, codes: list[str]) -> dict[int, Any]:
    """The change of every system that is in both releases, one by one."""
    content = made.round.questionnaire.content
    pairs = {new: old for new, old in comparable_codes(content, content).items() if new in codes}
    organisations = dict(Assessment.objects.values_list("pk", "organisation_id"))
    then = {
        organisations[key]: system.answers
        for key, system in held_by(Release.objects.get(pk=before_id)).items()
    }
    found = {}
    for key, system in held_by(made).items():
        organisation = organisations[key]
        if organisation in then:
            items_then, items_now = (
                [item for each in content.dimensions for item in scored_items(content, each, answers)]
                for answers in (then[organisation], system.answers)
            )
            found[key] = change(items_then, items_now, pairs, scorer_of(content), content.minimum_share)
    return found


def test_changes_counted_in_the_database_are_those_counted_one_by_one(many: tuple[Release, Person]) -> None:
    made, analyst = many
    released = read(analyst, made.pk)
    rounds = earlier_rounds(analyst, released)
    page = round_changes(analyst, released, rounds[0], rounds, dimension=DIMENSION)
    plain = plain_changes(made, rounds[0].id, [each.code for each in dimension_questions(made)])
    lines = {line.system.assessment_id: line for line in page.every}
    told = {
        key: (
            line.change.before.value,
            line.change.after.value,
            line.change.difference,
            line.change.questions,
        )
        for key, line in lines.items()
        if line.change is not None
    }
    assert told == {
        key: (each.before.value, each.after.value, each.difference, each.questions)
        for key, each in plain.items()
    }
    known = [each.difference for each in plain.values() if each.difference is not None]
    assert page.chosen.spread == spread(known, len(known))
    assert {line.why_not for line in lines.values() if line.change is None} == {
        "not submitted",
        f"no results in {rounds[0].round_title}",
    }


def dimension_questions(made: Release) -> Any:
    content = made.round.questionnaire.content
    return next(each for each in content.dimensions if each.code == DIMENSION).all_questions


def test_the_gap_counts_systems_in_squares(many: tuple[Release, Person]) -> None:
    made, analyst = many
    page = gap_results(analyst, read(analyst, made.pk), "groups")
    assert page is not None
    gaps = Result.objects.filter(release=made, measure="gap", code="").values_list("score", flat=True)
    known = [value for value in gaps if value is not None]
    assert page.spread == spread(known, SYSTEMS)
    assert sum(each.count for each in page.chart.squares) == len(known)
    assert (page.chart.dots, page.strip and page.strip.lanes[0].dots) == ((), ())
    assert page.strip is not None
    assert page.strip.lanes[0].above == sum(value > 0 for value in known)
    assert page.chart.notes[0].startswith("There are too many systems to draw each one.")
    assert len(list(page.lines)) == SYSTEMS


def test_help_comes_from_the_same_systems_as_one_by_one(many: tuple[Release, Person]) -> None:
    made, analyst = many
    released = read(analyst, made.pk)
    scores = dict(
        Result.objects.filter(
            release=made, measure="dimension", code=DIMENSION, score__isnull=False
        ).values_list("assessment_id", "score")
    )
    centre = min(scores, key=scores.__getitem__)
    page = learn_from(analyst, released, f"dimension-{DIMENSION}", centre)
    offering = set(
        ReleasedAnswer.objects.filter(release=made, consent=True)
        .exclude(text="")
        .values_list("assessment_id", flat=True)
    )
    half = Decimal("0.5")
    near = {key for key, value in scores.items() if half <= value - scores[centre] < 5 * half}
    assert {offer.system.assessment_id for offer in page.offers} == near & offering
    assert page.silent == len(near - offering)
    assert [offer.above for offer in page.offers] == sorted(offer.above for offer in page.offers)
    assert page.spread == spread(scores.values(), SYSTEMS)


def test_other_questions_are_counted_too(many: tuple[Release, Person]) -> None:
    made, analyst = many
    content = made.round.questionnaire.content
    others = [each for each in content.questions if each.kind is not QuestionKind.MATURITY]
    assert len({each.kind for each in others}) > 3
    for question in others:
        page = question_results(analyst, made.pk, question.code)
        answers = ReleasedAnswer.objects.filter(release=made, question__code=question.code)
        answered = answers.filter(not_applicable=False).count()
        assert page.national.answered == answered
        assert len(page.comments) == answers.exclude(comment="").count()
        assert len(page.texts) == answers.exclude(text="").count()
        chart = question_chart(page)
        assert (chart is None) == (question.kind is QuestionKind.LONG_TEXT or not answered)


def test_the_overview_is_that_of_the_frozen_scores(many: tuple[Release, Person]) -> None:
    made, analyst = many
    page = overview(analyst, made.pk)
    for line in page.dimensions:
        found = Result.objects.filter(release=made, measure="dimension", code=line.code, score__isnull=False)
        assert line.summary.spread == spread(found.values_list("score", flat=True), SYSTEMS)
    medians = [line.median for line in page.arranged(Selection(order="median")).systems]
    known = [value for value in medians if value is not None]
    assert known == sorted(known)
    absent = Assessment.objects.filter(round=made.round).exclude(status="submitted").count()
    assert (absent, len(page.released.absent)) == (42, 42)


def test_pages_of_many_systems_part_their_lists_and_look_systems_up(
    many: tuple[Release, Person], client: Client
) -> None:
    made, analyst = many
    as_(client, analyst)
    found = shown(client, "results_compare", made, find="system 00042")
    assert "1 system is found for “system 00042”. Made-up system 00042" in text_of(found)
    (link,) = re.findall(r'href="(\?near=\d+)"', found.content.decode())
    compared = client.get(reverse("results_compare", args=[made.pk]) + link)
    assert "Made-up system 00042" in text_of(compared)
    assert len(re.findall(r"<option", compared.content.decode())) < 20
    nothing = shown(client, "results_learn", made, find="nowhere")
    assert "0 systems are found for “nowhere”." in text_of(nothing)
    for page in ("results_compare", "results_learn"):
        for words in ("x" * 201, "a\0b"):
            unread = text_of(shown(client, page, made, find=words))
            assert "A name to look for has at most 200 characters and none that cannot be seen" in unread
    many_found = shown(client, "results_learn", made, find="made-up")
    assert "420 systems are found for “made-up”. The first 50 are listed" in text_of(many_found)

    region = Assessment.objects.filter(round=made.round).values_list("region_name", flat=True)[0]
    side_by_side = shown(client, "results_compare", made, region=re.sub(r"\W+", "-", region.lower()))
    assert "You chose 60 systems. The first 50, by region and name, are compared" in text_of(side_by_side)

    changed = shown(client, "results_change", made)
    assert "Systems 1 to 50 of 420. The download has all of them." in text_of(changed)
    file = sent(client.get(reverse("results_change_csv", args=[made.pk])))
    assert len(list(csv.DictReader(io.StringIO(file)))) == SYSTEMS

    code = next(each.code for each in dimension_questions(made) if each.kind is QuestionKind.MATURITY)
    first = client.get(reverse("results_question", args=[made.pk, code]))
    level, number = levels_chosen(made, code).most_common(1)[0]
    (turn,) = re.findall(rf'href="(\?level-{level}=2)#level-{level}"', first.content.decode())
    second = client.get(reverse("results_question", args=[made.pk, code]) + turn)
    assert (names_of_level(first, level), names_of_level(second, level)) == (50, min(number - 50, 50))


def shown(client: Client, name: str, made: Release, **query: str) -> HttpResponse:
    page: Any = client.get(reverse(name, args=[made.pk]), query)
    assert page.status_code == 200
    return page


def names_of_level(page: Any, level: int) -> int:
    (row,) = re.findall(rf'id="level-{level}">(.*?)</dd>', page.content.decode(), re.DOTALL)
    return len(re.findall(r"Made-up system", row))


def levels_chosen(made: Release, code: str) -> Counter[int | None]:
    answers = ReleasedAnswer.objects.filter(release=made, question__code=code, level__isnull=False)
    return Counter(answers.values_list("level", flat=True))
