"""What is wrong with a questionnaire file, said so that its author can mend it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """`file` as given to the reader; `code` of the question (or other part) concerned, empty for the whole
    file.

    `message` says what is wrong and `mend` what to do, each a sentence.
    """

    file: str
    code: str
    message: str
    mend: str

    def __str__(self) -> str:
        where = f"{self.file}, {self.code}" if self.code else self.file
        return f"{where}: {self.message} {self.mend}"


class QuestionnaireError(Exception):
    """A questionnaire cannot be used. `problems` holds every problem found, never none."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))
