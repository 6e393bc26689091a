"""Every address, every role, for the own system, a sister system, another region and nobody.

A new address fails here until it says who may open it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from surveys.actions.mail import queue_mail
from surveys.emails import Mail
from surveys.models import Assessment, Challenge, Event, Message, Release, SystemGroup
from surveys.urls import urlpatterns
from tests.challenged import make_challenge
from tests.signed import release, submit_north
from tests.system_groups import make_group
from tests.world import World, build_world

OWN, SISTER, FAR = "own", "sister", "far"
PLACES: Final = (OWN, SISTER, FAR)
REACH: Final = {
    "contributor": {OWN},
    "lead": {OWN},
    "approver": {OWN},
    "sister_lead": {SISTER},
    "sister_approver": {SISTER},
    "far_lead": {FAR},
    "regional_analyst": {OWN, SISTER},
    "far_regional_analyst": {FAR},
    "national_analyst": {OWN, SISTER, FAR},
    "administrator": {OWN, SISTER, FAR},
    "newcomer": set(),
}
MEMBERS: Final = frozenset(REACH) - {"newcomer"}
LEADS: Final = frozenset({"lead", "sister_lead", "far_lead"})
APPROVERS: Final = frozenset({"approver", "sister_approver"})
ANALYSTS: Final = frozenset({"regional_analyst", "far_regional_analyst", "national_analyst"})
ADMINISTRATORS: Final = frozenset({"administrator"})
ASSIGNERS: Final = LEADS | APPROVERS | ADMINISTRATORS
SIGNED_IN: Final = frozenset(REACH)
PROGRAMME: Final = ANALYSTS | ADMINISTRATORS


@dataclass(frozen=True)
class Door:
    """Who may open an address with GET and with POST; None: it does not know the method, and says 405.

    `reach`: only for systems within reach; `everywhere`: who needs no reach. `submitted`: only where a copy
    has been submitted, which the far system has not. `own_until_submitted`: until then, only for the system's
    own people. `open`: without signing in.
    """

    get: frozenset[str] | None = frozenset()
    post: frozenset[str] | None = None
    reach: bool = False
    submitted: bool = False
    own_until_submitted: bool = field(default=False, kw_only=True)
    open: bool = field(default=False, kw_only=True)
    everywhere: frozenset[str] = field(default=frozenset(), kw_only=True)


OPEN = Door(SIGNED_IN, open=True)
MANAGE = Door(ADMINISTRATORS)
MANAGE_FORM = Door(ADMINISTRATORS, ADMINISTRATORS)
READ = Door(MEMBERS, reach=True)
CONVERSATION = Door(MEMBERS, reach=True, own_until_submitted=True)
NOTHING_THERE = Door(frozenset(), frozenset())
RESULTS = Door(MEMBERS, reach=True, everywhere=PROGRAMME)

DOORS: Final[dict[str, Door]] = {
    "home": Door(SIGNED_IN),
    "sign_in": Door(SIGNED_IN, SIGNED_IN, open=True),
    "sign_out": Door(None, SIGNED_IN),
    "password_link": Door(SIGNED_IN, SIGNED_IN, open=True),
    "password_link_sent": OPEN,
    "choose_password": Door(SIGNED_IN, SIGNED_IN, open=True),
    "password_chosen": OPEN,
    "healthz": OPEN,
    "readyz": OPEN,
    "roles": OPEN,
    "method": OPEN,
    "accessibility": OPEN,
    "privacy": OPEN,
    "assessment": READ,
    "section": Door(MEMBERS, LEADS | {"contributor"}, reach=True),
    "section_people": Door(ASSIGNERS, ASSIGNERS, reach=True),
    "section_marks": Door(
        MEMBERS,
        LEADS | APPROVERS | ADMINISTRATORS | {"contributor"},
        reach=True,
        own_until_submitted=True,
    ),
    "my_questions": Door(LEADS | {"contributor"}, reach=True),
    "assessment_people": Door(ASSIGNERS, reach=True),
    "invite_colleague": Door(ASSIGNERS, ASSIGNERS, reach=True),
    "invite_colleague_again": Door(None, ASSIGNERS, reach=True),
    "remove_colleague": NOTHING_THERE,
    "check_answers": READ,
    "send_for_signoff": Door(None, LEADS, reach=True),
    "signoff": Door(APPROVERS, APPROVERS, reach=True),
    "return_assessment": Door(APPROVERS | PROGRAMME, APPROVERS | PROGRAMME, reach=True),
    "submission": Door(MEMBERS, reach=True, submitted=True),
    "compare_submissions": Door(MEMBERS, reach=True, submitted=True),
    "compare_submissions_csv": Door(MEMBERS, reach=True, submitted=True),
    "submission_json": Door(MEMBERS, reach=True, submitted=True),
    "submission_xlsx": Door(MEMBERS, reach=True, submitted=True),
    "workbook": READ,
    "upload_workbook": Door(LEADS | {"contributor"}, LEADS | {"contributor"}, reach=True),
    "take_in_workbook": Door(None, LEADS | {"contributor"}, reach=True),
    "print_questions": READ,
    "question": CONVERSATION,
    "question_history_csv": CONVERSATION,
    "assessment_history_csv": CONVERSATION,
    "add_comment": Door(MEMBERS, MEMBERS, reach=True, own_until_submitted=True),
    "resolve_thread": NOTHING_THERE,
    "reopen_thread": NOTHING_THERE,
    "withdraw_comment": NOTHING_THERE,
    "add_evidence_link": Door(LEADS | {"contributor"}, LEADS | {"contributor"}, reach=True),
    "add_evidence_file": Door(LEADS | {"contributor"}, LEADS | {"contributor"}, reach=True),
    "evidence_file": Door(frozenset()),
    "remove_evidence": NOTHING_THERE,
    "results": Door(SIGNED_IN),
    "system_groups": Door(MEMBERS),
    "system_group": Door(MEMBERS),
    "new_system_group": Door(MEMBERS, MEMBERS),
    "edit_system_group": Door(ADMINISTRATORS | {"lead"}, ADMINISTRATORS | {"lead"}),
    "delete_system_group": Door(ADMINISTRATORS | {"lead"}, ADMINISTRATORS | {"lead"}),
    "results_overview": Door(MEMBERS),
    "results_overview_csv": Door(MEMBERS),
    "results_change": Door(MEMBERS),
    "results_change_csv": Door(frozenset()),  # the first round has nothing to compare with
    "results_change_dimensions_csv": Door(frozenset()),
    "results_deciles_csv": Door(frozenset()),  # nor is there anything over time
    "results_compare": Door(MEMBERS),
    "results_compare_csv": Door(MEMBERS),
    "withdraw_release": MANAGE_FORM,
    "results_correction": Door(MEMBERS),
    "results_correction_csv": Door(frozenset()),  # the first release has changed nothing
    "results_gap": Door(MEMBERS),
    "results_gap_csv": Door(MEMBERS),
    "results_learn": Door(MEMBERS),
    "results_learn_csv": Door(MEMBERS),
    "results_offers_csv": Door(PROGRAMME),
    "results_scores_csv": Door(MEMBERS),
    "results_dimension": Door(MEMBERS),
    "results_dimension_csv": Door(MEMBERS),
    "results_question": Door(MEMBERS),
    "results_question_csv": Door(MEMBERS),
    "results_system": RESULTS,
    "results_report": RESULTS,
    "results_system_csv": RESULTS,
    "results_answers": RESULTS,
    "rounds": Door(MEMBERS),
    "round": Door(MEMBERS),
    "control_room": Door(PROGRAMME),
    "control_room_csv": Door(PROGRAMME),
    "burn_up_csv": Door(PROGRAMME),
    "flags_csv": Door(PROGRAMME),
    "reminders": MANAGE,
    "plan_usual_reminders": Door(None, ADMINISTRATORS),
    "plan_reminder": MANAGE_FORM,
    "send_reminder": MANAGE_FORM,
    "change_reminder": NOTHING_THERE,
    "stop_reminder": Door(None, frozenset()),
    "round_progress_csv": Door(MEMBERS),
    "round_time_csv": MANAGE,
    "new_round": MANAGE_FORM,
    "edit_round": MANAGE_FORM,
    "round_participants": MANAGE_FORM,
    "add_participant": MANAGE_FORM,
    "withdraw_participant": MANAGE_FORM,
    "restore_participant": MANAGE_FORM,
    "open_round": MANAGE_FORM,
    "close_round": MANAGE_FORM,
    "reopen_round": MANAGE_FORM,
    "extend": MANAGE_FORM,
    "round_challenges": Door(PROGRAMME),
    "round_challenges_csv": Door(PROGRAMME),
    "challenge_time": MANAGE_FORM,
    "answer_challenge": MANAGE_FORM,
    "system_challenges": Door(MEMBERS, LEADS | APPROVERS, reach=True),
    "release_provisionally": MANAGE_FORM,
    "publish_round": MANAGE_FORM,
    "correct_round": MANAGE_FORM,
    "round_moderation": Door(PROGRAMME),
    "moderation_csv": Door(PROGRAMME),
    "moderation_agreement": Door(PROGRAMME),
    "moderation_agreement_csv": Door(PROGRAMME),
    "moderation_plan": MANAGE_FORM,
    "assessment_moderation": Door(MEMBERS, reach=True, submitted=True),
    # Nothing is proposed, so the system has no level there to read.
    "moderated_level": Door(PROGRAMME, PROGRAMME, reach=True, submitted=True),
    "reviewers": MANAGE_FORM,
    "end_review": Door(None, frozenset()),
    "questionnaires": MANAGE,
    "questionnaire": MANAGE,
    "upload_questionnaire": MANAGE_FORM,
    "questionnaire_file": MANAGE,
    "questionnaire_workbook": MANAGE,
    "questionnaire_questions": MANAGE,
    "questionnaire_on_a_phone": MANAGE,
    "questionnaire_template": MANAGE,
    "questionnaire_changes": MANAGE,
    "questionnaire_map": MANAGE_FORM,
    "publish_questionnaire": MANAGE_FORM,
    "discard_questionnaire": MANAGE_FORM,
    "print_questionnaire": Door(MEMBERS),
    "organisations": MANAGE,
    "organisation": MANAGE,
    "organisation_changes": MANAGE_FORM,
    "apply_organisation_changes": Door(None, ADMINISTRATORS),
    "people": MANAGE,
    "new_person": MANAGE_FORM,
    "person": MANAGE,
    "import_people": MANAGE_FORM,
    "take_in_people": Door(None, ADMINISTRATORS),
    "people_template_csv": MANAGE,
    "edit_person": MANAGE_FORM,
    "add_membership": MANAGE_FORM,
    "end_membership": MANAGE_FORM,
    "deactivate_person": MANAGE_FORM,
    "reactivate_person": MANAGE_FORM,
    "invite_person": Door(None, ADMINISTRATORS),
    "demo_mail": Door(frozenset()),
    "mail_status": MANAGE,
    "send_message_again": Door(None, ADMINISTRATORS),
    "activity": MANAGE,
    "activity_csv": MANAGE,
}


def test_every_address_has_its_door() -> None:
    assert set(DOORS) == {pattern.name for pattern in urlpatterns}


@pytest.fixture(scope="module")
def released(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[World, Release]]:
    """The country after own and sister have submitted and the results are provisional; made once."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = build_world()
        submit_north(world)
        mail = Mail(to=world.lead.email, subject="Reminder", body="The round closes soon.")
        queue_mail(mail=mail, kind=Message.Kind.REMINDER, person=world.lead)
        make_group(world, world.lead, shared=True)
        released = release(world.round)
        make_challenge(world)
        yield world, released
        transaction.set_rollback(True)


