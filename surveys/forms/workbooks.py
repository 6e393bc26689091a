"""Uploading a workbook and deciding what becomes of it. Its changes are carried in the page, sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.core import signing
from django.http import QueryDict

from surveys.actions.answers import AnswerSave
from surveys.actions.workbooks import WorkbookFile
from surveys.forms.uploads import UploadField
from surveys.imports.workbook_package import TOO_LARGE
from surveys.imports.workbook_review import PendingChanges
from surveys.questionnaires.responses import EMPTY, Response
from surveys.questionnaires.signed_copy import answers_document, responses_from

CHANGES: Final = "changes"
"""The name of the field that carries the changes."""

STORED: Final = "stored"
WORKBOOK: Final = "workbook"
_HOURS: Final = 24


class WorkbookForm(forms.Form):
    """The workbook that somebody has filled in."""

    workbook = UploadField(
        label="Your workbook",
        help_text="The Excel workbook (.xlsx) that you downloaded from this page, with your answers in it.",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "Choose the workbook that you filled in", "too_large": TOO_LARGE},
    )


class DecisionForm(forms.Form):
    """For each answer that somebody else has changed meanwhile: theirs or the workbook's.

    `labels` are the questions by code, and `chosen` what is ticked to begin with.
    """

    def __init__(
        self,
        data: QueryDict | None,
        labels: Mapping[str, str],
        chosen: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(data, use_required_attribute=False)
        for code, label in labels.items():
            self.fields[f"keep:{code}"] = forms.ChoiceField(
                label="Which one counts?",
                choices=[(STORED, "Keep what is saved now"), (WORKBOOK, "Take the answer in the workbook")],
                widget=forms.RadioSelect,
                initial=(chosen or {}).get(code),
                error_messages=dict.fromkeys(
                    ("required", "invalid_choice"), f"Choose which answer counts: {label}"
                ),
            )

    @property
    def choices(self) -> dict[str, str]:
        """What has been chosen, by code, as far as it can be understood."""
        posted = {name.removeprefix("keep:"): self.data.get(name) for name in self.fields}
        return {code: choice for code, choice in posted.items() if choice in {STORED, WORKBOOK}}

    @property
    def from_workbook(self) -> frozenset[str]:
        """The codes for which the workbook's answer was chosen."""
        return frozenset(code for code, choice in self.choices.items() if choice == WORKBOOK)


def sealed(pending: PendingChanges, *, person_id: int, assessment_id: int) -> str:
    """Return the changes as text that only this person can bring back, for this assessment, unaltered."""
    document = {
        "file": [pending.file.name, pending.file.sha256],
        "saves": [[save.code, save.seen, _fields(save.response)] for save in pending.saves],
        "shown": dict(pending.shown),
    }
    return signing.dumps(document, salt=_salt(person_id, assessment_id), compress=True)


def unsealed(text: str, *, person_id: int, assessment_id: int) -> PendingChanges | None:
    """Return the changes that `sealed` made into text; None when it is not theirs, altered or a day old."""
    try:
        document: dict[str, Any] = signing.loads(
            text, salt=_salt(person_id, assessment_id), max_age=_HOURS * 60 * 60
        )
    except signing.BadSignature:
        return None
    return PendingChanges(
        file=WorkbookFile(*document["file"]),
        saves=tuple(AnswerSave(code, seen, _response(fields)) for code, seen, fields in document["saves"]),
        shown=document["shown"],
    )


def _salt(person_id: int, assessment_id: int) -> str:
    return f"workbook of assessment {assessment_id} by person {person_id}"


def _fields(response: Response) -> dict[str, Any]:
    return answers_document({"": response}).get("", {})


def _response(fields: dict[str, Any]) -> Response:
    return responses_from({"": fields})[""] if fields else EMPTY
