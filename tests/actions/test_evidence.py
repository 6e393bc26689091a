"""Evidence behind an answer: what is taken, where it is kept, and what becomes of it."""

from __future__ import annotations

import datetime
import hashlib
import io
import shlex
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.http import Http404
from django.utils import timezone

from surveys.actions import evidence as actions
from surveys.actions.evidence import add_file, add_link, remove_evidence
from surveys.actions.evidence_store import discard
from surveys.actions.refusals import Refused
from surveys.models import Assessment, Event, Evidence, Person
from surveys.queries.evidence_files import place_of
from tests.files.samples import PDF, jpeg, office, png, workbook, zipped
from tests.files.test_recognition import MACROS, MORE_THAN_A_PICTURE, PROGRAM, SVG, TOO_MUCH, UNKNOWN
from tests.refusals import refusal
from tests.signed import set_status, submit
from tests.together import together
from tests.world import World

pytestmark = pytest.mark.django_db

FIXED = "Evidence belongs to the answer, so it is fixed when the answer is. "


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """The folder of evidence of one test."""
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return tmp_path / "evidence"


def attach(
    by: Person, world: World, content: bytes = PDF, name: str = "plan.pdf", **changes: Any
) -> Evidence:
    """A file behind an answer of the own system's assessment."""
    where = {"assessment_id": world.assessment.pk, "question_code": "linked_data", "about": ""}
    return add_file(by=by, file=io.BytesIO(content), name=name, **(where | changes))


def link(by: Person, world: World, address: str = "https://example.org/plan", **changes: Any) -> Evidence:
    """A link behind an answer of the own system's assessment."""
    where = {"assessment_id": world.assessment.pk, "question_code": "linked_data", "about": ""}
    return add_link(by=by, address=address, **(where | changes))


def remove(by: Person, world: World, evidence: Evidence, **changes: Any) -> Evidence:
    """Evidence of the own system's assessment, taken away."""
    where = {"assessment_id": world.assessment.pk, "question_code": "linked_data", "evidence_id": evidence.pk}
    return remove_evidence(by=by, **(where | changes))


def stored(folder: Path) -> list[bytes]:
    """The contents of the folder of evidence."""
    return sorted(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_file_is_kept_under_a_random_name_that_only_we_can_read(world: World, folder: Path) -> None:
    evidence = attach(world.contributor, world, name="Coverage table.pdf", about=" What we\ncover\x00 ")

    assert (evidence.file_name, evidence.file_kind, evidence.size, evidence.about) == (
        "Coverage table.pdf",
        "pdf",
        len(PDF),
        "What we cover",
    )
    assert evidence.sha256 == hashlib.sha256(PDF).hexdigest()
    path = place_of(evidence.stored_as)
    assert path == folder / evidence.stored_as[:2] / evidence.stored_as
    assert path.read_bytes() == PDF
    assert [stat.S_IMODE(each.stat().st_mode) for each in (path, path.parent, folder)] == [
        0o600,
        0o700,
        0o700,
    ]
    event = Event.objects.get(verb="evidence.added")
    assert (event.person_name, event.subject, event.detail) == (
        "Connie Contributor",
        "Ambleshire: How mature is linked data?",
        {
            "question": "linked_data",
            "evidence_id": evidence.pk,
            "evidence": "What we cover",
            "sha256": evidence.sha256,
        },
    )


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.png", png(), "png"),
        ("a.jpg", jpeg(), "jpeg"),
        ("a.xlsx", workbook(), "excel"),
        ("a.docx", office("docx"), "word"),
        ("a.pptx", office("pptx"), "powerpoint"),
        ("a.csv", b"a,b\n", "csv"),
        ("a.txt", "Zoë".encode(), "text"),
    ],
)
def test_every_kind_is_stored_as_it_came(
    world: World, folder: Path, name: str, content: bytes, kind: str
) -> None:
    assert attach(world.lead, world, content, name).file_kind == kind
    assert stored(folder) == [content]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("invoice.pdf", PROGRAM, UNKNOWN),
        ("sums.xlsx", office("xlsx", {"xl/sheet1.xml": bytes(201 * 1024 * 1024)}), TOO_MUCH),
        ("minutes.docx", office("docx", {"word/vbaProject.bin": b"\1"}), MACROS),
        ("chart.png", png() + b"<script>alert(1)</script>", MORE_THAN_A_PICTURE),
        ("drawing.svg", SVG, UNKNOWN),
        ("drawing.png", SVG, UNKNOWN),
        ("archive.zip", zipped({"a.pdf": PDF}), None),
        ("empty.pdf", b"", "The file is empty. Choose another one."),
        ("large.pdf", PDF + b"\n" * (10 * 1024 * 1024 + 1 - len(PDF)), None),
    ],
)
def test_a_hostile_file_is_refused_in_words_and_nothing_is_left_of_it(
    world: World, folder: Path, name: str, content: bytes, message: str | None
) -> None:
    said = refusal(attach, by=world.lead, world=world, content=content, name=name)

    assert message in {said, None}
    assert said.endswith(".")
    assert (stored(folder), Evidence.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../../etc/cron.d/plan.pdf", "plan.pdf"),
        ("plan.pdf\r\nSet-Cookie: a=b\r\n\r\n.pdf", "plan.pdf Set-Cookie_ a=b .pdf"),
        ("plan\u202efdp.pdf", "planfdp.pdf"),
        ("p" * 296 + ".pdf", "p" * 116 + ".pdf"),
        ("<img src=x>.pdf", "_img src=x_.pdf"),
    ],
)
def test_a_hostile_name_becomes_a_plain_one(world: World, given: str, name: str) -> None:
    assert attach(world.lead, world, name=given).file_name == name


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/plan",
        "http://intranet/plan?page=2#top",
        "https://example.org:8443/Pläne/ÜbersicHT",
        "https://[2001:db8::1]/plan",
    ],
)
def test_a_link_is_kept_as_it_was_given(world: World, address: str) -> None:
    assert link(world.lead, world, f"  {address}\n").address == address


