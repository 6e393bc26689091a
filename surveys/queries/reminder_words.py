"""The words of reminders: the placeholders that stand in them, and what the usual ones say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from surveys.wording import counted

PLACEHOLDERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "name": "the name of the person",
        "system": "the system",
        "round": "the title of the round",
        "deadline": "the day and time of the system's deadline",
        "time_left": "how far off the deadline is, such as “in 7 days” or “2 days ago”",
        "left": "what the person has left to do, as a sentence",
        "link": "the address of the page on which they do it",
    }
)
"""What may stand in braces in a reminder, and what it becomes."""

_IN_BRACES: Final = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Wording:
    """A subject and a text, with placeholders."""

    subject: str
    body: str


def wording_problems(wording: Wording) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a wording: "subject" or "body", and a sentence that says what to do."""
    for place, text in (("subject", wording.subject), ("body", wording.body)):
        unknown = [name for name in _IN_BRACES.findall(text) if name not in PLACEHOLDERS]
        if unknown:
            known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
            yield place, f"There is no placeholder {{{unknown[0]}}}. Use one of these: {known}"
        elif re.search(r"[{}]", _IN_BRACES.sub("", text)):
            yield place, "Close every brace: a placeholder is written as {deadline}"
    if "{link}" in wording.subject:
        yield "subject", "Put {link} into the text: an address in a subject cannot be followed"
    if "{link}" not in wording.body:
        yield "body", "Put {link} into the text, so that people find the page on which they go on"


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with a value in the place of each placeholder. Braces in a value stay as they are.

    Raises KeyError for a placeholder without a value.
    """
    return _IN_BRACES.sub(lambda found: values[found[1]], text)


def when_in_words(days_before: int | None) -> str:
    """Return when a planned reminder goes out: "7 days before the deadline"; None: when answering begins."""
    if days_before is None:
        return "when answering begins"
    if days_before == 0:
        return "on the day of the deadline"
    return f"{counted(abs(days_before), 'day')} {'before' if days_before > 0 else 'after'} the deadline"


BEFORE: Final = Wording(
    subject="{round}: {system}, deadline {time_left}",
    body=(
        "Hello {name},\n\n"
        "this is a reminder of {round} for {system}. Deadline: {deadline}, {time_left}.\n\n"
        "{left}\n\n"
        "Go on here:\n\n"
        "{link}\n\n"
        "Everything is saved as you go, and you can come back to it."
    ),
)
"""What the usual reminders before the deadline say, and what one that is sent now begins with."""

OVERDUE: Final = Wording(
    subject="{round}: {system} is overdue",
    body=(
        "Hello {name},\n\n"
        "the deadline of {system} in {round} was {deadline}, {time_left}, and nothing has been submitted.\n\n"
        "{left}\n\n"
        "If you need more time, ask the programme team for an extension. See where things stand here:\n\n"
        "{link}"
    ),
)
"""What the usual reminder after the deadline says."""

OPENING: Final = Wording(
    subject="{round} is open for {system}",
    body=(
        "Hello {name},\n\n"
        "{round} is open for {system}. Deadline: {deadline}, {time_left}.\n\n"
        "{left}\n\n"
        "Begin here:\n\n"
        "{link}\n\n"
        "Everything is saved as you go, and you can come back to it."
    ),
)
"""What the invitation says, which goes out when answering begins."""

TO_SEND: Final[Mapping[str, Wording]] = MappingProxyType({"opening": OPENING, "overdue": OVERDUE})
"""What a message that is sent now can begin with instead of BEFORE, by the word in an address."""

USUAL: Final[Mapping[int | None, Wording]] = MappingProxyType(
    {None: OPENING, 30: BEFORE, 7: BEFORE, 1: BEFORE, -1: OVERDUE}
)
"""What is usually planned, by the days before the deadline; None for the invitation."""
