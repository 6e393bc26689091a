"""The moderation of a round: how far each system is, the plan, the agreement by dimension, and the files."""

from __future__ import annotations

import csv
import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from surveys.actions.moderation import propose
from surveys.actions.moderation_plan import plan_moderation
from surveys.models import Assessment, ModerationPlan, Submission
from surveys.queries.deadlines import moment_in_words
from surveys.queries.submission_copy import read_copy
from surveys.questionnaires.responses import EMPTY
from tests.country import make_country, shipped_questionnaire
from tests.factories import make_person
from tests.moderated import TIME, accepted, begin, challenged, decided, peer, proposed
from tests.pages import as_, text_of
from tests.signed import OWN, close, set_status, submit
from tests.views.signed_in import post, summary, visit
from tests.world import World


def address(world: World, rest: str = "/moderation/") -> str:
    return f"/rounds/{world.round.pk}{rest}"


def lines(page: Any) -> list[tuple[str, str, int, int, int, int]]:
    """Each system with where it stands and its numbers: proposed, waiting, challenged, settled."""
    return [
        (
            each.organisation_name,
            each.stage_label,
            each.proposed,
            each.waiting,
            each.challenged,
            each.settled,
        )
        for each in page.context["page"].systems
    ]


def moderated(world: World) -> None:
    """Own has one level of each kind, the sister one that is confirmed; the far system has not signed."""
    begin(world)
    proposed(world)
    challenged(world, proposed(world, question_code="training", level=4))
    accepted(world, proposed(world, question_code="recruitment", level=2))
    sister = {"assessment_id": world.sister_assessment.pk, "question_code": "training"}
    decided(world, proposed(world, level=3, **sister), 5)


def test_each_system_with_a_signed_copy_is_a_row(world: World) -> None:
    moderated(world)
    peer(world)
    page = visit(world.national_analyst, address(world))
    assert lines(page) == [
        ("Ambleshire", "Waits for the system", 3, 1, 1, 1),
        ("Borderland", "Everything decided", 1, 0, 0, 1),
    ]
    words = text_of(page)
    assert "2 of 3 systems signed and submitted. 4 levels proposed, 2 of them without a final level." in words
    assert "Lead reviewer Nadia Nation" in words
    assert [each.reviewers for each in page.context["page"].systems] == [("Farah Far",), ()]
    assert [each.flags for each in page.context["page"].systems] == [0, 1]


def test_an_analyst_sees_the_region(world: World) -> None:
    moderated(world)
    assert [name for name, *_ in lines(visit(world.regional_analyst, address(world)))] == [
        "Ambleshire",
        "Borderland",
    ]
    page = visit(world.far_regional_analyst, address(world))
    assert lines(page) == []
    assert "0 of 1 system signed and submitted. 0 levels proposed" in text_of(page)
    assert "No system has signed its answers yet" in text_of(page)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?stage=waiting", ["Ambleshire"]),
        ("?stage=settled", ["Borderland"]),
        ("?stage=challenged", []),
        ("?stage=none", ["Cliffshire"]),
        ("?stage=nonsense", ["Ambleshire", "Borderland", "Cliffshire"]),
        ("?region=NORTH", ["Ambleshire", "Borderland"]),
        ("?region=SOUTH&stage=none", ["Cliffshire"]),
        ("?region=NORTH&stage=none", []),
        ("?page=nonsense", ["Ambleshire", "Borderland", "Cliffshire"]),
    ],
)
def test_the_page_can_be_narrowed(world: World, query: str, names: list[str]) -> None:
    submit(world.far_assessment, world.far_approver, OWN)
    moderated(world)
    query = query.replace("NORTH", str(world.north.pk)).replace("SOUTH", str(world.south.pk))
    page = visit(world.administrator, address(world) + query)
    assert [name for name, *_ in lines(page)] == names
    assert page.context["page"].found == len(names)


