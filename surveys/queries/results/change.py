"""What a system's earlier round says about its scores, on questions that can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from surveys.analysis.change import Change, change
from surveys.analysis.scores import Item
from surveys.models import Release, ReleasedAnswer, ReleasedSubmission
from surveys.permissions import AnyPerson
from surveys.queries.instruments import instrument
from surveys.queries.results.ranking import scored_items
from surveys.queries.results.released import Released, ReleaseHead, head_of, published_before
from surveys.queries.results.systems import System
from surveys.questionnaires.comparison_map import lines_to
from surveys.questionnaires.responses import Response
from surveys.questionnaires.schema import Questionnaire
from surveys.questionnaires.scoring import scorer_of


@dataclass(frozen=True)
class Earlier:
    """The newest published release of the round before, in which the same organisation has results.

    `changes` has a line for each dimension by code. It is empty, and `comparable` is False, when the
    questionnaire says of no question that it can be compared with that round's.
    """

    head: ReleaseHead
    comparable: bool
    changes: Mapping[str, Change]


def earlier(person: AnyPerson, released: Released, system: System) -> Earlier | None:
    """Return the system's results before this round: two queries, or one when there are none.

    It is the same organisation only: what it was merged from does not count. The round before is the last one
    of `published_before` in which it has results.
    """
    content = released.instrument.content
    responded = ReleasedSubmission.objects.filter(
        release=OuterRef("pk"), assessment__organisation=system.organisation_id
    )
    before = published_before(person, released).filter(Exists(responded)).first()
    if before is None:
        return None
    then = instrument(before.round.questionnaire_id).content
    codes = comparable_codes(content, then)
    changes = _changes(content, then, codes, _answers(released, before, system)) if codes else {}
    return Earlier(head_of(before), bool(codes), changes)


def comparable_codes(now: Questionnaire, then: Questionnaire) -> dict[str, str]:
    """Return the code of each question that can be compared, with its code in the earlier questionnaire."""
    return {code: line.previous for code, line in lines_to(now, then).items() if line.comparable}


def _answers(released: Released, before: Release, system: System) -> dict[int, dict[str, Response]]:
    """Return the system's answers in both releases, by release and question code."""
    found: dict[int, dict[str, Response]] = {released.head.id: {}, before.pk: {}}
    rows = ReleasedAnswer.objects.filter(
        release_id__in=list(found), assessment__organisation=system.organisation_id
    )
    for row in rows.select_related("question"):
        found[row.release_id][row.question.code] = row.response
    return found


def _changes(
    now: Questionnaire,
    then: Questionnaire,
    codes: Mapping[str, str],
    answers: Mapping[int, Mapping[str, Response]],
) -> dict[str, Change]:
    responses_now, responses_then = answers.values()
    items_then: list[Item] = [
        each for dimension in then.dimensions for each in scored_items(then, dimension, responses_then)
    ]
    return {
        dimension.code: change(
            items_then,
            scored_items(now, dimension, responses_now),
            codes,
            scorer_of(now),
            now.minimum_share,
        )
        for dimension in now.dimensions
    }
