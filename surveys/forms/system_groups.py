"""Forms for saved groups of systems."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from surveys.models.system_group import LONGEST_GROUP_NAME
from surveys.queries.results.selection import Choice


class GroupForm(forms.Form):
    """What a group is called, and who may use it."""

    name = forms.CharField(
        label="Name of the group",
        help_text="Such as “Coastal systems”.",
        max_length=LONGEST_GROUP_NAME,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={
            "required": "Give the group a name",
            "max_length": "The name must have %(limit_value)d characters or fewer; it has %(show_value)d",
        },
    )
    shared = forms.BooleanField(
        label="Share it with everybody who has a role in this service",
        help_text="They can use it and see its name and yours. Otherwise only you and administrators can.",
        required=False,
    )


class NewGroupForm(GroupForm):
    """The same with the systems, which were chosen on the page before."""

    system = forms.MultipleChoiceField(
        required=False,
        widget=forms.MultipleHiddenInput,
        error_messages={"invalid_choice": "One of the chosen systems is not in this round"},
    )

    def __init__(self, *arguments: Any, systems: Sequence[Choice], **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = self.fields["system"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(choice.code, choice.name) for choice in systems]


class DeleteGroupForm(forms.Form):
    """Confirms that a group goes. `name` is what it was called when the page was read."""

    name = forms.CharField(widget=forms.HiddenInput, error_messages={"required": "Confirm it on this page"})
