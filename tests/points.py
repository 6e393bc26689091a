"""A small questionnaire of another making: one dimension in two sections, yes, partly or no, in points."""

from __future__ import annotations

from decimal import Decimal

from surveys.questionnaires.responses import Response
from surveys.questionnaires.schema import (
    Dimension,
    Option,
    Question,
    QuestionKind,
    Questionnaire,
    ScoringMethod,
    Section,
)


def points_question(code: str, most: int) -> Question:
    """Yes earns `most` points, partly half of them, no nothing."""
    return Question(
        code=code,
        kind=QuestionKind.SINGLE_CHOICE,
        text=f"Is {code} in place?",
        scored=True,
        options=(
            Option("yes", "Yes", points=Decimal(most)),
            Option("partly", "Partly", points=Decimal(most) / 2),
            Option("no", "No", points=Decimal(0)),
        ),
    )


POINTS_CONTENT = Questionnaire(
    key="points",
    version="1.0",
    title="Security framework",
    scoring=ScoringMethod.POINTS,
    dimensions=(
        Dimension(
            code="security",
            name="Security",
            sections=(
                Section("policy", "Policy", (points_question("rules", 6),)),
                Section("practice", "Practice", (points_question("drills", 4),)),
            ),
        ),
    ),
)

POINTS_ANSWERS = {"rules": Response(options=("no",)), "drills": Response(options=("yes",))}
"""4 of 10 points: nothing for the rules, everything for the drills."""
