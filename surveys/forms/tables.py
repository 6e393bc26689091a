"""Uploading a table of rows and looking at what it would do. It is carried in the page, sealed."""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile

from surveys.forms.uploads import UploadField

LARGEST_TABLE: Final = 3_000_000
"""The most bytes of a table, so that the page that carries it can be sent back."""

CARRIED: Final = "carried"
"""The name of the field that carries a table."""

_HOURS: Final = 24
_TOO_LARGE: Final = "The file is larger than 3 MB. Split it, and upload one part after the other."


class TableForm(forms.Form):
    """A CSV file."""

    table = UploadField(
        label="CSV file",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": "Choose the file", "too_large": _TOO_LARGE},
    )

    def clean_table(self) -> UploadedFile[bytes]:
        """Return the file. Raises ValidationError for one that no page could carry."""
        file: UploadedFile[bytes] = self.cleaned_data["table"]
        if file.size is not None and file.size > LARGEST_TABLE:
            raise forms.ValidationError(_TOO_LARGE, code="too_large")
        return file

    @property
    def uploaded(self) -> tuple[str, bytes]:
        """The name and the content of the file of a valid form."""
        file: UploadedFile[bytes] = self.cleaned_data["table"]
        return (file.name or "table.csv")[:200], file.read()


@dataclass(frozen=True)
class CarriedTable:
    """A file that somebody has looked at, with the fingerprint of what they were shown that it would do."""

    name: str
    content: bytes
    seen: str


def sealed(table: CarriedTable, *, purpose: str, person_id: int) -> str:
    """Return a table as text that only this person can bring back, for this purpose, unaltered."""
    packed = base64.b64encode(zlib.compress(table.content, 9)).decode()
    return signing.dumps([table.name, packed, table.seen], salt=_salt(purpose, person_id))


def unsealed(text: str, *, purpose: str, person_id: int) -> CarriedTable | None:
    """Return the table that `sealed` made into text; None when it is not theirs, altered or a day old."""
    try:
        document: list[Any] = signing.loads(text, salt=_salt(purpose, person_id), max_age=_HOURS * 60 * 60)
    except signing.BadSignature:
        return None
    name, packed, seen = document
    return CarriedTable(name, zlib.decompress(base64.b64decode(packed)), seen)


def _salt(purpose: str, person_id: int) -> str:
    return f"{purpose} by person {person_id}"
