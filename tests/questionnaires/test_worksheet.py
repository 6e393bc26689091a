"""What stands in the cells of a question, and how what people put there is read."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.questionnaires.document import is_storable
from surveys.questionnaires.responses import EMPTY, Response, check
from surveys.questionnaires.schema import NotApplicable, Option, Part, Question, QuestionKind
from surveys.questionnaires.worksheet import (
    CONSENT_ROW,
    OTHER_ROW,
    QUESTION_ROW,
    TEXT_ROW,
    Heading,
    answer_cells,
    option_row,
    part_row,
    place_of,
    rows_of,
)
from surveys.questionnaires.worksheet_reading import GivenCell, cell_text, read_question, settled
from tests.factories import level_set

MATURITY = Question(
    "linked", QuestionKind.MATURITY, "How linked?", levels=level_set(), not_applicable=NotApplicable()
)
CHOICE = Question(
    "clarity",
    QuestionKind.SINGLE_CHOICE,
    "How clear?",
    options=(
        Option("clear", "Clear"),
        Option("same", "Not sure"),
        Option("other_same", "Not sure"),
        Option("else", "Something else", other=True),
    ),
)
MANY = Question(
    "sectors",
    QuestionKind.MULTI_CHOICE,
    "Which?",
    options=(Option("acute", "Acute"), Option("gp", "GPs"), Option("else", "Another", other=True)),
)
NUMBER = Question("staff", QuestionKind.NUMBER, "How many?", unit="WTE", decimals=1)
PERCENTAGE = Question("share", QuestionKind.PERCENTAGE, "What share?", unit="%")
SPLIT = Question(
    "split",
    QuestionKind.PERCENTAGE_SPLIT,
    "How split?",
    unit="%",
    total=Decimal(100),
    parts=(Part("a", "Reports"), Part("b", "Studies")),
)
TEXT = Question("offer", QuestionKind.LONG_TEXT, "What?", consent="May we show it?")
EVERY_KIND = (MATURITY, CHOICE, MANY, NUMBER, PERCENTAGE, SPLIT, TEXT)


def read(of: Question, /, comment: GivenCell = "", reason: GivenCell = "", **cells: GivenCell) -> Response:
    """The response in cells that can all be read; the row `question` is called so."""
    reading = read_question(of, cells, comment=comment, reason=reason)
    assert reading.problems == ()
    return reading.response


def problem(question: Question, cells: dict[str, GivenCell]) -> tuple[str, str]:
    """The field and the message of the one thing that is wrong."""
    (found,) = read_question(question, cells, comment="", reason="").problems
    return found.field, found.message


def test_a_question_has_a_row_for_each_thing_that_needs_a_cell() -> None:
    assert [[row.key for row in rows_of(question)] for question in EVERY_KIND] == [
        ["question"],
        ["question", "other"],
        ["question", "option acute", "option gp", "option else", "other"],
        ["question"],
        ["question"],
        ["question", "part a", "part b"],
        ["question", "text", "consent"],
    ]


def test_choices_are_offered_in_words_and_apart_from_one_another() -> None:
    assert rows_of(MATURITY)[0].choices == (
        "1 Ad hoc",
        "2 Patchy",
        "3 Established",
        "4 Embedded",
        "5 Leading",
    )
    assert rows_of(CHOICE)[0].choices == (
        "Clear",
        "Not sure (same)",
        "Not sure (other_same)",
        "Something else",
    )


@pytest.mark.parametrize(
    "cell",
    [
        "3 Established",
        "3",
        3.0,
        "Established",
        " 3   established ",
        "3: Established",
        "3. Established",
        "3 - Established",
        "3 \u2013 Established",
        "level 3",
    ],
)
def test_a_level_is_read_however_it_is_written(cell: GivenCell) -> None:
    assert read(MATURITY, question=cell) == Response(level=3)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("3 Leading", "“3 Leading”"),
        ("6", "“6”"),
        (3.5, "“3.5”"),
        ("3 or 4", "“3 or 4”"),
        (True, "“TRUE”"),
        (datetime.date(2025, 3, 1), "A date or a time (1 March 2025)"),
        ("x" * 200, f"“{'x' * 60}…”"),
    ],
)
def test_what_is_no_level_says_which_there_are(cell: GivenCell, said: str) -> None:
    levels = "“1 Ad hoc”, “2 Patchy”, “3 Established”, “4 Embedded”, “5 Leading”"
    message = f"{said} is not one of the levels. Choose from the list: {levels}."
    assert problem(MATURITY, {QUESTION_ROW: cell}) == ("level", message)


def test_not_applicable_in_the_answer_cell_asks_for_the_reason_in_its_own() -> None:
    assert problem(MATURITY, {QUESTION_ROW: " N/A "}) == (
        "level",
        "If the question does not apply, leave the answer blank and say why under “Why not applicable”.",
    )


def test_not_applicable_is_an_answer_like_others_where_the_question_always_applies() -> None:
    assert problem(NUMBER, {QUESTION_ROW: "n/a"}) == (
        "number",
        "“n/a” is not a number. Type the number alone, such as 12 or 3.5.",
    )


def test_a_reason_marks_the_question_as_not_applicable() -> None:
    assert read(MATURITY, reason=" No such data. ") == Response(not_applicable=True, reason="No such data.")


@pytest.mark.parametrize("cell", ["Clear", "clear", "CLEAR "])
def test_an_option_is_read_by_its_label_or_its_code(cell: GivenCell) -> None:
    assert read(CHOICE, question=cell) == Response(options=("clear",))


def test_options_of_the_same_label_need_their_code() -> None:
    assert read(CHOICE, question="Not sure (other_same)") == Response(options=("other_same",))
    assert read(CHOICE, question="same") == Response(options=("same",))
    assert problem(CHOICE, {QUESTION_ROW: "Not sure"}) == (
        "options",
        "“Not sure” is not one of the options. Choose one from the list.",
    )


def test_several_options_are_a_yes_each_and_blank_means_no() -> None:
    cells = {"option acute": "Yes", "option gp": "no", "option else": "x", "other": " Hospices "}
    assert read(MANY, **cells) == Response(options=("acute", "else"), other="Hospices")


@pytest.mark.parametrize("cell", ["Yes", "yes", "Y", "x", True, 1.0, "✓"])
def test_yes_is_read_however_it_is_written(cell: GivenCell) -> None:
    assert read(MANY, **{"option gp": cell}) == Response(options=("gp",))


@pytest.mark.parametrize("cell", ["No", "n", False, 0, None, "   "])
def test_no_is_read_however_it_is_written(cell: GivenCell) -> None:
    assert read(MANY, **{"option gp": cell}) == EMPTY


def test_what_is_neither_yes_nor_no_names_its_row() -> None:
    assert problem(MANY, {"option gp": "perhaps"}) == (
        "options.gp",
        "“perhaps” is neither “Yes” nor “No”. Choose one, or leave the cell blank.",
    )
    assert place_of(MANY, "options.gp") == ("option gp", Heading.ANSWER)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (12, "12"),
        (12.5, "12.5"),
        (0.1 + 0.2, "0.3"),
        ("1,250.5", "1250.5"),
        (" 12 wte ", "12"),
        ("-3", "-3"),
        (1e15, "1000000000000000"),
        (0, "0"),
    ],
)
def test_a_number_is_read_as_a_number_or_as_text(cell: GivenCell, number: str) -> None:
    assert read(NUMBER, question=cell) == Response(number=Decimal(number))


@pytest.mark.parametrize("cell", ["twelve", "1.2.3", "1,2", "=1+1", "1e5", "9" * 99, ".", "-"])
def test_what_is_no_number_says_so(cell: str) -> None:
    shown = f"{cell[:60]}…" if len(cell) > 60 else cell
    message = f"“{shown}” is not a number. Type the number alone, such as 12 or 3.5."
    assert problem(NUMBER, {QUESTION_ROW: cell}) == ("number", message)


@pytest.mark.parametrize(
    "cell",
    [datetime.datetime(2025, 1, 2, 3, 4), datetime.time(3, 4), datetime.timedelta(hours=30)],  # noqa: DTZ001 - as spreadsheets have them
)
def test_a_date_is_no_number(cell: GivenCell) -> None:
    assert problem(NUMBER, {QUESTION_ROW: cell})[1].startswith("A date or a time (")


@pytest.mark.parametrize("cell", [45.0, "45", "45%", " 45 % "])
def test_a_percentage_is_read_with_or_without_its_sign(cell: GivenCell) -> None:
    assert read(PERCENTAGE, question=cell) == Response(number=Decimal(45))


def test_a_percentage_that_the_spreadsheet_has_turned_into_a_fraction_is_noticed() -> None:
    assert problem(PERCENTAGE, {QUESTION_ROW: 0.45}) == (
        "number",
        "“0.45” is not a whole percentage. A spreadsheet turns 45% into 0.45, so type 45 alone.",
    )


def test_parts_are_read_from_their_rows_and_a_blank_one_is_left_out() -> None:
    assert read(SPLIT, **{"part a": 60, "part b": "40%"}) == Response(
        parts=(("a", Decimal(60)), ("b", Decimal(40)))
    )
    assert read(SPLIT, **{"part b": 40}) == Response(parts=(("b", Decimal(40)),))
    assert place_of(SPLIT, "parts.b") == ("part b", Heading.ANSWER)


def test_a_text_and_its_agreement_have_rows_of_their_own() -> None:
    assert read(TEXT, text=" Pipelines.\r\nTests. ", consent="yes") == Response(
        text="Pipelines.\nTests.", consent=True
    )


@pytest.mark.parametrize("question", [MANY, SPLIT, TEXT])
def test_an_answer_in_the_wrong_row_is_not_lost_in_silence(question: Question) -> None:
    assert problem(question, {QUESTION_ROW: "Acute"})[1] == (
        "“Acute” cannot be taken here. Answer in the rows below."
    )


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (12.0, "12"),
        (True, "TRUE"),
        (datetime.date(2025, 1, 3), "3 January 2025"),
        (datetime.datetime(2025, 1, 3), "3 January 2025"),  # noqa: DTZ001 - as spreadsheets have them
        (datetime.datetime(2025, 1, 3, 14, 5), "3 January 2025 14:05"),  # noqa: DTZ001 - as above
        (datetime.time(14, 5), "14:05:00"),
        (float("inf"), "Infinity"),
        (" a\r\nb\rc ", "a\nb\nc"),
    ],
)
def test_a_comment_may_be_anything_that_a_cell_holds(cell: GivenCell, text: str) -> None:
    assert cell_text(cell) == text


def test_every_field_has_a_cell_where_its_problem_is_shown() -> None:
    assert place_of(MATURITY, "level") == (QUESTION_ROW, Heading.ANSWER)
    assert place_of(MATURITY, "comment") == (QUESTION_ROW, Heading.COMMENT)
    assert place_of(MATURITY, "not_applicable") == (QUESTION_ROW, Heading.REASON)
    assert place_of(MATURITY, "reason") == (QUESTION_ROW, Heading.REASON)
    assert place_of(MANY, "options") == (QUESTION_ROW, Heading.ANSWER)
    assert place_of(MANY, "other") == (OTHER_ROW, Heading.ANSWER)
    assert place_of(SPLIT, "parts") == (QUESTION_ROW, Heading.ANSWER)
    assert place_of(TEXT, "text") == (TEXT_ROW, Heading.ANSWER)
    assert place_of(TEXT, "consent") == (CONSENT_ROW, Heading.ANSWER)
    assert (option_row("gp"), part_row("a")) == ("option gp", "part a")


def test_texts_that_a_workbook_has_only_trimmed_stay_as_they_were() -> None:
    before = Response(level=3, comment=" Two lines\r\n here. \ufffe", reason="")
    back = Response(level=3, comment="Two lines\n here. _xFFFE_")
    assert settled(back, before) == before
    assert settled(Response(level=4, comment="Two lines"), before) == Response(level=4, comment="Two lines")


def test_options_and_parts_in_another_order_stay_as_they_were() -> None:
    before = Response(options=("gp", "acute"), parts=(("b", Decimal(40)), ("a", Decimal("60.0"))))
    back = Response(options=("acute", "gp"), parts=(("a", Decimal(60)), ("b", Decimal(40))))
    assert settled(back, before) == before
    assert settled(Response(options=("gp",)), before) == Response(options=("gp",))


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40).filter(is_storable)
WHOLE_TEXTS = TEXTS.filter(lambda text: text == text.strip() and "\r" not in text)
VALUES: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "linked": st.builds(lambda level: {"level": level}, st.sampled_from([None, 1, 2, 3, 4, 5])),
    "clarity": st.builds(
        lambda codes: {"options": codes}, st.sampled_from([(), ("clear",), ("same",), ("other_same",)])
    ),
    "sectors": st.builds(
        lambda codes: {"options": codes}, st.sampled_from([(), ("acute",), ("acute", "gp")])
    ),
    "staff": st.builds(
        lambda number: {"number": number}, st.decimals(-10_000_000_000, 10_000_000_000, places=4)
    ),
    "share": st.builds(lambda number: {"number": Decimal(number)}, st.integers(0, 100)),
    "split": st.builds(
        lambda a: {"parts": (("a", Decimal(a)), ("b", Decimal(100 - a)))}, st.integers(0, 100)
    ),
    "offer": st.builds(
        lambda text, consent: {"text": text, "consent": consent},
        WHOLE_TEXTS,
        st.sampled_from([None, True, False]),
    ),
}


@given(
    st.sampled_from(EVERY_KIND).flatmap(lambda each: st.tuples(st.just(each), VALUES[each.code])), WHOLE_TEXTS
)
def test_what_is_written_is_read_back(drawn: tuple[Question, dict[str, Any]], comment: str) -> None:
    question, values = drawn
    response = Response(**values, comment=comment)
    cells = {
        key: float(cell) if isinstance(cell, Decimal) else cell
        for key, cell in answer_cells(question, response).items()
    }
    assert read(question, comment=comment, **cells) == response
    assert set(cells) == {row.key for row in rows_of(question)}
    assert question is NUMBER or check(question, response) == ()
