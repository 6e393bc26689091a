from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.questionnaires.responses import (
    Response,
    ResponseProblem,
    check,
    has_value,
    is_answered,
    is_not_applicable,
    missing,
    word_count,
)
from surveys.questionnaires.schema import Question
from tests.questionnaires.examples import example

EVERY_KIND = example("every_kind")
LEFT_OUT = Response(not_applicable=True, reason="We have none.")


def said(code: str, response: Response) -> list[tuple[str, str]]:
    return [(problem.field, problem.message) for problem in check(EVERY_KIND.question(code), response)]


def parts(**numbers: int | str) -> Response:
    return Response(parts=tuple((code, Decimal(number)) for code, number in numbers.items()))


@pytest.mark.parametrize(
    ("code", "response"),
    [
        ("catalogue", Response(level=4, comment="Checked in May.")),
        ("catalogue", LEFT_OUT),
        ("owner", Response(options=("partly",))),
        ("sources", Response(options=("wards", "elsewhere"), other="A council")),
        ("sources", Response(options=("nowhere",))),
        ("analysts", Response(number=Decimal("2000.0"))),
        ("analysts", Response(number=Decimal("12.5000"))),
        ("trained", Response(number=Decimal(0))),
        ("time", parts(reports=60, studies=40)),
        ("plans", Response(text="one two three\nfour five", consent=False)),
    ],
)
def test_a_good_answer_of_each_kind_is_accepted_and_counts_as_answered(code: str, response: Response) -> None:
    question = EVERY_KIND.question(code)

    assert check(question, response) == ()
    assert is_answered(question, response)


@pytest.mark.parametrize("question", EVERY_KIND.questions, ids=lambda question: question.code)
def test_nothing_is_no_problem_but_is_no_answer(question: Question) -> None:
    assert check(question, Response()) == ()
    assert not is_answered(question, Response())


@pytest.mark.parametrize(
    ("code", "response"),
    [
        ("catalogue", Response(comment="Only a comment")),
        ("plans", Response(text=" \n ")),
        ("sources", Response(other="Text beside nothing")),
        ("analysts", Response(level=3)),
    ],
)
def test_words_around_an_answer_are_not_an_answer(code: str, response: Response) -> None:
    assert not has_value(EVERY_KIND.question(code), response)


@pytest.mark.parametrize(
    ("code", "response", "field", "message"),
    [
        ("catalogue", Response(level=5), "level", "Choose one of the levels shown"),
        ("catalogue", Response(level=0), "level", "Choose one of the levels shown"),
        ("owner", Response(options=("maybe",)), "options", "Choose from the options shown"),
        ("owner", Response(options=("yes", "yes")), "options", "Choose from the options shown"),
        ("owner", Response(options=("yes", "no")), "options", "Choose one option only"),
        (
            "sources",
            Response(options=("nowhere", "wards")),
            "options",
            "Choose “Nowhere” alone, or take it out of your choice",
        ),
        (
            "sources",
            Response(options=("wards", "clinics", "elsewhere"), other="A council"),
            "options",
            "Choose 2 options or fewer. You chose 3.",
        ),
        ("sources", Response(options=("elsewhere",)), "other", "Say what you mean by “Somewhere else”"),
        (
            "sources",
            Response(options=("wards",), other="A council"),
            "other",
            "Choose “Somewhere else”, or clear the text beside it",
        ),
        (
            "sources",
            Response(options=("elsewhere",), other="a" * 301),
            "other",
            "Use 300 characters or fewer. You used 301.",
        ),
        ("owner", Response(other="A council"), "other", "This question has no option that takes text"),
        ("catalogue", Response(other="A council"), "other", "This question has no option that takes text"),
        ("analysts", Response(number=Decimal(-1)), "number", "Enter a number between 0 and 2,000"),
        ("analysts", Response(number=Decimal("2000.1")), "number", "Enter a number between 0 and 2,000"),
        ("analysts", Response(number=Decimal("NaN")), "number", "Enter a number between 0 and 2,000"),
        ("analysts", Response(number=Decimal("sNaN")), "number", "Enter a number between 0 and 2,000"),
        ("analysts", Response(number=Decimal("-Infinity")), "number", "Enter a number between 0 and 2,000"),
        ("analysts", Response(number=Decimal("1e999999")), "number", "Enter a number between 0 and 2,000"),
        (
            "analysts",
            Response(number=Decimal("1.25")),
            "number",
            "Enter a number with no more than 1 decimal place",
        ),
        ("trained", Response(number=Decimal(101)), "number", "Enter a percentage between 0 and 100"),
        ("trained", Response(number=Decimal("1.5")), "number", "Enter a whole percentage"),
        ("time", parts(reports=55, studies=40), "parts", "The parts must add up to 100. They add up to 95."),
        (
            "time",
            parts(reports=100, studies=100),
            "parts",
            "The parts must add up to 100. They add up to 200.",
        ),
        ("time", parts(reports=100, lunch=0), "parts", "Answer each of the parts shown, once"),
        (
            "time",
            Response(parts=(("reports", Decimal(50)), ("reports", Decimal(50)))),
            "parts",
            "Answer each of the parts shown, once",
        ),
        ("time", parts(reports=101), "parts.reports", "Enter a number between 0 and 100"),
        ("time", parts(reports=100, rest="NaN"), "parts.rest", "Enter a number between 0 and 100"),
        ("time", parts(reports="99.5", rest="0.5"), "parts.reports", "Enter a whole number"),
        ("plans", Response(text="a b c d e f"), "text", "Use 5 words or fewer. You used 6."),
        ("plans", Response(text="a" * 20_001), "text", "Use 20,000 characters or fewer. You used 20,001."),
        ("plans", Response(comment="Why?"), "comment", "This question takes no comment"),
        ("catalogue", Response(level=1, consent=True), "consent", "This question does not ask for agreement"),
        (
            "catalogue",
            Response(comment="a" * 5_001),
            "comment",
            "Use 5,000 characters or fewer. You used 5,001.",
        ),
        (
            "catalogue",
            Response(comment="a\0b"),
            "comment",
            "The text has characters that cannot be stored. Paste it as plain text, or type it.",
        ),
        (
            "plans",
            Response(text="a \ud800"),
            "text",
            "The text has characters that cannot be stored. Paste it as plain text, or type it.",
        ),
        ("catalogue", Response(number=Decimal(1)), "number", "This question is not answered with a number"),
        ("analysts", Response(text="twelve"), "text", "This question is not answered with text"),
        ("plans", Response(level=1), "level", "This question is not answered with a level"),
        ("catalogue", Response(not_applicable=True), "reason", "Say why this question does not apply"),
        (
            "catalogue",
            Response(not_applicable=True, reason=" "),
            "reason",
            "Say why this question does not apply",
        ),
        (
            "catalogue",
            replace(LEFT_OUT, reason="a" * 1_001),
            "reason",
            "Use 1,000 characters or fewer. You used 1,001.",
        ),
        (
            "catalogue",
            replace(LEFT_OUT, level=2),
            "not_applicable",
            "Give an answer or choose “not applicable”, not both",
        ),
        ("owner", LEFT_OUT, "not_applicable", "This question cannot be marked “not applicable”"),
        (
            "catalogue",
            Response(level=2, reason="We have none."),
            "reason",
            "Choose “not applicable”, or clear the reason for it",
        ),
    ],
)
def test_what_is_wrong_is_said_to_the_person_beside_its_field(
    code: str, response: Response, field: str, message: str
) -> None:
    assert (field, message) in said(code, response)


