"""What people say about a question, and the evidence that they add."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms

from surveys.actions.refusals import Refused
from surveys.actions.typed_text import lost_characters, one_line, plain_text
from surveys.actions.web_addresses import web_address
from surveys.files.kinds import FILE_TYPES, LARGEST, TAKEN_IN_WORDS, size_in_words
from surveys.forms.uploads import UploadField
from surveys.models.conversation import LONGEST_COMMENT
from surveys.models.evidence import LONGEST_ABOUT
from surveys.queries.colleagues import Colleague


class PlainTextField(forms.CharField):
    """Text of one or more lines. Characters that cannot be shown are left out, and `lost` says so."""

    lost = False

    def to_python(self, value: Any) -> str:
        """Return the text as `plain_text` does."""
        self.lost = lost_characters(str(value or ""))
        return plain_text(str(value or ""))


class PlainLineField(forms.CharField):
    """Text in one line, without characters that cannot be shown."""

    def to_python(self, value: Any) -> str:
        """Return the text as `one_line` does."""
        return one_line(str(value or ""))


class CommentForm(forms.Form):
    """A comment: its words, and who is to get an e-mail. `key` is the same however often the form is sent.

    `people` are those who can be ticked. A reply has all of them ticked to begin with.
    """

    key = forms.CharField(widget=forms.HiddenInput, required=False)
    body = PlainTextField(
        label="Comment",
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
        max_length=LONGEST_COMMENT,
        error_messages={
            "required": "Write a comment",
            "max_length": "The comment has %(show_value)d characters. Shorten it to %(limit_value)d",
        },
    )
    called = forms.TypedMultipleChoiceField(
        label="Who should get an e-mail about it? (optional)",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "Somebody you chose can no longer read this conversation. Choose again"
        },
    )

    def __init__(
        self, data: Any = None, *, people: Iterable[Colleague] = (), opening: int | None = None
    ) -> None:
        choices = [(each.person_id, f"{each.name} ({each.role})") for each in people]
        ticked = [] if opening is None else [key for key, _ in choices]
        super().__init__(
            data,
            auto_id=f"id_{'comment' if opening is None else f'reply-{opening}'}_%s",
            initial={"key": uuid.uuid4(), "called": ticked},
            use_required_attribute=False,
        )
        self.opening = opening
        self.fields["called"].choices = choices  # type: ignore[attr-defined]  # a field of choices, declared above
        if not choices:
            del self.fields["called"]
        if opening is not None:
            self.fields["body"].label = "Reply"
            self.fields["body"].error_messages["required"] = "Write a reply"

    def clean_key(self) -> uuid.UUID:
        """Return the key, or a new one for a form that has lost it."""
        try:
            return uuid.UUID(self.cleaned_data["key"])
        except ValueError:
            return uuid.uuid4()

    @property
    def lost_characters(self) -> bool:
        """Whether the comment had characters that cannot be shown."""
        field: PlainTextField = self.fields["body"]  # type: ignore[assignment]  # declared above
        return field.lost


class _EvidenceForm(forms.Form):
    about = PlainLineField(
        label="What does it show? (optional)",
        max_length=LONGEST_ABOUT,
        required=False,
        widget=forms.TextInput({"dir": "auto", "autocomplete": "off"}),
        error_messages={"max_length": f"Say in at most {LONGEST_ABOUT} characters what the evidence shows"},
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        name = type(self).__name__.lower()
        super().__init__(data, files, auto_id=f"id_{name}_%s", use_required_attribute=False)


class LinkForm(_EvidenceForm):
    """A link to evidence."""

    address = forms.CharField(
        label="Web address",
        help_text="Such as https://www.example.org/plan. Whoever reads it needs access to it there.",
        widget=forms.TextInput({"inputmode": "url", "spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": "Enter a web address"},
    )
    field_order = ("address", "about")

    def clean_address(self) -> str:
        """Return the address, if it is one of the web."""
        try:
            return web_address(self.cleaned_data["address"])
        except Refused as refused:
            raise forms.ValidationError(refused.message, code="invalid") from refused


class FileForm(_EvidenceForm):
    """A file that is evidence."""

    file = UploadField(
        label="File",
        help_text=f"{TAKEN_IN_WORDS}. At most {size_in_words(LARGEST)}. No patient data.",
        widget=forms.FileInput(
            {"accept": ",".join(ending for each in FILE_TYPES.values() for ending in each.endings)}
        ),
    )
    field_order = ("file", "about")
