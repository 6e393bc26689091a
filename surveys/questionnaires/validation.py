"""Whether a questionnaire as a whole makes sense."""

from collections.abc import Iterable, Iterator, Sequence

from surveys.questionnaires.comparison_map import map_problems
from surveys.questionnaires.conditions import condition_problems
from surveys.questionnaires.contradictions import contradiction_problems
from surveys.questionnaires.problems import Problem
from surveys.questionnaires.question_validation import level_faults, question_faults, repeated
from surveys.questionnaires.schema import ONE, Questionnaire, Scale, ScoringMethod


def validate(questionnaire: Questionnaire, name: str) -> tuple[Problem, ...]:
    """Every problem of meaning; `name` is what the problems call the file. Empty when it may be published."""
    return tuple(_problems(questionnaire, name))


def _problems(questionnaire: Questionnaire, name: str) -> Iterator[Problem]:
    yield from _code_problems(questionnaire, name)
    if questionnaire.scale:
        yield from _scale_problems(questionnaire.scale, questionnaire.scoring, name)
    yield from _group_problems(questionnaire, name)
    yield from _weight_problems(questionnaire, name)
    for question in questionnaire.questions:
        for message, mend in question_faults(question, questionnaire):
            yield Problem(name, question.code, message, mend)
    yield from condition_problems(questionnaire, name)
    yield from contradiction_problems(questionnaire, name)
    yield from map_problems(questionnaire, name)


def _code_problems(questionnaire: Questionnaire, name: str) -> Iterator[Problem]:
    sections = [section for dimension in questionnaire.dimensions for section in dimension.sections]
    for noun, things in (
        ("questions", questionnaire.questions),
        ("dimensions", questionnaire.dimensions),
        ("sections", sections),
        ("groups", questionnaire.groups),
        ("themes", questionnaire.themes),
        ("lead roles", questionnaire.lead_roles),
        ("contradictions", questionnaire.contradictions),
    ):
        codes: Iterable[str] = [thing.code for thing in things]
        for code in repeated(codes):
            yield Problem(
                name,
                code,
                f"Two {noun} have this code (capitals make no difference).",
                "Give each a code of its own.",
            )


def _scale_problems(scale: Scale, scoring: ScoringMethod, name: str) -> Iterator[Problem]:
    values = [level.value for level in scale.levels]
    if values != list(range(values[0], values[0] + len(values))):
        listed = ", ".join(str(value) for value in values)
        yield Problem(
            name,
            scale.code,
            f"The levels of the scale are {listed}, which does not rise by one.",
            "Number them upwards without gaps, from any whole number.",
        )
    for message, mend in level_faults(scale.levels):
        yield Problem(name, scale.code, message, mend)
    if scoring is ScoringMethod.SCALE and any(level.points is not None for level in scale.levels):
        yield Problem(
            name,
            scale.code,
            "The levels have points, but the questionnaire is scored on its scale.",
            "Delete the points, or write scoring: points.",
        )


def _group_problems(questionnaire: Questionnaire, name: str) -> Iterator[Problem]:
    known = [group.code for group in questionnaire.groups]
    used = {dimension.group for dimension in questionnaire.dimensions}
    for dimension in questionnaire.dimensions:
        if dimension.group and dimension.group not in known:
            yield _unknown(name, dimension.code, f"group is {dimension.group}", "groups", known)
    for code in known:
        if code not in used:
            yield Problem(name, code, "No dimension is in this group.", "Put one in it, or delete the group.")
    yield from _gap_problems(questionnaire, known, name)


def _gap_problems(questionnaire: Questionnaire, known: Sequence[str], name: str) -> Iterator[Problem]:
    gap = questionnaire.gap
    between = {gap.first, gap.second} if gap else set()
    for code in sorted(between - set(known)):
        yield _unknown(name, "gap", f"The gap names {code}", "groups", known)
    if gap and gap.first == gap.second:
        yield Problem(name, "gap", "The gap is between a group and itself.", "Name two groups.")
    for dimension in questionnaire.dimensions:
        if dimension.gap_core and dimension.group not in between:
            yield Problem(
                name,
                dimension.code,
                "gap_core is true, but the dimension is in neither group of the gap.",
                "Put it in a group of the gap, or delete gap_core.",
            )


def _unknown(name: str, code: str, what: str, where: str, known: Sequence[str]) -> Problem:
    return Problem(
        name,
        code,
        f"{what}, which is not in {where}.",
        f"Use one of: {', '.join(known) or 'none yet'}; or add it.",
    )


def _weight_problems(questionnaire: Questionnaire, name: str) -> Iterator[Problem]:
    for dimension in questionnaire.dimensions:
        weighted = [section.weight is not None for section in dimension.sections]
        if any(weighted) and not all(weighted):
            yield Problem(
                name,
                dimension.code,
                "Some of its sections have a weight and others have none.",
                "Weigh every section or none; without weights the dimension is a mean over its questions.",
            )
    if questionnaire.scoring is ScoringMethod.POINTS:
        for code in _weighted(questionnaire):
            yield Problem(
                name,
                code,
                "It has a weight, but in a points questionnaire the points are the weight.",
                "Delete the weight and change the points instead.",
            )


def _weighted(questionnaire: Questionnaire) -> Iterator[str]:
    for dimension in questionnaire.dimensions:
        if dimension.weight != ONE:
            yield dimension.code
        yield from (section.code for section in dimension.sections if section.weight is not None)
        yield from (question.code for question in dimension.all_questions if question.weight != ONE)
