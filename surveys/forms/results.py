"""Parameters of the pages of results."""

from __future__ import annotations

from django import forms

from surveys.queries.results.dimension import Order


class OrderForm(forms.Form):
    """How the table of systems is ordered. Whatever cannot be read falls back to region and name."""

    sort = forms.ChoiceField(choices=[(order.value, order.value) for order in Order], required=False)
    direction = forms.ChoiceField(
        choices=[("ascending", "ascending"), ("descending", "descending")], required=False
    )

    @property
    def order(self) -> Order:
        """The order asked for, or by region and name."""
        return Order(self._given("sort") or Order.REGION)

    @property
    def descending(self) -> bool:
        """Whether the order is turned round."""
        return self._given("direction") == "descending"

    @property
    def not_understood(self) -> str:
        """What to tell somebody whose parameters make no sense; empty when they do."""
        if self.is_valid():
            return ""
        return "The table cannot be ordered in the way that was asked for. It is ordered by region and name."

    def _given(self, field: str) -> str:
        return str(self.cleaned_data.get(field, "")) if self.is_valid() else ""
