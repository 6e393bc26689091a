"""The page of one question, as those who work on it, and those who may not see it, meet it."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from surveys.actions.answers import AnswerSave, save_answers
from surveys.actions.conversation import add_comment, resolve_thread
from surveys.actions.evidence import add_link
from surveys.models import Comment, Evidence, Message, Person
from surveys.queries.evidence_files import place_of
from surveys.questionnaires.responses import Response
from tests.files.samples import PDF, png
from tests.pages import text_of
from tests.signed import submit
from tests.views.signed_in import client_of, post, shown, summary, visit
from tests.world import World

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """The folder of evidence of one test."""
    settings.EVIDENCE_DIR = tmp_path
    return tmp_path


def address(world: World, name: str = "question", *more: int, code: str = "linked_data") -> str:
    """An address of the question page of the own system."""
    return reverse(name, args=[world.assessment.pk, code, *more])


def say(world: World, by: Person, body: str = "Is the pharmacy data in?", **more: Any) -> int:
    where = {"assessment_id": world.assessment.pk, "question_code": "linked_data"}
    values = {"key": uuid.uuid4(), "site": "https://survey.example.org"} | where | more
    return add_comment(by=by, body=body, **values).comment_id


def upload(world: World, by: Person, content: bytes = PDF, name: str = "plan.pdf", **more: Any) -> Any:
    data = {"file": SimpleUploadedFile(name, content), "about": "", **more}
    return post(by, address(world, "add_evidence_file"), data)


def status(client: Client, place: str) -> int:
    """The status with which a place answers; a file that it hands out is read to its end."""
    response: Any = client.get(place)
    if response.streaming:
        assert b"".join(response.streaming_content)
    return int(response.status_code)


def banner(response: Any) -> str:
    """What the page that follows says has happened."""
    assert response.status_code == 302, summary(response)
    client: Client = response.client
    found = re.search(r'notification-banner__heading">(.*?)</p>', shown(client.get(response.url)), re.DOTALL)
    assert found is not None
    return found[1]


def test_the_page_shows_the_question_its_answer_and_who_gave_it(world: World) -> None:
    save_answers(
        by=world.contributor,
        assessment_id=world.assessment.pk,
        saves=[AnswerSave("linked_data", 0, Response(level=3, comment="Since <March>."))],
    )
    page = text_of(visit(world.lead, address(world)))

    assert "Ambleshire, Data platform, question 1 How mature is linked data?" in page
    assert (
        "Answer 3 Established Comment with the answer Since <March>. Last saved by Connie Contributor" in page
    )
    assert "Connie Contributor answered" in page
    assert "Field Level Before Nothing After 3 Established Field Comment Before Nothing After Since" in page
    assert "Only people of Ambleshire can read this page." in page
    assert "Evidence (0) Comments (0 open) History (1 change)" in page


@pytest.mark.parametrize(
    ("who", "before", "after"),
    [
        ("lead", 200, 200),
        ("approver", 200, 200),
        ("contributor", 200, 200),
        ("sister_lead", 404, 404),
        ("far_lead", 404, 404),
        ("regional_analyst", 404, 200),
        ("far_regional_analyst", 404, 404),
        ("national_analyst", 404, 200),
        ("administrator", 404, 200),
        ("newcomer", 404, 404),
    ],
)
def test_who_sees_it_before_and_after_a_submission(world: World, who: str, before: int, after: int) -> None:
    upload(world, world.lead)
    evidence = Evidence.objects.get()
    everything = [
        address(world),
        address(world, "question_history_csv"),
        address(world, "evidence_file", evidence.pk),
        address(world, "add_comment"),
        reverse("assessment_history_csv", args=[world.assessment.pk]),
    ]
    client = client_of(getattr(world, who))
    for place in everything:
        assert status(client, place) == before
    submit(world.assessment, world.approver, {})
    for place in everything:
        assert status(client, place) == after
    assert client.get(address(world, code="no_such_question")).status_code == 404


def test_somebody_who_has_not_signed_in_is_asked_to(world: World) -> None:
    assert Client().get(address(world)).url == f"/sign-in/?next={address(world)}"


def test_only_those_who_answer_the_question_are_offered_to_add_evidence(world: World) -> None:
    def offered(by: Person, code: str = "linked_data") -> bool:
        return "Add a file" in shown(visit(by, address(world, code=code)))

    assert [offered(world.lead), offered(world.contributor), offered(world.contributor, "training")] == [
        True,
        True,
        False,
    ]
    assert not offered(world.approver)
    submit(world.assessment, world.approver, {})
    page = shown(visit(world.lead, address(world)))
    assert "Add a file" not in page
    assert "Evidence belongs to the answer, so it is fixed when the answer is." in page


def test_a_comment_is_added_and_its_people_are_told(world: World) -> None:
    response = post(
        world.contributor,
        address(world, "add_comment"),
        {"body": "Ask @april approver or @Bob\x07.", "called": [world.lead.pk], "key": str(uuid.uuid4())},
    )

    comment = Comment.objects.get()
    assert response.url == f"{address(world)}#comment-{comment.pk}"
    assert banner(response) == (
        "Your comment is added. An e-mail goes to April Approver and Lena Lead. Nobody who can read it is "
        "called “@Bob”, so they get no e-mail. Some characters cannot be shown, so they were left out."
    )
    assert "http://testserver/assessments/" in Message.objects.get(person=world.lead).body


def test_what_people_write_is_text_and_stays_in_its_place(world: World) -> None:
    say(world, world.lead, f"{SCRIPT}\n\u05e9\u05dc \u202eevil")
    add_link(
        by=world.lead,
        assessment_id=world.assessment.pk,
        question_code="linked_data",
        address="https://example.org/?a=<b>&c='d'",
        about=SCRIPT,
    )
    page = visit(world.lead, address(world)).content.decode()

    assert SCRIPT not in page
    assert '<div class="app-comment__body app-breakable" dir="auto"><p>&lt;script&gt;alert(1)' in page
    assert "\u202e" not in page
    assert (
        '<a href="https://example.org/?a=&lt;b&gt;&amp;c=&#x27;d&#x27;" rel="noopener noreferrer nofollow">'
        in page
    )


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({"body": ""}, ["Write a comment"]),
        ({"body": "\x00 \u202e"}, ["Write a comment"]),
        (
            {"body": "ten thousand words " * 3_334},
            ["The comment has 63345 characters. Shorten it to 5000"],
        ),
        (
            {"body": "For Sandy", "called": ["SISTER"]},
            ["Somebody you chose can no longer read this conversation. Choose again"],
        ),
        (
            {"body": "For nobody", "called": ["x"]},
            ["Somebody you chose can no longer read this conversation. Choose again"],
        ),
    ],
)
def test_a_comment_that_cannot_be_stored_is_given_back_as_typed(
    world: World, data: dict[str, Any], errors: list[str]
) -> None:
    called = [world.sister_lead.pk if each == "SISTER" else each for each in data.get("called", [])]
    response = post(world.lead, address(world, "add_comment"), data | {"called": called})

    assert (response.status_code, summary(response)) == (200, errors)
    assert "Error: " in shown(response)
    if len(data["body"]) > 5_000:
        assert data["body"].strip() in shown(response)
    assert Comment.objects.count() == 0


def test_a_reply_that_comes_too_late_keeps_its_words(world: World) -> None:
    opening = say(world, world.lead)
    client = client_of(world.contributor)
    client.get(address(world))
    post(world.lead, address(world, "withdraw_comment", opening))
    response = client.post(
        address(world, "add_comment"), {"body": "My long reply", "reply_to": opening, "key": "nonsense"}
    )

    assert summary(response) == [
        "The comment that you reply to was withdrawn meanwhile. Start a new thread instead."
    ]
    assert "My long reply</textarea>" in shown(response).replace("\r\n", "\n")
    assert "Is the pharmacy data in?" not in shown(response)


@pytest.mark.parametrize("reply_to", ["0", "x", "1.5", "9" * 30, "SISTER", "REPLY"])
def test_a_reply_to_what_is_not_there_finds_no_page(world: World, reply_to: str) -> None:
    opening = say(world, world.lead)
    reply = say(world, world.lead, reply_to=opening)
    sisters = say(world, world.sister_lead, assessment_id=world.sister_assessment.pk)
    known = {"SISTER": str(sisters), "REPLY": str(reply)}
    response = post(
        world.lead,
        address(world, "add_comment"),
        {"body": "Hello", "reply_to": known.get(reply_to, reply_to)},
    )

    assert (response.status_code, Comment.objects.count()) == (404, 3)


def test_a_thread_is_answered_resolved_and_opened_again(world: World) -> None:
    opening = say(world, world.contributor)
    replied = post(
        world.lead,
        address(world, "add_comment"),
        {"body": "It is.", "reply_to": opening, "called": [world.contributor.pk]},
    )
    assert banner(replied) == "Your comment is added. An e-mail goes to Connie Contributor."
    resolved = post(world.approver, address(world, "resolve_thread", opening))
    assert banner(resolved) == "The thread is resolved."
    page = text_of(visit(world.lead, address(world)))
    assert "Comments (0 open)" in page
    assert "Resolved by April Approver on" in page
    reopened = post(world.lead, address(world, "reopen_thread", opening))
    assert banner(reopened) == "The thread is open again."
    assert Comment.objects.get(pk=opening).resolved_by is None


@pytest.mark.parametrize("step", ["resolve_thread", "reopen_thread"])
def test_a_step_that_is_only_asked_for_shows_the_page_and_does_nothing(world: World, step: str) -> None:
    opening = say(world, world.contributor)
    resolve_thread(
        by=world.lead, assessment_id=world.assessment.pk, question_code="linked_data", comment_id=opening
    )
    response = visit(world.lead, address(world, step, opening))

    assert (response.status_code, Comment.objects.get().resolved_by) == (200, world.lead)
    assert visit(world.lead, address(world, step, opening + 1)).status_code == 404


def test_withdrawn_words_are_shown_to_nobody(world: World) -> None:
    mine = say(world, world.contributor, "Regretted words @Lena Lead")
    confirm = visit(world.contributor, address(world, "withdraw_comment", mine))
    assert "Regretted words" in shown(confirm)
    assert visit(world.lead, address(world, "withdraw_comment", mine)).status_code == 404
    assert post(world.lead, address(world, "withdraw_comment", mine)).status_code == 404

    assert banner(post(world.contributor, address(world, "withdraw_comment", mine))) == (
        "Your comment is withdrawn."
    )
    for who in (world.contributor, world.lead):
        page = text_of(visit(who, address(world)))
        assert "Regretted" not in page
        assert "Withdrawn by its author on" in page
    again = text_of(visit(world.contributor, address(world, "withdraw_comment", mine)))
    assert "You withdrew this comment on" in again
    assert "Regretted" not in again


def test_a_link_is_added_or_given_back(world: World) -> None:
    place = address(world, "add_evidence_link")
    added = post(world.lead, place, {"address": "https://example.org/plan", "about": "The plan"})
    assert banner(added) == "“The plan” is added as evidence."
    bad = post(world.lead, place, {"address": "javascript:alert(1)", "about": "A trick"})
    assert summary(bad) == [
        "Enter a web address that begins with https://, such as https://www.example.org/plan"
    ]
    assert 'value="javascript:alert(1)"' in shown(bad)
    assert 'href="javascript' not in shown(bad)
    long = post(world.lead, place, {"address": "https://example.org/2", "about": "a" * 201})
    assert summary(long) == ["Say in at most 200 characters what the evidence shows"]
    assert post(world.approver, place, {"address": "https://example.org/3"}).status_code == 404
    assert visit(world.lead, place).status_code == 200


def test_a_file_comes_back_as_it_was_and_can_run_nothing(world: World) -> None:
    added = upload(world, world.lead, png(), '../Über\u202e "chart".png', about="The chart")
    assert banner(added) == "“The chart” is added as evidence."
    evidence = Evidence.objects.get()
    response = visit(world.approver, address(world, "evidence_file", evidence.pk))

    assert b"".join(response.streaming_content) == png()
    assert {
        name: response[name]
        for name in (
            *("Content-Type", "Content-Disposition", "Content-Security-Policy", "Content-Length"),
            *("X-Content-Type-Options", "Cross-Origin-Resource-Policy", "X-Frame-Options"),
        )
    } == {
        "Content-Type": "image/png",
        "Content-Disposition": "attachment; filename*=utf-8''%C3%9Cber%20_chart_.png",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Content-Length": str(len(png())),
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Frame-Options": "DENY",
    }
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("invoice.pdf", b"MZ\x90\0", "This is not a file that can be taken, or it is damaged."),
        ("empty.pdf", b"", "The file is empty. Choose another one."),
        (
            "large.pdf",
            bytes(10 * 1024 * 1024 + 1),
            "The file is larger than 10 MB, the most that can be taken.",
        ),
        ("drawing.svg", b"<svg/>", "This is not a file that can be taken, or it is damaged."),
    ],
)
def test_a_file_that_is_not_taken_leaves_a_plain_word_and_nothing_else(
    world: World, folder: Path, name: str, content: bytes, message: str
) -> None:
    response = upload(world, world.lead, content, name, about="What I wrote about it")

    [said] = summary(response)
    assert said.startswith(message)
    assert 'value="What I wrote about it"' in shown(response)
    assert (list(folder.iterdir()), Evidence.objects.count()) == ([], 0)


def test_a_file_needs_a_file(world: World) -> None:
    place = address(world, "add_evidence_file")

    assert summary(post(world.lead, place, {"file": "no file", "about": ""})) == ["Choose a file"]
    opened = visit(world.lead, place)
    assert (opened.status_code, "There is a problem" in shown(opened)) == (200, False)
    assert visit(world.approver, place).status_code == 404


def test_evidence_that_is_fixed_is_said_to_be(world: World) -> None:
    submit(world.assessment, world.approver, {})
    response = upload(world, world.lead)

    assert [line.partition(". ")[0] for line in summary(response)] == [
        "Evidence belongs to the answer, so it is fixed when the answer is"
    ]


def test_removed_evidence_is_named_and_no_longer_handed_out(world: World) -> None:
    upload(world, world.contributor)
    evidence = Evidence.objects.get()
    place = address(world, "remove_evidence", evidence.pk)
    assert "The file is deleted." in text_of(visit(world.lead, place))
    for outsider in (world.approver, world.sister_lead):
        assert visit(outsider, place).status_code == post(outsider, place).status_code == 404

    assert banner(post(world.lead, place)) == "“plan.pdf” is removed."
    page = text_of(visit(world.approver, address(world)))
    assert "Removed evidence (1) plan.pdf , added by Connie Contributor on" in page
    assert "removed by Lena Lead on" in page
    assert visit(world.lead, address(world, "evidence_file", evidence.pk)).status_code == 404
    assert "Lena Lead removed this evidence on" in text_of(visit(world.lead, place))
    assert visit(world.lead, address(world, "remove_evidence", evidence.pk + 1)).status_code == 404


def test_removing_what_is_fixed_says_why_not(world: World) -> None:
    upload(world, world.lead)
    submit(world.assessment, world.approver, {})
    response = post(world.lead, address(world, "remove_evidence", Evidence.objects.get().pk))

    assert response.status_code == 200
    assert summary(response)[0].startswith("Evidence belongs to the answer")
    assert "If a submission was signed while the file was there, the file is kept" in text_of(response)


def test_a_file_is_found_only_where_it_is(world: World) -> None:
    upload(world, world.lead)
    file = Evidence.objects.get()
    link = add_link(
        by=world.lead,
        assessment_id=world.assessment.pk,
        question_code="linked_data",
        address="https://example.org/",
        about="",
    )
    sisters = reverse("evidence_file", args=[world.sister_assessment.pk, "linked_data", file.pk])
    wrong = [
        (world.lead, address(world, "evidence_file", link.pk)),
        (world.lead, address(world, "evidence_file", 0)),
        (world.lead, address(world, "evidence_file", file.pk, code="training")),
        (world.lead, sisters),
        (world.sister_lead, sisters),
        (world.sister_lead, address(world, "evidence_file", file.pk)),
    ]
    assert [visit(who, place).status_code for who, place in wrong] == [404] * len(wrong)


def test_a_file_that_is_gone_is_said_to_both_sides(world: World, caplog: pytest.LogCaptureFixture) -> None:
    upload(world, world.lead)
    evidence = Evidence.objects.get()
    place_of(evidence.stored_as).unlink()

    assert banner(visit(world.lead, address(world, "evidence_file", evidence.pk))) == (
        "“plan.pdf” cannot be read just now, because of a fault on our side. Try again later."
    )
    assert [record.getMessage() for record in caplog.records] == [
        f"The file {evidence.stored_as} of evidence cannot be read from EVIDENCE_DIR"
    ]


def test_the_page_shows_the_last_changes_and_all_when_asked(world: World) -> None:
    for version in range(12):
        save_answers(
            by=world.lead,
            assessment_id=world.assessment.pk,
            saves=[AnswerSave("linked_data", version, Response(level=1 + version % 5))],
        )
    short, whole = (text_of(visit(world.lead, address(world) + query)) for query in ("", "?history=all"))

    assert (short.count("What changed in version"), whole.count("What changed in version")) == (10, 12)
    assert "Show all 12 changes" in short
    assert "Show all" not in whole


def test_the_history_is_downloaded(world: World) -> None:
    save_answers(
        by=world.lead,
        assessment_id=world.assessment.pk,
        saves=[AnswerSave(code, 0, Response(level=2)) for code in ("linked_data", "training")],
    )
    one = visit(world.approver, address(world, "question_history_csv"))
    every = visit(world.approver, reverse("assessment_history_csv", args=[world.assessment.pk]))

    assert one["Content-Disposition"].startswith("attachment; filename=")
    assert [b"".join(file.streaming_content).decode().count("\r\n") for file in (one, every)] == [2, 3]


def test_the_page_costs_few_queries_however_much_is_said(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(world.lead)
    client.get(address(world))
    for number in range(6):
        opening = say(world, world.contributor, "@Lena Lead and @April Approver")
        say(world, world.lead, reply_to=opening)
        add_link(
            by=world.lead,
            assessment_id=world.assessment.pk,
            question_code="linked_data",
            address=f"https://example.org/{number}",
            about="",
        )
    # Session, person, memberships; state, answers, evidence, people, history, submission, comments, mentions.
    with django_assert_num_queries(11):
        assert client.get(address(world)).status_code == 200
