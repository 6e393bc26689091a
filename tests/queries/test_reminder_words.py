"""The words of reminders and the placeholders in them."""

from __future__ import annotations

import pytest

from surveys.queries.reminder_words import (
    PLACEHOLDERS,
    TO_SEND,
    USUAL,
    Wording,
    filled,
    when_in_words,
    wording_problems,
)


def problems(subject: str, body: str) -> list[tuple[str, str]]:
    return list(wording_problems(Wording(subject, body)))


def test_the_usual_reminders_can_be_sent() -> None:
    for wording in (*USUAL.values(), *TO_SEND.values()):
        assert list(wording_problems(wording)) == []
        assert filled(wording.body, dict.fromkeys(PLACEHOLDERS, "X")).count("{") == 0


@pytest.mark.parametrize(
    ("subject", "body", "place", "said"),
    [
        ("Hello {nmae}", "{link}", "subject", "There is no placeholder {nmae}. Use one of these: {name}"),
        ("Hello", "{link} {Name}", "body", "There is no placeholder {Name}."),
        ("Hello", "{link} { name }", "body", "There is no placeholder { name }."),
        ("Hello", "{link} {}", "body", "There is no placeholder {}."),
        ("Hello", "{link} {name", "body", "Close every brace"),
        ("Hello }", "{link}", "subject", "Close every brace"),
        ("Go to {link}", "{link}", "subject", "Put {link} into the text: an address"),
        ("Hello", "Hello {name}", "body", "Put {link} into the text, so that people find"),
        ("Hello", "{link} {{name}}", "body", "Close every brace"),
    ],
)
def test_a_placeholder_is_known_and_whole(subject: str, body: str, place: str, said: str) -> None:
    [(where, problem)] = problems(subject, body)
    assert where == place
    assert problem[: len(said)] == said


def test_what_is_filled_in_is_not_filled_in_again() -> None:
    assert filled("Hello {name}: {link}", {"name": "{link}", "link": "x"}) == "Hello {link}: x"


def test_days_are_written_as_people_say_them() -> None:
    assert [when_in_words(days) for days in (30, 1, 0, -1, -14)] == [
        "30 days before the deadline",
        "1 day before the deadline",
        "on the day of the deadline",
        "1 day after the deadline",
        "14 days after the deadline",
    ]
