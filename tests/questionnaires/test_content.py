from collections import Counter
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from surveys.questionnaires.contradictions import contradictions_among, level_in_doubt
from surveys.questionnaires.digest import from_document, to_document
from surveys.questionnaires.loading import CONTENT, load
from surveys.questionnaires.question_validation import nearly_same
from surveys.questionnaires.responses import Response
from surveys.questionnaires.schema import ComparisonStatus, QuestionKind, Questionnaire

FILES = sorted(CONTENT.iterdir())


@pytest.fixture(scope="module")
def ours() -> Questionnaire:
    return load(CONTENT / "ics-data-maturity-1.0.yaml")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_that_is_shipped_loads_and_is_named_after_its_key_and_version(path: Path) -> None:
    questionnaire = load(path)

    assert path.name == f"{questionnaire.key}-{questionnaire.version}.yaml"
    assert from_document(to_document(questionnaire)) == questionnaire


def test_ours_has_54_questions_in_9_dimensions(ours: Questionnaire) -> None:
    assert [
        (dimension.code, sum(question.scored for question in dimension.questions), len(dimension.questions))
        for dimension in ours.dimensions
    ] == [
        ("data_infrastructure", 5, 7),
        ("shared_care_records", 4, 5),
        ("analytics_phm", 5, 5),
        ("sharing_within", 5, 5),
        ("sharing_beyond", 4, 5),
        ("leadership_direction", 6, 7),
        ("workforce_skills", 5, 7),
        ("information_governance", 4, 4),
        ("public_engagement", 5, 9),
    ]
    assert len(ours.questions) == 54


def test_ours_compares_infrastructure_with_culture_on_a_core_of_each(ours: Questionnaire) -> None:
    assert ours.gap is not None
    assert (ours.gap.first, ours.gap.second) == ("infrastructure_analytics", "culture_skills_engagement")
    assert [dimension.code for dimension in ours.dimensions if dimension.gap_core] == [
        "data_infrastructure",
        "shared_care_records",
        "analytics_phm",
        "leadership_direction",
        "workforce_skills",
        "public_engagement",
    ]


def test_every_maturity_question_of_ours_has_five_levels_that_all_differ(ours: Questionnaire) -> None:
    maturity = [question for question in ours.questions if question.kind is QuestionKind.MATURITY]
    alike = [
        (question.code, lower.value)
        for question in maturity
        for lower, upper in pairwise(question.levels)
        if nearly_same(lower.text, upper.text)
    ]
    descriptors = [level.text for question in maturity for level in question.levels]

    assert alike == []
    assert {len(question.levels) for question in maturity} == {5}
    assert len(set(descriptors)) == 5 * len(maturity)


def test_every_question_of_ours_says_why_it_is_asked_and_how_long_it_takes(ours: Questionnaire) -> None:
    assert [question.code for question in ours.questions if not question.why] == []
    assert [question.code for question in ours.questions if question.minutes is None] == []
    assert sum(dimension.estimated_minutes for dimension in ours.dimensions) == 304


def test_every_scored_question_of_ours_suggests_who_leads_and_what_would_show_it(ours: Questionnaire) -> None:
    scored = [question for question in ours.questions if question.scored]

    assert [question.code for question in scored if not (question.suggested_lead and question.evidence)] == []


@pytest.fixture(scope="module")
def newest(ours: Questionnaire) -> Questionnaire:
    return load(CONTENT / "ics-data-maturity-1.1.yaml", ours)


def test_the_newest_version_differs_in_its_contradictions_alone(
    ours: Questionnaire, newest: Questionnaire
) -> None:
    assert replace(newest, version="1.0", contradictions=(), comparison=None) == ours
    assert newest.comparison is not None
    assert {line.status for line in newest.comparison.questions} == {ComparisonStatus.SAME}


def test_our_contradictions_set_levels_against_what_is_a_fact(newest: Questionnaire) -> None:
    levels = [level_in_doubt(newest, each).code for each in newest.contradictions]
    facts = [each.conditions[1].question for each in newest.contradictions]
    assert Counter(zip(levels, facts, strict=True)) == {
        ("linked_dataset", "linked_dataset_sectors"): 6,
        ("linked_dataset", "gp_practice_coverage"): 1,
        ("scr_content", "scr_feeder_sectors"): 6,
        ("scr_use", "scr_feeder_sectors"): 1,
        ("scr_social_care_access", "scr_feeder_sectors"): 1,
        ("sde_participation", "external_flows"): 1,
        ("cross_boundary", "external_flows"): 1,
    }
    assert [newest.question(code).scored for code in facts] == [False] * len(facts)


@pytest.mark.parametrize(
    ("level", "sectors", "practices", "found"),
    [
        (1, ["none"], 0, []),
        (2, ["none"], 0, ["linked_without_sectors"]),
        (3, ["none"], 60, ["linked_without_sectors"]),
        (2, ["acute", "community"], 0, []),
        (3, ["primary_care", "acute", "community", "mental_health"], 51, []),
        (3, ["primary_care", "acute", "community", "mental_health"], 50, ["linked_without_practices"]),
        (3, ["primary_care", "acute", "mental_health"], 90, ["linked_without_community"]),
        (
            4,
            ["primary_care", "acute", "community"],
            90,
            ["linked_without_mental_health", "linked_without_social_care"],
        ),
    ],
)
def test_levels_of_the_linked_dataset_have_to_fit_with_who_supplies_it(
    newest: Questionnaire, level: int, sectors: list[str], practices: int, found: list[str]
) -> None:
    given = {
        "linked_dataset": Response(level=level),
        "linked_dataset_sectors": Response(options=tuple(sectors)),
        "gp_practice_coverage": Response(number=Decimal(practices)),
    }
    assert [each.code for each in contradictions_among(newest, given)] == found
