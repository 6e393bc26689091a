"""Files on their way in: how much of each is let through, and the field of a form that takes one."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from surveys.files.kinds import LARGEST
from surveys.files.recognition import TOO_LARGE

MOST_IN_A_REQUEST: Final = 100 * 1024 * 1024
"""The most bytes of a request with files that are read at all."""


class UpToTheLimit(FileUploadHandler):
    """Lets LARGEST bytes of each file through and a little more, and drops the rest as it comes.

    What is too large is still read to its end, because a browser shows no answer to what it could not send,
    but neither memory nor disk holds it. The field then finds the file too large and says so.
    """

    def new_file(self, *args: Any, **options: Any) -> None:
        """Begin with a file of a request, unless nobody sends such a request by mistake.

        Raises RequestDataTooBig for more than MOST_IN_A_REQUEST.
        """
        super().new_file(*args, **options)
        if self.request and int(self.request.META.get("CONTENT_LENGTH") or 0) > MOST_IN_A_REQUEST:
            raise RequestDataTooBig(f"A request may have at most {MOST_IN_A_REQUEST} bytes.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Pass a piece of a file on, as long as what came before it is not too large already."""
        return raw_data if start <= LARGEST else None

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers that keep it."""


class UploadField(forms.FileField):
    """One file of at most LARGEST bytes. What is in it is for the action to look at."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("error_messages", {"required": "Choose a file"})
        super().__init__(allow_empty_file=True, max_length=None, **options)

    def clean(self, data: Any, initial: Any = None) -> UploadedFile[bytes] | None:
        """Return the file, or None when there is none and need not be. Raises ValidationError."""
        file: UploadedFile[bytes] | None = super().clean(data, initial)
        if file is not None and file.size is not None and file.size > LARGEST:
            raise forms.ValidationError(self.error_messages.get("too_large", TOO_LARGE), code="too_large")
        return file
