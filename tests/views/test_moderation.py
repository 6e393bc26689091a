"""Moderating the levels of one system: what each person sees there, and what the forms do."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from surveys.actions.assessments import return_assessment
from surveys.actions.evidence import add_link
from surveys.actions.moderation_plan import end_review
from surveys.models import Assessment, Evidence, Message, Moderation, Person, Submission
from surveys.queries.deadlines import moment_in_words
from tests.earlier import earlier_round
from tests.moderated import TIME, accepted, begin, challenged, decided, peer, proposed
from tests.pages import as_, text_of
from tests.signed import OWN, close, levels, set_status, submit, submit_north
from tests.views.signed_in import client_of, post, shown, summary, visit
from tests.world import World

QUESTION = "How mature is linked data?"


def address(world: World, code: str = "") -> str:
    where = f"/assessments/{world.assessment.pk}/moderation/"
    return f"{where}questions/{code}/" if code else where


def listed(response: Any) -> list[tuple[str, str]]:
    """The questions on the page, each with the words of its link."""
    return [(level.code, words) for _, rows in response.context["sections"] for level, words in rows]


ALL = ["linked_data", "shared_platform", "training", "recruitment"]


def test_a_reviewer_sees_every_level_and_proposes(world: World) -> None:
    begin(world)
    page = visit(world.regional_analyst, address(world))
    assert listed(page) == [(code, "Propose another level") for code in ALL]
    words = text_of(page)
    assert "Copy 1, self-assessed by the system and signed by April Approver on" in words
    assert "4 levels, 0 with another level proposed." in words
    assert "Comment: Cuts in Ambleshire." in words

    form = visit(world.regional_analyst, address(world, "linked_data"))
    assert [label for _, label in form.context["form"].fields["level"].choices] == [
        "1 Ad hoc",
        "2 Patchy",
        "3 Established",
        "5 Leading",
    ]
    sent = {"step": "propose", "copy": "1", "level": "2", "reason": "No data of practices."}
    answer = post(world.regional_analyst, address(world, "linked_data"), sent)
    assert (answer.status_code, answer.url) == (302, f"{address(world)}#question-linked_data")
    moderation = Moderation.objects.get()
    assert (moderation.self_assessed, moderation.proposed, moderation.proposed_by) == (
        4,
        2,
        world.regional_analyst,
    )
    assert set(Message.objects.values_list("person__name", flat=True)) == {"Lena Lead", "April Approver"}
    page = visit(world.regional_analyst, address(world))
    assert dict(listed(page))["linked_data"] == "Read"
    assert "Waits for the system: proposed 2" in text_of(page)


def test_the_system_sees_what_concerns_it_and_answers(world: World) -> None:
    begin(world)
    assert "No other level has been proposed for this system." in text_of(visit(world.lead, address(world)))
    proposed(world)
    assert listed(visit(world.lead, address(world))) == [("linked_data", "Answer")]
    assert listed(visit(world.contributor, address(world))) == [("linked_data", "Read")]
    page = visit(world.lead, address(world, "linked_data"))
    assert "Reason of the proposal No linked data in primary care." in text_of(page)
    assert visit(world.lead, address(world, "training")).status_code == 404

    sent = {"step": "answer", "proposal": str(Moderation.objects.get().pk), "kind": "challenge", "text": ""}
    answer = post(world.lead, address(world, "linked_data"), sent)
    assert (answer.status_code, summary(answer)) == (200, ["Say why the self-assessed level is right"])
    answer = post(world.lead, address(world, "linked_data"), {**sent, "text": "Since May."})
    assert answer.status_code == 302
    page = text_of(visit(world.regional_analyst, address(world, "linked_data")))
    assert "Answer of the system Challenged: Since May. Lena Lead" in page


def test_a_challenge_names_evidence_that_is_there(world: World) -> None:
    add_link(
        by=world.lead,
        assessment_id=world.assessment.pk,
        question_code="linked_data",
        address="https://example.org/coverage",
        about="Coverage table",
    )
    begin(world)
    moderation = proposed(world)
    evidence = Evidence.objects.get()
    sent = {
        "step": "answer",
        "proposal": str(moderation.pk),
        "kind": "challenge",
        "text": "See.",
        "evidence": [str(evidence.pk)],
    }
    assert post(world.lead, address(world, "linked_data"), sent).status_code == 302
    page = text_of(visit(world.lead, address(world, "linked_data")))
    assert "Challenged: See. Evidence: Coverage table Lena Lead" in page


def test_the_lead_reviewer_decides(world: World) -> None:
    begin(world)
    moderation = proposed(world)
    form = visit(world.national_analyst, address(world, "linked_data"))
    assert [value for value, _ in form.context["form"].fields["level"].choices] == ["4"]
    assert "Until then you can only confirm its own level." in text_of(form)
    challenged(world, moderation)
    form = visit(world.national_analyst, address(world, "linked_data"))
    assert [value for value, _ in form.context["form"].fields["level"].choices] == ["2", "3", "4"]
    sent = {"step": "decide", "proposal": str(moderation.pk), "level": "3", "reason": "In part."}
    assert post(world.national_analyst, address(world, "linked_data"), sent).status_code == 302
    page = text_of(visit(world.lead, address(world, "linked_data")))
    assert "Self-assessed level 4 Embedded Proposed level 2 Patchy Final level 3 Established" in page
    assert "Decision Level 3: In part. Nadia Nation" in page
    assert "Decided: proposed 2, final 3" in text_of(visit(world.lead, address(world)))


def test_whoever_proposed_is_offered_no_decision(world: World) -> None:
    begin(world)
    challenged(world, proposed(world, by=world.national_analyst))
    assert visit(world.national_analyst, address(world, "linked_data")).context["form"] is None
    assert dict(listed(visit(world.administrator, address(world))))["linked_data"] == "Decide"


def test_after_the_date_the_system_reads_and_the_lead_reviewer_decides(world: World) -> None:
    plan = begin(world)
    proposed(world)
    with time_machine.travel(timezone.now() + TIME):
        assert dict(listed(visit(world.lead, address(world))))["linked_data"] == "Read"
        page = visit(world.national_analyst, address(world))
        assert dict(listed(page))["linked_data"] == "Decide"
        until = moment_in_words(plan.answers_until)
        assert f"Systems could answer until {until}, so nothing more is proposed." in text_of(page)
        form = visit(world.national_analyst, address(world, "linked_data"))
        assert [value for value, _ in form.context["form"].fields["level"].choices] == ["2", "3", "4"]


def test_a_matched_peer_sees_the_signed_copy_and_nothing_else(world: World) -> None:
    begin(world)
    assert visit(world.far_lead, address(world)).status_code == 404
    peer(world)
    page = visit(world.far_lead, address(world))
    assert listed(page) == [(code, "Propose another level") for code in ALL]
    for elsewhere in ("", "submissions/1/", "check/", "questions/linked_data/", "moderation/reviewers/"):
        assert visit(world.far_lead, f"/assessments/{world.assessment.pk}/{elsewhere}").status_code == 404
    assert f'href="/assessments/{world.assessment.pk}/"' not in shown(page)
    assert visit(world.far_lead, f"/rounds/{world.round.pk}/moderation/").status_code == 404
    sent = {"step": "propose", "copy": "1", "level": "2", "reason": "We do it otherwise."}
    assert post(world.far_lead, address(world, "linked_data"), sent).status_code == 302
    for stage in ("open", "published"):
        set_status(world.round, stage)
        assert visit(world.far_lead, address(world)).status_code == 404
    set_status(world.round, "closed")
    return_assessment(by=world.administrator, assessment_id=world.assessment.pk, reason="Look again.")
    assert visit(world.far_lead, address(world)).status_code == 404


def test_of_copies_before_a_peer_sees_their_own_proposals(world: World) -> None:
    """The region's analyst sees what everybody proposed."""
    begin(world)
    peer(world)
    proposed(world)
    proposed(world, by=world.far_lead, question_code="training", level=4)
    submit(world.assessment, world.approver, OWN)
    seen = {}
    for reader in (world.far_lead, world.regional_analyst):
        sections = visit(reader, address(world)).context["sections"]
        rows = [level for _, rows in sections for level, _ in rows]
        seen[reader.name] = [(level.code, line.proposed) for level in rows for line in level.earlier]
    assert seen == {
        "Farah Far": [("training", 4)],
        "Reggie Region": [("linked_data", 2), ("training", 4)],
    }


