"""Questions as HTML: what is kept for others holds nobody's words, and everybody is shown their own."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from surveys.forms.answers import stored_form
from surveys.queries.answer_words import AnswerWords
from surveys.queries.assessments import StoredAnswer
from surveys.queries.flags import Flag, FlagCode
from surveys.queries.last_round import Beside, EarlierAnswer
from surveys.queries.section_page import QuestionEntry
from surveys.questionnaires.responses import Response
from surveys.questionnaires.schema import Question
from surveys.views.question_cards import QuestionCard
from tests.factories import SMALL_CONTENT

QUESTIONS = SMALL_CONTENT.questions_by_code
# Whatever makes a gap, a tag or a directive somewhere.
AWKWARD = (
    "{0} {version} {{comment}} {% now 'Y' %} %s </textarea><script>alert(1)</script> & \"quoted\" \\g<1> \n2"
)
RESPONSES = {
    "linked_data": Response(level=3, comment=AWKWARD),
    "shared_platform": Response(not_applicable=True, reason=AWKWARD),
    "practice_share": Response(number=Decimal("85.5"), comment=AWKWARD),
    "sectors": Response(options=("acute", "other"), other=AWKWARD),
    "training": Response(comment=AWKWARD),
    "analysts": Response(number=Decimal(0)),
    "time_split": Response(parts=(("reporting", Decimal(60)), ("strategy", Decimal("0.5")))),
    "clarity": Response(options=("unclear",), comment=AWKWARD),
    "peer_offer": Response(text=AWKWARD, consent=False),
}


def entry(
    question: Question, response: Response | None, *, version: int = 7, by: str = AWKWARD
) -> QuestionEntry:
    at = datetime.datetime(2026, 5, 1, 9, tzinfo=datetime.UTC)
    stored = None if response is None else StoredAnswer(response, version, by, at)
    return QuestionEntry(question, 4, stored, asked=True, condition="", suggested_lead="")


def beside(words: str, confirmable: Response | None = None) -> Beside:
    answer = EarlierAnswer(
        organisation_name="Ambleshire",
        own=True,
        part=False,
        response=Response(level=2),
        words=AnswerWords(words, words),
        answered=f"Answered by {words}.",
        signed=f"Signed by {words}.",
        level=2,
        released_as="",
    )
    return Beside(
        round_id=1,
        round_title="Last spring",
        new=False,
        comparable=True,
        relation=words,
        answers=(answer,),
        confirmable=confirmable,
    )


def put_together_for_itself(card: QuestionCard) -> str:
    """Return the HTML of a card without anything that was kept."""
    return replace(card, form=stored_form(card.entry)).html


@pytest.mark.parametrize("code", QUESTIONS)
def test_every_kind_of_question_says_what_it_would_say_without_anything_kept(code: str) -> None:
    question = QUESTIONS[code]
    for response in (None, Response(), RESPONSES.get(code), Response(comment="Short.")):
        for before in (None, beside(AWKWARD), beside("Hardly any", Response(level=2))):
            for flags in ((), (Flag(FlagCode.HIGH_LEVEL, AWKWARD),)):
                card = QuestionCard(
                    entry(question, response), "Skills", before=before, flags=flags, link="/questions/{1}/"
                )
                assert card.html == put_together_for_itself(card)


def test_a_question_that_is_worded_like_a_gap_is_shown_as_it_is() -> None:
    question = replace(QUESTIONS["linked_data"], text="{0} of {1}", help="{{ }} } {", why="{version!r:>3}")
    card = QuestionCard(entry(question, Response(level=3, comment="All of them.")))

    assert card.html == put_together_for_itself(card)
    assert [text in card.html for text in ("{0} of {1}", "{{ }} } {", "{version!r:&gt;3}")] == [True] * 3


def test_nobody_is_shown_the_words_of_another_who_answered_alike() -> None:
    question = QUESTIONS["linked_data"]

    def card(who: str, version: int) -> QuestionCard:
        answer = Response(level=3, comment=f"Comment of {who}.")
        told = (Flag(FlagCode.HIGH_LEVEL, f"Flag of {who}."),)
        return QuestionCard(
            entry(question, answer, version=version, by=who),
            before=beside(f"Words of {who}"),
            flags=told,
            link=f"/{who}/",
        )

    first, second = card("Lena", 41), card("Sven", 52)
    assert [("Lena" in card.html, "Sven" in card.html) for card in (first, second, first)] == [
        (True, False),
        (False, True),
        (True, False),
    ]
    assert [('value="41"' in card.html, 'value="52"' in card.html) for card in (first, second)] == [
        (True, False),
        (False, True),
    ]


def test_what_somebody_typed_is_text_and_never_markup() -> None:
    card = QuestionCard(entry(QUESTIONS["linked_data"], Response(level=3, comment=AWKWARD)))

    assert "<script>" not in card.html
    assert card.html.count("&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;") == 2
