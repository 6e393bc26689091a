"""A questionnaire out of the sheets of its workbook, or everything that is wrong, with sheet and cell."""

from collections.abc import Sequence

from surveys.questionnaires.loading import read_document
from surveys.questionnaires.problems import Problem, QuestionnaireError
from surveys.questionnaires.schema import Questionnaire
from surveys.questionnaires.shape import MOST_TOLD
from surveys.questionnaires.workbook.assembly import Assembly
from surveys.questionnaires.workbook.locating import located
from surveys.questionnaires.workbook.rows import GivenRows, GivenSheet


def read_questionnaire(
    sheets: Sequence[GivenSheet], name: str, previous: Questionnaire | None = None
) -> Questionnaire:
    """Read the sheets of a workbook; `name` is what problems call the file.

    With `previous`, the comparison map is checked against it. Raises QuestionnaireError, whose problems say
    in which cell or row they are.
    """
    rows = GivenRows(sheets, name)
    # A code that cannot be read would make everything that belongs to it a problem as well.
    _require_none(rows.problems, name)
    assembly = Assembly(rows)
    assembly.assemble()
    _require_none(rows.problems, name)
    try:
        return read_document(assembly.content, name, previous)
    except QuestionnaireError as error:
        raise QuestionnaireError(tuple(located(problem, assembly) for problem in error.problems)) from error


def _require_none(problems: Sequence[Problem], name: str) -> None:
    """Raise QuestionnaireError with as many of the problems as anybody reads, if there are any."""
    told = tuple(problems[:MOST_TOLD])
    more = len(problems) - len(told)
    if more:
        message = f"There are {more:,} more problems like these."
        told = (*told, Problem(name, "", message, "Mend those above first."))
    if told:
        raise QuestionnaireError(told)