def test_a_peer_sees_nothing_of_the_round_before(client: Client, world: World) -> None:
    """The region's analyst does: the answer of then, and the flag that compares with it."""
    earlier_round(world, {world.own: levels(linked_data=1)})
    begin(world)
    peer(world)
    analyst = visit(world.regional_analyst, address(world))
    rows = {level.code: level for _, rows in analyst.context["sections"] for level, _ in rows}
    assert rows["linked_data"].before == "Last round: 1 Ad hoc."
    assert any("where it was 1" in flag for flag in rows["linked_data"].flags)
    peers = visit(world.far_lead, address(world))
    rows = {level.code: level for _, rows in peers.context["sections"] for level, _ in rows}
    assert rows["linked_data"].before == ""
    assert not any("where it was" in flag for flag in rows["linked_data"].flags)


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ("open", "Levels are moderated once the round is closed."),
        ("published", "The results are published, so nothing is moderated any more."),
    ],
)
def test_before_and_after_moderation_there_is_nothing_to_do(world: World, stage: str, words: str) -> None:
    begin(world)
    proposed(world)
    set_status(world.round, stage)
    page = visit(world.national_analyst, address(world))
    assert {words for _, words in listed(page)} == {"Read"}
    assert words in text_of(page)


def test_what_stands_in_the_way_is_said(world: World) -> None:
    submit_north(world)
    close(world.round)
    unplanned = "An administrator has to plan the moderation of this round first."
    assert unplanned in text_of(visit(world.regional_analyst, address(world)))
    assert unplanned in text_of(visit(world.regional_analyst, address(world, "linked_data")))
    return_assessment(by=world.administrator, assessment_id=world.assessment.pk, reason="Look again.")
    page = text_of(visit(world.regional_analyst, address(world)))
    assert "The system was asked to change its answers and has not signed them again." in page
    set_status(world.assessment, "submitted")
    Assessment.objects.filter(pk=world.assessment.pk).update(
        withdrawn_at=timezone.now(), withdrawn_by=world.administrator, withdrawal_reason="Merged."
    )
    page = text_of(visit(world.regional_analyst, address(world)))
    assert "The system was withdrawn from the round." in page


