"""Uploading a questionnaire, choosing what to compare it with, and saying how its questions relate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from surveys.forms.uploads import UploadField
from surveys.queries.comparability_map import ComparabilityMap, MapLine
from surveys.queries.questionnaire_changes import STATUSES, QuestionnaireChanges
from surveys.questionnaires.problems import QuestionnaireError
from surveys.questionnaires.schema import ComparedQuestion, Comparison, ComparisonStatus

LONGEST_NOTE = 500


class QuestionnaireFileForm(forms.Form):
    """The file of a questionnaire."""

    questionnaire = UploadField(
        label="Questionnaire file",
        help_text="An Excel workbook (.xlsx) made from the template, or a YAML file.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.yaml,.yml"}),
        error_messages={"required": "Choose the file of the questionnaire"},
    )


def _part_of(line: MapLine) -> str:
    if not line.status:
        return "Say how these relate"
    return "Proposed: check these" if line.proposed else "Saved"


class SeenForm(forms.Form):
    """Confirms something about the draft that the page showed: `seen` is its digest."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class CompareWithForm(forms.Form):
    """The version to compare with, in the address."""

    use_required_attribute = False

    def __init__(self, data: QueryDict | None, changes: QuestionnaireChanges) -> None:
        super().__init__(data, initial={"with": changes.before.id if changes.before else None})
        self.fields["with"] = forms.TypedChoiceField(
            label="Compare with",
            coerce=int,
            empty_value=None,
            required=False,
            choices=[(other.id, f"Version {other.version}") for other in changes.others],
            error_messages={"invalid_choice": "There is no such version. Choose one from the list."},
        )


class ComparabilityForm(forms.Form):
    """How each question relates to the version before. `seen` is the digest of the draft that was shown."""

    use_required_attribute = False

    def __init__(self, data: QueryDict | None, page: ComparabilityMap) -> None:
        super().__init__(data)
        self.page = page
        self._version = version = page.previous.version if page.previous else ""
        statuses = [
            (status.value, STATUSES[status]) for status in STATUSES if status != ComparisonStatus.RETIRED
        ]
        earlier = [(each.code, f"{each.code}: {each.text}"[:120]) for each in page.previous_questions]
        self.fields["seen"] = forms.CharField(
            widget=forms.HiddenInput, required=False, max_length=64, initial=page.line.digest
        )
        for line in page.lines:
            self.fields[f"{line.code}:status"] = forms.ChoiceField(
                label=f"How does it relate to version {version}?",
                choices=[("", "Choose"), *statuses],
                initial=line.status,
                error_messages={
                    "required": f"Say how “{line.code}” relates to version {version}",
                    "invalid_choice": f"Choose from the list how “{line.code}” relates to version {version}",
                },
            )
            self.fields[f"{line.code}:previous"] = forms.ChoiceField(
                label=f"Question of version {version}",
                required=False,
                choices=[("", "None: it is new"), *earlier],
                initial=line.previous,
                error_messages={"invalid_choice": f"Choose a question of version {version} from the list"},
            )
            self.fields[f"{line.code}:note"] = forms.CharField(
                label="Note (optional)",
                required=False,
                max_length=LONGEST_NOTE,
                initial=line.note,
                error_messages={"max_length": f"A note can have at most {LONGEST_NOTE} characters"},
            )

    def lines(self) -> Iterator[tuple[MapLine, BoundField, BoundField, BoundField]]:
        """Yield each question with its three fields."""
        for line in self.page.lines:
            yield line, self[f"{line.code}:status"], self[f"{line.code}:previous"], self[f"{line.code}:note"]

    def parts(self) -> list[tuple[str, list[tuple[MapLine, BoundField, BoundField, BoundField]]]]:
        """Return the questions with their fields under what is left to do about them."""
        found: dict[str, list[tuple[MapLine, BoundField, BoundField, BoundField]]] = {}
        for line in self.lines():
            found.setdefault(_part_of(line[0]), []).append(line)
        return list(found.items())

    @property
    def comparison(self) -> Comparison:
        """The map that a valid form gives. Whatever no question comes from is retired."""
        lines = [self._compared(line.code) for line in self.page.lines]
        named = {line.previous for line in lines}
        notes = dict(self.page.retired_notes)
        retired = [
            ComparedQuestion("", each.code, ComparisonStatus.RETIRED, notes.get(each.code, ""))
            for each in self.page.previous_questions
            if each.code not in named
        ]
        return Comparison(self._version, (*lines, *retired))

    def report(self, error: QuestionnaireError) -> None:
        """Put what is wrong with the map beside the question that it is about."""
        for problem in error.problems:
            name = f"{problem.code}:status"
            message = f"{problem.message} {problem.mend}"
            self.add_error(name if name in self.fields else None, f"{problem.code}: {message}")

    def _compared(self, code: str) -> ComparedQuestion:
        given: dict[str, Any] = self.cleaned_data
        return ComparedQuestion(
            code,
            given[f"{code}:previous"],
            ComparisonStatus(given[f"{code}:status"]),
            given[f"{code}:note"],
        )