def test_one_that_is_challenged_waits_for_the_lead_reviewer(world: World) -> None:
    begin(world)
    challenged(world, proposed(world))
    page = visit(world.administrator, address(world) + "?stage=challenged")
    assert lines(page) == [("Ambleshire", "Waits for the lead reviewer", 1, 0, 1, 0)]


def test_a_system_that_was_withdrawn_is_left_out(world: World) -> None:
    moderated(world)
    Assessment.objects.filter(pk=world.assessment.pk).update(
        withdrawn_at=timezone.now(), withdrawn_by=world.administrator, withdrawal_reason="Merged."
    )
    page = visit(world.administrator, address(world))
    assert lines(page) == [("Borderland", "Everything decided", 1, 0, 0, 1)]
    assert "1 of 2 systems signed and submitted. 1 level proposed, 0 of them" in text_of(page)


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ("open", "Levels are moderated once the round is closed."),
        ("published", "The results are published, so nothing is moderated any more."),
    ],
)
def test_the_page_says_when_nothing_is_moderated(world: World, stage: str, words: str) -> None:
    set_status(world.round, stage)
    page = text_of(visit(world.administrator, address(world)))
    assert words in page
    assert ("Plan the moderation" in page) is (stage == "open")


def test_an_administrator_plans_and_changes_the_plan(world: World) -> None:
    where = address(world, "/moderation/plan/")
    until = timezone.localtime(timezone.now() + datetime.timedelta(days=60)).replace(
        hour=17, minute=0, second=0, microsecond=0
    )
    sent = {
        "seen": "",
        "lead_reviewer": str(world.national_analyst.pk),
        "answers_until_day": str(until.day),
        "answers_until_month": str(until.month),
        "answers_until_year": str(until.year),
        "answers_until_time": "5pm",
    }
    answer = post(world.administrator, where, sent)
    assert (answer.status_code, answer.url) == (302, address(world))
    plan = ModerationPlan.objects.get()
    assert (plan.lead_reviewer, plan.answers_until) == (world.national_analyst, until)

    stale = post(world.administrator, where, {**sent, "answers_until_time": "4pm"})
    assert stale.status_code == 409
    assert summary(stale) == ["Somebody else changed the plan since you opened this page. Look at it again."]
    page = visit(world.administrator, where)
    assert f"Last changed by Ada Administrator on {moment_in_words(plan.changed_at)}." in text_of(page)
    form = page.context["form"]
    again = {**sent, "seen": form["seen"].value(), "lead_reviewer": str(world.administrator.pk)}
    assert post(world.administrator, where, again).status_code == 302
    plan.refresh_from_db()
    assert plan.lead_reviewer == world.administrator


def test_what_is_wrong_with_a_plan_is_said(world: World) -> None:
    where = address(world, "/moderation/plan/")
    assert summary(post(world.administrator, where)) == [
        "Choose who decides",
        "Enter until when systems may answer",
    ]
    offered = visit(world.administrator, where).context["form"].fields["lead_reviewer"].choices
    assert [name for _, name in offered] == ["Choose a person", "Ada Administrator", "Nadia Nation"]
    set_status(world.round, "published")
    closed = "The results are published, so nothing is moderated any more."
    assert closed in text_of(visit(world.administrator, where))


def test_agreement_is_told_by_dimension(world: World) -> None:
    """Own: 4 and 3, 2 and 3; the sister: 2 with one not applicable, 5 and 4. Recruitment goes from 3 to 2,
    the sister's training is confirmed; what is not decided is not counted as moderated.
    """
    moderated(world)
    page = visit(world.national_analyst, address(world, "/moderation/agreement/"))
    assert [
        (
            line.name,
            line.agreement.levels,
            line.agreement.moderated,
            line.equal_in_words,
            line.equal_of_moderated_in_words,
            line.difference_in_words,
        )
        for line in page.context["lines"]
    ] == [
        ("Data platform", 3, 0, "100.0%", "none moderated", "none moderated"),
        ("Skills", 4, 2, "75.0%", "50.0%", "-0.5"),
        ("All dimensions", 7, 2, "85.7%", "50.0%", "-0.5"),
    ]
    words = text_of(page)
    assert "Of the latest signed copies of 2 of 3 systems." in words
    assert "2 proposed levels without a decision are not counted as moderated." in words
    region = visit(world.far_regional_analyst, address(world, "/moderation/agreement/"))
    assert [line.agreement.levels for line in region.context["lines"]] == [0, 0, 0]


