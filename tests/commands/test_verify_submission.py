"""Anybody with a downloaded copy can have it verified, and every change of it is told."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from surveys.models import Submission
from surveys.queries.deadlines import moment_in_words
from tests.actions.test_assessments import answer, give_back, send, sign
from tests.commands.running import refused_by, said_by
from tests.views.signed_in import visit
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed(world: World) -> Submission:
    """The first copy of Ambleshire."""
    answer(world)
    send(world)
    return sign(world)


@pytest.fixture
def file(world: World, signed: Submission, tmp_path: Path) -> Path:
    """The copy as the approver downloads it."""
    path = tmp_path / "copy.json"
    page = visit(world.approver, reverse("submission_json", args=[world.assessment.pk, 1]))
    path.write_bytes(page.content)
    return path


def name_of(world: World, number: int = 1) -> str:
    return f"submitted copy {number} of Ambleshire ({world.assessment.ods_code}), Spring round"


def digest(path: Path) -> str:
    """What sha256sum says of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_downloaded_copy_is_what_was_signed(world: World, signed: Submission, file: Path) -> None:
    assert digest(file) == signed.sha256
    assert said_by("verify_submission", file) == (
        f"{file} is {name_of(world)}, unchanged. It was signed by Dr April Approver on "
        f"{moment_in_words(signed.signed_at)}. Its SHA-256 is {signed.sha256}.\n"
    )


def test_a_copy_of_a_returned_assessment_says_so(world: World, file: Path) -> None:
    give_back(world, world.administrator)
    assert " The assessment was returned afterwards. " in said_by("verify_submission", file)


def test_a_copy_that_is_not_the_latest_says_so(world: World, file: Path) -> None:
    give_back(world, world.administrator)
    send(world)
    sign(world)
    assert " It is not the latest: that is copy 2. " in said_by("verify_submission", file)


def test_one_changed_level_is_told(world: World, signed: Submission, file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b'"level":3', b'"level":5'))
    assert refused_by("verify_submission", file) == (
        f"{file} is not what was signed: it calls itself {name_of(world)}, "
        f"whose SHA-256 is {signed.sha256} and not {digest(file)}."
    )


def test_a_copy_that_an_editor_has_laid_out_anew_is_told(
    world: World, signed: Submission, file: Path
) -> None:
    file.write_text(json.dumps(json.loads(file.read_bytes()), indent=2))
    assert refused_by("verify_submission", file) == (
        f"{file} says the same as {name_of(world)}, but a program has written it anew, so that its bytes are "
        f"others. Download the copy again. Its SHA-256 is {digest(file)} and not {signed.sha256}."
    )


def test_a_copy_that_somebody_changed_in_the_database_is_told(
    world: World, signed: Submission, file: Path
) -> None:
    with pgtrigger.ignore("surveys.Submission:written_once"):
        Submission.objects.update(content=signed.content.replace('"level":3', '"level":5'))
    assert refused_by("verify_submission", file) == (
        f"{file} is {name_of(world)} as it was signed, but the database no longer keeps it so: "
        f"restore the row {signed.pk} of surveys_submission from a backup."
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[1]",
        b'{"number":NaN}',
        b'{"number":1,"organisation":{"ods_code":"\\u0000"},"round":{"title":"\\u0000"}}',
        b'{"number":1e99,"organisation":{"ods_code":"Q"},"round":{"title":"x"}}',
        b'{"number":99999999999999999999,"organisation":{"ods_code":"Q"},"round":{"title":"x"}}',
        b'{"number":1,"organisation":[],"round":"\\ud800"}',
        b"[" * 100_000,
    ],
)
def test_a_file_that_is_something_else(signed: Submission, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.json"
    path.write_bytes(content)
    assert refused_by("verify_submission", path) == (
        f"{path} is not a submitted copy of this service, or was changed beyond recognition. "
        f"Its SHA-256 is {digest(path)}."
    )


def test_every_file_is_verified_whatever_is_wrong_with_the_others(
    world: World, signed: Submission, file: Path, tmp_path: Path
) -> None:
    missing, output = tmp_path / "missing.json", io.StringIO()

    with pytest.raises(CommandError) as refused:
        call_command("verify_submission", str(missing), str(tmp_path), str(file), stdout=output)

    assert str(refused.value).splitlines() == [
        f"{missing} cannot be read: No such file or directory.",
        f"{tmp_path} cannot be read: Is a directory.",
    ]
    assert output.getvalue().startswith(f"{file} is {name_of(world)}, unchanged.")