@pytest.fixture
def provisional(released: tuple[World, Release], db: None) -> tuple[World, Release]:
    """The same for one test, which leaves it as it was."""
    return released


def _addresses(world: World, results: Release, name: str) -> Iterator[tuple[str, str]]:
    """The place and the address, for one place when the address names no assessment."""
    pattern = next(pattern for pattern in urlpatterns if pattern.name == name)
    assessments = dict(
        zip(PLACES, (world.assessment, world.sister_assessment, world.far_assessment), strict=True)
    )
    for place, assessment in assessments.items():
        known = {
            "assessment_id": assessment.pk,
            "organisation_id": assessment.organisation_id,
            "dimension_code": "data_platform",
            "question_code": "linked_data",
            "comment_id": 0,
            "evidence_id": 0,
            "number": 1,
            "release_id": results.pk,
            "round_id": world.round.pk,
            "questionnaire_id": world.questionnaire.pk,
            "person_id": world.lead.pk,
            "membership_id": world.lead.memberships.get().pk,
            "message_id": Message.objects.get().pk,
            "planned_id": 0,
            "challenge_id": Challenge.objects.get().pk,
            "review_id": 0,
            "group_id": SystemGroup.objects.get().pk,
            "uidb64": "x",
            "token": "y",
        }
        yield place, reverse(name, kwargs={part: known[part] for part in pattern.pattern.converters})
        if "assessment_id" not in pattern.pattern.converters:
            return


