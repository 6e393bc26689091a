"""How much stands beside each question of an assessment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db.models import Count, Value

from surveys.models import Comment, Evidence
from surveys.queries.instruments import instrument_of


@dataclass(frozen=True)
class QuestionCounts:
    """How many threads of a question are open, and how many pieces of evidence there are."""

    open_threads: int = 0
    evidence: int = 0


NOTHING_BESIDE = QuestionCounts()


def question_counts(assessment_id: int) -> Mapping[str, QuestionCounts]:
    """Return the counts by question code in one query; questions without any are left out.

    It says nothing of who may know: ask `powers.comment` of the assessment's state first.
    """
    # A thread whose opening was withdrawn waits for nobody.
    open_threads = Comment.objects.filter(
        assessment_id=assessment_id, reply_to=None, resolved_at=None, withdrawn_at=None
    )
    evidence = Evidence.objects.filter(assessment_id=assessment_id, removed_at=None)
    threads, pieces = (
        rows.order_by().values("question_id").annotate(of=Value(name), number=Count("pk"))
        for rows, name in ((open_threads, "threads"), (evidence, "evidence"))
    )
    codes = instrument_of(assessment_id).question_codes
    found: dict[str, dict[str, int]] = {}
    for row in threads.union(pieces, all=True):
        found.setdefault(codes[row["question_id"]], {})[row["of"]] = row["number"]
    return MappingProxyType(
        {
            code: QuestionCounts(numbers.get("threads", 0), numbers.get("evidence", 0))
            for code, numbers in found.items()
        }
    )
