"""What a reader chooses on the pages that compare: a pair of scores, an earlier round, a dimension, a region.

A choice that the release does not have gives the usual view and a sentence, never an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final, Self

from django import forms
from django.http import QueryDict

from surveys.queries.results.compare import Chosen
from surveys.queries.results.nearest import EQUAL_WEIGHTS
from surveys.queries.results.selection import Choice

RELEASE: Final = "release"
"""The parameter that names another release."""


class ReleaseChoice(forms.Form):
    """Which release to read, of all rounds; `offered` has the key and the name of each."""

    release = forms.ChoiceField(label="Round and release", required=False)

    def __init__(self, data: QueryDict | None, offered: Sequence[tuple[str, str]], here: int) -> None:
        super().__init__(data, initial={RELEASE: str(here)})
        self._offered, self._here = offered, here
        field = self.fields[RELEASE]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(offered)

    @property
    def chosen(self) -> int:
        """The key of the release that was chosen; of the one at hand where none that is offered was."""
        self.is_valid()
        return int(self.cleaned_data.get(RELEASE) or self._here)

    @property
    def not_understood(self) -> tuple[str, ...]:
        """What to tell somebody who asks for a release that is not offered."""
        return ("There is no such release that you may read, so this one is shown.",) if self.errors else ()

    def as_shown(self) -> Self:
        """Return the form as it stands on the page: with the release at hand, and without complaints."""
        return type(self)(None, self._offered, self._here)


class ChoiceFilter(forms.Form):
    """Fields of choices that depend on the release. A field with fewer than two choices is not offered.

    `NOT_UNDERSTOOD` has for each field what to tell somebody who asks for something that is not there.
    """

    NOT_UNDERSTOOD: ClassVar[Mapping[str, str]] = {}
    SEARCHED: ClassVar[frozenset[str]] = frozenset()
    """Fields of systems. Where there are too many for a list, they have only what is chosen, and `find` helps
    to choose another.
    """

    def __init__(
        self,
        data: QueryDict | None,
        offered: Mapping[str, Sequence[Choice]],
        *,
        searched: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self._offered = offered
        self._searched = searched
        if not searched:
            self.fields.pop("find", None)
        for name, field in list(self.fields.items()):
            if isinstance(field, forms.ChoiceField):
                choices = [(choice.code, choice.name) for choice in offered.get(name, ())]
                field.choices = choices
                if len(choices) < 2 and not (searched and name in self.SEARCHED):
                    del self.fields[name]

    def chosen(self, name: str) -> str:
        """Return the code that was chosen; empty for none, and for one that is not there."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")

    @property
    def not_understood(self) -> tuple[str, ...]:
        """What to tell somebody whose choices are not there; empty when they are."""
        return tuple(dict.fromkeys(self.NOT_UNDERSTOOD[name] for name in self.errors))

    def as_shown(self) -> Self:
        """Return the form as it stands on the page: with what is in force, and without complaints."""
        chosen = {name: self.chosen(name) for name in self.fields}
        return type(self)(None, self._offered, searched=self._searched, initial=chosen)


LONGEST_SEARCH: Final = 200
NOT_LOOKED_FOR: Final = (
    f"A name to look for has at most {LONGEST_SEARCH} characters and none that cannot be seen, so nothing "
    "was looked for."
)


