"""Forms for who takes part in a round that has opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms

from surveys.forms.reasons import ReasonForm
from surveys.queries.organisations import OrganisationLine, RegionGroup


class AdditionForm(ReasonForm):
    """A system of the round's day, and why it joins now, which the system is told."""

    organisation_id = forms.TypedChoiceField(
        label="System",
        coerce=int,
        error_messages={
            "required": "Choose a system",
            "invalid_choice": "Choose a system from the list. It may have been added meanwhile",
        },
    )

    field_order = ("organisation_id", "reason")

    def __init__(self, data: Any = None, *, groups: Sequence[RegionGroup]) -> None:
        super().__init__(data)
        choices: list[Any] = [("", "Choose a system")]
        for group in groups:
            region = group.region.name if group.region else "Without a region on this day"
            choices.append((region, [(system.id, system_label(system)) for system in group.systems]))
        cast(forms.ChoiceField, self.fields["organisation_id"]).choices = choices
        self.fields["reason"].help_text = "The system sees it on its pages."


class WithdrawalForm(ReasonForm):
    """Why a system is withdrawn, which the system is told."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["reason"].help_text = "The system sees it on its pages."


def system_label(system: OrganisationLine) -> str:
    """Return a system as it stands in a list to choose from: its name and, where it has one, its ODS code."""
    return f"{system.name} ({system.ods_code})" if system.ods_code else system.name
