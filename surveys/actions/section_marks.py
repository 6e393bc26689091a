"""What is said of the work on a section: those who answer say that it is done, the lead asks for changes."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.http import Http404

from surveys import emails
from surveys.actions.assessment_scope import locked_state, record_of
from surveys.actions.mail import queue_mail
from surveys.actions.refusals import Refused
from surveys.actions.typed_text import plain_text
from surveys.models import Answer, Membership, Message, Person, SectionAssignment, SectionMark
from surveys.permissions import ANSWERING_ROLES
from surveys.queries.assessments import AssessmentState
from surveys.queries.instruments import instrument
from surveys.queries.signatories import leads
from surveys.questionnaires.schema import Dimension

Kind = SectionMark.Kind

LONGEST_NOTE: Final = 2_000
"""The most characters of a note."""


@transaction.atomic
def mark_done(*, by: Person, assessment_id: int, dimension_code: str, note: str, site: str) -> SectionMark:
    """Say that a section is done, with a note or without, and tell the organisation's leads by e-mail.

    Answers can still be changed; pages then say so. `site` is the address of the service without a path.

    Raises Http404 when the person does not answer the whole section, or there is none; Refused when nothing
    can be answered now, the note is too long, or it is done and nothing has changed since.
    """
    state, section = _section(by, assessment_id, dimension_code)
    if not state.powers.may_answer_whole(dimension_code):
        raise Http404
    _require_open(state)
    last = _last_mark(state, section)
    if last is not None and last.kind == Kind.DONE and not _changed_since(last):
        raise Refused(f"{last.made_by.name} has marked this section as done already. Nothing was changed.")
    mark = _mark(by, state, section, Kind.DONE, note)
    for person in leads(state.organisation_id):
        if person != by:
            mail = emails.section_done(person, state, section, site=site, by=by.name)
            _queue(state, by, person, Message.Kind.SECTION_DONE, mail)
    return mark


@transaction.atomic
def request_changes(
    *, by: Person, assessment_id: int, dimension_code: str, note: str, site: str
) -> SectionMark:
    """Ask for changes in a section that is done, and tell those who answer it, and who said so, by e-mail.

    Raises Http404 when the person may not assign, or not take part in the organisation's conversation, or
    there is no such section; Refused when nothing can be answered now, the section is not done, or the note
    is missing or too long.
    """
    state, section = _section(by, assessment_id, dimension_code)
    if not state.powers.assign or not state.powers.comment:
        raise Http404
    _require_open(state)
    last = _last_mark(state, section)
    if last is None or last.kind != Kind.DONE:
        raise Refused(
            "The section is not marked as done, so there is nothing to send back. "
            "Write a comment beside a question instead."
        )
    if not plain_text(note):
        raise Refused("Say what should be changed: the colleagues who answer the section read it.")
    mark = _mark(by, state, section, Kind.CHANGES_REQUESTED, note)
    holders = SectionAssignment.objects.filter(
        assessment_id=state.id, dimension_id=last.dimension_id
    ).values_list("person_id", flat=True)
    posts = Membership.objects.current().filter(
        organisation_id=state.organisation_id,
        role__in=ANSWERING_ROLES,
        person_id__in={last.made_by_id, *holders},
    )
    people = Person.objects.filter(pk__in=posts.values("person_id"), is_active=True).exclude(pk=by.pk)
    for person in people.order_by("pk"):
        mail = emails.changes_requested(person, state, section, site=site, by=by.name)
        _queue(state, by, person, Message.Kind.CHANGES_REQUESTED, mail)
    return mark


def _section(by: Person, assessment_id: int, dimension_code: str) -> tuple[AssessmentState, Dimension]:
    state = locked_state(by, assessment_id)
    return state, instrument(state.questionnaire_id).dimension(dimension_code)


def _require_open(state: AssessmentState) -> None:
    if state.locked:
        raise Refused(state.locked)


def _last_mark(state: AssessmentState, section: Dimension) -> SectionMark | None:
    marks = SectionMark.objects.filter(assessment_id=state.id, dimension__code=section.code)
    return marks.select_related("made_by").order_by("made_at", "pk").last()


def _changed_since(mark: SectionMark) -> bool:
    answers = Answer.objects.filter(
        assessment_id=mark.assessment_id, question__dimension_id=mark.dimension_id
    )
    return answers.filter(answered_at__gt=mark.made_at).exists()


def _mark(by: Person, state: AssessmentState, section: Dimension, kind: Kind, note: str) -> SectionMark:
    text = plain_text(note)
    if len(text) > LONGEST_NOTE:
        raise Refused(f"The note has {len(text):,} characters. Shorten it to {LONGEST_NOTE:,}.")
    mark = SectionMark.objects.create(
        assessment_id=state.id,
        dimension_id=instrument(state.questionnaire_id).dimension_ids[section.code],
        kind=kind,
        note=text,
        made_by=by,
        made_at=state.now,
    )
    verb = "assessment.section_done" if kind is Kind.DONE else "assessment.changes_requested"
    # The note stays in the mark: the trail is read by programme staff, before the organisation submits.
    record_of(state, by=by, verb=verb, detail={"dimension": section.code})
    return mark


def _queue(state: AssessmentState, by: Person, person: Person, kind: Message.Kind, mail: emails.Mail) -> None:
    queue_mail(mail=mail, kind=kind, person=person, by=by, round_id=state.round_id, assessment_id=state.id)
