"""A round of the size of England on the shipped questionnaire, for tests of size and speed."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from django.utils import timezone

from surveys.actions.questionnaires import publish
from surveys.models import Assessment, Person, Round, Submission
from surveys.questionnaires import schema
from surveys.questionnaires.canonical import canonical, sha256
from surveys.questionnaires.loading import load
from surveys.questionnaires.responses import Response
from surveys.questionnaires.schema import QuestionKind
from surveys.questionnaires.signed_copy import answers_document
from tests.factories import make_nation, make_person, make_region, make_round, make_system

SHIPPED = Path(__file__).parent.parent / "surveys" / "questionnaires" / "content"
REGIONS = (
    "East of England",
    "London",
    "Midlands",
    "North East and Yorkshire",
    "North West",
    "South East",
    "South West",
)


def shipped_questionnaire() -> schema.Questionnaire:
    """The questionnaire that comes with the product."""
    path = SHIPPED / "ics-data-maturity-1.0.yaml"
    return load(path)


def make_country(systems: int = 42, seed: int = 1, **fields: Any) -> tuple[Round, Person]:
    """An open round in which all but two of `systems` have submitted by chance, and a national analyst."""
    nation = make_nation()
    regions = [make_region(nation, name) for name in REGIONS]
    places = [
        make_system(regions[number % len(regions)], f"Integrated Place, Coast and Vale {number:02d}")
        for number in range(systems)
    ]
    content = shipped_questionnaire()
    survey_round = make_round(publish(by=None, content=content).questionnaire, *places, **fields)
    signer = make_person("Sam Signer")
    chance = random.Random(seed)  # noqa: S311 - answers for a test, not secrets
    waiting = list(Assessment.objects.filter(round=survey_round).order_by("pk"))[: max(systems - 2, 0)]
    Submission.objects.bulk_create(_submission(row, content, signer, chance) for row in waiting)
    Assessment.objects.filter(pk__in=[row.pk for row in waiting]).update(status=Assessment.Status.SUBMITTED)
    return survey_round, make_person("Nora Nation", role="national_analyst", organisation=nation)


def _submission(
    row: Assessment, content: schema.Questionnaire, signer: Person, chance: random.Random
) -> Submission:
    answers = {
        question.code: response_by_chance(question, chance)
        for question in content.questions
        if chance.random() > 0.05
    }
    text = canonical({"answers": answers_document(answers)})
    return Submission(
        assessment=row,
        number=1,
        content=text,
        sha256=sha256(text),
        declaration="I confirm.",
        signed_by=signer,
        signed_by_name="Sam Signer",
        signed_by_job_title="Chief executive",
        signed_at=timezone.now(),
    )


def response_by_chance(question: schema.Question, chance: random.Random) -> Response:
    """An acceptable answer to any kind of question."""
    match question.kind:
        case QuestionKind.MATURITY:
            return Response(
                level=chance.choice(question.levels).value, comment=chance.choice(["", "Partly so."])
            )
        case QuestionKind.SINGLE_CHOICE | QuestionKind.MULTI_CHOICE:
            return Response(options=(chance.choice(question.options).code,))
        case QuestionKind.NUMBER | QuestionKind.PERCENTAGE:
            return Response(number=question.minimum)
        case QuestionKind.PERCENTAGE_SPLIT:
            first, *others = question.parts
            total = question.total or schema.DEFAULT_SPLIT_TOTAL
            return Response(parts=((first.code, total), *((part.code, total - total) for part in others)))
        case QuestionKind.LONG_TEXT:
            return Response(text="We share what we build.", consent=True if question.consent else None)
