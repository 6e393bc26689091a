"""Whether one question makes sense: the fields of its kind, its levels, options and parts, and its points."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from itertools import pairwise

from surveys.questionnaires.document import decimal_places
from surveys.questionnaires.schema import (
    SCORABLE_KINDS,
    Level,
    Question,
    QuestionKind,
    Questionnaire,
    ScoringMethod,
)
from surveys.questionnaires.worth import most_points

Fault = tuple[str, str]
"""What is wrong, and how to mend it."""

FIELDS_BY_KIND: Mapping[QuestionKind, frozenset[str]] = {
    QuestionKind.MATURITY: frozenset({"levels"}),
    QuestionKind.SINGLE_CHOICE: frozenset({"options"}),
    QuestionKind.MULTI_CHOICE: frozenset({"options", "max_choices", "points_cap"}),
    QuestionKind.NUMBER: frozenset({"unit", "minimum", "maximum", "decimals"}),
    QuestionKind.PERCENTAGE: frozenset({"unit", "minimum", "maximum", "decimals"}),
    QuestionKind.PERCENTAGE_SPLIT: frozenset({"parts", "total", "unit", "decimals"}),
    QuestionKind.LONG_TEXT: frozenset({"max_words", "consent"}),
}
DEFAULTS = {field.name: field.default for field in fields(Question)}
SMALL_WORDS = frozenset(
    {
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "by",
        "for",
        "from",
        "has",
        "have",
        "in",
        "is",
        "it",
        "its",
    }
    | {"of", "on", "or", "that", "the", "their", "them", "they", "this", "to", "was", "were", "which", "with"}
)
ENDINGS = ("s", "es", "d", "ed")
HUNDRED = Decimal(100)


def question_faults(question: Question, questionnaire: Questionnaire) -> Iterator[Fault]:
    """Everything that is wrong with a question that can be seen without the other questions."""
    yield from _stray_fields(question)
    yield from _of_its_kind(question)
    yield from _references(question, questionnaire)
    if question.kind is QuestionKind.MATURITY:
        yield from _scale_faults(question, questionnaire)
        yield from level_faults(question.levels)
    yield from _points_faults(question, questionnaire)


def repeated(values: Iterable[str]) -> tuple[str, ...]:
    """The values that occur more than once, whatever their case, in order of their repetition."""
    seen: set[str] = set()
    twice: list[str] = []
    for value in values:
        folded = value.casefold()
        if folded in seen:
            twice.append(value)
        seen.add(folded)
    return tuple(twice)


def _stray_fields(question: Question) -> Iterator[Fault]:
    own = FIELDS_BY_KIND[question.kind]
    for name in sorted(frozenset().union(*FIELDS_BY_KIND.values()) - own):
        if getattr(question, name) != DEFAULTS[name]:
            kinds = ", ".join(kind for kind, names in FIELDS_BY_KIND.items() if name in names)
            yield f"A {question.kind} question has no {name}.", f"Delete it, or change the kind ({kinds})."


def _of_its_kind(question: Question) -> Iterator[Fault]:
    match question.kind:
        case QuestionKind.SINGLE_CHOICE | QuestionKind.MULTI_CHOICE:
            yield from _option_faults(question)
        case QuestionKind.NUMBER | QuestionKind.PERCENTAGE:
            yield from _number_faults(question)
        case QuestionKind.PERCENTAGE_SPLIT:
            yield from _split_faults(question)
        case _:
            pass


def _references(question: Question, questionnaire: Questionnaire) -> Iterator[Fault]:
    roles = [role.code for role in questionnaire.lead_roles]
    themes = [theme.code for theme in questionnaire.themes]
    for name, code, known in (
        ("suggested_lead", question.suggested_lead, roles),
        ("theme", question.theme, themes),
    ):
        if code and code not in known:
            listed = ", ".join(known) or "none yet"
            plural = "lead_roles" if name == "suggested_lead" else "themes"
            yield f"{name} is {code}, which is not in {plural}.", f"Use one of: {listed}; or add it there."


def _option_faults(question: Question) -> Iterator[Fault]:
    options = question.options
    if len(options) < 2:
        yield "It has no options to choose from.", "Give options, or the code of an option_set."
        return
    for code in repeated(option.code for option in options):
        yield f"Two options have the code {code}.", "Give each option a code of its own."
    for label in repeated(option.label for option in options):
        yield f"Two options read {label!r}.", "Word them so that they differ."
    if sum(option.other for option in options) > 1:
        yield "More than one option takes text (other: true).", "Keep one."
    if all(option.not_applicable for option in options):
        yield "Every option means not applicable.", "Add options that answer the question."
    if question.kind is QuestionKind.SINGLE_CHOICE and any(option.exclusive for option in options):
        yield "`exclusive` means nothing in a single_choice question.", "Delete it, or use multi_choice."
    together = sum(not option.stands_alone for option in options)
    if question.max_choices is not None and question.max_choices > together:
        yield (
            f"max_choices is {question.max_choices}, but only {together} options can be chosen together.",
            "Lower it or leave it out.",
        )


def _number_faults(question: Question) -> Iterator[Fault]:
    low, high = question.minimum, question.maximum
    if low is not None and high is not None and low >= high:
        yield f"minimum ({low}) is not below maximum ({high}).", "Correct one of the two."
    for name, bound in (("minimum", low), ("maximum", high)):
        if bound is not None and decimal_places(bound) > question.decimals:
            yield (
                f"{name} ({bound}) has more decimal places than `decimals` allows.",
                "Round it or raise decimals.",
            )
    if question.kind is QuestionKind.PERCENTAGE and (
        low is None or low < 0 or high is None or high > HUNDRED
    ):
        yield "A percentage lies from 0 to 100.", 'Use kind: number with unit: "%" for anything else.'


def _split_faults(question: Question) -> Iterator[Fault]:
    if len(question.parts) < 2:
        yield "It has no parts to split into.", "Give at least two parts."
    for code in repeated(part.code for part in question.parts):
        yield f"Two parts have the code {code}.", "Give each part a code of its own."
    for label in repeated(part.label for part in question.parts):
        yield f"Two parts read {label!r}.", "Word them so that they differ."
    if question.total is not None and question.total <= 0:
        yield f"total is {question.total}.", "Give what the parts add up to, above 0."
    elif question.total is not None and decimal_places(question.total) > question.decimals:
        yield f"total ({question.total}) has more decimal places than `decimals` allows.", "Raise decimals."


def level_faults(levels: Sequence[Level]) -> Iterator[Fault]:
    """What is wrong with levels, lowest first: repeated codes or names, or descriptors that do not differ."""
    for code in repeated(level.code for level in levels):
        yield f"Two levels have the code {code}.", "Give each level a code of its own."
    for name in repeated(level.name for level in levels):
        yield f"Two levels are called {name!r}.", "Give each level a name of its own."
    described = [level for level in levels if level.text]
    if described and len(described) < len(levels):
        bare = ", ".join(str(level.value) for level in levels if not level.text)
        yield f"Level {bare} has no text, but others have.", "Describe every level or none."
    for lower, upper in pairwise(described):
        if nearly_same(lower.text, upper.text):
            yield (
                f"Levels {lower.value} and {upper.value} say nearly the same.",
                "Say what is true at the higher level that is not at the lower.",
            )


def nearly_same(first: str, second: str) -> bool:
    """Whether two texts differ only in case, punctuation, small words (the, of, are) or endings (s, ed)."""
    ours, theirs = _weighty_words(first), _weighty_words(second)
    return len(ours) == len(theirs) and all(map(_same_word, ours, theirs))


def _weighty_words(text: str) -> list[str]:
    words = [word for word in re.findall(r"\w+", text.casefold()) if word not in SMALL_WORDS]
    return words or [text.casefold()]


def _same_word(first: str, second: str) -> bool:
    shorter, longer = sorted((first, second), key=len)
    return shorter == longer or (len(shorter) > 2 and longer in {shorter + ending for ending in ENDINGS})


def _scale_faults(question: Question, questionnaire: Questionnaire) -> Iterator[Fault]:
    if not question.levels:
        yield "It has no levels.", "Give levels, or give the questionnaire a scale."
        return
    if len(question.levels) < 2:
        yield "It has one level only.", "Leave at least two levels."
    if questionnaire.scoring is not ScoringMethod.SCALE or questionnaire.scale is None:
        return
    known = {level.value for level in questionnaire.scale.levels}
    strange = ", ".join(str(level.value) for level in question.levels if level.value not in known)
    if strange:
        yield f"The scale has no level {strange}.", "Use the levels of the scale."


def _points_faults(question: Question, questionnaire: Questionnaire) -> Iterator[Fault]:
    if not question.scored:
        yield from _unscored_faults(question)
    elif question.kind not in SCORABLE_KINDS:
        yield (
            f"A {question.kind} question cannot be scored.",
            "Write scored: false, or turn it into a single_choice question with an option for each band.",
        )
    elif questionnaire.scoring is ScoringMethod.POINTS:
        yield from _points_method_faults(question)
    else:
        yield from _scale_method_faults(question, questionnaire)


def _unscored_faults(question: Question) -> Iterator[Fault]:
    points = [*(level.points for level in question.levels), *(option.points for option in question.options)]
    if any(given is not None for given in (*points, question.points_cap)):
        yield "It has points but is not scored.", "Write scored: true, or delete the points."
    if any(stated is not None for _, stated in _not_applicable_points(question)):
        yield "Not applicable earns points, but the question is not scored.", "Write effect: left_out."


def _not_applicable_points(question: Question) -> Iterator[tuple[str, Decimal | None]]:
    """Where "not applicable" is offered, and the points it earns there."""
    if question.not_applicable:
        yield "Not applicable", question.not_applicable.points
    for option in question.options:
        if option.not_applicable:
            yield f"Option {option.code}", option.not_applicable.points


def _points_method_faults(question: Question) -> Iterator[Fault]:
    bare = [str(level.value) for level in question.levels if level.points is None]
    bare += [
        option.code for option in question.options if option.points is None and not option.not_applicable
    ]
    if bare:
        yield f"Points are missing for {', '.join(bare)}.", "Give points to every choice; 0 counts."
        return
    yield from _doubled_points(question)
    cap = question.points_cap
    most = most_points(question, capped=False)
    if cap is not None and cap > most:
        yield (
            f"points_cap is {cap}, but no answer earns more than {most} points.",
            f"Lower it to {most} or less.",
        )
    if most == 0 or cap == 0:
        yield "No answer earns any points.", "Give points above 0, or write scored: false."
    for where, points in _not_applicable_points(question):
        if points is not None and points > most_points(question):
            yield (
                f"{where} earns {points} points, more than any answer.",
                f"Lower it to {most_points(question)}.",
            )


def _doubled_points(question: Question) -> Iterator[Fault]:
    for option in question.options:
        if option.not_applicable and option.points is not None:
            yield (
                f"Option {option.code} means not applicable and has points as well.",
                "Delete its points; write effect: points under not_applicable if it earns some.",
            )


def _scale_method_faults(question: Question, questionnaire: Questionnaire) -> Iterator[Fault]:
    if question.kind is QuestionKind.MULTI_CHOICE:
        yield (
            "A multi_choice question cannot be scored on a scale.",
            "Write scored: false, or use scoring: points.",
        )
        return
    if questionnaire.scale is None:
        yield "There is no scale to score it on.", "Add a scale, or write scored: false."
        return
    if any(level.points is not None for level in question.levels):
        yield (
            "Levels have points, but the questionnaire is scored on its scale.",
            "Delete them; the level counts.",
        )
    low, high = questionnaire.scale.lowest, questionnaire.scale.highest
    yield from _doubled_points(question)
    worth = [
        (f"Option {option.code}", option.points) for option in question.options if not option.not_applicable
    ]
    for where, points in (
        *worth,
        *((at, got) for at, got in _not_applicable_points(question) if got is not None),
    ):
        if points is None or not low <= points <= high:
            yield f"{where} has no points on the scale.", f"Give it points from {low} to {high}."
