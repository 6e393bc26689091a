"""Reading a file of answers to a questionnaire."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from surveys.actions.answer_imports import GivenAnswer
from surveys.actions.row_problems import RowsRefused
from surveys.imports.answers import read_answers
from surveys.questionnaires.responses import Response
from tests.factories import SMALL_CONTENT

HEADER = "organisation_code,question_code,answer,comment,not_applicable_reason,other,consent"


def write(folder: Path, *lines: str) -> Path:
    path = folder / "answers.csv"
    path.write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")
    return path


def test_rows_become_responses(tmp_path: Path) -> None:
    file = read_answers(
        write(
            tmp_path,
            'QXU,linked_data,3,"Nearly there, says the board",,,',
            "Sussex,shared_platform,,,No platform is planned,,",
            "QXU,sectors,acute;other,,,The fire service,",
            "QXU,peer_offer,Ask us,,,,Yes",
            "QXU,practice_share,,,,,",
        ),
        SMALL_CONTENT,
    )

    assert file.name == "answers.csv"
    assert len(file.sha256) == 64
    assert file.answers == (
        GivenAnswer(2, "QXU", "linked_data", Response(level=3, comment="Nearly there, says the board")),
        GivenAnswer(
            3, "Sussex", "shared_platform", Response(not_applicable=True, reason="No platform is planned")
        ),
        GivenAnswer(4, "QXU", "sectors", Response(options=("acute", "other"), other="The fire service")),
        GivenAnswer(5, "QXU", "peer_offer", Response(text="Ask us", consent=True)),
        GivenAnswer(6, "QXU", "practice_share", Response()),
    )


def test_only_three_columns_are_needed(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("Organisation code,Question code,Answer\nQXU,analysts,12.5\n", encoding="utf-8")

    assert read_answers(path, SMALL_CONTENT).answers == (
        GivenAnswer(2, "QXU", "analysts", Response(number=Decimal("12.5"))),
    )


def test_every_wrong_cell_is_reported(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        ",linked_data,3,,,,",
        "QXU,,3,,,,",
        "QXU,linked_date,3,,,,",
        "QXU,weather,sunny,,,,",
        "QXU,linked_data,9,,,,",
        "QXU,peer_offer,Ask us,,,,maybe",
    )

    with pytest.raises(RowsRefused) as refused:
        read_answers(path, SMALL_CONTENT)

    assert [str(problem) for problem in refused.value.problems] == [
        "row 2, column organisation_code: It is blank. Fill it in: whose answer it is.",
        "row 3, column question_code: It is blank. Fill it in: which question it answers.",
        (
            "row 4, column question_code: The round's questionnaire has no question “linked_date”. "
            "Did you mean linked_data?"
        ),
        (
            "row 5, column question_code: The round's questionnaire has no question “weather”. "
            "Look the code up in the questionnaire."
        ),
        "row 6, column answer: “9” is not one of its levels. Write the level's number: 1, 2, 3, 4, 5.",
        "row 7, column consent: “maybe” is not known here. Use one of: yes, no.",
    ]