NO_ADDRESS = "Enter a web address that begins with https://, such as https://www.example.org/plan"
UNSEEN = "The address has spaces or characters that cannot be seen. Copy it again from the browser."


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("", NO_ADDRESS),
        ("www.example.org", NO_ADDRESS),
        ("javascript:alert(1)", NO_ADDRESS),
        ("data:text/html,<script>", NO_ADDRESS),
        ("file:///etc/passwd", NO_ADDRESS),
        ("//example.org/", NO_ADDRESS),
        ("https:///plan", NO_ADDRESS),
        ("https://nhs.uk@evil.example/", NO_ADDRESS),
        ("https://example.org:0/", NO_ADDRESS),
        ("https://example.org:99999/", NO_ADDRESS),
        ("https://[half/", NO_ADDRESS),
        ("https://exa<mple.org/", NO_ADDRESS),
        ("https://example.org/a b", UNSEEN),
        ("https://example.org/a\r\nb", UNSEEN),
        ("java\tscript:alert(1)", UNSEEN),
        ("https://example.org/\u202efdp", UNSEEN),
        (
            "https://example.org/" + "a" * 2_000,
            "The address is longer than 2,000 characters. Use a shorter one.",
        ),
    ],
)
def test_a_link_leads_to_a_page_of_the_web(world: World, address: str, message: str) -> None:
    assert refusal(link, by=world.lead, world=world, address=address) == message


def test_capitals_of_the_scheme_do_not_matter(world: World) -> None:
    assert link(world.lead, world, "HTTPS://Example.org/Plan").address == "https://Example.org/Plan"


def test_the_same_evidence_is_not_added_twice_to_a_question(world: World, folder: Path) -> None:
    attach(world.lead, world, name="first.pdf")
    link(world.lead, world)

    assert refusal(attach, by=world.contributor, world=world, name="second.pdf") == (
        "This file is evidence for this question already, as “first.pdf”."
    )
    assert (
        refusal(link, by=world.contributor, world=world) == "This link is evidence for this question already."
    )
    assert attach(world.lead, world, question_code="training").file_name == "plan.pdf"
    assert stored(folder) == [PDF, PDF]