def rows_of(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(b"".join(response.streaming_content).decode().splitlines()))


def test_the_file_has_every_proposal_with_what_became_of_it(world: World) -> None:
    """A proposal beside an earlier copy is in it too, as replaced."""
    begin(world)
    accepted(world, proposed(world))
    submit(world.assessment, world.approver, OWN)
    moderation = proposed(world, copy=2, reason="=Still not.")
    challenged(world, moderation)
    decided(world, moderation, 3)
    rows = rows_of(visit(world.regional_analyst, address(world, "/moderation.csv")))
    kept = ("system", "question_code", "copy", "moderation", "final_level", "system_answer", "decided_by")
    assert [tuple(row[name] for name in kept) for row in rows] == [
        ("Ambleshire", "linked_data", "1", "Replaced", "2", "Accepted", ""),
        ("Ambleshire", "linked_data", "2", "Decided", "3", "Challenged", "Nadia Nation"),
    ]
    assert [(row["self_assessed_level"], row["proposed_level"]) for row in rows] == [("4", "2"), ("4", "2")]
    assert (rows[1]["proposal_reason"], rows[1]["system_answer_text"]) == ("'=Still not.", "We do have it.")
    assert (rows[1]["dimension"], rows[1]["question"]) == ("Data platform", "How mature is linked data?")
    assert rows[0]["decided_at"] == "" != rows[1]["decided_at"]
    assert rows_of(visit(world.far_regional_analyst, address(world, "/moderation.csv"))) == []


def test_the_file_of_agreement_is_the_table(world: World) -> None:
    moderated(world)
    rows = rows_of(visit(world.administrator, address(world, "/moderation/agreement.csv")))
    assert [
        (row["dimension"], row["levels"], row["moderated"], row["moderated_equal"], row["mean_difference"])
        for row in rows
    ] == [
        ("Data platform", "3", "0", "0", ""),
        ("Skills", "4", "2", "1", "-0.5000"),
        ("All dimensions", "7", "2", "1", "-0.5000"),
    ]
    assert rows[2]["percent_equal_of_levels"] == "85.7143"


def test_a_page_takes_at_most_eight_queries_for_a_country(
    client: Client, db: None, django_assert_max_num_queries: Any
) -> None:
    """Once the process has read the flags, which it keeps for some minutes."""
    survey_round, analyst = make_country()
    close(survey_round)
    administrator = make_person(
        "Ada", role="administrator", organisation=analyst.memberships.get().organisation
    )
    plan_moderation(
        by=administrator,
        round_id=survey_round.pk,
        lead_reviewer_id=analyst.pk,
        answers_until=timezone.now() + TIME,
        seen=None,
    )
    (question, *_) = (each for each in shipped_questionnaire().questions if each.levels)
    signed = 0
    for submission in Submission.objects.filter(assessment__round=survey_round):
        level = read_copy(submission.content).responses.get(question.code, EMPTY).level
        if level is not None:
            signed += 1
            propose(
                by=analyst,
                assessment_id=submission.assessment_id,
                question_code=question.code,
                level=level % 5 + 1,
                reason="By chance.",
                copy=1,
            )
    as_(client, administrator)
    for rest in ("", "?stage=waiting", "agreement/", "plan/"):
        where = f"/rounds/{survey_round.pk}/moderation/{rest}"
        client.get(where)
        with django_assert_max_num_queries(8):
            page = client.get(where)
        assert page.status_code == 200
    page = client.get(f"/rounds/{survey_round.pk}/moderation/?stage=waiting")
    assert len(page.context["page"].systems) == signed > 30