def test_a_stale_page_says_what_happened_and_keeps_what_was_typed(world: World) -> None:
    """Somebody else proposed first; the form stays with its words below the reason, and the page is new."""
    begin(world)
    sent = {"step": "propose", "copy": "1", "level": "2", "reason": "My long reason."}
    proposed(world, level=3)
    answer = post(world.administrator, address(world, "linked_data"), sent)
    assert answer.status_code == 409
    assert summary(answer) == ["Reggie Region has proposed level 3 here already."]
    assert "My long reason." in shown(answer)
    assert "Where it stands Waits for the system" in text_of(answer)


def test_a_form_without_its_step_is_no_form(world: World) -> None:
    begin(world)
    assert post(world.regional_analyst, address(world, "linked_data"), {"step": "x"}).status_code == 404
    assert post(world.regional_analyst, address(world, "linked_data")).status_code == 200


def test_what_was_proposed_beside_an_earlier_copy_stays_readable(world: World) -> None:
    begin(world)
    accepted(world, proposed(world))
    submit(world.assessment, world.approver, OWN)
    page = visit(world.lead, address(world))
    assert listed(page) == [("linked_data", "Read")]
    words = text_of(visit(world.lead, address(world, "linked_data")))
    assert "Copy 1: self-assessed 4, proposed 2, final 2" in words
    assert "Final level" not in words.split("Proposed beside earlier copies")[0]
    assert Submission.objects.filter(assessment=world.assessment).count() == 2