def _find() -> forms.CharField:
    return forms.CharField(
        label="Find a system by its name or ODS code",
        required=False,
        max_length=LONGEST_SEARCH,
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class GapFilter(ChoiceFilter):
    """Which two scores to set against each other, and of which region."""

    NOT_UNDERSTOOD = {
        "pair": "There is no such pair of scores in this round, so the usual one is shown.",
        "region": "There is no such region in this round, so all regions are shown.",
    }

    pair = forms.ChoiceField(label="What to compare", required=False)
    region = forms.ChoiceField(label="Region", required=False)


class ChangeFilter(ChoiceFilter):
    """Since which round, on which dimension, and of which region."""

    NOT_UNDERSTOOD = {
        "since": "There is no such earlier round that you may read, so the last one before is shown.",
        "dimension": "There is no such dimension with a score, so all comparable questions are shown.",
        "region": "There is no such region in this round, so all regions are shown.",
    }

    since = forms.ChoiceField(label="Since", required=False)
    dimension = forms.ChoiceField(label="Dimension", required=False)
    region = forms.ChoiceField(label="Region", required=False)


HEAVIEST = 10
"""The largest weight of a variable."""


def _weight(label: str) -> forms.FloatField:
    return forms.FloatField(
        label=label,
        required=False,
        min_value=0,
        max_value=HEAVIEST,
        widget=forms.TextInput({"inputmode": "decimal", "class": "nhsuk-input--width-3"}),
    )


class CompareFilter(ChoiceFilter):
    """Which systems to put side by side, and what nearness is made of."""

    NOT_UNDERSTOOD = {
        "region": "There is no such region in this round, so none is chosen.",
        "near": "There is no such system in this round, so none is chosen.",
        "group": "There is no such group that you may use, so none is chosen.",
        "system": "Some of the chosen systems are not in this round. The others are shown.",
        "registered": f"A weight is a number from 0 to {HEAVIEST}, so equal weights are used.",
        "resident": f"A weight is a number from 0 to {HEAVIEST}, so equal weights are used.",
        "find": NOT_LOOKED_FOR,
    }

    SEARCHED = frozenset({"near", "system"})

    find = _find()
    near = forms.ChoiceField(label="A system and those nearest to it", required=False)
    group = forms.ChoiceField(label="A saved group", required=False)
    region = forms.ChoiceField(label="All systems of a region", required=False)
    registered = _weight("Weight of registered patients")
    resident = _weight("Weight of residents")
    system = forms.MultipleChoiceField(
        label="Systems one by one", required=False, widget=forms.CheckboxSelectMultiple
    )

    @property
    def not_understood(self) -> tuple[str, ...]:
        """What to tell somebody whose choices are not there, also where there is no group at all."""
        unknown = "group" not in self.fields and self.data.get("group")
        return (*super().not_understood, *([self.NOT_UNDERSTOOD["group"]] if unknown else []))

    @property
    def selection(self) -> Chosen:
        """What was chosen, as far as it makes sense, but for the group."""
        near = self.chosen("near")
        return Chosen(
            systems=frozenset(int(code) for code in self._systems),
            region=self.chosen("region"),
            near=int(near) if near else None,
            weights=self._weights,
        )

    def as_shown(self) -> Self:
        """Return the form as it stands on the page: with what is in force, and without complaints."""
        chosen = {name: self.chosen(name) for name in ("near", "group", "region", "find")}
        weights = {name: f"{weight:g}" for name, weight in self._weights.items()}
        initial = {**chosen, **weights, "system": self._systems}
        return type(self)(None, self._offered, searched=self._searched, initial=initial)

    @property
    def _systems(self) -> list[str]:
        offered = {choice.code for choice in self._offered.get("system", ())}
        given = self.data.getlist("system") if isinstance(self.data, QueryDict) else []
        return [code for code in given if code in offered]

    @property
    def _weights(self) -> dict[str, float]:
        """The weight of each variable; all 1 unless those given make sense and one is above 0."""
        self.is_valid()
        given = {name: self.cleaned_data.get(name) for name in EQUAL_WEIGHTS}
        if {"registered", "resident"} & set(self.errors):
            return dict(EQUAL_WEIGHTS)
        weights = {name: 1.0 if weight is None else float(weight) for name, weight in given.items()}
        return weights if any(weights.values()) else dict(EQUAL_WEIGHTS)


class LearnFilter(ChoiceFilter):
    """Which system to help, and with what."""

    NOT_UNDERSTOOD = {
        "system": "There is no such system in this round, so the usual view is shown.",
        "about": "There is no such dimension or question with a score, so the usual one is shown.",
        "region": "There is no such region in this round, so systems of all regions are shown.",
        "find": NOT_LOOKED_FOR,
    }

    SEARCHED = frozenset({"system"})

    find = _find()
    system = forms.ChoiceField(label="System to help", required=False)
    about = forms.ChoiceField(label="With", required=False)
    region = forms.ChoiceField(label="Help from", required=False)
