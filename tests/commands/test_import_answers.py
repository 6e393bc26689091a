"""Importing a round's answers from the command line."""

from __future__ import annotations

import csv
import datetime
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from surveys.actions.releases import publish, release_provisionally
from surveys.actions.rounds import RoundDetails, create_round
from surveys.models import Answer, Assessment, Organisation, Questionnaire, Result, Round
from surveys.questionnaires.loading import CONTENT
from surveys.questionnaires.schema import Question, QuestionKind
from tests.commands.running import refused_by, said_by
from tests.world import World

pytestmark = pytest.mark.django_db

SYSTEMS = Path(settings.BASE_DIR) / "reference" / "organisations" / "ics-2022.csv"
REFERENCE_DATE = datetime.date(2023, 6, 1)
CELLS = {
    QuestionKind.MATURITY: "3",
    QuestionKind.NUMBER: "12.5",
    QuestionKind.PERCENTAGE: "85%",
    QuestionKind.LONG_TEXT: "Two lines\nof text",
}


def past_round(questionnaire: Questionnaire, title: str = "Long ago") -> Round:
    return create_round(
        by=None,
        details=RoundDetails(
            title=title,
            questionnaire_id=questionnaire.pk,
            opens_at=datetime.datetime(2023, 5, 1, 8, tzinfo=datetime.UTC),
            closes_at=datetime.datetime(2023, 6, 30, 16, tzinfo=datetime.UTC),
            reference_date=REFERENCE_DATE,
            participants_as_at=REFERENCE_DATE,
        ),
    )


def write(folder: Path, *rows: tuple[str, ...]) -> Path:
    path = folder / "answers.csv"
    header = ("organisation_code", "question_code", "answer", "comment", "not_applicable_reason", "consent")
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def cell(question: Question) -> str:
    if question.options:
        return question.options[0].code
    if question.parts:
        return ";".join(f"{part.code}={100 // len(question.parts)}" for part in question.parts)
    return CELLS[question.kind]


def test_a_whole_round_of_every_system_and_every_question_in_seconds(tmp_path: Path) -> None:
    said_by("load_organisations", SYSTEMS)
    said_by("publish_questionnaire", CONTENT / "ics-data-maturity-1.0.yaml")
    questionnaire = Questionnaire.objects.get()
    survey_round = past_round(questionnaire)
    systems = Organisation.objects.filter(kind="ics").as_at(REFERENCE_DATE)
    path = write(
        tmp_path,
        *(
            (system.ods_code, question.code, cell(question), "", "", "yes" if question.consent else "")
            for system in systems
            for question in questionnaire.content.questions
        ),
    )

    started = time.monotonic()
    said = said_by("import_answers", "long ago", path).splitlines()
    seconds = time.monotonic() - started

    assert said == [
        f"{path} into “Long ago”",
        "answers: 2268 created, 0 changed, 0 unchanged, 0 blank, 0 errors",
        "assessments kept as imported submissions: 42",
        "The round is closed. Next: release its results.",
    ]
    assert seconds < 20
    assert Answer.objects.count() == 42 * 54
    assert set(Assessment.objects.values_list("status", flat=True)) == {"submitted"}
    release_provisionally(by=None, round_id=survey_round.pk)
    release = publish(by=None, round_id=survey_round.pk)
    overall = Result.objects.filter(release=release, measure="overall")
    assert [str(score) for score in overall.values_list("score", flat=True)] == ["3.0000"] * 42
    assert said_by("import_answers", survey_round.pk, path).splitlines() == [
        f"{path} into “Long ago”",
        "answers: 0 created, 0 changed, 2268 unchanged, 0 blank, 0 errors",
        "assessments kept as imported submissions: 0",
        "The published results are as they were. Next: publish a correction with a note.",
    ]


def test_a_dry_run_says_so_and_stores_nothing(world: World, tmp_path: Path) -> None:
    past_round(world.questionnaire)
    path = write(tmp_path, ("Ambleshire", "linked_data", "3", "", "", ""))

    assert said_by("import_answers", "Long ago", path, "--dry-run").splitlines() == [
        f"{path} into “Long ago” (dry run: nothing is stored)",
        "answers: 1 created, 0 changed, 0 unchanged, 0 blank, 0 errors",
        "assessments kept as imported submissions: 1",
        "systems without any answer (2): Borderland, Cliffshire",
    ]
    assert Answer.objects.count() == 0


def test_an_open_round_is_left_to_its_people(world: World, tmp_path: Path) -> None:
    path = write(tmp_path, ("Ambleshire", "linked_data", "3", "", "", ""))

    assert said_by("import_answers", "Spring round", path).splitlines()[-1] == (
        "The round is open: its people go on from these answers and sign them."
    )


def test_errors_name_the_file_the_row_and_the_column(world: World, tmp_path: Path) -> None:
    past_round(world.questionnaire)
    path = write(
        tmp_path,
        ("Ambleshire", "linked_data", "3", "", "", ""),
        ("Ambleshire", "practice_share", "120", "", "", ""),
        ("Nowhere", "training", "3", "", "", ""),
    )

    assert refused_by("import_answers", "Long ago", path).splitlines() == [
        f"{path}, row 3, column answer: Enter a percentage between 0 and 100.",
        (
            f"{path}, row 4, column organisation_code: “Nowhere” is no system of this round. Give the ODS "
            f"code or "
            "the name of a system that takes part, as it is or as it was."
        ),
        "2 errors. Nothing was stored.",
    ]
    assert Answer.objects.count() == 0


def test_a_round_is_meant_by_its_title_before_its_number(world: World, tmp_path: Path) -> None:
    path = write(tmp_path, ("Ambleshire", "linked_data", "3", "", "", ""))
    titled = past_round(world.questionnaire, title=str(world.round.pk))

    assert said_by("import_answers", world.round.pk, path, "--dry-run").splitlines()[0] == (
        f"{path} into “{titled.title}” (dry run: nothing is stored)"
    )
    assert said_by("import_answers", titled.pk, path, "--dry-run").splitlines()[0] == (
        f"{path} into “{titled.title}” (dry run: nothing is stored)"
    )


@pytest.mark.parametrize("reference", ["Summer round", "0", "99999999999999999999", "²"])
def test_a_round_that_is_not_there(world: World, tmp_path: Path, reference: str) -> None:
    path = write(tmp_path, ("Ambleshire", "linked_data", "3", "", "", ""))

    assert refused_by("import_answers", reference, path) == (
        f"There is no round “{reference}”. The rounds are: {world.round.pk} “Spring round”. Nothing was "
        f"stored."
    )


@pytest.mark.parametrize(
    ("reference", "shown"), [("9" * 5_000, "9" * 120), ("Summer\udcff round", "Summer? round")]
)
def test_a_reference_that_nobody_would_type(world: World, tmp_path: Path, reference: str, shown: str) -> None:
    path = write(tmp_path, ("Ambleshire", "linked_data", "3", "", "", ""))

    assert refused_by("import_answers", reference, path) == (
        f"There is no round “{shown}”. The rounds are: {world.round.pk} “Spring round”. Nothing was stored."
    )


def test_a_round_that_takes_no_answers_now(world: World, tmp_path: Path) -> None:
    later = timezone.now() + datetime.timedelta(days=10)
    Round.objects.filter(pk=world.round.pk).update(
        opens_at=later, closes_at=later + datetime.timedelta(days=1)
    )
    path = write(tmp_path, ("Ambleshire", "linked_data", "3", "", "", ""))

    assert refused_by("import_answers", "Spring round", path).endswith(
        "Nothing can be answered before then. Nothing was stored."
    )
