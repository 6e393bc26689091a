"""A small country with a round at every stage of its life, so that every page has something to show."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils import timezone

from surveys.actions.assessments import return_assessment, send_for_signoff
from surveys.actions.challenges import answer_challenge, raise_challenge
from surveys.actions.colleagues import invite_colleague
from surveys.actions.conversation import add_comment
from surveys.actions.evidence import add_link
from surveys.actions.handing_out import hand_out
from surveys.actions.mail import queue_mail
from surveys.actions.moderation_plan import assign_reviewer, end_review
from surveys.actions.participants import withdraw_participant
from surveys.actions.questionnaire_drafts import keep_draft
from surveys.actions.releases import correct
from surveys.actions.reminders import plan_reminder, plan_usual, send_reminder
from surveys.actions.section_marks import mark_done, request_changes
from surveys.emails import Mail
from surveys.models import Assessment, Message, Questionnaire, Round
from surveys.queries.reminder_words import Wording
from surveys.questionnaires.responses import Response
from surveys.urls import urlpatterns
from tests.factories import SMALL_CONTENT, make_answer, make_round, reworded
from tests.moderated import challenged, decided, planned, proposed
from tests.signed import OWN, SISTER, close, release, release_for_good, submit
from tests.system_groups import make_group
from tests.world import World, build_world

LONG_WORD = "Interoperabilityandintegrationprogramme" * 2
ANSWERS = {
    "linked_data": Response(level=4, comment="The coverage table of May shows it."),
    "shared_platform": Response(not_applicable=True, reason=f"See https://survey.example/{LONG_WORD}"),
    "sectors": Response(options=("acute", "other"), other="Hospices"),
    "training": Response(level=2),
    "analysts": Response(number=1250),
    "peer_offer": Response(text="Our tested pipelines.\nAnd our catalogue.", consent=True),
}

Parts = dict[str, Any]
"""The parts of addresses, by their names in surveys/urls.py."""


@dataclass(frozen=True)
class Scenes:
    """The people of `world`, and by the name of a scene the parts of the addresses of its round.

    The system of each scene is the own system. Parts that belong to no round are in every scene.
    """

    world: World
    parts: dict[str, Parts]

    def address(self, name: str, scene: str) -> str:
        """The address of the page called `name` in a scene."""
        known = self.parts[scene]
        return reverse(name, kwargs={part: known[part] for part in _parts_of(name)})

    def has(self, name: str, scene: str) -> bool:
        """Whether the scene has everything that the address of the page names."""
        return _parts_of(name) <= self.parts[scene].keys()


def _parts_of(name: str) -> frozenset[str]:
    pattern = next(pattern for pattern in urlpatterns if pattern.name == name)
    return frozenset(pattern.pattern.converters)


def build_scenes() -> Scenes:
    """Write the country and its rounds into the database."""
    world = build_world()
    asked_by, systems = world.questionnaire, (world.own, world.sister, world.far)
    rounds = {
        "bare": make_round(asked_by, title="Bare round", status=Round.Status.DRAFT),
        "draft": make_round(asked_by, *systems, title="Draft round", status=Round.Status.DRAFT),
        "open": world.round,
        "left": make_round(asked_by, world.own, world.sister, title="Round that a system left"),
        "over": _over(make_round(asked_by, *systems, title="Round past its closing time")),
        **{
            name: make_round(asked_by, *systems, title=f"Round {name}")
            for name in ("awaiting", "returned", "closed", "provisional", "challenged")
        },
        "published": make_round(asked_by, *systems, title="Published round", synthetic=True),
    }
    for name in ("open", "left", "over", "awaiting", "returned"):
        _answer(_own(rounds[name], world), world)
    withdraw_participant(
        by=world.administrator, assessment_id=_own(rounds["left"], world).pk, reason=f"Merged: {LONG_WORD}"
    )
    _send(rounds["awaiting"], world)
    _send(rounds["returned"], world)
    return_assessment(
        by=world.approver, assessment_id=_own(rounds["returned"], world).pk, reason="Say which\nsectors."
    )
    for name in ("closed", "provisional", "challenged", "published"):
        _submit(rounds[name], world)
    close(rounds["closed"])
    releases = {
        "provisional": release(rounds["provisional"], challenges=True),
        "challenged": release(rounds["challenged"], challenges=True),
        "outdated": release_for_good(rounds["published"]),
    }
    _submit(rounds["published"], world, linked_data=Response(level=3))
    releases["published"] = correct(by=None, round_id=rounds["published"].pk, note="One system signed again.")
    rounds["outdated"] = rounds["published"]
    waiting, answered = _challenge(rounds["challenged"], world)
    _moderate(rounds["closed"], world)
    for_all = _everywhere(world)
    return Scenes(
        world,
        {
            name: for_all
            | {"round_id": row.pk}
            | ({"assessment_id": _own(row, world).pk} if row.status != Round.Status.DRAFT else {})
            | ({"release_id": releases[name].pk} if name in releases else {})
            | ({"challenge_id": waiting} if name == "challenged" else {})
            for name, row in rounds.items()
        }
        | {"answered": {"challenge_id": answered}}
        | {"new_version": {"questionnaire_id": _draft_questionnaire(world).pk}}
        | {"decided": {"assessment_id": _own(rounds["closed"], world).pk, "question_code": "training"}},
    )


def _draft_questionnaire(world: World) -> Questionnaire:
    """A draft of a second version with a question in other words."""
    second = replace(SMALL_CONTENT, version="2.0", title=f"Small {LONG_WORD}")
    content = reworded(second, "linked_data", "How mature is the linking of data between sectors?")
    return keep_draft(by=world.administrator, content=content, file="second.yaml")


def _everywhere(world: World) -> Parts:
    """The parts that belong to no round, and a conversation and evidence in the open round."""
    mail = Mail(to=world.lead.email, subject="Reminder", body="The round closes soon.")
    message = queue_mail(mail=mail, kind=Message.Kind.REMINDER, person=world.lead)
    about: Any = {"assessment_id": world.assessment.pk, "question_code": "linked_data"}
    said = add_comment(
        by=world.lead,
        body=f"@Connie Contributor can you check?\n{LONG_WORD}",
        key=uuid.uuid4(),
        site="http://127.0.0.1/",
        **about,
    )
    add_comment(
        by=world.contributor,
        body="I will.",
        key=uuid.uuid4(),
        site="http://127.0.0.1/",
        reply_to=said.comment_id,
        **about,
    )
    link = add_link(
        by=world.lead, address=f"https://survey.example/{LONG_WORD}", about="Coverage table", **about
    )
    _hand_out(world)
    about_round: Any = {"by": world.administrator, "round_id": world.round.pk, "site": "http://127.0.0.1/"}
    plan_usual(**about_round)
    plan_reminder(**about_round, days_before=14, wording=Wording(LONG_WORD, "{link}"))
    planned = world.round.planned_reminders.latest("days_before")
    send_reminder(**about_round, wording=Wording(LONG_WORD, "{left} {link}"), key=uuid.uuid4())
    group = make_group(world, world.lead, name=LONG_WORD, shared=True)
    return {
        "group_id": group.pk,
        "comment_id": said.comment_id,
        "evidence_id": link.pk,
        "organisation_id": world.own.pk,
        "dimension_code": "data_platform",
        "question_code": "linked_data",
        "number": 1,
        "questionnaire_id": world.questionnaire.pk,
        "person_id": world.contributor.pk,
        "membership_id": world.contributor.memberships.get().pk,
        "message_id": message.pk,
        "planned_id": planned.pk,
        "uidb64": "x",
        "token": "y",
    }


def _hand_out(world: World) -> None:
    """A single question, an invitation that waits, and a section that goes to and fro, with long words."""
    site = "http://127.0.0.1/"
    place: Any = {"assessment_id": world.assessment.pk, "site": site}
    hand_out(
        by=world.lead,
        dimension_code="skills",
        person_id=world.contributor.pk,
        question_codes={"analysts"},
        **place,
    )
    invite_colleague(
        by=world.lead,
        email=f"{LONG_WORD[:39]}@ambleshire.example",
        name=LONG_WORD,
        job_title="Head of business intelligence",
        **place,
    )
    section: Any = {**place, "dimension_code": "data_platform"}
    mark_done(by=world.contributor, note=f"All but one.\n{LONG_WORD}", **section)
    request_changes(by=world.lead, note=LONG_WORD, **section)


def _challenge(survey_round: Round, world: World) -> tuple[int, int]:
    """The keys of two challenges with long words: one that waits, and one that is upheld."""
    own: Any = {"by": world.lead, "assessment_id": _own(survey_round, world).pk}
    waiting = raise_challenge(**own, text=f"See the copy.\n{LONG_WORD}", question_code="linked_data")
    upheld = raise_challenge(**own, text=LONG_WORD, dimension_code="skills")
    answer_challenge(by=world.administrator, challenge_id=upheld.pk, upheld=True, text=f"Yes.\n{LONG_WORD}")
    return waiting.pk, upheld.pk


def _moderate(survey_round: Round, world: World) -> None:
    """A plan, a matched peer, a level that waits for the system and one that was challenged and decided."""
    planned(world, round_id=survey_round.pk)
    assessment = _own(survey_round, world)
    about: Any = {"by": world.administrator, "assessment_id": assessment.pk}
    assign_reviewer(**about, email=world.far_lead.email)
    review = assign_reviewer(**about, email=world.far_approver.email)
    end_review(**about, review_id=review.pk)
    place: Any = {"assessment_id": assessment.pk}
    proposed(world, **place, reason=f"Nothing is linked.\n{LONG_WORD}")
    moderation = proposed(world, **place, question_code="training", level=4, reason=LONG_WORD)
    challenged(world, moderation)
    decided(world, moderation, 3)


def _own(survey_round: Round, world: World) -> Assessment:
    return Assessment.objects.get(round=survey_round, organisation=world.own)


def _over(survey_round: Round) -> Round:
    survey_round.closes_at = timezone.now() - datetime.timedelta(minutes=1)
    survey_round.save(update_fields=["closes_at"])
    return survey_round


def _answer(assessment: Assessment, world: World) -> None:
    for code, response in ANSWERS.items():
        make_answer(assessment, code, world.lead, response)
    Assessment.objects.filter(pk=assessment.pk).update(status=Assessment.Status.IN_PROGRESS)


def _send(survey_round: Round, world: World) -> None:
    send_for_signoff(by=world.lead, assessment_id=_own(survey_round, world).pk)


def _submit(survey_round: Round, world: World, **changed: Response) -> None:
    """The own and the sister system sign; the far one does not."""
    rows = {row.organisation_id: row for row in Assessment.objects.filter(round=survey_round)}
    submit(rows[world.own.pk], world.approver, {**OWN, **changed})
    submit(rows[world.sister.pk], world.sister_approver, SISTER)
