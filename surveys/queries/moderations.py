"""What became of the levels that were proposed for the signed submissions of a round."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from surveys.models import Moderation, Round
from surveys.models.moderation import OPEN_STATES
from surveys.wording import counted

State = Moderation.State


@dataclass(frozen=True)
class ModeratedLevel:
    """One moderated level: the one that was signed, the one that was proposed, and the one that counts.

    `moderation_id` is the key of the proposal.
    """

    moderation_id: int
    self_assessed: int
    proposed: int
    final: int

    @property
    def words(self) -> str:
        """The three levels, such as "self-assessed 4, proposed 2, final 3"."""
        return f"self-assessed {self.self_assessed}, proposed {self.proposed}, final {self.final}"


def settled_levels(survey_round: Round) -> Mapping[int, Mapping[str, ModeratedLevel]]:
    """Return the moderated levels that count now, by submission key and question code, in one query."""
    found: dict[int, dict[str, ModeratedLevel]] = defaultdict(dict)
    rows = Moderation.objects.filter(submission__assessment__round=survey_round)
    for row in rows.standing(State.ACCEPTED, State.DECIDED).select_related("question"):
        if row.final is not None:
            level = ModeratedLevel(row.pk, row.self_assessed, row.proposed, row.final)
            found[row.submission_id][row.question.code] = level
    return found


def undecided(survey_round: Round) -> tuple[str, ...]:
    """Return a sentence for each system with a proposed level whose final one is not known, by name.

    They stand in the way of publishing. A system that was withdrawn does not.
    """
    rows = Moderation.objects.filter(
        submission__assessment__round=survey_round, submission__assessment__withdrawn_at=None
    )
    names = rows.standing(*OPEN_STATES).values_list("submission__assessment__organisation_name", flat=True)
    return tuple(
        f"{name} has {counted(number, 'proposed level')} without a decision."
        for name, number in sorted(Counter(names).items(), key=lambda each: each[0].casefold())
    )
