"""The download of one question of a release: the figures of its chart, and what each system answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from surveys.exports.csv_text import Cell, CsvFile
from surveys.exports.results import ORIGIN, SYSTEM, file_name, origin, system_cells
from surveys.queries.results.question import QuestionResults
from surveys.questionnaires.schema import QuestionKind

QUESTION = ("question_code", "question", "kind")
FIGURE = ("scope", "figure", "value", "systems_that_answered", "systems", "agreement", "agreement_in_words")


def question_csv(found: QuestionResults) -> CsvFile:
    """Return a row for each figure of the chart, and then one for each system with its answer in words.

    `scope` is "All systems", the name of a region, or "system".
    """

    def rows() -> Iterator[Sequence[Cell]]:
        about = (found.question.code, found.question.text, found.question.kind.value)
        for figure in _figures(found):
            yield (*about, *figure, *(None,) * len(SYSTEM), "", "", "", None, None, *origin(found.head))
        for each in found.answers:
            yield (
                *about,
                "system",
                "answer",
                each.response.level if each.response.level is not None else each.response.number,
                *(None,) * 4,
                *system_cells(each.system),
                each.state.value,
                each.words,
                each.comment,
                each.moderated.self_assessed if each.moderated else None,
                each.moderated.proposed if each.moderated else None,
                *origin(found.head),
            )

    levels = ("self_assessed_level", "proposed_level")
    header = (*QUESTION, *FIGURE, *SYSTEM, "status", "answer", "comment", *levels, *ORIGIN)
    return CsvFile(file_name(found.head, found.question.code), header, rows())


Figures = Iterator[tuple[Cell, ...]]


def _figures(found: QuestionResults) -> Figures:
    if not found.groups:
        return iter(())
    match found.question.kind:
        case QuestionKind.MATURITY:
            return _levels(found)
        case QuestionKind.SINGLE_CHOICE | QuestionKind.MULTI_CHOICE:
            return _options(found)
        case QuestionKind.NUMBER | QuestionKind.PERCENTAGE:
            return _spreads(found)
        case QuestionKind.PERCENTAGE_SPLIT:
            return _medians(found)
        case QuestionKind.LONG_TEXT:
            return iter(())


def _levels(found: QuestionResults) -> Figures:
    for name, agreed in found.agreements:
        for level, count in agreed.counts:
            yield (name, level, count, agreed.answered, agreed.of, agreed.a, agreed.words)


def _options(found: QuestionResults) -> Figures:
    for option in found.options:
        counts = (option.count, *option.by_region)
        for group, count in zip(found.groups, counts, strict=True):
            yield (group.name, option.label, count, group.answered, group.of, None, "")


def _spreads(found: QuestionResults) -> Figures:
    for group in found.numbers:
        if group.spread is not None:
            marks = {
                "minimum": group.spread.minimum,
                "q1": group.spread.q1,
                "median": group.spread.median,
                "q3": group.spread.q3,
                "maximum": group.spread.maximum,
            }
            for name, value in marks.items():
                yield (group.name, name, value, group.spread.n, group.spread.of, None, "")


def _medians(found: QuestionResults) -> Figures:
    answered = (found.national.answered, found.national.of)
    for part, value in zip(found.question.parts, found.median_split, strict=False):
        yield (found.national.name, f"median of {part.label}", value, *answered, None, "")
