"""Files on their way in: what is too large costs neither memory nor disk, and is said."""

from __future__ import annotations

import pytest
from django import forms
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.http import HttpRequest
from django.test import RequestFactory

from surveys.files.kinds import LARGEST
from surveys.forms.uploads import MOST_IN_A_REQUEST, UploadField

TOO_LARGE = (
    "The file is larger than 10 MB, the most that can be taken. Make it smaller, or add a link to where it "
    "is kept."
)
PIECE = 64 * 1024


class OneFile(forms.Form):
    file = UploadField()


def request_with(*sizes: int) -> HttpRequest:
    files = [SimpleUploadedFile(f"{number}.pdf", bytes(size)) for number, size in enumerate(sizes)]
    return RequestFactory().post("/", {"file": files, "words": "kept"})


def errors_of(request: HttpRequest) -> dict[str, list[str]]:
    return dict(OneFile(request.POST, request.FILES).errors)


@pytest.mark.parametrize("size", [0, 1, LARGEST])
def test_a_file_up_to_the_limit_arrives_whole(size: int) -> None:
    request = request_with(size)

    assert (request.FILES["file"].size, errors_of(request)) == (size, {})
    request.close()


@pytest.mark.parametrize("size", [LARGEST + 1, LARGEST + PIECE, 3 * LARGEST])
def test_of_a_larger_one_no_more_is_kept_than_shows_that_it_is_too_large(size: int) -> None:
    request = request_with(size)
    file = request.FILES["file"]

    assert isinstance(file, TemporaryUploadedFile)
    assert LARGEST < file.size <= LARGEST + PIECE
    assert len(file.read()) == file.size
    assert request.POST["words"] == "kept"
    assert errors_of(request) == {"file": [TOO_LARGE]}
    request.close()


def test_a_form_without_its_file_asks_for_it() -> None:
    assert errors_of(RequestFactory().post("/", {"words": "kept"})) == {"file": ["Choose a file"]}


def test_a_request_that_nobody_sends_by_mistake_is_not_read() -> None:
    request = request_with(1)
    request.META["CONTENT_LENGTH"] = str(MOST_IN_A_REQUEST + 1)

    with pytest.raises(RequestDataTooBig):
        errors_of(request)
