"""When an assessment may be answered, and the dates of it in words."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from surveys.models import Round

WITHDRAWN: Final = (
    "The system was withdrawn from the round, so nothing can be changed. Everything that it answered is kept."
)


def day_in_words(moment: datetime.datetime) -> str:
    """Return the day of a moment in the time zone of the service, such as "Friday 27 June 2025"."""
    local = timezone.localtime(moment)
    return f"{local:%A} {local.day} {local:%B} {local.year}"


def moment_in_words(moment: datetime.datetime) -> str:
    """Return a moment in the time zone of the service, such as "Friday 27 June 2025 at 5pm"."""
    local = timezone.localtime(moment)
    if (local.hour, local.minute) in {(0, 0), (12, 0)}:
        time = "midday" if local.hour else "midnight at the start of the day"
    else:
        minutes = f":{local.minute:02d}" if local.minute else ""
        time = f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"
    return f"{day_in_words(moment)} at {time}"


def days_in_words(days: int) -> str:
    """Return a whole number of days from today, 0 or more, as people say it."""
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days:,} days")


@dataclass(frozen=True)
class Window:
    """The time in which one assessment may be answered: from `opens_at` until just before `deadline`.

    `deadline` is the end of the latest extension, or the round's closing time `closes_at` if that is later.
    `reopened`: the extension was granted after the round had closed, to this system alone: only it counts.
    `withdrawn`: the system takes no part in the round any more.
    """

    round_status: str
    opens_at: datetime.datetime
    closes_at: datetime.datetime
    deadline: datetime.datetime
    reopened: bool = False
    withdrawn: bool = False

    @property
    def extended(self) -> bool:
        """Whether the assessment has a deadline of its own."""
        return self.deadline != self.closes_at

    @property
    def deadline_in_words(self) -> str:
        """The deadline with its day and time."""
        return moment_in_words(self.deadline)

    @property
    def closes_in_words(self) -> str:
        """The round's own closing time."""
        return moment_in_words(self.closes_at)

    @property
    def is_over(self) -> bool:
        """Whether the round is no longer open, nor this assessment by itself; or the system is withdrawn."""
        open_to_all = self.round_status in {Round.Status.DRAFT, Round.Status.OPEN}
        return self.withdrawn or not (self.reopened or open_to_all)

    def shut(self, now: datetime.datetime) -> str:
        """Return in plain English why nothing may be changed at `now`; empty when the window is open."""
        if self.withdrawn:
            return WITHDRAWN
        if self.round_status == Round.Status.DRAFT or now < self.opens_at:
            return (
                f"The round opens on {moment_in_words(self.opens_at)}. Nothing can be answered before then."
            )
        if self.round_status != Round.Status.OPEN and not self.reopened:
            return "The round is closed, so answers can no longer be changed."
        if now >= self.deadline:
            return (
                f"The deadline was {self.deadline_in_words}, so answers can no longer be changed. "
                "If you need more time, ask the programme team for an extension."
            )
        return ""

    def left(self, now: datetime.datetime) -> str:
        """Return how long is left at `now`, such as "in 12 days"; empty when the window is shut."""
        if self.shut(now):
            return ""
        return days_in_words((timezone.localtime(self.deadline).date() - timezone.localtime(now).date()).days)
