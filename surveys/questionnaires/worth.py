"""What an answer is worth, and the most that a question can give."""

from decimal import Decimal

from surveys.questionnaires.schema import Question, QuestionKind

NONE = Decimal(0)


def points_of(question: Question, codes: tuple[str, ...]) -> Decimal:
    """The points of the chosen options together, no more than the cap. KeyError for an unknown option."""
    total = sum((question.option(code).points or NONE for code in codes), NONE)
    return total if question.points_cap is None else min(total, question.points_cap)


def most_points(question: Question, *, capped: bool = True) -> Decimal:
    """The most points that one answer can earn; with `capped` False, as if there were no cap."""
    match question.kind:
        case QuestionKind.MATURITY:
            return max((level.points or NONE for level in question.levels), default=NONE)
        case QuestionKind.MULTI_CHOICE:
            most = _most_chosen(question)
            return min(most, question.points_cap) if capped and question.points_cap is not None else most
        case _:
            return max((option.points or NONE for option in question.options), default=NONE)


def _most_chosen(question: Question) -> Decimal:
    """The best set of options that may be chosen together, or the best option that stands alone."""
    together = sorted(
        (option.points or NONE for option in question.options if not option.stands_alone), reverse=True
    )
    alone = max((option.points or NONE for option in question.options if option.stands_alone), default=NONE)
    return max(sum(together[: question.max_choices], NONE), alone)
