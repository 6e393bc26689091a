"""Whether the map from one version of a questionnaire to the previous one is complete and true."""

from collections import Counter
from collections.abc import Iterator, Mapping

from surveys.questionnaires.problems import Problem
from surveys.questionnaires.schema import ComparedQuestion, ComparisonStatus, Question, Questionnaire

SAME_FIELDS = (
    "kind",
    "text",
    "scored",
    "weight",
    "levels",
    "options",
    "max_choices",
    "points_cap",
    "unit",
    "parts",
    "total",
)
"""What must be alike for a question to be the same one."""

Fault = tuple[str, str, str]
"""The code it concerns, what is wrong, and how to mend it."""


def previous_codes(questionnaire: Questionnaire) -> Mapping[str, str]:
    """Question code in this version to its code in the previous one, for questions in both; empty without
    a map.
    """
    lines = questionnaire.comparison.questions if questionnaire.comparison else ()
    return {line.code: line.previous for line in lines if line.code and line.previous}


def lines_to(now: Questionnaire, then: Questionnaire) -> Mapping[str, ComparedQuestion]:
    """How each question relates to an earlier questionnaire, by its code now.

    Every question of the same version is the same; for the next version what its map says; nothing for
    anything further off, nor between levels and points.
    """
    if now.scoring is not then.scoring:
        return {}
    if now.version == then.version:
        return {code: ComparedQuestion(code, code, ComparisonStatus.SAME) for code in now.questions_by_code}
    if now.comparison is None or now.comparison.previous_version != then.version:
        return {}
    return {line.code: line for line in now.comparison.questions if line.code}


def map_problems(questionnaire: Questionnaire, name: str) -> Iterator[Problem]:
    """What is wrong with the map by itself; nothing when the questionnaire has none."""
    for code, message, mend in _map_faults(questionnaire):
        yield Problem(name, code, message, mend)


def check_against(questionnaire: Questionnaire, previous: Questionnaire, name: str) -> tuple[Problem, ...]:
    """What is wrong with the map, held against the previous version itself."""
    return tuple(
        Problem(name, code, message, mend) for code, message, mend in _faults_against(questionnaire, previous)
    )


def _map_faults(questionnaire: Questionnaire) -> Iterator[Fault]:
    comparison = questionnaire.comparison
    if comparison is None:
        return
    if comparison.previous_version == questionnaire.version:
        yield "", "The comparison is with this version itself.", "Name the version before it."
    for line in comparison.questions:
        yield from _line_faults(line)
    for field in ("code", "previous"):
        counts = Counter(getattr(line, field) for line in comparison.questions)
        for code, times in counts.items():
            if code and times > 1:
                yield code, f"The comparison names it {times} times as {field}.", "Keep one line for it."
    named = {line.code for line in comparison.questions}
    for code in named - {""} - set(questionnaire.questions_by_code):
        yield (
            code,
            "The comparison names it, but it is not a question here.",
            "Correct the code, or use retired.",
        )
    for question in questionnaire.questions:
        if question.code not in named:
            yield (
                question.code,
                "The comparison does not say how it relates to the previous version.",
                _STATUSES,
            )


_STATUSES = f"Add it with a status: {', '.join(ComparisonStatus)}."


def _line_faults(line: ComparedQuestion) -> Iterator[Fault]:
    code = line.code or line.previous
    if line.status is ComparisonStatus.NEW and line.previous:
        yield (
            code,
            f"It is new, but has a previous code ({line.previous}).",
            "Delete previous, or change the status.",
        )
    if line.status is ComparisonStatus.RETIRED and line.code:
        yield (
            code,
            "It is retired, but has a code in this version.",
            "Give `previous` alone, or change the status.",
        )
    if not code:
        yield (
            "",
            "A line of the comparison names no question.",
            "Give its code, or `previous` when it is retired.",
        )
    elif not line.code and line.status is not ComparisonStatus.RETIRED:
        yield code, "A line of the comparison has no code.", "Give its code, or use the status retired."


def _faults_against(questionnaire: Questionnaire, previous: Questionnaire) -> Iterator[Fault]:
    comparison = questionnaire.comparison
    if questionnaire.key != previous.key:
        yield (
            "",
            f"Its key is {questionnaire.key}, but the previous version's is {previous.key}.",
            "Use the same key.",
        )
    if comparison is None:
        yield "", f"There is no comparison with version {previous.version}.", "Add a comparison."
        return
    if comparison.previous_version != previous.version:
        yield (
            "",
            f"previous_version is {comparison.previous_version}, but it is version {previous.version}.",
            "Correct it.",
        )
    named = {line.previous for line in comparison.questions}
    for question in previous.questions:
        if question.code not in named:
            yield (
                question.code,
                f"It was asked in version {previous.version} and the comparison does not mention it.",
                "Map it, or list it with the status retired.",
            )
    for line in comparison.questions:
        yield from _line_faults_against(line, questionnaire, previous)


def _line_faults_against(
    line: ComparedQuestion, questionnaire: Questionnaire, previous: Questionnaire
) -> Iterator[Fault]:
    if line.status is ComparisonStatus.NEW and line.code in previous.questions_by_code:
        yield (
            line.code,
            f"It is new, but version {previous.version} has a question with this code.",
            "Give it a code of its own, or say how it relates to that question.",
        )
    if line.previous and line.previous not in previous.questions_by_code:
        yield (
            line.code or line.previous,
            f"The comparison names {line.previous}, which version {previous.version} does not have.",
            "Correct the code.",
        )
    elif line.previous and line.code in questionnaire.questions_by_code:
        yield from _pair_faults(line, questionnaire.question(line.code), previous.question(line.previous))


def _pair_faults(line: ComparedQuestion, now: Question, before: Question) -> Iterator[Fault]:
    changed = [field for field in SAME_FIELDS if getattr(now, field) != getattr(before, field)]
    if line.status is ComparisonStatus.SAME and changed:
        yield (
            line.code,
            f"It is marked same, but {', '.join(changed)} changed.",
            "Use reworded_comparable or reworded_not_comparable, or change it back.",
        )
    elif line.comparable and (unlike := _unlike(now, before)):
        yield (
            line.code,
            f"It is marked comparable, but {unlike} changed.",
            "Use reworded_not_comparable, or change it back.",
        )


def _unlike(now: Question, before: Question) -> str:
    """What changed that makes answers of the two questions different things; empty for nothing."""
    if now.kind is not before.kind:
        return "its kind"
    if [level.value for level in now.levels] != [level.value for level in before.levels]:
        return "its set of levels"
    return "its unit" if now.unit != before.unit else ""