@pytest.mark.parametrize(
    ("minimum", "maximum", "message"),
    [
        (Decimal(5), None, "Enter a number that is 5 or more"),
        (None, Decimal("-0.5"), "Enter a number that is -0.5 or less"),
        (None, None, "Enter a number below 100,000,000,000"),
    ],
)
def test_a_range_is_said_as_far_as_the_question_has_one(
    minimum: Decimal | None, maximum: Decimal | None, message: str
) -> None:
    question = replace(EVERY_KIND.question("analysts"), minimum=minimum, maximum=maximum)
    number = Decimal(10) ** 11 if minimum is None else Decimal(4)

    assert check(question, Response(number=number)) == (ResponseProblem("number", message),)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert said("analysts", Response(number=Decimal("NaN"), comment="\x07", reason="None", level=2)) == [
        ("reason", "Choose “not applicable”, or clear the reason for it"),
        ("level", "This question is not answered with a level"),
        ("number", "Enter a number between 0 and 2,000"),
        ("comment", "The text has characters that cannot be stored. Paste it as plain text, or type it."),
    ]


def test_an_option_that_means_not_applicable_stands_alone_and_says_so() -> None:
    question = replace(EVERY_KIND.question("owner"), kind=EVERY_KIND.question("sources").kind)

    assert is_not_applicable(question, Response(options=("shared",)))
    assert not is_not_applicable(question, Response(options=("yes",)))
    assert check(question, Response(options=("shared", "yes"))) == (
        ResponseProblem("options", "Choose “Another organisation” alone, or take it out of your choice"),
    )


def test_only_required_questions_without_an_answer_are_missing() -> None:
    answered = {
        "catalogue": LEFT_OUT,
        "owner": Response(options=("yes",)),
        "training": Response(comment="Later"),
    }

    assert missing(EVERY_KIND, {}) == ("catalogue", "owner", "training")
    assert missing(EVERY_KIND, answered) == ("training",)


@pytest.mark.parametrize(
    ("text", "words"), [("", 0), ("one", 1), (" one\ttwo\n\nthree ", 3), ("well-known fact", 2), ("a / b", 3)]
)
def test_words_are_what_white_space_separates(text: str, words: int) -> None:
    assert word_count(text) == words


ANY_TEXT = st.text(max_size=20)
ANY_NUMBER = st.decimals(allow_nan=True, allow_infinity=True)
CODES = st.sampled_from(["yes", "no", "wards", "nowhere", "elsewhere", "reports", "rest", "", "zz"])


@given(
    st.sampled_from(EVERY_KIND.questions),
    st.builds(
        Response,
        level=st.none() | st.integers(),
        options=st.lists(CODES, max_size=4).map(tuple),
        number=st.none() | ANY_NUMBER,
        parts=st.lists(st.tuples(CODES, ANY_NUMBER), max_size=4).map(tuple),
        text=ANY_TEXT,
        other=ANY_TEXT,
        consent=st.none() | st.booleans(),
        comment=ANY_TEXT,
        not_applicable=st.booleans(),
        reason=ANY_TEXT,
    ),
)
def test_no_response_however_odd_breaks_the_check(question: Question, response: Response) -> None:
    for problem in check(question, response):
        assert problem.message.rstrip(".") != ""
        assert problem.field.split(".")[0] in Response.__dataclass_fields__
