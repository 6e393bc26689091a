"""Many rows at once are held to the same rules as one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from surveys.actions.copying import copy_rows
from surveys.models import ReleasedAnswer, Result
from surveys.models.assessment import VALUE_COLUMNS, columns
from surveys.questionnaires.responses import Response
from tests.signed import release, submit_north
from tests.world import World

AWKWARD = 'A tab\t, a new line\n, a backslash \\ and \\N, "quotes", {braces}, an é.'


def test_what_was_copied_reads_as_it_was_given(world: World) -> None:
    submit_north(world)
    made = release(world.round)
    question = world.round.questionnaire.dimensions.first().questions.first()
    given = Response(
        parts=(("b", Decimal("0.5")), ("a, {b}", Decimal(99))), comment=AWKWARD, other=AWKWARD, consent=False
    )
    copy_rows(
        ReleasedAnswer,
        ("release_id", "assessment_id", "question_id", *VALUE_COLUMNS),
        [(made.pk, world.far_assessment.pk, question.pk, *columns(given).values())],
    )
    row = ReleasedAnswer.objects.get(release=made, assessment=world.far_assessment)
    assert row.response == given


def test_a_copied_row_is_refused_as_any_other(world: World) -> None:
    submit_north(world)
    made = release(world.round)
    scores = Result.objects.filter(release=made).count()
    row = (made.pk, world.assessment.pk, "dimension", "new", Decimal(3), 4, 3, 0, False)
    fields = ("release_id", "assessment_id", "measure", "code", "score", "answered", "asked")
    with pytest.raises(IntegrityError, match="result_answered_within_asked"), transaction.atomic():
        copy_rows(Result, (*fields, "not_applicable", "withheld"), [row])
    assert Result.objects.filter(release=made).count() == scores
