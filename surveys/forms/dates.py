"""Days and times as people type them: a day, a month and a year, and a time in the time of Europe/London."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

EARLIEST_YEAR, LATEST_YEAR = 2000, 2100

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", re.ASCII | re.IGNORECASE)
# Not midnight: people do not agree on whether it begins or ends a day.
_MIDDAY = frozenset({"midday", "noon"})


class PartsWidget(forms.MultiWidget):
    """Text inputs side by side, each with its own label. What was typed is shown again as it was."""

    def __init__(self, labels: Sequence[str]) -> None:
        width = {"Year": "nhsuk-input--width-4", "Time": "nhsuk-input--width-5"}
        super().__init__(
            {
                label.lower(): forms.TextInput(
                    {
                        "aria-label": label,
                        "class": width.get(label, "nhsuk-input--width-2"),
                        "autocomplete": "off",
                        **({} if label == "Time" else {"inputmode": "numeric"}),
                    }
                )
                for label in labels
            }
        )
        self.labels = labels

    def decompress(self, value: Any) -> list[str]:
        """Return the text of each input for a date or an aware moment; empty texts for None."""
        if value is None:
            return [""] * len(self.labels)
        local = timezone.localtime(value) if isinstance(value, datetime.datetime) else value
        parts = [str(local.day), str(local.month), str(local.year)]
        return parts if len(self.labels) == len(parts) else [*parts, f"{local:%H:%M}"]


class DayField(forms.Field):
    """A day. Cleans to a date from 2000 to 2100, or None when it is not required and empty."""

    labels: tuple[str, ...] = ("Day", "Month", "Year")

    def __init__(self, *, label: str, **options: Any) -> None:
        super().__init__(label=label, widget=PartsWidget(self.labels), **options)

    def clean(self, value: Any) -> Any:
        """Return what was typed as a date or a moment. Raises ValidationError in plain English."""
        typed = [str(part or "").strip() for part in value or [""] * len(self.labels)]
        if not any(typed):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        return self.from_parts(typed)

    def from_parts(self, typed: list[str]) -> datetime.date:
        """Return the day of three texts."""
        missing = [label.lower() for label, part in zip(self.labels, typed, strict=True) if not part]
        if missing:
            raise ValidationError(f"{self.label} must include a {' and a '.join(missing)}", code="incomplete")
        try:
            day, month, year = _whole(typed[0]), _month(typed[1]), _whole(typed[2])
            if not EARLIEST_YEAR <= year <= LATEST_YEAR:
                raise ValidationError(
                    f"{self.label} must have a year from {EARLIEST_YEAR} to {LATEST_YEAR}, such as 2026",
                    code="year",
                )
            return datetime.date(year, month, day)
        except ValueError as error:
            raise ValidationError(
                f"{self.label} must be a real date, such as 27 3 2026", code="invalid"
            ) from error


class MomentField(DayField):
    """A day and a time in Europe/London. Cleans to an aware moment."""

    labels = ("Day", "Month", "Year", "Time")

    def from_parts(self, typed: list[str]) -> datetime.datetime:
        """Return the moment of four texts. A time that the clock skips or shows twice is refused."""
        day = super().from_parts(typed)
        return self._in_london(datetime.datetime.combine(day, self._time(typed[3])))

    def _time(self, typed: str) -> datetime.time:
        try:
            return _time(typed)
        except ValueError as error:
            raise ValidationError(
                f"{self.label} must have a real time, such as 17:00 or 5pm", code="time"
            ) from error

    def _in_london(self, naive: datetime.datetime) -> datetime.datetime:
        zone = timezone.get_default_timezone()
        moment = naive.replace(tzinfo=zone)
        if moment.astimezone(datetime.UTC).astimezone(zone).replace(tzinfo=None) != naive:
            raise ValidationError(
                f"{self.label} does not exist: the clocks go forward that night. Choose a time before 1am or "
                "from 2am",
                code="skipped",
            )
        if moment.utcoffset() != moment.replace(fold=1).utcoffset():
            raise ValidationError(
                f"{self.label} comes twice: the clocks go back that night. Choose a time before 1am or from "
                "2am",
                code="twice",
            )
        return moment


def _whole(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit()):
        raise ValueError(typed)
    return int(typed)


def _month(typed: str) -> int:
    start = typed[:3].lower()
    return _MONTHS.index(start) + 1 if start in _MONTHS else _whole(typed)


def _time(typed: str) -> datetime.time:
    if typed.lower() in _MIDDAY:
        return datetime.time(12)
    found = _TIME.fullmatch(typed)
    if found is None:
        raise ValueError(typed)
    return datetime.time(_hour(int(found[1]), (found[3] or "").lower()), int(found[2] or 0))


def _hour(hour: int, half: str) -> int:
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + (12 if half == "pm" else 0)
