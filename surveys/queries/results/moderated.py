"""The moderated levels of a release: what was self-assessed, what was proposed, and what counts."""

from __future__ import annotations

from collections.abc import Mapping

from surveys.models import ReleasedModeration
from surveys.queries.moderations import ModeratedLevel
from surveys.queries.results.released import Released
from surveys.wording import counted


def moderated_in(released: Released, assessment_id: int) -> Mapping[str, ModeratedLevel]:
    """Return the moderated levels of one system, by question code: one query; none where nothing was."""
    if not released.head.moderated:
        return {}
    rows = ReleasedModeration.objects.filter(release_id=released.head.id, assessment_id=assessment_id)
    return {row.question.code: _level(row) for row in rows.select_related("question")}


def moderated_on(released: Released, code: str) -> Mapping[int, ModeratedLevel]:
    """Return the moderated levels of one question, by assessment: one query; none where nothing was.

    Only those of systems that the person sees.
    """
    if not released.head.moderated:
        return {}
    rows = ReleasedModeration.objects.filter(release_id=released.head.id, question__code=code)
    return {
        row.assessment_id: _level(row) for row in rows if released.systems.find(row.assessment_id) is not None
    }


def moderated_in_words(moderated: Mapping[str, ModeratedLevel], levels: int) -> str:
    """Return how many of a system's `levels` were moderated, as a sentence."""
    if not moderated:
        return "Not moderated: nobody outside the system has changed or confirmed these scores."
    changed = sum(level.final != level.self_assessed for level in moderated.values())
    return f"Moderated: {len(moderated)} of {counted(levels, 'level')}, {changed} of them changed."


def _level(row: ReleasedModeration) -> ModeratedLevel:
    return ModeratedLevel(row.moderation_id, row.self_assessed, row.proposed, row.final)
