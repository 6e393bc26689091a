"""Which systems of a round the control room shows."""

from __future__ import annotations

from django import forms

from surveys.forms.result_choices import ChoiceFilter


class ControlRoomFilter(ChoiceFilter):
    """A region and a status. What is not there shows everything and says so."""

    NOT_UNDERSTOOD = {
        "region": "There is no such region among the systems that you follow, so all regions are shown.",
        "status": "No system has that status now, so all of them are shown.",
    }

    region = forms.ChoiceField(label="Region", required=False)
    status = forms.ChoiceField(label="Status", required=False)