def test_reviewers_are_asked_and_reviews_ended(world: World) -> None:
    begin(world)
    where = f"/assessments/{world.assessment.pk}/moderation/reviewers/"
    assert "Nobody is asked to review this system." in text_of(visit(world.administrator, where))
    assert summary(post(world.administrator, where, {"email": "nobody"})) == [
        "Enter an e-mail address in the correct format, such as name@example.nhs.uk"
    ]
    answer = post(world.administrator, where, {"email": world.far_lead.email})
    assert (answer.status_code, answer.url) == (302, where)
    assert Message.objects.get().person == world.far_lead
    again = post(world.administrator, where, {"email": world.far_lead.email})
    assert summary(again) == ["Farah Far reviews Ambleshire already."]
    review = world.assessment.review_assignments.get()
    end = f"{where}{review.pk}/end/"
    assert post(world.administrator, end).status_code == 302
    stale = post(world.administrator, end)
    assert stale.status_code == 409
    assert "Farah Far does not review Ambleshire any more." in text_of(stale)
    assert "Reviews that have ended Farah Far, asked by Ada Administrator on" in text_of(stale)


def test_a_peer_whose_review_ended_gets_back_what_they_typed(world: World) -> None:
    """From a page of ours; what another site has a browser send is not repeated."""
    begin(world)
    review = peer(world)
    where = address(world, "linked_data")
    sent = {"step": "propose", "copy": "1", "level": "2", "reason": "Half <b>the</b> practices."}
    client = client_of(world.far_lead)
    end_review(by=world.administrator, assessment_id=world.assessment.pk, review_id=review.pk)
    ours = client.post(where, sent, headers={"Origin": "http://testserver"})
    assert ours.status_code == 404
    assert "What you typed is not saved" in text_of(ours)
    assert "<p>Half &lt;b&gt;the&lt;/b&gt; practices.</p>" in ours.content.decode()
    assert Moderation.objects.count() == 0
    for headers in ({"Origin": "https://elsewhere.example"}, {}):
        theirs = client.post(where, sent, headers=headers)
        assert (theirs.status_code, b"practices" in theirs.content) == (404, False)


def waiting(person: Person) -> str:
    """What the home page says of moderation."""
    words = text_of(visit(person, "/"))
    return words.partition(" Moderation ")[2].partition(" Your assessments")[0].partition(" Rounds ")[0]


def test_the_home_page_says_what_waits_for_whom(world: World) -> None:
    begin(world)
    peer(world)
    assert waiting(world.far_lead) == "You are asked to review Ambleshire, Spring round"
    one, other = proposed(world), proposed(world, question_code="training", level=4)
    answer = "proposed levels wait for your answer: Ambleshire, Spring round"
    assert (waiting(world.lead), waiting(world.approver)) == (f"2 {answer}", f"2 {answer}")
    assert waiting(world.contributor) == waiting(world.sister_lead) == ""
    assert waiting(world.national_analyst) == ""
    challenged(world, one)
    assert waiting(world.lead) == "1 proposed level waits for your answer: Ambleshire, Spring round"
    decide = "waits for your decision: Spring round"
    assert waiting(world.national_analyst) == f"1 proposed level {decide}"
    assert waiting(world.administrator) == waiting(world.regional_analyst) == ""
    with time_machine.travel(timezone.now() + TIME + datetime.timedelta(days=1)):
        words = "2 proposed levels wait for your decision: Spring round"
        assert waiting(world.national_analyst) == words
        assert waiting(world.lead) == waiting(world.far_lead) == ""
    decided(world, one, 4)
    decided(world, other, 2)
    assert waiting(world.national_analyst) == waiting(world.lead) == ""


def test_what_the_lead_reviewer_cannot_decide_waits_for_an_administrator(world: World) -> None:
    begin(world)
    own = proposed(world, by=world.national_analyst)
    other = proposed(world, question_code="training", level=4)
    challenged(world, own)
    challenged(world, other)
    words = "1 proposed level waits for your decision: Spring round"
    assert (waiting(world.national_analyst), waiting(world.administrator)) == (words, words)
    Person.objects.filter(pk=world.national_analyst.pk).update(is_active=False)
    assert waiting(world.administrator) == "2 proposed levels wait for your decision: Spring round"


def test_a_page_takes_at_most_eight_queries(
    client: Client, world: World, django_assert_max_num_queries: Any
) -> None:
    """Once the process has read the flags and the round before, which it keeps for some minutes."""
    begin(world)
    challenged(world, proposed(world))
    for who in (world.regional_analyst, world.lead, world.national_analyst):
        as_(client, who)
        for where in (address(world), address(world, "linked_data")):
            client.get(where)
            with django_assert_max_num_queries(8):
                assert client.get(where).status_code == 200
