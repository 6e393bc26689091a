"""What is wrong with a questionnaire file, said so that its author can mend it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """`file` as given to the reader; `code` of the question (or other part) concerned, empty for the whole
    file.

    `message` says what is wrong and `mend` what to do, each a sentence. `place` says where in a workbook it
    is, empty for other files. `path` is what it concerns in the document, when that is its shape.
    """

    file: str
    code: str
    message: str
    mend: str
    place: str = ""
    path: tuple[str | int, ...] = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        where = ", ".join(filter(None, (self.file, self.place, self.code)))
        return f"{where}: {self.message} {self.mend}"


class QuestionnaireError(Exception):
    """A questionnaire cannot be used. `problems` holds every problem found, never none."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))
