"""How far final levels agree with the self-assessed ones."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from surveys.analysis.rounding import half_up
from surveys.analysis.scores import SCORE_PLACES

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class LevelAgreement:
    """Of ``levels`` self-assessed ones, ``moderated`` have a final level of their own, and ``equal`` of these
    are what was self-assessed. ``difference`` is the sum of final minus self-assessed, in levels.

    A level that was not moderated is final as it stands, so it agrees.
    """

    levels: int
    moderated: int
    equal: int
    difference: int

    @property
    def changed(self) -> int:
        """How many final levels are another than the self-assessed one."""
        return self.moderated - self.equal

    @property
    def equal_share(self) -> Decimal | None:
        """The percentage of all levels whose final one is the self-assessed one; None without a level."""
        return _share(self.levels - self.changed, self.levels)

    @property
    def equal_share_of_moderated(self) -> Decimal | None:
        """The same percentage of the moderated levels alone; None when none was moderated."""
        return _share(self.equal, self.moderated)

    @property
    def mean_difference(self) -> Decimal | None:
        """Final minus self-assessed, in levels: the mean over the moderated ones; None without one."""
        if not self.moderated:
            return None
        return half_up(Decimal(self.difference) / self.moderated, SCORE_PLACES)


def level_agreement(levels: int, moderated: Iterable[tuple[int, int]]) -> LevelAgreement:
    """Return how far final levels agree with the self-assessed ones. The definition is our own.

    ``levels``: how many levels were self-assessed in all. ``moderated``: the self-assessed and the final
    level of each that was moderated. Raises ValueError when there are more of these than levels.
    """
    pairs = tuple(moderated)
    if len(pairs) > levels:
        raise ValueError(f"{len(pairs)} levels were moderated, of {levels}.")
    return LevelAgreement(
        levels=levels,
        moderated=len(pairs),
        equal=sum(own == final for own, final in pairs),
        difference=sum(final - own for own, final in pairs),
    )


def _share(part: int, whole: int) -> Decimal | None:
    return half_up(_HUNDRED * part / whole, SCORE_PLACES) if whole else None
