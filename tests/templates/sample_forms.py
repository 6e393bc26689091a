"""A form with every control that the template pack draws."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms


@dataclass(frozen=True)
class Choice:
    """The label of a choice: how it reads, what explains it, and the field that choosing it reveals."""

    text: str
    hint: str = ""
    reveals: str = ""

    def __str__(self) -> str:
        return self.text


LEVELS = (
    ("1", Choice("1 Starting", "Work is done case by case. Nobody owns it.")),
    ("2", Choice("2 Developing", "A plan exists. Some of it is under way.")),
    ("3", Choice("3 Established", "The plan is carried out everywhere. It has an owner & a budget.")),
)


class ThreePartDate(forms.MultiWidget):
    """A date in three inputs."""

    def __init__(self) -> None:
        numeric = {"inputmode": "numeric"}
        super().__init__(
            {
                name.lower(): forms.TextInput(
                    {**numeric, "aria-label": name, "class": f"nhsuk-input--width-{width}"}
                )
                for name, width in (("Day", 2), ("Month", 2), ("Year", 4))
            }
        )

    def decompress(self, value: str | None) -> list[str]:
        """Return day, month and year of a date written as 31/3/2026."""
        return value.split("/") if value else ["", "", ""]


class EveryControl(forms.Form):
    """Nothing in it may be left empty, so that posting nothing shows every error."""

    text = forms.CharField(label="Organisation", help_text="Its full name", max_length=80)
    email = forms.EmailField(label="E-mail address", widget=forms.EmailInput({"autocomplete": "email"}))
    password = forms.CharField(
        label="Password",
        widget=forms.PasswordInput({"autocomplete": "new-password", "class": "nhsuk-input--width-20"}),
    )
    number = forms.DecimalField(
        label="Share of records", min_value=0, widget=forms.TextInput({"inputmode": "decimal"})
    )
    date = forms.DateField(label="Opens on", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    moment = forms.SplitDateTimeField(
        label="Closes at",
        help_text="London time",
        widget=forms.SplitDateTimeWidget(
            date_attrs={"type": "date", "aria-label": "Date"},
            time_attrs={"type": "time", "aria-label": "Time"},
            date_format="%Y-%m-%d",
        ),
    )
    founded = forms.MultiValueField(
        label="Founded on", fields=[forms.CharField() for _ in range(3)], widget=ThreePartDate()
    )
    summary = forms.CharField(label="Summary", widget=forms.Textarea({"rows": 3}), max_length=20)
    evidence = forms.CharField(
        label="Evidence",
        help_text="In your own words",
        widget=forms.Textarea({"data-maxwords": "5", "rows": 3}),
    )
    remark = forms.CharField(label="Remark", widget=forms.Textarea({"rows": 2}))
    region = forms.ChoiceField(label="Region", choices=[("", "Choose one"), ("Y58", "South West")])
    level = forms.ChoiceField(label="How is data shared?", choices=LEVELS, widget=forms.RadioSelect)
    applies = forms.ChoiceField(
        label="Does this apply to you?",
        help_text="Think of the whole system",
        choices=[("yes", Choice("Yes")), ("no", Choice("No, not applicable", reveals="reason"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label="Why does it not apply?")
    topics = forms.MultipleChoiceField(
        label="Which topics?",
        choices=[("skills", Choice("Skills", "Training and careers")), ("tools", Choice("Tools"))],
        widget=forms.CheckboxSelectMultiple,
    )
    consent = forms.BooleanField(label="These answers may be shared", help_text="With other systems")
    workbook = forms.FileField(label="Workbook")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> None:
        """Refuse the whole form when asked to."""
        if self.data.get("refuse"):
            self.add_error(None, "These answers do not fit together")


EveryControl.base_fields["number"].suffix = "%"  # type: ignore[attr-defined]  # the pack reads it, Django has no such name
