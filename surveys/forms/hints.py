"""Labels of choices with a sentence beside them."""

from __future__ import annotations


class HintedLabel(str):
    """The label of a choice, and a `hint` that the template pack shows below it."""

    __slots__ = ("hint",)

    hint: str

    def __new__(cls, label: str, hint: str) -> HintedLabel:
        """Return the label with its hint."""
        made = super().__new__(cls, label)
        made.hint = hint
        return made

    def __deepcopy__(self, _memo: object) -> HintedLabel:
        """Return itself, which never changes: Django copies the choices of a form for every request."""
        return self
