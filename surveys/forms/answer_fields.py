"""The fields of an answer to a question of each kind, and the response that they hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django import forms

from surveys.forms.hints import HintedLabel
from surveys.questionnaires.responses import Response
from surveys.questionnaires.schema import Question, QuestionKind

# A code never begins with a colon, so these can stand among the codes of options.
UNANSWERED: Final = ":unanswered"
NOT_APPLICABLE: Final = ":not-applicable"
PART: Final = "part."
RADIO_KINDS: Final = frozenset({QuestionKind.MATURITY, QuestionKind.SINGLE_CHOICE})

_NUMBER = re.compile(r"[+-]?(\d{1,3}([, ]\d{3})+|\d+)?(\.\d+)?", re.ASCII)
_LONGEST_NUMBER = 60


class RevealingLabel(HintedLabel):
    """The label of a choice that shows the field called `reveals` when it is chosen."""

    reveals = ""


def revealing(label: str, hint: str, reveals: str) -> RevealingLabel:
    """Return the label of a choice with its hint and the name of the field that it reveals."""
    made = RevealingLabel(label, hint)
    made.reveals = reveals
    return made


class TextField(forms.CharField):
    """Text of one or more lines, never required. Line ends are made alike: browsers send their own."""

    def __init__(self, *, rows: int = 3, words: int | None = None, **options: Any) -> None:
        attributes = {"rows": rows} | ({"data-maxwords": words} if words else {})
        super().__init__(required=False, widget=forms.Textarea(attributes), **options)

    def to_python(self, value: Any) -> str:
        """Return the text without spaces around it."""
        text: str = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")


class NumberField(forms.CharField):
    """A number as people write it, never required: 1,250.5 and 45% are read; "abc" stays as it was typed."""

    def __init__(self, *, unit: str, **options: Any) -> None:
        attributes = {"inputmode": "decimal", "class": "nhsuk-input--width-5", "autocomplete": "off"}
        super().__init__(required=False, widget=forms.TextInput(attributes), **options)
        self.unit = unit
        self.suffix = unit

    def clean(self, value: Any) -> Decimal | None:
        """Return the number, or None for an empty field. Raises ValidationError in plain English."""
        typed = super().clean(value)
        if not typed:
            return None
        bare = typed.removesuffix(self.unit) if typed.endswith(self.unit) else typed.removesuffix("%")
        number = bare.strip()
        if len(number) > _LONGEST_NUMBER or not _NUMBER.fullmatch(number) or not number.strip("+-"):
            raise forms.ValidationError("Enter a number, such as 12 or 3.5", code="invalid")
        return Decimal(re.sub("[, ]", "", number))


def answer_fields(question: Question) -> dict[str, forms.Field]:
    """Return the fields of a question by name, in the order of the page."""
    return {**_value_fields(question), **_other_fields(question)}


def _value_fields(question: Question) -> dict[str, forms.Field]:
    match question.kind:
        case QuestionKind.MATURITY:
            levels = [
                (str(level.value), HintedLabel(f"{level.value} {level.name}", level.text))
                for level in question.levels
            ]
            return {"level": _radios(question, levels, "Choose one of the levels shown")}
        case QuestionKind.SINGLE_CHOICE:
            return {"options": _radios(question, _options(question), "Choose from the options shown")}
        case QuestionKind.MULTI_CHOICE:
            return {"options": _checkboxes(question)}
        case QuestionKind.NUMBER | QuestionKind.PERCENTAGE:
            return {"number": NumberField(label=question.text, help_text=question.help, unit=question.unit)}
        case QuestionKind.PERCENTAGE_SPLIT:
            return {
                f"{PART}{part.code}": NumberField(label=part.label, help_text=part.hint, unit=question.unit)
                for part in question.parts
            }
        case QuestionKind.LONG_TEXT:
            text = TextField(label=question.text, help_text=question.help, rows=8, words=question.max_words)
            return {"text": text} | ({"consent": _consent(question)} if question.consent else {})


def _other_fields(question: Question) -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {}
    if any(option.other for option in question.options):
        found["other"] = forms.CharField(label="Say what you mean", required=False)
    if question.not_applicable is not None:
        if question.kind not in RADIO_KINDS:
            label = revealing("This question does not apply to us", "", "reason")
            found["not_applicable"] = forms.MultipleChoiceField(
                label="If the question does not apply",
                choices=[("yes", label)],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        found["reason"] = TextField(label="Why does this question not apply?", rows=2)
    if question.comment_allowed:
        found["comment"] = TextField(label="Comment (optional)")
    return found


def _options(question: Question) -> list[tuple[str, str]]:
    return [
        (
            option.code,
            revealing(option.label, option.hint, "other")
            if option.other
            else HintedLabel(option.label, option.hint),
        )
        for option in question.options
    ]


def _radios(question: Question, choices: list[tuple[str, Any]], unknown: str) -> forms.ChoiceField:
    """Return radios that can also say "not applicable", where allowed, and take a choice back."""
    if question.not_applicable is not None:
        choices = [*choices, (NOT_APPLICABLE, revealing("Not applicable", "Say why.", "reason"))]
    return forms.ChoiceField(
        label=question.text,
        help_text=question.help,
        choices=[*choices, (UNANSWERED, HintedLabel("No answer yet", "Choose this to take an answer back."))],
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": unknown},
    )


def _checkboxes(question: Question) -> forms.MultipleChoiceField:
    limit = (
        f"Choose no more than {question.max_choices}." if question.max_choices else "Choose all that apply."
    )
    return forms.MultipleChoiceField(
        label=question.text,
        help_text=f"{question.help} {limit}".strip(),
        choices=_options(question),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose from the options shown"},
    )


def _consent(question: Question) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=question.consent,
        choices=[("yes", "Yes"), ("no", "No"), (UNANSWERED, "No answer yet")],
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose yes or no"},
    )


_AGREED: Final[Mapping[str, bool]] = {"yes": True, "no": False}


CHOICES: Final = ("level", "options", "consent", "not_applicable")
"""The fields of an answer that show choices; in all others people type."""


def shown_response(question: Question, response: Response) -> dict[str, Any]:
    """Return what the fields show for a response, by name."""
    radio = NOT_APPLICABLE if response.not_applicable else ""
    return {
        "level": radio or ("" if response.level is None else str(response.level)),
        "options": _chosen(question, response, radio),
        "number": _shown(response.number),
        **{f"{PART}{code}": _shown(value) for code, value in response.parts},
        "text": response.text,
        "consent": {True: "yes", False: "no", None: ""}[response.consent],
        "other": response.other,
        "not_applicable": ["yes"] if response.not_applicable else [],
        "reason": response.reason,
        "comment": response.comment,
    }


def _chosen(question: Question, response: Response, radio: str) -> str | list[str]:
    if question.kind is QuestionKind.SINGLE_CHOICE:
        return radio or next(iter(response.options), "")
    return list(response.options)


def _shown(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"


def given_response(question: Question, given: Mapping[str, Any]) -> Response:
    """Return the response in the cleaned values of the fields.

    Whoever chooses a level or an option has decided against "not applicable" and its reason, and against the
    text of another option: both may be left over in fields that the page was hiding.
    """
    radio = ""
    if question.kind in RADIO_KINDS:
        radio = given.get("level") or given.get("options") or ""
    chosen = () if not radio or radio.startswith(":") else (radio,)
    options = tuple(given.get("options", ())) if question.kind is QuestionKind.MULTI_CHOICE else chosen
    decided = bool(radio)
    not_applicable = radio == NOT_APPLICABLE or bool(given.get("not_applicable"))
    takes_text = any(question.option(code).other for code in options) if question.options else False
    parts = [(part.code, given.get(f"{PART}{part.code}")) for part in question.parts]
    return Response(
        level=int(radio) if question.kind is QuestionKind.MATURITY and chosen else None,
        options=options if question.options else (),
        number=given.get("number"),
        parts=tuple((code, value) for code, value in parts if value is not None),
        text=given.get("text", ""),
        other="" if decided and not takes_text else given.get("other", ""),
        consent=_AGREED.get(given.get("consent", "")),
        comment=given.get("comment", ""),
        not_applicable=not_applicable,
        reason="" if decided and not not_applicable else given.get("reason", ""),
    )