@pytest.mark.django_db(transaction=True)
def test_a_double_click_stores_one_file(world: World, folder: Path) -> None:
    results = together(*[lambda: attach(world.lead, world)] * 3)

    assert len([result for result in results if isinstance(result, Evidence)]) == 1
    assert (Evidence.objects.count(), stored(folder)) == (1, [PDF])


def test_there_is_an_end_to_how_much(world: World, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        link(world.lead, world, f"https://example.org/{number}")
    assert refusal(link, by=world.lead, world=world) == (
        "There are 20 pieces of evidence for this question already. Remove one first."
    )
    monkeypatch.setattr(actions, "MOST_BYTES_OF_AN_ASSESSMENT", len(PDF) + 1)
    attach(world.lead, world, question_code="training")
    assert refusal(
        attach, by=world.lead, world=world, content=b"a,b\n", name="a.csv", question_code="training"
    ).startswith("The files of this assessment would be more than ")
    assert refusal(link, by=world.lead, world=world, about="a" * 201, question_code="training") == (
        "Say in at most 200 characters what the evidence shows."
    )
    assert stored(folder) == [PDF]


def test_evidence_is_added_by_those_who_answer_the_question(world: World, folder: Path) -> None:
    for by in (world.lead, world.contributor):
        assert link(by, world, f"https://example.org/{by.pk}").added_by == by
    for by, question in (
        (world.contributor, "training"),
        (world.approver, "linked_data"),
        (world.sister_lead, "linked_data"),
        (world.administrator, "linked_data"),
        (world.national_analyst, "linked_data"),
        (world.newcomer, "linked_data"),
        (world.lead, "no_such_question"),
    ):
        with pytest.raises(Http404):
            link(by, world, question_code=question)
        with pytest.raises(Http404):
            attach(by, world, question_code=question)
    assert stored(folder) == []


@pytest.mark.parametrize("add", [attach, link])
def test_no_evidence_comes_to_an_answer_that_is_fixed(
    world: World, folder: Path, add: Callable[..., Evidence]
) -> None:
    submit(world.assessment, world.approver, {})

    assert refusal(add, by=world.lead, world=world) == (
        f"{FIXED}The assessment has been submitted, so answers cannot be changed. If something is wrong, ask "
        "the programme team to return it."
    )
    assert stored(folder) == []


def test_a_file_that_comes_while_the_assessment_is_submitted_is_not_kept(world: World, folder: Path) -> None:
    class SentMeanwhile(io.BytesIO):
        """A file during whose reading somebody submits the assessment."""

        def seek(self, place: int, whence: int = 0) -> int:
            set_status(world.assessment, Assessment.Status.SUBMITTED)
            return super().seek(place, whence)

    with pytest.raises(Refused) as refused:
        add_file(
            by=world.lead,
            assessment_id=world.assessment.pk,
            question_code="linked_data",
            file=SentMeanwhile(PDF),
            name="plan.pdf",
            about="",
        )
    assert refused.value.message.startswith(FIXED)
    assert (stored(folder), Evidence.objects.count()) == ([], 0)


@pytest.mark.django_db(transaction=True)
def test_what_nobody_has_signed_for_is_deleted_when_it_is_removed(world: World, folder: Path) -> None:
    evidence = attach(world.contributor, world)
    removed = remove(world.lead, world, evidence)

    assert (removed.removed_by, removed.stored_as, removed.sha256) == (world.lead, "", evidence.sha256)
    assert stored(folder) == []
    event = Event.objects.get(verb="evidence.removed")
    assert (event.person_name, event.detail) == (
        "Lena Lead",
        {
            "question": "linked_data",
            "evidence_id": evidence.pk,
            "evidence": "plan.pdf",
            "file_deleted": True,
        },
    )


@pytest.mark.django_db(transaction=True)
def test_what_a_submission_was_signed_with_is_kept(world: World, folder: Path) -> None:
    with time_machine.travel(timezone.now() - datetime.timedelta(hours=1), tick=False):
        signed_for = attach(world.lead, world)
    submit(world.assessment, world.approver, {})
    set_status(world.assessment, Assessment.Status.IN_PROGRESS)
    later = attach(world.lead, world, b"later\n", "later.txt")

    assert remove(world.lead, world, signed_for).stored_as == signed_for.stored_as
    assert remove(world.lead, world, later).stored_as == ""
    assert stored(folder) == [PDF]


def test_removing_twice_is_removing_once(world: World) -> None:
    evidence = link(world.lead, world)
    first = remove(world.lead, world, evidence)
    second = remove(world.contributor, world, evidence)

    assert (second.removed_by, second.removed_at) == (world.lead, first.removed_at)
    assert Event.objects.filter(verb="evidence.removed").count() == 1
    assert link(world.lead, world).pk != evidence.pk


def test_evidence_is_removed_where_it_is_by_those_who_answer(world: World) -> None:
    evidence = link(world.lead, world)
    sisters = link(world.sister_lead, world, assessment_id=world.sister_assessment.pk)
    wrong: list[tuple[Person, dict[str, Any]]] = [
        (world.lead, {"evidence_id": sisters.pk}),
        (world.lead, {"evidence_id": 0}),
        (world.lead, {"question_code": "training"}),
        (world.lead, {"assessment_id": world.sister_assessment.pk}),
        (world.approver, {}),
        (world.sister_lead, {}),
        (world.administrator, {}),
    ]
    for by, changes in wrong:
        with pytest.raises(Http404):
            remove(by, world, evidence, **changes)
    submit(world.assessment, world.approver, {})
    assert refusal(remove, by=world.lead, world=world, evidence=evidence).startswith(FIXED)
    assert Evidence.objects.filter(removed_at=None).count() == 2


def scanner(tmp_path: Path, code: str) -> list[str]:
    """A command that runs a line of Python with the path of the file as sys.argv[1]."""
    script = tmp_path / "scan.py"
    script.write_text(f"import pathlib, sys\ncontent = pathlib.Path(sys.argv[1]).read_bytes()\n{code}\n")
    return shlex.split(f"{sys.executable} {script}")


def test_a_scanner_sees_the_file_before_anybody_else(
    world: World, folder: Path, settings: Any, tmp_path: Path
) -> None:
    settings.EVIDENCE_SCAN_COMMAND = scanner(tmp_path, f"print('EICAR found'); sys.exit(content == {PDF!r})")
    assert refusal(attach, by=world.lead, world=world) == (
        "The scan for viruses did not find this file clean, so it is not stored. Have your IT support check "
        "the file before you open it again, or add another one."
    )
    assert stored(folder) == []
    assert attach(world.lead, world, png(), "clean.png").file_name == "clean.png"


@pytest.mark.parametrize("command", [["/nowhere/scanner"], None])
def test_a_scanner_that_does_not_work_lets_nothing_through(
    world: World,
    folder: Path,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    command: list[str] | None,
) -> None:
    monkeypatch.setattr("surveys.actions.evidence_store.SCAN_SECONDS", 0.2)
    settings.EVIDENCE_SCAN_COMMAND = command or scanner(tmp_path, "import time; time.sleep(30)")

    assert refusal(attach, by=world.lead, world=world) == (
        "Files are scanned for viruses, and the scan does not work just now, so the file is not stored. Try "
        "again later, or add a link to where it is kept."
    )
    assert stored(folder) == []
    assert [record.getMessage() for record in caplog.records] == ["EVIDENCE_SCAN_COMMAND does not work"]


def test_a_folder_that_cannot_be_written_is_said_to_both_sides(
    world: World, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder.write_text("a file stands where the folder should be")

    assert refusal(attach, by=world.lead, world=world) == (
        "The file could not be stored, because of a fault on our side. Try again later, or add a link to "
        "where it is kept."
    )
    assert caplog.records[-1].getMessage() == (
        f"A file of evidence cannot be written to EVIDENCE_DIR ({folder})"
    )


def test_a_file_that_cannot_be_deleted_is_said_to_the_operator(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    name = "ab" * 16
    place_of(name).mkdir(parents=True)
    discard(name)

    assert [record.getMessage() for record in caplog.records] == [
        f"The file {name} of evidence cannot be deleted from EVIDENCE_DIR"
    ]