def _expected(door: Door, role: str, place: str, may: frozenset[str] | None) -> int:
    if may is None:
        return 405
    if door.submitted and place == FAR:
        return 404
    if door.own_until_submitted and place == FAR and role in PROGRAMME:
        return 404
    within = not door.reach or place in REACH[role] or role in door.everywhere
    allowed = role in may and within
    return 200 if allowed else 404


@pytest.mark.parametrize("name", sorted(DOORS))
def test_reading(name: str, provisional: tuple[World, Release]) -> None:
    """Whoever may not see a page finds no such page; whoever has not signed in is asked to."""
    world, results = provisional
    door = DOORS[name]
    seen, expected = {}, {}
    for place, address in _addresses(world, results, name):
        for role in REACH:
            client = Client()
            client.force_login(getattr(world, role))
            seen[role, place] = client.get(address).status_code
            expected[role, place] = _expected(door, role, place, door.get)
        seen["anonymous", place] = Client().get(address).status_code
        expected["anonymous", place] = 200 if door.open else 302
    assert seen == expected


def _trace(world: World) -> tuple[int, list[tuple[int, str]]]:
    """What a write would change: the audit trail, or the stage of an assessment."""
    stages = Assessment.objects.filter(round=world.round).order_by("pk").values_list("pk", "status")
    return Event.objects.count(), list(stages)


@pytest.mark.parametrize("name", sorted(DOORS))
def test_writing(name: str, provisional: tuple[World, Release]) -> None:
    """A form that may not be sent finds no page and leaves no trace; an empty one is never our error."""
    world, results = provisional
    door = DOORS[name]
    seen, expected = {}, {}
    for place, address in _addresses(world, results, name):
        for role in REACH:
            client = Client()
            client.force_login(getattr(world, role))
            wanted = _expected(door, role, place, door.post)
            before = _trace(world)
            status = client.post(address).status_code
            answered = status < 500 and status != 404
            seen[role, place] = answered if wanted == 200 else (status, _trace(world) == before)
            expected[role, place] = True if wanted == 200 else (wanted, True)
        seen["anonymous", place] = Client().post(address).status_code in _ANONYMOUS[door.open]
        expected["anonymous", place] = True
    assert seen == expected


_ANONYMOUS: Final = {True: {200, 302, 405}, False: {302, 405}}
"""What somebody who has not signed in may be answered when sending a form to an open page, or to another."""
